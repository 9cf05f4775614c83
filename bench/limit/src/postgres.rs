//! The calls on Postgres by sqlx.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, patch};
use axum::{Json, Router};
use sqlx::AssertSqlSafe;
use sqlx_postgres::{PgPool, PgPoolOptions};
use uuid::Uuid;

use crate::answers::{COLUMNS, Change, New, Row, Todo, Todos, behind, now};

pub(crate) async fn router(url: &str) -> Router {
    let pool = PgPoolOptions::new().max_connections(10).test_before_acquire(false).connect(url).await.unwrap();
    Router::new()
        .route("/api/v1/lists/{list}/todos", get(list).post(create))
        .route("/api/v1/todos/{id}", patch(change))
        .with_state(pool)
}

async fn list(State(pool): State<PgPool>, Path(list): Path<Uuid>) -> Json<Todos> {
    let sql = format!(
        "select {COLUMNS} from todos where list_id = $1 and deleted_at is null order by position, id limit 101"
    );
    let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(sql)).bind(list).fetch_all(&pool).await.unwrap();
    Json(rows.into())
}

async fn create(State(pool): State<PgPool>, Path(list): Path<Uuid>, Json(new): Json<New>) -> (StatusCode, Json<Todo>) {
    const LAST: &str = "select user_id, (select position from todos where list_id = $1 order by position desc limit 1) from lists where id = $1 for update";
    let sql = format!(
        "insert into todos (id, user_id, list_id, title, search, position, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $7) returning {COLUMNS}"
    );
    let mut tx = pool.begin().await.unwrap();
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

async fn change(State(pool): State<PgPool>, Path(id): Path<Uuid>, Json(change): Json<Change>) -> Json<Todo> {
    let sql = format!(
        "update todos set done_at = case when $2 then coalesce(done_at, $3) end, version = version + 1, updated_at = $3 \
         where id = $1 returning {COLUMNS}"
    );
    let changing = sqlx::query_as(AssertSqlSafe(sql)).bind(id).bind(change.done).bind(now());
    let row: Row = changing.fetch_one(&pool).await.unwrap();
    Json(row.into())
}
