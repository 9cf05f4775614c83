//! An SMTP server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use mailin::{Action, AuthMechanism, Handler, Response, SessionBuilder, response};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
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
    credentials: Option<(&'static str, &'static str)>,
}

/// How a server protects itself.
#[derive(Debug)]
struct Security {
    tls: Tls,
    credentials: Option<(&'static str, &'static str)>,
}

#[derive(Debug)]
enum Tls {
    None,
    Implicit(Arc<ServerConfig>),
    Start(Arc<ServerConfig>),
}

/// A connection, encrypted or not.
trait Stream: Read + Write + Send {}
impl<S: Read + Write + Send> Stream for S {}

fn encrypted(config: &Arc<ServerConfig>, stream: Box<dyn Stream>) -> Box<dyn Stream> {
    Box::new(StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), stream))
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
    fn auth_plain(&mut self, _: &str, name: &str, password: &str) -> Response {
        if self.credentials == Some((name, password)) { response::AUTH_OK } else { response::INVALID_CREDENTIALS }
    }

    fn mail(&mut self, _: IpAddr, _: &str, _: &str) -> Response {
        if self.manner() == Manner::Refusing { response::INTERNAL_ERROR } else { response::OK }
    }

    fn data(&mut self, buf: &[u8]) -> std::io::Result<()> {
        self.now.extend_from_slice(buf);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let mail = String::from_utf8_lossy(&std::mem::take(&mut self.now)).into_owned();
        #[expect(clippy::disallowed_methods, reason = "a server that is slow")]
        if self.manner() == Manner::Slow {
            std::thread::sleep(Duration::from_secs(1));
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
        Self::listen(Security { tls: Tls::None, credentials: None })
    }

    /// Starts one that takes mail over TLS only, from the beginning or after `STARTTLS`, and only from whoever logs in
    /// with this name and password. Answers the certificate too, which is `localhost`'s.
    ///
    /// # Panics
    /// When no port is free.
    #[must_use]
    pub fn start_secure(implicit: bool, name: &'static str, password: &'static str) -> (Self, SocketAddr, String) {
        let rcgen::CertifiedKey { cert, signing_key } =
            rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_no_client_auth().with_single_cert(vec![cert.der().clone()], key).unwrap();
        let tls = if implicit { Tls::Implicit } else { Tls::Start }(Arc::new(config));
        let (sink, addr) = Self::listen(Security { tls, credentials: Some((name, password)) });
        (sink, addr, cert.pem())
    }

    fn listen(security: Security) -> (Self, SocketAddr) {
        let sink = Self { credentials: security.credentials, ..Self::default() };
        let security = Arc::new(security);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let each = sink.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (sink, security) = (each.clone(), security.clone());
                std::thread::spawn(move || sink.serve(stream, &security));
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

    fn serve(self, stream: TcpStream, security: &Security) -> std::io::Result<()> {
        let shared = self.shared.clone();
        let mut builder = SessionBuilder::new("sink");
        if security.credentials.is_some() {
            builder.enable_auth(AuthMechanism::Plain);
        }
        if matches!(security.tls, Tls::Start(_)) {
            builder.enable_start_tls();
        }
        // The library does not see encryption that is there from the beginning.
        if matches!(security.tls, Tls::Implicit(_)) {
            builder.insecure_enable_plaintext_auth();
        }
        let peer = stream.peer_addr()?.ip();
        let mut stream: BufReader<Box<dyn Stream>> = BufReader::new(match &security.tls {
            Tls::Implicit(config) => encrypted(config, Box::new(stream)),
            Tls::None | Tls::Start(_) => Box::new(stream),
        });
        let mut session = builder.build(peer, self);
        session.greeting().write_to(stream.get_mut())?;
        loop {
            let mut line = Vec::new();
            if stream.read_until(b'\n', &mut line)? == 0 {
                return Ok(());
            }
            shared.lines.send_modify(|said| *said += 1);
            if *shared.manner.lock().unwrap() == Manner::Hanging {
                return std::io::copy(&mut stream, &mut std::io::sink()).map(drop);
            }
            let answer = session.process(&line);
            match (&answer.action, &security.tls) {
                (Action::NoReply, _) => {}
                (Action::Reply, _) => answer.write_to(stream.get_mut())?,
                (Action::UpgradeTls, Tls::Start(config)) => {
                    answer.write_to(stream.get_mut())?;
                    stream = BufReader::new(encrypted(config, stream.into_inner()));
                    session.tls_active();
                }
                (Action::Close | Action::UpgradeTls, _) => {
                    return answer.write_to(stream.get_mut()).and_then(|()| stream.get_mut().flush());
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
