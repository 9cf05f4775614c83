//! Bad input: a clear error with the right status, and nothing is lost.

use reqwest::StatusCode;
use serde_json::Value;

use crate::support::{PASSWORD, TestServer, error};

#[tokio::test(flavor = "multi_thread")]
async fn bad_fields_are_named_and_nothing_changes() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    let list = ann.list("l").await;
    let id = uuid::Uuid::now_v7().to_string();
    let long = "x".repeat(501);
    for title in ["", "   ", "a\u{0}b", "a\nb", long.as_str()] {
        let answer = ann.rpc("todos/add_todo", &[("id", &id), ("list_id", &list), ("title", title)]).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{title:?}");
        let body: Value = answer.json().await.unwrap();
        assert!(body["fields"]["title"].as_str().is_some_and(|text| !text.is_empty()), "{body}");
    }
    let page: Value = ann.rpc("todos/see_list", &[("list_id", &list)]).await.json().await.unwrap();
    assert_eq!(page[1], Value::Array(vec![]));
}

// R36.
#[tokio::test(flavor = "multi_thread")]
async fn unknown_fields_are_refused_by_name() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    let id = uuid::Uuid::now_v7().to_string();
    let answer = ann.rpc("lists/create_list", &[("id", &id), ("name", "l"), ("user_id", &id)]).await;
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let body: Value = answer.json().await.unwrap();
    assert_eq!((&body["code"], body["fields"]["user_id"].is_string()), (&Value::from("validation_failed"), true));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_malformed() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    let list = ann.list("l").await;
    for body in [
        String::new(),
        "id=not-a-uuid&name=x".into(),
        "name=x".into(),
        format!("id={list}&name=%FF%FE"),
        format!("id={list}&id={list}&name=x&version=1"),
        format!("id={list}&name=x&version=one"),
    ] {
        let request = ann
            .request("lists/rename_list")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body.clone());
        assert_eq!(error(request.send().await.unwrap()).await, (400, "malformed_request".into()), "{body}");
    }
    assert!(ann.page(&format!("/lists/{list}"), StatusCode::OK).await.contains("<title>l</title>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn too_large_a_body_is_told() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    let list = ann.list("l").await;
    let huge = "x".repeat(70_000);
    assert_eq!(
        error(ann.rpc("lists/rename_list", &[("id", &list), ("name", &huge), ("version", "1")]).await).await,
        (413, "body_too_large".into())
    );
    let long = "x".repeat(9_000);
    assert_eq!(
        error(server.browser().rpc("sessions/log_in", &[("login", &long), ("password", PASSWORD)]).await).await,
        (413, "body_too_large".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_edit_is_told_and_the_typed_text_kept() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    let list = ann.list("l").await;
    let todo = ann.todo(&list, "first").await;
    let edit = |title: &'static str| {
        vec![("id", todo.clone()), ("title", title.to_owned()), ("notes", String::new()), ("version", "1".to_owned())]
    };
    fn pairs<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
        fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }
    assert_eq!(ann.rpc("todos/edit_todo", &pairs(&edit("second"))).await.status(), StatusCode::OK);
    assert_eq!(error(ann.rpc("todos/edit_todo", &pairs(&edit("third"))).await).await, (412, "version_conflict".into()));
    let editor = format!("/lists/{list}?edit={todo}");
    ann.plain(&editor, "todos/edit_todo", &pairs(&edit("third, by hand"))).await;
    let page = ann.page(&editor, StatusCode::OK).await;
    assert!(page.contains("third, by hand") && page.contains("This was changed elsewhere meanwhile."));
    assert!(ann.page(&format!("/lists/{list}"), StatusCode::OK).await.contains("second"));
}

// R39.
#[tokio::test(flavor = "multi_thread")]
async fn wrong_methods_and_unknown_paths_are_told() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    assert_eq!(error(ann.rpc("todos/no_such_thing", &[]).await).await, (404, "not_found".into()));
    assert_eq!(
        ann.client.put(format!("{}/lists", ann.url)).send().await.unwrap().status(),
        StatusCode::METHOD_NOT_ALLOWED
    );
    assert_eq!(
        ann.client.delete(format!("{}/healthz", ann.url)).send().await.unwrap().status(),
        StatusCode::METHOD_NOT_ALLOWED
    );
    let get = ann.client.get(format!("{}/rpc/app/lists/all_lists", ann.url)).send().await.unwrap();
    assert_eq!((get.status(), &get.headers()["allow"]), (StatusCode::METHOD_NOT_ALLOWED, &"POST".parse().unwrap()));
    for path in
        ["/lists/not-a-uuid", "/lists/00000000-0000-0000-0000-000000000000", "/nowhere", "/pkg/nothing.js", "/lists/"]
    {
        let status = ann.get(path).await.status();
        assert!(status == StatusCode::NOT_FOUND || path == "/lists/", "{path}: {status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_codes_are_told() {
    let server = TestServer::start().await;
    let ann = server.browser();
    let verify: String = ann
        .rpc("accounts/sign_up", &[("email", "ann@example.org"), ("username", "ann"), ("password", PASSWORD)])
        .await
        .json()
        .await
        .unwrap();
    let flow = verify.strip_prefix("/verify?flow=").unwrap();
    let code = server.sink.code_for("ann@example.org").await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(
        error(ann.rpc("accounts/verify", &[("flow", flow), ("code", "12")]).await).await,
        (422, "validation_failed".into())
    );
    ann.plain(&verify, "accounts/verify", &[("flow", flow), ("code", wrong)]).await;
    assert!(ann.page(&verify, StatusCode::OK).await.contains("This is not the code from the mail."));
    assert_eq!(error(ann.rpc("accounts/resend", &[("flow", flow)]).await).await, (429, "rate_limited".into()));
}
