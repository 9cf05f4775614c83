//! What accounts write to people.

use super::email::Email;
use crate::config::Config;
use crate::mail::{Mail, Paragraph};

fn minutes(config: &Config) -> String {
    let seconds = config.code_ttl.as_secs();
    match seconds {
        0..120 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds / 60),
    }
}

/// The code that confirms an address.
pub(super) fn confirm(config: &Config, to: &str, username: &str, code: &str) -> Mail {
    Mail::of_paragraphs(
        to,
        &format!("{code} is your Docket code"),
        &[
            Paragraph::Text(&format!("Hello {username}, here is the code that confirms your address:")),
            Paragraph::Code(code),
            Paragraph::Text(&format!("It works once, within {}.", minutes(config))),
            Paragraph::Text("If you did not sign up, ignore this mail: without the code nothing happens."),
        ],
    )
}

/// Somebody signed up with an address that has an account; only the owner learns it.
pub(super) fn already_registered(config: &Config, to: &str) -> Mail {
    let link = format!("{}/log-in", config.public_url.as_str());
    Mail::of_paragraphs(
        to,
        "You already have a Docket account",
        &[
            Paragraph::Text("Someone, perhaps you, tried to sign up with this address. It has an account already:"),
            Paragraph::Link(&link),
            Paragraph::Text("If you have forgotten the password, you can set a new one from there."),
            Paragraph::Text("If it was not you, there is nothing to do: your account is unchanged."),
        ],
    )
}

/// The code that allows a new password.
pub(super) fn reset(config: &Config, to: &Email, username: &str, code: &str) -> Mail {
    Mail::of_paragraphs(
        to.as_str(),
        &format!("{code} is your code for a new Docket password"),
        &[
            Paragraph::Text(&format!("Hello {username}, here is the code for setting a new password:")),
            Paragraph::Code(code),
            Paragraph::Text(&format!("It works once, within {}.", minutes(config))),
            Paragraph::Text("If you did not ask for it, ignore this mail: your password stays as it is."),
        ],
    )
}

/// Somebody asked for a new password for an address without an account.
pub(super) fn no_account(config: &Config, to: &Email) -> Mail {
    let link = format!("{}/sign-up", config.public_url.as_str());
    Mail::of_paragraphs(
        to.as_str(),
        "There is no Docket account with this address",
        &[
            Paragraph::Text(
                "Someone, perhaps you, asked for a new password for this address, but it has no account. You can make one here:",
            ),
            Paragraph::Link(&link),
            Paragraph::Text("If it was not you, there is nothing to do."),
        ],
    )
}

/// The password was changed: the owner should know, whoever did it.
pub(super) fn password_changed(config: &Config, to: &str, username: &str) -> Mail {
    let link = format!("{}/forgot", config.public_url.as_str());
    Mail::of_paragraphs(
        to,
        "Your Docket password was changed",
        &[
            Paragraph::Text(&format!(
                "Hello {username}, the password of your account was changed, and all devices were logged out."
            )),
            Paragraph::Text("If that was not you, set a new one now:"),
            Paragraph::Link(&link),
        ],
    )
}
