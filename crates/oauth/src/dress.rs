//! Where a provider wants its token requests otherwise than RFC 6749 has them: JSON, the address, members of its own.

use crate::{Request, RequestError};
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use url::Url;
use url::form_urlencoded::{Serializer, parse};

/// How the parameters of a token request are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// As a form in the body.
    #[default]
    Form,
    /// As a JSON object in the body.
    Json,
    /// In the address, with an empty body.
    Query,
}

/// What a provider wants otherwise.
#[derive(Debug, Clone, Default)]
pub struct Dress<'a> {
    /// How parameters are sent.
    pub encoding: Encoding,
    /// Fixed parameters of the provider's own.
    pub parameters: Option<&'a BTreeMap<String, String>>,
    /// Fixed headers of the provider's own.
    pub headers: Option<&'a BTreeMap<String, String>>,
}

impl Dress<'_> {
    /// The same request in the provider's dress. One that is as the standard has it comes back untouched.
    ///
    /// # Errors
    /// [`RequestError::Shadows`] for a parameter or a header of the provider's own that is one of the protocol's.
    pub fn on(&self, request: Request) -> Result<Request, RequestError> {
        let own = self.parameters.into_iter().flatten();
        let headers = self.headers.into_iter().flatten();
        if self.encoding == Encoding::Form && own.clone().next().is_none() && headers.clone().next().is_none()
        {
            return Ok(request);
        }
        let largest = request.largest_answer();
        let mut request = request.into_http();
        let mut pairs: Vec<(String, String)> = parse(request.body()).into_owned().collect();
        for (name, value) in own {
            if pairs.iter().any(|(taken, _)| taken == name) {
                return Err(RequestError::Shadows(name.clone()));
            }
            pairs.push((name.clone(), value.clone()));
        }
        self.encode(&mut request, pairs)?;
        for (name, value) in headers {
            add_header(&mut request, name, value)?;
        }
        Ok(Request::new(request).with_largest_answer(largest))
    }

    fn encode(
        &self,
        request: &mut http::Request<Vec<u8>>,
        pairs: Vec<(String, String)>,
    ) -> Result<(), RequestError> {
        match self.encoding {
            Encoding::Form => {
                *request.body_mut() =
                    Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes();
            }
            Encoding::Json => {
                let members: Map<String, Value> =
                    pairs.into_iter().map(|(name, value)| (name, Value::String(value))).collect();
                *request.body_mut() = serde_json::to_vec(&members).map_err(|_| RequestError::Assembly)?;
                request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            }
            Encoding::Query => {
                let mut address =
                    Url::parse(&request.uri().to_string()).map_err(|_| RequestError::Assembly)?;
                address.query_pairs_mut().extend_pairs(pairs);
                *request.uri_mut() = address.as_str().parse().map_err(|_| RequestError::Assembly)?;
                request.body_mut().clear();
                request.headers_mut().remove(CONTENT_TYPE);
            }
        }
        Ok(())
    }
}

/// Adds a header; what proves the client, says what the body is, or steers the connection is the protocol's.
fn add_header(request: &mut http::Request<Vec<u8>>, name: &str, value: &str) -> Result<(), RequestError> {
    let shadows = || RequestError::Shadows(name.to_owned());
    let parsed = HeaderName::try_from(name).map_err(|_| shadows())?;
    let steering = matches!(parsed.as_str(), "authorization" | "content-type" | "host" | "content-length");
    if steering {
        return Err(shadows());
    }
    let value = HeaderValue::from_str(value).map_err(|_| RequestError::Assembly)?;
    request.headers_mut().insert(parsed, value);
    Ok(())
}
