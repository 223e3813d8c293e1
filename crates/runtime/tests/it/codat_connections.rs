//! Connections through Codat that are there already: listed, ended, deleted, read; and everything that goes wrong.

use crate::codat_place::{CODAT, codat_place, config, fields, key_of, known, settled, until};
use connections::RevocationOutcome;
use connections::activity::ActivityKind;
use connections::connection::{Needs, Reachability, Status};
use connections::error::ErrorCode;
use connections::view::{CodatAction, CodatDisconnect, CodatEvent, CoreEvent, Source};
use connections::{CodatTextsInput, codat_config::CodatFields};
use sandbox::codat::{Switch, SyncEnd, Trouble};
use std::time::Duration;

#[tokio::test]
async fn connections_that_were_made_elsewhere_are_in_the_one_list() {
    let place = codat_place().await;
    let core = place.core();
    let there = place.world.codat().connections();
    let here: Vec<_> = core.connections().into_iter().filter(|one| one.source == Source::Codat).collect();
    assert_eq!(here.len(), there.len());
    for one in &there {
        let connection = core.connection(&key_of(&core, &one.connection)).unwrap();
        assert_eq!(format!("{:?}", connection.status), one.status, "{}", one.platform_key);
        assert_eq!(connection.first_authorized_at.is_some(), connection.status != Status::PendingAuth);
    }
    let again = core.list_codat(&config()).await.unwrap();
    assert_eq!((again.found, again.new, again.gone), (there.len(), 0, 0), "nothing is listed twice");
}

#[tokio::test]
async fn a_disconnect_unlinks_keeps_and_tells() {
    let place = codat_place().await;
    let core = place.core();
    let key = known(&place, "qhyg", "Linked");
    let before = core.connection(&key).unwrap();
    let mut events = core.subscribe();
    assert_eq!(core.disconnect(&key).await.unwrap(), RevocationOutcome::Confirmed);
    let after = core.connection(&key).unwrap();
    assert_eq!(after.status, Status::Unlinked);
    assert_eq!(after.last_synced_at, before.last_synced_at, "what was read stays");
    assert!(
        place
            .world
            .codat()
            .connections()
            .iter()
            .any(|one| { one.connection == key.connection_id.as_str() && one.status == "Unlinked" })
    );
    let wanted = CodatEvent::OnDisconnect { connection_id: key.connection_id.to_string() };
    assert!(
        std::iter::from_fn(|| events.try_recv().ok())
            .any(|event| matches!(event, CoreEvent::CodatHappened { event, .. } if event == wanted))
    );
}

#[tokio::test]
async fn xero_offers_both_ways_and_says_what_each_does() {
    let place = codat_place().await;
    let core = place.core();
    let view = core.show_codat(&known(&place, "gbol", "Linked")).await.unwrap();
    assert_eq!(view.disconnect, CodatDisconnect::UnlinkOrDelete);
    let of = |action| *view.actions.iter().find(|one| one.action == action).unwrap();
    assert!(of(CodatAction::Unlink).codat_keeps_data && of(CodatAction::Unlink).can_be_undone);
    assert!(!of(CodatAction::Delete).codat_keeps_data && !of(CodatAction::Delete).can_be_undone);
    assert!(!view.data_types.is_empty());
}

#[tokio::test]
async fn what_ends_elsewhere_is_noticed_at_the_next_list() {
    let place = codat_place().await;
    let core = place.core();
    let (dead, gone) = (known(&place, "qhyg", "Linked"), known(&place, "rwuv", "Linked"));
    place.world.codat().deauthorize(dead.connection_id.as_str(), "the password changed").unwrap();
    place.world.codat().delete_connection(gone.connection_id.as_str()).unwrap();
    let listed = core.list_codat(&config()).await.unwrap();
    assert_eq!(listed.gone, 1);
    let connection = core.connection(&dead).unwrap();
    assert_eq!(connection.status, Status::Deauthorized);
    assert!(matches!(connection.needs, Needs::Approval { .. }));
    let view = core.show_codat(&dead).await.unwrap();
    assert!(view.problems.iter().any(|one| one.message.as_deref() == Some("the password changed")));
    let view = core.show_codat(&gone).await.unwrap();
    assert!(view.gone && view.actions.is_empty());
    assert_eq!(core.delete(&gone).await.unwrap(), RevocationOutcome::Nothing);
}

