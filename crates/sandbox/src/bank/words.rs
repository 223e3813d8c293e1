//! What the bank's pages say, in English and Portuguese.
//!
//! Source: OIDC Core §3.1.2.1 (`ui_locales`), RFC 9110 §12.5.4 (`Accept-Language`; its weights are ignored).

/// A language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Portuguese,
}

impl Language {
    /// The first language of these lists that the bank speaks; English when none.
    pub(crate) fn choose(ui_locales: Option<&str>, accept_language: Option<&str>) -> Self {
        let asked = ui_locales.unwrap_or_default().split(' ');
        let accepted = accept_language.unwrap_or_default().split(',');
        asked.chain(accepted).find_map(Self::of_tag).unwrap_or(Self::English)
    }

    fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_', ';']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "pt" => Some(Self::Portuguese),
            _ => None,
        }
    }

    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Portuguese => "pt-BR",
        }
    }

    pub(crate) const fn words(self) -> &'static Words {
        match self {
            Self::English => &ENGLISH,
            Self::Portuguese => &PORTUGUESE,
        }
    }
}

/// Every text of the pages.
pub(crate) struct Words {
    pub bank: &'static str,
    pub practice: &'static str,
    pub practice_note: &'static str,
    pub home_title: &'static str,
    pub home_text: &'static str,
    pub sign_in_title: &'static str,
    /// Followed by the client's name.
    pub sign_in_text: &'static str,
    pub user: &'static str,
    pub password: &'static str,
    pub password_hint: &'static str,
    pub user_missing: &'static str,
    pub sign_in: &'static str,
    pub consent_title: &'static str,
    pub signed_in_as: &'static str,
    /// Preceded by the client's name.
    pub consent_text: &'static str,
    pub accounts_legend: &'static str,
    pub accounts_missing: &'static str,
    pub reads_title: &'static str,
    pub reads_identity: &'static str,
    pub reads_email: &'static str,
    pub reads_accounts: &'static str,
    pub never: &'static str,
    pub until_title: &'static str,
    /// Followed by a date, then by `until_after`.
    pub until_before: &'static str,
    pub until_after: &'static str,
    pub allow: &'static str,
    pub cancel: &'static str,
    pub open_title: &'static str,
    pub open_text: &'static str,
    pub open: &'static str,
    pub code_title: &'static str,
    pub code_text: &'static str,
    pub code: &'static str,
    pub code_wrong: &'static str,
    pub code_done: &'static str,
    pub done_title: &'static str,
    pub done_text: &'static str,
    pub error_title: &'static str,
    pub error_client: &'static str,
    pub error_redirect: &'static str,
    pub error_over: &'static str,
    pub error_trouble: &'static str,
    pub error_missing: &'static str,
    pub error_safe: &'static str,
    date_between: &'static str,
    months: [&'static str; 12],
}

impl Words {
    /// A date as it is written out, such as "20 May 2027".
    pub(crate) fn date(&self, date: jiff::civil::Date) -> String {
        let index = usize::try_from(date.month()).unwrap_or(1).saturating_sub(1);
        let month = self.months.get(index).copied().unwrap_or_default();
        let between = self.date_between;
        format!("{}{between}{month}{between}{}", date.day(), date.year())
    }
}

static ENGLISH: Words = Words {
    bank: "Farol Bank (Sandbox)",
    practice: "Practice bank",
    practice_note: "This bank is made up. People, accounts and amounts are synthetic, and nothing leaves this computer.",
    home_title: "A bank to practise with",
    home_text: "Nothing to do here. Start in the app, and it will bring you to the sign-in page.",
    sign_in_title: "Sign in",
    sign_in_text: "to continue to",
    user: "User name",
    password: "Password",
    password_hint: "Any password works. Do not type a real one.",
    user_missing: "Enter a user name. “ana” will do.",
    sign_in: "Sign in",
    consent_title: "Share your accounts?",
    signed_in_as: "Signed in as",
    consent_text: "would like to read the accounts you choose here.",
    accounts_legend: "Accounts",
    accounts_missing: "Choose at least one account.",
    reads_title: "What it can read",
    reads_identity: "Your name",
    reads_email: "Your email address",
    reads_accounts: "Names and balances of the chosen accounts",
    never: "It cannot move money or change anything.",
    until_title: "For how long",
    until_before: "Until",
    until_after: ", or until you withdraw it.",
    allow: "Allow",
    cancel: "Cancel",
    open_title: "One more window",
    open_text: "This bank continues in a window of its own.",
    open: "Continue",
    code_title: "Connect a device",
    code_text: "Type the code that the app shows. Type it only if you asked for it yourself just now.",
    code: "Code",
    code_wrong: "This code is not known, or is over. Look at the app again.",
    code_done: "The app goes on by itself. You can close this page.",
    done_title: "You are done here",
    done_text: "You can close this window and go back to the app.",
    error_title: "This did not work",
    error_client: "The app that sent you here is not known to this bank.",
    error_redirect: "The app that sent you here gave an address for the way back that is not registered.",
    error_over: "This page is no longer valid. Go back to the app and start again.",
    error_trouble: "Signing in is not possible at the moment. Try again later.",
    error_missing: "There is no such page.",
    error_safe: "Nothing was shared.",
    date_between: " ",
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
};

static PORTUGUESE: Words = Words {
    bank: "Banco Farol (Sandbox)",
    practice: "Banco de prática",
    practice_note: "Este banco é inventado. Pessoas, contas e valores são sintéticos, e nada sai deste computador.",
    home_title: "Um banco para praticar",
    home_text: "Não há nada a fazer aqui. Comece no aplicativo, e ele trará você à página de entrada.",
    sign_in_title: "Entrar",
    sign_in_text: "para continuar no",
    user: "Usuário",
    password: "Senha",
    password_hint: "Qualquer senha serve. Não digite uma senha verdadeira.",
    user_missing: "Informe um usuário. “ana” serve.",
    sign_in: "Entrar",
    consent_title: "Compartilhar suas contas?",
    signed_in_as: "Você entrou como",
    consent_text: "quer ler as contas que você escolher aqui.",
    accounts_legend: "Contas",
    accounts_missing: "Escolha pelo menos uma conta.",
    reads_title: "O que poderá ler",
    reads_identity: "Seu nome",
    reads_email: "Seu e-mail",
    reads_accounts: "Nomes e saldos das contas escolhidas",
    never: "Não poderá movimentar dinheiro nem alterar nada.",
    until_title: "Por quanto tempo",
    until_before: "Até",
    until_after: ", ou até você cancelar.",
    allow: "Permitir",
    cancel: "Cancelar",
    open_title: "Mais uma janela",
    open_text: "Este banco continua em uma janela própria.",
    open: "Continuar",
    code_title: "Conectar um aparelho",
    code_text: "Digite o código que o aplicativo mostra. Só digite se foi você que pediu, agora há pouco.",
    code: "Código",
    code_wrong: "Este código não é conhecido ou já terminou. Olhe o aplicativo de novo.",
    code_done: "O aplicativo continua sozinho. Você pode fechar esta página.",
    done_title: "Tudo certo por aqui",
    done_text: "Você pode fechar esta janela e voltar ao aplicativo.",
    error_title: "Não foi possível",
    error_client: "O aplicativo que trouxe você até aqui não é conhecido por este banco.",
    error_redirect: "O aplicativo que trouxe você até aqui informou um endereço de volta que não está registrado.",
    error_over: "Esta página não vale mais. Volte ao aplicativo e comece de novo.",
    error_trouble: "Não é possível entrar neste momento. Tente mais tarde.",
    error_missing: "Esta página não existe.",
    error_safe: "Nada foi compartilhado.",
    date_between: " de ",
    months: [
        "janeiro",
        "fevereiro",
        "março",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_decides_over_the_browser() {
        assert_eq!(Language::choose(Some("pt-BR en"), Some("en-US")), Language::Portuguese);
        assert_eq!(Language::choose(Some("de"), Some("de-DE,pt;q=0.8,en;q=0.5")), Language::Portuguese);
        assert_eq!(Language::choose(None, Some("fr,*;q=0.1")), Language::English);
    }

    #[test]
    fn dates_are_written_out() {
        let date = jiff::civil::date(2027, 5, 20);
        assert_eq!(Language::English.words().date(date), "20 May 2027");
        assert_eq!(Language::Portuguese.words().date(date), "20 de maio de 2027");
    }
}
