//! Writes of one owner wait for each other.

use std::time::Duration;

use docket::error::Error;
use docket::rows::Expected;
use docket::todos::service as todos;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{World, new_todo};

#[tokio::test]
async fn writes_of_one_owner_wait_for_each_other_and_others_do_not() {
    if !testing::on_servers() {
        return; // SQLite has one writer.
    }
    let world = World::new().await;
    let other = world.another_node().await;
    let (ann, bob) = (Uuid::now_v7(), Uuid::now_v7());
    let first = world.docket.db.write_for(ann).await.unwrap();
    let waits = tokio::time::timeout(Duration::from_millis(200), other.db.write_for(ann)).await;
    assert!(waits.is_err());
    other.db.write_for(bob).await.unwrap();
    drop(first);
    // Whoever stopped waiting holds nobody up.
    for docket in [&world.docket, &other, &world.docket] {
        let turn = tokio::time::timeout(Duration::from_secs(4), docket.db.write_for(ann)).await;
        turn.unwrap().unwrap().commit().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_that_share_a_commit_are_kept_or_taken_back_each_for_itself() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "Today").await;
    // While it is held, all others wait in line, so that they share what comes next.
    let held = world.docket.db.write().await.unwrap();
    let mut writes = JoinSet::new();
    for number in 0..30 {
        let (docket, user, new) = (world.docket.clone(), ann.id, new_todo(list.id, &format!("kept {number}")));
        writes.spawn(async move {
            let id = todos::create(&docket, user, new).await.unwrap().row.id;
            // By a connection that sees what is committed, and nothing else.
            todos::get(&docket, user, id).await.unwrap();
        });
        let (docket, id) = (world.docket.clone(), list.id);
        writes.spawn(async move {
            let mut tx = docket.db.write().await.unwrap();
            docket::execute!(tx, sqlx::query("update lists set name = 'taken back' where id = $1").bind(id)).unwrap();
        });
        let (docket, user, new) = (world.docket.clone(), ann.id, new_todo(list.id, "given up"));
        let given_up = tokio::spawn(async move { todos::create(&docket, user, new).await.map(drop) });
        writes.spawn(async move {
            tokio::task::yield_now().await;
            given_up.abort();
        });
    }
    tokio::task::yield_now().await;
    held.commit().await.unwrap();
    while let Some(done) = writes.join_next().await {
        done.unwrap();
    }
    let mut kept = world.titles(&ann, &list).await;
    kept.retain(|title| title.starts_with("kept"));
    kept.sort();
    kept.dedup();
    assert_eq!(kept.len(), 30);
    assert_eq!(world.names(&ann).await, ["Today"]);
}

#[tokio::test]
async fn a_tick_waits_for_its_owners_turn_and_heeds_what_was_written_before_it() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "Today").await;
    let todo = world.todo(&ann, &list, "Milk").await;
    let mut before = world.docket.db.write_for(ann.id).await.unwrap();
    let other = world.docket.clone();
    let tick = todos::Change { done: Some(true), ..todos::Change::default() };
    let mut ticked =
        tokio::spawn(
            async move { todos::change(&other, ann.id, todo.id, tick, &Expected::version(todo.version)).await },
        );
    // Before anything is written: whoever has the turn decides by what it reads.
    assert!(tokio::time::timeout(Duration::from_millis(200), &mut ticked).await.is_err());
    let written = "update todos set title = 'Oat milk', version = version + 1 where id = $1";
    docket::execute!(before, sqlx::query(written).bind(todo.id)).unwrap();
    before.commit().await.unwrap();
    assert!(matches!(ticked.await.unwrap(), Err(Error::VersionConflict)));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_ticks_of_a_todo_at_once_each_heeds_the_one_before_it() {
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "Today").await;
    let todo = world.todo(&ann, &list, "Milk").await;
    let mut ticks = JoinSet::new();
    for done in [true, true, false, false].repeat(20) {
        let docket = world.docket.clone();
        let tick = todos::Change { done: Some(done), ..todos::Change::default() };
        ticks.spawn(async move {
            let ticked = todos::change(&docket, ann.id, todo.id, tick, &Expected::Any).await.unwrap();
            // What is so already is no change, so every second version is a done one.
            assert_eq!(ticked.done_at.is_some(), done);
            assert_eq!((ticked.version - todo.version) % 2 == 1, done);
        });
    }
    while let Some(ticked) = ticks.join_next().await {
        ticked.unwrap();
    }
}

#[tokio::test]
async fn ticks_of_one_owner_do_not_wait_for_each_other() {
    if !testing::on_servers() {
        return; // SQLite has one writer.
    }
    let world = World::new().await;
    let ann = world.user("ann").await;
    let list = world.list(&ann, "Today").await;
    let todo = world.todo(&ann, &list, "Milk").await;
    let db = &world.docket.db;
    let mut turn = db.write_for(ann.id).await.unwrap();
    let held = "select (classid::bigint << 32) | objid::bigint from pg_locks where locktype = 'advisory' \
                and database = (select oid from pg_database where datname = current_database())";
    let lock: i64 = docket::each_engine!(turn, |c| sqlx::query_scalar(held).fetch_one(c).await).unwrap();
    drop(turn);
    // What another tick has until it is committed.
    let mut other = db.write().await.unwrap();
    docket::execute!(other, sqlx::query("select pg_advisory_xact_lock_shared($1)").bind(lock)).unwrap();
    let tick = todos::Change { done: Some(true), ..todos::Change::default() };
    let ticked = todos::change(&world.docket, ann.id, todo.id, tick, &Expected::Any);
    tokio::time::timeout(Duration::from_secs(4), ticked).await.unwrap().unwrap();
    let waits = tokio::time::timeout(Duration::from_millis(200), db.write_for(ann.id)).await;
    assert!(waits.is_err());
}
