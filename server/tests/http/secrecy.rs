//! Secrets stay where they belong (R44): everything is done once with the most talkative log, then log, database and
//! short-lived store are searched for what was said in confidence.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::faults::Scene;
use crate::support::{Browser, location};

const PASSWORD: &str = "canary password one";
const NEXT: &str = "canary password two";
const WRONG: &str = "canary password wrong";
const ADDRESS: &str = "canary-address@example.org";

#[tokio::test(flavor = "multi_thread")]
async fn r44_no_log_and_no_store_holds_what_was_said_in_confidence() {
    let scene = Scene::new().set("DOCKET_LOG", "trace").set("DOCKET_CODE_RESEND", "1ms");
    let program = scene.start();
    let mut ann = Browser::with_cookies(&program.url);
    let mut canaries: Vec<String> = [PASSWORD, NEXT, WRONG].map(str::to_owned).to_vec();
    let fields = [("email", ADDRESS), ("username", "ann"), ("password", PASSWORD)];
    let location_of: String = ann.rpc("accounts/sign_up", &fields).await.json().await.unwrap();
    let flow = location_of.split_once('=').unwrap().1.to_owned();
    let code = scene.sink.code_for(ADDRESS).await;
    ann.rpc("accounts/verify", &[("flow", &flow), ("code", "not a code")]).await;
    let answer = ann.rpc("accounts/verify", &[("flow", &flow), ("code", &code)]).await;
    canaries.push(code);
    canaries.extend(credentials(&answer));
    let answer: Value = answer.json().await.unwrap();
    canaries.push(answer["token"]["access_token"].as_str().unwrap().to_owned());
    ann.bearer = canaries.last().cloned();

    ann.rpc("lists/all_lists", &[]).await;
    ann.get("/lists").await;
    ann.get("/settings/sessions").await;
    let refreshed = ann.rpc("sessions/refresh", &[]).await;
    canaries.extend(credentials(&refreshed));
    for (login, password) in [(ADDRESS, WRONG), ("ann", WRONG), ("nobody", WRONG), (ADDRESS, PASSWORD)] {
        let stranger = Browser::with_cookies(&program.url);
        let answer = stranger.rpc("sessions/log_in", &[("login", login), ("password", password)]).await;
        canaries.extend(credentials(&answer));
        stranger.plain("/log-in", "sessions/log_in", &[("login", login), ("password", password)]).await;
    }
    let api = |path: &str, body: Value| ann.client.post(format!("{}/api/v1{path}", program.url)).json(&body).send();
    for body in [
        json!({"login": ADDRESS, "password": PASSWORD, "cookies": false}),
        json!({"login": ADDRESS, "password": WRONG}),
    ] {
        let answer: Value = api("/auth/log-in", body).await.unwrap().json().await.unwrap();
        canaries.extend(
            ["access_token", "refresh_token"].iter().filter_map(|name| answer[name].as_str().map(str::to_owned)),
        );
    }
    // Bodies that cannot be read, and secrets where none belong.
    api(&format!("/auth/log-in?password={WRONG}"), json!({"password": {"x": WRONG}})).await.unwrap();
    let broken =
        ann.client.post(format!("{}/api/v1/auth/log-in", program.url)).header("content-type", "application/json");
    broken.body(format!("{{\"password\": \"{WRONG}")).send().await.unwrap();
    ann.client.get(format!("{}/api/v1/me", program.url)).bearer_auth(WRONG.replace(' ', "-")).send().await.unwrap();

    let change = [("current_password", PASSWORD), ("password", NEXT)];
    assert_eq!(ann.plain("/settings", "settings/change_password", &change).await.status(), StatusCode::SEE_OTHER);
    let other = format!("other-{ADDRESS}");
    let answer = ann.plain("/settings", "settings/change_email", &[("email", &other)]).await;
    let flow = location(&answer).rsplit('=').next().unwrap().to_owned();
    let code = scene.sink.code_for(&other).await;
    ann.plain("/settings", "settings/confirm_email", &[("flow", &flow), ("code", &code)]).await;
    canaries.push(code);
    ann.rpc("accounts/forgot", &[("email", &other)]).await;
    canaries.push(scene.sink.code_for(&other).await);
    ann.plain("/settings", "settings/delete_account", &[("password", NEXT)]).await;

    let said = program.stopped().await;
    assert!(said.contains("/rpc/app/accounts/sign_up") && said.len() > 10_000, "the log was talkative");
    for canary in canaries.iter().chain([&ADDRESS.to_owned(), &other]) {
        assert!(!says(&said, canary), "the log says {canary}: {}", around(&said, canary));
    }
    // What is kept may name the address, which is what it is for; the secrets it holds as hashes only.
    for (place, kept) in scene.dumps() {
        for canary in canaries.iter().filter(|canary| canary.len() > 6) {
            assert!(!kept.windows(canary.len()).any(|part| part == canary.as_bytes()), "{place} holds {canary}");
        }
    }
}

fn credentials(answer: &reqwest::Response) -> Vec<String> {
    let cookies = answer.headers().get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    let values =
        cookies.filter_map(|cookie| cookie.split(';').next()?.split_once('=')).map(|(_, value)| value.to_owned());
    values.filter(|value| !value.is_empty()).collect()
}

// Six digits are found in any number, so codes count only where they stand alone.
fn says(text: &str, canary: &str) -> bool {
    text.match_indices(canary).any(|(at, _)| {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '.');
        canary.len() > 6 || !(digit(text[..at].chars().next_back()) || digit(text[at + canary.len()..].chars().next()))
    })
}

fn around(text: &str, canary: &str) -> String {
    let at = text.find(canary).unwrap_or_default();
    text.chars().skip(at.saturating_sub(300)).take(700).collect()
}
