//! All that is kept of somebody, for themselves (GDPR, articles 15 and 20).

use uuid::Uuid;

use crate::Docket;
use crate::accounts::{Profile, profile};
use crate::audit::{self, Event, Record, Subject};
use crate::db::Conn;
use crate::each_engine;
use crate::error::Result;
use crate::sessions::{self as session, Session};
use crate::sessions::{Identity, service as sessions};
use crate::time::Timestamp;

/// Everything, of one moment.
#[derive(Debug, Clone)]
pub struct Export {
    /// When it was put together.
    pub at: Timestamp,
    /// The account.
    pub profile: Profile,
    /// All lists in their order, those in the trash too.
    pub lists: Vec<List>,
    /// All todos, list by list in their order, those in the trash too.
    pub todos: Vec<Todo>,
    /// Where the person is logged in.
    pub sessions: Vec<Session>,
    /// What happened to the account, newest first.
    pub events: Vec<Record>,
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
#[expect(missing_docs, reason = "as in `lists::Record`")]
pub struct List {
    pub id: Uuid,
    pub name: String,
    pub favourite: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

/// A todo.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
#[expect(missing_docs, reason = "as in `todos::Record`")]
pub struct Todo {
    pub id: Uuid,
    pub list_id: Uuid,
    pub title: String,
    pub notes: String,
    pub done_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

/// Puts everything together.
///
/// # Errors
/// [`Error::ReauthenticationRequired`](crate::Error::ReauthenticationRequired): an open session found by somebody else
/// should not give everything away.
pub async fn of(docket: &Docket, who: &Identity) -> Result<Export> {
    sessions::require_fresh(docket, who)?;
    let user = who.user.id;
    let mut tx = docket.db.write().await?;
    audit::done(docket, &mut tx, Event::DataExported, Subject::session(user, who.session_id)).await?;
    tx.commit().await?;
    let now = docket.clock.now();
    let mut conn = docket.db.snapshot().await?;
    Ok(Export {
        at: now,
        profile: profile::get_in(&mut conn, user).await?,
        lists: lists(&mut conn, user).await?,
        todos: todos(&mut conn, user).await?,
        sessions: session::store::all(&mut conn, user, now, now.minus(docket.config.refresh_idle)).await?,
        events: audit::store::newest(&mut conn, Some(user), i64::MAX).await?,
    })
}

async fn lists(conn: &mut Conn, user: Uuid) -> Result<Vec<List>> {
    const SQL: &str = "select id, name, favourite, created_at, updated_at, deleted_at from lists where user_id = $1 \
                       order by favourite desc, position, id";
    Ok(each_engine!(conn, |c| sqlx::query_as(SQL).bind(user).fetch_all(c).await)?)
}

async fn todos(conn: &mut Conn, user: Uuid) -> Result<Vec<Todo>> {
    const SQL: &str = "select id, list_id, title, notes, done_at, created_at, updated_at, deleted_at from todos \
                       where user_id = $1 order by list_id, position, id";
    Ok(each_engine!(conn, |c| sqlx::query_as(SQL).bind(user).fetch_all(c).await)?)
}
