//! A person with a browser of plain HTTP: follows redirects, keeps cookies, fills in forms. For servers whose pages
//! work without scripts.

use anyhow::{Context as _, Result, bail};
use reqwest::{Client, Response, redirect};
use url::Url;

/// Pages and redirects on the way, at most.
const LONGEST_WAY: usize = 20;

/// Approves everything from `address` on; answers the address of its redirect, which is not requested.
pub async fn approve(address: &str) -> Result<String> {
    let asked = Url::parse(address)?;
    let redirect_uri = asked.query_pairs().find(|(name, _)| name == "redirect_uri").context("no redirect")?.1;
    let browser = Client::builder().cookie_store(true).redirect(redirect::Policy::none()).build()?;
    let mut answer = browser.get(address).send().await?;
    for _ in 0..LONGEST_WAY {
        let here = answer.url().clone();
        if let Some(next) = location(&answer, &here)? {
            if next.as_str().starts_with(redirect_uri.as_ref()) {
                return Ok(next.into());
            }
            answer = browser.get(next).send().await?;
            continue;
        }
        let page = answer.text().await?;
        let (action, fields) = form(&page).with_context(|| format!("no form at {}", here.path()))?;
        answer = browser.post(here.join(&action)?).form(&fields).send().await?;
    }
    bail!("the way to the redirect is longer than {LONGEST_WAY} pages")
}

/// Types the code of a device at `address` and approves everything, to the page that has nothing more to ask.
pub async fn approve_device(address: &str) -> Result<()> {
    let browser = Client::builder().cookie_store(true).redirect(redirect::Policy::none()).build()?;
    let mut answer = browser.get(address).send().await?;
    for _ in 0..LONGEST_WAY {
        let here = answer.url().clone();
        if let Some(next) = location(&answer, &here)? {
            answer = browser.get(next).send().await?;
            continue;
        }
        let status = answer.status();
        let page = answer.text().await?;
        let Some((action, fields)) = form(&page) else {
            anyhow::ensure!(status.is_success(), "the last page has status {status}");
            return Ok(());
        };
        answer = browser.post(here.join(&action)?).form(&fields).send().await?;
    }
    bail!("the way to the last page is longer than {LONGEST_WAY} pages")
}

fn location(answer: &Response, here: &Url) -> Result<Option<Url>> {
    let Some(value) = answer.headers().get("location") else { return Ok(None) };
    Ok(Some(here.join(value.to_str()?)?))
}

/// The first form that is posted: where to, and its fields; empty ones get something.
fn form(page: &str) -> Option<(String, Vec<(String, String)>)> {
    let forms = page.split("<form").skip(1).map(|rest| rest.split("</form>").next().unwrap_or_default());
    let form = forms
        .into_iter()
        .find(|form| attribute(form, "method").is_some_and(|way| way.eq_ignore_ascii_case("post")))?;
    let fields = form.split("<input").skip(1).filter_map(|input| {
        let input = input.split('>').next().unwrap_or_default();
        let value = attribute(input, "value").unwrap_or_else(|| "ana".to_owned());
        Some((attribute(input, "name")?, value))
    });
    Some((attribute(form, "action")?, fields.collect()))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let after = tag.split(&format!("{name}=\"")).nth(1)?;
    after.split('"').next().map(|value| value.replace("&amp;", "&"))
}
