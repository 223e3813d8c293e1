//! What a caller may do: what the person decided, and what holds where nothing was decided.
//!
//! Pure: knows nothing of storage, questions and time.
//!
//! Invariants
//! - A decision about one connection stands above one about all; a refusal above a permission of the same reach.
//! - What was decided stands above what our own command line may undecided.
//! - What makes or ends connections, and what lets programs in, is given to no program over the socket but our own
//!   command line, whatever is stored.

use crate::caller::{Access, Caller, Channel};
use connections::ConnectionKey;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the person answers to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Decision {
    /// Whoever waits may; the next time is asked again.
    Once,
    /// Until the vault is locked.
    UntilLocked,
    /// For good, until it is taken back.
    Always,
    /// Not this time.
    NotNow,
    /// Never, until it is taken back.
    Never,
}

/// One thing that the person decided about a caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Permission {
    /// About what.
    pub access: Access,
    /// About which connection; none is all.
    pub connection: Option<ConnectionKey>,
    /// Whether it may.
    pub allowed: bool,
    /// Ends when the vault is locked; such a one is never written.
    #[serde(default)]
    pub until_locked: bool,
    /// Since when.
    #[ts(type = "string")]
    pub since: Timestamp,
}

/// How a request stands before anybody is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It may.
    Allowed,
    /// It may not; the reason goes into the answer.
    Refused(&'static str),
    /// The person is asked.
    Ask,
}

/// The person refused.
pub(crate) const REFUSED: &str = "refused";
/// The question was not answered in time.
pub(crate) const NOBODY_ANSWERED: &str = "nobodyAnswered";
/// There is no window in which to ask.
pub(crate) const NOBODY_THERE: &str = "nobodyThere";
/// Only our own programs may.
pub(crate) const NOT_OURS: &str = "notOurs";

/// What a program wants to do.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Demand<'a> {
    /// What has to be allowed.
    pub(crate) access: Access,
    /// For which connection; none is all.
    pub(crate) connection: Option<&'a ConnectionKey>,
    /// Whether something ends by it: a connection, a registration.
    pub(crate) ends: bool,
}

/// Whom the gate can ask, and what holds where nobody decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// There is a window in which the person can be asked.
    Window,
    /// There is none; our command line may, since the person started the agent for it.
    Nobody,
    /// There is none, and nobody may what was not allowed beforehand.
    Strict,
}

/// How a demand of `caller` stands, given what was decided about it.
pub(crate) fn standing(
    caller: &Caller,
    demand: Demand<'_>,
    decided: &[Permission],
    presence: Presence,
) -> Standing {
    if is_ours_alone(caller, demand.access) {
        return Standing::Refused(NOT_OURS);
    }
    match verdict(decided, demand.access, demand.connection) {
        Some(true) => Standing::Allowed,
        Some(false) => Standing::Refused(REFUSED),
        None if presence == Presence::Strict => Standing::Refused(NOBODY_THERE),
        None if caller.through_cli && (presence == Presence::Nobody || is_harmless(demand)) => {
            Standing::Allowed
        }
        None if presence == Presence::Window => Standing::Ask,
        None => Standing::Refused(NOBODY_THERE),
    }
}

/// What our command line does unasked also where a window is: nothing leaves by it, and nothing is lost.
const fn is_harmless(demand: Demand<'_>) -> bool {
    match demand.access {
        Access::List | Access::Connect => true,
        Access::Manage => !demand.ends,
        Access::Token | Access::ReadData | Access::Admission => false,
    }
}

/// Programs at the socket that want to manage use our command line; a page never manages.
const fn is_ours_alone(caller: &Caller, access: Access) -> bool {
    match (caller.channel, access) {
        (_, Access::Token | Access::ReadData | Access::List) => false,
        (Channel::Socket, _) => !caller.through_cli,
        (Channel::Http, _) => matches!(access, Access::Admission),
        (Channel::Web, _) => !matches!(access, Access::Connect),
    }
}

