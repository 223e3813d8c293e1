//! axe-core over every screen and state, in both colors, and over a share of them in the other language and narrow.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use tests::gallery::{Gallery, Size, Tab};
use tests::workspace;

/// How many browsers share the work.
const BROWSERS: usize = 2;
/// One of so many scenes is looked at in a narrow window too.
const NARROW_SHARE: usize = 3;
/// What the standard asks, levels A and AA, and what axe-core holds for good practice.
const TAGS: [&str; 7] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

#[tokio::test]
async fn no_screen_breaks_a_rule() -> Result<()> {
    let axe = std::fs::read_to_string(workspace().join("tests/peers/node_modules/axe-core/axe.min.js"))
        .context("`cargo xtask setup` brings axe-core")?;
    let gallery = Gallery::open().await?;
    let first = gallery.tab(false).await?;
    let second = gallery.tab(false).await?;
    let scenes = first.scenes().await?;
    let (one, two) = tokio::join!(walk(&first, &axe, &scenes, 0), walk(&second, &axe, &scenes, 1));
    let broken = [one?, two?].concat();
    first.browser.close().await?;
    second.browser.close().await?;
    assert!(broken.is_empty(), "{} violations:\n{}", broken.len(), broken.join("\n"));
    Ok(())
}

#[tokio::test]
async fn a_broken_rule_is_seen() -> Result<()> {
    let axe = std::fs::read_to_string(workspace().join("tests/peers/node_modules/axe-core/axe.min.js"))?;
    let gallery = Gallery::open().await?;
    let tab = gallery.tab(false).await?;
    tab.show("connections-calm", "en").await?;
    tab.browser.client.execute(&axe, Vec::new()).await?;
    let spoil = "const nameless = document.createElement('button'); nameless.style.color = '#777'; \
                 document.querySelector('main').append(nameless)";
    tab.browser.client.execute(spoil, Vec::new()).await?;
    let found = violations(&tab, &json!({ "type": "tag", "values": TAGS })).await?;
    tab.browser.close().await?;
    assert!(found.iter().any(|one| one.contains("button-name")), "{found:?}");
    Ok(())
}

/// Every scene whose turn it is, in light colors with all rules, in dark ones for contrast alone; every third once more
/// as a narrow window shows it in Portuguese, where other parts stand and words are longer.
async fn walk(tab: &Tab, axe: &str, scenes: &[String], turn: usize) -> Result<Vec<String>> {
    let every = || json!({ "type": "tag", "values": TAGS });
    let contrast = || json!({ "type": "rule", "values": ["color-contrast"] });
    let mut broken = Vec::new();
    tab.resize(Size::DESKTOP).await?;
    let mine = || scenes.iter().skip(turn).step_by(BROWSERS);
    for scene in mine() {
        broken.extend(look(tab, axe, (scene, "en"), &[("light", every()), ("dark", contrast())]).await?);
    }
    tab.resize(Size::NARROW).await?;
    for scene in mine().step_by(NARROW_SHARE) {
        broken.extend(look(tab, axe, (scene, "pt-BR"), &[("light", every()), ("dark", contrast())]).await?);
    }
    Ok(broken)
}

async fn look(
    tab: &Tab,
    axe: &str,
    (scene, language): (&str, &str),
    themes: &[(&str, Value)],
) -> Result<Vec<String>> {
    tab.show(scene, language).await?;
    tab.browser.client.execute(axe, Vec::new()).await?;
    let mut broken = Vec::new();
    for (theme, rules) in themes {
        tab.paint(theme).await?;
        let found = violations(tab, rules).await.with_context(|| format!("{scene}, {language}, {theme}"))?;
        broken.extend(found.into_iter().map(|one| format!("{scene}, {language}, {theme}: {one}")));
    }
    Ok(broken)
}

async fn violations(tab: &Tab, rules: &Value) -> Result<Vec<String>> {
    let options = json!({ "runOnly": rules, "resultTypes": ["violations"] });
    let found = tab.ask("axe.run(document, given).then((all) => all.violations)", options).await?;
    let nodes = |one: &Value| {
        let nodes = one["nodes"].as_array().cloned().unwrap_or_default();
        let shown = nodes.iter().map(|node| format!("{} {}", node["target"], node["any"][0]["message"]));
        shown.collect::<Vec<_>>().join("; ")
    };
    let found = found.as_array().context("axe-core answered no list")?;
    Ok(found.iter().map(|one| format!("{}: {}", one["id"], nodes(one))).collect())
}
