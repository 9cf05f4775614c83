//! Two nodes on one Postgres and one Redis.

use serde_json::json;

use super::{Scene, until};
use crate::api::Program;
use crate::support::{PASSWORD, Process};

/// Two nodes that share everything; `None` where there is nothing to share.
fn two_nodes(settings: &[(&'static str, &str)]) -> Option<(Scene, Process, Process)> {
    if !testing::on_servers() {
        return None;
    }
    let scene = settings.iter().fold(Scene::new(), |scene, (name, value)| scene.set(name, value));
    let (one, two) = (scene.start(), scene.start());
    Some((scene, one, two))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_begun_on_one_node_is_ended_on_the_other() {
    let Some((scene, one, two)) = two_nodes(&[]) else { return };
    let nodes = [Program::at(&one.url), Program::at(&two.url)];
    let new = json!({"email": "ann@example.org", "username": "ann", "password": PASSWORD});
    let flow = nodes[0].post("/auth/sign-up", &new).await.expect(202).body["flow"].clone();
    let code = scene.sink.code_for("ann@example.org").await;
    let verification = json!({"flow": flow, "code": code, "cookies": false});
    let mut tokens = nodes[1].post("/auth/verify", &verification).await.expect(201).body;
    let list = nodes[0].with(&tokens).list("list").await;
    for turn in 0..20 {
        let (here, there) = (&nodes[turn % 2], &nodes[(turn + 1) % 2]);
        let todo = here.with(&tokens).todo(&list, "todo").await;
        let path = format!("/todos/{}", todo["id"].as_str().unwrap());
        there.with(&tokens).patch(&path, &json!({"done": true})).await.expect(200);
        assert_eq!(here.with(&tokens).get(&list).await.expect(200).body["done_count"], turn + 1);
        let refreshed = there.post("/auth/refresh", &json!({"refresh_token": tokens["refresh_token"]})).await;
        tokens = refreshed.expect(200).body;
    }
}

// R22.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_nodes_that_refresh_one_token_one_wins_and_both_get_the_same_successor() {
    let Some((scene, one, two)) = two_nodes(&[]) else { return };
    let nodes = [Program::at(&one.url), Program::at(&two.url)];
    scene.someone(&one, "ann").await;
    let log_in = json!({"login": "ann", "password": PASSWORD, "cookies": false});
    let mut refresh = nodes[0].post("/auth/log-in", &log_in).await.expect(200).body["refresh_token"].clone();
    for _ in 0..20 {
        let body = json!({"refresh_token": refresh});
        let (a, b) = tokio::join!(nodes[0].post("/auth/refresh", &body), nodes[1].post("/auth/refresh", &body));
        let (a, b) = (a.expect(200).body, b.expect(200).body);
        assert_eq!(a["refresh_token"], b["refresh_token"]);
        refresh = a["refresh_token"].clone();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_that_verify_one_code_on_two_nodes_one_makes_the_account() {
    let Some((scene, one, two)) = two_nodes(&[]) else { return };
    let new = json!({"email": "ann@example.org", "username": "ann", "password": PASSWORD});
    let flow = Program::at(&one.url).post("/auth/sign-up", &new).await.expect(202).body["flow"].clone();
    let body = json!({"flow": flow, "code": scene.sink.code_for("ann@example.org").await, "cookies": false});
    let verify = |turn: usize| {
        let (node, body) = (Program::at(if turn.is_multiple_of(2) { &one.url } else { &two.url }), body.clone());
        tokio::spawn(async move { node.post("/auth/verify", &body).await.status })
    };
    let mut made = 0;
    for attempt in (0..20).map(verify).collect::<Vec<_>>() {
        match attempt.await.unwrap() {
            201 => made += 1,
            status => assert_eq!(status, 400),
        }
    }
    assert_eq!(made, 1);
    let log_in = json!({"login": "ann", "password": PASSWORD, "cookies": false});
    Program::at(&two.url).post("/auth/log-in", &log_in).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_first_accounts_made_at_once_one_is_the_administrators() {
    let Some((scene, one, two)) = two_nodes(&[]) else { return };
    let sign_up = async |node: &Process, name: &str| {
        let email = format!("{name}@example.org");
        let new = json!({"email": email, "username": name, "password": PASSWORD});
        let flow = Program::at(&node.url).post("/auth/sign-up", &new).await.expect(202).body["flow"].clone();
        json!({"flow": flow, "code": scene.sink.code_for(&email).await, "cookies": false})
    };
    let (ann, bob) = (sign_up(&one, "ann").await, sign_up(&two, "bob").await);
    let nodes = [Program::at(&one.url), Program::at(&two.url)];
    let (ann, bob) = tokio::join!(nodes[0].post("/auth/verify", &ann), nodes[1].post("/auth/verify", &bob));
    let (ann, bob) = (nodes[0].with(&ann.expect(201).body), nodes[1].with(&bob.expect(201).body));
    let statuses = [ann.get("/users").await.status, bob.get("/users").await.status];
    assert!(statuses == [200, 403] || statuses == [403, 200], "{statuses:?}");
}

// R26.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_ended_on_one_node_is_over_on_the_other_within_a_second() {
    let Some((scene, one, two)) = two_nodes(&[]) else { return };
    let (ann, _) = scene.someone(&one, "ann").await;
    let there = ann.moved_to(&two.url);
    there.get("/me").await.expect(200);
    ann.post("/auth/log-out", &json!(null)).await.expect(204);
    ann.get("/me").await.problem(401, "token_invalid");
    until(|| there.get("/me"), |answer| answer.status == 401).await.problem(401, "token_invalid");
}

// R16.
#[tokio::test(flavor = "multi_thread")]
async fn what_one_address_may_do_is_counted_over_both_nodes() {
    let Some((scene, one, two)) = two_nodes(&[("DOCKET_LIMIT_LOG_IN", "6/1h")]) else { return };
    scene.someone(&one, "ann").await;
    let nodes = [Program::at(&one.url), Program::at(&two.url)];
    let log_in = json!({"login": "ann", "password": PASSWORD, "cookies": false});
    for turn in 0..6 {
        nodes[turn % 2].post("/auth/log-in", &log_in).await.expect(200);
    }
    for node in nodes {
        let refused = node.post("/auth/log-in", &log_in).await;
        assert!(refused.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 3000));
        refused.problem(429, "rate_limited");
    }
}
