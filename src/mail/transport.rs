//! How mail leaves: over SMTP, or into the development mailbox when no server is configured.

use std::collections::VecDeque;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::PoolConfig;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use tokio::sync::Notify;

use super::{Mail, Paragraph};
use crate::accounts::email::Email;
use crate::config::{Config, Secret};
use crate::error::{Error, Result};
use crate::time::Timestamp;

const CONNECT: Duration = Duration::from_secs(5);
/// Connections that are open at most.
const CONNECTIONS: u32 = 10;
const KEPT: usize = 100;

/// Sends mail. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Mailer {
    from: Mailbox,
    transport: Transport,
    pub(super) due: Arc<Notify>,
}

#[derive(Debug, Clone)]
enum Transport {
    Smtp(Smtp),
    Development(Arc<Mutex<VecDeque<Received>>>),
}

/// A mail in the development mailbox.
#[derive(Debug, Clone)]
pub struct Received {
    /// When it arrived.
    pub at: Timestamp,
    /// What it says.
    pub mail: Mail,
}

impl Mailer {
    /// A mailer as configured.
    ///
    /// # Errors
    /// When the SMTP URL cannot be used.
    pub fn new(config: &Config) -> Result<Self> {
        let transport = match &config.smtp_url {
            Some(url) => Transport::Smtp(Smtp::new(url, config.smtp_timeout)?),
            None => Transport::Development(Arc::default()),
        };
        Ok(Self { from: config.mail_from.clone(), transport, due: Arc::default() })
    }

    /// Hands one mail over.
    ///
    /// # Errors
    /// When the server does not take it; trying again later may help.
    pub(super) async fn send(&self, mail: &Mail, at: Timestamp) -> Result<()> {
        match &self.transport {
            Transport::Smtp(smtp) => {
                let to = mail.recipient.parse().map_err(Error::internal)?;
                let parts = MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone());
                let message = Message::builder()
                    .from(self.from.clone())
                    .to(to)
                    .subject(mail.subject.clone())
                    .message_id(None)
                    .multipart(parts)
                    .map_err(Error::internal)?;
                smtp.send(message).await?;
            }
            Transport::Development(mailbox) => {
                tracing::info!(
                    to = mail.recipient,
                    subject = mail.subject,
                    text = mail.text,
                    "mail (no SMTP server is configured)"
                );
                let mut kept = mailbox.lock().unwrap_or_else(PoisonError::into_inner);
                kept.truncate(KEPT - 1);
                kept.push_front(Received { at, mail: mail.clone() });
            }
        }
        Ok(())
    }

    /// Sends a mail at once, past the outbox, to try the configuration.
    ///
    /// # Errors
    /// When no mail server is configured, or it does not take the mail: in words for whoever configures it.
    pub async fn test(&self, recipient: &Email) -> Result<()> {
        let Transport::Smtp(_) = self.transport else {
            return Err(Error::internal("DOCKET_SMTP_URL is not set, so mail does not leave this machine"));
        };
        let words = "Docket can send mail: this is its test.";
        let mail = Mail::of_paragraphs(recipient.as_str(), "A test by Docket", &[Paragraph::Text(words)]);
        self.send(&mail, Timestamp(0)).await
    }

    /// Whether the mail server can be reached and lets us in.
    ///
    /// # Errors
    /// When it does not; without a server there is nothing to fail.
    pub async fn check(&self) -> Result<()> {
        let Transport::Smtp(smtp) = &self.transport else { return Ok(()) };
        smtp.check().await
    }

    /// The development mailbox, newest first; `None` when mail leaves over SMTP.
    #[must_use]
    pub fn development_mailbox(&self) -> Option<Vec<Received>> {
        match &self.transport {
            Transport::Smtp(_) => None,
            Transport::Development(mailbox) => {
                Some(mailbox.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect())
            }
        }
    }

    /// Tells the worker that something is waiting; call it after the commit.
    pub fn notify(&self) {
        self.due.notify_one();
    }
}

