//! The form that a connector asks for, and the question of an item.
//!
//! Checks what is typed before it is sent, as a kindness: the API has the last word. A pattern that cannot be used
//! never stands in the person's way.

mod pattern;
mod pattern_cost;
mod picture;

use crate::parameters::Parameters;
use crate::resources::{Connector, Field, FieldKind, Item, SelectOption};
use jiff::Timestamp;
use pattern::Pattern;

pub use picture::{Picture, PictureKind};

/// Longest value that is sent, in characters.
const LONGEST_VALUE: usize = 1_000;

/// What a connector asks for.
#[derive(Debug)]
pub struct Form {
    /// In the connector's order.
    pub fields: Vec<FormField>,
}

/// What an item asks for.
#[derive(Debug)]
pub struct Question {
    /// The one field.
    pub field: FormField,
    /// What the institution says about it.
    pub instructions: Option<String>,
    /// Until when it can be answered.
    pub expires_at: Option<Timestamp>,
}

/// How a field is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Any text.
    Text,
    /// Digits; a text, so that leading zeros stay.
    Digits,
    /// Hidden while it is typed.
    Hidden,
    /// One of these.
    Choice(Vec<Choice>),
    /// What the picture says, or nothing where it is only to be scanned.
    Picture(Picture),
    /// Any text, for a kind of field that is not known here.
    Unfamiliar(String),
}

/// What can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub label: String,
}

/// A field to be filled in.
#[derive(Debug)]
pub struct FormField {
    /// Name under which the value is sent.
    pub name: String,
    /// What it is called for people.
    pub label: String,
    /// How it is filled in.
    pub input: Input,
    /// Whether it may stay empty.
    pub is_optional: bool,
    /// Whether it is a second factor, such as the code of an authenticator.
    pub is_mfa: bool,
    /// An example in the empty field.
    pub placeholder: Option<String>,
    /// Help.
    pub assistive_text: Option<String>,
    /// What to say when the value does not match.
    pub validation_message: Option<String>,
    /// Whether there is a pattern that cannot be used here; the API checks it still.
    pub pattern_ignored: bool,
    pattern: Option<Pattern>,
}

/// What is wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Complaint {
    /// Empty, and must not be.
    Missing,
    /// Longer than 1,000 characters.
    TooLong,
    /// Something else than digits.
    NotDigits,
    /// None of the choices.
    NotAChoice,
    /// Against the institution's pattern; [`FormField::validation_message`] says how it should be.
    AgainstPattern,
}

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// It fits.
    Fits,
    /// Nothing is wrong as far as can be told here; the institution's pattern was not tried.
    Untried,
    /// It does not fit.
    Wrong(Complaint),
}

impl Form {
    /// What `connector` asks for.
    pub fn of(connector: &Connector) -> Self {
        Self { fields: connector.fields.iter().map(FormField::of).collect() }
    }

    /// What is wrong with `parameters`, by field; nothing when they can be sent.
    pub fn complaints(&self, parameters: &Parameters) -> Vec<(&str, Complaint)> {
        let complaint = |field: &FormField| {
            // EXPOSE: checked in place; a yes or no leaves.
            match field.check(parameters.get(&field.name).map_or("", |value| value.expose().as_str())) {
                Check::Wrong(complaint) => Some(complaint),
                Check::Fits | Check::Untried => None,
            }
        };
        let of_field = |field| complaint(field).map(|complaint| (field.name.as_str(), complaint));
        self.fields.iter().filter_map(of_field).collect()
    }
}

impl Question {
    /// What `item` asks; none when it asks nothing, or for an approval, which [`crate::page_to_open`] leads to.
    pub fn of(item: &Item) -> Option<Self> {
        let parameter = item.parameter.as_ref().filter(|parameter| !parameter.is_approval())?;
        Some(Self {
            field: FormField::of(parameter),
            instructions: parameter.instructions.clone(),
            expires_at: parameter.expires_at,
        })
    }

    /// Whether it is too late to answer at `now`.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }
}

impl FormField {
    fn of(field: &Field) -> Self {
        let pattern = field.validation.as_deref().map(Pattern::new);
        let pattern_ignored = matches!(pattern, Some(None));
        Self {
            name: field.name.clone(),
            label: field.label.clone(),
            input: input(field),
            is_optional: field.is_optional,
            is_mfa: field.is_mfa,
            placeholder: field.placeholder.clone(),
            assistive_text: field.assistive_text.clone(),
            validation_message: field.validation_message.clone(),
            pattern_ignored,
            pattern: pattern.flatten(),
        }
    }

    /// Whether `value` can be sent.
    pub fn check(&self, value: &str) -> Check {
        let length = value.chars().count();
        let complaint = if value.is_empty() {
            return if self.may_be_empty() { Check::Fits } else { Check::Wrong(Complaint::Missing) };
        } else if length > LONGEST_VALUE {
            Some(Complaint::TooLong)
        } else {
            self.complaint_of_kind(value)
        };
        if let Some(complaint) = complaint {
            return Check::Wrong(complaint);
        }
        let Some(pattern) = &self.pattern else {
            return if self.pattern_ignored { Check::Untried } else { Check::Fits };
        };
        match pattern.matches(value) {
            Some(true) => Check::Fits,
            Some(false) => Check::Wrong(Complaint::AgainstPattern),
            None => Check::Untried,
        }
    }

    /// A picture may be all there is to the question: it is scanned, and nothing is typed.
    const fn may_be_empty(&self) -> bool {
        self.is_optional || matches!(self.input, Input::Picture(_))
    }

    fn complaint_of_kind(&self, value: &str) -> Option<Complaint> {
        match &self.input {
            // A pattern knows better: that of a CPF lets its dots and its hyphen through.
            Input::Digits if self.pattern.is_none() && !value.bytes().all(|byte| byte.is_ascii_digit()) => {
                Some(Complaint::NotDigits)
            }
            Input::Choice(choices) if !choices.iter().any(|choice| choice.value == value) => {
                Some(Complaint::NotAChoice)
            }
            _ => None,
        }
    }
}

fn input(field: &Field) -> Input {
    match &field.kind {
        FieldKind::Number => Input::Digits,
        FieldKind::Password => Input::Hidden,
        // A choice without options could never be made.
        FieldKind::Select if !field.options.is_empty() => {
            Input::Choice(field.options.iter().map(choice).collect())
        }
        FieldKind::Image => {
            let picture = field.data.as_deref().and_then(Picture::from_base64);
            picture.map_or(Input::Text, Input::Picture)
        }
        FieldKind::Text | FieldKind::Select | FieldKind::EthAddress => Input::Text,
        kind @ (FieldKind::Hcaptcha | FieldKind::Oauth) => Input::Unfamiliar(kind.to_string()),
        FieldKind::Other(kind) => Input::Unfamiliar(kind.clone()),
    }
}

fn choice(option: &SelectOption) -> Choice {
    Choice { value: option.value.clone(), label: option.label.clone() }
}
