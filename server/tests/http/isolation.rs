//! Nobody sees, changes or guesses anything of somebody else: tried on every server function and every page.

use reqwest::StatusCode;
use serde_json::Value;

use crate::support::{Browser, TestServer, error};

/// How a server function is called with the ids of somebody else's list, todo and trashed todo.
fn attack<'a>(
    path: &str,
    list: &'a str,
    todo: &'a str,
    trashed: &'a str,
    own_todo: &'a str,
    session: &'a str,
) -> Option<Vec<Vec<(&'static str, &'a str)>>> {
    Some(match path.strip_prefix("/rpc/app/")? {
        "lists/rename_list" => vec![vec![("id", list), ("name", "mine"), ("version", "1")]],
        "lists/set_favourite" => vec![vec![("id", list), ("favourite", "true")]],
        "lists/place_list" => vec![vec![("id", list), ("place", "up")]],
        "lists/delete_list" => vec![vec![("id", list)]],
        "todos/see_list" => vec![vec![("list_id", list)], vec![("list_id", list), ("page", todo)]],
        "todos/add_todo" => {
            vec![vec![("id", "019365c0-0000-7000-8000-000000000001"), ("list_id", list), ("title", "evil")]]
        }
        "todos/add_todos" => {
            vec![vec![("list_id", list), ("ids", "019365c0-0000-7000-8000-000000000002"), ("titles", "evil")]]
        }
        "todos/delete_todos" => vec![vec![("list_id", list), ("ids", todo)]],
        "todos/edit_todo" => vec![vec![("id", todo), ("title", "mine"), ("notes", ""), ("version", "1")]],
        "todos/set_done" => vec![vec![("id", todo), ("done", "true")], vec![("id", trashed), ("done", "true")]],
        "todos/place_todo" => vec![vec![("id", todo), ("place", "first")]],
        "todos/move_todo" => vec![vec![("id", todo), ("list_id", list)], vec![("id", own_todo), ("list_id", list)]],
        "todos/delete_todo" => vec![vec![("id", todo)]],
        "todos/act" => {
            ["done", "reopen", "menu", "up", "down", "delete"].map(|action| vec![("id", todo), ("act", action)]).into()
        }
        "todos/clear_done" => vec![vec![("list_id", list)]],
        "trash/restore" | "trash/remove" => vec![vec![("id", trashed)], vec![("id", todo)], vec![("id", list)]],
        "settings/end_session" => vec![vec![("id", session)]],
        _ => return None,
    })
}

/// Server functions that take no id of anything that could be somebody else's. `create_list` takes one to be used; the flow
/// of `confirm_email` is tried with the codes.
const WITHOUT_IDS: &[&str] = &[
    "/rpc/app/lists/all_lists",
    "/rpc/app/lists/create_list",
    "/rpc/app/settings/change_email",
    "/rpc/app/settings/change_password",
    "/rpc/app/settings/change_username",
    "/rpc/app/settings/confirm",
    "/rpc/app/settings/confirm_email",
    "/rpc/app/settings/delete_account",
    "/rpc/app/settings/end_other_sessions",
    "/rpc/app/settings/set_theme",
    "/rpc/app/todos/find_todos",
    "/rpc/app/trash/trash_contents",
    "/rpc/app/trash/empty_trash",
    // Leaves alone what is not there; tried below.
    "/rpc/app/trash/restore_all",
];

async fn everything(of: &Browser, list: &str) -> (Value, Value, Value) {
    let lists = of.rpc("lists/all_lists", &[]).await.json().await.unwrap();
    let todos = of.rpc("todos/see_list", &[("list_id", list)]).await.json().await.unwrap();
    (lists, todos, of.rpc("trash/trash_contents", &[]).await.json().await.unwrap())
}

// R35.
#[tokio::test(flavor = "multi_thread")]
async fn every_server_function_answers_404_to_somebody_elses_ids_and_to_ids_that_do_not_exist() {
    let server = TestServer::start().await;
    let (ann, eve) = (server.someone("ann").await, server.someone("eve").await);
    let list = ann.list("annslist").await;
    let (todo, trashed) = (ann.todo(&list, "secret").await, ann.todo(&list, "old secret").await);
    ann.rpc("todos/delete_todo", &[("id", &trashed)]).await;
    let sessions = ann.client.get(format!("{}/api/v1/sessions", ann.url)).bearer_auth(ann.bearer.as_ref().unwrap());
    let sessions: Value = sessions.send().await.unwrap().json().await.unwrap();
    let session = sessions["sessions"][0]["id"].as_str().unwrap();
    let own_list = eve.list("own").await;
    let own_todo = eve.todo(&own_list, "own").await;
    let before = everything(&ann, &list).await;
    let nothing = uuid::Uuid::now_v7().to_string();
    for (path, _) in server_fn::axum::server_fn_paths() {
        if server::is_open(path) || WITHOUT_IDS.contains(&path) {
            continue;
        }
        let function = path.strip_prefix("/rpc/app/").unwrap();
        let theirs = attack(path, &list, &todo, &trashed, &own_todo, session)
            .unwrap_or_else(|| panic!("say how to attack {path}"));
        let missing = attack(path, &nothing, &nothing, &nothing, &own_todo, &nothing).unwrap();
        for (theirs, missing) in theirs.iter().zip(&missing) {
            let answers = [eve.rpc(function, theirs).await, eve.rpc(function, missing).await];
            let statuses = answers.each_ref().map(reqwest::Response::status);
            let [theirs, missing] = answers.map(reqwest::Response::text);
            assert_eq!(statuses, [StatusCode::NOT_FOUND; 2], "{path}");
            assert_eq!(theirs.await.unwrap(), missing.await.unwrap(), "{path}");
        }
    }
    assert_eq!(
        error(eve.rpc("lists/create_list", &[("id", &list), ("name", "mine")]).await).await,
        (409, "id_taken".into())
    );
    eve.rpc("trash/restore_all", &[("ids", &trashed)]).await;
    eve.rpc("todos/delete_todos", &[("list_id", &own_list), ("ids", &todo)]).await;
    eve.rpc("trash/empty_trash", &[]).await;
    assert_eq!(everything(&ann, &list).await, before, "nothing of Ann's has changed");
}

// R35.
#[tokio::test(flavor = "multi_thread")]
async fn no_page_shows_anything_of_somebody_else() {
    let server = TestServer::start().await;
    let (ann, eve) = (server.someone("ann").await, server.someone("eve").await);
    let list = ann.list("annslist").await;
    let todo = ann.todo(&list, "secret").await;
    let own = eve.list("own").await;
    for (path, status) in [
        ("/lists".to_owned(), StatusCode::OK),
        ("/trash".into(), StatusCode::OK),
        ("/settings".into(), StatusCode::OK),
        (format!("/lists/{own}?edit={todo}"), StatusCode::OK),
        (format!("/lists/{own}?page={todo}"), StatusCode::NOT_FOUND),
    ] {
        let page = eve.page(&path, status).await;
        assert!(!page.contains("annslist") && !page.contains("secret"), "{path}");
    }
    let theirs = eve.page(&format!("/lists/{list}"), StatusCode::NOT_FOUND).await;
    let missing = eve.page(&format!("/lists/{}", uuid::Uuid::now_v7()), StatusCode::NOT_FOUND).await;
    assert!(theirs.contains("This page is not here") && missing.contains("This page is not here"));
    assert!(!theirs.contains("annslist"));
}
