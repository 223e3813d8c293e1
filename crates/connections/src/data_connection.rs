//! What a connection knows of its data connection at Codat, and when that is worth another look.
//!
//! Pure: what Codat says and an instant go in, facts come out. Nothing secret is in here: link addresses are left out.

use crate::step::{CLOCK_STEP, add};
use crate::view::OtherOrganization;
use codat::{Organization, PlatformKey, SameOrganization};
use jiff::{SignedDuration, Timestamp};
use providers::Category;
use serde::{Deserialize, Serialize};

/// What is kept of a data connection between two looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataConnection {
    /// Codat's id for the company.
    pub company: String,
    /// The company's name.
    pub company_name: Option<String>,
    /// Codat's id for the connection.
    pub id: String,
    /// Codat's key for the platform.
    pub platform: Option<String>,
    /// The source; at some platforms the bank.
    pub source_id: Option<String>,
    /// Codat's own word for where it stands.
    pub word: String,
    /// When it was made at Codat.
    pub made_at: Option<Timestamp>,
    /// The organization that was approved, where somebody told.
    pub organization: Option<String>,
    /// What the organization calls itself in the data that was read.
    #[serde(default)]
    pub profile: Option<String>,
    /// When that was looked for.
    #[serde(default)]
    pub profile_at: Option<Timestamp>,
    /// The last reconnect came back with another one.
    pub other_organization: Option<OtherOrganization>,
    /// Whether it was deleted elsewhere.
    pub gone: bool,
    /// Since when somebody may be approving.
    pub approving_since: Option<Timestamp>,
    /// The newest error from before that, by Codat's clock.
    pub known_error: Option<Timestamp>,
    /// Since when data is read on request.
    pub reading_since: Option<Timestamp>,
    /// When to look again; none when nothing is to be expected.
    pub look_at: Option<Timestamp>,
    /// Looks in a row that got no answer; sets the pause before the next.
    pub failed_looks: u32,
}

/// What a look at a data connection has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataObservation {
    /// Where it stands; none for a word that this version does not know.
    pub status: Option<codat::Status>,
    /// Codat's own word.
    pub word: String,
    /// The platform's name.
    pub platform_name: Option<String>,
    /// Codat's key for the platform.
    pub platform: Option<String>,
    /// The source.
    pub source_id: Option<String>,
    /// What it is about.
    pub category: Category,
    /// When it was made.
    pub made_at: Option<Timestamp>,
    /// When data was last read.
    pub last_sync: Option<Timestamp>,
    /// The organization, where a return has told.
    pub organization: Option<String>,
    /// The company's name, where it came along.
    pub company_name: Option<String>,
}

/// What `connection` shows. `organization` and `company_name` come from elsewhere, if from anywhere.
pub fn observe(
    connection: &codat::Connection,
    organization: Option<String>,
    company_name: Option<String>,
) -> DataObservation {
    let standing = codat::standing(connection);
    DataObservation {
        status: standing.status,
        word: standing.word,
        platform_name: connection.platform_name.clone(),
        platform: connection.integration_key.as_ref().map(|key| key.as_str().to_owned()),
        source_id: connection.source_id.clone(),
        category: category_of(connection),
        made_at: standing.created,
        last_sync: standing.last_sync,
        organization,
        company_name,
    }
}

/// Mooring's word for what a connection or an integration is about.
pub fn category_of(one: &impl codat::Categorized) -> Category {
    match codat::category(one) {
        codat::Category::Accounting => Category::Accounting,
        codat::Category::Banking => Category::Banking,
        codat::Category::Commerce => Category::Commerce,
        codat::Category::Other => Category::Other,
    }
}

/// Codat's word for a category, for the person's own words about it.
pub const fn text_category(category: Category) -> codat::Category {
    match category {
        Category::Accounting => codat::Category::Accounting,
        Category::Banking => codat::Category::Banking,
        Category::Commerce | Category::Payments => codat::Category::Commerce,
        Category::Payroll | Category::Other => codat::Category::Other,
    }
}

impl DataConnection {
    /// What is known of the organization.
    fn known(&self) -> Organization {
        Organization {
            source_id: self.source_id.clone(),
            platform: self.platform.as_deref().and_then(|key| PlatformKey::parse(key).ok()),
            name: self.organization.clone(),
        }
    }

    /// Takes what is waited for along with a clock that was set back.
    pub(crate) fn set_back(&mut self, by: SignedDuration) {
        let instants = [&mut self.approving_since, &mut self.reading_since, &mut self.look_at];
        for instant in instants.into_iter().flatten() {
            *instant = add(*instant, -by);
        }
    }

    /// The other organization that `seen` shows, if it shows one.
    pub fn other_than(&self, seen: &DataObservation) -> Option<OtherOrganization> {
        let after = Organization {
            source_id: seen.source_id.clone(),
            platform: seen.platform.as_deref().and_then(|key| PlatformKey::parse(key).ok()),
            name: seen.organization.clone(),
        };
        (self.known().is_same(&after) == SameOrganization::No).then(|| OtherOrganization {
            before: self.organization.clone(),
            after: seen.organization.clone(),
        })
    }
}

/// How long an approval is waited for: a link that was forwarded to an accountant may lie for days.
const LONGEST_APPROVAL: SignedDuration = SignedDuration::from_hours(24 * 7);
/// How long a reading is followed; a connector on a computer that is off may take longer, and is seen by the next list.
const LONGEST_READING: SignedDuration = SignedDuration::from_hours(24);
/// Longest pause between two looks, and after looks that got no answer.
const LONGEST_RETRY: SignedDuration = SignedDuration::from_hours(1);

/// When to look at a data connection again; none when nothing is to be expected.
///
/// An account without a connected company has a thousand requests a day, so the pause grows with the time waited.
pub fn next_look(facts: &DataConnection, now: Timestamp) -> Option<Timestamp> {
    let pause = |since: Option<Timestamp>, longest: SignedDuration| {
        let waited = now.duration_since(since?);
        (waited <= longest).then(|| growing(waited))
    };
    let approval = pause(facts.approving_since, LONGEST_APPROVAL);
    let reading = pause(facts.reading_since, LONGEST_READING);
    let pause = approval.into_iter().chain(reading).min()?;
    now.checked_add(pause).ok()
}

/// Whether a reading has been followed for so long that it is given up.
pub fn is_given_up(facts: &DataConnection, now: Timestamp) -> bool {
    facts.reading_since.is_some_and(|since| now.duration_since(since) > LONGEST_READING)
}

fn growing(waited: SignedDuration) -> SignedDuration {
    // It began at a time that has not come: since when it has been waited for nobody knows.
    if waited < -CLOCK_STEP {
        return LONGEST_RETRY;
    }
    let seconds = match waited.as_secs() {
        ..=30 => 2,
        31..=300 => 5,
        301..=1_200 => 20,
        1_201..=7_200 => 120,
        7_201..=86_400 => 900,
        _ => 3_600,
    };
    SignedDuration::from_secs(seconds)
}

/// When to look again after looks that got no answer.
pub fn look_after_failure(failed: u32, not_before: Option<Timestamp>, now: Timestamp) -> Timestamp {
    let pause = SignedDuration::from_secs(5 << failed.saturating_sub(1).min(10)).min(LONGEST_RETRY);
    let at = now.checked_add(pause).unwrap_or(now);
    not_before.map_or(at, |not_before| not_before.max(at))
}
