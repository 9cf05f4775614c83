//! One-time codes: six digits that prove someone reads the mail of an address. Only a keyed hash is kept, in the
//! short-lived store, bound to the flow and the purpose it was made for (OWASP ASVS 5.0, 6.5 and 6.6).

use uuid::Uuid;

use super::Code;
use crate::Docket;
use crate::audit::{self, Event, Subject};
use crate::error::{CodeProblem, Error, Result};
use crate::kv::Attempt;

/// What a code is for; a code for one does not open the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    SignUp,
    ResetPassword,
    ChangeEmail,
}

impl Purpose {
    fn key(self, flow: Uuid) -> String {
        match self {
            Self::SignUp => format!("code:sign-up:{flow}"),
            Self::ResetPassword => format!("code:reset:{flow}"),
            Self::ChangeEmail => format!("code:email:{flow}"),
        }
    }
}

/// Makes a code; an older one for the same flow is void from now on.
pub(super) async fn issue(docket: &Docket, purpose: Purpose, flow: Uuid) -> Result<String> {
    let code = format!("{:06}", rand::random_range(0..1_000_000));
    let key = purpose.key(flow);
    let hash = docket.keys.code_hash(&key, &code);
    docket.kv.put_code(&key, hash, docket.config.code_tries, docket.config.code_ttl).await?;
    Ok(code)
}

/// Uses a code up, or says why it opens nothing, which is written down.
pub(super) async fn redeem(
    docket: &Docket,
    purpose: Purpose,
    flow: Uuid,
    code: &Code,
    user: Option<Uuid>,
) -> Result<()> {
    let key = purpose.key(flow);
    let problem = match docket.kv.try_code(&key, &docket.keys.code_hashes(&key, code.as_str())).await? {
        Attempt::Right => return Ok(()),
        Attempt::Wrong => CodeProblem::Wrong,
        Attempt::Exhausted => CodeProblem::TooManyTries,
        Attempt::Used => CodeProblem::Used,
        Attempt::Missing => CodeProblem::Expired,
    };
    audit::refused(docket, Event::CodeEntered, Subject { user, session: None }).await?;
    Err(Error::CodeInvalid(problem))
}

/// Lets one address get a mail of a kind once in a while only, whoever asks.
pub(super) async fn pause_mail(docket: &Docket, purpose: Purpose, email_canonical: &str) -> Result<()> {
    pause(docket, &format!("{purpose:?} {email_canonical}")).await
}

/// Lets a code be mailed once in a while only.
pub(super) async fn pause(docket: &Docket, what: &str) -> Result<()> {
    let key = format!("mail:{}", docket.keys.pseudonym(what));
    let paused = docket.kv.pause(&key, docket.config.code_resend).await?;
    paused.map_err(|left| Error::RateLimited { retry_after: left.as_secs() + 1 })
}
