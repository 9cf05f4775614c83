//! Mail: queued in the same transaction as the change that causes it ([`outbox`]), sent by a [`worker`] through a
//! [`Mailer`].

pub mod outbox;
mod transport;
pub mod worker;

pub use transport::{Mailer, Received};

use html_escape::encode_safe;

/// A mail to be sent, both parts saying the same.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The address, without a name.
    pub recipient: String,
    /// One line.
    pub subject: String,
    /// For programs that show plain text.
    pub text: String,
    /// For the others.
    pub html: String,
}

impl Mail {
    /// A mail of short paragraphs; the HTML part is made from them, so that the two cannot differ. A paragraph that
    /// is a one-time code stands out.
    #[must_use]
    pub fn of_paragraphs(recipient: &str, subject: &str, paragraphs: &[Paragraph<'_>]) -> Self {
        let text = paragraphs.iter().map(|p| p.text().to_owned()).collect::<Vec<_>>().join("\n\n");
        let body: String = paragraphs.iter().map(Paragraph::html).collect();
        let html = format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{}</title></head>\
             <body style=\"font-family:system-ui,sans-serif;line-height:1.5;max-width:32em\">{body}</body></html>",
            encode_safe(subject)
        );
        Self { recipient: recipient.to_owned(), subject: subject.to_owned(), text: text + "\n", html }
    }
}

/// A piece of a mail.
#[derive(Debug, Clone, Copy)]
pub enum Paragraph<'a> {
    /// Words.
    Text(&'a str),
    /// A one-time code.
    Code(&'a str),
    /// An address to open.
    Link(&'a str),
}

impl Paragraph<'_> {
    fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Code(text) | Self::Link(text) => text,
        }
    }

    fn html(&self) -> String {
        let text = encode_safe(self.text());
        match self {
            Self::Text(_) => format!("<p>{text}</p>"),
            Self::Code(_) => {
                format!(
                    "<p style=\"font-size:2em;letter-spacing:.2em;font-family:monospace\"><strong>{text}</strong></p>"
                )
            }
            Self::Link(_) => format!("<p><a href=\"{text}\">{text}</a></p>"),
        }
    }
}
