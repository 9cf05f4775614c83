//! Docket itself ends: killed, told to stop, or before it has begun.

use docket::db::Db;
use reqwest::StatusCode;

use super::{End, Load, Scene, all_are_there, todos, until};
use crate::support::Process;

#[tokio::test(flavor = "multi_thread")]
async fn after_kill_9_during_writes_every_acknowledged_change_is_there() {
    let scene = Scene::new();
    let program = scene.start();
    let (ann, list) = scene.someone(&program, "ann").await;
    let mut load = Load::start(&ann, &list);
    load.run(60).await;
    program.kill();
    let (written, _) = load.end().await;

    let program = scene.start();
    all_are_there(&ann.moved_to(&program.url), &list, &written).await;
}

// R47.
#[tokio::test(flavor = "multi_thread")]
async fn told_to_stop_under_load_it_finishes_what_it_has_begun_and_ends_well() {
    let scene = Scene::new();
    let program = scene.start();
    let (ann, list) = scene.someone(&program, "ann").await;
    let mut load = Load::start(&ann, &list);
    load.run(60).await;
    let ready = format!("{}/readyz", program.url);
    let ended = tokio::spawn(program.terminate());
    // Proxies are told before nobody listens any more.
    until(async || reqwest::get(&ready).await.unwrap().status(), |status| *status == StatusCode::SERVICE_UNAVAILABLE)
        .await;
    assert!(ended.await.unwrap(), "it ends with success");
    let (written, ends) = load.end().await;

    let program = scene.start();
    let ann = ann.moved_to(&program.url);
    all_are_there(&ann, &list, &written).await;
    // Whoever connected while the door was shut got no answer; then nothing was done for them either.
    let there = todos(&ann, &list).await;
    for end in ends {
        match end {
            End::NobodyListens | End::Refused(503) => {}
            End::Unanswered(id) if !there.contains(&id) => {}
            lost => panic!("a request that had begun got no answer: {lost:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_fails_half_way_is_rolled_back_and_named() {
    let scene = Scene::new();
    let here = format!("sqlite:{}", scene.folder.path().join("docket.db").display());
    let url =
        scene.settings.iter().find(|(name, _)| *name == "DOCKET_DATABASE_URL").map_or(here, |(_, url)| url.clone());
    // What the first migration makes in the middle is there already, and is somebody else's.
    let db = Db::open(&url, 1).await.unwrap();
    let mut conn = db.write().await.unwrap();
    docket::execute!(conn, sqlx::query("create table lists (id integer)")).unwrap();
    conn.commit().await.unwrap();
    let settings = [scene.settings.clone(), vec![("DOCKET_DATABASE_URL", url)]].concat();
    let Err(said) = Process::try_start(scene.folder.path(), &settings) else { panic!("it started") };
    assert!(said.contains("migration 1") && said.contains("lists"), "{said}");
    let mut conn = db.write().await.unwrap();
    let users = docket::execute!(conn, sqlx::query("select 1 from users"));
    assert!(users.is_err(), "the table before it was made and left");
    drop(conn);
    // Mended, it starts.
    let mut conn = db.write().await.unwrap();
    docket::execute!(conn, sqlx::query("drop table lists")).unwrap();
    conn.commit().await.unwrap();
    db.close().await;
    let program = Process::start(scene.folder.path(), &settings);
    assert_eq!(reqwest::get(format!("{}/readyz", program.url)).await.unwrap().status(), StatusCode::OK);
}
