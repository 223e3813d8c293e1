//! The pages a browser sees on its return: fixed texts in two languages, no script of others, nothing echoed.

use std::io;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

/// Which page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    /// The answer was taken.
    Done,
    /// The answer belongs to no attempt.
    Ignored,
    /// Another path.
    NotFound,
    /// Another method.
    WrongMethod,
    /// Another host name.
    WrongHost,
    /// Not HTTP as we know it.
    BadRequest,
    /// Too long or too slow.
    TooLarge,
}

impl Page {
    const fn status(self) -> &'static str {
        match self {
            Self::Done => "200 OK",
            Self::Ignored | Self::BadRequest => "400 Bad Request",
            Self::NotFound => "404 Not Found",
            Self::WrongMethod => "405 Method Not Allowed",
            Self::WrongHost => "421 Misdirected Request",
            Self::TooLarge => "431 Request Header Fields Too Large",
        }
    }

    const fn words(self, portuguese: bool) -> (&'static str, &'static str) {
        match (self, portuguese) {
            (Self::Done, false) => ("Back to Mooring", "The answer has arrived. You can close this tab."),
            (Self::Done, true) => ("De volta ao Mooring", "A resposta chegou. Você pode fechar esta aba."),
            (Self::Ignored, false) => {
                ("Nothing was changed", "This reply does not belong to a request made here. It was ignored.")
            }
            (Self::Ignored, true) => {
                ("Nada foi alterado", "Esta resposta não pertence a um pedido feito aqui. Foi ignorada.")
            }
            (_, false) => ("Nothing here", "This address only receives the return from your institution."),
            (_, true) => ("Nada aqui", "Este endereço só recebe o retorno da sua instituição."),
        }
    }
}

/// Takes the query, and the code in it, out of the address bar and the tab's history.
const FORGET_ADDRESS: &str = "history.replaceState(null,'',location.pathname)";

const STYLE: &str = "html{color-scheme:light dark;font:15px/22px system-ui,sans-serif}\
body{max-width:26rem;margin:20vh auto;padding:0 24px}h1{font-size:24px;line-height:32px;font-weight:600}\
p{opacity:.75}";

/// Writes the page and nothing more.
pub(super) async fn write(client: &mut TcpStream, page: Page, language: Option<&str>) -> io::Result<()> {
    let portuguese = language.is_some_and(|tag| tag.to_ascii_lowercase().starts_with("pt"));
    let (title, text) = page.words(portuguese);
    let lang = if portuguese { "pt-BR" } else { "en" };
    let body = format!(
        "<!doctype html><html lang=\"{lang}\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style>\
         <main><h1>{title}</h1><p>{text}</p></main><script>{FORGET_ADDRESS}</script></html>"
    );
    let head = format!(
        "HTTP/1.1 {}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
         frame-ancestors 'none'; base-uri 'none'; form-action 'none'\r\n\r\n",
        page.status(),
        body.len()
    );
    client.write_all(head.as_bytes()).await?;
    client.write_all(body.as_bytes()).await?;
    client.flush().await
}
