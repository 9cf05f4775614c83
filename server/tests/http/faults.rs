//! When things go wrong: a killed server, a restart, a stop.

use std::process::Command;
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;

use testing::Sink;

use crate::support::{PASSWORD, Process, TestServer};

#[tokio::test(flavor = "multi_thread")]
async fn pages_come_to_an_end_while_other_servers_of_the_process_start() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    let starts = tokio::spawn(async {
        for _ in 0..20 {
            TestServer::start().await;
        }
    });
    while !starts.is_finished() {
        tokio::time::timeout(Duration::from_secs(20), ann.page("/lists", StatusCode::OK)).await.unwrap();
    }
    starts.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn after_kill_9_during_writes_every_acknowledged_change_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let (sink, smtp) = Sink::start();
    let smtp = format!("smtp://{smtp}");
    let program = Process::start(folder.path(), Some(&smtp));
    let client = reqwest::Client::new();
    let post = |url: String, function: &str, token: &str, fields: Vec<(&'static str, String)>| {
        client.post(format!("{url}/rpc/app/{function}")).bearer_auth(token).form(&fields).send()
    };
    let sign_up =
        vec![("email", "ann@example.org".to_owned()), ("username", "ann".into()), ("password", PASSWORD.into())];
    let location: String = client
        .post(format!("{}/rpc/app/accounts/sign_up", program.url))
        .form(&sign_up)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let verify = vec![
        ("flow", location.split_once('=').unwrap().1.to_owned()),
        ("code", sink.code_for("ann@example.org").await),
    ];
    let answer: Value = client
        .post(format!("{}/rpc/app/accounts/verify", program.url))
        .form(&verify)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let token = answer["token"]["access_token"].as_str().unwrap().to_owned();
    let list = uuid::Uuid::now_v7().to_string();
    post(program.url.clone(), "lists/create_list", &token, vec![("id", list.clone()), ("name", "l".into())])
        .await
        .unwrap();

    // Four writers write as fast as they can until the server is gone from under them.
    let (acknowledged, mut counted) = tokio::sync::mpsc::unbounded_channel::<String>();
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let (client, url, token, list, acknowledged) =
                (client.clone(), program.url.clone(), token.clone(), list.clone(), acknowledged.clone());
            tokio::spawn(async move {
                loop {
                    let id = uuid::Uuid::now_v7().to_string();
                    let fields = [("id", id.as_str()), ("list_id", &list), ("title", "t")];
                    let sent = client
                        .post(format!("{url}/rpc/app/todos/add_todo"))
                        .bearer_auth(&token)
                        .form(&fields)
                        .send()
                        .await;
                    match sent {
                        Ok(answer) if answer.status() == StatusCode::OK => acknowledged.send(id).unwrap(),
                        _ => break,
                    }
                }
            })
        })
        .collect();
    drop(acknowledged);
    let mut written = Vec::new();
    while written.len() < 60 {
        written.push(counted.recv().await.unwrap());
    }
    program.kill();
    for writer in writers {
        writer.await.unwrap();
    }
    while let Some(id) = counted.recv().await {
        written.push(id);
    }

    let program = Process::start(folder.path(), Some(&smtp));
    let page: Value = post(program.url.clone(), "todos/see_list", &token, vec![("list_id", list)])
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let there: Vec<&str> = page["todos"].as_array().unwrap().iter().map(|todo| todo["id"].as_str().unwrap()).collect();
    for id in &written {
        assert!(there.contains(&id.as_str()), "an acknowledged todo of {} is missing", written.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_told_to_stop_is_not_ready_any_more_and_ends() {
    let mut server = TestServer::start().await;
    let browser = server.browser();
    assert_eq!(browser.get("/readyz").await.status(), StatusCode::OK);
    server.stop().await;
    assert!(browser.client.get(format!("{}/healthz", browser.url)).send().await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_gone_is_told_by_readyz_and_by_pages() {
    let server = TestServer::start().await;
    let ann = server.someone("ann").await;
    server.docket.db.close().await;
    assert_eq!(ann.get("/readyz").await.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ann.get("/healthz").await.status(), StatusCode::OK);
    assert_eq!(ann.get("/lists").await.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ann.rpc("lists/all_lists", &[]).await.status(), StatusCode::SERVICE_UNAVAILABLE);
}

#[test]
fn a_bad_setting_refuses_to_start_and_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_docket"))
        .arg("serve")
        .current_dir(folder.path())
        .env_clear()
        .env("DOCKET_CODE_TTL", "soon")
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("DOCKET_CODE_TTL is \"soon\", but should be a duration"));
}
