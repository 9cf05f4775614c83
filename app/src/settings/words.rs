//! Events and times in words.

use docket::audit::{Event, Record};
use docket::time::Timestamp;

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

/// How long ago something was.
pub(super) fn ago(then: Timestamp, now: Timestamp) -> String {
    let seconds = (now.seconds() - then.seconds()).max(0);
    let (count, unit) = match seconds {
        0..60 => return "just now".into(),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    if count == 1 { format!("1 {unit} ago") } else { format!("{count} {unit}s ago") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_the_largest_unit_that_fits() {
        let now = Timestamp(1_800_000_000_000_000);
        for (seconds, words) in [
            (0, "just now"),
            (59, "just now"),
            (60, "1 minute ago"),
            (3599, "59 minutes ago"),
            (7200, "2 hours ago"),
            (86_400, "1 day ago"),
            (86_400 * 40, "40 days ago"),
        ] {
            assert_eq!(ago(now.minus(std::time::Duration::from_secs(seconds)), now), words);
        }
    }
}
