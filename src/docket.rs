//! The parts of a running Docket, put together once.

use std::ops::Deref;
use std::sync::Arc;

use crate::accounts::password::Hasher;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::error::Result;
use crate::kv::Kv;
use crate::mail::Mailer;
use crate::sessions::Client;
use crate::sessions::checked::Checked;
use crate::sessions::tokens::Keys;

/// What every use case works with: all [`Parts`], on behalf of somebody. Cheap to clone, as every request does so several
/// times.
#[derive(Debug, Clone)]
pub struct Docket {
    /// From where this is asked; nobody in particular unless [`Docket::asked_by`] said so.
    pub client: Arc<Client>,
    parts: Arc<Parts>,
}

/// The parts of a running Docket.
#[derive(Debug)]
pub struct Parts {
    /// The effective configuration.
    pub config: Config,
    /// The time.
    pub clock: Clock,
    /// What is kept.
    pub db: Db,
    /// What is kept for a short time.
    pub kv: Kv,
    /// How mail leaves.
    pub mailer: Mailer,
    pub(crate) hasher: Hasher,
    pub(crate) keys: Keys,
    pub(crate) checked: Checked,
}

impl Docket {
    /// Opens the database (without migrating it) and readies everything else.
    ///
    /// # Errors
    /// When the database or the mail transport cannot be set up.
    pub async fn open(config: Config, clock: Clock) -> Result<Self> {
        let db = Db::open(config.database_url.expose(), config.database_connections).await?;
        let parts = Parts {
            kv: Kv::new(&config, &clock)?,
            checked: Checked::default(),
            mailer: Mailer::new(&config)?,
            hasher: Hasher::new(config.argon2.clone(), config.hashing_queue)?,
            keys: Keys::derive(&config.secret, &config.older_secrets),
            config,
            clock,
            db,
        };
        Ok(Self { client: Arc::default(), parts: Arc::new(parts) })
    }

    /// The same, on behalf of somebody who is connected: use cases write down from where they were asked.
    #[must_use]
    pub fn asked_by(&self, client: Client) -> Self {
        Self { client: Arc::new(client), parts: self.parts.clone() }
    }
}

impl Deref for Docket {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.parts
    }
}