#[tokio::test]
async fn a_company_that_was_deleted_elsewhere_takes_its_connections() {
    let place = codat_place().await;
    let core = place.core();
    let known = place.world.codat().find("hbql", "Linked").unwrap();
    place.world.codat().delete_company(&known.company).unwrap();
    let key = key_of(&core, &known.connection);
    let refused = core.sync(&key).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Gone);
    assert!(core.show_codat(&key).await.unwrap().gone);
}

#[tokio::test]
async fn a_word_that_nobody_knows_keeps_what_was_known() {
    let place = codat_place().await;
    let core = place.core();
    let key = known(&place, "qhyg", "Linked");
    place.world.codat().set_status(key.connection_id.as_str(), "Hibernating").unwrap();
    core.list_codat(&config()).await.unwrap();
    assert_eq!(core.connection(&key).unwrap().status, Status::Linked);
    let view = core.show_codat(&key).await.unwrap();
    assert_eq!(view.status_word, "Hibernating");
    assert!(view.actions.iter().all(|one| one.action == CodatAction::Delete), "a way out, and nothing else");
}

#[tokio::test]
async fn dates_without_a_zone_and_syncs_that_never_were_are_read() {
    let place = codat_place().await;
    let core = place.core();
    let key = known(&place, "qhyg", "Linked");
    place.world.codat().turn(Switch::ZonesInDates, false);
    place.world.codat().forget_sync(key.connection_id.as_str()).unwrap();
    let listed = core.list_codat(&config()).await.unwrap();
    assert_eq!((listed.skipped, listed.gone), (0, 0));
    assert!(core.show_codat(&key).await.unwrap().created_at.is_some());
}

#[tokio::test]
async fn data_is_read_and_what_was_not_is_said() {
    let place = codat_place().await;
    let core = place.core();
    let key = known(&place, "qhyg", "Linked");
    let view = core.sync_codat(&key, Some("invoices")).await.unwrap();
    assert!(view.operations.iter().any(|one| one.data_type.as_deref() == Some("invoices")));
    assert!(core.connection(&key).unwrap().syncing);
    let read = || !core.connection(&key).unwrap().syncing;
    let view = until(&core, &key, |_| read()).await;
    assert!(!view.operations.is_empty() && view.operations.iter().all(|one| one.over));
    let lines = core.activity(Some(&key), None, 50).await.unwrap().0;
    assert!(lines.iter().any(|one| one.kind == ActivityKind::Synced));
    place.world.codat().next_sync(SyncEnd::FetchError);
    core.sync_codat(&key, Some("customers")).await.unwrap();
    let view = until(&core, &key, |_| read()).await;
    assert!(view.operations.iter().any(|one| one.data_type.as_deref() == Some("customers") && one.over));
    let lines = core.activity(Some(&key), None, 50).await.unwrap().0;
    assert_eq!(lines.iter().find_map(|one| one.params.get("gaps")).map(String::as_str), Some("customers"));
    let history = core.codat_history(&key, None).await.unwrap();
    assert!(history.operations.len() >= 2);
    // That nobody supports a type is no sign that the connection is gone.
    let refused = core.sync_codat(&key, Some("bills")).await.unwrap_err();
    assert_eq!((refused.code, refused.params["field"].as_str()), (ErrorCode::BadInput, "dataType"));
    assert!(!core.show_codat(&key).await.unwrap().gone);
}

