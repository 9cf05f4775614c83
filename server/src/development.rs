//! The development mailbox at `/dev/mail`: there only while no mail server is configured and the public URL is a
//! loopback address.

use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use html_escape::encode_safe;

use crate::state::AppState;

/// Whether the mailbox is there.
pub(crate) fn is_on(state: &AppState) -> bool {
    state.docket.config.public_url.is_loopback() && state.docket.mailer.development_mailbox().is_some()
}

/// Shows all mails, newest first.
pub(crate) async fn mailbox(State(state): State<AppState>) -> Response {
    let mails = state.docket.mailer.development_mailbox().unwrap_or_default();
    let articles: String = mails
        .iter()
        .map(|received| {
            let (to, subject, text) = (
                encode_safe(&received.mail.recipient),
                encode_safe(&received.mail.subject),
                encode_safe(&received.mail.text),
            );
            format!("<article class=\"mail\"><h2>{subject}</h2><p>to {to}</p><pre>{text}</pre></article>")
        })
        .collect();
    let none = if mails.is_empty() { "<p>No mail yet.</p>" } else { "" };
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Development mailbox</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><link rel=\"stylesheet\" href=\"{}\"></head>\
         <body><main class=\"pane\"><h1>Development mailbox</h1><p class=\"hint\">No mail server is configured, so mail ends here, newest first. \
         It is gone when the server stops.</p>{none}{articles}</main></body></html>",
        state.site.css
    );
    Html(page).into_response()
}