/// What the decisions say: those about the connection first, then those about all.
fn verdict(decided: &[Permission], access: Access, connection: Option<&ConnectionKey>) -> Option<bool> {
    let about = |one: Option<&ConnectionKey>| {
        let mut fitting = decided
            .iter()
            .filter(|permission| permission.connection.as_ref() == one && covers(permission, access))
            .peekable();
        fitting.peek().is_some().then(|| fitting.all(|permission| permission.allowed))
    };
    connection.and_then(|one| about(Some(one))).or_else(|| about(None))
}

/// Whoever may have tokens or data of a connection may know that it is there.
fn covers(permission: &Permission, access: Access) -> bool {
    let implied = access == Access::List && matches!(permission.access, Access::Token | Access::ReadData);
    permission.access == access || (implied && permission.allowed)
}

#[cfg(test)]
mod tests {
    use super::{Demand, NOBODY_THERE, NOT_OURS, Permission, Presence, REFUSED, Standing};
    use crate::caller::{Access, Caller};
    use connections::ConnectionKey;
    use jiff::Timestamp;
    use std::path::Path;

    fn standing(
        caller: &Caller,
        access: Access,
        connection: Option<&ConnectionKey>,
        decided: &[Permission],
        there: bool,
    ) -> Standing {
        let presence = if there { Presence::Window } else { Presence::Nobody };
        super::standing(caller, Demand { access, connection, ends: false }, decided, presence)
    }

    fn program() -> Caller {
        Caller::program(Some(Path::new("/usr/bin/sheet")), Some(7))
    }

    fn through_cli() -> Caller {
        Caller { through_cli: true, ..program() }
    }

    fn key(id: &str) -> ConnectionKey {
        ConnectionKey::parse("bank", id).unwrap()
    }