#[tokio::test]
async fn what_is_not_linked_or_paused_is_not_read() {
    let place = codat_place().await;
    let core = place.core();
    let dead = known(&place, "gbol", "Deauthorized");
    assert_eq!(core.sync(&dead).await.unwrap_err().code, ErrorCode::ApproveAgain);
    let key = known(&place, "gbol", "Linked");
    core.pause(&key).await.unwrap();
    assert_eq!(core.sync(&key).await.unwrap_err().code, ErrorCode::Paused);
    core.resume(&key).await.unwrap();
    core.sync(&key).await.unwrap();
    assert_eq!(core.token(&key, None, "a test").await.err().map(|one| one.code), Some(ErrorCode::NoTokens));
}

#[tokio::test]
async fn a_storm_of_refusals_is_waited_out() {
    let place = codat_place().await;
    let core = place.core();
    let key = known(&place, "gbol", "Linked");
    place.world.codat().trouble(Trouble::RateLimited(Duration::from_secs(600)), 1);
    let refused = core.sync(&key).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::ProviderTrouble);
    assert!(refused.params.contains_key("retryAt"));
    let asked = place.world.codat().count("POST /companies/{}/data/all");
    for _ in 0..5 {
        assert_eq!(core.sync(&key).await.unwrap_err().code, ErrorCode::ProviderTrouble);
    }
    assert_eq!(place.world.codat().count("POST /companies/{}/data/all"), asked, "nobody was asked");
    assert_eq!(core.connection(&key).unwrap().status, Status::Linked, "an outage is no end");
}

#[tokio::test]
async fn a_refusal_is_told_with_its_correlation_id() {
    let place = codat_place().await;
    let core = place.core();
    let key = known(&place, "gbol", "Linked");
    place.world.codat().trouble(Trouble::AccountLimit, 1);
    let refused = core.disconnect(&key).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::PlanLimit);
    let id = refused.params["correlationId"].clone();
    let view = core.show_codat(&key).await.unwrap();
    assert_eq!(view.error.unwrap().params["correlationId"], id);
    assert_eq!(view.status, Status::Linked, "nothing changed");
    let lines = core.activity(Some(&key), None, 10).await.unwrap().0;
    let line = lines.iter().find(|one| one.kind == ActivityKind::AggregatorRefused).unwrap();
    assert_eq!((line.params["event"].as_str(), &line.params["correlationId"]), ("onError", &id));
    core.close_codat(&key).await.unwrap();
    assert!(core.show_codat(&key).await.unwrap().error.is_none());
}

#[tokio::test]
async fn an_outage_changes_no_status() {
    let place = codat_place().await;
    let core = place.core();
    let before: Vec<_> = core.connections().into_iter().map(|one| (one.key, one.status)).collect();
    for trouble in [Trouble::Maintenance, Trouble::GatewayPage, Trouble::TornAnswer, Trouble::InternalError] {
        place.world.codat().trouble(trouble, 1);
        assert!(core.list_codat(&config()).await.is_err(), "{trouble:?}");
    }
    let after: Vec<_> = core.connections().into_iter().map(|one| (one.key, one.status)).collect();
    assert_eq!(before, after);
    assert!(core.connections().iter().all(|one| one.reachability == Reachability::Reachable));
}

#[tokio::test]
async fn origins_are_listed_added_and_removed() {
    let place = codat_place().await;
    let core = place.core();
    let set = core.set_codat_origins(&config(), Some("https://shop.example/"), None, false).await.unwrap();
    assert!(set.origins.contains(&"https://shop.example".to_owned()) && set.not_taken.is_empty());
    for bad in ["*", "null", "http://shop.example", "https://shop.example/path", "http://localhost:3000"] {
        let refused = core.set_codat_origins(&config(), Some(bad), None, false).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::BadInput, "{bad}");
    }
    let removed = core.set_codat_origins(&config(), None, Some("https://shop.example"), false).await.unwrap();
    assert!(!removed.origins.contains(&"https://shop.example".to_owned()));
    assert_eq!(core.codat_origins(&config()).await.unwrap().origins, removed.origins);
}

