//! Accounts and sessions over the REST API.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use super::{Program, reply};
use crate::support::{PASSWORD, TestServer};

const OTHER: &str = "battery horse correct";

#[tokio::test(flavor = "multi_thread")]
async fn a_program_signs_up_confirms_refreshes_and_logs_out() {
    let server = TestServer::start().await;
    let program = Program::new(&server);
    let new = json!({"email": "Ann@Example.org", "username": "Ann", "password": PASSWORD});
    let flow = program.post("/auth/sign-up", &new).await.expect(202).body["flow"].clone();
    let log_in = json!({"login": "ann", "password": PASSWORD, "cookies": false});
    let waiting = program.post("/auth/log-in", &log_in).await.problem(403, "email_not_verified");
    assert_eq!(waiting["flow"], flow);
    let code = server.sink.code_for("Ann@Example.org").await;
    let verification = json!({"flow": flow, "code": code, "cookies": false});
    let tokens = program.post("/auth/verify", &verification).await.expect(201);
    assert!(tokens.headers.get("set-cookie").is_none(), "no cookies were wanted");
    assert_eq!((&tokens.body["token_type"], &tokens.body["expires_in"]), (&json!("Bearer"), &json!(600)));
    assert_eq!(tokens.body["user"]["email"], "Ann@Example.org");
    let ann = program.with(&tokens.body);
    assert_eq!(ann.get("/me").await.expect(200).body, tokens.body["user"]);

    let refresh = json!({"refresh_token": tokens.body["refresh_token"]});
    let next = program.post("/auth/refresh", &refresh).await.expect(200).body;
    assert_ne!(next["refresh_token"], tokens.body["refresh_token"]);
    program.with(&next).get("/me").await.expect(200);
    reply(program.with(&next).request(Method::POST, "/auth/log-out")).await.expect(204);
    ann.get("/me").await.problem(401, "token_invalid");
    program.post("/auth/refresh", &json!({"refresh_token": next["refresh_token"]})).await.problem(401, "token_invalid");
    for login in ["ann", "ann@example.org"] {
        let wrong = json!({"login": login, "password": "wrong password"});
        let refused = program.post("/auth/log-in", &wrong).await;
        assert_eq!(refused.header("www-authenticate"), "Bearer realm=\"docket\"");
        refused.problem(401, "credentials_invalid");
        let right = json!({"login": login, "password": PASSWORD, "cookies": false});
        program.post("/auth/log-in", &right).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_cookies_the_refresh_token_is_out_of_reach() {
    let server = TestServer::start().await;
    Program::of(&server, "ann").await;
    let browser = server.browser();
    let program = Program { client: browser.client.clone(), ..Program::new(&server) };
    let tokens = program.post("/auth/log-in", &json!({"login": "ann", "password": PASSWORD})).await.expect(200);
    assert!(tokens.body.get("refresh_token").is_none());
    assert_eq!(tokens.headers.get_all("set-cookie").iter().count(), 5);
    let next = reply(program.request(Method::POST, "/auth/refresh")).await.expect(200);
    assert!(next.body.get("refresh_token").is_none());
    program.with(&next.body).get("/me").await.expect(200);
    program.get("/me").await.problem(401, "token_missing");
    let away = reply(program.with(&next.body).request(Method::POST, "/auth/log-out")).await.expect(204);
    assert!(away.headers.get_all("set-cookie").iter().all(|cookie| cookie.to_str().unwrap().contains("Max-Age=0")));
    reply(program.request(Method::POST, "/auth/refresh")).await.problem(401, "token_missing");
}

// R21.
#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_are_missing_expired_or_not_ours_are_told_apart() {
    let server = TestServer::start().await;
    let ann = Program::of(&server, "ann").await;
    let stranger = Program::new(&server);
    let missing = stranger.get("/me").await;
    assert_eq!(missing.header("www-authenticate"), "Bearer realm=\"docket\"");
    missing.problem(401, "token_missing");
    let invalid = reply(stranger.request(Method::GET, "/me").bearer_auth("nonsense")).await;
    assert_eq!(invalid.header("www-authenticate"), "Bearer realm=\"docket\", error=\"invalid_token\"");
    invalid.problem(401, "token_invalid");
    server.docket.clock.advance(Duration::from_secs(601));
    let expired = ann.get("/me").await;
    assert_eq!(expired.header("www-authenticate"), "Bearer realm=\"docket\", error=\"invalid_token\"");
    expired.problem(401, "token_expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_mailed_again_after_a_pause() {
    let server = TestServer::start().await;
    let program = Program::new(&server);
    let new = json!({"email": "ann@example.org", "username": "ann", "password": PASSWORD});
    let flow = program.post("/auth/sign-up", &new).await.expect(202).body["flow"].clone();
    let first = server.sink.code_for("ann@example.org").await;
    let early = program.post("/auth/resend", &json!({"flow": flow})).await;
    assert!(early.header("retry-after").parse::<u64>().unwrap() <= 61);
    early.problem(429, "rate_limited");
    server.docket.clock.advance(Duration::from_secs(61));
    assert_eq!(program.post("/auth/resend", &json!({"flow": flow})).await.expect(202).body["flow"], flow);
    let second = server.sink.code_for("ann@example.org").await;
    if first != second {
        program.post("/auth/verify", &json!({"flow": flow, "code": first})).await.problem(400, "code_invalid");
    }
    program.post("/auth/verify", &json!({"flow": flow, "code": second})).await.expect(201);
    program.post("/auth/verify", &json!({"flow": flow, "code": second})).await.problem(400, "code_invalid");
    let again = json!({"email": "other@example.org", "username": "ANN", "password": PASSWORD});
    assert_eq!(
        program.post("/auth/sign-up", &again).await.problem(409, "username_taken")["fields"],
        json!({"username": ["taken"]})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_set_with_a_code() {
    let server = TestServer::start().await;
    let ann = Program::of(&server, "ann").await;
    let stranger = Program::new(&server);
    let flow =
        stranger.post("/auth/password/forgot", &json!({"email": "ann@example.org"})).await.expect(202).body["flow"]
            .clone();
    let code = server.sink.code_for("ann@example.org").await;
    let short = json!({"flow": flow, "code": code, "password": "short"});
    stranger.post("/auth/password/reset", &short).await.refuses(&[("password", "too_short")]);
    stranger.post("/auth/password/reset", &json!({"flow": flow, "code": code, "password": OTHER})).await.expect(204);
    ann.get("/me").await.problem(401, "token_invalid");
    stranger.post("/auth/log-in", &json!({"login": "ann", "password": OTHER})).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_gets_another_name_password_and_address() {
    let server = TestServer::start().await;
    let (ann, _) = (Program::of(&server, "ann").await, Program::of(&server, "bob").await);
    let stranger = Program::new(&server);
    let log_in = json!({"login": "ann", "password": PASSWORD, "cookies": false});
    let elsewhere = stranger.with(&stranger.post("/auth/log-in", &log_in).await.expect(200).body);

    assert_eq!(ann.patch("/me", &json!({"username": "anna"})).await.expect(200).body["username"], "anna");
    ann.patch("/me", &json!({"username": "Bob"})).await.problem(409, "username_taken");
    assert_eq!(ann.patch("/me", &json!({})).await.expect(200).body["username"], "anna");

    let change = |current: &str| json!({"current_password": current, "password": OTHER});
    ann.post("/me/password", &change("wrong one")).await.refuses(&[("current_password", "wrong")]);
    ann.post("/me/password", &change(PASSWORD)).await.expect(204);
    elsewhere.get("/me").await.problem(401, "token_invalid");
    assert!(server.sink.mail_to("ann@example.org").await.contains("password was changed"));

    let forgot = stranger.post("/auth/password/forgot", &json!({"email": "ann@example.org"})).await.expect(202);
    let (reset, reset_code) = (forgot.body["flow"].clone(), server.sink.code_for("ann@example.org").await);
    let flow = ann.post("/me/email", &json!({"email": "new@example.org"})).await.expect(202).body["flow"].clone();
    let code = server.sink.code_for("new@example.org").await;
    let bob = stranger.with(&stranger.post("/auth/log-in", &json!({"login": "bob", "password": PASSWORD})).await.body);
    bob.post("/me/email/verify", &json!({"flow": flow, "code": code})).await.problem(400, "code_invalid");
    let changed = ann.post("/me/email/verify", &json!({"flow": flow, "code": code})).await.expect(200).body;
    assert_eq!(changed["email"], "new@example.org");
    assert!(server.sink.mail_to("ann@example.org").await.contains("new@example.org"));
    ann.post("/me/email/verify", &json!({"flow": flow, "code": code})).await.problem(400, "code_invalid");
    let reset = json!({"flow": reset, "code": reset_code, "password": PASSWORD});
    stranger.post("/auth/password/reset", &reset).await.problem(400, "code_invalid");
    stranger.post("/auth/log-in", &json!({"login": "new@example.org", "password": OTHER})).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_address_needs_a_fresh_log_in_and_tells_nobody_who_has_an_account() {
    let server = TestServer::start().await;
    let ann = Program::of(&server, "ann").await;
    Program::of(&server, "bob").await;
    let flow = ann.post("/me/email", &json!({"email": "bob@example.org"})).await.expect(202).body["flow"].clone();
    assert!(flow.is_string());
    assert!(server.sink.mail_to("bob@example.org").await.contains("Somebody asked for your address"));
    server.docket.clock.advance(Duration::from_secs(9 * 60 + 55));
    ann.post("/me/email", &json!({"email": "in.time@example.org"})).await.expect(202);
    server.docket.clock.advance(Duration::from_secs(4));
    let refreshed = Program::new(&server);
    let log_in = json!({"login": "ann", "password": PASSWORD, "cookies": false});
    let tokens = refreshed.post("/auth/log-in", &log_in).await.expect(200).body;
    server.docket.clock.advance(Duration::from_secs(10 * 60));
    let next =
        refreshed.post("/auth/refresh", &json!({"refresh_token": tokens["refresh_token"]})).await.expect(200).body;
    let old = refreshed.with(&next);
    server.docket.clock.advance(Duration::from_secs(1));
    old.post("/me/email", &json!({"email": "late@example.org"})).await.problem(403, "reauthentication_required");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_account_is_gone_with_all_that_was_in_it() {
    let server = TestServer::start().await;
    let ann = Program::of(&server, "ann").await;
    let list = ann.list("l").await;
    ann.todo(&list, "t").await;
    let delete = |password: &str| reply(ann.request(Method::DELETE, "/me").json(&json!({"password": password})));
    delete("wrong").await.refuses(&[("password", "wrong")]);
    ann.get(&list).await.expect(200);
    delete(PASSWORD).await.expect(204);
    ann.get("/me").await.problem(401, "token_invalid");
    assert!(server.sink.mail_to("ann@example.org").await.contains("account was deleted"));
    let again = json!({"login": "ann", "password": PASSWORD});
    Program::new(&server).post("/auth/log-in", &again).await.problem(401, "credentials_invalid");
    server.docket.clock.advance(Duration::from_secs(60));
    assert_eq!(Program::of(&server, "ann").await.get("/lists").await.body["lists"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_listed_and_ended() {
    let server = TestServer::start().await;
    let ann = Program::of(&server, "ann").await;
    let eve = Program::of(&server, "eve").await;
    let stranger = Program::new(&server);
    let mut others = Vec::new();
    for _ in 0..3 {
        let log_in = json!({"login": "ann", "password": PASSWORD, "cookies": false});
        others.push(stranger.with(&stranger.post("/auth/log-in", &log_in).await.expect(200).body));
    }
    let sessions = ann.get("/sessions").await.expect(200).body["sessions"].clone();
    let sessions = sessions.as_array().unwrap();
    assert_eq!(sessions.len(), 4);
    assert_eq!(sessions.iter().filter(|session| session["current"] == true).count(), 1);
    let newest = sessions[0]["id"].as_str().unwrap();
    eve.delete(&format!("/sessions/{newest}")).await.problem(404, "not_found");
    ann.delete(&format!("/sessions/{newest}")).await.expect(204);
    ann.delete(&format!("/sessions/{newest}")).await.problem(404, "not_found");
    others[2].get("/me").await.problem(401, "token_invalid");
    others[1].get("/me").await.expect(200);
    ann.delete("/sessions").await.expect(204);
    others[1].get("/me").await.problem(401, "token_invalid");
    assert_eq!(ann.get("/sessions").await.body["sessions"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_see_all_accounts_and_nobody_else_does() {
    let server = TestServer::start().await;
    let first = Program::of(&server, "first").await;
    assert_eq!(first.get("/me").await.body["role"], "admin", "whoever sets it up administrates it");
    let ann = Program::of(&server, "ann").await;
    assert_eq!(ann.get("/me").await.body["role"], "user");
    ann.get("/users").await.problem(403, "forbidden");
    Program::of(&server, "bob").await;
    let page = first.get("/users?page=2&per_page=2").await.expect(200).body;
    assert_eq!((&page["page"], &page["per_page"], &page["total"]), (&json!(2), &json!(2), &json!(3)));
    let names: Vec<_> = page["users"].as_array().unwrap().iter().map(|user| &user["username"]).collect();
    assert_eq!(names, ["bob"]);
    assert_eq!(first.get("/users").await.body["users"].as_array().unwrap().len(), 3);
    assert!(page["users"][0].get("password_hash").is_none());
    first.get("/users?page=0").await.refuses(&[("page", "out_of_range")]);
}
