//! `@nangohq/pizzly-frontend` from npm, unmodified, in a real browser: a page opens the authorization in a window, the
//! person approves there, and the page hears of it.

use crate::pizzly::Served;
use anyhow::{Context as _, Result};
use fantoccini::{Client, Locator};
use serde_json::{Value, json};
use std::process::Command;
use tests::app::{button, free_port, until};
use tests::chromium::Chromium;
use tests::cli;
use tests::process::Process;
use tests::workspace;

struct Page {
    served: Served,
    browser: Chromium,
    port: u16,
    _pages: Process,
}

impl Page {
    /// A page whose origin the person allowed, on a server that others reach by another name.
    async fn new() -> Result<Self> {
        let port = free_port()?;
        let origin = format!("http://127.0.0.1:{port}");
        let served = Served::new(&["--allow-origin", &origin]);
        cli::ok(&served.world, &["caller", "allow", &format!("web:{origin}"), "--access", "connect"]);
        let mut node = Command::new("node");
        node.args(["pizzly-frontend.mjs", &port.to_string(), &served.url()]);
        node.current_dir(workspace().join("tests/peers")).env("NO_COLOR", "1");
        let (pages, ()) = Process::start(node, |line| (line == "listening").then_some(()));
        Ok(Self { served, browser: Chromium::open().await?, port, _pages: pages })
    }

    fn client(&self) -> &Client {
        &self.browser.client
    }

    /// Presses the button of the page under this name, and goes into the window that opens.
    async fn connect(&self, host: &str) -> Result<fantoccini::wd::WindowHandle> {
        let client = self.client();
        client.goto(&format!("http://{host}:{}/", self.port)).await?;
        let main = client.window().await?;
        client.find(Locator::XPath(&button("Connect"))).await?.click().await?;
        let other = until("the window", || async {
            Ok(client.windows().await?.into_iter().find(|window| *window != main))
        });
        client.switch_to_window(other.await?).await?;
        Ok(main)
    }

    /// What the page was told, once it was.
    async fn told(&self, main: fantoccini::wd::WindowHandle) -> Result<Value> {
        let client = self.client();
        client.switch_to_window(main).await?;
        let text = until("the page to be told", || async {
            let output = client.find(Locator::Css("output")).await?;
            Ok(output.prop("textContent").await?.filter(|text| !text.is_empty()))
        });
        Ok(serde_json::from_str(&text.await?)?)
    }

    /// Presses a button of the provider's page; the window may close under it.
    async fn submit(&self) -> Result<()> {
        let found = self.client().wait().for_element(Locator::Css("button[type=submit]")).await?;
        let _ = found.click().await;
        Ok(())
    }
}

#[tokio::test]
async fn a_page_connects_and_hears_of_it() -> Result<()> {
    let page = Page::new().await?;
    let main = page.connect("127.0.0.1").await?;
    let client = page.client();
    for name in ["login", "password"] {
        let field = format!("input[name={name}]");
        client.wait().for_element(Locator::Css(&field)).await?.send_keys("ana").await?;
    }
    page.submit().await?;
    let consent = r#"input[name="prompt"][value="consent"]"#;
    client.wait().for_element(Locator::Css(consent)).await?;
    page.submit().await?;
    let told = page.told(main).await?;
    let given = json!({ "connectionId": "ana", "providerConfigKey": "oidc", "integrationKey": "oidc" });
    assert_eq!(told, json!({ "given": given }));
    until("the window to close", || async { Ok((client.windows().await?.len() == 1).then_some(())) }).await?;
    cli::linked(&page.served.world, "oidc", "ana").await;
    let token = cli::ok(&page.served.world, &["token", "oidc", "ana"]);
    assert!(page.served.provider.accepts(token.trim()).await?);
    page.browser.close().await
}

#[tokio::test]
async fn a_page_of_another_origin_begins_nothing() -> Result<()> {
    let page = Page::new().await?;
    let main = page.connect("localhost").await?;
    let client = page.client();
    let text = until("the refusal", || async {
        let body = client.find(Locator::Css("body")).await?.text().await?;
        Ok(body.contains("error").then_some(body))
    })
    .await?;
    assert!(text.contains("origin is not allowed"), "{text}");
    client.close_window().await?;
    let told = page.told(main).await?;
    assert_eq!(told["refused"]["error"]["type"], "authorization_cancelled");
    let listed = cli::json(&page.served.world, &["connection", "list"]);
    assert!(listed.as_array().context("a list")?.is_empty());
    page.browser.close().await
}
