//! Takes a picture of every scene, in both languages, both colors and both sizes, and writes the page that shows them.
//!
//! `gallery --out DIR [--only PART]`: PART is in the names of the scenes to take.

use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use tests::gallery::{Gallery, Size, Tab};

const LANGUAGES: [&str; 2] = ["en", "pt-BR"];
const THEMES: [&str; 2] = ["light", "dark"];
const SIZES: [(&str, Size); 2] = [("desktop", Size::DESKTOP), ("narrow", Size::NARROW)];
/// The page that shows them; `SCENES` stands for their names.
const PAGE: &str = include_str!("gallery.html");

#[tokio::main]
async fn main() -> Result<()> {
    let (out, only) = arguments()?;
    fs::create_dir_all(&out)?;
    let gallery = Gallery::open().await?;
    let tab = gallery.tab(false).await?;
    let all = tab.scenes().await?;
    tab.browser.close().await?;
    let wanted: Vec<String> =
        all.into_iter().filter(|name| only.as_ref().is_none_or(|part| name.contains(part))).collect();
    if wanted.is_empty() {
        bail!("no scene has `{}` in its name", only.unwrap_or_default());
    }
    // A browser for each language.
    let (english, portuguese) = tokio::join!(
        take(&gallery, &out, LANGUAGES[0], &wanted),
        take(&gallery, &out, LANGUAGES[1], &wanted)
    );
    let broken = [english?, portuguese?].concat();
    let names = serde_json::to_string(&wanted)?;
    fs::write(out.join("index.html"), PAGE.replace("SCENES", &names))?;
    println!("{} scenes in {}", wanted.len(), out.join("index.html").display());
    if !broken.is_empty() {
        bail!("these did not come to stand:\n{}", broken.join("\n"));
    }
    Ok(())
}

fn arguments() -> Result<(PathBuf, Option<String>)> {
    let (mut out, mut only) = (None, None);
    let mut rest = std::env::args().skip(1);
    while let Some(name) = rest.next() {
        let value = rest.next().with_context(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--out" => out = Some(PathBuf::from(value)),
            "--only" => only = Some(value),
            _ => bail!("{name} means nothing"),
        }
    }
    Ok((out.context("--out is missing")?, only))
}

/// All pictures in one language; what did not come to stand.
async fn take(gallery: &Gallery, out: &Path, language: &str, scenes: &[String]) -> Result<Vec<String>> {
    let tab = gallery.tab(false).await?;
    let mut broken = Vec::new();
    for scene in scenes {
        for (name, size) in SIZES {
            tab.resize(size).await?;
            if let Err(error) = picture(&tab, out, scene, language, name).await {
                broken.push(format!("{scene} ({language}, {name}): {error:#}"));
            }
        }
    }
    tab.browser.close().await?;
    Ok(broken)
}

async fn picture(tab: &Tab, out: &Path, scene: &str, language: &str, size: &str) -> Result<()> {
    tab.show(scene, language).await?;
    for theme in THEMES {
        tab.paint(theme).await?;
        fs::write(out.join(format!("{scene}.{language}.{theme}.{size}.png")), tab.picture().await?)?;
    }
    Ok(())
}
