//! What errors say to people: in one place, so that a translation can follow.

use docket::Error;
use docket::error::{Code, CodeProblem, FieldErrors, Problem};

use crate::error::ApiError;
use crate::pairs::Pairs;
use crate::ui;

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let mut answer = Self::new(error.code(), message(&error));
        match &error {
            Error::Invalid(fields) => answer.fields = sentences(fields),
            Error::UsernameTaken => {
                answer.fields.insert("username", "Somebody has this name already. Choose another one.")
            }
            Error::CodeInvalid(problem) => {
                answer.fields.insert("code", code_problem(*problem));
            }
            Error::EmailNotVerified { flow } => answer.location = Some(format!("/verify?flow={flow}")),
            Error::Unavailable(cause) | Error::Internal(cause) => {
                tracing::error!(cause = %cause, code = ?error.code(), "a use case failed")
            }
            _ => {}
        }
        answer
    }
}

fn message(error: &Error) -> String {
    match error {
        Error::Invalid(_) => "Something is not right yet. Have a look at the marked fields.".into(),
        Error::Malformed => ui::words::MALFORMED.into(),
        Error::TokenMissing | Error::TokenExpired | Error::TokenInvalid => {
            "You are logged out. Log in to go on.".into()
        }
        Error::CredentialsInvalid => "Name or password is wrong.".into(),
        Error::EmailNotVerified { .. } => "Your address is not confirmed yet. Enter the code from the mail.".into(),
        Error::CodeInvalid(_) => "This code does not fit.".into(),
        Error::ReauthenticationRequired => "Log in again to do this: the last time is a while ago.".into(),
        Error::Forbidden => "This is not allowed from here.".into(),
        Error::NotFound => ui::words::NOWHERE.into(),
        Error::UsernameTaken => "This name is taken.".into(),
        Error::IdTaken => "This was saved already. Reload the page to see it.".into(),
        Error::VersionConflict => {
            "This was changed elsewhere meanwhile. Your text is still here: keep it, or take the other one.".into()
        }
        Error::RateLimited { retry_after } => {
            format!("That was often in a short time. Wait {} and try again.", waiting(*retry_after))
        }
        Error::Unavailable(_) => "Docket is busy at the moment. What you typed is still here; try again soon.".into(),
        _ => "Something went wrong on our side. What you typed is still here; try again.".into(),
    }
}

fn waiting(seconds: u64) -> String {
    match seconds {
        0..=1 => "a second".into(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

fn code_problem(problem: CodeProblem) -> &'static str {
    match problem {
        CodeProblem::Wrong => "This is not the code from the mail. Check it and try again.",
        CodeProblem::Expired => "This code has expired. Ask for a new one.",
        CodeProblem::Used => "This code was used already. Log in instead.",
        CodeProblem::TooManyTries => "Too many wrong codes were entered. Ask for a new one.",
    }
}

fn sentences(fields: &FieldErrors) -> Pairs {
    let sentence =
        |field: &str, problems: &[Problem]| problems.iter().map(|p| sentence(field, *p)).collect::<Vec<_>>().join(" ");
    fields.0.iter().map(|(field, problems)| (field.clone(), sentence(field, problems))).collect()
}

fn sentence(field: &str, problem: Problem) -> String {
    match problem {
        Problem::Required => match field {
            "email" => "Enter your e-mail address.".into(),
            "username" => "Choose a user name.".into(),
            "password" => "Enter a password.".into(),
            "login" => "Enter your e-mail address or user name.".into(),
            "code" => "Enter the code from the mail.".into(),
            "name" => "Give the list a name.".into(),
            _ => "Enter something.".into(),
        },
        Problem::TooShort(min) => format!("Use at least {min} characters."),
        Problem::TooLong(max) => format!("Use at most {max} characters."),
        Problem::ControlCharacters => "This holds invisible characters that cannot be kept. Type it anew.".into(),
        Problem::Characters => "Use letters (A to Z), digits, and _ - . only.".into(),
        Problem::NotAnAddress => "This does not look like an e-mail address.".into(),
        Problem::Malformed => match field {
            "code" => "The code has six digits.".into(),
            _ => "This is not what is expected here.".into(),
        },
        Problem::TooMany => "You have as many lists as there can be. Empty the trash or delete one first.".into(),
        Problem::Taken => "Somebody has this already.".into(),
        Problem::Unknown => "This is not there any more.".into(),
        Problem::Wrong => "This is not right.".into(),
        Problem::WrongType => "This is of the wrong type.".into(),
        Problem::Duplicate => "This is given more than once.".into(),
        Problem::OutOfRange => "This is too small or too large.".into(),
        Problem::TooCommon => "This password is among the first that others try. Choose another one.".into(),
    }
}

/// The words for a page that failed with nothing better to say.
#[must_use]
pub fn internal() -> ApiError {
    ApiError::new(Code::Internal, message(&Error::internal("")))
}
