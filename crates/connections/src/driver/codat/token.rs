//! Access tokens of one company, for programs: pages that embed Codat's own component take one and can renew none.
//!
//! The path that issues them exists in two generations; the one of before is asked where today's is not there.

use super::access::Refusal;
use crate::activity::ActivityKind;
use crate::codat_config::CodatConfig;
use crate::driver::{Connections, FreshToken};
use crate::error::{CoreError, ErrorCode};
use crate::id::{ConfigKey, ConnectionKey};
use crate::ports::Grant;
use crate::raw_answer::RawAnswer;
use codat::{CompanyId, CompanyToken, Credentials, Mode};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How long a use stands before the next one is written down again.
const USE_WRITTEN_EVERY: SignedDuration = SignedDuration::from_mins(1);

impl Connections {
    /// An access token of one company that lives at least `min_ttl` more, where Codat's tokens live so long; renewed here
    /// when it has to be. Without a company, that of the registration. `caller` names who asked, for Activity.
    ///
    /// # Errors
    /// Unknown registration, no company or another one than the credentials are for, a company that is gone, keys that
    /// are refused, provider trouble, offline.
    pub async fn codat_company_token(
        &self,
        key: &ConfigKey,
        company: Option<&str>,
        min_ttl: Option<SignedDuration>,
        caller: &str,
    ) -> Result<FreshToken, CoreError> {
        let config = self.codat_config(key)?;
        let company = company_of(&config, company)?;
        let given = match config.mode() {
            Mode::ApiKey => self.issued_token(&config, &company, min_ttl).await,
            Mode::CompanyToken => self.endpoint_token(&config, &company, min_ttl).await,
        };
        match given {
            Ok(token) => {
                self.write_company_use(&config, &company, caller).await;
                Ok(token)
            }
            Err(refusal) => Err(self.codat_refused(&config, None, refusal).await),
        }
    }

    /// Connections of a company, by a registration.
    pub fn codat_connections_of(&self, key: &ConfigKey, company: Option<&str>) -> Vec<ConnectionKey> {
        let Ok(config) = self.codat_config(key) else { return Vec::new() };
        let Ok(company) = company_of(&config, company) else { return Vec::new() };
        let state = self.state();
        let of_config = state.connections.aggregated().filter(|one| one.key.config_key == *key);
        of_config
            .filter(|one| {
                let facts = one.data_connection.as_ref();
                facts.is_some_and(|facts| facts.company.eq_ignore_ascii_case(company.as_str()))
            })
            .map(|one| one.key.clone())
            .collect()
    }

    /// From memory, else a new one. Many who need one cause one request.
    async fn issued_token(
        &self,
        config: &CodatConfig,
        company: &CompanyId,
        min_ttl: Option<SignedDuration>,
    ) -> Result<FreshToken, Refusal> {
        let _turn = self.inner.keys.at(&config.key).await;
        let slot = (config.key.clone(), super::listing::small(company.as_str()));
        let held = self.state().codat.company_tokens.get(&slot).cloned();
        let now = self.now();
        if let Some(held) = held.filter(|held| lives(held, min_ttl, now)) {
            return Ok(handed(&held));
        }
        let made = Arc::new(self.issue_token(config, company).await?);
        self.state().codat.company_tokens.insert(slot, Arc::clone(&made));
        Ok(handed(&made))
    }

    async fn issue_token(&self, config: &CodatConfig, company: &CompanyId) -> Result<CompanyToken, Refusal> {
        let sent_at = self.now();
        self.ask_codat_now_or_before(
            config,
            |api, generation| api.access_token(company, generation),
            |answer, _| codat::judge_access_token(answer, company, sent_at),
        )
        .await
    }

    /// What the accountant's or lender's endpoint gives for its one company.
    async fn endpoint_token(
        &self,
        config: &CodatConfig,
        company: &CompanyId,
        min_ttl: Option<SignedDuration>,
    ) -> Result<FreshToken, Refusal> {
        self.refuse_while_waiting(&config.key)?;
        for last in [false, true] {
            let held = self.company_token(config).await?;
            let Credentials::CompanyToken(token) = held.as_ref() else { break };
            if !token.company().is(company) {
                return Err(Refusal::Core(other_company()));
            }
            if last || lives(token, min_ttl, self.now()) {
                return Ok(handed(token));
            }
            let mut state = self.state();
            // Somebody else may have had it renewed meanwhile.
            if state.codat.tokens.get(&config.key).is_some_and(|one| Arc::ptr_eq(one, &held)) {
                state.codat.tokens.remove(&config.key);
            }
        }
        Err(Refusal::Core(CoreError::new(ErrorCode::Defect)))
    }

    async fn write_company_use(&self, config: &CodatConfig, company: &CompanyId, caller: &str) {
        let now = self.now();
        let slot = (config.key.clone(), company.as_str().to_owned(), caller.to_owned());
        {
            let mut state = self.state();
            let uses = &mut state.codat.company_uses;
            uses.retain(|_, at| now.duration_since(*at) < USE_WRITTEN_EVERY);
            if uses.contains_key(&slot) {
                return;
            }
            uses.insert(slot, now);
        }
        let params = [("caller", caller.to_owned()), ("company", company.as_str().to_owned())];
        let line = self.line_about_codat(config, ActivityKind::TokenGiven, &params);
        if let Err(error) = self.write(Vec::new(), vec![line]).await {
            tracing::warn!(%error, "a use could not be written down");
        }
    }
}

/// The company that is asked for: the one that is named, else the one that the registration is for.
fn company_of(config: &CodatConfig, named: Option<&str>) -> Result<CompanyId, CoreError> {
    let bad = |problem| CoreError::new(ErrorCode::BadInput).with("field", "company").with("problem", problem);
    let named = named.map(str::trim).filter(|text| !text.is_empty());
    let wanted = named.or(config.company.as_deref()).ok_or_else(|| bad("required"))?;
    let wanted = CompanyId::parse(wanted).map_err(|_| bad("characters"))?;
    let own = config.company.as_deref().and_then(|id| CompanyId::parse(id).ok());
    if own.is_some_and(|own| !own.is(&wanted)) {
        return Err(other_company());
    }
    Ok(wanted)
}

fn other_company() -> CoreError {
    CoreError::new(ErrorCode::BadInput).with("field", "company").with("problem", "other")
}

/// Whether a token lives long enough: as long as asked, or as its own life allows.
fn lives(token: &CompanyToken, min_ttl: Option<SignedDuration>, now: Timestamp) -> bool {
    let until = token.expires_at().duration_since(now);
    !token.needs_renewal(now) && min_ttl.is_none_or(|wanted| until >= wanted)
}

fn handed(token: &CompanyToken) -> FreshToken {
    let grant = Grant {
        access_token: token.token().duplicate(),
        refresh_token: None,
        raw: RawAnswer::from("{}"),
        extras: BTreeMap::from([("companyId".to_owned(), token.company().as_str().to_owned())]),
        scopes: Vec::new(),
        obtained_at: token.issued_at(),
        expires_at: Some(token.expires_at()),
        refresh_expires_at: None,
    };
    FreshToken::from(Arc::new(grant))
}
