//! A redirect is caught before it is requested, whatever way a page takes to it.
//!
//! The redirect address is an https one of somebody else, as providers ask for that take no other: nothing here listens
//! for it, so an answer that links was caught in the window, and whoever does listen there counts.

use connections::config::ClientConfig;
use connections::id::ConfigKey;
use connections::ports::{Change, Store as _};
use platform::vault_store::VaultStore;
use providers::{Provider, RedirectKind};
use secret::SecretString;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tests::app::{App, until};
use tests::bar::Reader;
use tests::cli::{self, PASSPHRASE};
use tests::pages::{AUTHORIZE, Page, Pages};
use tests::world::{Wants, World};
use vault::{Argon2Cost, CreateWith, Vault};

const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: false };

/// Whoever owns the redirect address; counts who comes.
struct Owner {
    address: String,
    visits: Arc<AtomicUsize>,
}

impl Owner {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("https://{}", listener.local_addr().unwrap());
        let visits = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&visits);
        tokio::spawn(async move {
            // That somebody came is all there is to know, so each is hung up on.
            while listener.accept().await.is_ok() {
                count.fetch_add(1, Ordering::SeqCst);
            }
        });
        Self { address, visits }
    }

    fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }
}

/// Makes a vault in which that server is registered with that redirect address.
async fn register(world: &World, pages: &Pages, redirect_uri: &str) {
    let mut provider = Provider::custom("A bank", pages.metadata());
    provider.redirects = vec![RedirectKind::Https { uri: redirect_uri.parse().unwrap() }];
    let now = jiff::Timestamp::now();
    let config = ClientConfig {
        key: ConfigKey::parse("bank").unwrap(),
        provider,
        client_id: "mooring".to_owned(),
        has_secret: false,
        authentication: oauth::ClientAuthentication::None,
        scopes: vec!["read".to_owned()],
        created_at: now,
        updated_at: now,
    };
    platform::profile::prepare(&world.profile()).unwrap();
    let passphrase = SecretString::from(PASSPHRASE);
    let with = CreateWith::Passphrase(&passphrase, Argon2Cost::recommended());
    let vault = Vault::create(&world.profile(), with).unwrap();
    let store = VaultStore::new(Arc::new(vault));
    store.commit(vec![Change::PutConfig(Box::new(config), None)]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_way_to_the_redirect_address_is_gone_to_its_end() {
    let (pages, owner) = (Pages::start().await, Owner::start().await);
    let world = World::new(WIDE);
    register(&world, &pages, &format!("{}/back", owner.address)).await;
    let app = App::open(&world).await.unwrap();
    app.types("Passphrase", PASSPHRASE).await.unwrap();
    app.press("Open").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    let form = "<form method=post action='{back}'></form><script>document.forms[0].submit()</script>";
    let refresh = "<meta http-equiv=refresh content='0;url={back}'>";
    let ways = [
        ("redirect", Page::to("{back}")),
        ("two-redirects", Page::to("/further")),
        ("script", Page::script("location.href = '{back}'")),
        ("replaced", Page::script("location.replace('{back}')")),
        ("refresh", Page::body(refresh)),
        ("posted-form", Page::body(form)),
        ("popup", Page::script("window.open('{back}')")),
        ("redirected-popup", Page::script("window.open('/further')")),
        ("blank-popup", Page::script("window.open('').location = '{back}'")),
    ];
    for (name, page) in ways {
        pages.show([(AUTHORIZE, page), ("/further", Page::to("{back}"))]);
        cli::ok(&world, &["connect", "bank", name, "--user-agent", "embedded"]);
        app.alone().await.unwrap();
        assert_eq!(owner.visits(), 0, "{name}: the redirect was requested");
    }
    // Who goes there in any other way arrives, so the count counts.
    pages.show([(AUTHORIZE, Page::body(&format!("<img src='{}/picture'>", owner.address)))]);
    let mut connect = cli::connect_with(&world, "embedded", "bank", "picture");
    until("a visit", || async { Ok((owner.visits() > 0).then_some(())) }).await.unwrap();
    Reader::in_world(&world).unwrap().press("Cancel").await.unwrap();
    assert!(!cli::ended(&mut connect).await.success());
    app.close().await.unwrap();
}
