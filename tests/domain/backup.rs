//! Everything in one file, and back.

use std::collections::BTreeSet;

use docket::backup;
use docket::check::{self, State};
use docket::db::Db;
use docket::rows::Expected;
use docket::time::Timestamp;
use docket::todos::service as todos;

use crate::support::{World, refused};

async fn file(db: &Db) -> Vec<u8> {
    let mut out = Vec::new();
    backup::write(db, Timestamp(0), &mut out, |_| {}).await.unwrap();
    out
}

async fn empty(folder: &tempfile::TempDir, on_postgres: bool) -> Db {
    let url = match on_postgres {
        true => testing::postgres().fresh_database(),
        false => format!("sqlite:{}", folder.path().join(uuid::Uuid::now_v7().to_string()).display()),
    };
    let db = Db::open(&url, 2).await.unwrap();
    db.migrate().await.unwrap();
    db
}

/// Rows of every table, with what is hard to carry: no value, empty text, quotes, line ends, other scripts.
async fn full() -> World {
    let world = World::new().await;
    let ann = world.user("ann").await;
    world.user("bob").await;
    world.sign_up("cleo").await;
    let list = world.list(&ann, "\"Groceries\" \\ ∅ 食料品").await;
    for number in 0..450 {
        world.todo(&ann, &list, &format!("todo {number} 🥕")).await;
    }
    let mut new = crate::support::new_todo(list.id, "with notes");
    new.notes = docket::todos::Notes::parse("one\ntwo\n\n\ttabs").unwrap();
    let todo = todos::create(&world.docket, ann.id, new).await.unwrap().row;
    let gone = world.todo(&ann, &list, "gone").await;
    todos::delete(&world.docket, ann.id, gone.id, &Expected::Any).await.unwrap();
    let done = todos::Change { done: Some(true), ..Default::default() };
    todos::change(&world.docket, ann.id, todo.id, done, &Expected::Any).await.unwrap();
    world
}

#[tokio::test]
async fn a_round_trip_over_both_engines_gives_identical_data() {
    let world = full().await;
    let before = file(&world.docket.db).await;
    let folder = tempfile::tempdir().unwrap();
    let mut last = before.clone();
    // To the other engine and back, where there is one.
    for on_postgres in [false, testing::on_servers(), false] {
        let db = empty(&folder, on_postgres).await;
        let told = std::sync::Mutex::new(0);
        let rows = backup::restore(&db, last.as_slice(), |rows| *told.lock().unwrap() = rows).await.unwrap();
        assert!(rows > 450);
        last = file(&db).await;
        assert!(last == before, "the data has changed on the way");
        assert_eq!(db.damage().await.unwrap(), Vec::<String>::new());
        assert_eq!(db.pending_migrations().await.unwrap(), 0);
        db.close().await;
    }
}

#[tokio::test]
async fn a_restored_docket_goes_on_where_the_other_was() {
    let world = full().await;
    let last = file(&world.docket.db).await;
    let other = World::new().await;
    backup::restore(&other.docket.db, last.as_slice(), |_| {}).await.unwrap();
    let log_in = docket::accounts::service::log_in(&other.docket, "ann", crate::support::PASSWORD).await;
    let ann = log_in.unwrap().profile.user;
    assert_eq!(other.names(&ann).await, world.names(&ann).await);
}

#[tokio::test]
async fn what_is_no_whole_backup_is_refused_in_words_and_changes_nothing() {
    let world = full().await;
    let whole = file(&world.docket.db).await;
    let text = String::from_utf8(whole.clone()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let folder = tempfile::tempdir().unwrap();
    let db = empty(&folder, testing::on_servers()).await;
    let nothing = file(&db).await;
    let last = lines.len() - 1;
    let cases = [
        (String::new(), "this is not a backup"),
        ("{\"title\": \"milk\"}\n".into(), "this is not a backup"),
        (lines[..last].join("\n") + "\n", "its last line is missing"),
        (lines[..100].join("\n"), "its last line is missing"),
        (text.replace("todo 7 ", "todo 8 "), "not as it was written"),
        (text.replace("\"todos\"", "\"secrets\""), "a table or column that is not known"),
        (text.replace("\"docket_backup\":1", "\"docket_backup\":2"), "made by a newer Docket"),
        (text.replace("\"migration\":", "\"migration\":99"), "made by a newer Docket"),
        (text.replace("todo 9 🥕\"", "todo 9 🥕\",1"), "a value that does not belong there"),
        (text.replacen("\n[\"", "\n[\"x", 1), "a value that does not belong there"),
        (text.replacen("\n[\"", "\n[[", 1), "is damaged"),
    ];
    for (damaged, why) in cases {
        let said = refused(backup::restore(&db, damaged.as_bytes(), |_| {}).await).to_string();
        assert!(said.contains(why), "{said}, not {why}");
        assert!(file(&db).await == nothing, "something was restored after all: {why}");
    }
    let said = refused(backup::restore(&world.docket.db, whole.as_slice(), |_| {}).await).to_string();
    assert!(said.contains("the database is not empty"), "{said}");
}

#[tokio::test]
async fn every_column_is_in_a_backup() {
    if testing::on_servers() {
        return; // The schemas are compared elsewhere.
    }
    let world = World::new().await;
    let mut conn = world.docket.db.read().await.unwrap();
    let sql = "select t.name || '.' || c.name from pragma_table_list t join pragma_table_info(t.name) c \
               where t.schema = 'main' and t.name not like 'sqlite%' and t.name <> '_sqlx_migrations'";
    let there: Vec<String> = docket::each_engine!(conn, |c| sqlx::query_scalar(sql).fetch_all(c).await).unwrap();
    assert_eq!(backup::columns().collect::<BTreeSet<_>>(), there.into_iter().collect());
}

#[tokio::test]
async fn a_check_finds_what_is_wrong_and_says_what_to_do() {
    let world = full().await;
    let config = || world.docket.config.clone();
    let bad = |findings: Vec<check::Finding>| -> Vec<String> {
        let told = |finding: check::Finding| match finding.state {
            State::Bad(why) => Some(format!("{}: {why}", finding.what)),
            _ => None,
        };
        findings.into_iter().filter_map(told).collect()
    };
    assert_eq!(bad(check::all(config()).await), Vec::<String>::new());
    // Somebody wrote to the database by hand.
    let mut tx = world.docket.db.write().await.unwrap();
    let sql = "update todos set user_id = (select id from users where username = 'bob') where title like 'todo 1 %'";
    docket::execute!(tx, sqlx::query(sql)).unwrap();
    tx.commit().await.unwrap();
    let found = bad(check::all(config()).await);
    assert!(found.len() == 1 && found[0].contains("1 todos in somebody else's list"), "{found:?}");

    let mut elsewhere = config();
    elsewhere.smtp_url = Some(docket::config::Secret::new("smtp://127.0.0.1:9"));
    elsewhere.redis_url = Some(docket::config::Secret::new("redis://127.0.0.1:9"));
    let found = bad(check::all(elsewhere).await).join("\n");
    assert!(found.contains("Look at DOCKET_SMTP_URL") && found.contains("Look at DOCKET_REDIS_URL"), "{found}");
    let mut nowhere = config();
    nowhere.database_url = docket::config::Secret::new("postgres://nobody@127.0.0.1:9/nothing");
    let found = bad(check::all(nowhere).await);
    assert!(found.len() == 1 && found[0].contains("Look at DOCKET_DATABASE_URL"), "{found:?}");
}
