//! What a log-in answers, however it came about.

use docket::sessions::service::Opened;

use crate::accounts::SignedIn;
use crate::paths;
use crate::request::{Credentials, RequestScope};

/// Hands out the cookies and says where to go: to `next`, if it is a path of ours.
pub(crate) fn signed_in_by(scope: &RequestScope, opened: Opened, next: Option<&str>) -> SignedIn {
    let location = next.and_then(paths::local).unwrap_or(paths::HOME).to_owned();
    let answer =
        SignedIn { user: opened.profile.user.clone(), token: opened.access.clone(), location: location.clone() };
    scope.then(|outcome| {
        outcome.location = Some(location);
        outcome.credentials = Some(Credentials::Set(opened));
    });
    answer
}
