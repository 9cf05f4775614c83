//! Nobody gets past the guard, and nobody at anything of somebody else: tried on every call there is, as the description
//! lists them. What it does not list is not served.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Program, Reply, reply};
use crate::support::TestServer;

/// Every call: method, path below the version, and whether it takes a body.
fn calls() -> Vec<(Method, String, bool)> {
    let description: Value = serde_json::from_str(&server::api::description()).unwrap();
    let mut calls = Vec::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, call) in methods.as_object().unwrap() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            calls.push((method, path.strip_prefix("/api/v1").unwrap().to_owned(), call.get("requestBody").is_some()));
        }
    }
    calls
}

async fn call(program: &Program, method: &Method, path: &str, body: Option<&Value>) -> Reply {
    let request = program.request(method.clone(), path);
    reply(match body {
        Some(body) => request.json(body),
        None => request,
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_is_guarded_but_the_open_ones() {
    let server = TestServer::start().await;
    let stranger = Program::new(&server);
    let is_open = |method: &Method, path: &str| {
        server::api::OPEN.iter().any(|(open, at, _)| open == method && *at == format!("/api/v1{path}"))
    };
    let calls = calls();
    assert_eq!(calls.iter().filter(|(method, path, _)| is_open(method, path)).count(), server::api::OPEN.len());
    assert!(calls.len() >= 34, "{} calls were found", calls.len());
    for (method, path, body) in &calls {
        let path_with_id = path.replace("{id}", "00000000-0000-0000-0000-000000000000");
        let answer = call(&stranger, method, &path_with_id, body.then_some(&json!({}))).await;
        if is_open(method, path) {
            assert!(![404, 405].contains(&answer.status), "{method} {path}");
        } else {
            assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"docket\"", "{method} {path}");
            answer.problem(401, "token_missing");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_cookie_opens_no_call() {
    let server = TestServer::start().await;
    let browser = server.someone("ann").await;
    let program = Program { client: browser.client.clone(), ..Program::new(&server) };
    for (method, path, _) in calls().iter().filter(|(_, path, _)| !path.starts_with("/auth")) {
        let path = path.replace("{id}", "00000000-0000-0000-0000-000000000000");
        let request = program.request(method.clone(), &path).header("sec-fetch-site", "same-origin");
        reply(request).await.problem(401, "token_missing");
    }
}

// R35.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_ids_answer_like_ids_that_do_not_exist() {
    let server = TestServer::start().await;
    let (ann, eve) = (Program::of(&server, "ann").await, Program::of(&server, "eve").await);
    let list = ann.list("annslist").await;
    let todo = ann.todo(&list, "secret").await["id"].as_str().unwrap().to_owned();
    let trashed = ann.todo(&list, "old secret").await["id"].as_str().unwrap().to_owned();
    ann.delete(&format!("/todos/{trashed}")).await.expect(204);
    let session = ann.get("/sessions").await.body["sessions"][0]["id"].as_str().unwrap().to_owned();
    let own_list = eve.list("own").await;
    let own = eve.todo(&own_list, "own").await;
    let list = list.rsplit('/').next().unwrap().to_owned();
    let everything = async || {
        let mut all = Vec::new();
        for path in ["/lists", "/todos", "/trash", "/me"] {
            all.push(ann.get(path).await.expect(200).body);
        }
        all
    };
    let before = everything().await;
    let body = |path: &str| match path {
        "/lists/{id}" => json!({"name": "mine"}),
        "/todos/{id}" => json!({"done": true}),
        "/lists/{id}/todos" => json!({"title": "evil"}),
        "/lists/{id}/todos/batch" => json!({"delete": [todo]}),
        _ => panic!("say what to send to {path}"),
    };
    let mut tried = 0;
    for (method, path, has_body) in calls().into_iter().filter(|(_, path, _)| path.contains("{id}")) {
        let body = has_body.then(|| body(&path));
        let missing =
            call(&eve, &method, &path.replace("{id}", "019365c0-0000-7000-8000-000000000001"), body.as_ref()).await;
        let missing = without_request_id(missing.problem(404, "not_found"));
        for theirs in [&list, &todo, &trashed, &session] {
            let answer = call(&eve, &method, &path.replace("{id}", theirs), body.as_ref()).await;
            assert_eq!(without_request_id(answer.problem(404, "not_found")), missing, "{method} {path}");
            tried += 1;
        }
    }
    assert!(tried >= 44, "{tried} were tried");
    let own = format!("/todos/{}", own["id"].as_str().unwrap());
    eve.patch(&own, &json!({"list_id": list})).await.problem(404, "not_found");
    eve.patch(&own, &json!({"after": todo})).await.refuses(&[("after", "unknown")]);
    eve.patch(&own_list, &json!({"after": list})).await.refuses(&[("after", "unknown")]);
    eve.post(&format!("{own_list}/todos/batch"), &json!({"done": [todo]})).await.refuses(&[("done", "unknown")]);
    eve.delete("/trash").await.expect(204);
    eve.delete("/sessions").await.expect(204);
    assert_eq!(everything().await, before, "nothing of Ann's has changed");
    for path in ["/lists", "/todos", "/trash", "/sessions"] {
        let seen = eve.get(path).await.expect(200).body.to_string();
        assert!(!seen.contains("annslist") && !seen.contains("secret") && !seen.contains(&session), "{path}: {seen}");
    }
    let cursor = ann.get("/todos?limit=1").await.body["next_cursor"].clone();
    assert!(cursor.is_null());
    ann.todo(&format!("/lists/{list}"), "one more").await;
    let cursor = ann.get("/todos?limit=1").await.body["next_cursor"].as_str().unwrap().to_owned();
    eve.get(&format!("/todos?limit=1&cursor={cursor}")).await.refuses(&[("cursor", "malformed")]);
}

fn without_request_id(mut problem: Value) -> Value {
    problem.as_object_mut().unwrap().remove("request_id");
    problem
}
