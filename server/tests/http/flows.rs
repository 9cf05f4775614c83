//! From sign-up to log-out, as the front end does it and as plain forms do.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Browser, PASSWORD, TestServer, error, location};

#[tokio::test(flavor = "multi_thread")]
async fn somebody_signs_up_confirms_keeps_a_list_and_logs_out() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    let list = ann.list("Groceries").await;
    let todo = ann.todo(&list, "Milk").await;
    let page = ann.page(&format!("/lists/{list}"), StatusCode::OK).await;
    assert!(
        page.contains("<title>Groceries</title>") && page.contains("Milk"),
        "the first answer holds list and todos"
    );
    let done: Value = ann.rpc("todos/set_done", &[("id", &todo), ("done", "true")]).await.json().await.unwrap();
    assert_eq!((&done["done"], &done["version"]), (&Value::Bool(true), &Value::from(2)));
    assert_eq!(ann.rpc("sessions/log_out", &[]).await.status(), StatusCode::OK);
    assert_eq!(error(ann.rpc("lists/all_lists", &[]).await).await, (401, "token_invalid".into()));
    assert_eq!(location(&ann.get("/lists").await), "/log-in?next=/lists");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_works_with_plain_forms_alone() {
    let server = TestServer::start().await;
    let ann = server.browser();
    let sign_up = [("email", "ann@example.org"), ("username", "ann"), ("password", PASSWORD)];
    let answer = ann.plain("/sign-up", "accounts/sign_up", &sign_up).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let verify = location(&answer).to_owned();
    let flow = verify.strip_prefix("/verify?flow=").unwrap();
    assert!(ann.page(&verify, StatusCode::OK).await.contains("Enter the code"));
    let code = server.sink.code_for("ann@example.org").await;
    let answer = ann.plain(&verify, "accounts/verify", &[("flow", flow), ("code", &code)]).await;
    assert_eq!(location(&answer), "/lists");
    let id = uuid::Uuid::now_v7().to_string();
    let answer = ann.plain("/lists", "lists/create_list", &[("id", &id), ("name", "Groceries")]).await;
    let list = format!("/lists/{id}");
    assert_eq!(location(&answer), list);
    let todo = uuid::Uuid::now_v7().to_string();
    for _double_click in 0..2 {
        let answer = ann.plain(&list, "todos/add_todo", &[("id", &todo), ("list_id", &id), ("title", "Milk")]).await;
        assert_eq!(location(&answer), list, "back to the page it came from");
    }
    let page = ann.page(&list, StatusCode::OK).await;
    assert_eq!(page.matches(">Milk<").count(), 1);
    assert!(!page.contains("value=\"Milk\""), "what was added need not be typed again");
    assert!(!page.contains("data-does"), "the palette is filled when it is opened");
    let answer = ann.press(&list, &todo, "delete").await;
    assert_eq!(location(&answer), list);
    assert!(ann.page(&list, StatusCode::OK).await.contains("“Milk” is in the trash."));
    assert!(!ann.page(&list, StatusCode::OK).await.contains("“Milk” is in the trash."), "said once");
    ann.plain("/trash", "trash/restore", &[("id", &todo)]).await;
    assert!(ann.page(&list, StatusCode::OK).await.contains("Milk"));
    ann.press(&list, &todo, "delete").await;
    let page = ann.page(&list, StatusCode::OK).await;
    let undo = page.split("role=\"status\"").find(|part| part.contains("in the trash.")).unwrap();
    assert!(undo.contains("action=/rpc/app/trash/restore>") && undo.contains(&todo), "it can be undone right there");
    assert_eq!(location(&ann.plain(&list, "trash/restore", &[("id", &todo)]).await), list);
    assert!(ann.page(&list, StatusCode::OK).await.contains("Milk"));
    assert_eq!(location(&ann.plain("/settings", "sessions/log_out", &[]).await), "/");
    assert_eq!(location(&ann.get(&list).await), format!("/log-in?next={list}"));
    let log_in = [("login", "ANN@example.org"), ("password", PASSWORD), ("next", &list)];
    assert_eq!(location(&ann.plain("/log-in", "sessions/log_in", &log_in).await), list);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_and_server_functions_are_packed_for_whoever_accepts_it_and_for_nobody_else() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    let list = format!("/lists/{}", ann.list("Groceries").await);
    for (accepted, packed) in [("gzip, br", true), ("gzip;q=0", false), ("identity", false)] {
        let page = ann.client.get(format!("{}{list}", server.url)).header("accept-encoding", accepted);
        let call = ann.request("lists/all_lists").header("accept-encoding", accepted);
        for request in [page, call] {
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK);
            let encoding = answer.headers().get("content-encoding").map(|value| value.to_str().unwrap());
            assert_eq!(encoding, packed.then_some("gzip"), "{accepted}");
            assert_eq!(answer.bytes().await.unwrap().starts_with(&[0x1f, 0x8b]), packed);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_buttons_of_a_row_do_what_they_say_where_no_script_runs() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    let list = ann.list("Groceries").await;
    let (milk, bread) = (ann.todo(&list, "Milk").await, ann.todo(&list, "Bread").await);
    let path = format!("/lists/{list}");
    let answer = ann.press(&path, &milk, "edit").await;
    assert_eq!(location(&answer), format!("{path}?edit={milk}"));
    for (todo, action, before, after) in [
        (&bread, "up", "<span class=name>Bread", "<span class=name>Milk"),
        (&bread, "down", "<span class=name>Milk", "<span class=name>Bread"),
        (&milk, "done", "<span class=name>Bread", "aria-checked=true aria-label=\"Milk"),
        (&milk, "reopen", "aria-checked=false aria-label=\"Milk", "<span class=name>Bread"),
        (&milk, "delete", "“Milk” is in the trash.", "<span class=name>Bread"),
    ] {
        let answer = ann.press(&path, todo, action).await;
        assert_eq!(location(&answer), path);
        let page = ann.page(&path, StatusCode::OK).await;
        let (before, after) = (page.find(before), page.find(after));
        assert!(before.is_some() && before < after, "{action}: {before:?} {after:?}");
    }
    let later = format!("{path}?page=x");
    assert_eq!(location(&ann.press(&later, &bread, "menu").await), later);
    let opened = ann.page(&path, StatusCode::OK).await;
    let (row, menu) = (opened.find("<span class=name>Bread"), opened.find("<details class=menu open>"));
    assert!(row.is_some() && row < menu && opened.matches("<details class=menu").count() == 1, "{row:?} {menu:?}");
    assert!(!ann.page(&path, StatusCode::OK).await.contains("<details class=menu"), "open once");
    let answer = ann.press(&path, &bread, "explode").await;
    assert_eq!(location(&answer), path);
    assert!(ann.page(&path, StatusCode::OK).await.contains("role=\"alert\""), "a button that there is not is refused");
    let edited = format!("{path}?edit={bread}");
    assert_eq!(location(&ann.press(&edited, &bread, "done").await), edited);
    let bare = ann.client.post(format!("{}{path}", server.url)).form(&[("id", &*bread), ("act", "reopen")]);
    let bare = bare.header("accept", "text/html").send().await.unwrap();
    assert_eq!(location(&bare), path, "though its browser does not say where it comes from");
    let bob = server.someone("bob").await;
    assert_eq!(location(&bob.press(&path, &bread, "delete").await), path);
    let nobody = server.browser().press(&path, &bread, "delete").await;
    assert_eq!(location(&nobody), format!("/log-in?next={path}"));
    assert!(
        ann.page(&path, StatusCode::OK).await.contains("<span class=name>Bread"),
        "and neither other people nor anybody"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_plain_form_keeps_what_was_typed_and_says_why_without_telling_the_url() {
    let server = TestServer::start().await;
    let ann = server.browser();
    let typed = [("email", "ann@example.org"), ("username", "a"), ("password", "secret words here")];
    let answer = ann.plain("/sign-up", "accounts/sign_up", &typed).await;
    assert_eq!((answer.status(), location(&answer)), (StatusCode::SEE_OTHER, "/sign-up"));
    let page = ann.page("/sign-up", StatusCode::OK).await;
    for expected in ["value=\"ann@example.org\"", "value=\"a\"", "Use at least 3 characters.", "aria-invalid=\"true\""]
    {
        assert!(page.contains(expected), "{expected}");
    }
    assert!(!page.contains("secret words here"));
    assert!(!ann.page("/sign-up", StatusCode::OK).await.contains("Use at least"), "a fresh page begins afresh");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unconfirmed_person_with_the_right_password_is_led_to_the_code() {
    let server = TestServer::start().await;
    let ann = server.browser();
    let sign_up = [("email", "ann@example.org"), ("username", "ann"), ("password", PASSWORD)];
    let verify: String = ann.rpc("accounts/sign_up", &sign_up).await.json().await.unwrap();
    let answer = ann.plain("/log-in", "sessions/log_in", &[("login", "ann"), ("password", PASSWORD)]).await;
    assert_eq!(location(&answer), verify);
    assert!(ann.page(&verify, StatusCode::OK).await.contains("Your address is not confirmed yet."));
    let refused = ann.rpc("sessions/log_in", &[("login", "ann"), ("password", PASSWORD)]).await;
    assert_eq!(error(refused).await, (403, "email_not_verified".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_set_anew() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    let other = server.browser();
    let reset: String = other.rpc("accounts/forgot", &[("email", "ann@example.org")]).await.json().await.unwrap();
    let flow = reset.strip_prefix("/reset?flow=").unwrap();
    let code = server.sink.code_for("ann@example.org").await;
    let answer =
        other.plain(&reset, "accounts/reset", &[("flow", flow), ("code", &code), ("password", "a new password")]).await;
    assert_eq!(location(&answer), "/log-in");
    assert!(other.page("/log-in", StatusCode::OK).await.contains("Your new password is set"));
    assert!(server.sink.mail_to("ann@example.org").await.contains("Your Docket password was changed"));
    assert_eq!(error(ann.rpc("lists/all_lists", &[]).await).await, (401, "token_invalid".into()));
    let log_in = other.rpc("sessions/log_in", &[("login", "ann"), ("password", "a new password")]).await;
    assert_eq!(log_in.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_access_token_is_told_and_renewed_by_the_refresh_cookie() {
    let server = TestServer::start().await;
    let mut ann = server.someone("ann").await;
    server.docket.clock.advance(std::time::Duration::from_secs(601));
    let expired = ann.rpc("lists/all_lists", &[]).await;
    assert_eq!(expired.headers()["www-authenticate"], "Bearer realm=\"docket\", error=\"invalid_token\"");
    assert_eq!(error(expired).await, (401, "token_expired".into()));
    ann.bearer = None;
    let renewed: Value = ann.rpc("sessions/refresh", &[]).await.json().await.unwrap();
    ann.bearer = Some(renewed["access_token"].as_str().unwrap().to_owned());
    assert_eq!(ann.rpc("lists/all_lists", &[]).await.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_has_a_text_and_an_html_part() {
    let server = TestServer::start().await;
    server
        .browser()
        .rpc("accounts/sign_up", &[("email", "ann@example.org"), ("username", "ann"), ("password", PASSWORD)])
        .await;
    let mail = server.sink.mail_to("ann@example.org").await;
    for part in ["Content-Type: multipart/alternative", "Content-Type: text/plain", "Content-Type: text/html"] {
        assert!(mail.contains(part), "{part}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_todos_are_added_with_one_call_and_found_by_their_text() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    let list = ann.list("Groceries").await;
    let ids = [uuid::Uuid::now_v7(), uuid::Uuid::now_v7()].map(|id| id.to_string());
    let both = ids.join("\n");
    let call = |ids: &str, titles: &str| {
        let fields = [("list_id", list.clone()), ("ids", ids.to_owned()), ("titles", titles.to_owned())];
        let request = ann.request("todos/add_todos").form(&fields);
        async move { request.send().await.unwrap() }
    };
    for _again in 0..2 {
        let added: Value = call(&both, "Milk\nBread").await.json().await.unwrap();
        assert_eq!((&added[0]["title"], &added[1]["title"]), (&json!("Milk"), &json!("Bread")));
    }
    for (ids, titles, field) in
        [(both.as_str(), "Milk", "ids"), ("x", "Milk", "ids"), (ids[0].as_str(), " ", "title"), ("", "Milk", "ids")]
    {
        let refused: Value = call(ids, titles).await.json().await.unwrap();
        assert!(refused["fields"][field].is_string(), "{titles:?}: {refused}");
    }
    for text in ["nul\u{0}", &"x".repeat(501)] {
        let refused: Value = ann.rpc("todos/find_todos", &[("text", text)]).await.json().await.unwrap();
        assert!(refused["fields"]["text"].is_string(), "{refused}");
    }
    let found: Value = ann.rpc("todos/find_todos", &[("text", "BREAD")]).await.json().await.unwrap();
    assert_eq!((found.as_array().unwrap().len(), &found[0]["id"]), (1, &json!(ids[1])));
    let shown = || async {
        let page: Value = ann.rpc("todos/see_list", &[("list_id", &list)]).await.json().await.unwrap();
        page[1].as_array().unwrap().len()
    };
    for _again in 0..2 {
        assert_eq!(ann.rpc("todos/delete_todos", &[("list_id", &list), ("ids", &both)]).await.status(), StatusCode::OK);
        assert_eq!(shown().await, 0);
    }
    for _again in 0..2 {
        assert_eq!(ann.rpc("trash/restore_all", &[("ids", &both)]).await.status(), StatusCode::OK);
        assert_eq!(shown().await, 2);
    }
    assert_eq!(ann.rpc("trash/restore_all", &[("ids", "x")]).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_are_read_or_filled_in_load_no_webassembly() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    let nobody = Browser::with_cookies(&ann.url);
    for path in ["/", "/sign-up", "/log-in", "/forgot", "/dev/ui"] {
        assert!(!nobody.page(path, StatusCode::OK).await.contains(".wasm"), "{path}");
    }
    for path in ["/lists", "/trash"] {
        assert!(ann.page(path, StatusCode::OK).await.contains(".wasm"), "{path}");
    }
}
