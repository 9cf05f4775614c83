//! Sessions that were looked up a moment ago, so that a run of calls asks the database once.
//!
//! A session that ends is forgotten here at once and announced to the other nodes. Whatever goes wrong with that, nothing
//! is remembered for longer than [`REMEMBERED`].

use std::time::Duration;

use moka::sync::Cache;
use uuid::Uuid;

use super::Identity;
use crate::Docket;
use crate::time::Timestamp;

/// How long a session that has ended could go unnoticed at the very most.
const REMEMBERED: Duration = Duration::from_secs(1);
const CAPACITY: u64 = 100_000;
/// Before trying again to hear the other nodes.
const PAUSE: Duration = Duration::from_secs(1);

/// Whose sessions are to be looked up anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Changed {
    /// This one.
    Session(Uuid),
    /// All of this person.
    User(Uuid),
}

/// What is remembered. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Checked {
    sessions: Cache<Uuid, (Identity, Timestamp)>,
    /// Which session a cookie is of, by its hash. Only together with the session it says anything.
    cookies: Cache<Vec<u8>, (Uuid, Timestamp)>,
}

impl Default for Checked {
    fn default() -> Self {
        let sessions = Cache::builder().max_capacity(CAPACITY).time_to_live(REMEMBERED).support_invalidation_closures();
        let cookies = Cache::builder().max_capacity(CAPACITY).time_to_live(REMEMBERED);
        Self { sessions: sessions.build(), cookies: cookies.build() }
    }
}

impl Checked {
    pub(super) fn get(&self, session: Uuid, user: Uuid, now: Timestamp) -> Option<Identity> {
        let (identity, since) = self.sessions.get(&session)?;
        (identity.user.id == user && now < since.plus(REMEMBERED)).then_some(identity)
    }

    pub(super) fn remember(&self, identity: &Identity, now: Timestamp) {
        self.sessions.insert(identity.session_id, (identity.clone(), now));
    }

    pub(super) fn get_by_cookie(&self, hash: &[u8], now: Timestamp) -> Option<Identity> {
        let (session, known) = self.cookies.get(hash)?;
        let (identity, since) = self.sessions.get(&session)?;
        (now < known.plus(REMEMBERED) && now < since.plus(REMEMBERED)).then_some(identity)
    }

    pub(super) fn remember_cookie(&self, hash: &[u8], identity: &Identity, now: Timestamp) {
        self.remember(identity, now);
        self.cookies.insert(hash.to_vec(), (identity.session_id, now));
    }

    fn forget(&self, changed: Changed) {
        match changed {
            Changed::Session(id) => self.sessions.invalidate(&id),
            Changed::User(user) => {
                // Refused only by a cache that was built without support for it.
                let _ = self.sessions.invalidate_entries_if(move |_, (identity, _)| identity.user.id == user);
            }
        }
    }

    fn hear(&self, what: &str) {
        let id = |id: &str| id.parse().ok();
        match what.split_once(':') {
            Some(("session", session)) => id(session).map(Changed::Session),
            Some(("user", user)) => id(user).map(Changed::User),
            _ => None,
        }
        .into_iter()
        .for_each(|changed| self.forget(changed));
    }
}

/// Has sessions looked up anew, here and on the other nodes. Call it after the commit.
pub(crate) async fn forget(docket: &Docket, changed: Changed) {
    docket.checked.forget(changed);
    let what = match changed {
        Changed::Session(id) => format!("session:{id}"),
        Changed::User(id) => format!("user:{id}"),
    };
    if let Err(error) = docket.kv.announce(&what).await {
        tracing::warn!(%error, "the other nodes were not told and will notice within a second");
    }
}

/// Hears which sessions other nodes have ended, until the task is dropped.
pub(crate) async fn hear(docket: Docket) {
    loop {
        let error = docket.kv.hear(|what| docket.checked.hear(what)).await;
        tracing::warn!(%error, "the other nodes cannot be heard");
        tokio::time::sleep(PAUSE).await;
    }
}
