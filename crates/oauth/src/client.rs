//! Who we are at a provider.

use crate::RequestError;
use oauth2::basic::BasicClient;
use oauth2::{AuthType, ClientId, ClientSecret};
use secret::SecretString;
use serde::{Deserialize, Serialize};

/// How a client proves itself at the token endpoint; the registry's words (RFC 7591 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ClientAuthentication {
    /// HTTP Basic, id and secret form-encoded first (RFC 6749 §2.3.1).
    #[serde(rename = "client_secret_basic")]
    Basic,
    /// In the body.
    #[serde(rename = "client_secret_post")]
    Post,
    /// Not at all: a public client.
    #[serde(rename = "none")]
    None,
}

/// A registration, with its secret.
pub struct ClientRegistration {
    /// The client id.
    pub client_id: String,
    /// The client secret; none for a public client.
    pub client_secret: Option<SecretString>,
    /// How it is shown.
    pub authentication: ClientAuthentication,
}

impl ClientRegistration {
    /// The same in the types of the oauth2 crate, without endpoints.
    pub(crate) fn to_client(&self) -> Result<BasicClient, RequestError> {
        let client = BasicClient::new(ClientId::new(self.client_id.clone()));
        Ok(match (self.authentication, &self.client_secret) {
            (ClientAuthentication::None, _) => client.set_auth_type(AuthType::RequestBody),
            (way, Some(secret)) => {
                // EXPOSE: the request type of the oauth2 crate, which does not print it.
                let client = client.set_client_secret(ClientSecret::new(secret.expose().clone()));
                let basic = way == ClientAuthentication::Basic;
                client.set_auth_type(if basic { AuthType::BasicAuth } else { AuthType::RequestBody })
            }
            (_, None) => return Err(RequestError::SecretMissing),
        })
    }
}
