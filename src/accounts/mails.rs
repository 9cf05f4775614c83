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

/// The code that confirms another address for an account.
pub(super) fn change_email(config: &Config, to: &Email, username: &str, code: &str) -> Mail {
    Mail::of_paragraphs(
        to.as_str(),
        &format!("{code} is your code for a new Docket address"),
        &[
            Paragraph::Text(&format!(
                "Hello {username}, here is the code that makes this the address of your account:"
            )),
            Paragraph::Code(code),
            Paragraph::Text(&format!("It works once, within {}.", minutes(config))),
            Paragraph::Text("If you have no Docket account, ignore this mail: without the code nothing happens."),
        ],
    )
}

/// The account has another address from now on: said to the older one, which may be all its owner still reads.
pub(super) fn email_changed(config: &Config, to: &str, username: &str, new: &str) -> Mail {
    let link = config.public_url.as_str().to_owned();
    Mail::of_paragraphs(
        to,
        "Your Docket account has another address",
        &[
            Paragraph::Text(&format!(
                "Hello {username}, mail for your account goes to {new} from now on, and you log in with that address or your name."
            )),
            Paragraph::Text("If that was not you, ask whoever runs this Docket for help at once:"),
            Paragraph::Link(&link),
        ],
    )
}

/// The account is gone.
pub(super) fn account_deleted(to: &str, username: &str) -> Mail {
    Mail::of_paragraphs(
        to,
        "Your Docket account was deleted",
        &[
            Paragraph::Text(&format!("Hello {username}, your account and all its lists were deleted, as you asked.")),
            Paragraph::Text("It cannot be brought back."),
        ],
    )
}

/// Which sessions a change has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// Every one.
    All,
    /// All but the one in which it was changed.
    Others,
}

/// Somebody wants an address for their account that another account has; only its owner learns it.
pub(super) fn address_in_use(to: &Email) -> Mail {
    Mail::of_paragraphs(
        to.as_str(),
        "Somebody asked for your address",
        &[
            Paragraph::Text(
                "Someone, perhaps you, wanted to make this the address of another Docket account. It has an account already, so nothing was changed.",
            ),
            Paragraph::Text("If it was not you, there is nothing to do."),
        ],
    )
}

/// The password was changed: the owner should know, whoever did it.
pub(super) fn password_changed(config: &Config, to: &str, username: &str, ended: Ended) -> Mail {
    let devices = match ended {
        Ended::All => "all devices",
        Ended::Others => "all other devices",
    };
    let link = format!("{}/forgot", config.public_url.as_str());
    Mail::of_paragraphs(
        to,
        "Your Docket password was changed",
        &[
            Paragraph::Text(&format!(
                "Hello {username}, the password of your account was changed, and {devices} were logged out."
            )),
            Paragraph::Text("If that was not you, set a new one now:"),
            Paragraph::Link(&link),
        ],
    )
}
