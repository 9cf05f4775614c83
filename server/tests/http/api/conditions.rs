//! Conditional requests.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Program, Reply, reply};
use crate::support::TestServer;

async fn patch_if(program: &Program, path: &str, tag: &str, body: &Value) -> Reply {
    reply(program.request(Method::PATCH, path).header("if-match", tag).json(body)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_meant_for_another_version_is_refused_with_the_row_as_it_is() {
    let server = TestServer::start().await;
    let ann = Program::of(&server, "ann").await;
    let list = ann.list("a").await;
    let todo = ann.todo(&list, "a").await;
    let todo = format!("/todos/{}", todo["id"].as_str().unwrap());
    for (path, field) in [(list.as_str(), "name"), (&todo, "title"), ("/me", "username")] {
        let first = ann.get(path).await.expect(200).header("etag").to_owned();
        let changed = patch_if(&ann, path, &first, &json!({field: "bbb"})).await.expect(200);
        let second = changed.header("etag").to_owned();
        assert_ne!(first, second, "{path}");
        let stale = patch_if(&ann, path, &first, &json!({field: "ccc"})).await.problem(412, "version_conflict");
        assert_eq!(stale["current"], changed.body);
        assert_eq!(ann.get(path).await.body, changed.body);
        for never in [format!("W/{second}"), "\"nonsense\"".into(), "\"0\"".into()] {
            patch_if(&ann, path, &never, &json!({field: "ccc"})).await.problem(412, "version_conflict");
        }
        for (matching, value) in [("*".to_owned(), "ddd"), (format!("\"7\", {second}, \"4\""), "eee")] {
            let tag =
                if value == "eee" { format!("{matching}, {}", ann.get(path).await.header("etag")) } else { matching };
            assert_eq!(patch_if(&ann, path, &tag, &json!({field: value})).await.expect(200).body[field], value);
        }
        patch_if(&ann, path, "", &json!({field: "fff"})).await.problem(412, "version_conflict");
        for malformed in ["3", "\"3", "W/3", "\"a\" \"b\""] {
            patch_if(&ann, path, malformed, &json!({field: "fff"})).await.problem(400, "malformed_request");
        }
    }
    for path in [&todo, &list] {
        let stale = reply(ann.request(Method::DELETE, path).header("if-match", "\"1\"")).await;
        assert!(stale.problem(412, "version_conflict")["current"]["id"].is_string());
        let tag = ann.get(path).await.header("etag").to_owned();
        reply(ann.request(Method::DELETE, path).header("if-match", tag)).await.expect(204);
    }
    patch_if(&ann, &todo, "\"1\"", &json!({"title": "gone"})).await.problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_nothing_raises_no_version() {
    let server = TestServer::start().await;
    let ann = Program::of(&server, "ann").await;
    let (list, other) = (ann.list("a").await, ann.list("b").await);
    let (first, second) = (ann.todo(&list, "a").await, ann.todo(&list, "b").await);
    let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let path = |todo: &Value| format!("/todos/{}", todo["id"].as_str().unwrap());
    for (path, changes) in [
        (
            list.clone(),
            vec![
                json!({}),
                json!({"name": "a", "favourite": false}),
                json!({"after": null}),
                json!({"after": id(&list)}),
            ],
        ),
        (other, vec![json!({"after": id(&list)})]),
        (
            path(&first),
            vec![
                json!({}),
                json!({"title": " a ", "notes": "", "done": false}),
                json!({"after": null}),
                json!({"list_id": id(&list)}),
            ],
        ),
        (path(&second), vec![json!({"after": first["id"]}), json!({"after": second["id"]})]),
        ("/me".into(), vec![json!({}), json!({"username": "ann"})]),
    ] {
        let before = ann.get(&path).await.expect(200).body;
        for change in changes {
            assert_eq!(ann.patch(&path, &change).await.expect(200).body, before, "{path} {change}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_caller_knows_already_is_not_sent_again() {
    let server = TestServer::start().await;
    let ann = Program::of(&server, "ann").await;
    let list = ann.list("a").await;
    ann.todo(&list, "a").await;
    for path in [list.clone(), format!("{list}/todos"), "/lists".into(), "/todos".into(), "/me".into(), "/trash".into()]
    {
        let tag = ann.get(&path).await.expect(200).header("etag").to_owned();
        for known in [tag.clone(), format!("\"x\", {tag}"), "*".into()] {
            let again = reply(ann.request(Method::GET, &path).header("if-none-match", known)).await.expect(304);
            assert_eq!((again.body.is_null(), again.header("etag")), (true, tag.as_str()), "{path}");
        }
        reply(ann.request(Method::GET, &path).header("if-none-match", "\"x\"")).await.expect(200);
    }
    let tag = ann.get(&list).await.header("etag").to_owned();
    ann.todo(&list, "b").await;
    let counted = reply(ann.request(Method::GET, &list).header("if-none-match", &tag)).await.expect(200);
    assert_eq!(counted.body["open_count"], 2, "counts are part of what is known");
    patch_if(&ann, &list, &tag, &json!({"name": "b"})).await.expect(200);
}
