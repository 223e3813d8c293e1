//! Words for what is shown outside the window, in both languages. The window has its own.
//!
//! Invariant: a name that could hold an account number is replaced by the provider's.

use crate::item::AttentionAction;
use connections::view::ConnectionView;
use jiff::{Timestamp, tz::TimeZone};

/// A language that the program speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Brazilian Portuguese.
    Portuguese,
}

impl Language {
    /// The language for a BCP 47 tag: Portuguese for its variants, else English.
    pub fn of_tag(tag: &str) -> Self {
        if tag.to_ascii_lowercase().starts_with("pt") { Self::Portuguese } else { Self::English }
    }

    const fn of(self, english: &'static str, portuguese: &'static str) -> &'static str {
        match self {
            Self::English => english,
            Self::Portuguese => portuguese,
        }
    }
}

/// Longest name in a notice.
const LONGEST_NAME: usize = 40;
/// Digits of a name from which on it may be an account number; a year or "Account 2" is none.
const MANY_DIGITS: usize = 4;

/// What to call a connection where anybody may look over the shoulder: the nickname, unless it could hold a number of
/// an account or an amount; then the provider.
pub(crate) fn safe_name(view: &ConnectionView) -> String {
    let harmless = |name: &&str| {
        let digits = name.chars().filter(char::is_ascii_digit).count();
        let money = ['$', '€', '£', '¥', '@'];
        digits < MANY_DIGITS && name.chars().all(|one| !money.contains(&one) && !one.is_control())
    };
    let name =
        [view.nickname.as_deref(), Some(view.provider_name.as_str())].into_iter().flatten().find(harmless);
    name.unwrap_or("Mooring").chars().take(LONGEST_NAME).collect()
}

pub(crate) fn needs_one(language: Language, name: &str) -> String {
    match language {
        Language::English => format!("{name} needs you"),
        Language::Portuguese => format!("{name} precisa de você"),
    }
}

pub(crate) fn needs_many(language: Language, count: usize) -> String {
    match (count, language) {
        (1, Language::English) => "A connection needs you".to_owned(),
        (1, Language::Portuguese) => "Uma conexão precisa de você".to_owned(),
        (_, Language::English) => format!("{count} connections need you"),
        (_, Language::Portuguese) => format!("{count} conexões precisam de você"),
    }
}

/// A program waits; its name may be anything, so it is not said here.
pub(crate) const fn asks_one(language: Language) -> &'static str {
    language.of("A program waits for your answer", "Um programa espera a sua resposta")
}

/// Connections and programs.
pub(crate) fn things_many(language: Language, count: usize) -> String {
    match language {
        Language::English => format!("{count} things need you"),
        Language::Portuguese => format!("{count} coisas precisam de você"),
    }
}

/// "Itaú, Xero and 2 more".
pub(crate) fn list(language: Language, names: &[String]) -> String {
    let (shown, rest) = names.split_at(names.len().min(3));
    let joined = shown.join(", ");
    match (rest.len(), language) {
        (0, _) => joined,
        (more, Language::English) => format!("{joined} and {more} more"),
        (more, Language::Portuguese) => format!("{joined} e mais {more}"),
    }
}

pub(crate) fn body(
    language: Language,
    action: AttentionAction,
    by: Option<Timestamp>,
    zone: &TimeZone,
) -> String {
    if let Some(by) = by {
        let day = day(language, by, zone);
        return match language {
            Language::English => format!("Approve again by {day}, and it goes on without a gap."),
            Language::Portuguese => format!("Autorize de novo até {day} e tudo segue sem interrupção."),
        };
    }
    let text = match action {
        AttentionAction::Approve => language.of("It waits for your approval.", "Aguarda a sua autorização."),
        AttentionAction::ApproveAgain => language.of(
            "Approve again to go on. Everything fetched so far is kept.",
            "Autorize de novo para continuar. Tudo o que já foi obtido está guardado.",
        ),
        AttentionAction::Reconnect => language.of(
            "It has ended the connection. Everything fetched so far is kept.",
            "A instituição encerrou a conexão. Tudo o que já foi obtido está guardado.",
        ),
        AttentionAction::FixKeys => {
            language.of("It does not accept its keys. Check them.", "As chaves não são aceitas. Confira-as.")
        }
        AttentionAction::Answer => language.of(
            "It asks you something. The question may lapse.",
            "Há uma pergunta para você. Ela pode expirar.",
        ),
        AttentionAction::SignIn => language.of("Sign in again to go on.", "Entre de novo para continuar."),
        AttentionAction::ActThere => {
            language.of("There is something to do at the institution.", "Há algo a fazer na instituição.")
        }
        AttentionAction::AllowProgram => {
            language.of("A program asks to be let in.", "Um programa pede acesso.")
        }
    };
    text.to_owned()
}

