//! The widget that Pluggy publishes on npm, unchanged, in a real browser, against the sandbox: its frame holds a
//! stand-in for Pluggy's Connect page, and the two speak through zoid. The sandbox's own page must do the same.

use anyhow::{Context as _, Result};
use fantoccini::Locator;
use sandbox::{Options, Sandbox, pluggy};
use serde_json::{Value, json};
use std::process::Command;
use std::time::Duration;
use tests::app::{button, until};
use tests::chromium::Chromium;
use tests::process::Process;
use tests::workspace;

async fn sandbox() -> Result<Sandbox> {
    let settings = pluggy::Settings { pace: Duration::from_millis(50), ..pluggy::Settings::default() };
    Ok(Sandbox::start(Options { pluggy: settings, ..Options::default() }).await?)
}

struct Widget {
    sandbox: Sandbox,
    browser: Chromium,
    address: String,
    /// Where the widget's frame is, as a CSS selector.
    frame: &'static str,
    _pages: Option<Process>,
}

impl Widget {
    /// With the page of the npm package.
    async fn of_npm() -> Result<Self> {
        let sandbox = sandbox().await?;
        let folder = workspace().join("tests/peers");
        let mut node = Command::new("node");
        node.arg("pluggy-widget.mjs").arg(json!({ "api": sandbox.pluggy_api() }).to_string());
        node.current_dir(folder).env("NO_COLOR", "1");
        let (pages, address) =
            Process::start(node, |line| line.strip_prefix("listening ").map(ToOwned::to_owned));
        let browser = Chromium::open().await?;
        Ok(Self { sandbox, browser, address, frame: "iframe[name^='__zoid__']", _pages: Some(pages) })
    }

    /// With the sandbox's own page, which must call back the same.
    async fn of_sandbox() -> Result<Self> {
        let sandbox = sandbox().await?;
        let address = format!("{}/widget", sandbox.pluggy_api());
        let browser = Chromium::open().await?;
        Ok(Self { sandbox, browser, address, frame: "iframe[name='connect']", _pages: None })
    }

    /// Opens the page and the widget in it, and goes into its frame.
    async fn begin(&self, query: &str) -> Result<()> {
        self.browser.client.goto(&format!("{}?{query}", self.address)).await?;
        self.press("Connect").await?;
        self.to_frame().await
    }

    async fn to_frame(&self) -> Result<()> {
        self.browser.client.wait().for_element(Locator::Css(self.frame)).await?.enter_frame().await?;
        Ok(())
    }

    async fn to_page(&self) -> Result<()> {
        Ok(self.browser.client.enter_parent_frame().await?)
    }

    async fn press(&self, name: &str) -> Result<()> {
        let path = button(name);
        until(&format!("a button `{name}`"), || async {
            let Ok(found) = self.browser.client.find(Locator::XPath(&path)).await else { return Ok(None) };
            Ok(found.click().await.ok())
        })
        .await
    }

    async fn types(&self, field: &str, text: &str) -> Result<()> {
        let found = self.browser.client.wait().for_element(Locator::Id(field)).await?;
        Ok(found.send_keys(text).await?)
    }

    /// Fills in who signs in, and goes on.
    async fn sign_in(&self, password: &str) -> Result<()> {
        self.press("Continue").await?;
        self.types("user", "user-ok").await?;
        self.types("password", password).await?;
        self.press("Continue").await
    }

    /// The callbacks so far, from the list on the page.
    async fn callbacks(&self) -> Result<Vec<Value>> {
        let mut callbacks = Vec::new();
        for entry in self.browser.client.find_all(Locator::Css("#events li")).await? {
            let text = entry.prop("textContent").await?.unwrap_or_default();
            callbacks.push(serde_json::from_str(&text)?);
        }
        Ok(callbacks)
    }

    /// Waits for a callback and answers all up to it.
    async fn until_callback(&self, name: &str) -> Result<Vec<Value>> {
        self.to_page().await?;
        until(&format!("the callback {name}"), || async {
            let callbacks = self.callbacks().await?;
            Ok(callbacks.iter().any(|one| one["callback"] == name).then_some(callbacks))
        })
        .await
    }
}

/// The names of the events among callbacks, without those that tell progress.
fn events(callbacks: &[Value]) -> Vec<&str> {
    let names = callbacks.iter().filter_map(|one| one["event"].as_str());
    names.filter(|name| *name != "ITEM_RESPONSE").collect()
}

#[tokio::test]
async fn a_person_connects_in_the_widget() -> Result<()> {
    a_person_connects(Widget::of_npm().await?).await
}

#[tokio::test]
async fn a_person_connects_in_the_widget_of_the_sandbox() -> Result<()> {
    a_person_connects(Widget::of_sandbox().await?).await
}

async fn a_person_connects(widget: Widget) -> Result<()> {
    widget.begin("user=ana").await?;
    widget.press("Continue").await?;
    widget.press("Pluggy Bank (Sandbox)").await?;
    widget.types("user", "user-ok").await?;
    widget.types("password", "password-ok").await?;
    widget.press("Continue").await?;
    let callbacks = widget.until_callback("onSuccess").await?;
    assert_eq!(callbacks[0]["callback"], "onOpen");
    assert_eq!(
        events(&callbacks),
        ["SUBMITTED_CONSENT", "SELECTED_INSTITUTION", "SUBMITTED_LOGIN", "LOGIN_SUCCESS"]
    );
    let item = callbacks.last().and_then(|one| one["item"].as_str()).context("an item")?;
    assert_eq!(widget.sandbox.pluggy().items(), [item]);
    widget.to_frame().await?;
    widget.press("Close").await?;
    widget.until_callback("onClose").await?;
    widget.browser.close().await
}

