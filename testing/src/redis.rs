//! A Redis server.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use crate::guarded::{Guarded, free_port, wait_for};

/// A Redis server that keeps everything in memory.
#[derive(Debug)]
pub struct Redis {
    process: Mutex<Option<Guarded>>,
    port: u16,
    databases: AtomicUsize,
    folder: TempDir,
}

impl Redis {
    /// Starts it, empty.
    ///
    /// # Panics
    /// When Redis is not installed.
    #[must_use]
    pub fn start() -> Self {
        let redis = Self {
            process: Mutex::default(),
            port: free_port(),
            databases: AtomicUsize::default(),
            folder: tempfile::tempdir().unwrap(),
        };
        redis.start_again();
        redis
    }

    /// Starts it again on the same port, empty.
    ///
    /// # Panics
    /// When it does not come up.
    pub fn start_again(&self) {
        let (port, folder) = (self.port.to_string(), self.folder.path().to_str().unwrap());
        let command = [
            "redis-server",
            "--port",
            &port,
            "--bind",
            "127.0.0.1",
            "--dir",
            folder,
            "--save",
            "",
            "--appendonly",
            "no",
            "--databases",
            "4096",
        ];
        *self.process.lock().unwrap() = Some(Guarded::start("TERM", folder, &command));
        wait_for(self.port, || true);
    }

    /// Stops it; what it held is lost.
    ///
    /// # Panics
    /// Never in use.
    pub fn stop(&self) {
        drop(self.process.lock().unwrap().take());
    }

    /// Halts it in the middle of what it does, connections open: it hangs.
    ///
    /// # Panics
    /// When it is not running.
    pub fn hang(&self) {
        self.process.lock().unwrap().as_ref().unwrap().signal("STOP");
    }

    /// Lets it go on after [`hang`](Self::hang).
    ///
    /// # Panics
    /// When it is not running.
    pub fn go_on(&self) {
        self.process.lock().unwrap().as_ref().unwrap().signal("CONT");
    }

    /// All keys of a database with all that they hold.
    ///
    /// # Panics
    /// When it cannot be read.
    #[must_use]
    pub fn dump(url: &str) -> Vec<u8> {
        let all = "local all = {} for _, key in ipairs(redis.call('KEYS', '*')) do all[#all + 1] = key \
                   for _, part in ipairs(redis.call('HGETALL', key)) do all[#all + 1] = part end end return all";
        let dumped =
            std::process::Command::new("redis-cli").args(["-u", url, "--raw", "EVAL", all, "0"]).output().unwrap();
        assert!(
            dumped.status.success() && !dumped.stdout.starts_with(b"ERR"),
            "{}",
            String::from_utf8_lossy(&dumped.stdout)
        );
        dumped.stdout
    }

    /// An empty database that nobody has: its URL.
    #[must_use]
    pub fn fresh_database(&self) -> String {
        format!("redis://127.0.0.1:{}/{}", self.port, self.databases.fetch_add(1, Ordering::Relaxed))
    }
}
