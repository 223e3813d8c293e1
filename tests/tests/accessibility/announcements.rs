//! What changes while the person is elsewhere on the page is said to them: live regions get words, politely and once.

use anyhow::Result;
use serde_json::{Value, json};
use tests::gallery::{Gallery, Tab};

/// Writes down every text that a live region comes to hold, as a screen reader would say it.
const LISTEN: &str = "(() => {
    window.said = [];
    const live = (node) => (node.nodeType === 1 ? node : node.parentElement)
        ?.closest('[aria-live=polite], [aria-live=assertive], [role=status], [role=alert]');
    new MutationObserver((all) => {
        for (const { target, addedNodes } of all) {
            const region = live(target) ?? [...addedNodes].map(live).find(Boolean);
            const words = region?.textContent.replace(/\\s+/g, ' ').trim();
            if (words && !region.closest('[aria-live=off], [aria-hidden=true]') && window.said.at(-1) !== words) window.said.push(words);
        }
    }).observe(document, { subtree: true, childList: true, characterData: true });
    return true;
})()";

/// Does something to the world, and waits until this was said.
async fn says(tab: &Tab, scene: &str, act: &str, words: &str) -> Result<()> {
    tab.show(scene, "en").await?;
    tab.ask(LISTEN, Value::Null).await?;
    let heard = format!(
        "Promise.resolve({act}).then(() => new Promise((done, fail) => {{ let left = 300; const look = () => \
         window.said.some((one) => one.includes(given)) ? done(window.said) \
         : left-- > 0 ? requestAnimationFrame(look) : fail(JSON.stringify(window.said)); look(); }}))"
    );
    let said = tab.ask(&heard, json!(words)).await;
    let said = said.map_err(|error| error.context(format!("{scene}: nobody said `{words}`")))?;
    let times = said.as_array().into_iter().flatten().filter(|one| **one == json!(words)).count();
    assert!(times <= 1, "{scene}: `{words}` was said {times} times");
    Ok(())
}

#[tokio::test]
async fn what_happens_elsewhere_is_said() -> Result<()> {
    let gallery = Gallery::open().await?;
    let tab = gallery.tab(false).await?;
    let ended = "mooring.fake.change({ configKey: 'xero', connectionId: 'studio' }, \
        { status: 'Deauthorized', needs: { kind: 'approval', reason: 'grantRefused' } })";
    // A connection that ends while another screen is open.
    says(&tab, "settings", ended, "Ribeiro Studio Ltd: Access ended").await?;
    // The outcome of what was pressed.
    says(&tab, "notice-words", "(mooring.session.notice = { words: 'It is done' })", "It is done").await?;
    let failure = "(mooring.session.notice = { failure: { code: 'storage', params: {}, detail: null } })";
    says(&tab, "connections-calm", failure, "did not work").await?;
    // How much a search finds.
    let write = "(() => { const box = document.querySelector('[role=combobox]'); box.value = 'zzz'; \
        box.dispatchEvent(new Event('input', { bubbles: true })); })()";
    says(&tab, "overlay-palette", write, "Nothing found").await?;
    // A bank that goes on to ask something.
    let moved = "mooring.fake.moveLink({ configKey: 'pluggy', connectionId: 'bradesco' }, { phase: 'done', action: null })";
    says(&tab, "connect-link-approve", moved, "connected").await?;
    // What Help found after it looked again.
    let found = "(mooring.fake.find({ of: 'clock', ok: false, code: 'clockImpossible', params: { now: '1970-01-01T00:00:00Z' } }), \
        [...document.querySelectorAll('main button')].find((one) => one.textContent.trim() === 'Look again').click())";
    says(&tab, "help", found, "1 thing needs care").await?;
    tab.browser.close().await
}

#[tokio::test]
async fn silence_is_heard() -> Result<()> {
    let gallery = Gallery::open().await?;
    let tab = gallery.tab(false).await?;
    let nothing = says(&tab, "connections-calm", "null", "anything at all").await;
    assert!(nothing.is_err_and(|error| format!("{error:#}").contains("nobody said")));
    tab.browser.close().await
}
