//! What comes back from the provider's page: taken once, from where it belongs, on whatever way it comes.

use crate::home::{Home, PATIENCE, key};
use connections::configs::{CustomProvider, custom_provider};
use connections::connection::Status;
use connections::error::ErrorCode;
use connections::id::{ConfigKey, ConnectionKey};
use connections::view::{AttemptPhase, AttemptView, Surface};
use connections::{NewConfig, ProviderChoice};
use sandbox::Misbehaviour;
use sandbox::person::{self, Choices};
use url::Url;

/// How an answer gets to us.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    /// The browser asks our listener.
    Loopback,
    /// The system hands us the address of our scheme.
    DeepLink,
    /// The person pastes the address on which they landed.
    Paste,
}

const WAYS: [Way; 3] = [Way::Loopback, Way::DeepLink, Way::Paste];

/// An attempt that waits, and how its answers get to it.
struct Return<'a> {
    home: &'a Home,
    way: Way,
    key: ConnectionKey,
}

impl<'a> Return<'a> {
    async fn new(home: &'a Home, way: Way) -> Self {
        if way != Way::DeepLink {
            return Self { home, way, key: key() };
        }
        let core = home.runtime.connections().unwrap();
        let issuer = home.bank.issuer();
        let custom =
            CustomProvider { issuer: Some(&issuer), through_scheme: true, ..CustomProvider::default() };
        let provider = custom_provider(&core, &custom).await.unwrap();
        let new = NewConfig {
            key: ConfigKey::parse("linked").unwrap(),
            provider: ProviderChoice::Custom(Box::new(provider)),
            client_id: home.bank.client_id().to_owned(),
            client_secret: None,
            scopes: vec!["accounts".to_owned()],
        };
        core.create_config(new).await.unwrap();
        Self { home, way, key: ConnectionKey::parse("linked", "ana").unwrap() }
    }

    /// An attempt, and the address on which the person lands after they approved.
    async fn approved(&self) -> (AttemptView, Url) {
        let attempt = self.home.begin_for(&self.key, Surface::Print).await;
        let address = self.home.runtime.connections().unwrap().authorization_address(&attempt.id).unwrap();
        let landed = person::approve(address.as_str(), &Choices::default()).await.unwrap();
        (attempt, Url::parse(&landed).unwrap())
    }

    /// Hands an address in; whether it was taken.
    async fn hand_in(&self, address: &str) -> bool {
        if self.way == Way::Loopback {
            return self.browse(address).await == 200;
        }
        let taken = self.home.runtime.connections().unwrap().deliver(&address.into()).await;
        if let Err(error) = &taken {
            assert_eq!(error.code, ErrorCode::ForeignAnswer, "{:?}: {error}", self.way);
        }
        taken.is_ok()
    }

    /// A browser that goes to `address`, wherever that leads: our listener has its port.
    async fn browse(&self, address: &str) -> u16 {
        let address = Url::parse(address).unwrap();
        let host = format!("{}:{}", address.host_str().unwrap(), address.port().unwrap());
        let mut here = address;
        here.set_host(Some("127.0.0.1")).unwrap();
        let browser = reqwest::Client::builder().no_proxy().build().unwrap();
        browser.get(here).header("host", host).send().await.unwrap().status().as_u16()
    }

    fn attempt(&self, attempt: &AttemptView) -> AttemptView {
        self.home.runtime.connections().unwrap().attempt(&attempt.id).unwrap()
    }

