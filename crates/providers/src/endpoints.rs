//! A provider's endpoints with the parameters of one connection filled in.

use crate::{ParameterError, Provider, Template};
use oauth::ServerMetadata;
use std::collections::BTreeMap;
use url::Url;

/// Values of a connection's parameters, by name.
type Values = BTreeMap<String, String>;

impl Provider {
    /// The server behind it, with the parameters of a connection filled in.
    ///
    /// # Errors
    /// A parameter is missing or does not match its pattern, the address that comes of it is not acceptable, or
    /// nobody approves anything at this provider.
    pub fn metadata(&self, parameters: &Values) -> Result<ServerMetadata, ParameterError> {
        if let Some(discovered) = &self.discovered {
            return Ok(discovered.clone());
        }
        let fill_some = |template: &Option<Template>| self.filled(template.as_ref(), parameters).transpose();
        Ok(ServerMetadata {
            issuer: self.endpoints.issuer.clone(),
            authorization_endpoint: self.authorization_endpoint(parameters)?,
            token_endpoint: self.token_endpoint(parameters)?,
            device_authorization_endpoint: fill_some(&self.endpoints.device_authorization)?,
            revocation_endpoint: fill_some(&self.endpoints.revocation)?,
            userinfo_endpoint: fill_some(&self.endpoints.userinfo)?,
            jwks_uri: fill_some(&self.endpoints.jwks)?,
            scopes_supported: Vec::new(),
            client_authentication_methods: Vec::new(),
            id_token_algorithms: Vec::new(),
            iss_parameter_supported: false,
        })
    }

    /// Where the person approves: all that is needed before the callback, which may bring the rest.
    ///
    /// # Errors
    /// As for [`Self::metadata`].
    pub fn authorization_endpoint(&self, parameters: &Values) -> Result<Url, ParameterError> {
        if let Some(discovered) = &self.discovered {
            return Ok(discovered.authorization_endpoint.clone());
        }
        self.filled(self.endpoints.authorization.as_ref(), parameters).ok_or(ParameterError::NoEndpoint)?
    }

    /// Where codes, and by default refresh tokens, are exchanged.
    ///
    /// # Errors
    /// As for [`Self::metadata`].
    pub fn token_endpoint(&self, parameters: &Values) -> Result<Url, ParameterError> {
        if let Some(discovered) = &self.discovered {
            return Ok(discovered.token_endpoint.clone());
        }
        self.filled(self.endpoints.token.as_ref(), parameters).ok_or(ParameterError::NoEndpoint)?
    }

    /// Where refresh tokens are exchanged.
    ///
    /// # Errors
    /// As for [`Self::metadata`].
    pub fn refresh_endpoint(&self, parameters: &Values) -> Result<Url, ParameterError> {
        match self.filled(self.endpoints.refresh.as_ref(), parameters) {
            Some(filled) => filled,
            None => self.token_endpoint(parameters),
        }
    }

    /// Where a device asks for its codes, at providers that know devices.
    ///
    /// # Errors
    /// As for [`Self::metadata`].
    pub fn device_authorization_endpoint(&self, parameters: &Values) -> Result<Url, ParameterError> {
        let endpoint = self.endpoints.device_authorization.as_ref();
        self.filled(endpoint, parameters).ok_or(ParameterError::NoEndpoint)?
    }

    fn filled(
        &self,
        template: Option<&Template>,
        parameters: &Values,
    ) -> Option<Result<Url, ParameterError>> {
        template.map(|template| template.fill(&self.parameters, parameters))
    }
}
