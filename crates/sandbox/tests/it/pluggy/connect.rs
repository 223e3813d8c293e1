//! The Connect page to practise with, as a browser gets it.

use super::api::world;
use crate::client::http;

#[tokio::test]
async fn its_pages_run_their_own_scripts_and_are_framed_by_themselves_only() {
    let sandbox = world().await;
    for path in ["/connect", "/widget"] {
        let page = http().get(format!("{}{path}", sandbox.pluggy_api())).header("accept-language", "pt-BR");
        let page = page.send().await.unwrap();
        assert_eq!(page.status(), 200);
        let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
        for needed in
            ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'self'"]
        {
            assert!(policy.contains(needed), "{policy}");
        }
        assert_eq!(page.headers()["x-frame-options"], "SAMEORIGIN");
        let html = page.text().await.unwrap();
        assert!(html.contains("<html lang=\"pt-BR\">") && html.contains("class=\"note\""), "{html}");
        for part in html.split("\"/pluggy/").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            let found = http().get(format!("{}/{part}", sandbox.pluggy_api())).send().await.unwrap();
            assert_eq!(found.status(), 200, "{part}");
        }
    }
    let words = http().get(format!("{}/connect/words.js", sandbox.pluggy_api())).send().await.unwrap();
    assert!(words.headers()["content-type"].to_str().unwrap().starts_with("text/javascript"));
}
