//! A server process that cannot outlive the test program.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);

/// Starts the server, tells its process id, and ends it at a word on standard input, or when nobody holds the other end
/// any more, which the system sees to even when the test program is killed; then it removes the folder too.
const GUARD: &str = r#"signal=$1; folder=$2; shift 2
"$@" </dev/null >"$folder/log" 2>&1 &
server=$!; echo $server
read word
kill -$signal $server 2>/dev/null; wait $server
[ "$word" = keep ] || rm -rf "$folder"
exit 0"#;

/// A running server.
#[derive(Debug)]
pub(crate) struct Guarded {
    guard: Child,
    pid: u32,
}

impl Guarded {
    /// Runs a command until dropped; then it gets the signal. Its output goes to `log` in the folder.
    pub(crate) fn start(signal: &str, folder: &str, command: &[&str]) -> Self {
        let mut guard = Command::new("sh")
            .args(["-c", GUARD, "guard", signal, folder])
            .args(command)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(guard.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { guard, pid: line.trim().parse().unwrap() }
    }

    /// Sends it a signal, such as `KILL` or `STOP`.
    pub(crate) fn signal(&self, name: &str) {
        run("kill", &["-s", name, &self.pid.to_string()]);
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        if let Some(mut stdin) = self.guard.stdin.take() {
            let _ = stdin.write_all(b"keep\n");
        }
        let _ = self.guard.wait();
    }
}

/// Runs a program to its end, which must be a good one.
pub(crate) fn run(program: &str, arguments: &[&str]) {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("cannot start {program}: {error}. `cargo xtask test` tells how to install it"));
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Waits until something listens on a port, and answers as it should.
pub(crate) fn wait_for(port: u16, answers: impl Fn() -> bool) {
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() || !answers() {
        assert!(begun.elapsed() < PATIENCE, "nothing answers on port {port}");
        #[expect(clippy::disallowed_methods, reason = "a test may wait for a server to start")]
        std::thread::sleep(Duration::from_millis(20));
    }
}
