//! Many connections at once: bounded bursts, and lists that stay quick to read.

use crate::world::{World, at, key, provider};
use async_trait::async_trait;
use connections::connection::Connection;
use connections::id::ConnectionKey;
use connections::ports::{Grant, Http, HttpError};
use connections::raw_answer::RawAnswer;
use connections::step::{Event, GrantFacts, step};
use jiff::SignedDuration;
use oauth::Response;
use secret::{Secret, SecretString};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

const CONNECTIONS: usize = 10_000;

/// Answers each renewal, and keeps the most that ran at once and how often each grant was renewed.
#[derive(Default)]
struct Crowded {
    running: AtomicUsize,
    most: AtomicUsize,
    asked: Mutex<BTreeMap<String, usize>>,
}

#[async_trait]
impl Http for Crowded {
    async fn send(&self, request: oauth::Request) -> Result<Response, HttpError> {
        let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(running, Ordering::SeqCst);
        let body = String::from_utf8(request.into_http().into_body()).unwrap();
        tokio::task::yield_now().await;
        *self.asked.lock().unwrap().entry(body).or_default() += 1;
        self.running.fetch_sub(1, Ordering::SeqCst);
        let answer = r#"{"access_token":"new","token_type":"bearer","expires_in":1800}"#;
        let body = Secret::new(answer.as_bytes().to_vec());
        Ok(Response { status: 200, content_type: None, retry_after: None, body })
    }
}

fn nth(number: usize) -> ConnectionKey {
    ConnectionKey::parse("bank", &format!("company-{number:05}")).unwrap()
}

fn fill(world: &World) {
    for number in 0..CONNECTIONS {
        let facts =
            GrantFacts { access_expires_at: Some(at(1800)), renewable: true, ..GrantFacts::default() };
        let pending = Connection::pending(nth(number), &provider(), vec!["a".to_owned()], at(0));
        let linked = step(&pending, Event::Authorized(facts), at(0)).connection;
        let grant = Grant {
            access_token: SecretString::from("old"),
            refresh_token: Some(SecretString::from(format!("refresh-{number}"))),
            raw: RawAnswer::from("{}"),
            extras: BTreeMap::new(),
            scopes: vec!["a".to_owned()],
            obtained_at: at(0),
            expires_at: Some(at(1800)),
            refresh_expires_at: None,
        };
        world.store.put(linked, grant);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_that_wake_together_are_renewed_a_few_at_a_time_and_once_each() {
    let world = World::new();
    drop(world.with(provider(), None).await);
    fill(&world);
    world.clock.advance(SignedDuration::from_hours(24 * 8));
    let crowded = Arc::new(Crowded::default());
    let core = world.start_with(crowded.clone()).await;
    let mut events = core.subscribe();
    let done = || crowded.asked.lock().unwrap().len() == CONNECTIONS;
    while !done() {
        // Something happens with each of them; falling behind in reading it is no harm.
        let _ = events.recv().await;
    }
    assert!(crowded.asked.lock().unwrap().values().all(|times| *times == 1));
    let most = crowded.most.load(Ordering::SeqCst);
    assert!((1..=4).contains(&most), "{most} at one host at once");
}

#[tokio::test]
async fn pages_and_searches_find_what_is_there() {
    let world = World::new();
    drop(world.with(provider(), None).await);
    fill(&world);
    let core = world.start().await;
    let (page, all) = core.connections_page(None, None, 50);
    assert_eq!((page.len(), all), (50, CONNECTIONS));
    let (next, _) = core.connections_page(None, Some(&page[49].key), 50);
    assert_eq!((next[0].key.clone(), next.len()), (nth(50), 50));
    let (found, all) = core.connections_page(Some(" COMPANY-0999 "), None, 20);
    assert_eq!((found.len(), all), (10, 10));
    assert_eq!(core.connections_page(Some("nobody"), None, 20).1, 0);
    assert_eq!(core.config(&key().config_key).unwrap().connections, CONNECTIONS);
}
