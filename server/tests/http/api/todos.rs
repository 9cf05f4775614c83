//! Todos over the REST API.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{Program, Reply};
use crate::support::TestServer;

fn titles(reply: &Reply) -> Vec<&str> {
    reply.body["todos"].as_array().unwrap().iter().map(|todo| todo["title"].as_str().unwrap()).collect()
}

fn path(todo: &Value) -> String {
    format!("/todos/{}", todo["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn todos_are_made_seen_changed_moved_and_deleted() {
    let server = TestServer::start().await;
    let ann = Program::of(&server, "ann").await;
    let (list, other) = (ann.list("l").await, ann.list("other").await);
    let new = json!({"title": "Milk", "notes": "two\r\nlitres"});
    let made = ann.post(&format!("{list}/todos"), &new).await.expect(201);
    assert_eq!(made.header("location"), format!("/api/v1{}", path(&made.body)));
    let facts = ["title", "notes", "done", "done_at", "version"].map(|field| &made.body[field]);
    assert_eq!(facts, [&json!("Milk"), &json!("two\nlitres"), &json!(false), &json!(null), &json!(1)]);
    let milk = path(&made.body);
    assert_eq!(ann.get(&milk).await.expect(200).body, made.body);

    let done = ann.patch(&milk, &json!({"done": true})).await.expect(200).body;
    assert!(done["done"] == true && done["done_at"].is_string());
    assert_eq!(ann.get(&list).await.body["done_count"], 1);
    let open = ann.patch(&milk, &json!({"done": false, "title": "Oat milk", "notes": ""})).await.expect(200).body;
    assert_eq!([&open["done_at"], &open["title"], &open["notes"]], [&json!(null), &json!("Oat milk"), &json!("")]);

    let tea = ann.todo(&list, "Tea").await;
    let first = ann.post(&format!("{list}/todos"), &json!({"title": "First", "after": null})).await.expect(201).body;
    let second = json!({"title": "Second", "after": first["id"]});
    ann.post(&format!("{list}/todos"), &second).await.expect(201);
    assert_eq!(titles(&ann.get(&format!("{list}/todos")).await.expect(200)), ["First", "Second", "Oat milk", "Tea"]);
    ann.patch(&path(&tea), &json!({"after": first["id"]})).await.expect(200);
    assert_eq!(titles(&ann.get(&format!("{list}/todos")).await), ["First", "Tea", "Second", "Oat milk"]);
    ann.patch(&path(&tea), &json!({"list_id": other.rsplit('/').next()})).await.expect(200);
    assert_eq!(titles(&ann.get(&format!("{other}/todos")).await), ["Tea"]);

    ann.delete(&milk).await.expect(204);
    ann.get(&milk).await.problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn todos_are_sorted_filtered_and_found() {
    let server = TestServer::start().await;
    let ann = Program::of(&server, "ann").await;
    let (list, other) = (ann.list("l").await, ann.list("other").await);
    let mut all = Vec::new();
    for title in ["Crème", "Bread", "Apples"] {
        all.push(ann.todo(&list, title).await);
    }
    ann.todo(&other, "Crème fraîche").await;
    ann.patch(&path(&all[0]), &json!({"done": true})).await.expect(200);
    for (query, expected) in [
        ("", vec!["Crème", "Bread", "Apples"]),
        ("?order=desc", vec!["Apples", "Bread", "Crème"]),
        ("?sort=created_at&order=desc", vec!["Apples", "Bread", "Crème"]),
        ("?sort=updated_at", vec!["Bread", "Apples", "Crème"]),
        ("?done=false", vec!["Bread", "Apples"]),
        ("?done=true&limit=200", vec!["Crème"]),
    ] {
        assert_eq!(titles(&ann.get(&format!("{list}/todos{query}")).await.expect(200)), expected, "{query}");
    }
    for (query, expected) in [
        ("", vec!["Crème", "Bread", "Apples", "Crème fraîche"]),
        ("?q=CREME", vec!["Crème", "Crème fraîche"]),
        ("?q=creme&done=false", vec!["Crème fraîche"]),
        ("?q=creme&order=desc", vec!["Crème fraîche", "Crème"]),
        ("?q=nothing", vec![]),
    ] {
        assert_eq!(titles(&ann.get(&format!("/todos{query}")).await.expect(200)), expected, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_todos_stay_true_while_others_come_and_go() {
    let server = TestServer::start().await;
    let ann = Program::of(&server, "ann").await;
    let list = ann.list("l").await;
    let mut all = Vec::new();
    for n in 0..6 {
        all.push(ann.todo(&list, &n.to_string()).await);
    }
    let first = ann.get(&format!("{list}/todos?limit=3")).await.expect(200);
    assert_eq!(titles(&first), ["0", "1", "2"]);
    ann.delete(&path(&all[2])).await.expect(204);
    ann.post(&format!("{list}/todos"), &json!({"title": "new", "after": null})).await.expect(201);
    let cursor = first.body["next_cursor"].as_str().unwrap();
    let second = ann.get(&format!("{list}/todos?limit=3&cursor={cursor}")).await.expect(200);
    assert_eq!(titles(&second), ["3", "4", "5"]);
    assert_eq!(second.body["next_cursor"], json!(null));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_done_as_a_whole_or_not_at_all() {
    let server = TestServer::start().await;
    let (ann, eve) = (Program::of(&server, "ann").await, Program::of(&server, "eve").await);
    let (list, theirs) = (ann.list("l").await, eve.list("theirs").await);
    let [a, b, c] = [ann.todo(&list, "a").await, ann.todo(&list, "b").await, ann.todo(&list, "c").await];
    let foreign = eve.todo(&theirs, "foreign").await;
    let batch = format!("{list}/todos/batch");
    let before = ann.get(&format!("{list}/todos")).await.body;
    for (wrong, field, why) in [
        (json!({"done": [a["id"]], "delete": [foreign["id"]]}), "delete", "unknown"),
        (json!({"done": [a["id"]], "delete": [Uuid::now_v7()]}), "delete", "unknown"),
        (json!({"done": [a["id"]], "reopen": [a["id"]]}), "reopen", "duplicate"),
        (json!({"done": [a["id"], "nonsense"]}), "done", "malformed"),
        (json!({"done": [a["id"], 1]}), "done", "wrong_type"),
    ] {
        ann.post(&batch, &wrong).await.refuses(&[(field, why)]);
        assert_eq!(ann.get(&format!("{list}/todos")).await.body, before, "{wrong}");
    }
    let wanted = json!({"done": [a["id"], b["id"]], "delete": [c["id"]]});
    let changed = ann.post(&batch, &wanted).await.expect(200);
    assert_eq!(titles(&changed), ["a", "b"]);
    assert!(changed.body["todos"].as_array().unwrap().iter().all(|todo| todo["done"] == true));
    assert_eq!(titles(&ann.get(&format!("{list}/todos")).await), ["a", "b"]);
    assert_eq!(ann.post(&batch, &json!({})).await.expect(200).body["todos"], json!([]));
    assert_eq!(eve.get(&format!("{theirs}/todos")).await.body["todos"][0], foreign);
}

#[tokio::test(flavor = "multi_thread")]
async fn even_the_nil_id_is_an_id_like_others() {
    let server = TestServer::start().await;
    let ann = Program::of(&server, "ann").await;
    let list = ann.list("l").await;
    ann.post(&format!("{list}/todos"), &json!({"title": "nil", "id": Uuid::nil()})).await.expect(201);
    ann.post(&format!("{list}/todos"), &json!({"title": "top", "after": null})).await.expect(201);
    ann.post(&format!("{list}/todos"), &json!({"title": "behind", "after": Uuid::nil()})).await.expect(201);
    assert_eq!(titles(&ann.get(&format!("{list}/todos")).await), ["top", "nil", "behind"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_create_is_harmless() {
    let server = TestServer::start().await;
    let (ann, eve) = (Program::of(&server, "ann").await, Program::of(&server, "eve").await);
    let (list, theirs) = (ann.list("l").await, eve.list("theirs").await);
    let new = json!({"title": "once", "id": Uuid::now_v7()});
    let first = ann.post(&format!("{list}/todos"), &new).await.expect(201).body;
    assert_eq!(ann.post(&format!("{list}/todos"), &new).await.expect(200).body, first);
    eve.post(&format!("{theirs}/todos"), &new).await.problem(409, "id_taken");
}
