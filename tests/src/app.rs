//! The real app in its real window, driven as a person drives it: by the roles and names of what is on screen.

use crate::process::Process;
use crate::world::World;
use crate::{program, programs};
use anyhow::{Context as _, Result};
use fantoccini::elements::Element;
use fantoccini::wd::WindowHandle;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use std::time::Duration;

/// How long something may take that must happen.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long the app may take to open on a machine that is busy.
const OPENING: Duration = Duration::from_secs(90);
/// How long one app may be driven. The driver has no limit of its own for a window that stopped answering.
const LONGEST: Duration = Duration::from_secs(5 * 60);

/// The app, open.
pub struct App {
    /// The WebDriver session.
    pub client: Client,
    main: WindowHandle,
    driver: Process,
    /// Process number of the app.
    pid: u32,
    limit: tokio::task::JoinHandle<()>,
}

impl Drop for App {
    fn drop(&mut self) {
        self.limit.abort();
    }
}

impl App {
    /// Opens it in `world`.
    pub async fn open(world: &World) -> Result<Self> {
        program("mooring-desktop");
        let port = free_port()?;
        // It says nothing when it listens, so a shell says that it was started, and connecting is tried until it is.
        let mut shell = world.command("sh");
        shell.env("TAURI_WEBVIEW_AUTOMATION", "true");
        shell.args(["-c", &format!("echo started; exec WebKitWebDriver --host=127.0.0.1 --port={port}")]);
        let (driver, ()) = Process::start(shell, |line| (line == "started").then_some(()));
        let address = format!("http://127.0.0.1:{port}");
        wait_for_port(port).await?;
        let capabilities = serde_json::json!({
            "webkitgtk:browserOptions": { "binary": programs().join("mooring-desktop"), "args": [] }
        });
        let capabilities = capabilities.as_object().cloned().unwrap_or_default();
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let opening = builder.capabilities(capabilities).connect(&address);
        // An app that ends before it has a window leaves the driver waiting for it.
        let client = tokio::time::timeout(OPENING, opening)
            .await
            .map_err(anyhow::Error::from)
            .and_then(|opened| Ok(opened?))
            .with_context(|| format!("the app did not open: {}", driver.output()))?;
        let main = client.window().await?;
        let pid = child_of(driver.pid()).context("the driver has no app")?;
        let limit = tokio::spawn(end_after(LONGEST, driver.pid()));
        Ok(Self { client, main, driver, pid, limit })
    }

    /// Closes it, as a person who closes the window; it is gone when this returns.
    ///
    /// An app on its way out would take the next start for its own second one, and that start would open nothing.
    pub async fn close(self) -> Result<()> {
        self.client.clone().close().await?;
        let folder = std::path::Path::new("/proc").join(self.pid.to_string());
        until("the app to be gone", || async { Ok((!folder.exists()).then_some(())) }).await
    }

    /// What the app and its driver have written to their outputs.
    pub fn output(&self) -> String {
        self.driver.output()
    }

    /// Ends the driver of an app that is gone.
    pub fn forget(self) {
        drop(self);
    }

    /// Waits for a button (or a link, or a tab) of this name that can be pressed, and presses it.
    pub async fn press(&self, name: &str) -> Result<()> {
        let path = button(name);
        let what = format!("a button `{name}` that can be pressed");
        let pressed = until(&what, || async {
            // A frame that is being filled has no elements to be asked for.
            for button in self.client.find_all(Locator::XPath(&path)).await.unwrap_or_default() {
                // What is hidden until the pointer is over it cannot be pressed; another of the same name may be.
                if button.click().await.is_ok() {
                    return Ok(Some(()));
                }
            }
            Ok(None)
        });
        match pressed.await {
            Err(error) => Err(error.context(self.shown().await)),
            pressed => pressed,
        }
    }

    /// Goes to one of the places that a narrow window keeps behind More.
    pub async fn go_to(&self, place: &str) -> Result<()> {
        let more = self.client.wait().at_most(PATIENCE).for_element(Locator::XPath(&button("More"))).await?;
        if more.is_displayed().await? {
            more.click().await?;
        }
        self.press(place).await
    }

    /// Presses the button whose name begins so.
    pub async fn press_starting(&self, name: &str) -> Result<()> {
        let path = format!("//button[starts-with(normalize-space(.), {})]", literal(name));
        match self.find(&path).await {
            Err(error) => Err(error.context(format!("no button `{name}…`")).context(self.shown().await)),
            Ok(button) => Ok(button.click().await?),
        }
    }

    /// What is on screen, for the message of a test that looked for something else.
    async fn shown(&self) -> String {
        format!("on screen: {}", self.text().await.unwrap_or_default().replace('\n', " / "))
    }

    /// Waits until this text is on screen.
    pub async fn sees(&self, text: &str) -> Result<Element> {
        let path = format!("//body//*[text()[contains(normalize-space(.), {})]]", literal(text));
        match self.find(&path).await {
            Err(error) => {
                Err(error.context(format!("`{text}` is not on screen")).context(self.shown().await))
            }
            found => found,
        }
    }

