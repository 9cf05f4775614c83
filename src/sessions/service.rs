//! The use cases of sessions.

use std::time::Duration;

use uuid::Uuid;

use super::checked::{self, Changed};
use super::tokens::{self, Bearer, RefreshClaim};
use super::{AccessToken, Identity, Session, store};
use crate::Docket;
use crate::accounts::password::Password;
use crate::accounts::{self, Profile};
use crate::audit::{self, Event, Subject};
use crate::config::Secret;
use crate::db::Conn;
use crate::error::{Error, Result};

/// How exactly "last seen" is kept: a page view writes at most this often.
const SEEN_EVERY: Duration = Duration::from_secs(10 * 60);

/// The credentials of a session, at the moment they are handed out.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Whose, as it was when they were handed out.
    pub profile: Profile,
    /// For calls.
    pub access: AccessToken,
    /// For more access tokens.
    pub refresh: Secret,
    /// For pages; only when the session is new.
    pub cookie: Option<Secret>,
    /// What makes the device known to the account; only when the session is new.
    pub device: Option<Secret>,
}

/// Begins a session within the caller's transaction.
///
/// # Errors
/// When the database fails.
pub async fn open(docket: &Docket, tx: &mut Conn, profile: Profile) -> Result<Opened> {
    let user = profile.user.id;
    let now = docket.clock.now();
    let id = Uuid::now_v7();
    let salt = rand::random::<[u8; 16]>();
    let (cookie, cookie_hash) = tokens::session_cookie();
    let expires_at = now.plus(docket.config.refresh_max);
    let new = store::New {
        id,
        user_id: user,
        cookie_hash: &cookie_hash,
        refresh_salt: &salt,
        client: &docket.client,
        now,
        expires_at,
    };
    store::insert(tx, new).await?;
    audit::done(docket, tx, Event::LogIn, Subject::session(user, id)).await?;
    Ok(Opened {
        access: docket.keys.access_token(Bearer { user, session: id }, now, docket.config.access_ttl)?,
        refresh: docket.keys.refresh_token(id, 0, &salt),
        cookie: Some(cookie),
        device: Some(docket.keys.device(user)),
        profile,
    })
}

/// Who sends this access token. The session is looked up too, so that ending it takes effect at once as a rule, and
/// within a second even when the look-up and the end cross, or the news is lost.
///
/// # Errors
/// [`Error::TokenExpired`]; [`Error::TokenInvalid`].
pub async fn by_access_token(docket: &Docket, token: &str) -> Result<Identity> {
    let now = docket.clock.now();
    let Bearer { user, session } = docket.keys.read_access_token(token, now)?;
    if let Some(identity) = docket.checked.get(session, user, now) {
        return Ok(identity);
    }
    let live = store::live_by_id(&mut docket.db.read().await?, session, user, now).await?.ok_or(Error::TokenInvalid)?;
    let identity = live.into_identity();
    docket.checked.remember(&identity, now);
    Ok(identity)
}

/// Who sends this session cookie; `None` when the session is over.
///
/// # Errors
/// When the database fails.
pub async fn by_cookie(docket: &Docket, cookie: &str) -> Result<Option<Identity>> {
    let now = docket.clock.now();
    let hash = tokens::cookie_hash(cookie);
    if let Some(identity) = docket.checked.get_by_cookie(&hash, now) {
        return Ok(Some(identity));
    }
    let idle_since = now.minus(docket.config.refresh_idle);
    let replaced_since = now.minus(docket.config.refresh_grace);
    let live = store::live_by_cookie(&mut docket.db.read().await?, &hash, now, idle_since, replaced_since).await?;
    let Some(live) = live else { return Ok(None) };
    let session_id = live.session_id;
    if live.last_seen_at < now.minus(SEEN_EVERY) {
        let mut tx = docket.db.write().await?;
        store::touch(&mut tx, session_id, now).await?;
        tx.commit().await?;
    }
    let identity = live.into_identity();
    docket.checked.remember_cookie(&hash, &identity, now);
    Ok(Some(identity))
}

/// Replaces a refresh token and gives a new access token.
///
/// The token before the current one is still answered within the grace period, with the same successor, so that a lost
/// answer or two tabs at once log nobody out. Any older one ends the session: it was copied.
///
/// # Errors
/// [`Error::TokenInvalid`] when the token is not ours, was used before, or the session is over.
pub async fn refresh(docket: &Docket, token: &str) -> Result<Opened> {
    let claim = RefreshClaim::read(token).ok_or(Error::TokenInvalid)?;
    let now = docket.clock.now();
    let mut tx = docket.db.write_for(claim.session).await?;
    let row = store::rotation(&mut tx, claim.session).await?.ok_or(Error::TokenInvalid)?;
    if !claim.is_genuine(token, &docket.keys, &row.refresh_salt) {
        return Err(Error::TokenInvalid);
    }
    let idle_since = now.minus(docket.config.refresh_idle);
    if row.revoked_at.is_some() || row.expires_at <= now || row.last_seen_at <= idle_since {
        return Err(Error::TokenInvalid);
    }
    let current =
        claim.generation == row.generation && store::rotate(&mut tx, claim.session, row.generation, now).await?;
    let in_grace = claim.generation + 1 == row.generation && now <= row.rotated_at.plus(docket.config.refresh_grace);
    if !current && !in_grace {
        tracing::warn!(session = %claim.session, "a used refresh token came back; the session is ended");
        store::revoke(&mut tx, claim.session, now).await?;
        audit::done(docket, &mut tx, Event::RefreshReused, Subject::session(row.user_id, claim.session)).await?;
        tx.commit().await?;
        checked::forget(docket, Changed::Session(claim.session)).await;
        return Err(Error::TokenInvalid);
    }
    let account = accounts::store::account(&mut tx, row.user_id).await?.ok_or(Error::TokenInvalid)?;
    tx.commit().await?;
    Ok(Opened {
        access: docket.keys.access_token(
            Bearer { user: account.id, session: claim.session },
            now,
            docket.config.access_ttl,
        )?,
        refresh: docket.keys.refresh_token(claim.session, claim.generation + 1, &row.refresh_salt),
        cookie: None,
        device: None,
        profile: account.into(),
    })
}

