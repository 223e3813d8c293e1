//! Institutions and their forms.

use super::Listed;
use crate::driver::Connections;
use crate::error::{CoreError, ErrorCode};
use crate::id::ConfigKey;
use crate::view::{FieldChoice, FieldInput, FieldView, InstitutionHealth, InstitutionView};
use jiff::SignedDuration;
use pluggy::{Complaint, Connector, ConnectorFilter, Form, FormField, HealthStatus, Input, Parameters};
use web::Response;

/// How long a list is good for. Institutions change rarely, their health within the hour.
const LISTED_FOR: SignedDuration = SignedDuration::from_mins(10);

impl Connections {
    /// The institutions that a registration reaches, by name.
    ///
    /// # Errors
    /// Unknown registration, keys that Pluggy refuses, provider trouble, offline.
    pub async fn institutions(&self, config_key: &ConfigKey) -> Result<Vec<InstitutionView>, CoreError> {
        self.list_institutions(config_key).await?;
        let state = self.state();
        let listed = state.pluggy.institutions.get(config_key);
        let mut all: Vec<InstitutionView> =
            listed.into_iter().flat_map(|one| one.connectors.values().map(view_of)).collect();
        all.sort_by_cached_key(|one| one.name.to_lowercase());
        Ok(all)
    }

    /// The form that an institution asks to be filled in.
    ///
    /// # Errors
    /// As for the list; an institution that is not in it is [`ErrorCode::UnknownProvider`].
    pub async fn institution_form(
        &self,
        config_key: &ConfigKey,
        institution: u64,
    ) -> Result<Vec<FieldView>, CoreError> {
        let connector = self.connector(config_key, institution).await?;
        Ok(Form::of(&connector).fields.iter().map(field_view).collect())
    }

    /// What is wrong with the values of a form, without asking anybody.
    ///
    /// # Errors
    /// As for the form.
    pub async fn check_institution_form(
        &self,
        config_key: &ConfigKey,
        institution: u64,
        values: &Parameters,
    ) -> Result<Vec<(String, &'static str)>, CoreError> {
        let form = Form::of(&self.connector(config_key, institution).await?);
        let complaints = form.complaints(values);
        Ok(complaints.into_iter().map(|(name, what)| (name.to_owned(), word_of(what))).collect())
    }

    pub(super) async fn connector(
        &self,
        config_key: &ConfigKey,
        institution: u64,
    ) -> Result<Connector, CoreError> {
        let known = |core: &Self| {
            let state = core.state();
            state.pluggy.institutions.get(config_key)?.connectors.get(&institution).cloned()
        };
        if known(self).is_none() {
            self.list_institutions(config_key).await?;
        }
        known(self).ok_or_else(|| {
            CoreError::new(ErrorCode::UnknownProvider).with("provider", institution.to_string())
        })
    }

    async fn list_institutions(&self, config_key: &ConfigKey) -> Result<(), CoreError> {
        let config = self.pluggy_config(config_key)?;
        let now = self.now();
        let fresh = self
            .state()
            .pluggy
            .institutions
            .get(config_key)
            .is_some_and(|listed| now.duration_since(listed.at) < LISTED_FOR);
        if fresh {
            return Ok(());
        }
        let filter = ConnectorFilter {
            include_sandbox: config.include_sandbox || config.practice,
            include_health: true,
            ..ConnectorFilter::default()
        };
        let judge = |answer: &Response, now| {
            let page = pluggy::judge_connectors(answer, now)?;
            if page.skipped > 0 {
                tracing::warn!(skipped = page.skipped, "institutions that could not be read were left out");
            }
            Ok(page)
        };
        let connectors = self
            .every_page(
                &config,
                None,
                |api, credential, wanted| api.connectors(credential, &filter, wanted),
                judge,
            )
            .await
            .map_err(|refusal| refusal.told(config.is_limited()))?;
        let connectors = connectors.into_iter().map(|one| (one.id, one)).collect();
        self.state().pluggy.institutions.insert(config_key.clone(), Listed { at: now, connectors });
        Ok(())
    }
}

/// The word of the interface for a complaint.
pub(super) const fn word_of(complaint: Complaint) -> &'static str {
    match complaint {
        Complaint::Missing => "required",
        Complaint::TooLong => "tooLong",
        Complaint::NotDigits => "notDigits",
        Complaint::NotAChoice => "notAChoice",
        Complaint::AgainstPattern => "againstPattern",
    }
}

/// The name of an institution that may say none.
pub(super) fn name_of(connector: &Connector) -> String {
    connector.name.clone().unwrap_or_else(|| format!("#{}", connector.id))
}

/// The institution's color as the interface reads it.
pub(super) fn color_of(connector: &Connector) -> Option<String> {
    connector.primary_color.as_ref().map(|digits| format!("#{digits}"))
}

fn view_of(connector: &Connector) -> InstitutionView {
    let health = connector.health.as_ref();
    InstitutionView {
        id: connector.id,
        name: name_of(connector),
        brand_color: color_of(connector),
        kind: connector.kind.as_ref().map(ToString::to_string),
        country: connector.country.clone(),
        products: connector.products.iter().map(ToString::to_string).collect(),
        health: match health.map(|one| &one.status) {
            Some(HealthStatus::Online) => InstitutionHealth::Online,
            Some(HealthStatus::Unstable) => InstitutionHealth::Unstable,
            Some(HealthStatus::Offline) => InstitutionHealth::Offline,
            Some(HealthStatus::Other(_)) | None => InstitutionHealth::Unknown,
        },
        health_message: health.and_then(|one| one.message.clone()),
        beta: health.is_some_and(|one| one.is_beta),
        approves_there: connector.oauth,
        open_finance: connector.is_open_finance,
        asks_more: connector.has_mfa,
        sandbox: connector.is_sandbox,
    }
}

/// A field as shown.
pub(super) fn field_view(field: &FormField) -> FieldView {
    FieldView {
        name: field.name.clone(),
        label: field.label.clone(),
        input: match &field.input {
            // A kind that is not known is asked for as a text: the institution has the last word.
            Input::Text | Input::Unfamiliar(_) => FieldInput::Text,
            Input::Digits => FieldInput::Digits,
            Input::Hidden => FieldInput::Hidden,
            Input::Choice(choices) => FieldInput::Choice {
                choices: choices
                    .iter()
                    .map(|one| FieldChoice { value: one.value.clone(), label: one.label.clone() })
                    .collect(),
            },
            Input::Picture(picture) => FieldInput::Picture { image: picture.data_url() },
        },
        optional: field.is_optional,
        second_factor: field.is_mfa,
        placeholder: field.placeholder.clone(),
        help: field.assistive_text.clone(),
        mismatch: field.validation_message.clone(),
    }
}

/// The first complaint as an error.
pub(super) fn refuse_complaints(complaints: &[(&str, Complaint)]) -> Result<(), CoreError> {
    let Some((field, complaint)) = complaints.first() else { return Ok(()) };
    Err(CoreError::new(ErrorCode::BadInput).with("field", *field).with("problem", word_of(*complaint)))
}