    /// Types into the field with this label.
    pub async fn types(&self, label: &str, text: &str) -> Result<()> {
        let field = self.find(&labelled(label)).await.with_context(|| format!("no field `{label}`"))?;
        field.clear().await?;
        field.send_keys(text).await?;
        Ok(())
    }

    /// What the field with this label holds.
    pub async fn value(&self, label: &str) -> Result<String> {
        let field = self.find(&labelled(label)).await.with_context(|| format!("no field `{label}`"))?;
        Ok(field.prop("value").await?.unwrap_or_default())
    }

    /// Chooses an option of the list with this label.
    pub async fn choose(&self, label: &str, option: &str) -> Result<()> {
        let list = self.find(&labelled(label)).await.with_context(|| format!("no list `{label}`"))?;
        list.select_by_label(option).await.with_context(|| format!("no option `{option}`"))?;
        Ok(())
    }

    /// Opens the row of a list that has this title.
    pub async fn open_row(&self, title: &str) -> Result<()> {
        let path = format!("//li/button[.//span[normalize-space(.)={}]]", literal(title));
        self.find(&path).await.with_context(|| format!("no row `{title}`"))?.click().await?;
        Ok(())
    }

    /// Opens the first connection of the list.
    pub async fn open_connection(&self) -> Result<()> {
        let row = self.find("//button[@data-row]").await.context("no connection in the list")?;
        row.click().await?;
        Ok(())
    }

    /// Opens the row of a list that says this.
    pub async fn press_row(&self, text: &str) -> Result<()> {
        let says = format!("contains(normalize-space(.), {0}) or contains(@aria-label, {0})", literal(text));
        let row = format!("//*[@data-row][{says}] | //li//button[{says}]");
        self.find(&row).await.with_context(|| format!("no row `{text}`"))?.click().await?;
        Ok(())
    }

    /// Presses a button of the dialog that is open.
    pub async fn press_in_dialog(&self, name: &str) -> Result<()> {
        let inside = format!("(//*[@role='dialog' or @role='alertdialog' or self::dialog]){}", button(name));
        self.find(&inside).await.with_context(|| format!("no `{name}` in a dialog"))?.click().await?;
        Ok(())
    }

    /// Waits for a frame in the page and goes into it.
    pub async fn enter_frame(&self) -> Result<()> {
        until("a frame that can be entered", || async {
            let Ok(frame) = self.client.find(Locator::Css("iframe")).await else { return Ok(None) };
            Ok(frame.enter_frame().await.ok())
        })
        .await
    }

    /// Waits until nothing on the page moves and what is there has been drawn.
    pub async fn settled(&self) -> Result<()> {
        let drawn = "const done = arguments[0]; \
            Promise.allSettled(document.getAnimations().map((one) => one.finished)).then(() => \
            requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => done(null)))))";
        self.client.execute_async(drawn, Vec::new()).await?;
        Ok(())
    }

    /// The person lets this test's program have tokens and data, and so what it asks through the command line: under
    /// Programs, before it asks.
    pub async fn allow_this_program(&self) -> Result<()> {
        self.press("Programs").await?;
        self.press("Allow a program").await?;
        self.types("File of the program", &std::env::current_exe()?.display().to_string()).await?;
        for what in ["Act at the institution as you", "Read accounts and transactions"] {
            let label = format!("//dialog//label[contains(normalize-space(.), '{what}')]");
            self.find(&label).await?.click().await?;
        }
        self.press_in_dialog("Allow").await?;
        self.sees("Acts at all connections as you").await?;
        self.press("Connections").await
    }

    /// Answers the question of a program, as soon as it takes an answer.
    pub async fn answer(&self, name: &str) -> Result<()> {
        let inside = format!(
            "//dialog[@role='alertdialog']//button[not(@disabled)][starts-with(normalize-space(.), {})]",
            literal(name)
        );
        self.find(&inside).await.with_context(|| format!("no answer `{name}`"))?.click().await?;
        self.no_question().await
    }

    /// Waits until no program asks.
    pub async fn no_question(&self) -> Result<()> {
        until("the question to go", || async {
            let open = self.client.find_all(Locator::Css("dialog[role=alertdialog]")).await?;
            Ok(open.is_empty().then_some(()))
        })
        .await
    }

    /// Opens the row of a program in the list of programs.
    pub async fn open_caller(&self, name: &str) -> Result<()> {
        let row = format!("//button[@data-row][.//span[normalize-space(.)={}]]", literal(name));
        self.find(&row).await.with_context(|| format!("no program `{name}`"))?.click().await?;
        Ok(())
    }

    /// Presses the switch with this label.
    pub async fn switch(&self, label: &str) -> Result<()> {
        let path = format!("//*[@role='switch'][@id=//label[normalize-space(.)={}]/@for]", literal(label));
        self.find(&path).await.with_context(|| format!("no switch `{label}`"))?.click().await?;
        Ok(())
    }

