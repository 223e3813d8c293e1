//! The pages of the Link journey, as a browser gets them.

use super::client::{shown, usual};
use super::journeys::link_url;
use crate::client::http;
use reqwest::{RequestBuilder, Response};
use sandbox::Sandbox;
use sandbox::codat::Known;

struct Visit {
    cookie: String,
    address: String,
}

async fn begin(world: &Sandbox, of: &Known) -> Visit {
    let answer = http().get(link_url(world, of).await).send().await.unwrap();
    assert_eq!(answer.status(), 303);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    for needed in ["HttpOnly", "SameSite=Lax", "Path=/codat/link"] {
        assert!(cookie.contains(needed), "{cookie}");
    }
    let address = format!("{}{}", world.issuer(), answer.headers()["location"].to_str().unwrap());
    Visit { cookie: cookie.split(';').next().unwrap().to_owned(), address }
}

impl Visit {
    async fn page(&self, path: &str) -> Response {
        let address = self.address.replace("/sign-in", path);
        http().get(address).header("cookie", &self.cookie).send().await.unwrap()
    }

    async fn hidden(&self, name: &str) -> String {
        let page = self.page("/sign-in").await.text().await.unwrap();
        let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    }

    /// A form with this visit's own values, some replaced.
    async fn form(&self, world: &Sandbox, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let (visit, proof) = (self.hidden("visit").await, self.hidden("proof").await);
        let own = [("visit", visit.as_str()), ("proof", proof.as_str())];
        let kept = own.iter().filter(|(name, _)| !fields.iter().any(|(other, _)| other == name));
        let all: Vec<_> = kept.chain(fields).copied().collect();
        crate::client::post(world, &format!("/codat/link{path}"), &all)
    }

    async fn post(&self, world: &Sandbox, path: &str, fields: &[(&str, &str)]) -> Response {
        self.form(world, path, fields).await.header("cookie", &self.cookie).send().await.unwrap()
    }
}

async fn pending() -> (Sandbox, Known) {
    let world = usual().await;
    world.codat().set_redirect("http://127.0.0.1:7777/callback?s={statusCode}").unwrap();
    let pending = world.codat().find("qhyg", "PendingAuth").unwrap();
    (world, pending)
}

#[tokio::test]
async fn pages_are_plainly_practice_run_nothing_and_lead_only_home_and_back() {
    let (world, pending) = pending().await;
    let visit = begin(&world, &pending).await;
    let page = visit.page("/sign-in").await;
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{policy}");
    assert!(!policy.contains("script-src") && !policy.contains("7777"), "{policy}");
    assert_eq!(page.headers()["x-frame-options"], "DENY");
    let html = page.text().await.unwrap();
    for needed in
        ["QuickBooks Online (Sandbox)", "Practice page", "synthetic", "/farol.css", ">Sign in</button>"]
    {
        assert!(html.contains(needed), "{needed}");
    }
    assert!(!html.contains("<script") && !html.contains("style=") && !html.contains("//"), "{html}");
    visit.post(&world, "/sign-in", &[("user", "ana")]).await;
    let page = visit.page("/consent").await;
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.ends_with("form-action 'self' http://127.0.0.1:7777"), "{policy}");
    let html = page.text().await.unwrap();
    for needed in [">Allow</button>", ">Decline</button>", "Alder Joinery Ltd", "Invoices", "type=\"radio\""]
    {
        assert!(html.contains(needed), "{needed}");
    }
}

#[tokio::test]
async fn pages_speak_portuguese() {
    let (world, pending) = pending().await;
    let visit = begin(&world, &pending).await;
    // The language is that of the browser in which the journey began.
    let url = link_url(&world, &pending).await;
    let answer = http().get(url).header("accept-language", "pt-BR").send().await.unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let address = format!("{}{}", world.issuer(), answer.headers()["location"].to_str().unwrap());
    let html = http().get(address).header("cookie", cookie).send().await.unwrap().text().await.unwrap();
    assert!(html.contains("<html lang=\"pt-BR\">") && html.contains(">Entrar</button>"));
    assert!(html.contains("Página de prática"));
    let html = visit.page("/sign-in").await.text().await.unwrap();
    assert!(html.contains("<html lang=\"en\">"));
}