#[tokio::test]
async fn words_of_the_persons_own_are_shown_without_anything_that_could_run() {
    let place = codat_place().await;
    let core = place.core();
    let hostile =
        "**Invoices** <script>alert(1)</script> [pay](javascript:alert(1)) ![x](https://t.example/p.png)";
    let input = CodatTextsInput { accounting: vec![hostile.to_owned()], ..CodatTextsInput::default() };
    core.set_codat_texts(&input).await.unwrap();
    let key = known(&place, "gbol", "Linked");
    let shown = serde_json::to_string(&core.show_codat(&key).await.unwrap().texts).unwrap();
    assert!(shown.contains("Invoices"));
    for bad in ["<script", "javascript:", "t.example", "\"kind\":\"link\""] {
        assert!(!shown.contains(bad), "{bad} in {shown}");
    }
    drop(core);
    let place = place.restart().await;
    assert_eq!(place.core().codat_texts().accounting.entries, [hostile]);
    let wrong = CodatTextsInput { json: Some("[1]".to_owned()), ..CodatTextsInput::default() };
    assert_eq!(place.core().check_codat_texts(&wrong).unwrap_err().code, ErrorCode::BadInput);
}

#[tokio::test]
async fn a_key_that_codat_refuses_is_not_kept_and_none_lies_in_the_profile() {
    let place = codat_place().await;
    let wrong = CodatFields {
        config_key: "other".to_owned(),
        api_key: Some("a-key-that-nobody-knows".into()),
        ..fields(&place)
    };
    assert_eq!(place.core().create_codat(wrong).await.unwrap_err().code, ErrorCode::ClientRefused);
    assert_eq!(place.core().configs().iter().filter(|one| one.source == Source::Codat).count(), 1);
    for entry in std::fs::read_dir(place.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let content = std::fs::read(&path).unwrap();
            let canary = sandbox::codat::API_KEY.as_bytes();
            assert!(!content.windows(canary.len()).any(|window| window == canary), "{}", path.display());
        }
    }
    let shown = serde_json::to_string(&place.core().config(&config()).unwrap()).unwrap();
    assert!(!shown.contains(sandbox::codat::API_KEY));
    assert_eq!(place.core().config(&config()).unwrap().config_key.as_str(), CODAT);
}

#[tokio::test]
async fn practice_is_registered_once_and_removed_whole() {
    let place = codat_place().await;
    let practice = place.runtime.practice_codat().await.unwrap();
    assert!(practice.sandbox && practice.codat.is_some());
    assert_eq!(place.runtime.practice_codat().await.unwrap().config_key, practice.config_key);
    settled(&place).await;
    place.runtime.remove_practice().await.unwrap();
    assert!(place.core().config(&practice.config_key).is_err());
    assert!(place.core().connections().iter().all(|one| one.key.config_key == config()));
}

#[tokio::test]
async fn a_thousand_connections_are_listed_with_a_few_requests() {
    let place = crate::place::Place::crowded(1_000).await;
    place.core().create_codat(fields(&place)).await.unwrap();
    let there = place.world.codat().connections().len();
    assert!(there >= 1_000);
    assert_eq!(place.core().connections().len(), there);
    assert!(place.world.codat().count("GET /companies") <= 10);
    assert_eq!(place.world.codat().count("GET /companies/{}/connections/{}"), 0);
}

#[tokio::test]
async fn what_a_bank_has_read_becomes_accounts_with_transactions() {
    let place = codat_place().await;
    let core = place.core();
    let key = known(&place, "suuo", "Linked");
    let mut events = core.subscribe();
    core.sync_codat(&key, None).await.unwrap();
    let fetched = async {
        while core.accounts(Some(&key)).await.unwrap().is_empty() {
            let _ = events.recv().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), fetched).await.expect("accounts");
    let accounts = core.accounts(Some(&key)).await.unwrap();
    assert_eq!(accounts.len(), 2);
    assert!(accounts.iter().all(|one| one.account.currency.as_deref() == Some("GBP")));
    let lines = core.transactions(&key, &accounts[0].account.id).await.unwrap();
    assert!(lines.len() > 50, "{}", lines.len());
    let amount = lines[0].amount.as_deref().unwrap();
    assert!(export_amount(amount), "{amount}");
}

