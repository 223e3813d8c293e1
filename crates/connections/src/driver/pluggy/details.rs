//! What else can be read of an item with an API key: what is invested, who holds it, what the bank has recorded.
//!
//! None of it is worth more than accounts and transactions: what is refused here costs nothing else.

use super::access::Refusal;
use crate::driver::{Connections, store_error};
use crate::error::CoreError;
use crate::id::ConnectionKey;
use crate::item::ItemFacts;
use crate::pluggy_config::PluggyConfig;
use crate::step::{Event, LookFailure};
use crate::view::{Account, AccountKind, ConsentView};
use jiff::Timestamp;
use pluggy::{Api, Consent, Credential, Identity, Investment, InvestmentStatus, PageNumber, Product};

/// Consents that are kept; each renewal makes one.
const MOST_CONSENTS: usize = 20;

impl Connections {
    /// Whether an item has brought this kind of data.
    fn has(facts: &ItemFacts, product: &Product) -> bool {
        facts.products.iter().any(|one| one.product == product.as_str())
    }

    /// What is invested, as accounts. Where it cannot be read now, what was read before.
    pub(super) async fn investments_of(
        &self,
        key: &ConnectionKey,
        config: &PluggyConfig,
        facts: &ItemFacts,
        now: Timestamp,
    ) -> Result<(Vec<Account>, Option<Refusal>), CoreError> {
        if config.is_limited() || !Self::has(facts, &Product::Investments) {
            return Ok((Vec::new(), None));
        }
        let refusal = match self.all_investments(config, facts).await {
            Ok(all) => {
                let held = |one: &Investment| one.status != Some(InvestmentStatus::TotalWithdrawal);
                let accounts = all.into_iter().filter(held).map(|one| account_of(one, now)).collect();
                return Ok((accounts, None));
            }
            Err(refusal) => refusal,
        };
        let stored = self.inner.ports.store.accounts().await.map_err(store_error)?;
        let own = stored.into_iter().filter(|(one, _)| one == key).flat_map(|(_, accounts)| accounts);
        let kept = own.filter(|one| one.kind == AccountKind::Investment).collect();
        Ok((kept, worth_another_try(refusal)))
    }

    async fn all_investments(
        &self,
        config: &PluggyConfig,
        facts: &ItemFacts,
    ) -> Result<Vec<Investment>, Refusal> {
        self.every_page(
            config,
            Some(&facts.item_id),
            |api, credential, wanted| api.investments(credential, &facts.item_id, wanted),
            pluggy::judge_investments,
        )
        .await
    }

    /// Names the connection after whoever holds it: as the institution identifies them, else as an account says.
    pub(super) async fn read_holder(
        &self,
        key: &ConnectionKey,
        config: &PluggyConfig,
        facts: &ItemFacts,
        accounts: &[Account],
    ) -> Result<Option<Refusal>, CoreError> {
        let of_account = || accounts.iter().find_map(|account| account.owner.clone());
        if config.is_limited() || !Self::has(facts, &Product::Identity) {
            self.name_holder(key, of_account()).await?;
            return Ok(None);
        }
        let id = facts.item_id.as_str();
        let build = |api: &Api, credential: Credential<'_>| api.identity(credential, id);
        match self.ask_pluggy(config, Some(id), build, pluggy::judge_identity).await {
            Ok(identity) => {
                self.name_holder(key, holder_of(&identity).or_else(of_account)).await.map(|()| None)
            }
            Err(refusal) => {
                let refusal = worth_another_try(refusal);
                let is_nameless =
                    self.state().connections.get(key).is_some_and(|one| one.account_holder.is_none());
                if refusal.is_none() || is_nameless {
                    self.name_holder(key, of_account()).await?;
                }
                Ok(refusal)
            }
        }
    }

    /// Reads what the bank has recorded; answers why not, where that is worth another try.
    pub(super) async fn read_consents(
        &self,
        key: &ConnectionKey,
        config: &PluggyConfig,
        facts: &ItemFacts,
    ) -> Result<Option<Refusal>, CoreError> {
        let id = facts.item_id.as_str();
        let whole = PageNumber { page: Some(1), page_size: Some(500) };
        let build = |api: &Api, credential: Credential<'_>| api.consents(credential, id, whole);
        let page = match self.ask_pluggy(config, Some(id), build, pluggy::judge_consents).await {
            Ok(page) => page,
            Err(refusal) => return Ok(worth_another_try(refusal)),
        };
        let mut consents: Vec<ConsentView> = page.results.into_iter().map(view_of).collect();
        consents.sort_by_key(|one| std::cmp::Reverse(one.created_at));
        consents.truncate(MOST_CONSENTS);
        if consents != facts.consents {
            self.apply(key, Event::ConsentsRead(consents), |_| Vec::new()).await?;
        }
        Ok(None)
    }
}

/// What the plan leaves out, or is not there, will not be there in an hour either.
fn worth_another_try(refusal: Refusal) -> Option<Refusal> {
    (!matches!(refusal.of_look(), LookFailure::Forbidden | LookFailure::Gone)).then_some(refusal)
}

/// What a person or a company is called.
fn holder_of(identity: &Identity) -> Option<String> {
    let names =
        [&identity.full_name, &identity.social_name, &identity.company_name, &identity.establishment_name];
    names.into_iter().flatten().find(|name| !name.is_empty()).cloned()
}

fn view_of(consent: Consent) -> ConsentView {
    ConsentView {
        id: consent.id,
        products: consent.products.iter().map(ToString::to_string).collect(),
        permissions: consent.permissions,
        created_at: consent.created_at,
        expires_at: consent.expires_at,
        revoked_at: consent.revoked_at,
    }
}

fn account_of(investment: Investment, fetched_at: Timestamp) -> Account {
    let number = investment.number.as_ref().and_then(|number| super::data::last_digits(number.whole()));
    Account {
        id: investment.id,
        name: investment.name.or(investment.subtype).unwrap_or_default(),
        kind: AccountKind::Investment,
        last_digits: number,
        owner: investment.owner,
        // What it is worth after taxes; before them where that is all that is told.
        balance: investment.balance.or(investment.amount).map(|amount| amount.to_string()),
        currency: investment.currency,
        credit: None,
        overdraft_limit: None,
        fetched_at,
    }
}
