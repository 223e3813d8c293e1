//! Companies, and what they can be connected to.

use super::access::Refusal;
use crate::activity::ActivityKind;
use crate::codat_config::CodatConfig;
use crate::data_connection::category_of;
use crate::driver::Connections;
use crate::error::{CoreError, ErrorCode};
use crate::id::ConfigKey;
use crate::view::{CompanyView, IntegrationView};
use codat::{Company, CompanyId, Integration, ListQuery, NewCompany, Platform, PlatformKey};

/// Companies and integrations in one page; a page of companies carries their connections.
const PAGE_SIZE: u32 = 200;
/// Pages that are read at most: a list without an end must end.
const MOST_PAGES: u32 = 100;

impl Connections {
    /// The companies that a registration reaches, by name.
    ///
    /// # Errors
    /// Only an access token is at hand, provider trouble, offline.
    pub async fn codat_companies(&self, key: &ConfigKey) -> Result<Vec<CompanyView>, CoreError> {
        let config = self.codat_config(key)?;
        let companies = match self.all_companies(&config).await {
            Ok((companies, _)) => companies,
            Err(refusal) => return Err(self.codat_refused(&config, None, refusal).await),
        };
        let mut views: Vec<CompanyView> = companies.iter().map(company_view).collect();
        views.sort_by_cached_key(|one| (one.name.to_lowercase(), one.id.clone()));
        Ok(views)
    }

    /// What a company is called: as another connection of it knows, else as Codat says. A name is worth no failure.
    pub(super) async fn company_name(&self, config: &CodatConfig, company: &CompanyId) -> Option<String> {
        let known = {
            let state = self.state();
            let mut facts = state.connections.values().filter_map(|one| one.data_connection.as_ref());
            facts.find_map(|one| one.company_name.clone().filter(|_| one.company == company.as_str()))
        };
        if known.is_some() {
            return known;
        }
        let asked = self.ask_codat(config, |api| api.company(company), codat::judge_company).await;
        asked.ok().and_then(|company| company.name)
    }

    /// All companies, and how many of them and of their connections could not be read.
    pub(super) async fn all_companies(&self, config: &CodatConfig) -> Result<(Vec<Company>, usize), Refusal> {
        let (mut all, mut skipped, mut page) = (Vec::new(), 0, 1);
        for _ in 0..MOST_PAGES {
            let asked = ListQuery { page, page_size: PAGE_SIZE, ..ListQuery::default() };
            let part = self
                .ask_codat(
                    config,
                    |api| api.list_companies(&asked),
                    |answer, now| codat::judge_companies(answer, &asked, now),
                )
                .await?;
            skipped += part.skipped + part.items.iter().map(|one| one.skipped_connections).sum::<usize>();
            all.extend(part.items);
            match part.next {
                Some(next) => page = next,
                None => break,
            }
        }
        Ok((all, skipped))
    }

    /// Makes a company.
    ///
    /// # Errors
    /// A name without a letter, only an access token at hand, a limit of the plan, provider trouble, offline.
    pub async fn create_codat_company(
        &self,
        key: &ConfigKey,
        name: &str,
        description: Option<&str>,
    ) -> Result<CompanyView, CoreError> {
        let config = self.codat_config(key)?;
        let bad = |error| CoreError::new(ErrorCode::BadInput).with("field", "name").detail(error);
        let mut new = NewCompany::named(name).map_err(|error| bad(error).with("problem", "empty"))?;
        if let Some(description) = description {
            new = new.described(description);
        }
        let made = self.ask_codat(&config, |api| api.create_company(&new), codat::judge_company).await;
        let made = match made {
            Ok(made) => made,
            Err(refusal) => return Err(self.codat_refused(&config, None, refusal).await),
        };
        let view = company_view(&made);
        let params = [("name", view.name.clone())];
        let line = self.line_about_codat(&config, ActivityKind::CompanyCreated, &params);
        self.write(Vec::new(), vec![line]).await?;
        Ok(view)
    }

    /// What companies can be connected to, by name; what the registration may not use comes along and says so.
    ///
    /// # Errors
    /// Only an access token is at hand, provider trouble, offline.
    pub async fn codat_integrations(&self, key: &ConfigKey) -> Result<Vec<IntegrationView>, CoreError> {
        let config = self.codat_config(key)?;
        let (mut all, mut page) = (Vec::new(), 1);
        for _ in 0..MOST_PAGES {
            let asked = ListQuery { page, page_size: PAGE_SIZE, ..ListQuery::default() };
            let part = self
                .ask_codat(
                    &config,
                    |api| api.list_integrations(&asked),
                    |answer, now| codat::judge_integrations(answer, &asked, now),
                )
                .await;
            let part = match part {
                Ok(part) => part,
                Err(refusal) => return Err(self.codat_refused(&config, None, refusal).await),
            };
            for one in &part.items {
                self.keep_readable(&config, one);
            }
            all.extend(part.items.iter().map(integration_view));
            match part.next {
                Some(next) => page = next,
                None => break,
            }
        }
        all.sort_by_cached_key(|one| (!one.enabled, one.name.to_lowercase(), one.key.clone()));
        Ok(all)
    }
}

impl Connections {
    fn keep_readable(&self, config: &CodatConfig, one: &Integration) {
        let slot = (config.key.clone(), one.key.as_str().to_owned());
        self.state().codat.readable.insert(slot, one.readable_types().cloned().collect());
    }

    /// Asks what can be read of a platform, once; where that may not be asked, it is not known.
    pub(super) async fn load_readable(&self, config: &CodatConfig, platform: &PlatformKey) {
        let slot = (config.key.clone(), platform.as_str().to_owned());
        if self.state().codat.readable.contains_key(&slot) {
            return;
        }
        let asked = self.ask_codat(config, |api| api.integration(platform), codat::judge_integration).await;
        if let Ok(one) = asked {
            self.keep_readable(config, &one);
        }
    }
}

fn company_view(company: &Company) -> CompanyView {
    CompanyView {
        id: company.id.as_str().to_owned(),
        name: company.name.clone().unwrap_or_else(|| company.id.as_str().to_owned()),
        description: company.description.clone(),
        created_by: company.created_by.clone(),
        created_at: company.created,
        last_synced_at: company.last_sync,
        tags: company.tags.clone(),
        connections: company.connections.len(),
    }
}

fn integration_view(one: &Integration) -> IntegrationView {
    IntegrationView {
        key: one.key.as_str().to_owned(),
        name: one.name.clone().unwrap_or_else(|| one.key.as_str().to_owned()),
        category: category_of(one),
        source_type: one.source_type.as_str().to_owned(),
        enabled: one.enabled,
        sandbox: Platform::of(Some(&one.key)).is_sandbox,
        on_this_computer: one.supports_offline_connector,
        beta: one.is_beta,
        data_provided_by: one.data_provided_by.clone(),
        data_types: one.readable_types().map(|data_type| data_type.as_str().to_owned()).collect(),
    }
}
