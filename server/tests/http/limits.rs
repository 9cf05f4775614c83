//! How often an address, or a person, may do something.

use reqwest::Method;
use serde_json::json;

use crate::api::{Program, Reply, reply};
use crate::support::{PASSWORD, TestServer, error};

/// A log-in that nobody gets through with, as a proxy hands it on.
async fn log_in(program: &Program, forwarded_for: &[&str]) -> Reply {
    let request = program.request(Method::POST, "/auth/log-in");
    let request = forwarded_for.iter().fold(request, |request, value| request.header("x-forwarded-for", *value));
    reply(request.json(&json!({"login": "nobody", "password": PASSWORD, "cookies": false}))).await
}

// R16.
#[tokio::test(flavor = "multi_thread")]
async fn one_address_may_try_so_often_by_whichever_way_and_is_told_when_to_come_back() {
    let server = TestServer::with(&[("DOCKET_LIMIT_LOG_IN", "4/1h"), ("DOCKET_LIMIT_SIGN_UP", "1/1h")]).await;
    let (program, browser) = (Program::new(&server), server.browser());
    for _ in 0..2 {
        log_in(&program, &["192.0.2.1"]).await.problem(401, "credentials_invalid");
        let answer = browser.rpc("sessions/log_in", &[("login", "nobody"), ("password", PASSWORD)]).await;
        assert_eq!(answer.status().as_u16(), 401);
    }
    let refused = log_in(&program, &["192.0.2.2"]).await;
    assert!(refused.header("retry-after").parse::<u32>().is_ok_and(|seconds| (3500..=3601).contains(&seconds)));
    refused.problem(429, "rate_limited");
    let answer = browser.rpc("sessions/log_in", &[("login", "nobody"), ("password", PASSWORD)]).await;
    assert_eq!(error(answer).await, (429, "rate_limited".to_owned()));
    // What is counted is counted apart.
    let new = json!({"email": "ann@example.org", "username": "ann", "password": PASSWORD});
    program.post("/auth/sign-up", &new).await.expect(202);
    program.post("/auth/sign-up", &new).await.problem(429, "rate_limited");
}

// R40.
#[tokio::test(flavor = "multi_thread")]
async fn behind_a_trusted_proxy_the_last_address_that_is_not_its_own_counts() {
    let server =
        TestServer::with(&[("DOCKET_LIMIT_LOG_IN", "2/1h"), ("DOCKET_TRUSTED_PROXIES", "127.0.0.0/8, 10.0.0.0/8")])
            .await;
    let program = Program::new(&server);
    // Whatever a client writes before what the proxies add changes nothing.
    for forwarded in [vec!["192.0.2.1"], vec!["198.51.100.7, 192.0.2.1, 10.1.2.3"]] {
        log_in(&program, &forwarded).await.problem(401, "credentials_invalid");
    }
    log_in(&program, &["198.51.100.8", "192.0.2.1 , 10.0.0.1"]).await.problem(429, "rate_limited");
    log_in(&program, &["nonsense, 192.0.2.1"]).await.problem(429, "rate_limited");
    log_in(&program, &["192.0.2.2"]).await.problem(401, "credentials_invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_may_call_so_often_and_others_are_not_held_up() {
    let server = TestServer::with(&[("DOCKET_LIMIT_USER", "5/1h")]).await;
    let (ann, bob) = (Program::of(&server, "ann").await, Program::of(&server, "bob").await);
    for _ in 0..5 {
        ann.get("/lists").await.expect(200);
    }
    ann.get("/lists").await.problem(429, "rate_limited");
    bob.get("/lists").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_and_files_of_one_person_are_counted_like_calls() {
    let server = TestServer::with(&[("DOCKET_LIMIT_USER", "5/10m")]).await;
    let ann = server.someone("ann").await;
    for _ in 0..5 {
        assert_eq!(ann.get("/settings/export").await.status(), 200);
    }
    for path in ["/settings/export", "/lists"] {
        let answer = ann.get(path).await;
        assert_eq!(answer.status(), 429, "{path}");
        assert!(answer.headers().contains_key("retry-after"));
    }
    assert_eq!(server.browser().get("/").await.status(), 200);
}