type Pool = AsyncSmtpTransport<Tokio1Executor>;

/// A mail server, spoken to over a pool of connections.
#[derive(Debug, Clone)]
struct Smtp {
    url: Secret,
    timeout: Duration,
    pool: Arc<Mutex<Pool>>,
}

impl Smtp {
    fn new(url: &Secret, timeout: Duration) -> Result<Self> {
        let url = Secret::new(encrypted(url.expose()));
        Ok(Self { pool: Arc::new(Mutex::new(pool_of(&url, timeout)?)), url, timeout })
    }

    fn pool(&self) -> Pool {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn send(&self, message: Message) -> Result<()> {
        let pool = self.pool();
        let mut sending = pin!(pool.send(message));
        match tokio::time::timeout(self.timeout, &mut sending).await {
            Ok(sent) => sent.map(drop).map_err(|error| Error::Unavailable(error.into())),
            Err(_) => {
                // The pool would take the connection back in the middle of a mail, and take the server's late answer for
                // the answer to the next one. So nobody uses this pool any more.
                let fresh = pool_of(&self.url, self.timeout)?;
                *self.pool.lock().unwrap_or_else(PoisonError::into_inner) = fresh;
                Err(Error::Unavailable("the mail server takes too long".into()))
            }
        }
    }

    async fn check(&self) -> Result<()> {
        match tokio::time::timeout(self.timeout, self.pool().test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(Error::Unavailable("the mail server does not answer as it should".into())),
            Ok(Err(error)) => Err(Error::Unavailable(error.into())),
            Err(_) => Err(Error::Unavailable("the mail server takes too long".into())),
        }
    }
}

fn pool_of(url: &Secret, timeout: Duration) -> Result<Pool> {
    let builder = Pool::from_url(url.expose()).map_err(Error::internal)?;
    let connections = PoolConfig::new().max_size(CONNECTIONS);
    Ok(builder.timeout(Some(CONNECT.min(timeout))).pool_config(connections).build())
}

// The library speaks in the clear unless the URL asks for encryption. Here it is the other way round: whoever logs in to
// a mail server elsewhere does so over TLS, everybody else where it is offered, unless the URL says `tls=none`.
fn encrypted(url: &str) -> String {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let Some(authority) = address.strip_prefix("smtp://") else { return url.to_owned() };
    match query.split('&').find_map(|pair| pair.strip_prefix("tls=")) {
        Some("none") => return address.to_owned(),
        Some(_) => return url.to_owned(),
        None => {}
    }
    let (credentials, host) = authority.rsplit_once('@').map_or((None, authority), |(c, host)| (Some(c), host));
    let host = host.trim_end_matches('/');
    let host =
        host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit())).map_or(host, |(h, _)| h);
    let here = ["localhost", "127.0.0.1", "[::1]"].contains(&host);
    match (credentials, here) {
        (Some(_), false) => format!("{address}?tls=required"),
        _ => format!("{address}?tls=opportunistic"),
    }
}

#[cfg(test)]
mod tests {
    use super::encrypted;

    #[test]
    fn nobody_logs_in_elsewhere_in_the_clear_unless_told_so() {
        for (given, used) in [
            ("smtps://a:b@mail.example.org", "smtps://a:b@mail.example.org"),
            ("smtp://a:b@mail.example.org:587", "smtp://a:b@mail.example.org:587?tls=required"),
            ("smtp://a:b@localhost:2525", "smtp://a:b@localhost:2525?tls=opportunistic"),
            ("smtp://a:b@localhost.example.org:25", "smtp://a:b@localhost.example.org:25?tls=required"),
            ("smtp://mail:25", "smtp://mail:25?tls=opportunistic"),
            ("smtp://a:b@mail?tls=opportunistic", "smtp://a:b@mail?tls=opportunistic"),
            ("smtp://a:b@mail:25?tls=none", "smtp://a:b@mail:25"),
        ] {
            assert_eq!(encrypted(given), used);
        }
    }
}