#[tokio::test]
async fn a_refused_login_and_a_question_are_told() -> Result<()> {
    refusals_and_questions(Widget::of_npm().await?).await
}

#[tokio::test]
async fn a_refused_login_and_a_question_are_told_of_the_sandbox() -> Result<()> {
    refusals_and_questions(Widget::of_sandbox().await?).await
}

async fn refusals_and_questions(widget: Widget) -> Result<()> {
    widget.begin("connector=0").await?;
    widget.sign_in("wrong").await?;
    let callbacks = widget.until_callback("onError").await?;
    assert_eq!(callbacks.last().context("a callback")?["code"], "INVALID_CREDENTIALS");

    widget.begin("connector=3").await?;
    widget.sign_in("password-ok").await?;
    widget.types("token", "123456").await?;
    widget.press("Continue").await?;
    let callbacks = widget.until_callback("onSuccess").await?;
    assert!(events(&callbacks).contains(&"SUBMITTED_MFA"), "{callbacks:?}");
    widget.browser.close().await
}

#[tokio::test]
async fn an_approval_at_the_institution_closes_its_own_window() -> Result<()> {
    approval(Widget::of_npm().await?).await
}

#[tokio::test]
async fn an_approval_at_the_institution_closes_its_own_window_of_the_sandbox() -> Result<()> {
    approval(Widget::of_sandbox().await?).await
}

async fn approval(widget: Widget) -> Result<()> {
    let client = &widget.browser.client;
    let main = client.window().await?;
    widget.begin("connector=600").await?;
    widget.press("Continue").await?;
    widget.types("cpf", "761.092.776-73").await?;
    widget.press("Continue").await?;
    widget.press("Go to the institution").await?;
    let other = until("the institution's window", || async {
        Ok(client.windows().await?.into_iter().find(|window| *window != main))
    })
    .await?;
    client.switch_to_window(other).await?;
    // The window closes under the press, which may report that it is gone.
    let approve = client.wait().for_element(Locator::XPath(&button("Approve"))).await?;
    let _ = approve.click().await;
    client.switch_to_window(main).await?;
    until("the window to close", || async { Ok((client.windows().await?.len() == 1).then_some(())) }).await?;
    let callbacks = widget.until_callback("onSuccess").await?;
    let item = callbacks.last().and_then(|one| one["item"].as_str()).context("an item")?.to_owned();

    client.goto(&format!("{}?updateItem={item}", widget.address)).await?;
    widget.press("Connect").await?;
    let callbacks = widget.until_callback("onSuccess").await?;
    assert_eq!(callbacks.last().context("a callback")?["item"], item.as_str(), "the same item was updated");
    widget.browser.close().await
}

#[tokio::test]
async fn a_window_that_cannot_close_goes_to_the_callback_page() -> Result<()> {
    let widget = Widget::of_sandbox().await?;
    let client = &widget.browser.client;
    let item = widget.waiting_item().await?;
    // Opened by hand and with a history, a window may not close itself.
    client.goto(&format!("{}/", widget.sandbox.issuer())).await?;
    client.goto(&format!("{}/bank/authorize?item={item}", widget.sandbox.pluggy_api())).await?;
    widget.press("Approve").await?;
    let address = until("the callback page", || async {
        let address = client.current_url().await?;
        Ok(address.path().ends_with("/oauthCallback.html").then_some(address))
    })
    .await?;
    assert_eq!(address.query(), Some(format!("itemId={item}").as_str()));
    widget.browser.close().await
}

#[tokio::test]
async fn callbacks_go_to_a_function_of_the_window_where_there_is_one() -> Result<()> {
    function_of_the_window(Widget::of_npm().await?).await
}

#[tokio::test]
async fn callbacks_go_to_a_function_of_the_window_where_there_is_one_of_the_sandbox() -> Result<()> {
    function_of_the_window(Widget::of_sandbox().await?).await
}

async fn function_of_the_window(widget: Widget) -> Result<()> {
    let client = &widget.browser.client;
    client.goto(&widget.address).await?;
    client.execute("window.seen = []; window.mooringWidget = (text) => seen.push(text)", Vec::new()).await?;
    widget.press("Connect").await?;
    widget.to_frame().await?;
    widget.press("Close").await?;
    widget.to_page().await?;
    let seen = until("the callbacks", || async {
        let seen =
            client.execute("return window.seen.map((text) => JSON.parse(text).callback)", Vec::new()).await?;
        Ok(seen.as_array().is_some_and(|seen| seen.contains(&json!("onClose"))).then_some(seen))
    })
    .await?;
    assert_eq!(seen, json!(["onOpen", "onClose"]));
    assert!(widget.callbacks().await?.is_empty());
    widget.browser.close().await
}

impl Widget {
    /// An item that waits for the institution's page, made with the API itself.
    async fn waiting_item(&self) -> Result<String> {
        let (id, secret) = self.sandbox.pluggy_client();
        let api = self.sandbox.pluggy_api();
        let post = async |path: &str, token: &str, body: Value| {
            let request = reqwest::Client::new().post(format!("{api}{path}")).header("x-api-key", token);
            let answer = request.body(body.to_string()).send().await?.error_for_status()?;
            anyhow::Ok(serde_json::from_str::<Value>(&answer.text().await?)?)
        };
        let key = post("/auth", "", json!({ "clientId": id, "clientSecret": secret })).await?;
        let key = key["apiKey"].as_str().context("an API key")?;
        let item = post("/items", key, json!({ "connectorId": 8 })).await?;
        self.sandbox.clock().advance(Duration::from_secs(1));
        Ok(item["id"].as_str().context("an item")?.to_owned())
    }
}
