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
    document.activeElement?.blur();
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
