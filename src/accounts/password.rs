//! Passwords: Argon2id (OWASP Password Storage), hashed off the async threads and never more at a time than there are
//! processors, so that a flood of log-ins neither fills the memory nor starves the other requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use super::PASSWORD_MAX;
use crate::error::{Error, Problem, Result};

/// A password as typed, in normal form C; anything else about it is the person's business (NIST SP 800-63B-4).
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// Checks the length, counted in characters. Nothing is trimmed or forbidden.
    ///
    /// # Errors
    /// [`Problem::Required`], [`Problem::TooShort`] or [`Problem::TooLong`].
    pub fn parse(raw: &str, min: usize) -> Result<Self, Problem> {
        let text: String = raw.nfc().collect();
        match text.chars().count() {
            0 => Err(Problem::Required),
            n if n < min => Err(Problem::TooShort(min)),
            n if n > PASSWORD_MAX => Err(Problem::TooLong(PASSWORD_MAX)),
            _ => Ok(Self(text)),
        }
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Hashes and compares passwords. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Hasher {
    argon2: Arc<Argon2<'static>>,
    turns: Arc<Semaphore>,
    queue: Arc<AtomicU32>,
    // Compared with when there is no account, so that the answer takes as long.
    nobody: Arc<str>,
}

impl Hasher {
    /// A hasher with these parameters.
    ///
    /// # Errors
    /// When they make no hash.
    pub fn new(params: Params) -> Result<Self> {
        let argon2 = Arc::new(Argon2::new(Algorithm::Argon2id, Version::V0x13, params));
        let nobody = hash(&argon2, "nobody")?.into();
        let turns = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self { argon2, turns: Arc::new(Semaphore::new(turns)), queue: Arc::default(), nobody })
    }

    /// The hash to store, in PHC string form with a fresh salt.
    ///
    /// # Errors
    /// When hashing fails.
    pub async fn hash(&self, password: &Password) -> Result<String> {
        let text = password.0.clone();
        self.work(move |argon2| hash(argon2, &text)).await
    }

    /// Whether a password belongs to a stored hash. Without a hash the answer is no and takes as long.
    ///
    /// # Errors
    /// When the stored hash cannot be read.
    pub async fn verify(&self, password: &Password, stored: Option<&str>) -> Result<bool> {
        let (text, known) = (password.0.clone(), stored.is_some());
        let stored: Arc<str> = stored.map_or_else(|| self.nobody.clone(), Arc::from);
        let same = self
            .work(move |argon2| {
                let stored = PasswordHash::new(&stored).map_err(|e| Error::internal(e.to_string()))?;
                Ok(argon2.verify_password(text.as_bytes(), &stored).is_ok())
            })
            .await?;
        Ok(same && known)
    }

    /// Whether a stored hash was made with other parameters than today's, and should be made anew.
    #[must_use]
    pub fn is_outdated(&self, stored: &str) -> bool {
        let params = PasswordHash::new(stored).ok().and_then(|hash| Params::try_from(&hash).ok());
        params.is_none_or(|params| {
            let today = self.argon2.params();
            (params.m_cost(), params.t_cost(), params.p_cost()) != (today.m_cost(), today.t_cost(), today.p_cost())
        })
    }

    /// How many are at work or wait for their turn.
    #[must_use]
    pub fn queue(&self) -> u32 {
        self.queue.load(Ordering::Relaxed)
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'static>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let _queued = Queued::in_line(&self.queue);
        let _turn = self.turns.acquire().await.map_err(Error::internal)?;
        let argon2 = self.argon2.clone();
        tokio::task::spawn_blocking(move || work(&argon2)).await.map_err(Error::internal)?
    }
}

/// Somebody in the queue, until dropped.
struct Queued<'a>(&'a AtomicU32);

impl<'a> Queued<'a> {
    fn in_line(queue: &'a AtomicU32) -> Self {
        queue.fetch_add(1, Ordering::Relaxed);
        Self(queue)
    }
}

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn hash(argon2: &Argon2<'_>, text: &str) -> Result<String> {
    let failed = |e: argon2::password_hash::Error| Error::internal(e.to_string());
    let salt = SaltString::encode_b64(&rand::random::<[u8; 16]>()).map_err(failed)?;
    Ok(argon2.hash_password(text.as_bytes(), &salt).map_err(failed)?.to_string())
}