    fn permission(access: Access, connection: Option<&str>, allowed: bool) -> Permission {
        Permission {
            access,
            connection: connection.map(key),
            allowed,
            until_locked: false,
            since: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_program_that_nobody_decided_about_is_asked_about_or_refused() {
        for access in [Access::Token, Access::ReadData, Access::List] {
            let stands = |there| standing(&program(), access, None, &[], there);
            assert_eq!(stands(true), Standing::Ask, "{access:?}");
            assert_eq!(stands(false), Standing::Refused(NOBODY_THERE), "{access:?}");
        }
    }

    #[test]
    fn a_program_at_the_socket_never_manages_whatever_is_stored() {
        for access in [Access::Connect, Access::Manage, Access::Admission] {
            let stored = [permission(access, None, true)];
            for there in [true, false] {
                let stands = standing(&program(), access, None, &stored, there);
                assert_eq!(stands, Standing::Refused(NOT_OURS), "{access:?}");
            }
        }
    }

    #[test]
    fn a_page_connects_when_it_is_allowed_and_never_manages() {
        let page = Caller::page("https://books.example");
        assert_eq!(standing(&page, Access::Connect, None, &[], true), Standing::Ask);
        for access in [Access::Manage, Access::Admission] {
            let stored = [permission(access, None, true)];
            assert_eq!(standing(&page, access, None, &stored, true), Standing::Refused(NOT_OURS));
        }
        let http = Caller::http(None, None);
        assert_eq!(standing(&http, Access::Manage, None, &[], true), Standing::Ask);
        assert_eq!(standing(&http, Access::Manage, None, &[], false), Standing::Refused(NOBODY_THERE));
        assert_eq!(standing(&http, Access::Admission, None, &[], true), Standing::Refused(NOT_OURS));
    }

    #[test]
    fn the_command_line_manages_and_asks_for_secrets_where_somebody_is_there() {
        let stands = |access, there| standing(&through_cli(), access, None, &[], there);
        for access in [Access::List, Access::Connect, Access::Manage] {
            assert_eq!(stands(access, true), Standing::Allowed, "{access:?}");
        }
        for access in [Access::Token, Access::ReadData, Access::Admission] {
            assert_eq!(stands(access, true), Standing::Ask, "{access:?}");
            assert_eq!(stands(access, false), Standing::Allowed, "{access:?}: the agent was started for it");
        }
        let never = [permission(Access::Token, None, false)];
        let stands = standing(&through_cli(), Access::Token, Some(&key("ana")), &never, false);
        assert_eq!(stands, Standing::Refused(REFUSED), "what the person decided stands above the default");
    }

    #[test]
    fn what_was_decided_holds_for_the_command_line_too() {
        for access in [Access::List, Access::Connect, Access::Manage, Access::Admission] {
            for there in [true, false] {
                let never = [permission(access, None, false)];
                let stands = standing(&through_cli(), access, None, &never, there);
                assert_eq!(stands, Standing::Refused(REFUSED), "{access:?}");
            }
        }
        let never_ana = [permission(Access::List, Some("ana"), false)];
        let of = |id: &str| standing(&through_cli(), Access::List, Some(&key(id)), &never_ana, true);
        assert_eq!((of("ana"), of("joao")), (Standing::Refused(REFUSED), Standing::Allowed));
    }

    #[test]
    fn what_ends_something_is_asked_where_somebody_is_there() {
        let ana = key("ana");
        let ends = Demand { access: Access::Manage, connection: Some(&ana), ends: true };
        let stands =
            |decided: &[Permission], presence| super::standing(&through_cli(), ends, decided, presence);
        assert_eq!(stands(&[], Presence::Window), Standing::Ask);
        assert_eq!(stands(&[], Presence::Nobody), Standing::Allowed, "the agent was started for it");
        let always = [permission(Access::Manage, None, true)];
        assert_eq!(stands(&always, Presence::Window), Standing::Allowed);
    }

    #[test]
    fn a_strict_agent_lets_through_what_was_allowed_before_and_nothing_else() {
        let stands = |caller: &Caller, access, decided: &[Permission]| {
            let demand = Demand { access, connection: None, ends: false };
            super::standing(caller, demand, decided, Presence::Strict)
        };
        for caller in [program(), through_cli()] {
            for access in [Access::Token, Access::ReadData, Access::List] {
                assert_eq!(stands(&caller, access, &[]), Standing::Refused(NOBODY_THERE), "{access:?}");
                let allowed = [permission(access, None, true)];
                assert_eq!(stands(&caller, access, &allowed), Standing::Allowed, "{access:?}");
            }
        }
        for access in [Access::Connect, Access::Manage, Access::Admission] {
            assert_eq!(stands(&through_cli(), access, &[]), Standing::Refused(NOBODY_THERE), "{access:?}");
        }
    }

    #[test]
    fn one_connection_stands_above_all_and_says_nothing_about_others() {
        let decided = [permission(Access::Token, None, false), permission(Access::Token, Some("ana"), true)];
        let stands = |id| standing(&program(), Access::Token, Some(&key(id)), &decided, true);
        assert_eq!(stands("ana"), Standing::Allowed);
        assert_eq!(stands("joao"), Standing::Refused(REFUSED));
        let only_ana = [permission(Access::Token, Some("ana"), true)];
        assert_eq!(standing(&program(), Access::Token, None, &only_ana, true), Standing::Ask);
    }

    #[test]
    fn tokens_are_not_data_and_either_lets_the_name_be_known() {
        let tokens = [permission(Access::Token, Some("ana"), true)];
        let ana = key("ana");
        assert_eq!(standing(&program(), Access::ReadData, Some(&ana), &tokens, true), Standing::Ask);
        assert_eq!(standing(&program(), Access::List, Some(&ana), &tokens, false), Standing::Allowed);
        assert_eq!(standing(&program(), Access::List, None, &tokens, true), Standing::Ask);
        let refused = [permission(Access::Token, Some("ana"), false)];
        assert_eq!(standing(&program(), Access::List, Some(&ana), &refused, true), Standing::Ask);
        let both = [permission(Access::Token, None, true), permission(Access::List, None, false)];
        let stands = standing(&program(), Access::List, None, &both, true);
        assert_eq!(
            stands,
            Standing::Refused(REFUSED),
            "a refusal stands above what follows from a permission"
        );
    }
}
