//! The scenes of the interface (`ui/src/preview/scenes.ts`) in Chromium: built, served and set up one by one.
//!
//! Knows how to reach a scene and how large, in which language and colors; not what is in it.

use crate::chromium::Chromium;
use crate::workspace;
use anyhow::{Context as _, Result, bail, ensure};
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use fantoccini::wd::WebDriverCompatibleCommand;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use url::Url;

/// What every clock in a scene shows.
const NOW: &str = "2026-05-04T09:30:00Z";

/// Width and height of a window, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(pub u32, pub u32);

impl Size {
    /// The window as it opens.
    pub const DESKTOP: Self = Self(1080, 760);
    /// As narrow as a phone, or Codat's component.
    pub const NARROW: Self = Self(460, 840);
    /// The desktop window at 200 %.
    pub const ZOOMED: Self = Self(540, 380);
}

/// The built preview on a port of its own.
pub struct Gallery {
    address: String,
    served: tokio::task::JoinHandle<()>,
}

impl Drop for Gallery {
    fn drop(&mut self) {
        self.served.abort();
    }
}

impl Gallery {
    /// Builds the preview of the interface and serves it.
    pub async fn open() -> Result<Self> {
        BUILT.get_or_try_init(|| async { build() }).await?;
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = format!("http://{}", listener.local_addr()?);
        let pages = axum::Router::new().fallback(page);
        let served = tokio::spawn(async move {
            // It serves until the gallery closes; a failure shows as pages that do not load.
            let _ = axum::serve(listener, pages).await;
        });
        Ok(Self { address, served })
    }

    /// A tab in a browser of its own, with motion or without.
    pub async fn tab(&self, motion: bool) -> Result<Tab> {
        // As a flag and not by emulation, which a page that loads may not see yet.
        let wish: &[&str] = if motion { &[] } else { &["--force-prefers-reduced-motion"] };
        let browser = Chromium::open_with(wish).await?;
        Ok(Tab { browser, address: self.address.clone() })
    }
}

/// The folder of the built preview is one; whoever comes first fills it.
static BUILT: tokio::sync::OnceCell<()> = tokio::sync::OnceCell::const_new();

fn build() -> Result<()> {
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.args(["run", "--silent", "build:preview", "--", "--logLevel", "error"]);
    let built = npm.current_dir(workspace().join("ui")).output().context("npm did not start")?;
    ensure!(built.status.success(), "no preview: {}", String::from_utf8_lossy(&built.stderr));
    Ok(())
}

async fn page(address: axum::http::Uri) -> axum::response::Response {
    use axum::response::IntoResponse as _;
    let file = address.path().trim_start_matches('/');
    if file.contains("..") {
        return axum::http::StatusCode::NOT_FOUND.into_response();
    }
    let kind = match Path::new(file).extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    };
    match std::fs::read(workspace().join("ui/dist-preview").join(file)) {
        Ok(content) => ([(CONTENT_TYPE, kind)], content).into_response(),
        Err(_) => axum::http::StatusCode::NOT_FOUND.into_response(),
    }
}

/// A scene after the other, in one browser.
pub struct Tab {
    /// The browser.
    pub browser: Chromium,
    address: String,
}

impl Tab {
    /// Names of all scenes.
    pub async fn scenes(&self) -> Result<Vec<String>> {
        self.goto("", "en").await?;
        let names = self.browser.client.execute("return window.mooring.scenes", Vec::new()).await?;
        let names: Vec<String> = serde_json::from_value(names)?;
        ensure!(!names.is_empty(), "there are no scenes");
        Ok(names)
    }

    /// Makes the window so large.
    pub async fn resize(&self, Size(width, height): Size) -> Result<()> {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.tell("Emulation.setDeviceMetricsOverride", metrics).await.map(drop)
    }

    /// Sets up a scene, in light colors, and returns when it stands.
    pub async fn show(&self, scene: &str, language: &str) -> Result<()> {
        self.goto(scene, language).await
    }

    /// Paints the scene that stands in other colors: `light` or `dark`.
    pub async fn paint(&self, theme: &str) -> Result<()> {
        self.ask("mooring.paint(given)", json!(theme)).await.map(drop)
    }

    /// The window as a PNG.
    pub async fn picture(&self) -> Result<Vec<u8>> {
        Ok(self.browser.client.screenshot().await?)
    }

    /// What a promise in the page is fulfilled with; `given` is what its text may name so.
    pub async fn ask(&self, promise: &str, given: Value) -> Result<Value> {
        let script = format!(
            "const [given, tell] = arguments;\
             Promise.resolve().then(() => {promise}).then((is) => tell({{ is: is ?? null }}), (no) => tell({{ no: String(no) }}))"
        );
        let mut answer = self.browser.client.execute_async(&script, vec![given]).await?;
        match answer["no"].as_str() {
            Some(refusal) => bail!("{refusal}"),
            None => Ok(answer["is"].take()),
        }
    }

    /// Presses a key, as the keyboard does.
    pub async fn key(&self, key: fantoccini::key::Key) -> Result<()> {
        self.browser.client.active_element().await?.send_keys(&char::from(key).to_string()).await?;
        Ok(())
    }

    async fn goto(&self, scene: &str, language: &str) -> Result<()> {
        let mut address = Url::parse(&format!("{}/preview.html", self.address))?;
        address
            .query_pairs_mut()
            .append_pair("scene", scene)
            .append_pair("lang", language)
            .append_pair("theme", "light")
            .append_pair("at", NOW);
        self.browser.client.goto(address.as_str()).await?;
        // The module runs after the page has loaded where it waits for its world.
        let stands = "new Promise((done, fail) => { const look = () => window.mooring \
                      ? window.mooring.ready.then(done, fail) : requestAnimationFrame(look); look(); })";
        self.ask(stands, Value::Null).await.with_context(|| format!("the scene {scene}"))?;
        Ok(())
    }

    /// A command of the browser's own protocol, through its driver.
    async fn tell(&self, command: &str, with: Value) -> Result<Value> {
        let told = Told(json!({ "cmd": command, "params": with }).to_string());
        Ok(self.browser.client.issue_cmd(told).await?)
    }
}

#[derive(Debug)]
struct Told(String);

impl WebDriverCompatibleCommand for Told {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.0.clone()))
    }
}
