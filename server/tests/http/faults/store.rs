//! The short-lived store goes away, hangs, or comes back empty.

use serde_json::json;
use testing::Redis;

use super::{Scene, until};
use crate::api::Program;
use crate::support::PASSWORD;

fn scene(server: &Redis) -> Scene {
    Scene::with(vec![("DOCKET_REDIS_URL", server.fresh_database())])
}

#[tokio::test(flavor = "multi_thread")]
async fn while_redis_is_away_lists_refresh_and_log_out_go_on_and_codes_get_503() {
    if !testing::on_servers() {
        return;
    }
    let server = Redis::start();
    let scene = scene(&server).set("DOCKET_LIMIT_LOG_IN", "8/1h");
    let program = scene.start();
    let (ann, list) = scene.someone(&program, "ann").await;
    let stranger = Program::at(&program.url);
    let credentials = json!({"login": "ann", "password": PASSWORD, "cookies": false});
    let log_in = || stranger.post("/auth/log-in", &credentials);
    let session = log_in().await.expect(200).body;
    let new = json!({"email": "bob@example.org", "username": "bob", "password": PASSWORD});
    let flow = stranger.post("/auth/sign-up", &new).await.expect(202).body["flow"].clone();
    let code = scene.sink.code_for("bob@example.org").await;

    server.stop();
    ann.todo(&list, "while it is away").await;
    let refreshed =
        stranger.post("/auth/refresh", &json!({"refresh_token": session["refresh_token"]})).await.expect(200);
    let gone = stranger.with(&refreshed.body);
    gone.post("/auth/log-out", &json!(null)).await.expect(204);
    gone.get("/me").await.problem(401, "token_invalid");
    let verification = json!({"flow": flow, "code": code, "cookies": false});
    stranger.post("/auth/verify", &verification).await.problem(503, "unavailable");
    stranger.post("/auth/resend", &json!({"flow": flow})).await.problem(503, "unavailable");
    let page = reqwest::get(format!("{}/readyz", program.url)).await.unwrap();
    assert_eq!(page.status().as_u16(), 200, "most goes on");
    assert!(page.text().await.unwrap().contains("Redis"));
    // Each node now counts for itself, up to half as many.
    for _ in 0..4 {
        log_in().await.expect(200);
    }
    log_in().await.problem(429, "rate_limited");

    server.start_again();
    let again = json!({"flow": flow});
    until(|| stranger.post("/auth/resend", &again), |answer| answer.status != 503).await.expect(202);
    stranger.post("/auth/verify", &verification).await.problem(400, "code_invalid");
    let code = scene.sink.code_for("bob@example.org").await;
    let verification = json!({"flow": flow, "code": code, "cookies": false});
    stranger.post("/auth/verify", &verification).await.expect(201);
    gone.get("/me").await.problem(401, "token_invalid");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_redis_hangs_calls_are_answered_all_the_same() {
    if !testing::on_servers() {
        return;
    }
    let server = Redis::start();
    let scene = scene(&server).set("DOCKET_LIMIT_LOG_IN", "100/1h");
    let program = scene.start();
    let (ann, list) = scene.someone(&program, "ann").await;
    server.hang();
    ann.todo(&list, "while it hangs").await;
    let stranger = Program::at(&program.url);
    let log_in = json!({"login": "ann", "password": PASSWORD, "cookies": false});
    stranger.post("/auth/log-in", &log_in).await.expect(200);
    let forgot = json!({"email": "ann@example.org"});
    stranger.post("/auth/password/forgot", &forgot).await.problem(503, "unavailable");
    server.go_on();
    until(|| stranger.post("/auth/password/forgot", &forgot), |answer| answer.status != 503).await;
}
