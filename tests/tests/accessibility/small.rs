//! A window at 200 %, where everything must still be there, and a person whom motion makes ill.

use anyhow::Result;
use serde_json::{Value, json};
use tests::gallery::{Gallery, Size};

/// Elements that stick out of the window at a side, or whose words are cut without a sign that they go on.
const OUTSIDE: &str = "(() => {
    const wide = document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [];
    const main = document.querySelector('main');
    if (main && main.scrollWidth > main.clientWidth + 1) wide.push('main is wider than its place');
    const front = document.querySelector('dialog[open]') ?? document.body;
    const hidden = (one) => one.closest('.visually-hidden, .skip, [aria-hidden=true]');
    for (const one of front.querySelectorAll('button, a, input, select, textarea, h1, h2, p, summary')) {
        if (hidden(one) || !one.checkVisibility()) continue;
        const box = one.getBoundingClientRect();
        const name = one.tagName + ' ' + (one.ariaLabel ?? one.textContent).trim().slice(0, 40);
        if (box.width > 2 && (box.right > innerWidth + 1 || box.left < -1)) wide.push('outside: ' + name);
        const style = getComputedStyle(one);
        if (one.tagName === 'BUTTON' && style.textOverflow !== 'ellipsis' && one.scrollWidth > one.clientWidth + 1
            && style.overflowX !== 'visible') wide.push('cut: ' + name);
    }
    return wide;
})()";

#[tokio::test]
async fn at_200_percent_and_on_a_narrow_window_nothing_is_cut() -> Result<()> {
    let gallery = Gallery::open().await?;
    let tab = gallery.tab(false).await?;
    let mut cut = Vec::new();
    for scene in tab.scenes().await? {
        tab.resize(Size::ZOOMED).await?;
        // Portuguese says the same in more letters.
        tab.show(&scene, "pt-BR").await?;
        for size in [Size::ZOOMED, Size::NARROW] {
            tab.resize(size).await?;
            let found = tab.ask(OUTSIDE, Value::Null).await?;
            if found != json!([]) {
                cut.push(format!("{scene} {size:?}: {found}"));
            }
        }
    }
    tab.browser.close().await?;
    assert!(cut.is_empty(), "{}", cut.join("\n"));
    Ok(())
}

/// What moves for longer than a person can see, were it the hundredth part of a second.
const MOVING: &str =
    "document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime > 10).length";

#[tokio::test]
async fn nothing_moves_for_those_who_asked_so() -> Result<()> {
    let gallery = Gallery::open().await?;
    let tab = gallery.tab(false).await?;
    for scene in ["connections-loading", "connect-window", "connect-link-working", "connection-codat-xero"] {
        tab.show(scene, "en").await?;
        assert_eq!(tab.ask(MOVING, Value::Null).await?, json!(0), "{scene} moves");
    }
    tab.browser.close().await?;
    // The same screens do move for everybody else, else this would prove nothing.
    let tab = gallery.tab(true).await?;
    tab.show("connections-loading", "en").await?;
    assert_ne!(tab.ask(MOVING, Value::Null).await?, json!(0));
    tab.browser.close().await
}
