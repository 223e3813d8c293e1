//! A scripted person: signs in at the bank, chooses accounts, allows or cancels.
//!
//! It meets the pages as a browser does, by links, cookies and form fields, and runs no script. It never requests
//! the address the bank sends it back to: that is for the client under test.

mod browser;

use browser::{Browser, Page};
use url::Url;

/// How many redirects and forms lead from an authorization request to its end, generously.
const STEPS: usize = 12;

/// What the person does on the pages.
#[derive(Clone, Debug)]
pub struct Choices {
    /// User name at the bank.
    pub user: String,
    /// Ids of the accounts to share; all when none are named.
    pub accounts: Option<Vec<String>>,
    /// The organization to connect at a practice platform; the one that is suggested when none is named.
    pub organization: Option<String>,
}

impl Default for Choices {
    fn default() -> Self {
        Self { user: "ana".to_owned(), accounts: None, organization: None }
    }
}

/// Why the person did not come back.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    /// The address to begin with is not one of a bank on loopback.
    #[error("not an http address on loopback")]
    NotLoopback,
    /// The bank did not answer, or not in HTTP.
    #[error("the bank did not answer")]
    NoAnswer(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A page had nothing to go on with: an error, or a page that needs a script.
    #[error("the person is stuck on a page with status {status}")]
    Stuck {
        /// HTTP status of that page.
        status: u16,
    },
}

/// Signs in and allows; answers the address the bank redirects to, which is not requested.
///
/// # Errors
/// The bank does not answer, or shows a page without a way on.
pub async fn approve(authorization_url: &str, choices: &Choices) -> Result<String, PersonError> {
    visit(authorization_url, choices, "allow").await
}

/// Signs in and cancels; answers the address the bank redirects to, which is not requested.
///
/// # Errors
/// The bank does not answer, or shows a page without a way on.
pub async fn deny(authorization_url: &str) -> Result<String, PersonError> {
    visit(authorization_url, &Choices::default(), "cancel").await
}

/// Types the code of a device at `page`, signs in and allows or cancels. It ends on a page that says so: the answer
/// goes to the device.
///
/// # Errors
/// The bank does not answer, or does not take the code.
pub async fn decide_device(page: &str, allow: bool) -> Result<(), PersonError> {
    let decision = if allow { "allow" } else { "cancel" };
    match visit(page, &Choices::default(), decision).await {
        Err(PersonError::Stuck { status: 200 }) => Ok(()),
        Err(error) => Err(error),
        Ok(_) => Err(PersonError::Stuck { status: 303 }),
    }
}

async fn visit(authorization_url: &str, choices: &Choices, decision: &str) -> Result<String, PersonError> {
    let start = Url::parse(authorization_url).map_err(|_| PersonError::NotLoopback)?;
    let mut browser = Browser::at(&start)?;
    let mut page = browser.get(&start).await?;
    for _ in 0..STEPS {
        page = match page {
            Page::Redirect(target) if browser.is_home(&target) => browser.get(&target).await?,
            Page::Redirect(target) => return Ok(target.into()),
            Page::Shown { status, html, address } => {
                let form = browser::form(&html).ok_or(PersonError::Stuck { status })?;
                let target = address.join(&form.action).map_err(|_| PersonError::Stuck { status })?;
                browser.post(&target, &fill(form.fields, choices, decision)).await?
            }
        };
    }
    Err(PersonError::Stuck { status: 0 })
}

/// What the person makes of a form's fields.
fn fill(fields: Vec<(String, String)>, choices: &Choices, decision: &str) -> Vec<(String, String)> {
    let wanted = |id: &str| choices.accounts.as_ref().is_none_or(|ids| ids.iter().any(|other| other == id));
    let mut filled: Vec<_> =
        fields.into_iter().filter(|(name, id)| name != "account" || wanted(id)).collect();
    for (name, value) in &mut filled {
        match name.as_str() {
            "user" => value.clone_from(&choices.user),
            "password" => "practice".clone_into(value),
            "organization" => choices.organization.iter().for_each(|name| value.clone_from(name)),
            _ => {}
        }
    }
    filled.push(("decision".to_owned(), decision.to_owned()));
    filled
}
