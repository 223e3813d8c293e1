//! What connectors ask for, and whether an answer fits.
//!
//! Knows nothing of whether credentials are right: that is the bank's matter.
//!
//! Invariant: the rule that is checked here and the pattern that is told are the same rule.
//!
//! Source: npm `pluggy-sdk` 0.90.0 `types/connector.d.ts` (`ConnectorCredential`), `types/validation.d.ts`.

use crate::pluggy::refusal::ParameterError;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The values a client sends, by name.
pub(in crate::pluggy) type Parameters = BTreeMap<String, String>;

/// Which fields a connector shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pluggy) enum Form {
    UserPassword,
    UserPasswordCode,
    BranchAccount,
    Cpf,
    CpfPassword,
    Cnpj,
    /// Nothing: the institution asks on its own page.
    Nothing,
    /// A pattern that is no regular expression.
    BrokenPattern,
    /// A type of field that nobody knows yet.
    UnknownType,
}

/// One field.
struct Credential {
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    rule: Option<Rule>,
    placeholder: &'static str,
    mfa: bool,
    optional: bool,
}

/// A rule: as a JavaScript pattern, as words, and as code.
struct Rule {
    pattern: &'static str,
    message: &'static str,
    fits: fn(&str) -> bool,
}

const fn field(name: &'static str, label: &'static str, kind: &'static str) -> Credential {
    Credential { name, label, kind, rule: None, placeholder: "", mfa: false, optional: false }
}

