//! How often somebody may do what costs others something: guess passwords and codes, have mail sent, keep the server busy
//! (OWASP ASVS 5.0, 2.4.1 and 6.3.1). Each is a setting of its own.

use std::net::IpAddr;

use uuid::Uuid;

use crate::Docket;
use crate::config::{Config, Limit};
use crate::error::{Error, Result};

/// What is limited by the address it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limited {
    /// Logging in.
    LogIn,
    /// Beginning an account.
    SignUp,
    /// Asking for mail: a password reset, or a code once more.
    Forgot,
    /// Trying a code.
    Verify,
    /// Renewing a session, or ending it.
    Refresh,
    /// Having a password looked at while it is typed.
    Advise,
}

impl Limited {
    fn limit(self, config: &Config) -> Option<Limit> {
        match self {
            Self::LogIn => config.limit_log_in,
            Self::SignUp => config.limit_sign_up,
            Self::Forgot => config.limit_forgot,
            Self::Verify => config.limit_verify,
            Self::Refresh => config.limit_refresh,
            Self::Advise => config.limit_advise,
        }
    }
}

/// Counts one more from an address, over all nodes.
///
/// # Errors
/// [`Error::RateLimited`].
pub async fn count(docket: &Docket, what: Limited, from: Option<IpAddr>) -> Result<()> {
    let Some(Limit { most, period }) = what.limit(&docket.config) else { return Ok(()) };
    let key = format!("limit:{what:?}:{}", from.map(network).unwrap_or_default());
    docket.kv.count(&key, most, period).await.map_err(limited)
}

/// Counts one more call of somebody who is logged in. On this node only: it is the node's time that is limited, and
/// asking another server would cost more than most calls.
///
/// # Errors
/// [`Error::RateLimited`].
pub fn count_user(docket: &Docket, user: Uuid) -> Result<()> {
    let Some(Limit { most, period }) = docket.config.limit_user else { return Ok(()) };
    docket.kv.count_here(&format!("limit:user:{user}"), most, period).map_err(limited)
}

/// Tries of a password that may be wrong. Counted before it is compared, so that many at once are counted too, and
/// forgotten when it was right.
///
/// Somebody's own device counts for itself, so that strangers who guess cannot lock the owner out (OWASP, "Slow Down
/// Online Guessing Attacks with Device Cookies").
#[derive(Debug)]
pub(crate) struct Tries(String);

impl Tries {
    /// At logging in under a name or address, whether or not there is such an account. With another password the count begins
    /// anew: whoever has set one by a mailed code gets in.
    pub(crate) fn of_login(docket: &Docket, login: &str, account: Option<(Uuid, &str)>) -> Self {
        let hash = account.map_or("", |(_, hash)| hash);
        let device = docket.client.device.as_deref();
        let known = device.filter(|device| account.is_some_and(|(id, _)| docket.keys.knows_device(id, device)));
        Self(match known {
            Some(device) => format!("tries:device:{}", docket.keys.pseudonym(&format!("{device} {hash}"))),
            None => format!("tries:login:{}", docket.keys.pseudonym(&format!("{login} {hash}"))),
        })
    }

    /// Within a session.
    pub(crate) fn of_account(docket: &Docket, account: Uuid, hash: &str) -> Self {
        Self(format!("tries:account:{}", docket.keys.pseudonym(&format!("{account} {hash}"))))
    }

    /// Counts one more.
    pub(crate) async fn count(&self, docket: &Docket) -> Result<()> {
        let Some(Limit { most, period }) = docket.config.limit_account else { return Ok(()) };
        docket.kv.count(&self.0, most, period).await.map_err(limited)
    }

    /// The password was right.
    pub(crate) async fn forget(&self, docket: &Docket) {
        docket.kv.forget_count(&self.0).await;
    }
}

fn limited(left: std::time::Duration) -> Error {
    Error::RateLimited { retry_after: left.as_secs() + 1 }
}

// Whoever has one address of version 6 has as many as the 64 bits behind the network allow.
fn network(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => std::net::Ipv6Addr::from(u128::from(ip) & !u128::from(u64::MAX)).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn addresses_of_one_network_count_together() {
        let all = ["2001:db8::1", "2001:db8::2:3", "2001:db8:0:1::1", "192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2"];
        let networks = all.map(|ip| network(ip.parse().unwrap()));
        assert_eq!(networks[0], networks[1]);
        assert_ne!(networks[0], networks[2]);
        assert_eq!(networks[3], networks[4]);
        assert_ne!(networks[3], networks[5]);
    }
}