/// Ends a session, as its owner who logs out.
///
/// # Errors
/// When the database fails.
pub async fn end(docket: &Docket, user: Uuid, session: Uuid) -> Result<()> {
    let mut tx = docket.db.write().await?;
    store::revoke(&mut tx, session, docket.clock.now()).await?;
    audit::done(docket, &mut tx, Event::LogOut, Subject::session(user, session)).await?;
    tx.commit().await?;
    checked::forget(docket, Changed::Session(session)).await;
    Ok(())
}

/// Ends the session a refresh token belongs to, for whoever has nothing else left to log out with.
///
/// # Errors
/// When the database fails.
pub async fn end_by_refresh_token(docket: &Docket, token: &str) -> Result<()> {
    let Some(claim) = RefreshClaim::read(token) else { return Ok(()) };
    let row = store::rotation(&mut docket.db.read().await?, claim.session).await?;
    match row {
        Some(row) if row.revoked_at.is_none() && claim.is_genuine(token, &docket.keys, &row.refresh_salt) => {
            end(docket, row.user_id, claim.session).await
        }
        _ => Ok(()),
    }
}

/// Somebody's sessions, last used first.
///
/// # Errors
/// When the database fails.
pub async fn all(docket: &Docket, user: Uuid) -> Result<Vec<Session>> {
    let now = docket.clock.now();
    store::all(&mut docket.db.read().await?, user, now, now.minus(docket.config.refresh_idle)).await
}

/// Ends one of somebody's sessions.
///
/// # Errors
/// [`Error::NotFound`] when there is none with this id, or it has ended.
pub async fn end_one(docket: &Docket, user: Uuid, session: Uuid) -> Result<()> {
    let mut tx = docket.db.write().await?;
    if !store::revoke_one(&mut tx, user, session, docket.clock.now()).await? {
        return Err(Error::NotFound);
    }
    audit::done(docket, &mut tx, Event::SessionEnded, Subject::session(user, session)).await?;
    tx.commit().await?;
    checked::forget(docket, Changed::Session(session)).await;
    Ok(())
}

/// Ends all sessions of a person but the one in use.
///
/// # Errors
/// When the database fails.
pub async fn end_all_others(docket: &Docket, who: &Identity) -> Result<()> {
    let mut tx = docket.db.write().await?;
    end_others(docket, &mut tx, who).await?;
    audit::done(docket, &mut tx, Event::OtherSessionsEnded, Subject::session(who.user.id, who.session_id)).await?;
    tx.commit().await?;
    checked::forget(docket, Changed::User(who.user.id)).await;
    Ok(())
}

/// Ends all sessions of a person but the one in use, within the caller's transaction; [`checked::forget`] has to follow.
///
/// # Errors
/// When the database fails.
pub(crate) async fn end_others(docket: &Docket, tx: &mut Conn, who: &Identity) -> Result<()> {
    store::revoke_others(tx, who.user.id, who.session_id, docket.clock.now()).await
}

/// Refuses what needs a fresh log-in when the last one is too old (OWASP ASVS 5.0, 7.5.1).
///
/// # Errors
/// [`Error::ReauthenticationRequired`].
pub fn require_fresh(docket: &Docket, who: &Identity) -> Result<()> {
    match docket.clock.now() <= who.proven_at.plus(docket.config.fresh_log_in) {
        true => Ok(()),
        false => Err(Error::ReauthenticationRequired),
    }
}

/// Proves once more with the password who speaks, so that what needs a fresh log-in can be done. Answers the cookie that the
/// session has from now on (OWASP ASVS 5.0, 7.2.4); the one before is good for the grace period.
///
/// # Errors
/// [`Error::Invalid`] when the password is wrong; [`Error::RateLimited`] after too many wrong ones.
pub async fn prove(docket: &Docket, who: &Identity, password: &str) -> Result<Secret> {
    let password = Password::parse(password, 1).map_err(|problem| Error::field("password", problem))?;
    accounts::profile::check_password(docket, who, &password, "password").await?;
    let (cookie, cookie_hash) = tokens::session_cookie();
    let mut tx = docket.db.write().await?;
    if !store::set_proven(&mut tx, who.session_id, &cookie_hash, docket.clock.now()).await? {
        return Err(Error::TokenInvalid);
    }
    audit::done(docket, &mut tx, Event::Reauthentication, Subject::session(who.user.id, who.session_id)).await?;
    tx.commit().await?;
    checked::forget(docket, Changed::Session(who.session_id)).await;
    Ok(cookie)
}

/// Ends every session of a person within the caller's transaction; [`checked::forget`] has to follow.
///
/// # Errors
/// When the database fails.
pub(crate) async fn end_all(docket: &Docket, tx: &mut Conn, user: Uuid) -> Result<()> {
    store::revoke_all(tx, user, docket.clock.now()).await
}

/// Forgets sessions whose time is over.
///
/// # Errors
/// When the database fails.
pub async fn purge(docket: &Docket) -> Result<()> {
    let mut tx = docket.db.write().await?;
    store::purge(&mut tx, docket.clock.now()).await?;
    tx.commit().await
}