fn digits(text: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits in groups that stand before these separators, each of which may be left out.
fn grouped(text: &str, groups: &[(usize, Option<char>)]) -> bool {
    let mut rest = text;
    for (length, separator) in groups {
        let Some((group, after)) = rest.split_at_checked(*length) else { return false };
        if !digits(group, *length..=*length) {
            return false;
        }
        rest = separator.and_then(|one| after.strip_prefix(one)).unwrap_or(after);
    }
    rest.is_empty()
}

const CODE: Rule =
    Rule { pattern: "^\\d{6}$", message: "O token deve ter 6 números.", fits: |text| digits(text, 6..=6) };
const BRANCH: Rule =
    Rule {
        pattern: "^\\d{4}$", message: "A agência deve ter 4 números.", fits: |text| digits(text, 4..=4)
    };
const ACCOUNT: Rule = Rule {
    pattern: "^\\d{5,12}$",
    message: "A conta deve ter de 5 a 12 números.",
    fits: |text| digits(text, 5..=12),
};
const CPF: Rule = Rule {
    pattern: "^\\d{3}\\.?\\d{3}\\.?\\d{3}-?\\d{2}$",
    message: "O CPF deve ter 11 números.",
    fits: |text| grouped(text, &[(3, Some('.')), (3, Some('.')), (3, Some('-')), (2, None)]),
};
const CNPJ: Rule = Rule {
    pattern: "^\\d{2}\\.?\\d{3}\\.?\\d{3}/?\\d{4}-?\\d{2}$",
    message: "O CNPJ deve ter 14 números.",
    fits: |text| grouped(text, &[(2, Some('.')), (3, Some('.')), (3, Some('/')), (4, Some('-')), (2, None)]),
};
const ANYTHING: Rule =
    Rule { pattern: "^[a-z(+$", message: "O usuário é obrigatório.", fits: |text| !text.is_empty() };

fn user() -> Credential {
    field("user", "Usuário", "text")
}

fn password() -> Credential {
    field("password", "Senha", "password")
}

fn cpf() -> Credential {
    Credential { rule: Some(CPF), placeholder: "000.000.000-00", ..field("cpf", "CPF", "text") }
}

impl Form {
    fn fields(self) -> Vec<Credential> {
        let code = Credential {
            rule: Some(CODE),
            placeholder: "123456",
            mfa: true,
            ..field("token", "Chave de segurança", "number")
        };
        match self {
            Self::UserPassword => vec![user(), password()],
            Self::UserPasswordCode => vec![user(), password(), code],
            Self::BranchAccount => vec![
                Credential {
                    rule: Some(BRANCH),
                    placeholder: "0001",
                    ..field("branch", "Agência", "number")
                },
                Credential {
                    rule: Some(ACCOUNT),
                    placeholder: "123456",
                    ..field("account", "Conta", "number")
                },
                user(),
                password(),
            ],
            Self::Cpf => vec![cpf()],
            Self::CpfPassword => vec![cpf(), user(), password()],
            Self::Cnpj => vec![Credential {
                rule: Some(CNPJ),
                placeholder: "00.000.000/0000-00",
                ..field("cnpj", "CNPJ", "text")
            }],
            Self::Nothing => Vec::new(),
            Self::BrokenPattern => vec![Credential { rule: Some(ANYTHING), ..user() }, password()],
            Self::UnknownType => vec![
                user(),
                password(),
                Credential { optional: true, ..field("voice", "Frase falada", "voiceprint") },
            ],
        }
    }

    /// The fields as they are told.
    pub(in crate::pluggy) fn to_json(self) -> Value {
        self.fields().iter().map(Credential::to_json).collect()
    }

    /// What does not fit; nothing when all is well. An empty value is as if missing.
    pub(in crate::pluggy) fn check(self, given: &Parameters) -> Vec<ParameterError> {
        self.fields().iter().filter_map(|field| field.check(given)).collect()
    }
}

impl Credential {
    fn to_json(&self) -> Value {
        let mut told = Map::new();
        told.insert("label".to_owned(), json!(self.label));
        told.insert("name".to_owned(), json!(self.name));
        told.insert("type".to_owned(), json!(self.kind));
        told.insert("optional".to_owned(), json!(self.optional));
        if let Some(rule) = &self.rule {
            told.insert("validation".to_owned(), json!(rule.pattern));
            told.insert("validationMessage".to_owned(), json!(rule.message));
        }
        if !self.placeholder.is_empty() {
            told.insert("placeholder".to_owned(), json!(self.placeholder));
        }
        if self.mfa {
            told.insert("mfa".to_owned(), json!(true));
        }
        Value::Object(told)
    }

    fn check(&self, given: &Parameters) -> Option<ParameterError> {
        let value = given.get(self.name).map(String::as_str).unwrap_or_default();
        let wrong =
            |code, message: String| Some(ParameterError { code, message, parameter: self.name.to_owned() });
        if value.is_empty() {
            let missing = format!("{} is required", self.name);
            return if self.optional { None } else { wrong("001", missing) };
        }
        let rule = self.rule.as_ref().filter(|rule| !(rule.fits)(value))?;
        wrong("002", rule.message.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, Parameters};

    fn errors(form: Form, given: &[(&str, &str)]) -> Vec<(&'static str, String)> {
        let given: Parameters = given.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        form.check(&given).into_iter().map(|error| (error.code, error.parameter)).collect()
    }

    #[test]
    fn a_cpf_may_have_its_separators_or_none() {
        for good in ["76109277673", "761.092.776-73", "761.092776-73"] {
            assert!(errors(Form::Cpf, &[("cpf", good)]).is_empty(), "{good}");
        }
        for wrong in ["7610927767", "761-092-776-73", "761092776733", "7610927767á", "abc.def.ghi-jk"] {
            assert_eq!(errors(Form::Cpf, &[("cpf", wrong)]), [("002", "cpf".to_owned())], "{wrong}");
        }
    }

    #[test]
    fn a_cnpj_has_fourteen_digits() {
        assert!(errors(Form::Cnpj, &[("cnpj", "12.345.678/0001-95")]).is_empty());
        assert_eq!(errors(Form::Cnpj, &[("cnpj", "12.345.678/0001")]).len(), 1);
    }

    #[test]
    fn what_is_missing_is_named() {
        let missing = errors(Form::UserPassword, &[("user", "user-ok"), ("password", "")]);
        assert_eq!(missing, [("001", "password".to_owned())]);
        assert!(errors(Form::UnknownType, &[("user", "a"), ("password", "b")]).is_empty());
    }
}
