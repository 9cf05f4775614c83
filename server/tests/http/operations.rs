//! What whoever runs Docket sees of it.

use std::process::{Command, Output};

use serde_json::{Value, json};
use testing::Sink;

use crate::api::Program;
use crate::support::TestServer;

#[tokio::test(flavor = "multi_thread")]
async fn readyz_tells_how_each_part_is() {
    let server = TestServer::start().await;
    let ready: Value = server.browser().get("/readyz").await.json().await.unwrap();
    assert_eq!(
        ready,
        json!({"status": "ok", "problem": null, "parts": {"server": "ok", "database": "ok", "store": "ok"}})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_tell_of_requests_by_route_and_of_what_waits() {
    let server = TestServer::with(&[("DOCKET_METRICS_ADDR", "127.0.0.1:0")]).await;
    let ann = Program::of(&server, "ann").await;
    let list = ann.list("list").await;
    ann.get(&list).await.expect(200);
    ann.get("/nothing").await.expect(404);
    let url = format!("http://{}/metrics", server.metrics.unwrap());
    let text = reqwest::get(url).await.unwrap().text().await.unwrap();
    let route =
        "docket_http_request_duration_seconds_count{method=\"GET\",route=\"/api/v1/lists/{id}\",status=\"200\"}";
    for line in
        [route, "docket_database_connections ", "docket_hashing_queue 0", "docket_outbox_waiting ", "docket_sessions 1"]
    {
        assert!(text.lines().any(|there| there.starts_with(line)), "{line} is not in\n{text}");
    }
    assert!(!text.contains(&list), "an id makes no series of its own");
    assert_eq!(server.browser().get("/metrics").await.status().as_u16(), 404, "not where everybody is");
}

/// Runs a command of the program to its end, in a folder of its own.
fn docket(arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_docket"));
    command.args(arguments).current_dir(folder.path()).env_clear().envs(settings.iter().copied()).output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_mail_proves_encryption_and_log_in_or_says_what_is_wrong() {
    for implicit in [true, false] {
        let (sink, addr, certificate) = Sink::start_secure(implicit, "docket", "secret");
        let folder = tempfile::tempdir().unwrap();
        let trusted = folder.path().join("ca.pem");
        std::fs::write(&trusted, certificate).unwrap();
        let scheme = if implicit { "smtps" } else { "smtp" };
        let at = |password: &str| {
            let tls = if implicit { "" } else { "?tls=required" };
            format!("{scheme}://docket:{password}@localhost:{}{tls}", addr.port())
        };
        let test = |url: &str, trusted: &str| {
            docket(&["mail", "test", "ann@example.org"], &[("DOCKET_SMTP_URL", url), ("SSL_CERT_FILE", trusted)])
        };
        let sent = test(&at("secret"), trusted.to_str().unwrap());
        assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
        assert!(sink.mail_to("ann@example.org").await.contains("this is its test"));
        for (refused, why) in [
            (test(&at("wrong"), trusted.to_str().unwrap()), "535"),
            (test(&at("secret"), "/dev/null"), "certificate"),
            (test("smtp://127.0.0.1:9", "/dev/null"), "refused"),
        ] {
            let said = String::from_utf8_lossy(&refused.stderr);
            assert!(!refused.status.success() && said.to_lowercase().contains(why), "{said}");
            assert!(!said.contains("secret") && !said.contains("wrong"), "a password is shown: {said}");
        }
        assert!(sink.mails().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn health_is_asked_of_the_running_server() {
    let mut server = TestServer::start().await;
    let addr = server.url.replace("http://localhost", "127.0.0.1");
    assert!(docket(&["health"], &[("DOCKET_ADDR", &addr)]).status.success());
    server.stop().await;
    assert!(!docket(&["health"], &[("DOCKET_ADDR", &addr)]).status.success());
}
