//! Words of the bar above a provider's page, which is made of the system's widgets and not of ours.

use crate::Host;

/// The words, in one language.
pub struct PageWords {
    /// The button that leads to the browser.
    pub browser: &'static str,
    /// The button that copies the link.
    pub copy: &'static str,
    /// The button that ends the attempt.
    pub cancel: &'static str,
    /// Said of the lock when it is closed.
    pub secure: &'static str,
    /// Said of the lock when it is open.
    pub insecure: &'static str,
}

const ENGLISH: PageWords = PageWords {
    browser: "Open in browser",
    copy: "Copy link",
    cancel: "Cancel",
    secure: "The connection to this page is encrypted",
    insecure: "The connection to this page is not encrypted",
};

const PORTUGUESE: PageWords = PageWords {
    browser: "Abrir no navegador",
    copy: "Copiar link",
    cancel: "Cancelar",
    secure: "A conexão com esta página é criptografada",
    insecure: "A conexão com esta página não é criptografada",
};

impl Host {
    /// The words in the language of the interface.
    pub fn page_words(&self) -> PageWords {
        if self.language().starts_with("pt") { PORTUGUESE } else { ENGLISH }
    }
}
