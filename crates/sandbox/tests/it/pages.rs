//! The pages, as a browser gets them.

use crate::client::{authorization_url, bank, http};
use reqwest::Response;
use sandbox::Sandbox;

/// A visit that has reached its sign-in page.
pub(crate) struct Visit {
    cookie: String,
    address: String,
}

pub(crate) async fn begin(bank: &Sandbox, changes: &[(&str, &str)]) -> Visit {
    let answer = http().get(authorization_url(bank, changes)).send().await.unwrap();
    assert_eq!(answer.status(), 303);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
    let address = format!("{}{}", bank.issuer(), answer.headers()["location"].to_str().unwrap());
    Visit { cookie: cookie.split(';').next().unwrap().to_owned(), address }
}

impl Visit {
    pub(crate) async fn page(&self) -> Response {
        self.page_at(&self.address).await
    }

    /// Another page of the same visit.
    pub(crate) async fn other_page(&self, path: &str) -> Response {
        self.page_at(&self.address.replace("/sign-in", path)).await
    }

    async fn page_at(&self, address: &str) -> Response {
        http().get(address).header("cookie", &self.cookie).send().await.unwrap()
    }

    async fn hidden(&self, name: &str) -> String {
        let page = self.page().await.text().await.unwrap();
        let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    }

    /// Posts a form with this visit's own values, some replaced.
    pub(crate) async fn post(&self, bank: &Sandbox, path: &str, fields: &[(&str, &str)]) -> Response {
        let (visit, proof) = (self.hidden("visit").await, self.hidden("proof").await);
        let own = [("visit", visit.as_str()), ("proof", proof.as_str())];
        let kept = own.iter().filter(|(name, _)| !fields.iter().any(|(other, _)| other == name));
        let all: Vec<_> = kept.chain(fields).copied().collect();
        let request = crate::client::post(bank, path, &all);
        request.header("cookie", &self.cookie).send().await.unwrap()
    }
}

#[tokio::test]
async fn the_sign_in_page_is_plainly_practice_and_runs_nothing() {
    let bank = bank().await;
    let page = begin(&bank, &[]).await.page().await;
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{policy}");
    assert!(!policy.contains("script-src") && policy.contains("frame-ancestors 'none'"), "{policy}");
    let html = page.text().await.unwrap();
    for needed in [
        "Farol Bank (Sandbox)",
        "Practice bank",
        "synthetic",
        "<label class=\"above\" for=\"user\">",
        ">Sign in</button>",
    ] {
        assert!(html.contains(needed), "{needed}");
    }
    assert!(
        !html.contains("<script") && !html.contains("style=") && !html.contains("//"),
        "nothing from outside"
    );
}

#[tokio::test]
async fn pages_speak_the_language_that_is_asked_for() {
    let bank = bank().await;
    let visit = begin(&bank, &[("ui_locales", "pt-BR")]).await;
    let html = visit.page().await.text().await.unwrap();
    assert!(html.contains("<html lang=\"pt-BR\">") && html.contains(">Entrar</button>"));
    assert_eq!(visit.post(&bank, "/sign-in", &[("user", "ana")]).await.status(), 303);
    let html = visit.other_page("/consent").await.text().await.unwrap();
    assert!(html.contains(">Permitir</button>") && html.contains(">Cancelar</button>"));
    assert!(html.contains("R$\u{a0}18.250,00") && html.contains("Conta corrente"));
    let url = authorization_url(&bank, &[("client_id", "unknown")]);
    let error =
        http().get(url).header("accept-language", "pt-BR").send().await.unwrap().text().await.unwrap();
    assert!(error.contains("Não foi possível"));
}

