//! Sessions: one row a log-in, three credentials, each with one job.
//!
//! 1. The **session cookie** (256 random bits, stored hashed) renders signed-in pages and authenticates plain forms.
//! 2. The **refresh token** gets new access tokens. It is replaced at each use; a replaced one that comes back after
//!    the grace period means that somebody copied it, and ends the session (RFC 9700, 4.14.2).
//! 3. The **access token**, a JWT of ten minutes (RFC 7519, RFC 8725), is sent as `Bearer` with every call.

#[cfg(feature = "ssr")]
pub(crate) mod checked;
#[cfg(feature = "ssr")]
mod hs256;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub(crate) mod store;
#[cfg(feature = "ssr")]
pub(crate) mod tokens;

use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use uuid::Uuid;

#[cfg(feature = "ssr")]
use crate::accounts::User;
#[cfg(feature = "ssr")]
use crate::time::Timestamp;

/// A session as its owner sees it.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Session {
    /// To end it by.
    pub id: Uuid,
    /// What the program said of itself.
    pub user_agent: String,
    /// From where it logged in.
    pub ip: String,
    /// When it logged in.
    pub created_at: Timestamp,
    /// When it was last used, to about ten minutes.
    pub last_seen_at: Timestamp,
}

/// From where somebody speaks to us, for the list of their sessions.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone, Default)]
pub struct Client {
    /// The address.
    pub ip: String,
    /// What the program says of itself.
    pub user_agent: String,
    /// What an earlier log-in left on the device.
    pub device: Option<String>,
}

/// Who is speaking, by which session.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone)]
pub struct Identity {
    /// The person.
    pub user: User,
    /// The session.
    pub session_id: Uuid,
    /// When the person last proved in it who they are, with a password or code.
    pub proven_at: Timestamp,
}

/// An access token as a program gets it (RFC 6749, 5.1).
#[derive(Clone, Serialize, Deserialize)]
pub struct AccessToken {
    /// The JWT.
    pub access_token: String,
    /// Seconds until it expires.
    pub expires_in: u64,
}

impl std::fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AccessToken(…, {} s)", self.expires_in)
    }
}
