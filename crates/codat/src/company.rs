//! A company: whose data it is.
//!
//! Source: platform API 3.0.0, schema `Company`; docs.codat.io, core concepts, companies.

use crate::json::{Object, readable};
use crate::list::judge_page;
use crate::text::{LONGEST_NAME, printable};
use crate::{ApiError, CompanyId, Connection, ListQuery, Page, answer};
use jiff::Timestamp;
use secret::SecretString;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use web::Response;

/// A company.
#[derive(Debug)]
pub struct Company {
    /// Its id.
    pub id: CompanyId,
    /// Its name; not unique.
    pub name: Option<String>,
    /// A note of the client.
    pub description: Option<String>,
    /// Codat's page where the person chooses a platform and approves. Can hold a one-time password.
    pub link_url: Option<SecretString>,
    /// When data was last read.
    pub last_sync: Option<Timestamp>,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// Who made it.
    pub created_by: Option<String>,
    /// Products of Codat that are on for it.
    pub products: Vec<String>,
    /// Pairs of the client.
    pub tags: BTreeMap<String, String>,
    /// Its connections.
    pub connections: Vec<Connection>,
    /// How many of its connections could not be read.
    pub skipped_connections: usize,
}

impl Company {
    fn read(object: Object<'_>) -> Option<Self> {
        let id = object.text("id").and_then(|id| CompanyId::parse(id).ok())?;
        let (connections, skipped_connections) = readable(object.list("dataConnections"), Connection::read);
        let tag = |tags: Object<'_>, key: &str| Some((printable(key, LONGEST_NAME), tags.name(key)?));
        let tags =
            object.object("tags").map(|tags| tags.members().filter_map(|(key, _)| tag(tags, key)).collect());
        Some(Self {
            id,
            name: object.name("name"),
            description: object.name("description"),
            link_url: object.secret("redirect"),
            last_sync: object.instant("lastSync"),
            created: object.instant("created"),
            created_by: object.name("createdByUserName"),
            products: object.list("products").iter().filter_map(product).collect(),
            tags: tags.unwrap_or_default(),
            connections,
            skipped_connections,
        })
    }
}

fn product(value: &Value) -> Option<String> {
    value.as_str().map(|text| printable(text, LONGEST_NAME))
}

/// A company to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCompany {
    name: String,
    description: Option<String>,
    tags: BTreeMap<String, String>,
}

/// Why a company cannot be made like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NewCompanyError {
    /// Nothing of the name would be left.
    #[error("the name needs at least one letter or digit")]
    Name,
    /// More than ten tags.
    #[error("a company has at most ten tags")]
    TooManyTags,
    /// A key of 1 to 27 characters is needed, and a value of at most 100.
    #[error("a tag has a key of 1 to 27 characters and a value of at most 100")]
    Tag,
}

/// Characters beside letters, digits and spaces that Codat keeps in a name; the others it strips in silence.
const KEPT_IN_NAMES: &str = "`-',&@.,?!";
/// Most tags.
const MOST_TAGS: usize = 10;
/// Longest key of a tag.
const LONGEST_TAG_KEY: usize = 27;
/// Longest value of a tag.
const LONGEST_TAG_VALUE: usize = 100;

impl NewCompany {
    /// A company of this name, without the characters that Codat would strip.
    ///
    /// # Errors
    /// [`NewCompanyError::Name`].
    pub fn named(name: &str) -> Result<Self, NewCompanyError> {
        let kept: String =
            name.chars().filter(|c| c.is_alphanumeric() || *c == ' ' || KEPT_IN_NAMES.contains(*c)).collect();
        let name = printable(&kept, LONGEST_NAME);
        if name.chars().any(char::is_alphanumeric) {
            Ok(Self { name, description: None, tags: BTreeMap::new() })
        } else {
            Err(NewCompanyError::Name)
        }
    }

    /// With a note.
    #[must_use]
    pub fn described(mut self, description: &str) -> Self {
        let text = printable(description, LONGEST_NAME);
        self.description = (!text.is_empty()).then_some(text);
        self
    }

    /// With one more tag.
    ///
    /// # Errors
    /// [`NewCompanyError`].
    pub fn tagged(mut self, key: &str, value: &str) -> Result<Self, NewCompanyError> {
        let fits = (1..=LONGEST_TAG_KEY).contains(&key.chars().count());
        if !fits || value.chars().count() > LONGEST_TAG_VALUE {
            return Err(NewCompanyError::Tag);
        }
        self.tags.insert(key.to_owned(), value.to_owned());
        if self.tags.len() > MOST_TAGS { Err(NewCompanyError::TooManyTags) } else { Ok(self) }
    }

    /// The name as it will be stored.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn to_json(&self) -> Value {
        let mut body = json!({ "name": self.name });
        if let Some(members) = body.as_object_mut() {
            if let Some(description) = &self.description {
                members.insert("description".to_owned(), json!(description));
            }
            if !self.tags.is_empty() {
                members.insert("tags".to_owned(), json!(self.tags));
            }
        }
        body
    }
}

/// Judges a list of companies.
///
/// # Errors
/// [`ApiError`].
pub fn judge_companies(
    response: &Response,
    asked: &ListQuery,
    now: Timestamp,
) -> Result<Page<Company>, ApiError> {
    judge_page(response, asked, now, Company::read)
}

/// Judges one company.
///
/// # Errors
/// [`ApiError`].
pub fn judge_company(response: &Response, now: Timestamp) -> Result<Company, ApiError> {
    answer::object(response, now, Company::read)
}

/// Judges what an organization calls itself in its own data; none where it does not say.
///
/// Source: lending API, `/data/info` and `/data/commerce-info`, as in the npm package `@codat/lending` 4.3.0.
///
/// # Errors
/// [`ApiError`].
pub fn judge_profile(response: &Response, now: Timestamp) -> Result<Option<String>, ApiError> {
    answer::object(response, now, |object| {
        Some(object.name("companyName").or_else(|| object.name("companyLegalName")))
    })
}
