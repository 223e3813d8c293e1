//! What may be done: by status, by credentials, by platform.

use crate::fixtures::{api_key, company, company_token, connection};
use codat::{
    Action, Api, ClientAction, ConnectionStatus, Connector, Disconnect, Mode, Pause, Platform, PlatformKey,
    actions, client_actions,
};
use jiff::SignedDuration;

#[test]
fn each_status_has_its_actions() {
    use Action::{Delete, Link, Pause, Reauthorize, Refresh, Unlink};
    let other = || ConnectionStatus::Other("Hibernating".to_owned());
    let rows: [(ConnectionStatus, Mode, &[Action]); 10] = [
        (ConnectionStatus::PendingAuth, Mode::ApiKey, &[Link, Delete]),
        (ConnectionStatus::PendingAuth, Mode::CompanyToken, &[Link]),
        (ConnectionStatus::Linked, Mode::ApiKey, &[Refresh, Pause, Unlink, Delete]),
        (ConnectionStatus::Linked, Mode::CompanyToken, &[Pause, Unlink]),
        (ConnectionStatus::Unlinked, Mode::ApiKey, &[Reauthorize, Delete]),
        (ConnectionStatus::Unlinked, Mode::CompanyToken, &[Reauthorize]),
        (ConnectionStatus::Deauthorized, Mode::ApiKey, &[Reauthorize, Delete]),
        (ConnectionStatus::Deauthorized, Mode::CompanyToken, &[Reauthorize]),
        (other(), Mode::ApiKey, &[Delete]),
        (other(), Mode::CompanyToken, &[]),
    ];
    for (status, mode, expected) in rows {
        assert_eq!(actions(&status, mode), expected, "{status} {mode:?}");
    }
}

#[test]
fn what_is_offered_is_what_a_request_can_be_made_for() {
    let api = Api::codat();
    for credentials in [api_key(), company_token()] {
        let with = api.with(&credentials);
        let offered = |action: Action| {
            ["PendingAuth", "Linked", "Unlinked", "Deauthorized", "Hibernating"]
                .iter()
                .any(|word| actions(&ConnectionStatus::of(word), credentials.mode()).contains(&action))
        };
        assert_eq!(offered(Action::Unlink), with.unlink(&company(), &connection()).is_ok());
        assert_eq!(offered(Action::Delete), with.delete_connection(&company(), &connection()).is_ok());
        assert_eq!(offered(Action::Refresh), with.refresh_all(&company()).is_ok());
        assert_eq!(offered(Action::Reauthorize), with.connection(&company(), &connection()).is_ok());
        let connect = client_actions(credentials.mode()).contains(&ClientAction::Connect);
        let xero = PlatformKey::parse("gbol").unwrap();
        assert_eq!(connect, with.create_connection(&company(), &xero).is_ok());
    }
}

#[test]
fn unlinking_keeps_data_and_deleting_does_not() {
    let unlink = Action::Unlink.consequence();
    assert!(unlink.ends_access && unlink.codat_keeps_data && unlink.can_be_undone);
    let delete = Action::Delete.consequence();
    assert!(delete.ends_access && !delete.codat_keeps_data && !delete.can_be_undone);
    for action in [Action::Link, Action::Reauthorize, Action::Refresh, Action::Pause] {
        assert!(!action.consequence().ends_access, "{action:?}");
    }
}

#[test]
fn particular_platforms_are_known() {
    let of = |key: &str| Platform::of(Some(&PlatformKey::parse(key).unwrap()));
    assert_eq!(of("gbol").disconnect, Disconnect::UnlinkOrDelete);
    assert_eq!(of("pqsw").pause, Pause::OwnSyncsAndConnectorElsewhere);
    assert_eq!(of("pqsw").connector, Connector::OnThisComputer);
    assert_eq!(of("hbql").connector, Connector::OnThisComputer);
    assert_eq!(of("hcws").link_life, Some(SignedDuration::from_hours(1)));
    for key in ["qhyg", "akxx", "knfz"] {
        assert!(of(key).identity_checked, "{key}");
    }
    for key in ["mqjo", "aiwb", "ndsk", "lrhd", "xcwv", "yzth"] {
        assert!(of(key).is_sandbox, "{key}");
    }
    assert_eq!(of("zzzz"), Platform::of(None));
    assert_eq!(Platform::of(None).disconnect, Disconnect::Unlink);
    assert_eq!(Platform::of(None).pause, Pause::OwnSyncs);
}
