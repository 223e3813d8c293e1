//! As much of a browser as a scripted person needs: one host, cookies, forms, no script, no redirect on its own.

use super::PersonError;
use axum::body::Bytes;
use axum::http::{Method, Request, Response, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::rt::TokioIo;
use std::collections::BTreeMap;
use tokio::net::TcpStream;
use url::{Host, Url};

/// No page of the sandbox comes near it.
const PAGE_LIMIT: usize = 1 << 20;

/// What came back.
pub(super) enum Page {
    Redirect(Url),
    Shown { status: u16, html: String, address: Url },
}

pub(super) struct Form {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

pub(super) struct Browser {
    authority: String,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(super) fn at(start: &Url) -> Result<Self, PersonError> {
        let loopback = match start.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            _ => false,
        };
        if start.scheme() != "http" || !loopback {
            return Err(PersonError::NotLoopback);
        }
        Ok(Self { authority: start.authority().to_owned(), cookies: BTreeMap::new() })
    }

    /// Whether an address is the bank's own.
    pub(super) fn is_home(&self, address: &Url) -> bool {
        address.scheme() == "http" && address.authority() == self.authority
    }

    pub(super) async fn get(&mut self, address: &Url) -> Result<Page, PersonError> {
        self.send(Method::GET, address, String::new()).await
    }

    pub(super) async fn post(
        &mut self,
        address: &Url,
        fields: &[(String, String)],
    ) -> Result<Page, PersonError> {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, address, form).await
    }

    async fn send(&mut self, method: Method, address: &Url, body: String) -> Result<Page, PersonError> {
        let target = &address[url::Position::BeforePath..url::Position::AfterQuery];
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(target)
            .header(header::HOST, &self.authority)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::new(Bytes::from(body)))
            .map_err(no_answer)?;
        let (parts, html) = exchange(&self.authority, request).await?.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE).iter().filter_map(|one| one.to_str().ok()) {
            let pair = cookie.split(';').next().and_then(|pair| pair.split_once('='));
            self.cookies.extend(pair.map(|(name, value)| (name.to_owned(), value.to_owned())));
        }
        let location = parts.headers.get(header::LOCATION).and_then(|location| location.to_str().ok());
        match location.map(|location| address.join(location)) {
            Some(target) => Ok(Page::Redirect(target.map_err(no_answer)?)),
            None => Ok(Page::Shown { status: parts.status.as_u16(), html, address: address.clone() }),
        }
    }
}

fn no_answer(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> PersonError {
    PersonError::NoAnswer(error.into())
}

async fn exchange(authority: &str, request: Request<Full<Bytes>>) -> Result<Response<String>, PersonError> {
    let stream = TcpStream::connect(authority).await.map_err(no_answer)?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(no_answer)?;
    let exchange = async move {
        let (parts, body) = sender.send_request(request).await.map_err(no_answer)?.into_parts();
        let body = Limited::new(body, PAGE_LIMIT).collect().await.map_err(no_answer)?.to_bytes();
        Ok(Response::from_parts(parts, String::from_utf8_lossy(&body).into_owned()))
    };
    // The connection is driven beside the exchange and ends with it, so nothing is left running.
    tokio::pin!(exchange);
    tokio::select! {
        answer = &mut exchange => answer,
        ended = connection => match ended {
            Ok(()) => exchange.await,
            Err(error) => Err(no_answer(error)),
        },
    }
}

/// The first form of a page with its fields as they stand; buttons are for the person to press.
pub(super) fn form(html: &str) -> Option<Form> {
    let (_, rest) = html.split_once("<form")?;
    let (opening, rest) = rest.split_once('>')?;
    let (content, _) = rest.split_once("</form>")?;
    let inputs = content.split("<input").skip(1).filter_map(|input| input.split('>').next());
    let is_choice = |input: &str| {
        ["checkbox", "radio"].iter().any(|kind| attribute(input, "type").as_deref() == Some(kind))
    };
    let is_sent = |input: &&str| !is_choice(input) || input.contains(" checked");
    let field = |input| Some((attribute(input, "name")?, attribute(input, "value").unwrap_or_default()));
    let fields = inputs.filter(is_sent).filter_map(field).collect();
    Some(Form { action: attribute(opening, "action")?, fields })
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    Some(entities.iter().fold(value.to_owned(), |text, (entity, character)| text.replace(entity, character)))
}

#[cfg(test)]
mod tests {
    use super::form;

    #[test]
    fn a_form_is_read_with_its_fields_unescaped() {
        let html = r#"<h1>x</h1><form method="post" action="/go"><input type="hidden" name="a" value="&lt;&amp;lt;">
            <input type="checkbox" name="b" value="1" checked><input type="checkbox" name="b" value="2"></form>"#;
        let form = form(html).unwrap();
        assert_eq!(form.action, "/go");
        let fields = [("a", "<&lt;"), ("b", "1")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(form.fields, fields);
    }
}
