//! Words of the bar above a provider's page, which is made of the system's widgets and not of ours.

use crate::Host;
use connections::view::AttemptHint;
use url::Url;

/// The words, in one language.
pub struct PageWords {
    /// The button that leads to the browser.
    pub browser: &'static str,
    /// The button that copies the link.
    pub copy: &'static str,
    /// The button that ends the attempt.
    pub cancel: &'static str,
    secure: &'static str,
    insecure: &'static str,
    stalled: &'static str,
    load_failed: &'static str,
    certificate_refused: &'static str,
    passkey_needed: &'static str,
    foreign_answer: &'static str,
}

/// The lock beside the host.
pub struct Lock {
    /// Whether it is closed.
    pub closed: bool,
    /// What that means.
    pub meaning: &'static str,
}

const ENGLISH: PageWords = PageWords {
    browser: "Open in browser",
    copy: "Copy link",
    cancel: "Cancel",
    secure: "The connection to this page is encrypted",
    insecure: "The connection to this page is not encrypted",
    stalled: "Nothing has moved for a minute. If the page hangs, open it in your browser.",
    load_failed: "The page did not load. Check your internet, or open it in your browser.",
    certificate_refused: "This page could not prove who it is, so it was not opened. Nothing was sent.",
    passkey_needed: "The page asks for a passkey, which only your browser has. Open it there.",
    foreign_answer: "Something that did not belong to this request came back and was ignored.",
};

const PORTUGUESE: PageWords = PageWords {
    browser: "Abrir no navegador",
    copy: "Copiar link",
    cancel: "Cancelar",
    secure: "A conexão com esta página é criptografada",
    insecure: "A conexão com esta página não é criptografada",
    stalled: "Nada mudou há um minuto. Se a página travou, abra-a no navegador.",
    load_failed: "A página não carregou. Verifique sua internet ou abra no navegador.",
    certificate_refused: "Esta página não conseguiu provar quem é, por isso não foi aberta. Nada foi enviado.",
    passkey_needed: "A página pede uma chave de acesso, que só o navegador tem. Abra-a nele.",
    foreign_answer: "Chegou algo que não pertence a este pedido e foi ignorado.",
};

impl PageWords {
    /// The lock for a page that is shown; none where nothing came over a network. A page that is only on its way has
    /// proven nothing and has no lock.
    pub fn lock(&self, shown: &Url) -> Option<Lock> {
        match shown.scheme() {
            "https" => Some(Lock { closed: true, meaning: self.secure }),
            "http" => Some(Lock { closed: false, meaning: self.insecure }),
            _ => None,
        }
    }

    /// What is said under the bar; nothing of a window that is gone.
    pub const fn notice(&self, hint: AttemptHint) -> Option<&'static str> {
        match hint {
            AttemptHint::Stalled => Some(self.stalled),
            AttemptHint::LoadFailed => Some(self.load_failed),
            AttemptHint::CertificateRefused => Some(self.certificate_refused),
            AttemptHint::PasskeyNeeded => Some(self.passkey_needed),
            AttemptHint::ForeignAnswer => Some(self.foreign_answer),
            AttemptHint::WindowClosed => None,
        }
    }
}

impl Host {
    /// The words in the language of the interface.
    pub fn page_words(&self) -> PageWords {
        if self.language().starts_with("pt") { PORTUGUESE } else { ENGLISH }
    }
}

#[cfg(test)]
mod tests {
    use super::{ENGLISH, PORTUGUESE};
    use url::Url;

    #[test]
    fn a_lock_is_closed_for_pages_that_came_encrypted_and_for_no_other() {
        for (shown, closed) in [
            ("https://bank.example/sign-in", Some(true)),
            ("http://127.0.0.1:4000/sign-in", Some(false)),
            ("about:blank", None),
            ("data:text/html,bank.example", None),
            ("blob:https://bank.example/1", None),
        ] {
            let shown = Url::parse(shown).unwrap();
            assert_eq!(ENGLISH.lock(&shown).map(|lock| lock.closed), closed, "{shown}");
        }
        let insecure = PORTUGUESE.lock(&Url::parse("http://bank.example").unwrap()).unwrap();
        assert!(insecure.meaning.contains("não é"), "{}", insecure.meaning);
    }
}
