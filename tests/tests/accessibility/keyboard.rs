//! Everything by keyboard: Tab reaches all of a screen in the order in which it is read, and a dialog gives the focus
//! back to where it came from.

use anyhow::Result;
use fantoccini::key::Key;
use serde_json::{Value, json};
use tests::gallery::{Gallery, Size, Tab};

/// Marks what can be reached, in the order of the page: one of a group of radio buttons, and one row of a list that
/// arrows move in.
const MARK: &str = "(() => {
    const groups = new Set();
    const able = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
        .filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({ visibilityProperty: true }))
        .filter((one) => {
            if (one.type !== 'radio') return true;
            const first = !groups.has(one.name);
            groups.add(one.name);
            return first;
        });
    able.forEach((one, at) => { one.dataset.at = one.type === 'radio' ? `radio-${one.name}` : `${at}`; });
    // The way begins above everything, wherever the focus was.
    const top = document.createElement('span');
    top.tabIndex = -1;
    document.body.prepend(top);
    top.focus();
    return able.map((one) => one.dataset.at);
})()";

const FOCUSED: &str = "(() => {
    const one = document.activeElement;
    return one.type === 'radio' ? `radio-${one.name}` : (one.dataset.at ?? null);
})()";

async fn walk(tab: &Tab, scene: &str) -> Result<()> {
    tab.show(scene, "en").await?;
    let able = tab.ask(MARK, Value::Null).await?;
    let able: Vec<String> = serde_json::from_value(able)?;
    assert!(!able.is_empty(), "{scene} has nothing to reach");
    let mut reached = Vec::new();
    for _ in &able {
        tab.key(Key::Tab).await?;
        reached.push(tab.ask(FOCUSED, Value::Null).await?.as_str().unwrap_or("nothing").to_owned());
    }
    assert_eq!(reached, able, "{scene}: the order of Tab is not the order of the page");
    Ok(())
}

#[tokio::test]
async fn tab_reaches_everything_in_order() -> Result<()> {
    let gallery = Gallery::open().await?;
    let tab = gallery.tab(false).await?;
    tab.resize(Size::DESKTOP).await?;
    for scene in [
        "start-first-run",
        "start-locked",
        "connections-typical",
        "connection-linked",
        "connect-review",
        "connect-device",
        "connect-bank-long",
        "accounts",
        "activity",
        "providers-codat-saved",
        "settings",
        "attention-program",
        "programs",
        "help-problems",
        "connections-empty",
    ] {
        walk(&tab, scene).await?;
    }
    tab.browser.close().await
}

/// Every dialog that a scene opens: the focus is inside, Esc closes it, and the focus is on what opened it.
#[tokio::test]
async fn a_dialog_takes_the_focus_and_gives_it_back() -> Result<()> {
    let gallery = Gallery::open().await?;
    let tab = gallery.tab(false).await?;
    let dialogs: Vec<String> =
        tab.scenes().await?.into_iter().filter(|name| name.starts_with("dialog-")).collect();
    assert!(dialogs.len() > 5, "{dialogs:?}");
    for scene in dialogs {
        tab.show(&scene, "en").await?;
        let inside = "!!document.activeElement.closest('dialog[open]')";
        assert_eq!(tab.ask(inside, Value::Null).await?, json!(true), "{scene}: the focus is behind it");
        tab.key(Key::Escape).await?;
        let state = "({ open: !!document.querySelector('dialog[open]'), \
                     on: document.activeElement.localName, opener: window.mooring.opener === document.activeElement })";
        let now = tab.ask(state, Value::Null).await?;
        assert_eq!(now, json!({ "open": false, "on": "button", "opener": true }), "{scene}");
    }
    tab.browser.close().await
}

/// Waits until the focus is where a script says.
async fn focus_is(tab: &Tab, what: &str, where_it_is: &str) -> Result<()> {
    let waits = format!(
        "new Promise((done, fail) => {{ let left = 200; const look = () => \
         ({where_it_is}) ? done(true) : left-- > 0 ? requestAnimationFrame(look) : fail('not so: {what}'); look(); }})"
    );
    tab.ask(&waits, Value::Null).await.map(drop)
}

/// What lies over a screen without a button of its own, and panels, give the focus back too.
#[tokio::test]
async fn what_is_closed_by_escape_leaves_the_focus_where_it_was() -> Result<()> {
    let gallery = Gallery::open().await?;
    let tab = gallery.tab(false).await?;
    tab.resize(Size::DESKTOP).await?;
    tab.show("connections-typical", "en").await?;
    let row = "document.activeElement === window.row";
    tab.ask("(window.row = document.querySelector('[data-row]')).focus()", Value::Null).await?;
    tab.key(Key::Enter).await?;
    focus_is(&tab, "the panel is open", "document.querySelector('[data-row][aria-current], .split')").await?;
    tab.key(Key::Escape).await?;
    focus_is(&tab, "the focus is back on the row", row).await?;

    for (overlay, inside) in [("palette", "[role=combobox]"), ("keys", "dialog button")] {
        let open = format!("(mooring.session.overlay = '{overlay}', null)");
        tab.ask(&open, Value::Null).await?;
        focus_is(&tab, overlay, &format!("document.activeElement.matches('{inside}')")).await?;
        tab.key(Key::Escape).await?;
        focus_is(&tab, "the focus is back on the row", row).await?;
    }

    // The question of a program comes unasked; put aside, it leaves the person where they were.
    let asks = "(mooring.fake.callers.ask({ question: 900, caller: 'program:/b', name: 'b', channel: 'socket', \
        executable: '/b', pid: 1, throughCli: false, access: 'token', connection: null, askedAt: new Date().toISOString(), \
        until: new Date(Date.now() + 60000).toISOString(), waiting: 1 }), null)";
    tab.ask(asks, Value::Null).await?;
    focus_is(&tab, "the question", "document.activeElement.closest('[role=alertdialog]')").await?;
    tab.key(Key::Escape).await?;
    focus_is(&tab, "the focus is back on the row", row).await?;

    tab.resize(Size::NARROW).await?;
    tab.show("overlay-more", "en").await?;
    tab.key(Key::Escape).await?;
    focus_is(
        &tab,
        "the focus is on More",
        "document.activeElement.getAttribute('aria-expanded') === 'false'",
    )
    .await?;
    tab.browser.close().await
}
