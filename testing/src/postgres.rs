//! A Postgres server.

use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use crate::guarded::{Guarded, free_port, run, wait_for};

/// The user that Debian's package makes; Postgres refuses to run as root.
const SYSTEM_USER: &str = "postgres";

/// A Postgres server with an empty cluster.
#[derive(Debug)]
pub struct Postgres {
    // Before the folder, so that it has ended when that goes.
    process: Mutex<Option<Guarded>>,
    port: u16,
    databases: AtomicUsize,
    programs: PathBuf,
    folder: TempDir,
}

impl Postgres {
    /// Makes a cluster and starts it.
    ///
    /// # Panics
    /// When Postgres is not installed.
    #[must_use]
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        if is_root() {
            let id = |flag| output("id", &[flag, SYSTEM_USER]).trim().parse().unwrap();
            chown(folder.path(), Some(id("-u")), Some(id("-g"))).unwrap();
        }
        let postgres = Self {
            process: Mutex::default(),
            port: free_port(),
            databases: AtomicUsize::default(),
            programs: programs(),
            folder,
        };
        let initdb = postgres.command("initdb", &["--auth=trust", "--username=docket", "--no-sync", "--encoding=UTF8"]);
        run(&initdb[0], &initdb[1..].iter().map(String::as_str).collect::<Vec<_>>());
        postgres.start_again();
        postgres
    }

    /// Starts it again on the same data and port, after it was stopped or killed.
    ///
    /// # Panics
    /// When it does not come up.
    pub fn start_again(&self) {
        let port = self.port.to_string();
        let mut command = self.command("postgres", &["-p", &port, "-h", "127.0.0.1", "-c", "max_connections=300"]);
        command.extend(["-c".to_owned(), "unix_socket_directories=".to_owned()]);
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        // INT is its "fast" shutdown: clients are disconnected.
        let process = Guarded::start("INT", self.folder.path().to_str().unwrap(), &command);
        *self.process.lock().unwrap() = Some(process);
        let ready = self.programs.join("pg_isready");
        wait_for(self.port, || {
            Command::new(&ready)
                .args(["-q", "-h", "127.0.0.1", "-p", &port])
                .status()
                .is_ok_and(|status| status.success())
        });
    }

    /// Stops it: clients are disconnected, everything committed is kept.
    ///
    /// # Panics
    /// Never in use.
    pub fn stop(&self) {
        drop(self.process.lock().unwrap().take());
    }

    /// An empty database that nobody has: its URL.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn fresh_database(&self) -> String {
        let name = format!("docket{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let (program, port) = (self.programs.join("createdb"), self.port.to_string());
        run(program.to_str().unwrap(), &["-h", "127.0.0.1", "-p", &port, "-U", "docket", &name]);
        format!("postgres://docket@127.0.0.1:{}/{name}", self.port)
    }

    /// Everything in a database, as `pg_dump` writes it.
    ///
    /// # Panics
    /// When it cannot be read.
    #[must_use]
    pub fn dump(&self, url: &str) -> Vec<u8> {
        let dumped = Command::new(self.programs.join("pg_dump")).arg(url).output().unwrap();
        assert!(dumped.status.success(), "{}", String::from_utf8_lossy(&dumped.stderr));
        dumped.stdout
    }

    // As another user than root, on this cluster.
    fn command(&self, program: &str, arguments: &[&str]) -> Vec<String> {
        let as_user: &[&str] = match is_root() {
            true => &["setpriv", "--reuid", SYSTEM_USER, "--regid", SYSTEM_USER, "--clear-groups"],
            false => &[],
        };
        let (program, data) = (self.programs.join(program), self.folder.path().join("data"));
        let own = [program.to_str().unwrap(), "-D", data.to_str().unwrap()];
        as_user.iter().chain(&own).chain(arguments).map(|part| (*part).to_owned()).collect()
    }
}

// Debian keeps them apart from the PATH, by version.
fn programs() -> PathBuf {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().map_while(Result::ok);
    let found = debian.map(|entry| entry.path().join("bin")).filter(|bin| bin.join("initdb").exists()).max();
    found.unwrap_or_else(|| {
        let initdb = output("sh", &["-c", "command -v initdb"]);
        assert!(!initdb.is_empty(), "Postgres is not installed; `cargo xtask test` tells how to get it");
        Path::new(initdb.trim()).parent().unwrap().to_owned()
    })
}

fn is_root() -> bool {
    output("id", &["-u"]).trim() == "0"
}

fn output(program: &str, arguments: &[&str]) -> String {
    String::from_utf8(Command::new(program).args(arguments).output().unwrap().stdout).unwrap()
}