/// At most two digits after the point: a float would show.
fn export_amount(amount: &str) -> bool {
    amount.split_once('.').is_none_or(|(_, cents)| cents.len() <= 2)
}

#[tokio::test]
async fn the_older_path_of_origins_is_used_where_todays_is_not_there() {
    let place = codat_place().await;
    let core = place.core();
    place.world.codat().turn(Switch::CorsSettings, false);
    let set = core.set_codat_origins(&config(), Some("https://shop.example"), None, false).await.unwrap();
    assert!(set.origins.contains(&"https://shop.example".to_owned()));
    place.world.codat().turn(Switch::CorsSettings, true);
    assert_eq!(core.codat_origins(&config()).await.unwrap().origins, set.origins, "it is one list");
    place.world.codat().turn(Switch::CorsSettings, false);
    place.world.codat().turn(Switch::OlderCorsSettings, false);
    assert!(core.codat_origins(&config()).await.is_err());
    assert!(core.set_codat_origins(&config(), Some("https://b.example"), None, false).await.is_err());
}

#[tokio::test]
async fn a_second_reading_right_after_the_first_is_followed_to_its_own_end() {
    let place = codat_place().await;
    let core = place.core();
    let key = known(&place, "qhyg", "Linked");
    let read = || !core.connection(&key).unwrap().syncing;
    core.sync_codat(&key, None).await.unwrap();
    let first = until(&core, &key, |_| read()).await;
    place.world.codat().delay_history(Duration::from_secs(4));
    let asked = std::time::Instant::now();
    core.sync_codat(&key, None).await.unwrap();
    let second = until(&core, &key, |view| read() || !view.operations.is_empty()).await;
    assert!(asked.elapsed() >= Duration::from_secs(4), "what the first has read is not the second");
    let over = until(&core, &key, |_| read()).await;
    let ids = |view: &connections::view::CodatView| {
        view.operations.iter().map(|one| one.id.clone()).collect::<Vec<_>>()
    };
    assert!(!over.operations.is_empty() && over.operations.iter().all(|one| one.over));
    assert!(ids(&second).iter().chain(&ids(&over)).all(|id| !ids(&first).contains(id)));
}

#[tokio::test]
async fn a_type_that_was_never_read_is_named_and_can_be_read() {
    let place = codat_place().await;
    let core = place.core();
    let key = known(&place, "qhyg", "Linked");
    let view = core.show_codat(&key).await.unwrap();
    let never = view.data_types.iter().find(|one| one.phase.is_none()).expect("one that nobody has read");
    let name = never.data_type.clone();
    core.sync_codat(&key, Some(&name)).await.unwrap();
    let is_read = |view: &connections::view::CodatView| {
        view.data_types.iter().any(|one| one.data_type == name && one.last_synced_at.is_some())
    };
    let view = until(&core, &key, is_read).await;
    assert!(view.operations.iter().any(|one| one.data_type.as_deref() == Some(name.as_str())));
}

#[tokio::test]
async fn accounts_of_the_books_are_fetched_though_one_of_them_was_never_read() {
    let place = codat_place().await;
    let core = place.core();
    let key = known(&place, "qhyg", "Linked");
    core.sync_codat(&key, None).await.unwrap();
    let accounts = place.accounts(&key).await;
    assert_eq!(accounts.len(), 3);
    let mut filled = 0;
    for account in &accounts {
        let lines = core.transactions(&key, &account.account.id).await.unwrap();
        filled += usize::from(!lines.is_empty());
        let whole = |line: &connections::view::TransactionView| line.amount.is_some() && line.date.is_some();
        assert!(lines.iter().all(whole), "{}", account.account.name);
    }
    assert_eq!(filled, 2, "one account whose lines were never read keeps nothing from the others");
}

#[tokio::test]
async fn companies_are_told_apart_by_their_ids() {
    let place = codat_place().await;
    for one in place.world.codat().connections() {
        let company = place.core().connection(&key_of(&place.core(), &one.connection)).unwrap().company;
        let company = company.expect("a company");
        assert_eq!(company.id, one.company);
        assert!(company.name.is_some());
    }
}
