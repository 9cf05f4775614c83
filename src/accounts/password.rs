//! Passwords: Argon2id (OWASP Password Storage), hashed on threads of their own: as many as there are processors, and behind
//! all others, so that a flood of log-ins neither fills the memory nor holds up the other requests. Who would have to wait
//! too long is told to come back. The memory that hashing takes goes from one to the next in line, and is given back to
//! the allocator when nobody waits any more.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use argon2::password_hash::{Output, ParamsString, PasswordHash, Salt, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use rayon_core::{ThreadPool, ThreadPoolBuilder};
use tokio::sync::oneshot;
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

/// The 10,000 most common passwords of at least 8 characters, in lower case, a line each: from the list of the project
/// zxcvbn-ts (MIT), which took it from leaked ones.
const COMMON: &str = include_str!("common_passwords.txt");
/// What anybody would try here first.
const OURS: &str = "docket";

impl Password {
    /// Checks a password that somebody chooses: as [`parse`](Self::parse), and neither common nor guessed from the name or
    /// the address of its owner (NIST SP 800-63B-4, 3.1.1.2; OWASP ASVS 5.0, 6.2.4 and 6.2.11).
    ///
    /// # Errors
    /// The same, or [`Problem::TooCommon`].
    pub fn choose(raw: &str, min: usize, owner: &[&str]) -> Result<Self, Problem> {
        let password = Self::parse(raw, min)?;
        if password.is_common(owner) { Err(Problem::TooCommon) } else { Ok(password) }
    }

    fn is_common(&self, owner: &[&str]) -> bool {
        let text = self.0.to_lowercase();
        let listed = COMMON.match_indices(&text).any(|(at, _)| {
            let (before, behind) = (&COMMON[..at], &COMMON[at + text.len()..]);
            (before.is_empty() || before.ends_with('\n')) && behind.starts_with('\n')
        });
        // A name with a few characters around it, or twice, is hardly better than the name.
        let owner = owner.iter().flat_map(|word| [*word, word.split('@').next().unwrap_or_default()]);
        let guessed = owner.chain([OURS]).map(str::to_lowercase).filter(|word| word.chars().count() >= 3).any(|word| {
            let rest = text.replace(&word, "");
            rest.len() < text.len() && rest.chars().count() < 4
        });
        let one_character = text.chars().all(|c| text.starts_with(c));
        listed || guessed || one_character
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// What Argon2 fills while it hashes.
type Memory = Vec<Block>;

/// Hashes and compares passwords. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Hasher {
    argon2: Arc<Argon2<'static>>,
    threads: Arc<ThreadPool>,
    queue: Arc<AtomicU32>,
    longest_queue: u32,
    done: Arc<AtomicU64>,
    // What those in line go on with.
    memory: Arc<Mutex<Vec<Memory>>>,
    // Compared with when there is no account, so that the answer takes as long.
    nobody: Arc<str>,
}

impl Hasher {
    /// A hasher with these parameters, that lets so many wait for their turn.
    ///
    /// # Errors
    /// When they make no hash.
    pub fn new(params: Params, waiting: u32) -> Result<Self> {
        let argon2 = Arc::new(Argon2::new(Algorithm::Argon2id, Version::V0x13, params));
        let nobody = of_nobody(&argon2)?.into();
        let threads = ThreadPoolBuilder::new()
            .num_threads(std::thread::available_parallelism().map_or(1, usize::from))
            .thread_name(|_| "hashing".to_owned())
            .start_handler(|_| step_back())
            // Who waits for it learns that there will be no answer.
            .panic_handler(|_| tracing::error!("hashing a password panicked"))
            .build()
            .map_err(Error::internal)?;
        let longest_queue = u32::try_from(threads.current_num_threads()).unwrap_or(1).saturating_add(waiting);
        Ok(Self {
            argon2,
            threads: Arc::new(threads),
            queue: Arc::default(),
            longest_queue,
            done: Arc::default(),
            memory: Arc::default(),
            nobody,
        })
    }

