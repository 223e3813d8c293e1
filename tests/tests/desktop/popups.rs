//! Popups of a provider's page are windows like any other, and close without the page that opened them.

use fantoccini::Locator;
use tests::app::{App, until};
use tests::bar::Reader;
use tests::cli;
use tests::pages::{AUTHORIZE, Page, Pages, registered_app};
use tests::world::{Wants, World};

const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: true };
/// Writes on the page that opened a popup whether it has seen it close.
const WATCHING: &str = "<p id=popup>none</p><script>
    const popUp = (address) => {
        const popup = window.open(address);
        document.querySelector('#popup').textContent = popup ? 'open' : 'blocked';
        const look = setInterval(() => {
            if (!popup.closed) return;
            clearInterval(look);
            document.querySelector('#popup').textContent = 'closed';
        }, 20);
        return popup;
    };
</script><a href='{back}'>Allow</a>";

/// Waits until there are so many windows, the main one included.
async fn windows(app: &App, count: usize) {
    until(&format!("{count} windows"), || async { Ok((app.windows().await? == count).then_some(())) })
        .await
        .unwrap();
}

/// Goes to the window that shows this path.
async fn to_page(app: &App, path: &str) {
    until(&format!("a window at {path}"), || async {
        for window in app.client.windows().await? {
            if app.client.switch_to_window(window).await.is_ok()
                && app.client.current_url().await?.path() == path
            {
                return Ok(Some(()));
            }
        }
        Ok(None)
    })
    .await
    .unwrap();
}

async fn popup_is(app: &App, how: &str) {
    let path = format!("//p[@id='popup'][text()='{how}']");
    app.client.wait().for_element(Locator::XPath(&path)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_popup_closes_alone_whoever_closes_it_and_the_page_sees_it() {
    let pages = Pages::start().await;
    let world = World::new(WIDE);
    let app = registered_app(&world, &pages).await;
    let opener = Page::Body(format!("{WATCHING}<script>window.popup = popUp('/popup')</script>"));
    pages.show([(AUTHORIZE, opener), ("/popup", Page::body("<p>A popup</p>"))]);
    let mut connect = cli::connect_with(&world, "embedded", "bank", "ana");
    windows(&app, 3).await;

    // By itself, as a bank's page does that has nothing more to show.
    to_page(&app, "/popup").await;
    app.client.execute("setTimeout(() => window.close(), 0)", Vec::new()).await.unwrap();
    app.to_main().await.unwrap();
    windows(&app, 2).await;
    to_page(&app, AUTHORIZE).await;
    popup_is(&app, "closed").await;

    // By the page that opened it, over two popups, of which one closes and one stays.
    app.client
        .execute("window.first = popUp('/popup'); window.second = popUp('/popup')", Vec::new())
        .await
        .unwrap();
    windows(&app, 4).await;
    app.client.execute("window.first.close()", Vec::new()).await.unwrap();
    windows(&app, 3).await;
    // A third opens under a name that is not the second's.
    app.client.execute("window.third = popUp('/popup')", Vec::new()).await.unwrap();
    windows(&app, 4).await;
    let closed = app.client.execute("return [first, second, third].map((one) => one.closed)", Vec::new());
    assert_eq!(closed.await.unwrap(), serde_json::json!([true, false, false]));

    // The attempt goes on all the while, and its end takes every window along.
    app.press_last("Allow").await.unwrap();
    app.alone().await.unwrap();
    cli::linked(&world, "bank", "ana").await;
    assert!(cli::ended(&mut connect).await.success());
    app.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_origin_closes_its_popup_and_leaves_no_dead_window() {
    let (pages, other) = (Pages::start().await, Pages::start().await);
    let world = World::new(WIDE);
    let app = registered_app(&world, &pages).await;
    let opener =
        Page::Body(format!("{WATCHING}<script>window.popup = popUp('{}/popup')</script>", other.issuer));
    pages.show([(AUTHORIZE, opener)]);
    other.show([("/popup", Page::body("<p>A popup</p>"))]);
    let mut connect = cli::connect_with(&world, "embedded", "bank", "ana");
    to_page(&app, "/popup").await;
    app.sees("A popup").await.unwrap();
    to_page(&app, AUTHORIZE).await;
    // What runs before the pages cannot be seen from another origin: this is the web view's own `close`.
    app.client.execute("window.popup.close()", Vec::new()).await.unwrap();
    popup_is(&app, "closed").await;
    let windows = Reader::in_world(&world).unwrap();
    until("the popup to go without leaving a dead window", || async {
        Ok((windows.windows()?.len() == 1).then_some(()))
    })
    .await
    .unwrap();
    app.press_last("Allow").await.unwrap();
    app.alone().await.unwrap();
    cli::linked(&world, "bank", "ana").await;
    assert!(cli::ended(&mut connect).await.success());
    app.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_a_new_window_and_a_consent_in_one_are_caught() {
    let pages = Pages::start().await;
    let world = World::new(WIDE);
    let app = registered_app(&world, &pages).await;
    let opener = Page::body("<a target=_blank href='/consent'>Go on in a new window</a>");
    pages.show([(AUTHORIZE, opener), ("/consent", Page::body("<a href='{back}'>Allow</a>"))]);
    let mut connect = cli::connect_with(&world, "embedded", "bank", "ana");
    app.to_authorization().await.unwrap();
    app.press("Go on in a new window").await.unwrap();
    to_page(&app, "/consent").await;
    app.press_last("Allow").await.unwrap();
    app.alone().await.unwrap();
    cli::linked(&world, "bank", "ana").await;
    assert!(cli::ended(&mut connect).await.success());
    app.close().await.unwrap();
}
