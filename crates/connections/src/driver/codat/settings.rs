//! Origins of web pages, their content security policy, and the person's own words about data.

use super::access::Refusal;
use crate::activity::{Activity, ActivityKind};
use crate::codat_config::CodatConfig;
use crate::configs::DraftProblem;
use crate::driver::Connections;
use crate::error::{CoreError, ErrorCode};
use crate::id::ConfigKey;
use crate::ports::Change;
use crate::view::{CodatTextList, CodatTexts, CorsView, CspView, TextBlock};
use codat::{Authorized, Category, CorsSettings, CspOptions, CustomText, Origin, OriginError};
use std::collections::BTreeMap;

/// Words of the person's own, as given.
#[derive(Default)]
pub struct CodatTextsInput {
    /// All of it as Codat's component takes it; when given, the lists do not count.
    pub json: Option<String>,
    /// About accounting, in Markdown.
    pub accounting: Vec<String>,
    /// About banking, in Markdown.
    pub banking: Vec<String>,
    /// About commerce, in Markdown.
    pub commerce: Vec<String>,
}

/// What is wrong with an origin as it is typed; asks nobody.
pub fn check_origin(typed: &str, development: bool) -> Option<DraftProblem> {
    let problem = match Origin::parse(typed, development) {
        Ok(_) => return None,
        Err(OriginError::Empty) => "empty",
        Err(OriginError::Wildcard) => "wildcard",
        Err(OriginError::Null) => "null",
        Err(OriginError::NotAnAddress) => "notAnAddress",
        Err(OriginError::Scheme) => "scheme",
        Err(OriginError::NotHttps) => "notHttps",
        Err(OriginError::Loopback) => "localhost",
        Err(OriginError::UserInformation) => "userInformation",
        Err(OriginError::Path) => "path",
    };
    Some(DraftProblem { field: "origin", problem, blocking: true })
}

/// The header lines that a page with Codat's component needs, and what `policy` lacks.
pub fn csp(detailed: bool, unsafe_inline: bool, policy: Option<&str>) -> CspView {
    CspView {
        lines: codat::csp_lines(CspOptions { detailed, unsafe_inline }),
        missing: policy.map(codat::missing_directives).unwrap_or_default(),
    }
}

impl Connections {
    /// The origins whose pages may embed Codat's component.
    ///
    /// # Errors
    /// Only an access token is at hand, provider trouble, offline.
    pub async fn codat_origins(&self, key: &ConfigKey) -> Result<CorsView, CoreError> {
        let config = self.codat_config(key)?;
        let settings = match self.cors_settings(&config).await {
            Ok(settings) => settings,
            Err(refusal) => return Err(self.codat_refused(&config, None, refusal).await),
        };
        Ok(CorsView { origins: settings.origins().to_vec(), not_taken: Vec::new() })
    }

    /// Adds and removes origins. The list is read first and sent whole: whether Codat replaces or extends it is not
    /// documented, so what it has made of it is told.
    ///
    /// # Errors
    /// An origin that cannot be listed, only an access token at hand, a list that cannot be read whole, provider trouble,
    /// offline.
    pub async fn set_codat_origins(
        &self,
        key: &ConfigKey,
        add: Option<&str>,
        remove: Option<&str>,
        development: bool,
    ) -> Result<CorsView, CoreError> {
        let config = self.codat_config(key)?;
        let added = match add {
            Some(typed) => match check_origin(typed, development) {
                Some(problem) => {
                    return Err(CoreError::new(ErrorCode::BadInput)
                        .with("field", problem.field)
                        .with("problem", problem.problem));
                }
                None => Origin::parse(typed, development).ok(),
            },
            None => None,
        };
        let mut wanted = match self.cors_settings(&config).await {
            Ok(settings) => settings,
            Err(refusal) => return Err(self.codat_refused(&config, None, refusal).await),
        };
        if wanted.skipped() > 0 {
            // Setting the rest would drop them.
            return Err(CoreError::new(ErrorCode::ProviderAnswer)
                .with("provider", "Codat")
                .detail(format_args!("{} allowed origins cannot be read", wanted.skipped())));
        }
        if let Some(origin) = &added {
            wanted = wanted.with(origin);
        }
        if let Some(origin) = remove {
            wanted = wanted.without(origin);
        }
        let made = match self.send_cors_settings(&config, &wanted).await {
            Ok(made) => made,
            Err(refusal) => return Err(self.codat_refused(&config, None, refusal).await),
        };
        let mut params = Vec::new();
        params.extend(added.map(|origin| ("added", origin.as_str().to_owned())));
        params.extend(remove.map(|origin| ("removed", origin.chars().take(200).collect())));
        let line = self.line_about_codat(&config, ActivityKind::OriginsChanged, &params);
        self.write(Vec::new(), vec![line]).await?;
        Ok(CorsView { not_taken: made.differs_from(&wanted), origins: made.origins().to_vec() })
    }