    /// The hash to store, in PHC string form with a fresh salt.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when too many wait already. So for [`verify`](Self::verify).
    pub async fn hash(&self, password: &Password) -> Result<String> {
        let text = password.0.clone();
        self.work(move |argon2, memory| hash(argon2, &text, memory)).await
    }

    /// Whether a password belongs to a stored hash. Without a hash the answer is no and takes as long.
    ///
    /// # Errors
    /// When the stored hash cannot be read.
    pub async fn verify(&self, password: &Password, stored: Option<&str>) -> Result<bool> {
        let (text, known) = (password.0.clone(), stored.is_some());
        let stored: Arc<str> = stored.map_or_else(|| self.nobody.clone(), Arc::from);
        let same = self
            .work(move |_, memory| {
                let stored = PasswordHash::new(&stored).map_err(failed)?;
                is_of(&stored, &text, memory).map_err(failed)
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

    /// How much work was done since the start: what a log-in costs is the same for whoever asks.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    // The place in the queue belongs to the work, not to who waits for it: work that nobody waits for any more goes on all the
    // same.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'static>, &mut Memory) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let queued = Queued::in_line(&self.queue, &self.memory, self.longest_queue)
            .ok_or_else(|| Error::Unavailable("too many passwords wait to be hashed".into()))?;
        let (argon2, done, memory) = (self.argon2.clone(), self.done.clone(), self.memory.clone());
        let (answer, outcome) = oneshot::channel();
        self.threads.spawn_fifo(move || {
            let mut mine = locked(&memory).pop().unwrap_or_default();
            let outcome = work(&argon2, &mut mine);
            done.fetch_add(1, Ordering::Relaxed);
            locked(&memory).push(mine);
            drop(queued);
            // Nobody may wait for it any more.
            let _ = answer.send(outcome);
        });
        outcome.await.map_err(Error::internal)?
    }
}

/// Whatever else is to be done comes first, but for a tenth of the time or so: Linux gives each thread a priority of its own.
#[cfg(target_os = "linux")]
fn step_back() {
    // Where it is forbidden, hashing goes on like all else.
    let _ = rustix::process::setpriority_process(None, 10);
}

/// Other systems know only the priority of a whole process.
#[cfg(not(target_os = "linux"))]
fn step_back() {}

fn locked(memory: &Mutex<Vec<Memory>>) -> MutexGuard<'_, Vec<Memory>> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Somebody in the queue, until dropped; the last one gives the memory back that all went on with.
struct Queued(Arc<AtomicU32>, Arc<Mutex<Vec<Memory>>>);

impl Queued {
    fn in_line(queue: &Arc<AtomicU32>, memory: &Arc<Mutex<Vec<Memory>>>, longest: u32) -> Option<Self> {
        // Dropped at once when it is too long, so the count stays true.
        let before = queue.fetch_add(1, Ordering::Relaxed);
        let queued = Self(queue.clone(), memory.clone());
        (before < longest).then_some(queued)
    }
}

impl Drop for Queued {
    fn drop(&mut self) {
        if self.0.fetch_sub(1, Ordering::Relaxed) == 1 {
            locked(&self.1).clear();
        }
    }
}

fn failed(error: argon2::password_hash::Error) -> Error {
    Error::internal(error.to_string())
}

fn hash(argon2: &Argon2<'_>, text: &str, memory: &mut Memory) -> Result<String> {
    written(argon2, |salt, length| digest(argon2, text, salt, length, memory))
}

// What no password makes: chance instead of a digest, as making one would be most of what a start takes.
fn of_nobody(argon2: &Argon2<'_>) -> Result<String> {
    written(argon2, |_, length| {
        Output::init_with(length, |out| {
            rand::fill(out);
            Ok(())
        })
    })
}

// In PHC string form, with a fresh salt and an output of the length that is asked for.
fn written(
    argon2: &Argon2<'_>,
    output: impl FnOnce(Salt<'_>, usize) -> argon2::password_hash::Result<Output>,
) -> Result<String> {
    let salt = SaltString::encode_b64(&rand::random::<[u8; 16]>()).map_err(failed)?;
    let length = argon2.params().output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(argon2.params()).map_err(failed)?,
        salt: Some(salt.as_salt()),
        hash: Some(output(salt.as_salt(), length).map_err(failed)?),
    };
    Ok(hash.to_string())
}

// With the parameters of the hash, compared in constant time.
fn is_of(stored: &PasswordHash<'_>, text: &str, memory: &mut Memory) -> argon2::password_hash::Result<bool> {
    let (Some(salt), Some(hash)) = (stored.salt, stored.hash) else { return Ok(false) };
    let version = stored.version.map_or(Ok(Version::default()), Version::try_from)?;
    let argon2 = Argon2::new(Algorithm::try_from(stored.algorithm)?, version, Params::try_from(stored)?);
    Ok(digest(&argon2, text, salt, hash.len(), memory)? == hash)
}

fn digest(
    argon2: &Argon2<'_>,
    text: &str,
    salt: Salt<'_>,
    length: usize,
    memory: &mut Memory,
) -> argon2::password_hash::Result<Output> {
    let mut bytes = [0; Salt::MAX_LENGTH];
    let salt = salt.decode_b64(&mut bytes)?;
    memory.resize(argon2.params().block_count(), Block::default());
    Output::init_with(length, |out| {
        Ok(argon2.hash_password_into_with_memory(text.as_bytes(), salt, out, &mut *memory)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r4_common_and_guessed_passwords_are_refused() {
        let owner = ["Ann.Lee", "ann.lee@example.org"];
        for common in [
            "password",
            "PASSWORD",
            "12345678",
            "qwertyuiop",
            "baseball",
            "aaaaaaaaaaaa",
            "ann.lee!1",
            "1Ann.Lee2",
            "docket123",
            "ann.leeann.lee",
            "ann.lee@example.org",
        ] {
            assert_eq!(Password::choose(common, 8, &owner).map(drop), Err(Problem::TooCommon), "{common}");
        }
        for fine in [
            "correct horse battery",
            "passwordpasswordpassword x",
            "ann.lee likes rain",
            "ein Dreiklang",
            "пароль-длинный",
        ] {
            assert!(Password::choose(fine, 8, &owner).is_ok(), "{fine}");
        }
    }

    #[test]
    fn r4_the_list_is_what_it_says() {
        let lines: std::collections::BTreeSet<_> = COMMON.lines().collect();
        assert_eq!(lines.len(), 10_000);
        assert!(lines.iter().all(|line| line.chars().count() >= 8 && *line == line.to_lowercase()));
    }

    #[test]
    fn r3_length_is_counted_in_characters_and_nothing_else_is_asked() {
        for (password, answer) in [
            ("", Err(Problem::Required)),
            ("1234567", Err(Problem::TooShort(8))),
            ("ééééüüüü", Ok(())),
            ("        ", Ok(())),
            ("🐎🐎🐎🐎🐎🐎🐎🐎", Ok(())),
        ] {
            assert_eq!(Password::parse(password, 8).map(drop), answer, "{password}");
        }
        assert!(Password::parse(&"é".repeat(PASSWORD_MAX), 8).is_ok());
        assert_eq!(Password::parse(&"é".repeat(PASSWORD_MAX + 1), 8).map(drop), Err(Problem::TooLong(PASSWORD_MAX)));
        // The same letters, composed or not, are the same password.
        assert_eq!(Password::parse("e\u{301}e\u{301}aaaaaa", 8).unwrap().0, Password::parse("ééaaaaaa", 8).unwrap().0);
    }

    #[tokio::test]
    async fn what_nobody_has_is_compared_as_what_somebody_has() {
        let params = argon2::ParamsBuilder::new().m_cost(8).t_cost(1).p_cost(1).build().unwrap();
        let hasher = Hasher::new(params, 3).unwrap();
        let password = Password::parse("nobody knows", 8).unwrap();
        let somebody = hasher.hash(&password).await.unwrap();
        let form = |stored: &str| {
            let stored = PasswordHash::new(stored).unwrap();
            (
                stored.algorithm.to_string(),
                stored.params.to_string(),
                stored.salt.unwrap().len(),
                stored.hash.unwrap().len(),
            )
        };
        assert_eq!(form(&hasher.nobody), form(&somebody));
        assert!(hasher.verify(&password, Some(&somebody)).await.unwrap());
        let done = hasher.done();
        assert!(!hasher.verify(&password, None).await.unwrap());
        // Worked for, too.
        assert_eq!(hasher.done(), done + 1);
    }

    #[tokio::test]
    async fn r2_more_than_the_queue_holds_are_told_to_come_back() {
        let params = argon2::ParamsBuilder::new().m_cost(8).t_cost(1).p_cost(1).build().unwrap();
        let hasher = Hasher::new(params, 3).unwrap();
        let threads = hasher.threads.current_num_threads();
        let go_on = Arc::new(std::sync::Barrier::new(threads + 1));
        for _ in 0..threads {
            let go_on = go_on.clone();
            hasher.threads.spawn_fifo(move || {
                go_on.wait();
            });
        }
        let password = Password::parse("correct horse battery", 8).unwrap();
        let mut waiting = tokio::task::JoinSet::new();
        for _ in 0..threads + 3 {
            let (hasher, password) = (hasher.clone(), password.clone());
            waiting.spawn(async move { hasher.hash(&password).await });
        }
        while (hasher.queue() as usize) < threads + 3 {
            tokio::task::yield_now().await;
        }
        assert!(matches!(hasher.hash(&password).await, Err(Error::Unavailable(_))));
        go_on.wait();
        while let Some(done) = waiting.join_next().await {
            done.unwrap().unwrap();
        }
        hasher.hash(&password).await.unwrap();
        assert_eq!(hasher.queue(), 0);
    }

    #[tokio::test]
    async fn r2_work_that_nobody_waits_for_any_more_keeps_its_turn() {
        let hasher = Hasher::new(argon2::ParamsBuilder::new().m_cost(8).build().unwrap(), 1000).unwrap();
        let threads = hasher.threads.current_num_threads();
        let (running, go_on) = (Arc::new(AtomicU32::new(0)), Arc::new(std::sync::Barrier::new(threads + 1)));
        for _ in 0..threads {
            let (running, go_on) = (running.clone(), go_on.clone());
            let work = hasher.work(move |_, _| {
                running.fetch_add(1, Ordering::SeqCst);
                go_on.wait();
                Ok(())
            });
            let left = tokio::time::timeout(std::time::Duration::from_millis(50), work).await;
            assert!(left.is_err(), "nobody waited for it");
        }
        while (running.load(Ordering::SeqCst) as usize) < threads {
            tokio::task::yield_now().await;
        }
        assert_eq!(hasher.queue() as usize, threads);
        let password = Password::parse("correct horse battery", 8).unwrap();
        let behind = tokio::time::timeout(std::time::Duration::from_millis(50), hasher.hash(&password)).await;
        assert!(behind.is_err(), "it has to wait for a turn");
        go_on.wait();
        hasher.hash(&password).await.unwrap();
    }

    #[tokio::test]
    async fn r1_hashes_are_argon2id_with_the_configured_parameters_and_a_salt_of_their_own() {
        let params = argon2::ParamsBuilder::new().m_cost(64).t_cost(2).p_cost(1).build().unwrap();
        let hasher = Hasher::new(params, 64).unwrap();
        let password = Password::parse("correct horse battery", 8).unwrap();
        let (one, other) = (hasher.hash(&password).await.unwrap(), hasher.hash(&password).await.unwrap());
        assert!(one.starts_with("$argon2id$v=19$m=64,t=2,p=1$"), "{one}");
        assert_ne!(one, other);
        assert!(hasher.verify(&password, Some(&one)).await.unwrap());
        assert!(!hasher.verify(&password, None).await.unwrap());
        let today =
            Hasher::new(argon2::ParamsBuilder::new().m_cost(128).t_cost(2).p_cost(1).build().unwrap(), 64).unwrap();
        assert!(today.is_outdated(&one) && !hasher.is_outdated(&one));
    }
}
