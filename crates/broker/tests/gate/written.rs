//! What is written down about requests.

use crate::place::{Place, key, program};
use broker::Allowance;
use broker::audit::AuditFilter;
use broker::caller::Access;
use broker::gate::{Gate as _, Outcome};
use broker::settings::AccessSettings;
use connections::error::ErrorCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn a_hundred_requests_a_minute_are_one_line_and_two_writes() {
    let place = Place::with_nobody().await;
    for _ in 0..100 {
        place.records(&program("sheet"), "ana").await;
    }
    assert_eq!(place.kept.audit_writes.load(Ordering::SeqCst), 1);
    let (lines, more) = place.callers.audit(&AuditFilter::default(), None, 10).await.unwrap();
    assert_eq!((lines.len(), lines[0].count, more), (1, 100, false), "what is told is as it stands now");
    assert_eq!(place.callers.list()[0].asked, 100);
    place.callers.flush().await;
    assert_eq!(place.kept.audit_writes.load(Ordering::SeqCst), 2);
    assert_eq!(place.kept.audit.lock().unwrap().values().next().unwrap().count, 100);
}

#[tokio::test(start_paused = true)]
async fn lines_that_come_at_once_are_written_together_and_before_anybody_is_answered() {
    let place = Place::with_nobody().await;
    let mut asking = tokio::task::JoinSet::new();
    for n in 0..100 {
        let (callers, kept) = (place.callers.clone(), Arc::clone(&place.kept));
        asking.spawn(async move {
            let connection = key(&format!("holder-{n}"));
            callers.record(&program("sheet"), Access::Token, Some(&connection), &Outcome::Given).await;
            let audit = kept.audit.lock().unwrap();
            assert!(audit.values().any(|line| line.connection.as_ref() == Some(&connection)), "{n}");
        });
    }
    while let Some(asked) = asking.join_next().await {
        asked.unwrap();
    }
    assert_eq!(place.kept.audit.lock().unwrap().len(), 100);
    let writes = place.kept.audit_writes.load(Ordering::SeqCst);
    assert!((1..=3).contains(&writes), "{writes} writes of a hundred lines");
}

#[tokio::test(start_paused = true)]
async fn what_was_only_counted_is_written_when_its_minute_is_over() {
    let place = Place::with_nobody().await;
    place.records(&program("sheet"), "ana").await;
    place.records(&program("sheet"), "ana").await;
    let mut events = place.callers.subscribe();
    crate::place::heard(&mut events, broker::GateEvent::AuditChanged).await;
    assert_eq!(place.kept.audit.lock().unwrap().values().next().unwrap().count, 2);
}

#[tokio::test(start_paused = true)]
async fn lines_are_found_by_caller_connection_and_time_and_come_in_pages() {
    let place = Place::with_nobody().await;
    for n in 0..30 {
        place.records(&program("sheet"), "ana").await;
        let id = if n % 3 == 0 { "joao" } else { "ana" };
        place.records(&program("other"), id).await;
        tokio::time::advance(Duration::from_secs(61)).await;
    }
    let all = |filter: AuditFilter| {
        let callers = place.callers.clone();
        async move { callers.audit(&filter, None, 1_000).await.unwrap().0 }
    };
    let by = |caller: &str| AuditFilter { caller: Some(caller.to_owned()), ..AuditFilter::default() };
    assert_eq!(all(AuditFilter::default()).await.len(), 60);
    assert_eq!(all(by("sheet")).await.len(), 30);
    assert_eq!(all(by("program:/usr/bin/other")).await.len(), 30);
    assert_eq!(all(AuditFilter { connection: Some(key("joao")), ..by("other") }).await.len(), 10);
    let newest = all(AuditFilter::default()).await[0].at;
    assert_eq!(all(AuditFilter { since: Some(newest), ..AuditFilter::default() }).await.len(), 2);
    let (first, more) = place.callers.audit(&by("sheet"), None, 20).await.unwrap();
    assert!(more);
    let (rest, more) = place.callers.audit(&by("sheet"), Some(first[19].sequence), 20).await.unwrap();
    assert_eq!((rest.len(), more), (10, false));
    assert!(rest[0].sequence < first[19].sequence);
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_keeps_no_answer_back() {
    let place = Place::with_nobody().await;
    place.kept.full.store(true, Ordering::SeqCst);
    let refused = Outcome::Refused { code: ErrorCode::NotPermitted, reason: None };
    place.callers.record(&program("sheet"), Access::Token, None, &refused).await;
    assert!(place.kept.audit.lock().unwrap().is_empty());
    assert_eq!(place.callers.list()[0].asked, 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_older_than_the_person_wants_is_removed() {
    let place = Place::with_nobody().await;
    place.records(&program("sheet"), "ana").await;
    tokio::time::advance(Duration::from_secs(48 * 3_600)).await;
    place.records(&program("sheet"), "ana").await;
    assert_eq!(place.kept.audit.lock().unwrap().len(), 2);
    place.callers.set_settings(AccessSettings { audit_days: 1, ..AccessSettings::default() }).await.unwrap();
    assert_eq!(place.kept.audit.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn programs_that_only_ask_are_not_remembered_without_end() {
    let place = Place::with_nobody().await;
    for n in 0..250 {
        place.records(&program(&n.to_string()), "ana").await;
        tokio::time::advance(Duration::from_secs(1)).await;
    }
    let known = place.callers.list();
    assert_eq!(known.len(), 200);
    assert_eq!(known[0].name, "249", "the one that asked last comes first");
    assert_eq!(place.kept.callers.lock().unwrap().len(), 200);
}

#[tokio::test(start_paused = true)]
async fn what_is_decided_about_a_program_while_it_is_forgotten_stays() {
    let place = Place::with_nobody().await;
    for n in 0..200 {
        place.records(&program(&n.to_string()), "ana").await;
        tokio::time::advance(Duration::from_secs(1)).await;
    }
    let oldest = program("0");
    let refusal = Allowance {
        caller: oldest.id.clone(),
        access: vec![Access::Token],
        connection: None,
        allowed: false,
    };
    place.kept.pauses_of_deletes.store(8, Ordering::SeqCst);
    let newcomer = program("200");
    let ((), decided) = tokio::join!(biased; place.records(&newcomer, "ana"), place.callers.allow(refusal));
    decided.unwrap();
    let kept = place.kept.callers.lock().unwrap();
    assert!(
        kept[&oldest.id].permissions.iter().any(|one| !one.allowed),
        "it may never, also after a restart"
    );
}
