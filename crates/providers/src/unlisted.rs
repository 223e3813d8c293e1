//! Providers that are not in the catalogue: custom ones, and the practice bank.

use crate::credential::{Credential, CredentialCheck, CredentialField};
use crate::provider::{CADERNO, CUSTOM, Endpoints, SANDBOX};
use crate::quirks::Quirks;
use crate::{
    Auth, Category, Provider, ProviderId, RedirectKind, Refresh, Scope, ScopeSeparator, Surface, Template,
};
use oauth::{ClientAuthentication, ServerMetadata};
use std::collections::BTreeMap;

impl Provider {
    /// A provider that is not in the catalogue, as it describes itself or as the person typed it in.
    pub fn custom(name: &str, metadata: ServerMetadata) -> Self {
        let named = |method: &str| metadata.client_authentication_methods.iter().any(|one| one == method);
        let mut ways =
            vec![ClientAuthentication::Basic, ClientAuthentication::Post, ClientAuthentication::None];
        // What the server does not name comes last: typed-in servers name nothing, and some forget.
        let named_first = |way: &ClientAuthentication| match way {
            ClientAuthentication::Basic => !named("client_secret_basic"),
            ClientAuthentication::Post => !named("client_secret_post"),
            ClientAuthentication::None => !named("none"),
        };
        ways.sort_by_key(named_first);
        Self {
            id: ProviderId::new(CUSTOM),
            name: name.to_owned(),
            category: Category::Other,
            auth: Auth::Oauth2,
            countries: Vec::new(),
            brand_color: None,
            documentation: None,
            registration: None,
            endpoints: Endpoints {
                issuer: metadata.issuer.clone(),
                authorization: Some(Template::from(&metadata.authorization_endpoint)),
                token: Some(Template::from(&metadata.token_endpoint)),
                refresh: None,
                device_authorization: metadata.device_authorization_endpoint.as_ref().map(Template::from),
                revocation: metadata.revocation_endpoint.as_ref().map(Template::from),
                userinfo: metadata.userinfo_endpoint.as_ref().map(Template::from),
                jwks: metadata.jwks_uri.as_ref().map(Template::from),
            },
            credential: None,
            quirks: Quirks::default(),
            identity: None,
            scope_separator: ScopeSeparator::Space,
            scopes: Vec::new(),
            refuses_pkce: false,
            client_authentication: ways,
            authorization_parameters: BTreeMap::new(),
            parameters: Vec::new(),
            refresh: Refresh::default(),
            surfaces: vec![Surface::Embedded, Surface::Browser],
            redirects: vec![RedirectKind::Loopback { port: None }],
            scope_generation: 0,
            sources: Vec::new(),
            discovered: Some(metadata),
        }
    }

    /// The practice bank, as it describes itself.
    pub fn sandbox(metadata: ServerMetadata) -> Self {
        let scope = |name: &str, en: &str, pt_br: &str| Scope {
            name: name.to_owned(),
            en: en.to_owned(),
            pt_br: pt_br.to_owned(),
        };
        let offered = metadata.scopes_supported.clone();
        let known = [
            scope("openid", "Your name", "Seu nome"),
            scope("profile", "Your name", "Seu nome"),
            scope("accounts", "Accounts and balances", "Contas e saldos"),
            scope("transactions", "Transactions", "Transações"),
            scope(
                "offline_access",
                "Stay connected until you disconnect",
                "Continuar conectado até você desconectar",
            ),
        ];
        Self {
            id: ProviderId::new(SANDBOX),
            category: Category::Banking,
            brand_color: Some("#1D4E6B".to_owned()),
            scopes: known.into_iter().filter(|scope| offered.contains(&scope.name)).collect(),
            ..Self::custom("Farol Bank (Sandbox)", metadata)
        }
    }

    /// The practice service that hands out a key: where it is asked, in which header, and the key that is good there.
    pub fn caderno(check: &url::Url, header: &str, key: &str) -> Self {
        let field = CredentialField {
            name: "api_key".to_owned(),
            en: "API key".to_owned(),
            pt_br: "Chave de API".to_owned(),
            where_en: format!("This service is made up. The key is {key}"),
            where_pt_br: format!("Este serviço é inventado. A chave é {key}"),
            secret: true,
            pattern: None,
        };
        Self {
            id: ProviderId::new(CADERNO),
            name: "Caderno (Sandbox)".to_owned(),
            category: Category::Accounting,
            auth: Auth::ApiKey,
            countries: Vec::new(),
            brand_color: Some("#5B4B8A".to_owned()),
            documentation: None,
            registration: None,
            endpoints: Endpoints::default(),
            credential: Some(Credential {
                fields: vec![field],
                headers: BTreeMap::from([(header.to_owned(), "{api_key}".to_owned())]),
                basic: None,
                check: CredentialCheck { url: Template::from(check), status: 200 },
            }),
            quirks: Quirks::default(),
            identity: None,
            scope_separator: ScopeSeparator::Space,
            scopes: Vec::new(),
            refuses_pkce: false,
            client_authentication: Vec::new(),
            authorization_parameters: BTreeMap::new(),
            parameters: Vec::new(),
            refresh: Refresh::default(),
            surfaces: Vec::new(),
            redirects: Vec::new(),
            scope_generation: 0,
            sources: Vec::new(),
            discovered: None,
        }
    }
}
