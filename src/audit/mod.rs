//! What happened to accounts and sessions: who, by which session, from where, when, with what outcome (OWASP ASVS 5.0,
//! 16.3). Rows are added in the transaction of what they tell of, never changed, and forgotten after the time that
//! [`Config::audit`](crate::config::Config) names. They hold no address of mail and outlive the account.

pub mod service;
pub(crate) mod store;

use uuid::Uuid;

use crate::Docket;
use crate::db::Conn;
use crate::error::Result;
use crate::time::Timestamp;

/// What can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Event {
    SignUp,
    AccountCreated,
    LogIn,
    LogOut,
    Reauthentication,
    RefreshReused,
    SessionEnded,
    OtherSessionsEnded,
    PasswordForgotten,
    CodeEntered,
    PasswordReset,
    PasswordChanged,
    UsernameChanged,
    EmailChangeBegun,
    EmailChanged,
    DataExported,
    AccountDeleted,
    AccountDisabled,
    AccountEnabled,
    RoleChanged,
}

impl Event {
    /// Every event there is.
    pub const ALL: [Self; 20] = [
        Self::SignUp,
        Self::AccountCreated,
        Self::LogIn,
        Self::LogOut,
        Self::Reauthentication,
        Self::RefreshReused,
        Self::SessionEnded,
        Self::OtherSessionsEnded,
        Self::PasswordForgotten,
        Self::CodeEntered,
        Self::PasswordReset,
        Self::PasswordChanged,
        Self::UsernameChanged,
        Self::EmailChangeBegun,
        Self::EmailChanged,
        Self::DataExported,
        Self::AccountDeleted,
        Self::AccountDisabled,
        Self::AccountEnabled,
        Self::RoleChanged,
    ];

    /// As it is stored, and as programs see it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignUp => "sign_up",
            Self::AccountCreated => "account_created",
            Self::LogIn => "log_in",
            Self::LogOut => "log_out",
            Self::Reauthentication => "reauthentication",
            Self::RefreshReused => "refresh_reused",
            Self::SessionEnded => "session_ended",
            Self::OtherSessionsEnded => "other_sessions_ended",
            Self::PasswordForgotten => "password_forgotten",
            Self::CodeEntered => "code_entered",
            Self::PasswordReset => "password_reset",
            Self::PasswordChanged => "password_changed",
            Self::UsernameChanged => "username_changed",
            Self::EmailChangeBegun => "email_change_begun",
            Self::EmailChanged => "email_changed",
            Self::DataExported => "data_exported",
            Self::AccountDeleted => "account_deleted",
            Self::AccountDisabled => "account_disabled",
            Self::AccountEnabled => "account_enabled",
            Self::RoleChanged => "role_changed",
        }
    }
}

/// As it is stored.
impl TryFrom<String> for Event {
    type Error = String;

    fn try_from(stored: String) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|event| event.as_str() == stored);
        found.ok_or_else(|| format!("{stored} is no event"))
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Record {
    /// Of this row.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// To whom, if that is known.
    pub user_id: Option<Uuid>,
    /// In which session, if in one.
    pub session_id: Option<Uuid>,
    /// From which address; empty when nobody was connected.
    pub ip: String,
    /// What.
    #[sqlx(try_from = "String")]
    pub event: Event,
    /// Whether it was done; if not, it was tried and refused.
    pub done: bool,
}

/// Whom something happened to.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Subject {
    pub(crate) user: Option<Uuid>,
    pub(crate) session: Option<Uuid>,
}

impl Subject {
    pub(crate) fn user(user: Uuid) -> Self {
        Self { user: Some(user), session: None }
    }

    pub(crate) fn session(user: Uuid, session: Uuid) -> Self {
        Self { user: Some(user), session: Some(session) }
    }
}

/// Writes down what the caller's transaction does.
pub(crate) async fn done(docket: &Docket, tx: &mut Conn, event: Event, subject: Subject) -> Result<()> {
    store::insert(tx, docket, event, subject, true).await
}

/// Writes down what was tried and refused, in a transaction of its own.
pub(crate) async fn refused(docket: &Docket, event: Event, subject: Subject) -> Result<()> {
    let mut tx = docket.db.write().await?;
    store::insert(&mut tx, docket, event, subject, false).await?;
    tx.commit().await
}
