//! Client registrations: which client we are at which provider, under a name (Pizzly's *config key*).

use crate::id::ConfigKey;
use crate::view::{ConfigView, Source};
use jiff::Timestamp;
use oauth::ClientAuthentication;
use providers::Provider;
use serde::{Deserialize, Serialize};

/// A client registration. Its secret is another record, read only where it is used.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ClientConfig {
    /// Its name.
    pub key: ConfigKey,
    /// Whom it is with. Kept whole for `custom` and the practice bank; for a catalogue entry only the id counts,
    /// and the entry is read anew, so that a corrected endpoint reaches old registrations.
    pub provider: Provider,
    /// The client id.
    pub client_id: String,
    /// Whether a client secret is stored.
    pub has_secret: bool,
    /// How the client proves itself at the token endpoint.
    pub authentication: ClientAuthentication,
    /// Scopes to ask for.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl ClientConfig {
    /// The provider's facts as they hold now.
    pub fn provider(&self) -> &Provider {
        providers::Catalogue::built_in().get(&self.provider.id).unwrap_or(&self.provider)
    }

    /// What may be shown.
    pub fn view(&self, connections: usize, redirect_uri: String) -> ConfigView {
        let provider = self.provider();
        ConfigView {
            config_key: self.key.clone(),
            source: Source::Oauth,
            approach: crate::driver::approach_of(provider),
            parameters: crate::driver::parameters_asked(provider),
            pluggy: None,
            codat: None,
            provider: provider.id.to_string(),
            provider_name: provider.name.clone(),
            brand_color: provider.brand_color.clone(),
            category: provider.category,
            client_id: self.client_id.clone(),
            has_secret: self.has_secret,
            scopes: self.scopes.clone(),
            issuer: provider.issuer().map(ToOwned::to_owned),
            host: provider.sign_in_host(),
            redirect_uri,
            sandbox: provider.is_sandbox(),
            connections,
            created_at: self.created_at,
        }
    }
}
