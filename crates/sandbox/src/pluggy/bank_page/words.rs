//! What an institution's page says, in English and Portuguese.

use crate::bank::words::Language;
use crate::pluggy::data::accounts::Kind;

pub(super) struct Words {
    /// A name for pages that belong to no institution.
    pub bank: &'static str,
    pub title: &'static str,
    pub text: &'static str,
    pub legend: &'static str,
    pub missing: &'static str,
    pub ending: &'static str,
    pub until_title: &'static str,
    /// Followed by a date.
    pub until: &'static str,
    pub revoke: &'static str,
    pub endless: &'static str,
    pub approve: &'static str,
    pub decline: &'static str,
    pub done_title: &'static str,
    pub done_text: &'static str,
    pub declined_text: &'static str,
    pub go_on: &'static str,
    pub over_title: &'static str,
    pub over: &'static str,
    accounts: [&'static str; 3],
}

impl Words {
    pub(super) const fn account(&self, kind: Kind) -> &'static str {
        let [checking, card, savings] = self.accounts;
        match kind {
            Kind::Checking => checking,
            Kind::Card => card,
            Kind::Savings => savings,
        }
    }
}

pub(super) const fn words(language: Language) -> &'static Words {
    match language {
        Language::English => &ENGLISH,
        Language::Portuguese => &PORTUGUESE,
    }
}

static ENGLISH: Words = Words {
    bank: "Practice institution (Sandbox)",
    title: "Share your data?",
    text: "Pluggy asks to read the accounts that you choose here, for the app that sent you. It cannot move money.",
    legend: "Accounts",
    missing: "Choose at least one account.",
    ending: "ending in",
    until_title: "How long",
    until: "Until",
    revoke: "You can end it here at any time.",
    endless: "Until you end it here.",
    approve: "Approve",
    decline: "Decline",
    done_title: "Done",
    done_text: "You can close this window and go back to the app.",
    declined_text: "Nothing was shared. You can close this window and go back to the app.",
    go_on: "Go back to the app",
    over_title: "This page is over",
    over: "There is nothing to approve here any more. Go back to the app and start again. Nothing was shared.",
    accounts: ["Checking account", "Credit card", "Savings"],
};

static PORTUGUESE: Words = Words {
    bank: "Instituição de treino (Sandbox)",
    title: "Compartilhar seus dados?",
    text: "A Pluggy pede para ler as contas que você escolher aqui, para o aplicativo que trouxe você. Ela não pode mover dinheiro.",
    legend: "Contas",
    missing: "Escolha pelo menos uma conta.",
    ending: "final",
    until_title: "Por quanto tempo",
    until: "Até",
    revoke: "Você pode encerrar aqui a qualquer momento.",
    endless: "Até você encerrar aqui.",
    approve: "Autorizar",
    decline: "Recusar",
    done_title: "Pronto",
    done_text: "Você pode fechar esta janela e voltar ao aplicativo.",
    declined_text: "Nada foi compartilhado. Você pode fechar esta janela e voltar ao aplicativo.",
    go_on: "Voltar ao aplicativo",
    over_title: "Esta página não vale mais",
    over: "Não há mais nada para autorizar aqui. Volte ao aplicativo e comece de novo. Nada foi compartilhado.",
    accounts: ["Conta corrente", "Cartão de crédito", "Poupança"],
};