    async fn ends(&self, attempt: &AttemptView) -> AttemptView {
        let ended = async {
            loop {
                let now = self.attempt(attempt);
                if !matches!(now.phase, AttemptPhase::Waiting | AttemptPhase::Exchanging) {
                    return now;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, ended).await.expect("the attempt ends")
    }

    /// How often it is written down that something was refused.
    async fn refusals(&self) -> usize {
        let core = self.home.runtime.connections().unwrap();
        let (lines, _) = core.activity(None, None, 200).await.unwrap();
        let kind = connections::activity::ActivityKind::ForeignAnswerRefused;
        lines.iter().filter(|line| line.kind == kind).count()
    }

    async fn gives_tokens(&self) -> bool {
        let core = self.home.runtime.connections().unwrap();
        core.token(&self.key, None, "a program").await.is_ok()
    }
}

/// The same answer as if it had come to another place.
fn bent(way: Way, landed: &Url) -> Vec<String> {
    let text = landed.as_str();
    let query = landed.query().unwrap();
    let elsewhere = |base: &str| format!("{base}?{query}");
    if way == Way::DeepLink {
        return vec![
            elsewhere("mooring://oauth/elsewhere"),
            elsewhere("mooring://elsewhere/callback"),
            elsewhere("mooring:oauth/callback"),
            elsewhere("http://oauth/callback"),
        ];
    }
    let port = landed.port().unwrap();
    let mut bent = vec![text.replace("/callback", "/elsewhere"), text.replace("127.0.0.1", "localhost")];
    if way == Way::Paste {
        bent.extend([
            text.replace(&port.to_string(), &port.wrapping_add(1).max(1).to_string()),
            text.replace("http:", "https:"),
            text.replace("127.0.0.1", "127.0.0.1.example"),
            text.replace("127.0.0.1", "ana@127.0.0.1"),
            elsewhere("mooring://oauth/callback"),
        ]);
    }
    bent
}

/// The same answer with another `state`, or none, or more than one.
fn without_state(landed: &Url) -> Vec<String> {
    let state = landed.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let with = |other: &str| landed.as_str().replace(&format!("state={state}"), other);
    vec![
        with("state=guess"),
        with("state="),
        with("nothing=here"),
        with(&format!("state={}", &state[1..])),
        with(&format!("state={state}&state={state}")),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_belong_is_refused_on_every_way_and_the_true_answer_still_counts() {
    let home = Home::new().await;
    for way in WAYS {
        let back = Return::new(&home, way).await;
        let exchanged = home.bank.requests().code_exchanges();
        let (attempt, landed) = back.approved().await;
        for forged in without_state(&landed).into_iter().chain(bent(way, &landed)) {
            let before = back.refusals().await;
            assert!(!back.hand_in(&forged).await, "{way:?}: {forged}");
            assert_eq!(back.attempt(&attempt).phase, AttemptPhase::Waiting, "{way:?}: {forged}");
            // Our listener turns away what is not for its path; of all else the core hears.
            let heard = way != Way::Loopback || !forged.contains("/elsewhere");
            assert_eq!(back.refusals().await, before + usize::from(heard), "{way:?}: {forged}");
        }
        assert_eq!(home.bank.requests().code_exchanges(), exchanged, "{way:?}: nobody was asked for tokens");
        // A paste brings what stood around it.
        let answer = if way == Way::Paste { format!("  {landed}\n") } else { landed.to_string() };
        assert!(back.hand_in(&answer).await, "{way:?}");
        assert_eq!(back.ends(&attempt).await.phase, AttemptPhase::Succeeded, "{way:?}");
        assert!(back.gives_tokens().await, "{way:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_counts_once_on_every_way() {
    let home = Home::new().await;
    for way in WAYS {
        let back = Return::new(&home, way).await;
        let exchanged = home.bank.requests().code_exchanges();
        let (attempt, landed) = back.approved().await;
        assert!(back.hand_in(landed.as_str()).await, "{way:?}");
        back.ends(&attempt).await;
        // The listener may be gone by now, and then nobody hears a browser at all.
        if way != Way::Loopback {
            assert!(!back.hand_in(landed.as_str()).await, "{way:?}: a state counts once");
        }
        let pasted = home.runtime.connections().unwrap().deliver(&landed.as_str().into()).await;
        assert_eq!(pasted.unwrap_err().code, ErrorCode::ForeignAnswer, "{way:?}");
        // A code that comes again would make the bank end what it brought.
        assert_eq!(home.bank.requests().code_exchanges(), exchanged + 1, "{way:?}");
        assert!(back.gives_tokens().await, "{way:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_another_issuer_or_of_none_is_never_exchanged() {
    let home = Home::new().await;
    for way in WAYS {
        let back = Return::new(&home, way).await;
        let (attempt, landed) = back.approved().await;
        assert!(back.hand_in(landed.as_str()).await);
        back.ends(&attempt).await;
        let exchanged = home.bank.requests().code_exchanges();
        for how in [Misbehaviour::WrongIss, Misbehaviour::MissingIss] {
            home.bank.misbehave(how, Some(1));
            let (attempt, landed) = back.approved().await;
            back.hand_in(landed.as_str()).await;
            let ended = back.ends(&attempt).await;
            assert_eq!(ended.phase, AttemptPhase::Failed, "{way:?}, {how}");
            assert_eq!(ended.error.unwrap().code, ErrorCode::ProviderAnswer, "{way:?}, {how}");
        }
        assert_eq!(home.bank.requests().code_exchanges(), exchanged, "{way:?}: the code went nowhere");
        let connection = home.runtime.connections().unwrap().connection(&back.key).unwrap();
        assert_eq!(connection.status, Status::Linked, "{way:?}: what was linked before stays so");
        assert!(back.gives_tokens().await, "{way:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_surface_is_changed_in_the_middle_and_whichever_answers_first_is_the_answer() {
    let home = Home::new().await;
    let core = home.runtime.connections().unwrap();
    let moves = [
        (Surface::Embedded, Surface::Browser, Way::Loopback),
        (Surface::Browser, Surface::Embedded, Way::Paste),
        (Surface::Embedded, Surface::Print, Way::Paste),
        (Surface::Print, Surface::Browser, Way::Loopback),
    ];
    for (from, to, way) in moves {
        let back = Return { home: &home, way, key: key() };
        let exchanged = home.bank.requests().code_exchanges();
        let attempt = home.begin(from).await;
        let address = core.authorization_address(&attempt.id).unwrap();
        // The person gets as far as the bank's page in the first place, and then changes their mind.
        let first = person::approve(address.as_str(), &Choices::default()).await.unwrap();
        let switched = core.switch_surface(&attempt.id, to).await.unwrap();
        assert_eq!((switched.surface, switched.phase), (to, AttemptPhase::Waiting), "{from:?} to {to:?}");
        assert!(home.windows.closed.lock().unwrap().contains(&attempt.id), "{from:?} is closed");
        let opened: Vec<_> = home.windows.opened.lock().unwrap().clone();
        let pages: Vec<_> = opened.iter().filter(|(id, _)| *id == attempt.id).map(|(_, page)| page).collect();
        let shown = [from, to].iter().filter(|one| **one != Surface::Print).count();
        assert_eq!(pages, vec![address.as_str(); shown], "both lead to the same page");
        let second = person::approve(address.as_str(), &Choices::default()).await.unwrap();
        assert_ne!(first, second, "the bank gave a code in each");
        assert!(back.hand_in(&second).await, "{from:?} to {to:?}");
        assert_eq!(back.ends(&attempt).await.phase, AttemptPhase::Succeeded);
        let late = core.deliver(&first.as_str().into()).await.unwrap_err();
        assert_eq!(late.code, ErrorCode::ForeignAnswer, "the other one comes too late");
        assert_eq!(home.bank.requests().code_exchanges(), exchanged + 1);
        assert!(back.gives_tokens().await, "{from:?} to {to:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_up_is_not_opened_again_and_takes_no_answer() {
    let home = Home::new().await;
    let core = home.runtime.connections().unwrap();
    let back = Return { home: &home, way: Way::Paste, key: key() };
    let (attempt, landed) = back.approved().await;
    core.cancel(&attempt.id).await.unwrap();
    let over = core.switch_surface(&attempt.id, Surface::Browser).await.unwrap_err();
    assert_eq!(over.code, ErrorCode::AttemptOver);
    assert!(home.windows.opened.lock().unwrap().is_empty());
    assert!(!back.hand_in(landed.as_str()).await);
    assert_eq!(home.bank.requests().code_exchanges(), 0);
    assert!(core.connection(&key()).is_err(), "nothing is left behind");
}