#[tokio::test]
async fn the_consent_form_may_lead_back_to_its_client_and_nowhere_else() {
    let bank = bank().await;
    for (redirect, source) in [
        ("http://127.0.0.1:7777/callback", "form-action 'self' http://127.0.0.1:7777"),
        ("mooring://oauth/callback", "form-action 'self' mooring:"),
        ("https://mooring.example/callback", "form-action 'self' https://mooring.example"),
    ] {
        let visit = begin(&bank, &[("redirect_uri", redirect)]).await;
        visit.post(&bank, "/sign-in", &[("user", "ana")]).await;
        let page = visit.other_page("/consent").await;
        let policy = page.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.ends_with(source), "{policy}");
    }
}

#[tokio::test]
async fn a_name_with_markup_is_shown_as_text() {
    let bank = bank().await;
    let visit = begin(&bank, &[("state", "<script>s</script>"), ("nonce", "\"><script>n</script>")]).await;
    visit.post(&bank, "/sign-in", &[("user", "<script>alert(1)</script>\"'&")]).await;
    let html = visit.other_page("/consent").await.text().await.unwrap();
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"));
    assert!(!html.contains("<script"));
    let url = authorization_url(&bank, &[("client_id", "<script>c</script>"), ("redirect_uri", "<script>r")]);
    let error = http().get(url).send().await.unwrap().text().await.unwrap();
    assert!(!error.contains("<script"));
}

#[tokio::test]
async fn a_form_without_its_proof_or_its_cookie_is_refused() {
    let bank = bank().await;
    let visit = begin(&bank, &[]).await;
    let other = begin(&bank, &[]).await;
    let foreign = other.hidden("proof").await;
    for proof in ["", "guess", foreign.as_str()] {
        let answer = visit.post(&bank, "/sign-in", &[("proof", proof), ("user", "ana")]).await;
        assert_eq!(answer.status(), 400, "{proof}");
    }
    let proof = visit.hidden("proof").await;
    let id = visit.hidden("visit").await;
    let form = [("visit", id.as_str()), ("proof", proof.as_str()), ("user", "ana")];
    let without = crate::client::post(&bank, "/sign-in", &form);
    assert_eq!(without.send().await.unwrap().status(), 400, "no cookie");
    let with_other = crate::client::post(&bank, "/sign-in", &form).header("cookie", &other.cookie);
    assert_eq!(with_other.send().await.unwrap().status(), 400, "the cookie of another visit");
}

#[tokio::test]
async fn nobody_consents_before_signing_in() {
    let bank = bank().await;
    let visit = begin(&bank, &[]).await;
    let answer = visit.post(&bank, "/consent", &[("decision", "allow"), ("account", "farol-savings")]).await;
    assert_eq!(answer.status(), 400);
    let page = visit.other_page("/consent").await;
    assert_eq!(page.status(), 303, "back to signing in");
}

#[tokio::test]
async fn a_visit_is_answered_once_and_does_not_last() {
    let bank = bank().await;
    let visit = begin(&bank, &[]).await;
    visit.post(&bank, "/sign-in", &[("user", "ana")]).await;
    let (id, proof) = (visit.hidden("visit").await, visit.hidden("proof").await);
    let form =
        [("visit", id.as_str()), ("proof", &proof), ("decision", "allow"), ("account", "farol-savings")];
    let allow = || crate::client::post(&bank, "/consent", &form).header("cookie", &visit.cookie).send();
    assert_eq!(allow().await.unwrap().status(), 303);
    assert_eq!(allow().await.unwrap().status(), 400);
    let slow = begin(&bank, &[]).await;
    bank.clock().advance(std::time::Duration::from_secs(601));
    assert_eq!(slow.page().await.status(), 400);
}

#[tokio::test]
async fn allowing_needs_an_account_and_signing_in_a_name() {
    let bank = bank().await;
    let visit = begin(&bank, &[]).await;
    let page = visit.post(&bank, "/sign-in", &[("user", " ")]).await;
    assert!(page.text().await.unwrap().contains("Enter a user name"));
    visit.post(&bank, "/sign-in", &[("user", "ana")]).await;
    let page = visit.post(&bank, "/consent", &[("decision", "allow"), ("account", "no-such")]).await;
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains("Choose at least one account."));
}
