//! The database does not do its part.

use std::path::{Path, PathBuf};
use std::process::Command;

use docket::db::Db;
use serde_json::json;
use testing::Postgres;

use super::{End, Load, Scene, all_are_there, until};

fn postgres(server: &Postgres) -> Scene {
    Scene::with(vec![("DOCKET_DATABASE_URL", server.fresh_database())])
}

#[tokio::test(flavor = "multi_thread")]
async fn while_postgres_is_away_503_says_when_to_try_again_and_its_return_heals() {
    if !testing::on_servers() {
        return;
    }
    let server = Postgres::start();
    let scene = postgres(&server);
    let program = scene.start();
    let (ann, list) = scene.someone(&program, "ann").await;
    let mut load = Load::start(&ann, &list);
    load.run(60).await;
    server.stop();
    let (written, ends) = load.end().await;
    assert!(ends.iter().all(|end| *end == End::Refused(503)), "{ends:?}");
    let refused = ann.get("/lists").await;
    assert!(refused.header("retry-after").parse::<u32>().is_ok());
    refused.problem(503, "unavailable");
    let page = reqwest::get(format!("{}/readyz", program.url)).await.unwrap();
    assert_eq!(page.status().as_u16(), 503);
    assert!(page.text().await.unwrap().contains("database"));

    server.start_again();
    until(|| ann.get("/lists"), |answer| answer.status == 200).await;
    all_are_there(&ann, &list, &written).await;
    ann.todo(&list, "after").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_all_connections_are_taken_others_wait_two_seconds_and_get_503() {
    if !testing::on_servers() {
        return;
    }
    let url = testing::postgres().fresh_database();
    let scene = Scene::with(vec![("DOCKET_DATABASE_URL", url.clone())]).set("DOCKET_DATABASE_CONNECTIONS", "1");
    let program = scene.start();
    let (ann, list) = scene.someone(&program, "ann").await;
    let todo = format!("/todos/{}", ann.todo(&list, "at first").await["id"].as_str().unwrap());
    // Somebody else writes for the same person, so that the program's one connection has to wait.
    let me = ann.get("/me").await.expect(200).body["id"].as_str().unwrap().parse().unwrap();
    let elsewhere = Db::open(&url, 1).await.unwrap();
    let turn = elsewhere.write_for(me).await.unwrap();
    let waiting = tokio::spawn({
        let ann = ann.clone();
        async move { ann.patch(&todo, &json!({"title": "in the end"})).await }
    });
    until(|| ann.get("/lists"), |answer| answer.status == 503).await.problem(503, "unavailable");
    drop(turn);
    waiting.await.unwrap().expect(200);
    until(|| ann.get("/lists"), |answer| answer.status == 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_another_process_holds_sqlite_writes_get_503_and_reads_go_on() {
    if testing::on_servers() {
        return;
    }
    let scene = Scene::new();
    let program = scene.start();
    let (ann, list) = scene.someone(&program, "ann").await;
    let file = format!("sqlite:{}", scene.folder.path().join("data/docket.db").display());
    let other = Db::open(&file, 1).await.unwrap();
    let held = other.write().await.unwrap();
    let (todos, todo) = (format!("{list}/todos"), json!({"title": "t"}));
    let (write, read) = tokio::join!(ann.post(&todos, &todo), ann.get("/lists"));
    read.expect(200);
    assert!(write.header("retry-after").parse::<u32>().is_ok());
    write.problem(503, "unavailable");
    drop(held);
    ann.todo(&list, "after").await;
}

/// A file system of a few megabytes, gone when dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None` for whoever may not mount.
    fn mount(at: &Path) -> Option<Self> {
        std::fs::create_dir(at).unwrap();
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=4m", "docket-test"]).arg(at).output().unwrap();
        mounted.status.success().then(|| Self(at.to_owned()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_writes_get_503_reads_go_on_and_room_heals() {
    if testing::on_servers() {
        return;
    }
    let scene = Scene::new();
    let Some(disk) = SmallDisk::mount(&scene.folder.path().join("data")) else {
        assert!(!testing::in_ci(), "CI has to be allowed to mount a small disk");
        eprintln!("SKIPPED: only root may mount a small disk");
        return;
    };
    let program = scene.start();
    let (ann, list) = scene.someone(&program, "ann").await;
    let ballast = disk.0.join("ballast");
    std::fs::write(&ballast, vec![0; 1024 * 1024]).unwrap();
    let notes = "n".repeat(9000);
    let mut written = Vec::new();
    let refused = loop {
        let answer = ann.post(&format!("{list}/todos"), &json!({"title": "t", "notes": notes})).await;
        if answer.status != 201 {
            break answer;
        }
        written.push(answer.body["id"].as_str().unwrap().to_owned());
        assert!(written.len() < 1000);
    };
    refused.problem(503, "unavailable");
    all_are_there(&ann, &list, &written).await;
    std::fs::remove_file(ballast).unwrap();
    ann.todo(&list, "after").await;
    all_are_there(&ann, &list, &written).await;
    drop(program);
}
