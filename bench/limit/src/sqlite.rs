//! The calls on SQLite by sqlx.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, patch};
use axum::{Json, Router};
use sqlx::AssertSqlSafe;
use sqlx_sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use uuid::Uuid;

use crate::answers::{COLUMNS, Change, New, Row, Todo, Todos, behind, now};

#[derive(Clone)]
struct Db {
    readers: SqlitePool,
    writer: SqlitePool,
}

pub(crate) async fn router(file: &str) -> Router {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true);
    let pool = |size| SqlitePoolOptions::new().max_connections(size);
    let writer = pool(1).connect_with(options.clone()).await.unwrap();
    let readers = pool(4).connect_with(options.read_only(true)).await.unwrap();
    Router::new()
        .route("/api/v1/lists/{list}/todos", get(list).post(create))
        .route("/api/v1/todos/{id}", patch(change))
        .with_state(Db { readers, writer })
}

async fn list(State(db): State<Db>, Path(list): Path<Uuid>) -> Json<Todos> {
    let sql = format!(
        "select {COLUMNS} from todos where list_id = $1 and deleted_at is null order by position, id limit 101"
    );
    let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(sql)).bind(list).fetch_all(&db.readers).await.unwrap();
    Json(rows.into())
}

async fn create(State(db): State<Db>, Path(list): Path<Uuid>, Json(new): Json<New>) -> (StatusCode, Json<Todo>) {
    const LAST: &str = "select user_id, (select position from todos where list_id = $1 order by position desc limit 1) from lists where id = $1";
    let sql = format!(
        "insert into todos (id, user_id, list_id, title, search, position, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $7) returning {COLUMNS}"
    );
    let mut tx = db.writer.begin_with("begin immediate").await.unwrap();
    let (user, last): (Uuid, _) = sqlx::query_as(LAST).bind(list).fetch_one(&mut *tx).await.unwrap();
    let row: Row = sqlx::query_as(AssertSqlSafe(sql))
        .bind(Uuid::now_v7())
        .bind(user)
        .bind(list)
        .bind(&new.title)
        .bind(new.title.to_lowercase())
        .bind(behind(last))
        .bind(now())
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    (StatusCode::CREATED, Json(row.into()))
}

async fn change(State(db): State<Db>, Path(id): Path<Uuid>, Json(change): Json<Change>) -> Json<Todo> {
    let sql = format!(
        "update todos set done_at = case when $2 then coalesce(done_at, $3) end, version = version + 1, updated_at = $3 \
         where id = $1 returning {COLUMNS}"
    );
    let changing = sqlx::query_as(AssertSqlSafe(sql)).bind(id).bind(change.done).bind(now());
    let row: Row = changing.fetch_one(&db.writer).await.unwrap();
    Json(row.into())
}
