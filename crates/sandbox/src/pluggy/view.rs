//! An item as it is answered.
//!
//! Sources: npm `pluggy-sdk` 0.90.0 `types/item.d.ts`; Pluggy's reference of `POST /items/:id/mfa` (the parameter's
//! form); clients in public use, which find an Open Finance page's address as the `data` of a parameter of type
//! `oauth` (checked 2026-11-21).

use super::World;
use super::connectors::{Access, Connector};
use super::execution::Execution;
use super::item::Item;
use super::json::{instant, maybe};
use super::login::{Login, Question, Variant};
use super::picture;
use super::products::Product;
use super::run::Step;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

impl World {
    /// The item as JSON; its connector is always one of the list.
    pub(super) fn item_json(&self, item: &Item, connector: &Connector) -> Value {
        let outcome = item.outcome.as_ref();
        let execution = item
            .run
            .execution(connector.access)
            .or_else(|| outcome.map(|outcome| outcome.execution))
            .unwrap_or(Execution::Created);
        let consent_ends = item.consent.as_ref().and_then(|consent| consent.expires_at);
        json!({
            "id": item.id,
            "connector": self.connector_json(connector),
            "createdAt": instant(item.created_at),
            "updatedAt": instant(item.updated_at),
            "status": execution.item_status(),
            "executionStatus": execution,
            "lastUpdatedAt": maybe(item.last_success()),
            "webhookUrl": item.webhook_url,
            "error": error(item, execution),
            "clientUserId": item.client_user_id,
            "consecutiveFailedLoginAttempts": item.failed_logins,
            "statusDetail": status_detail(item),
            "parameter": self.parameter(item, connector),
            "userAction": self.user_action(item, connector),
            "nextAutoSyncAt": maybe(item.next_sync()),
            "consentExpiresAt": maybe(consent_ends),
            "products": item.products,
            "oauthRedirectUri": item.oauth_redirect_uri,
        })
    }

    /// Where the person approves.
    pub(super) fn authorization_url(&self, item: &Item) -> String {
        format!("{}/bank/authorize?item={}", self.api(), item.id)
    }

    fn waits_until(&self, item: &Item) -> Option<Timestamp> {
        item.run.waits_until(self.pace())
    }

    fn parameter(&self, item: &Item, connector: &Connector) -> Value {
        let mut parameter = match item.run.steps.front() {
            Some(Step::Ask(question)) => asked(*question),
            Some(Step::Authorize) if connector.access == Access::OpenFinance => json!({
                "name": "oauth_code",
                "type": "oauth",
                "label": "Autorização no banco",
                "data": self.authorization_url(item),
            }),
            _ => return Value::Null,
        };
        add_expiry(&mut parameter, self.waits_until(item));
        parameter
    }

    fn user_action(&self, item: &Item, connector: &Connector) -> Value {
        if item.run.steps.front() != Some(&Step::Authorize) {
            return Value::Null;
        }
        let mut action = match connector.access {
            Access::OwnPage => json!({
                "type": "authorize-access",
                "instructions": "Autorize o acesso na página do banco.",
                "attributes": { "url": self.authorization_url(item) },
            }),
            Access::Scan => json!({
                "type": "qr",
                "instructions": "Leia o código com o aplicativo do banco e autorize o acesso.",
                "attributes": { "qrCode": picture::png_base64() },
            }),
            Access::Credentials(_) | Access::OpenFinance => return Value::Null,
        };
        add_expiry(&mut action, self.waits_until(item));
        action
    }
}

fn add_expiry(value: &mut Value, until: Option<Timestamp>) {
    if let (Some(fields), Some(until)) = (value.as_object_mut(), until) {
        fields.insert("expiresAt".to_owned(), instant(until));
    }
}

fn asked(question: Question) -> Value {
    let mut parameter = json!({
        "name": "token",
        "label": "Chave de segurança",
        "type": "number",
        "placeholder": "123456",
        "validation": "^\\d{6}$",
        "validationMessage": "O token deve ter 6 números.",
        "instructions": "Digite o código de 6 números que o banco enviou.",
        "mfa": true,
        "optional": false,
    });
    let changes = match question {
        Question::Code => return parameter,
        Question::Picture => json!({
            "type": "image",
            "label": "Código da imagem",
            "instructions": "Leia a imagem no aplicativo do banco e digite o código.",
            "data": picture::png_base64(),
        }),
        Question::Choice => json!({
            "type": "select",
            "name": "device",
            "label": "Aparelho",
            "instructions": "Escolha o aparelho que recebe o código.",
            "options": [
                { "value": "1", "label": "Celular de Ana" },
                { "value": "2", "label": "Tablet da sala" },
            ],
        }),
    };
    if let (Some(fields), Value::Object(changes)) = (parameter.as_object_mut(), changes) {
        if question == Question::Choice {
            for rule in ["validation", "validationMessage", "placeholder"] {
                fields.remove(rule);
            }
        }
        fields.extend(changes);
    }
    parameter
}

fn error(item: &Item, execution: Execution) -> Value {
    let Some(message) = execution.message() else { return Value::Null };
    let mut error = json!({ "code": execution, "message": message });
    let said = item.outcome.as_ref().and_then(|outcome| outcome.provider_message.as_deref());
    if let Some(fields) = error.as_object_mut() {
        if let Some(said) = said {
            fields.insert("providerMessage".to_owned(), json!(said));
        }
        if let Login::Pending { until } = item.login {
            fields.insert("attributes".to_owned(), json!({ "waitUntil": format!("{until:.3}") }));
        }
    }
    error
}

/// By product: null when it was not asked for.
fn status_detail(item: &Item) -> Value {
    let running = !item.run.steps.is_empty();
    if !running
        && item.brought.is_empty()
        && item.outcome.as_ref().is_none_or(|one| !one.execution.is_success())
    {
        return Value::Null;
    }
    let state = |product: &Product| {
        let name = product.detail()?;
        let value =
            if item.products.contains(product) { state_of(item, *product, running) } else { Value::Null };
        Some((name.to_owned(), value))
    };
    Value::Object(Product::DETAILED.iter().filter_map(state).collect::<Map<_, _>>())
}

fn state_of(item: &Item, product: Product, running: bool) -> Value {
    let time_in =
        |list: &[(Product, Timestamp)]| list.iter().find(|(one, _)| *one == product).map(|(_, at)| *at);
    let outcome = item.outcome.as_ref();
    let missing = match item.run.steps.back() {
        Some(Step::End { without, .. }) => *without,
        _ => outcome.and_then(|outcome| outcome.without),
    };
    let missed = missing == Some(product) || outcome.is_some_and(|outcome| !outcome.execution.is_success());
    let before = time_in(&item.brought);
    let now = time_in(&item.run.brought).filter(|_| !missed);
    let is_updated = if running { now.is_some() } else { before.is_some() && !missed };
    let warnings = match (product, item.variant()) {
        (Product::Accounts, Variant::AccountsFail) if missed => {
            json!([warning("The accounts could not be read", "Serviço de contas fora do ar.")])
        }
        (Product::Accounts, Variant::AccountsWarn) => {
            json!([warning("Some account data are missing", "Saldo bloqueado não informado.")])
        }
        _ => json!([]),
    };
    json!({ "isUpdated": is_updated, "lastUpdatedAt": maybe(now.or(before)), "warnings": warnings })
}

fn warning(message: &str, provider: &str) -> Value {
    json!({ "code": "001", "message": message, "providerMessage": provider })
}
