//! An SMTP server.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use mailin::{Action, Handler, Response, SessionBuilder, response};
use tokio::sync::watch;

const PATIENCE: Duration = Duration::from_secs(20);

/// How a mail server treats who speaks to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Manner {
    /// Takes every mail.
    #[default]
    Willing,
    /// Takes none for now (SMTP code 451).
    Refusing,
    /// Listens and never says another word.
    Hanging,
    /// Takes mail after a second's thought.
    Slow,
}

/// An SMTP server that keeps what it gets.
#[derive(Debug, Clone, Default)]
pub struct Sink {
    shared: Arc<Shared>,
    now: Vec<u8>,
}

#[derive(Debug, Default)]
struct Shared {
    mails: Mutex<Vec<String>>,
    arrived: Condvar,
    /// What was said to it since it began to behave as it does.
    lines: watch::Sender<u64>,
    manner: Mutex<Manner>,
}

impl Handler for Sink {
    fn data(&mut self, buf: &[u8]) -> std::io::Result<()> {
        self.now.extend_from_slice(buf);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let mail = String::from_utf8_lossy(&std::mem::take(&mut self.now)).into_owned();
        match self.manner() {
            Manner::Refusing => return response::INTERNAL_ERROR,
            #[expect(clippy::disallowed_methods, reason = "a server that is slow")]
            Manner::Slow => std::thread::sleep(Duration::from_secs(1)),
            Manner::Willing | Manner::Hanging => {}
        }
        self.shared.mails.lock().unwrap().push(mail);
        self.shared.arrived.notify_all();
        response::OK
    }
}

impl Sink {
    /// Starts it; it ends with the test process.
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    pub fn start() -> (Self, SocketAddr) {
        let sink = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let each = sink.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let sink = each.clone();
                std::thread::spawn(move || sink.serve(stream));
            }
        });
        (sink, addr)
    }

    /// From now on it treats everybody in this manner.
    ///
    /// # Panics
    /// Never in use.
    pub fn behave(&self, manner: Manner) {
        *self.shared.manner.lock().unwrap() = manner;
        self.shared.lines.send_replace(0);
    }

    fn manner(&self) -> Manner {
        *self.shared.manner.lock().unwrap()
    }

    fn serve(self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut lines = BufReader::new(stream.try_clone()?);
        let shared = self.shared.clone();
        let mut session = SessionBuilder::new("sink").build(stream.peer_addr()?.ip(), self);
        session.greeting().write_to(&mut stream)?;
        loop {
            let mut line = Vec::new();
            if lines.read_until(b'\n', &mut line)? == 0 {
                return Ok(());
            }
            shared.lines.send_modify(|said| *said += 1);
            if *shared.manner.lock().unwrap() == Manner::Hanging {
                return std::io::copy(&mut lines, &mut std::io::sink()).map(drop);
            }
            let answer = session.process(&line);
            match answer.action {
                Action::NoReply => {}
                Action::Reply => answer.write_to(&mut stream)?,
                Action::Close | Action::UpgradeTls => {
                    return answer.write_to(&mut stream).and_then(|()| stream.flush());
                }
            }
        }
    }

    /// Waits until somebody has spoken to it since it began to behave as it does.
    ///
    /// # Panics
    /// When nobody does within 20 seconds.
    pub async fn was_asked(&self) {
        let mut lines = self.shared.lines.subscribe();
        tokio::time::timeout(PATIENCE, lines.wait_for(|said| *said > 0)).await.unwrap().unwrap();
    }

    /// All mail that was not taken yet, whole as it came.
    ///
    /// # Panics
    /// Never in use.
    #[must_use]
    pub fn mails(&self) -> Vec<String> {
        self.shared.mails.lock().unwrap().clone()
    }

    /// Waits for the next mail to an address, whole as it came, and takes it.
    ///
    /// # Panics
    /// When none comes within 20 seconds.
    pub async fn mail_to(&self, address: &str) -> String {
        let (shared, to) = (self.shared.clone(), format!("To: {address}"));
        let wait = move || {
            let find = |all: &Vec<String>| all.iter().position(|mail| mail.contains(&to));
            let all = shared.mails.lock().unwrap();
            let (mut all, _) = shared.arrived.wait_timeout_while(all, PATIENCE, |all| find(all).is_none()).unwrap();
            let index = find(&all).unwrap_or_else(|| panic!("no mail {to}"));
            all.remove(index)
        };
        tokio::task::spawn_blocking(wait).await.unwrap()
    }

    /// The code in the next mail to an address.
    ///
    /// # Panics
    /// When none comes within 20 seconds.
    pub async fn code_for(&self, address: &str) -> String {
        let mail = self.mail_to(address).await;
        let subject = mail.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap();
        subject.split_whitespace().next().unwrap().to_owned()
    }
}
