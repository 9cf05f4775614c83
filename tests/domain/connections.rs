//! Connections to Postgres: how they come back, and that whoever waits for one gets it.

use std::process::Command;
use std::time::Duration;

use docket::db::Conn;
use tokio::task::JoinSet;
use tokio::time;

use crate::support::World;

async fn with_connections(count: &str) -> Option<World> {
    // SQLite's are its own process's.
    if testing::on_servers() { Some(World::with(&[("DOCKET_DATABASE_CONNECTIONS", count)]).await) } else { None }
}

#[tokio::test]
async fn a_connection_that_has_answered_comes_back_at_once_and_one_that_may_be_busy_is_asked_before() {
    let Some(world) = with_connections("1").await else { return };
    let db = &world.docket.db;
    db.ping().await.unwrap();
    let conn = db.read().await.unwrap();
    assert_eq!(db.connections(), (1, 0));
    db.give_back(conn);
    assert_eq!(db.connections(), (1, 1));
    let conn = db.write_once().await.unwrap();
    db.commit_once(conn).await.unwrap();
    assert_eq!(db.connections(), (1, 1));
    drop(db.read().await.unwrap());
    assert_eq!(db.connections(), (1, 0), "it is asked");
    db.ping().await.unwrap();
}

#[tokio::test]
async fn who_waits_for_a_connection_gets_the_one_that_has_answered() {
    let Some(world) = with_connections("1").await else { return };
    let db = world.docket.db.clone();
    for _ in 0..3 {
        // Idle already when it is wanted for a transaction.
        db.give_back(db.read().await.unwrap());
        db.write().await.unwrap().commit().await.unwrap();
        // In use when it is wanted.
        let conn = db.read().await.unwrap();
        let wanting = db.clone();
        let waiting = tokio::spawn(async move { wanting.write().await.unwrap().commit().await });
        let other = db.clone();
        let reading = tokio::spawn(async move { other.read().await.map(|conn| other.give_back(conn)) });
        tokio::task::yield_now().await;
        db.give_back(conn);
        waiting.await.unwrap().unwrap();
        reading.await.unwrap().unwrap();
    }
}

/// By which the server knows it.
async fn number(conn: &mut Conn) -> i32 {
    let asked =
        async { docket::each_engine!(conn, |c| sqlx::query_scalar("select pg_backend_pid()").fetch_one(c).await) };
    time::timeout(Duration::from_secs(10), asked).await.unwrap().unwrap()
}

async fn rest(long: Duration) {
    time::pause();
    time::advance(long).await;
    time::resume();
}

#[tokio::test]
async fn a_connection_that_has_rested_is_asked_before_it_is_used_and_another_one_opened_when_it_is_gone() {
    const END: &str = "select pg_terminate_backend($1, 5000)";
    let Some(world) = with_connections("1").await else { return };
    let (db, other) = (&world.docket.db, world.another_node().await);
    let mut conn = db.read().await.unwrap();
    let first = number(&mut conn).await;
    db.give_back(conn);
    rest(Duration::from_secs(5)).await;
    let mut conn = db.read().await.unwrap();
    assert_eq!(number(&mut conn).await, first);
    db.give_back(conn);
    // As when the server was started anew.
    let mut ending = other.db.read().await.unwrap();
    docket::execute!(ending, sqlx::query(END).bind(first)).unwrap();
    rest(Duration::from_secs(5)).await;
    let mut conn = db.read().await.unwrap();
    let second = number(&mut conn).await;
    assert_ne!(second, first);
    db.give_back(conn);
    // One that nobody has wanted for long is not kept.
    rest(Duration::from_secs(100)).await;
    assert_ne!(number(&mut db.read().await.unwrap()).await, second);
}

/// The server's side of a connection, which answers nothing until this is dropped: what a server looks like that has vanished.
struct Halted(i32);

impl Halted {
    fn new(number: i32) -> Self {
        signal("STOP", number);
        Self(number)
    }
}

impl Drop for Halted {
    fn drop(&mut self) {
        signal("CONT", self.0);
    }
}

fn signal(name: &str, number: i32) {
    let status = Command::new("kill").args(["-s", name, &number.to_string()]).status().unwrap();
    assert!(status.success());
}

#[tokio::test]
async fn a_connection_that_has_rested_and_does_not_answer_is_left_for_another_one() {
    let Some(world) = with_connections("1").await else { return };
    let db = &world.docket.db;
    for is_asked_in_vain in [false, true] {
        for wanted in ["to read", "to write"] {
            let mut conn = db.read().await.unwrap();
            let first = number(&mut conn).await;
            db.give_back(conn);
            let _halted = Halted::new(first);
            rest(Duration::from_secs(5)).await;
            if is_asked_in_vain {
                time::timeout(Duration::from_millis(50), db.read()).await.unwrap_err();
            }
            let mut conn = match wanted {
                "to read" => db.read().await.unwrap(),
                _ => db.write().await.unwrap(),
            };
            assert_ne!(number(&mut conn).await, first, "wanted {wanted}");
        }
    }
    // Who opens the program's tables takes one that is kept, too.
    db.give_back(db.read().await.unwrap());
    db.migrate().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_waits_in_vain_however_connections_come_back() {
    let Some(world) = with_connections("2").await else { return };
    let mut everybody = JoinSet::new();
    for number in 0..24_u32 {
        let db = world.docket.db.clone();
        everybody.spawn(async move {
            for round in 0..20 {
                match (number + round) % 4 {
                    0 => db.give_back(db.read().await.unwrap()),
                    1 => drop(db.read().await.unwrap()),
                    2 => db.write().await.unwrap().commit().await.unwrap(),
                    // Who has stopped waiting takes nothing along.
                    _ => drop(time::timeout(Duration::from_micros(200), db.read()).await),
                }
            }
        });
    }
    while let Some(done) = everybody.join_next().await {
        done.unwrap();
    }
    // All of them come back when it is closed.
    let db = &world.docket.db;
    db.give_back(db.read().await.unwrap());
    time::timeout(Duration::from_secs(5), db.close()).await.unwrap();
}
