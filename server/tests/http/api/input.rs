//! Whatever is wrong with a call: the documented problem, never a 5xx, never a half-done change.

use std::io::{Read, Write};
use std::net::TcpStream;

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Program, reply};
use crate::support::{PASSWORD, TestServer};

/// A call with a body, and which fields of it are wrong in which way.
type Case<'a> = (&'a Method, &'a str, Value, &'a [(&'a str, &'a str)]);

#[tokio::test(flavor = "multi_thread")]
async fn every_field_that_is_wrong_is_named_with_its_reason() {
    let server = TestServer::start().await;
    let ann = Program::of(&server, "ann").await;
    let list = ann.list("l").await;
    let todos = format!("{list}/todos");
    let todo = format!("/todos/{}", ann.todo(&list, "t").await["id"].as_str().unwrap());
    let post = Method::POST;
    let (patch, long) = (Method::PATCH, |count| "x".repeat(count));
    let cases: Vec<Case<'_>> = vec![
        (&post, "/lists", json!({}), &[("name", "required")]),
        (&post, "/lists", json!({"name": null}), &[("name", "required")]),
        (&post, "/lists", json!({"name": "  "}), &[("name", "required")]),
        (&post, "/lists", json!({"name": 1}), &[("name", "wrong_type")]),
        (&post, "/lists", json!({"name": ["a"]}), &[("name", "wrong_type")]),
        (&post, "/lists", json!({"name": long(121)}), &[("name", "too_long")]),
        (&post, "/lists", json!({"name": "a\0b"}), &[("name", "control_characters")]),
        (&post, "/lists", json!({"name": "a", "user_id": Uuid::nil()}), &[("user_id", "unknown")]),
        (&post, "/lists", json!({"name": "a", "id": "1"}), &[("id", "malformed")]),
        (&post, "/lists", json!({"name": "a", "id": null}), &[("id", "required")]),
        (&post, "/lists", json!({"x": 1, "name": 1}), &[("name", "wrong_type"), ("x", "unknown")]),
        (&patch, &list, json!({"favourite": "yes"}), &[("favourite", "wrong_type")]),
        (&patch, &list, json!({"favourite": null}), &[("favourite", "required")]),
        (&patch, &list, json!({"after": "top"}), &[("after", "malformed")]),
        (&patch, &list, json!({"version": 2}), &[("version", "unknown")]),
        (&post, &todos, json!({}), &[("title", "required")]),
        (&post, &todos, json!({"title": long(501)}), &[("title", "too_long")]),
        (&post, &todos, json!({"title": "a\nb"}), &[("title", "control_characters")]),
        (&post, &todos, json!({"title": "a", "notes": long(10_001)}), &[("notes", "too_long")]),
        (&post, &todos, json!({"title": "a", "done": true}), &[("done", "unknown")]),
        (&post, &todos, json!({"title": "a", "after": Uuid::nil()}), &[("after", "unknown")]),
        (&patch, &todo, json!({"done": 1}), &[("done", "wrong_type")]),
        (&patch, &todo, json!({"list_id": null}), &[("list_id", "required")]),
        (&patch, "/me", json!({"role": "admin"}), &[("role", "unknown")]),
        (&patch, "/me", json!({"username": "a b"}), &[("username", "characters")]),
        (&post, "/me/email", json!({"email": "nonsense"}), &[("email", "not_an_address")]),
        (
            &post,
            "/auth/sign-up",
            json!({"email": "a@b.c\r\nBcc: x@y.z", "username": "new", "password": PASSWORD}),
            &[("email", "control_characters")],
        ),
        (
            &post,
            "/auth/sign-up",
            json!({"email": "n@example.org", "username": "x", "password": "y"}),
            &[("password", "too_short"), ("username", "too_short")],
        ),
        (
            &post,
            "/auth/sign-up",
            json!({"email": "n@example.org", "username": "new", "password": PASSWORD, "role": "admin"}),
            &[("role", "unknown")],
        ),
        (
            &post,
            "/auth/log-in",
            json!({"login": "", "password": ""}),
            &[("login", "required"), ("password", "required")],
        ),
        (&post, "/auth/verify", json!({"flow": "x", "code": "12"}), &[("flow", "malformed")]),
        (&post, "/auth/verify", json!({"flow": Uuid::nil(), "code": "12"}), &[("code", "malformed")]),
    ];
    let before = (ann.get("/lists").await.body, ann.get("/todos").await.body, ann.get("/me").await.body);
    for (method, path, body, fields) in cases {
        let answer = reply(ann.request(method.clone(), path).json(&body)).await;
        let expected: Value = fields.iter().map(|(field, why)| (field.to_string(), json!([why]))).collect();
        assert_eq!(answer.problem(422, "validation_failed")["fields"], expected, "{method} {path} {body}");
    }
    assert_eq!((ann.get("/lists").await.body, ann.get("/todos").await.body, ann.get("/me").await.body), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_parameter_that_is_wrong_is_named_with_its_reason() {
    let server = TestServer::start().await;
    let ann = Program::of(&server, "ann").await;
    let list = ann.list("l").await;
    for (path, field, why) in [
        ("/lists?limit=0".to_owned(), "limit", "out_of_range"),
        ("/lists?limit=-1".into(), "limit", "out_of_range"),
        ("/lists?limit=1000000000".into(), "limit", "out_of_range"),
        ("/lists?limit=99999999999999999999".into(), "limit", "out_of_range"),
        ("/lists?limit=".into(), "limit", "malformed"),
        ("/lists?limit=ten".into(), "limit", "malformed"),
        ("/lists?limit=1e1".into(), "limit", "malformed"),
        ("/lists?order=up".into(), "order", "malformed"),
        ("/lists?order=asc&order=asc".into(), "order", "duplicate"),
        ("/lists?sort=name".into(), "sort", "unknown"),
        ("/lists?cursor=forged".into(), "cursor", "malformed"),
        ("/lists?cursor=".into(), "cursor", "malformed"),
        (format!("{list}/todos?sort=title"), "sort", "malformed"),
        (format!("{list}/todos?done=1"), "done", "malformed"),
        (format!("{list}/todos?cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), "cursor", "malformed"),
        (format!("/todos?q={}", "x".repeat(501)), "q", "too_long"),
        ("/todos?q=%00t".into(), "q", "control_characters"),
        ("/lists?name=a%01".into(), "name", "control_characters"),
        ("/trash?limit=201".into(), "limit", "out_of_range"),
        ("/users?per_page=201".into(), "per_page", "out_of_range"),
    ] {
        let answer = ann.get(&path).await;
        assert_eq!(answer.problem(422, "validation_failed")["fields"], json!({field: [why]}), "{path}");
    }
    ann.get("/lists?name=%ff").await.problem(400, "malformed_request");
}

// R39.
#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_cannot_be_read_are_refused() {
    let server = TestServer::start().await;
    let ann = Program::of(&server, "ann").await;
    let list = ann.list("l").await;
    let post = |path: &str, kind: &str, body: Vec<u8>| {
        reply(ann.request(Method::POST, path).header("content-type", kind).body(body))
    };
    for path in [
        "/lists".to_owned(),
        format!("{list}/todos"),
        format!("{list}/todos/batch"),
        "/auth/log-in".into(),
        "/auth/refresh".into(),
    ] {
        for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "application/problem+json"]
        {
            post(&path, kind, b"{}".to_vec()).await.problem(415, "unsupported_media_type");
        }
        // Refreshing by cookie needs none.
        if path != "/auth/refresh" {
            post(&path, "application/json", Vec::new()).await.problem(400, "malformed_request");
        }
        for body in [
            b"{\"name\":".to_vec(),
            b"[]".to_vec(),
            b"null".to_vec(),
            b"{\"name\": \"\xff\"}".to_vec(),
            b"{\"name\": \"\\ud800\"}".to_vec(),
            b"{\"name\": \"a\0b\"}".to_vec(),
            b"{} {}".to_vec(),
            [vec![b'['; 4000], vec![b']'; 4000]].concat(),
            [b"{\"name\":".to_vec(), vec![b'['; 4000]].concat(),
        ] {
            post(&path, "application/json", body).await.problem(400, "malformed_request");
        }
    }
    post("/lists", "application/json; charset=utf-8", b"{\"name\": \"a\", \"name\": \"b\"}".to_vec())
        .await
        .refuses(&[("name", "duplicate")]);
    post("/lists", "application/json", b"{\"name\": 1e999}".to_vec()).await.problem(400, "malformed_request");
    reply(ann.request(Method::POST, "/lists").body("{}")).await.problem(415, "unsupported_media_type");
    assert_eq!(ann.get("/lists").await.body["lists"].as_array().unwrap().len(), 1);
}

// R37.
#[tokio::test(flavor = "multi_thread")]
async fn too_large_a_body_is_refused_early_and_in_chunks() {
    let server = TestServer::start().await;
    let ann = Program::of(&server, "ann").await;
    let list = ann.list("l").await;
    let notes = |size| json!({"title": "a", "notes": "x".repeat(size)});
    ann.post(&format!("{list}/todos"), &notes(65 * 1024)).await.problem(413, "body_too_large");
    ann.post("/auth/log-in", &json!({"login": "x".repeat(9000), "password": "x"})).await.problem(413, "body_too_large");
    ann.patch("/me", &json!({"username": "x".repeat(9000)})).await.problem(413, "body_too_large");
    let said = b"content-length: 9000000\r\n\r\n".to_vec();
    let chunk = [b"400\r\n".to_vec(), vec![b'x'; 1024], b"\r\n".to_vec()].concat();
    let chunked = [b"transfer-encoding: chunked\r\n\r\n".to_vec(), chunk.repeat(1025)].concat();
    for rest in [said, chunked] {
        let address = server.url.strip_prefix("http://").unwrap().to_owned();
        let answered = tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            let head = "POST /api/v1/auth/log-in HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";
            stream.write_all(head.as_bytes()).unwrap();
            // The end is never sent: the answer does not wait for it.
            stream.write_all(&rest).unwrap();
            let mut answer = [0; 12];
            stream.read_exact(&mut answer).unwrap();
            String::from_utf8(answer.to_vec()).unwrap()
        });
        assert_eq!(answered.await.unwrap(), "HTTP/1.1 413");
    }
    assert_eq!(ann.get("/todos").await.body["todos"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_and_what_cannot_be_done_is_told() {
    let server = TestServer::start().await;
    let ann = Program::of(&server, "ann").await;
    for path in ["", "/", "/nowhere", "/lists/", "/lists/1/2/3", "/lists/%ff", "/lists/nonsense", "/todos/nonsense"] {
        ann.get(path).await.problem(404, "not_found");
    }
    for (method, path, allowed) in [
        (Method::PUT, "/lists", "GET,HEAD,POST"),
        (Method::POST, "/me", "GET,HEAD,PATCH,DELETE"),
        (Method::OPTIONS, "/lists", "GET,HEAD,POST"),
        (Method::TRACE, "/me", "GET,HEAD,PATCH,DELETE"),
        (Method::GET, "/auth/log-in", "POST"),
    ] {
        let refused = reply(ann.request(method, path)).await;
        let sorted = |text: &str| {
            let mut methods: Vec<_> = text.split(',').map(str::to_owned).collect();
            methods.sort();
            methods
        };
        assert_eq!(sorted(refused.header("allow")), sorted(allowed), "{path}");
        refused.problem(405, "method_not_allowed");
    }
    let head = ann.request(Method::HEAD, "/lists").send().await.unwrap();
    assert_eq!((head.status().as_u16(), head.text().await.unwrap().len()), (200, 0));
}

// R29.
#[tokio::test(flavor = "multi_thread")]
async fn another_sites_page_changes_nothing() {
    let server = TestServer::start().await;
    let stranger = Program::new(&server);
    Program::of(&server, "ann").await;
    let log_in = json!({"login": "ann", "password": PASSWORD});
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let request = stranger.request(Method::POST, "/auth/log-in").header(name, value).json(&log_in);
        reply(request).await.problem(403, "forbidden");
    }
}

// R48.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_database_is_told_as_such() {
    let server = TestServer::start().await;
    let ann = Program::of(&server, "ann").await;
    server.docket.db.close().await;
    let refused = ann.get("/lists").await;
    assert_eq!(refused.header("retry-after"), "1");
    refused.problem(503, "unavailable");
}
