//! The list on SQLite without sqlx: its connections read on threads that may block, as the library asks for.

use std::sync::{Arc, Mutex};

use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use rusqlite::{Connection, OpenFlags};
use uuid::Uuid;

use crate::answers::{COLUMNS, Row, Todos};

type Idle = Arc<Mutex<Vec<Connection>>>;

pub(crate) fn router(file: &str) -> Router {
    let connection = || Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let idle: Idle = Arc::new(Mutex::new((0..4).map(|_| connection()).collect()));
    let permits = Arc::new(tokio::sync::Semaphore::new(4));
    Router::new().route("/api/v1/lists/{list}/todos", get(list)).with_state((idle, permits))
}

async fn list(
    State((idle, permits)): State<(Idle, Arc<tokio::sync::Semaphore>)>,
    Path(list): Path<Uuid>,
) -> Json<Todos> {
    let _permit = permits.acquire().await.unwrap();
    tokio::task::spawn_blocking(move || {
        let connection = idle.lock().unwrap().pop().unwrap();
        let rows = read(&connection, list);
        idle.lock().unwrap().push(connection);
        Json(rows.into())
    })
    .await
    .unwrap()
}

fn read(connection: &Connection, list: Uuid) -> Vec<Row> {
    let sql = format!(
        "select {COLUMNS} from todos where list_id = ?1 and deleted_at is null order by position, id limit 101"
    );
    let mut statement = connection.prepare_cached(&sql).unwrap();
    let rows = statement.query_map([list], |row| {
        Ok(Row {
            id: row.get(0)?,
            list_id: row.get(1)?,
            user_id: row.get(2)?,
            title: row.get(3)?,
            notes: row.get(4)?,
            done_at: row.get(5)?,
            position: row.get(6)?,
            version: row.get(7)?,
            created_at: row.get(8)?,
            updated_at: row.get(9)?,
        })
    });
    rows.unwrap().map(Result::unwrap).collect()
}
