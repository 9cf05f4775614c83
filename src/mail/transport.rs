//! How mail leaves: over SMTP, or into the development mailbox when no server is configured.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use tokio::sync::Notify;

use super::Mail;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::time::Timestamp;

const TIMEOUT: Duration = Duration::from_secs(30);
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
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
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
            Some(url) => Transport::Smtp(
                AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose())
                    .map_err(Error::internal)?
                    .timeout(Some(TIMEOUT))
                    .build(),
            ),
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
                smtp.send(message).await.map_err(|e| Error::Unavailable(e.into()))?;
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
