//! The secrets that everything signed is made with: a file of the data folder, or a setting. The newest makes, the older
//! ones go on being accepted.
//!
//! In the file each line holds one, newest first; behind an older one stands when it was replaced, in seconds since the
//! epoch.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Secret;
use super::values::ConfigError;
use crate::time::Timestamp;

/// Shortest secret, in characters: as many bits as HMAC-SHA-256 makes use of (RFC 7518, 3.2).
const SHORTEST: usize = 32;

/// A secret of 256 random bits.
#[must_use]
pub fn fresh() -> Secret {
    Secret::new(URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()))
}

/// Understands a setting that holds secrets, newest first, with commas between.
pub(super) fn parse(text: &str) -> Option<Vec<Secret>> {
    let secret = |text: &str| (text.len() >= SHORTEST).then(|| Secret::new(text));
    text.split(',').map(str::trim).map(secret).collect()
}

/// The secrets of a file; one is made where there is no file, so that sessions survive a restart.
pub(super) fn read(path: &Path) -> Result<Vec<Secret>, ConfigError> {
    if !path.exists() {
        // Of two that start for the first time together, one makes it and both read it.
        let partial = partial(path, &format!("{}\n", fresh().expose()))?;
        let made = std::fs::hard_link(&partial, path);
        std::fs::remove_file(&partial).map_err(|cause| unusable(path, &cause))?;
        match made {
            Err(cause) if cause.kind() != std::io::ErrorKind::AlreadyExists => return Err(unusable(path, &cause)),
            _ => {}
        }
    }
    let lines = lines(path)?;
    let secrets: Vec<_> = lines.iter().filter_map(|line| line.split_whitespace().next()).map(Secret::new).collect();
    if secrets.is_empty() || secrets.iter().any(|secret| secret.expose().len() < SHORTEST) {
        return Err(ConfigError::File { path: path.to_owned(), cause: "holds fewer than 32 characters".into() });
    }
    Ok(secrets)
}

/// Puts a fresh secret before those of a file, and drops those that were replaced longer ago than `keep`: nothing made
/// with them is good any more. With `keep` zero all others go at once.
///
/// # Errors
/// When the file cannot be read or written.
pub fn rotate(path: &Path, now: Timestamp, keep: Duration) -> Result<(), ConfigError> {
    let mut kept = format!("{}\n", fresh().expose());
    for line in lines(path)? {
        let mut words = line.split_whitespace();
        let Some(secret) = words.next() else { continue };
        let replaced = words.next().and_then(|word| word.parse().ok()).unwrap_or_else(|| now.seconds());
        if now.seconds() < replaced.saturating_add_unsigned(keep.as_secs()) {
            kept += &format!("{secret} {replaced}\n");
        }
    }
    write(path, &kept)
}

fn lines(path: &Path) -> Result<Vec<String>, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|cause| unusable(path, &cause))?;
    Ok(text.lines().map(str::to_owned).collect())
}

fn write(path: &Path, text: &str) -> Result<(), ConfigError> {
    let partial = partial(path, text)?;
    std::fs::rename(&partial, path).map_err(|cause| unusable(path, &cause))
}

// Readable by its owner only, and never half written: under another name until it is complete.
fn partial(path: &Path, text: &str) -> Result<PathBuf, ConfigError> {
    let partial = path.with_extension(format!("new-{:x}", rand::random::<u64>()));
    let written = || -> std::io::Result<()> {
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&partial)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    written().map_err(|cause| unusable(path, &cause))?;
    Ok(partial)
}

fn unusable(path: &Path, cause: &std::io::Error) -> ConfigError {
    ConfigError::File { path: path.to_owned(), cause: cause.to_string() }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * 1_000_000)
    }

    #[test]
    fn r46_the_secret_is_made_once_and_kept_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let first = read(&path).unwrap();
        assert_eq!(first[0].expose(), read(&path).unwrap()[0].expose());
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn two_that_start_together_get_the_same_secret() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let secrets: std::collections::BTreeSet<_> = std::thread::scope(|scope| {
            let read = || read(&path).unwrap()[0].expose().to_owned();
            let readers: Vec<_> = (0..16).map(|_| scope.spawn(read)).collect();
            readers.into_iter().map(|reader| reader.join().unwrap()).collect()
        });
        assert_eq!(secrets.len(), 1);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn r20_a_replaced_secret_stays_until_nothing_it_made_is_good() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let first = read(&path).unwrap()[0].expose().to_owned();
        rotate(&path, at(10_000), HOUR).unwrap();
        let both = read(&path).unwrap();
        assert_eq!((both.len(), both[1].expose()), (2, first.as_str()));
        rotate(&path, at(10_000 + 3599), HOUR).unwrap();
        assert_eq!(read(&path).unwrap().len(), 3);
        rotate(&path, at(10_000 + 3600), HOUR).unwrap();
        assert!(read(&path).unwrap().iter().all(|secret| secret.expose() != first));
        rotate(&path, at(10_000 + 3600), Duration::ZERO).unwrap();
        assert_eq!(read(&path).unwrap().len(), 1);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn r46_a_short_secret_is_refused_wherever_it_stands() {
        let long = "x".repeat(32);
        assert_eq!(parse(&format!("{long}, {long}")).unwrap().len(), 2);
        for bad in ["short".to_owned(), format!("{long},short"), format!("{long},"), String::new()] {
            assert!(parse(&bad).is_none(), "{bad}");
        }
    }
}
