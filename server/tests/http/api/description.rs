//! The description of the API, and the page that shows it.

use reqwest::StatusCode;

use crate::support::TestServer;

/// Written anew by the test when this is set, to be looked at and checked in.
const UPDATE: &str = "UPDATE_SNAPSHOTS";

#[test]
fn the_description_is_the_one_that_was_looked_at() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");
    let now = server::api::description();
    if std::env::var_os(UPDATE).is_some() {
        std::fs::write(file, &now).unwrap();
    }
    let known = std::fs::read_to_string(file).unwrap();
    assert!(known == now, "the API has changed; look at the difference after running this with {UPDATE}=1");
}

#[test]
fn the_program_prints_its_description() {
    let printed = std::process::Command::new(env!("CARGO_BIN_EXE_docket")).arg("openapi").output().unwrap();
    assert!(printed.status.success());
    assert_eq!(String::from_utf8(printed.stdout).unwrap(), server::api::description());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_answers_its_description_and_a_page_that_shows_it() {
    let server = TestServer::start().await;
    let stranger = server.browser();
    assert_eq!(stranger.page("/api/openapi.json", StatusCode::OK).await, server::api::description());
    assert_eq!(crate::support::location(&stranger.get("/api/docs").await), "/api/docs/");
    let page = stranger.get("/api/docs/").await;
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("script-src 'self'"));
    assert!(page.text().await.unwrap().contains("swagger-ui"));
    for (accepted, packed) in [("gzip", true), ("identity", false)] {
        let styles = stranger.client.get(format!("{}/api/docs/swagger-ui.css", server.url));
        let styles = styles.header("accept-encoding", accepted).send().await.unwrap();
        assert_eq!(styles.headers().contains_key("content-encoding"), packed);
        assert_eq!(styles.bytes().await.unwrap().starts_with(b".swagger-ui"), !packed);
    }
    let start = stranger.page("/api/docs/swagger-initializer.js", StatusCode::OK).await;
    assert!(
        start.contains("/api/openapi.json") && !start.contains("https://"),
        "nothing comes from elsewhere: {start}"
    );
    assert_eq!(stranger.get("/api/docs/nothing.js").await.status(), StatusCode::NOT_FOUND);
}