pub(crate) const fn button(language: Language, action: AttentionAction) -> &'static str {
    match action {
        AttentionAction::Approve => language.of("Approve", "Autorizar"),
        AttentionAction::ApproveAgain => language.of("Approve again", "Autorizar de novo"),
        AttentionAction::Reconnect => language.of("Reconnect", "Reconectar"),
        AttentionAction::FixKeys => language.of("Check the keys", "Conferir as chaves"),
        AttentionAction::Answer => language.of("Answer", "Responder"),
        AttentionAction::SignIn => language.of("Sign in again", "Entrar de novo"),
        AttentionAction::ActThere => language.of("See what", "Ver o que é"),
        AttentionAction::AllowProgram => language.of("Decide", "Decidir"),
    }
}

pub(crate) const fn later(language: Language) -> &'static str {
    language.of("Later", "Mais tarde")
}

pub(crate) const fn show(language: Language) -> &'static str {
    language.of("Show", "Mostrar")
}

pub(crate) const fn unlock_to_see(language: Language) -> &'static str {
    language.of("Unlock Mooring to see which.", "Desbloqueie o Mooring para ver qual.")
}

pub(crate) fn trouble_title(language: Language, name: &str, count: usize) -> String {
    match (count, language) {
        (1, Language::English) => format!("{name} has not answered for a day"),
        (1, Language::Portuguese) => format!("{name} não responde há um dia"),
        (_, Language::English) => format!("{count} connections have not answered for a day"),
        (_, Language::Portuguese) => format!("{count} conexões não respondem há um dia"),
    }
}

pub(crate) const fn trouble_body(language: Language) -> &'static str {
    language.of(
        "Nothing for you to do: Mooring tries again by itself.",
        "Nada a fazer: o Mooring tenta de novo por conta própria.",
    )
}

/// Lines of the tray's menu.
pub(crate) struct MenuWords {
    pub open: &'static str,
    pub connect: &'static str,
    pub pause: &'static str,
    pub resume: &'static str,
    pub lock: &'static str,
    pub quit: &'static str,
    pub locked: &'static str,
    pub nothing: &'static str,
    pub inactive: &'static str,
}

pub(crate) const fn menu(language: Language) -> MenuWords {
    match language {
        Language::English => MenuWords {
            open: "Open Mooring",
            connect: "Connect…",
            pause: "Pause everything",
            resume: "Resume everything",
            lock: "Lock",
            quit: "Quit Mooring",
            locked: "Locked",
            nothing: "Nothing is connected yet",
            inactive: "All connections are paused or disconnected",
        },
        Language::Portuguese => MenuWords {
            open: "Abrir o Mooring",
            connect: "Conectar…",
            pause: "Pausar tudo",
            resume: "Retomar tudo",
            lock: "Bloquear",
            quit: "Sair do Mooring",
            locked: "Bloqueado",
            nothing: "Nada conectado ainda",
            inactive: "Todas as conexões estão pausadas ou desconectadas",
        },
    }
}

pub(crate) fn all_good(language: Language, count: usize) -> String {
    match (count, language) {
        (1, Language::English) => "Your connection is up to date".to_owned(),
        (1, Language::Portuguese) => "A sua conexão está atualizada".to_owned(),
        (_, Language::English) => format!("All {count} connections are up to date"),
        (_, Language::Portuguese) => format!("Todas as {count} conexões estão atualizadas"),
    }
}

pub(crate) fn not_answering(language: Language, count: usize) -> String {
    match (count, language) {
        (1, Language::English) => "One connection is not answering; Mooring tries again".to_owned(),
        (1, Language::Portuguese) => "Uma conexão não responde; o Mooring tenta de novo".to_owned(),
        (_, Language::English) => format!("{count} connections are not answering; Mooring tries again"),
        (_, Language::Portuguese) => format!("{count} conexões não respondem; o Mooring tenta de novo"),
    }
}

/// "12 May", "12 de maio".
fn day(language: Language, at: Timestamp, zone: &TimeZone) -> String {
    const ENGLISH: [&str; 12] = [
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
    ];
    const PORTUGUESE: [&str; 12] = [
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
    ];
    let date = at.to_zoned(zone.clone()).date();
    let month = usize::try_from(date.month() - 1).unwrap_or_default();
    let name = |names: [&'static str; 12]| names.get(month).copied().unwrap_or_default();
    match language {
        Language::English => format!("{} {}", date.day(), name(ENGLISH)),
        Language::Portuguese => format!("{} de {}", date.day(), name(PORTUGUESE)),
    }
}
