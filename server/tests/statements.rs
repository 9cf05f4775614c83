//! How many statements a call needs, however many rows it is about. A test program of its own, because it counts all of
//! the process.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

#[path = "http/support.rs"]
#[expect(dead_code, reason = "only what is needed here")]
mod support;

use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::{Client, Method};
use serde_json::{Value, json};
use support::{Browser, TestServer};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

static STATEMENTS: AtomicUsize = AtomicUsize::new(0);

/// Counts what the database driver says it has run.
struct Counter;

impl<S: Subscriber> Layer<S> for Counter {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            STATEMENTS.fetch_add(1, Ordering::SeqCst);
        }
    }
}

async fn call(someone: &Browser, method: Method, path: &str, body: Option<Value>) -> (Value, usize) {
    let before = STATEMENTS.load(Ordering::SeqCst);
    let request = Client::new().request(method, format!("{}{path}", someone.url));
    let request = request.bearer_auth(someone.bearer.as_ref().unwrap());
    let answer = match body {
        Some(body) => request.json(&body),
        None => request,
    };
    let answer = answer.send().await.unwrap();
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
    (answer.json().await.unwrap_or_default(), STATEMENTS.load(Ordering::SeqCst) - before)
}

/// What each call needs for somebody with so many lists of so many todos each.
async fn needed(server: &TestServer, name: &str, lists: usize, todos: usize) -> Vec<(&'static str, usize)> {
    let someone = server.someone(name).await;
    let (mut list, mut ids) = (String::new(), Vec::new());
    for l in 0..lists {
        list = someone.list(&format!("list {l}")).await;
        ids.clear();
        for t in 0..todos {
            ids.push(someone.todo(&list, &format!("todo {t}")).await);
        }
        let gone = someone.todo(&list, "gone").await;
        call(&someone, Method::DELETE, &format!("/api/v1/todos/{gone}"), None).await;
    }
    let calls = [
        ("lists", Method::GET, "/api/v1/lists".to_owned(), None),
        ("list", Method::GET, format!("/api/v1/lists/{list}"), None),
        ("todos of a list", Method::GET, format!("/api/v1/lists/{list}/todos?sort=updated_at"), None),
        ("all todos", Method::GET, "/api/v1/todos?q=todo".to_owned(), None),
        ("trash", Method::GET, "/api/v1/trash".to_owned(), None),
        ("sessions", Method::GET, "/api/v1/sessions".to_owned(), None),
        ("batch", Method::POST, format!("/api/v1/lists/{list}/todos/batch"), Some(json!({"done": ids}))),
        ("tick a todo", Method::PATCH, format!("/api/v1/todos/{}", ids[0]), Some(json!({"done": false}))),
        ("make a list", Method::POST, "/api/v1/lists".into(), Some(json!({"name": "one more"}))),
        ("make a todo", Method::POST, format!("/api/v1/lists/{list}/todos"), Some(json!({"title": "one more"}))),
        ("account", Method::GET, "/api/v1/me".into(), None),
        ("page of a list", Method::GET, format!("/lists/{list}"), None),
    ];
    let mut needed = calls.each_ref().map(|(what, ..)| (*what, usize::MAX));
    // Mail, cleaning up and copying SQLite's log run beside the calls now and then: the least of several is the call's own. In
    // turn, so that each tick has something to do.
    for _ in 0..6 {
        for ((_, method, path, body), (_, least)) in calls.iter().zip(&mut needed) {
            *least = call(&someone, method.clone(), path, body.clone()).await.1.min(*least);
        }
    }
    needed.to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_needs_more_statements_for_more_rows() {
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(Counter)).unwrap();
    let server = TestServer::start().await;
    let few = needed(&server, "ann", 1, 1).await;
    let many = needed(&server, "bob", 12, 25).await;
    assert_eq!(few, many);
    // The session is remembered for a second. On Postgres whoever writes waits for their turn, and the driver counts a
    // commit too.
    let commit = if testing::on_servers() { 2 } else { 0 };
    let expected = [
        ("lists", 1),
        ("list", 1),
        ("todos of a list", 1),
        ("all todos", 1),
        ("trash", 1),
        ("sessions", 1),
        ("batch", 3 + commit),
        ("tick a todo", 1),
        ("make a list", 5 + commit),
        ("make a todo", 2),
        ("account", 1),
        ("page of a list", if testing::on_servers() { 2 } else { 1 }),
    ];
    assert_eq!(few, expected, "fewer is fine: then write it down here");
}