    async fn cors_settings(&self, config: &CodatConfig) -> Result<CorsSettings, Refusal> {
        let build = |api: Authorized<'_>, generation| api.cors_settings(generation);
        self.ask_codat_now_or_before(config, build, codat::judge_cors_settings).await
    }

    async fn send_cors_settings(
        &self,
        config: &CodatConfig,
        wanted: &CorsSettings,
    ) -> Result<CorsSettings, Refusal> {
        let build = |api: Authorized<'_>, generation| api.set_cors_settings(generation, wanted);
        self.ask_codat_now_or_before(config, build, codat::judge_cors_settings).await
    }

    /// The person's own words about data.
    pub fn codat_texts(&self) -> CodatTexts {
        texts_view(&self.state().codat.texts)
    }

    /// What would be shown of these words; keeps nothing.
    ///
    /// # Errors
    /// JSON that is no object, or too long.
    pub fn check_codat_texts(&self, input: &CodatTextsInput) -> Result<CodatTexts, CoreError> {
        read_texts(input).map(|texts| texts_view(&texts))
    }

    /// Sets the person's own words about data.
    ///
    /// # Errors
    /// JSON that is no object, or too long; a store that cannot be written.
    pub async fn set_codat_texts(&self, input: &CodatTextsInput) -> Result<CodatTexts, CoreError> {
        let texts = read_texts(input)?;
        let line = Activity {
            at: self.now(),
            connection: None,
            connection_name: None,
            provider_name: Some("Codat".to_owned()),
            kind: ActivityKind::TextsChanged,
            params: BTreeMap::new(),
        };
        self.write(vec![Change::PutCodatTexts(texts.to_json().to_string())], vec![line]).await?;
        let view = texts_view(&texts);
        self.state().codat.texts = texts;
        Ok(view)
    }
}

fn read_texts(input: &CodatTextsInput) -> Result<CustomText, CoreError> {
    let json = input.json.as_deref().map(str::trim).filter(|json| !json.is_empty());
    if let Some(json) = json {
        return CustomText::parse(json).map_err(|error| {
            let problem = match error {
                codat::CustomTextError::NotAnObject => "notAnObject",
                codat::CustomTextError::TooLong => "tooLong",
            };
            CoreError::new(ErrorCode::BadInput).with("field", "json").with("problem", problem)
        });
    }
    Ok(CustomText::default()
        .with(Category::Accounting, &input.accounting)
        .with(Category::Banking, &input.banking)
        .with(Category::Commerce, &input.commerce))
}

fn texts_view(texts: &CustomText) -> CodatTexts {
    let list = |category| CodatTextList {
        entries: texts.data_types(category).to_vec(),
        shown: texts
            .shown(category)
            .into_iter()
            .map(|entry| entry.into_iter().map(TextBlock::from).collect())
            .collect(),
    };
    CodatTexts {
        accounting: list(Category::Accounting),
        banking: list(Category::Banking),
        commerce: list(Category::Commerce),
        skipped: texts.skipped(),
        json: texts.to_json().to_string(),
    }
}
