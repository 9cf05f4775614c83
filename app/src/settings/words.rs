//! Events in words.

use docket::audit::{Event, Record};

use crate::theme::Theme;

/// What happened, as one would tell its owner.
pub(super) fn event(record: &Record) -> &'static str {
    match (record.event, record.done) {
        (Event::SignUp, _) => "Sign-up begun",
        (Event::AccountCreated, _) => "Account made",
        (Event::LogIn, true) => "Logged in",
        (Event::LogIn, false) => "Log-in refused: wrong password",
        (Event::LogOut, _) => "Logged out",
        (Event::Reauthentication, true) => "Password confirmed",
        (Event::Reauthentication, false) => "Wrong password while logged in",
        (Event::RefreshReused, _) => {
            "A used token came back: somebody may have copied it, so that device was logged out"
        }
        (Event::SessionEnded, _) => "A device was logged out",
        (Event::OtherSessionsEnded, _) => "All other devices were logged out",
        (Event::PasswordForgotten, _) => "A code for a new password was asked for",
        (Event::CodeEntered, _) => "A code that was not right, or not good any more",
        (Event::PasswordReset, _) => "New password set by code, or by whoever runs this Docket",
        (Event::PasswordChanged, _) => "Password changed",
        (Event::UsernameChanged, _) => "User name changed",
        (Event::EmailChangeBegun, _) => "A code for another address was asked for",
        (Event::EmailChanged, _) => "Address changed",
        (Event::DataExported, _) => "Data downloaded",
        (Event::AccountDeleted, _) => "Account deleted",
        (Event::AccountDisabled, _) => "Account closed by whoever runs this Docket",
        (Event::AccountEnabled, _) => "Account opened again by whoever runs this Docket",
        (Event::RoleChanged, _) => "Role changed by whoever runs this Docket",
    }
}

pub(super) fn log_out(device: &str) -> String {
    format!("{LOG_OUT} {device}")
}

pub(super) fn events_told(count: u32) -> String {
    format!("The last {count} events. If one was not you, change your password: that logs all other devices out.")
}

pub(super) fn from(ip: &str) -> Option<String> {
    (!ip.is_empty()).then(|| format!(", from {ip}"))
}

pub(super) fn theme(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "Automatic",
        Theme::Light => "Light",
        Theme::Dark => "Dark",
    }
}

pub(super) const SETTINGS: &str = "Settings";
pub(super) const USERNAME: &str = "User name";
pub(super) const USERNAME_HINT: &str = "3 to 32 letters, digits, or _ - .";
pub(super) const CHANGE_NAME: &str = "Change the name";
pub(super) const EMAIL: &str = "E-mail address";
pub(super) const EMAIL_NOW: &str = "Mail for you goes to ";
pub(super) const NEW_EMAIL: &str = "New address";
pub(super) const NEW_EMAIL_HINT: &str = "We send a code there, and tell the old one.";
pub(super) const SEND_CODE: &str = "Send the code";
pub(super) const PASSWORD: &str = "Password";
pub(super) const CURRENT_PASSWORD: &str = "Current password";
pub(super) const NEW_PASSWORD: &str = "New password";
pub(super) const NEW_PASSWORD_HINT: &str =
    "Several words are easiest to remember. All other devices will be logged out.";
pub(super) const CHANGE_PASSWORD: &str = "Change the password";
pub(super) const APPEARANCE: &str = "Appearance";
pub(super) const APPEARANCE_LEGEND: &str = "On this device, show Docket";
pub(super) const DATA: &str = "Your data";
pub(super) const DATA_TOLD: &str = "Everything that is kept of you, in one file: lists, todos, the trash, where you are logged in, and what happened to your account.";
pub(super) const DOWNLOAD: &str = "Download my data";
pub(super) const DEVICE: &str = "This device";
pub(super) const LOG_OUT: &str = "Log out";
pub(super) const DELETE: &str = "Delete the account";
pub(super) const DELETE_TOLD: &str = "Your account goes with all its lists and todos, at once and for good. It cannot be brought back: download your data first.";
pub(super) const DELETE_SURE: &str = "Delete my account for good";
pub(super) const ACCOUNT: &str = "Account";
pub(super) const DEVICES: &str = "Devices and events";
pub(super) const EMAIL_CODE: &str = "Confirm the address";
pub(super) const EMAIL_CODE_TOLD: &str =
    "We have sent a mail with a code of six digits to your new address. The mail says how long it works.";
pub(super) const CHANGE_EMAIL: &str = "Change the address";
pub(super) const KEEP_EMAIL: &str = "Keep the address as it is";
pub(super) const CONFIRM: &str = "Confirm it is you";
pub(super) const CONFIRM_TOLD: &str =
    "You logged in a while ago. Enter your password once more; then this goes on where you were.";
pub(super) const GO_ON: &str = "Go on";
pub(super) const CANCEL: &str = "Cancel";
pub(super) const THIS_DEVICE: &str = "this device";
pub(super) const LAST_SEEN: &str = "Last seen ";
pub(super) const LOGGED_IN: &str = ", logged in ";
pub(super) const WHERE: &str = "Where you are logged in";
pub(super) const LOG_OUT_OTHERS: &str = "Log out all other devices";
pub(super) const EVENTS: &str = "What happened to your account";
pub(super) const NAME_CHANGED: &str = "Your user name is changed.";
pub(super) const PASSWORD_CHANGED: &str = "Your password is changed, and all other devices are logged out.";
pub(super) const EMAIL_CHANGED: &str = "Your address is changed. A mail to the older one tells of it.";
pub(super) const DEVICE_OUT: &str = "That device is logged out.";
pub(super) const OTHERS_OUT: &str = "All other devices are logged out.";
pub(super) const DELETED: &str = "Your account is deleted, with everything in it.";
pub(super) const CONFIRMED: &str = "Thank you. You can download your data now.";
pub(super) const THEME_SET: &str = "This device shows Docket so from now on.";