#[tokio::test]
async fn a_form_without_its_proof_or_its_cookie_is_refused() {
    let (world, pending) = pending().await;
    let (visit, other) = (begin(&world, &pending).await, begin(&world, &pending).await);
    let foreign = other.hidden("proof").await;
    for proof in ["", "guess", foreign.as_str()] {
        let answer = visit.post(&world, "/sign-in", &[("proof", proof), ("user", "ana")]).await;
        assert_eq!(answer.status(), 400, "{proof}");
    }
    let without = visit.form(&world, "/sign-in", &[("user", "ana")]).await;
    assert_eq!(without.send().await.unwrap().status(), 400, "no cookie");
    let with_other = visit.form(&world, "/sign-in", &[("user", "ana")]).await.header("cookie", &other.cookie);
    assert_eq!(with_other.send().await.unwrap().status(), 400, "the cookie of another visit");
    let hosted = format!("/codat/link/company/{}", pending.company);
    let forged = crate::client::post(&world, &hosted, &[("platform", "gbol"), ("proof", "guess")]);
    assert_eq!(forged.send().await.unwrap().status(), 400, "no connection is made for a foreign page");
}

#[tokio::test]
async fn nobody_allows_before_signing_in_nor_twice_nor_an_organization_that_is_not_theirs() {
    let (world, pending) = pending().await;
    let visit = begin(&world, &pending).await;
    let allow = [("decision", "allow"), ("organization", "Alder Joinery Ltd")];
    assert_eq!(visit.post(&world, "/consent", &allow).await.status(), 400);
    assert_eq!(visit.page("/consent").await.status(), 303, "back to signing in");
    assert!(
        visit
            .post(&world, "/sign-in", &[("user", " ")])
            .await
            .text()
            .await
            .unwrap()
            .contains("Enter a user name")
    );
    visit.post(&world, "/sign-in", &[("user", "ana")]).await;
    let foreign = [("decision", "allow"), ("organization", "Somebody Else Ltd")];
    let page = visit.post(&world, "/consent", &foreign).await;
    assert!(page.text().await.unwrap().contains("Choose an organization."));
    assert_eq!(shown(&world, &pending).await["status"], "PendingAuth");
    let again = visit.form(&world, "/consent", &allow).await.header("cookie", &visit.cookie);
    assert_eq!(visit.post(&world, "/consent", &allow).await.status(), 303);
    assert_eq!(again.send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn a_name_with_markup_is_shown_as_text_and_a_visit_does_not_last() {
    let (world, pending) = pending().await;
    let visit = begin(&world, &pending).await;
    visit.post(&world, "/sign-in", &[("user", "<script>alert(1)</script>")]).await;
    let html = visit.page("/consent").await.text().await.unwrap();
    assert!(html.contains("&lt;script&gt;") && !html.contains("<script"));
    world.clock().advance(std::time::Duration::from_secs(601));
    assert_eq!(visit.page("/consent").await.status(), 400);
}

#[tokio::test]
async fn without_a_redirect_the_journey_ends_on_a_page() {
    let (world, pending) = pending().await;
    world.codat().set_redirect("").unwrap();
    let visit = begin(&world, &pending).await;
    visit.post(&world, "/sign-in", &[("user", "ana")]).await;
    let end =
        visit.post(&world, "/consent", &[("decision", "allow"), ("organization", "Alder Joinery Ltd")]).await;
    assert_eq!(end.status(), 200);
    assert!(end.text().await.unwrap().contains("You are connected"));
    assert_eq!(shown(&world, &pending).await["status"], "Linked");
}

#[tokio::test]
async fn a_foreign_host_name_is_refused_here_too() {
    let (world, _) = pending().await;
    let answer = http().get(format!("{}/companies", world.codat_api())).header("host", "rebound.example");
    assert_eq!(answer.send().await.unwrap().status(), 421);
}