    /// Pastes what is on the clipboard into the field with this label, and answers it.
    pub async fn pasted(&self, label: &str) -> Result<String> {
        let field = self.find(&labelled(label)).await.with_context(|| format!("no field `{label}`"))?;
        field.clear().await?;
        field.send_keys("\u{E009}v\u{E000}").await?;
        let pasted = until("the field to be filled", || async {
            Ok(field.prop("value").await?.filter(|text| !text.is_empty()))
        })
        .await?;
        field.clear().await?;
        Ok(pasted)
    }

    /// What is on screen, as text.
    pub async fn text(&self) -> Result<String> {
        Ok(self.client.find(Locator::Css("body")).await?.text().await?)
    }

    /// Waits for the element at an XPath that is shown.
    pub async fn find(&self, path: &str) -> Result<Element> {
        Ok(self.client.wait().at_most(PATIENCE).for_element(Locator::XPath(path)).await?)
    }

    /// Waits for an authorization window and goes to it.
    pub async fn to_authorization(&self) -> Result<()> {
        let other = self.other_window().await?;
        self.client.switch_to_window(other).await?;
        Ok(())
    }

    /// Goes back to the main window.
    pub async fn to_main(&self) -> Result<()> {
        Ok(self.client.switch_to_window(self.main.clone()).await?)
    }

    /// How many windows there are.
    pub async fn windows(&self) -> Result<usize> {
        Ok(self.client.windows().await?.len())
    }

    /// Waits until the main window is the only one.
    pub async fn alone(&self) -> Result<()> {
        self.to_main().await?;
        until("the authorization window to close", || async {
            Ok((self.windows().await? == 1).then_some(()))
        })
        .await
    }

    async fn other_window(&self) -> Result<WindowHandle> {
        until("an authorization window", || async {
            let windows = self.client.windows().await?;
            Ok(windows.into_iter().find(|window| *window != self.main))
        })
        .await
    }

    /// Presses what may close the window that it is in.
    pub async fn press_last(&self, name: &str) -> Result<()> {
        press_last(&self.client, self.find(&button(name)).await?).await
    }

    /// Signs in and allows at the practice bank, whose page is in the current window. The window closes by that.
    pub async fn approve_at_practice_bank(&self) -> Result<()> {
        self.press("Sign in").await?;
        self.sees("Share your accounts").await?;
        self.press_last("Allow").await
    }
}

/// Presses what may close the window that it is in.
///
/// The press comes just after the driver has its answer: one that waits for a window that is gone waits for ever. On a
/// busy machine the answer is lost with the page, and what comes of the press is seen anyway.
pub async fn press_last(client: &Client, element: Element) -> Result<()> {
    let press = "const [element] = arguments; setTimeout(() => element.click(), 0)";
    match client.execute(press, vec![serde_json::to_value(element)?]).await {
        Err(error) if error.to_string().contains("Could not parse script result") => Ok(()),
        answered => Ok(answered.map(drop)?),
    }
}

/// The XPath of what can be pressed under this name.
pub fn button(name: &str) -> String {
    let name = literal(name);
    format!(
        "//*[self::button or self::a or @role='button' or @role='tab' or @role='menuitem']\
         [normalize-space(.)={name} or @aria-label={name} or starts-with(normalize-space(.), concat({name}, ':')) \
         or span[not(@aria-hidden)][normalize-space(.)={name}]]"
    )
}

/// The XPath of the field with this label.
fn labelled(label: &str) -> String {
    format!(
        "//*[@id=//label[contains(normalize-space(.), {0})]/@for] | //label[contains(normalize-space(.), {0})]//input \
         | //input[contains(@aria-label, {0})]",
        literal(label)
    )
}

/// A text as XPath writes it; ours hold no double quotes.
fn literal(text: &str) -> String {
    format!("\"{text}\"")
}

/// Asks again until there is an answer.
pub async fn until<T, F: Future<Output = Result<Option<T>>>>(what: &str, ask: impl Fn() -> F) -> Result<T> {
    let asking = async {
        loop {
            if let Some(found) = ask().await? {
                return Ok(found);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asking).await.with_context(|| format!("waited in vain for {what}"))?
}

/// The process that `parent` started.
fn child_of(parent: u32) -> Option<u32> {
    let children = std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).ok()?;
    children.split_whitespace().next()?.parse().ok()
}

/// Ends a driver that was used for too long: whoever waits for its answer gets an error instead.
async fn end_after(limit: Duration, driver: u32) {
    tokio::time::sleep(limit).await;
    // One that has ended by itself is as good.
    let _ = std::process::Command::new("kill").args(["-9", &driver.to_string()]).status();
}

/// A port that nobody has; another may take it before it is used.
pub fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

pub(crate) async fn wait_for_port(port: u16) -> Result<()> {
    until("the driver to listen", || async move {
        Ok(tokio::net::TcpStream::connect(("127.0.0.1", port)).await.ok().map(drop))
    })
    .await
}
