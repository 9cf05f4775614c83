//! The pages of one's own account, as plain forms drive them: they are documents, so there is no other way.

use std::time::Duration;

use docket::audit::{Event, service::newest};
use reqwest::StatusCode;
use serde_json::Value;

use crate::support::{Browser, PASSWORD, TestServer, location};

const OTHER: &str = "battery horse correct";

async fn again(server: &TestServer) -> Browser {
    let browser = server.browser();
    let answer = browser.plain("/log-in", "sessions/log_in", &[("login", "ann"), ("password", PASSWORD)]).await;
    assert_eq!(location(&answer), "/lists");
    browser
}

// R5.
#[tokio::test(flavor = "multi_thread")]
async fn name_and_password_are_changed_and_what_is_wrong_is_said_beside_its_field() {
    let server = TestServer::start().await;
    server.someone("bob").await;
    let ann = server.someone("ann").await;
    let other = again(&server).await;
    let page = ann.page("/settings", StatusCode::OK).await;
    assert!(page.contains("ann@example.org") && !page.contains("docket.hydrate"), "a document has no scripts to load");
    let change = async |name| ann.plain("/settings", "settings/change_username", &[("username", name)]).await;
    assert_eq!(location(&change("BOB").await), "/settings");
    let page = ann.page("/settings", StatusCode::OK).await;
    assert!(page.contains("Somebody has this name already") && page.contains("value=\"BOB\""), "{page}");
    assert_eq!(location(&change("anna").await), "/settings");
    assert!(ann.page("/settings", StatusCode::OK).await.contains("Your user name is changed."));

    let change = async |current, new| {
        ann.plain("/settings", "settings/change_password", &[("current_password", current), ("password", new)]).await;
        ann.page("/settings", StatusCode::OK).await
    };
    assert!(change("wrong password", OTHER).await.contains("This is not right."));
    assert!(change(PASSWORD, "password").await.contains("among the first that others try"));
    assert!(change(PASSWORD, OTHER).await.contains("all other devices are logged out"));
    assert_eq!(other.get("/lists").await.status(), StatusCode::SEE_OTHER);
    assert!(server.sink.mail_to("ann@example.org").await.contains("password of your account was changed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn r27_another_address_asks_for_the_password_first_and_keeps_what_was_typed() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    server.docket.clock.advance(Duration::from_secs(11 * 60));
    let ann = Browser { bearer: None, ..ann };
    let before = ann.plain("/settings", "settings/change_email", &[("email", "new@example.org")]).await;
    let confirm = location(&before).to_owned();
    assert_eq!(confirm, "/settings/confirm?next=/settings");
    let page = ann.page(&confirm, StatusCode::OK).await;
    assert!(page.contains("Confirm it is you"));
    let waiting = page.split("name=\"waiting\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(!waiting.is_empty());
    // A wrong password says so, and what was typed before still waits.
    let fields = |password| [("password", password), ("next", "/settings"), ("waiting", waiting.as_str())];
    ann.plain(&confirm, "settings/confirm", &fields("wrong password")).await;
    let page = ann.page(&confirm, StatusCode::OK).await;
    assert!(page.contains("This is not right.") && page.contains(&waiting), "{page}");
    let session = newest(&server.docket, None, 1).await.unwrap()[0].session_id;
    let done = ann.plain(&confirm, "settings/confirm", &fields(PASSWORD)).await;
    assert_eq!(location(&done), "/settings");
    let cookies: Vec<_> = done.headers().get_all("set-cookie").iter().map(|c| c.to_str().unwrap()).collect();
    assert!(cookies.iter().any(|cookie| cookie.starts_with("session=")));
    // The refresh token stays as it is: another tab may be renewing it.
    assert!(cookies.iter().all(|cookie| !cookie.starts_with("refresh=")));
    // What waits is for that page: another one that is loaded meanwhile does not take it.
    ann.page("/lists", StatusCode::OK).await;
    assert!(ann.page("/settings", StatusCode::OK).await.contains("value=\"new@example.org\""));
    let code_page = ann.plain("/settings", "settings/change_email", &[("email", "new@example.org")]).await;
    let code_page = location(&code_page).to_owned();
    let flow = code_page.strip_prefix("/settings/email?flow=").unwrap().to_owned();
    assert!(ann.page(&code_page, StatusCode::OK).await.contains("Confirm the address"));
    let code = server.sink.code_for("new@example.org").await;
    let done = ann.plain(&code_page, "settings/confirm_email", &[("flow", &flow), ("code", &code)]).await;
    assert_eq!(location(&done), "/settings");
    assert!(ann.page("/settings", StatusCode::OK).await.contains("new@example.org"));
    assert!(server.sink.mail_to("ann@example.org").await.contains("new@example.org"), "the older address is told");
    assert_eq!(newest(&server.docket, None, 1).await.unwrap()[0].session_id, session, "all in one session");
}

#[tokio::test(flavor = "multi_thread")]
async fn r26_devices_are_shown_in_words_and_logged_out_one_by_one_or_all() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    let (one, two) = (again(&server).await, again(&server).await);
    let page = ann.page("/settings/sessions", StatusCode::OK).await;
    assert_eq!(page.matches("settings/end_session").count(), 2, "every device but this one");
    assert!(page.contains("this device") && page.contains("A program without a name") && page.contains("Account made"));
    let form = page.split("settings/end_session").nth(1).unwrap();
    let id = form.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let end = ann.plain("/settings/sessions", "settings/end_session", &[("id", &id)]).await;
    assert_eq!(location(&end), "/settings/sessions");
    let gone = [one.get("/lists").await.status(), two.get("/lists").await.status()];
    assert_eq!(gone.iter().filter(|status| **status == StatusCode::SEE_OTHER).count(), 1);
    ann.plain("/settings/sessions", "settings/end_other_sessions", &[]).await;
    let page = ann.page("/settings/sessions", StatusCode::OK).await;
    assert!(page.contains("All other devices are logged out.") && !page.contains("end_session\""));
    for other in [one, two] {
        assert_eq!(other.get("/lists").await.status(), StatusCode::SEE_OTHER);
    }
    assert_eq!(ann.get("/lists").await.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_can_be_downloaded_after_a_fresh_log_in() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    let list = ann.list("Groceries").await;
    ann.todo(&list, "Milk").await;
    let gone = ann.todo(&list, "Eggs").await;
    ann.rpc("todos/delete_todo", &[("id", &gone)]).await;
    let bob = server.someone("bob").await;
    bob.list("Secret of Bob").await;
    let answer = ann.get("/settings/export").await;
    assert_eq!(answer.headers()["content-disposition"], "attachment; filename=\"docket.json\"");
    let text = answer.text().await.unwrap();
    assert!(!text.contains("Bob") && !text.contains("argon2"));
    let export: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(export["user"]["username"], "ann");
    assert_eq!(export["lists"][0]["name"], "Groceries");
    let todos = export["lists"][0]["todos"].as_array().unwrap();
    assert_eq!(todos.iter().map(|todo| todo["title"].as_str().unwrap()).collect::<Vec<_>>(), ["Milk", "Eggs"]);
    assert!(todos[0]["deleted_at"].is_null() && todos[1]["deleted_at"].is_string());
    assert_eq!(export["events"][0]["event"], Event::DataExported.as_str());
    let answer = ann.client.get(format!("{}/api/v1/me/export", server.url)).bearer_auth(ann.bearer.as_ref().unwrap());
    let by_call: Value = answer.send().await.unwrap().json().await.unwrap();
    assert_eq!(by_call["lists"], export["lists"]);

    server.docket.clock.advance(Duration::from_secs(11 * 60));
    assert_eq!(location(&ann.get("/settings/export").await), "/settings/confirm?next=/settings/export");
    let confirm = "/settings/confirm?next=/settings/export";
    let evil = "x; Domain=evil.example; Path=/";
    let fields = [("password", PASSWORD), ("next", "/settings/export"), ("waiting", evil)];
    let confirmed = ann.plain(confirm, "settings/confirm", &fields).await;
    assert_eq!(location(&confirmed), "/settings");
    assert!(confirmed.headers().get_all("set-cookie").iter().all(|cookie| !cookie.to_str().unwrap().contains("evil")));
    assert!(ann.page("/settings", StatusCode::OK).await.contains("You can download your data now."));
    assert_eq!(ann.get("/settings/export").await.status(), StatusCode::OK);
    assert_eq!(location(&server.browser().get("/settings/export").await), "/log-in?next=/settings/export");
}

// R27.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_deleted_with_the_password_only() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    ann.list("mine").await;
    let delete = async |password| ann.plain("/settings", "settings/delete_account", &[("password", password)]).await;
    assert_eq!(location(&delete("wrong password").await), "/settings");
    assert!(ann.page("/settings", StatusCode::OK).await.contains("This is not right."));
    let gone = delete(PASSWORD).await;
    assert_eq!(location(&gone), "/");
    assert!(gone.headers().get_all("set-cookie").iter().any(|c| c.to_str().unwrap().starts_with("session=;")));
    assert!(ann.page("/", StatusCode::OK).await.contains("Your account is deleted"));
    assert_eq!(ann.get("/lists").await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_theme_is_chosen_and_the_first_answer_has_it() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    assert!(ann.page("/lists", StatusCode::OK).await.contains("data-theme=\"system\""));
    let chosen = ann.plain("/settings", "settings/set_theme", &[("theme", "dark")]).await;
    assert_eq!(location(&chosen), "/settings#theme-dark");
    for path in ["/lists", "/settings"] {
        let page = ann.page(path, StatusCode::OK).await;
        assert!(
            page.contains("data-theme=\"dark\"") && page.contains("name=\"color-scheme\" content=\"dark\""),
            "{path}"
        );
    }
    let unknown = ann.rpc("settings/set_theme", &[("theme", "\"><script>")]).await;
    assert_eq!(unknown.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let planted =
        ann.client.get(format!("{}/", server.url)).header("cookie", "theme=\"><script>").send().await.unwrap();
    assert!(!planted.text().await.unwrap().contains("<script>\""));
}
