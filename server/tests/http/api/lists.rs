//! Lists over the REST API.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Program, Reply};
use crate::support::TestServer;

fn names(reply: &Reply) -> Vec<&str> {
    reply.body["lists"].as_array().unwrap().iter().map(|list| list["name"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_made_seen_changed_moved_and_deleted() {
    let server = TestServer::start().await;
    let ann = Program::of(&server, "ann").await;
    let made = ann.post("/lists", &json!({"name": " Groceries "})).await.expect(201);
    let id = made.body["id"].as_str().unwrap();
    assert_eq!(made.header("location"), format!("/api/v1/lists/{id}"));
    assert_eq!(made.body["user_id"], ann.get("/me").await.body["id"]);
    let facts = ["name", "favourite", "open_count", "done_count", "version"].map(|field| &made.body[field]);
    assert_eq!(facts, [&json!("Groceries"), &json!(false), &json!(0), &json!(0), &json!(1)]);
    for field in ["created_at", "updated_at"] {
        assert!(made.body[field].as_str().unwrap().ends_with('Z'), "{field}");
    }
    let path = format!("/lists/{id}");
    assert_eq!(ann.get(&path).await.expect(200).body, made.body);
    let changed = ann.patch(&path, &json!({"name": "Food", "favourite": true})).await.expect(200).body;
    assert_eq!(
        (&changed["name"], &changed["favourite"], &changed["version"]),
        (&json!("Food"), &json!(true), &json!(2))
    );

    let other = ann.list("Other").await;
    assert_eq!(names(&ann.get("/lists").await.expect(200)), ["Food", "Other"]);
    ann.patch(&other, &json!({"after": null})).await.expect(200);
    assert_eq!(names(&ann.get("/lists").await), ["Other", "Food"]);
    ann.patch(&other, &json!({"after": id})).await.expect(200);
    assert_eq!(names(&ann.get("/lists?order=desc").await), ["Other", "Food"]);
    ann.patch(&other, &json!({"after": Uuid::now_v7()})).await.refuses(&[("after", "unknown")]);

    ann.delete(&path).await.expect(204);
    ann.get(&path).await.problem(404, "not_found");
    assert_eq!(names(&ann.get("/lists").await), ["Other"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_create_is_harmless_and_a_foreign_id_refused() {
    let server = TestServer::start().await;
    let (ann, eve) = (Program::of(&server, "ann").await, Program::of(&server, "eve").await);
    let new = json!({"name": "once", "id": Uuid::now_v7()});
    let first = ann.post("/lists", &new).await.expect(201);
    let second = ann.post("/lists", &new).await.expect(200);
    assert_eq!((&first.body, first.header("location")), (&second.body, second.header("location")));
    eve.post("/lists", &new).await.problem(409, "id_taken");
    ann.delete(&format!("/lists/{}", new["id"].as_str().unwrap())).await.expect(204);
    ann.post("/lists", &new).await.problem(409, "id_taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_come_in_pages_and_by_name() {
    let server = TestServer::start().await;
    let ann = Program::of(&server, "ann").await;
    for name in ["Éclairs", "eclipse", "Milk", "100 %", "1000"] {
        ann.list(name).await;
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = ann.get(&format!("/lists?limit=2{cursor}")).await.expect(200);
        seen.extend(names(&page).into_iter().map(str::to_owned));
        let Value::String(next) = &page.body["next_cursor"] else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, ["Éclairs", "eclipse", "Milk", "100 %", "1000"]);
    assert_eq!(names(&ann.get("/lists?name=ECL").await), ["Éclairs", "eclipse"]);
    assert_eq!(names(&ann.get("/lists?name=0%20%25").await), ["100 %"]);
    assert_eq!(names(&ann.get("/lists?name=ecl&order=desc").await), ["eclipse", "Éclairs"]);
    let next = ann.get("/lists?limit=1").await.body["next_cursor"].as_str().unwrap().to_owned();
    ann.get(&format!("/lists?limit=1&name=m&cursor={next}")).await.refuses(&[("cursor", "malformed")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trash_gives_back_and_forgets() {
    let server = TestServer::start().await;
    let ann = Program::of(&server, "ann").await;
    let (list, other) = (ann.list("Groceries").await, ann.list("Other").await);
    let todo = ann.todo(&list, "Milk").await;
    let todo_path = format!("/todos/{}", todo["id"].as_str().unwrap());
    let trashed = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    ann.delete(&todo_path).await.expect(204);
    ann.delete(&other).await.expect(204);
    let trash = ann.get("/trash").await.expect(200).body;
    let facts: Vec<_> =
        trash["trash"].as_array().unwrap().iter().map(|row| [&row["kind"], &row["title"], &row["list_name"]]).collect();
    assert_eq!(
        facts,
        [[&json!("list"), &json!("Other"), &json!(null)], [&json!("todo"), &json!("Milk"), &json!("Groceries")]]
    );
    let first = ann.get("/trash?limit=1").await.body;
    let second = ann.get(&format!("/trash?limit=1&cursor={}", first["next_cursor"].as_str().unwrap())).await.body;
    assert_eq!((&second["trash"][0]["title"], &second["next_cursor"]), (&json!("Milk"), &json!(null)));

    super::reply(ann.request(reqwest::Method::POST, &format!("/trash/{}/restore", trashed(&todo_path))))
        .await
        .expect(204);
    ann.get(&todo_path).await.expect(200);
    ann.delete(&format!("/trash/{}", trashed(&todo_path))).await.problem(404, "not_found");
    ann.delete(&format!("/trash/{}", trashed(&other))).await.expect(204);
    ann.delete(&todo_path).await.expect(204);
    ann.delete("/trash").await.expect(204);
    assert_eq!(ann.get("/trash").await.body["trash"], json!([]));
    ann.delete("/trash").await.expect(204);
}
