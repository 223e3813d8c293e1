//! Attempts whose answer comes back to an address at which another part of the program listens.
//!
//! Invariant: such an attempt opens nothing and listens nowhere; its answer counts only when it is handed in, and is
//! judged like any other.

use super::{BeginAuthorization, Connections, unknown_connection};
use crate::error::{CoreError, ErrorCode};
use crate::id::ConnectionKey;
use crate::view::{AttemptView, Source, Surface};
use std::collections::BTreeMap;
use url::Url;

impl Connections {
    /// Begins an attempt that is answered at `redirect_uri`, and answers it with the address of the provider's page.
    ///
    /// Whoever listens at `redirect_uri` hands what comes there to [`Self::deliver`].
    ///
    /// # Errors
    /// As for [`Self::begin`], and [`ErrorCode::SurfaceUnavailable`] for a registration at an aggregator, whose
    /// pages lead elsewhere, or at a provider that needs no page.
    pub async fn begin_elsewhere(
        &self,
        ask: BeginAuthorization,
        redirect_uri: &str,
    ) -> Result<(AttemptView, Url), CoreError> {
        let needs_a_page = super::refresh::config_of(&self.state(), &ask.config_key)
            .is_ok_and(|config| config.provider().auth == providers::Auth::Oauth2);
        if self.config(&ask.config_key)?.source != Source::Oauth || !needs_a_page {
            return Err(CoreError::new(ErrorCode::SurfaceUnavailable));
        }
        let ask = BeginAuthorization { surface: Some(Surface::Print), preferred: None, ..ask };
        let attempt = Box::pin(self.begin_with(ask, Some(redirect_uri))).await?;
        let address = self.authorization_address(&attempt.id)?;
        Ok((attempt, address))
    }

    /// What a connection was made with: the values that its provider's addresses needed.
    ///
    /// # Errors
    /// [`ErrorCode::UnknownConnection`].
    pub fn parameters(&self, key: &ConnectionKey) -> Result<BTreeMap<String, String>, CoreError> {
        let state = self.state();
        let connection = state.connections.get(key).ok_or_else(|| unknown_connection(key))?;
        Ok(connection.parameters.clone())
    }
}
