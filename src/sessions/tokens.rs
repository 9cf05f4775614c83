//! Making and reading the credentials of a session.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::{AccessToken, hs256};
use crate::config::Secret;
use crate::error::{Error, Result};
use crate::time::Timestamp;

const ISSUER: &str = "docket";
/// Bytes of a refresh token before encoding: session id, generation, MAC.
const REFRESH_LENGTH: usize = 16 + 8 + 32;
/// Random bytes of a device's mark.
const DEVICE_NONCE: usize = 16;

/// The keys in use: new credentials are made with the newest, those made with an older one go on being accepted.
pub(crate) struct Keys {
    newest: KeySet,
    older: Vec<KeySet>,
}

/// Keys for each purpose, derived from one secret so that none serves two.
struct KeySet {
    encoding: EncodingKey,
    decoding: DecodingKey,
    id: String,
    refresh: [u8; 32],
    codes: [u8; 32],
    cursors: [u8; 32],
    devices: [u8; 32],
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.all().map(|key| &key.id)).finish()
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    /// The user.
    sub: Uuid,
    /// The session.
    sid: Uuid,
    iat: i64,
    exp: i64,
}

/// Whom an access token speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bearer {
    pub(super) user: Uuid,
    pub(super) session: Uuid,
}

impl KeySet {
    fn derive(secret: &Secret) -> Self {
        let key = |purpose: &[u8]| mac(secret.expose().as_bytes(), &[b"docket v1 ", purpose]);
        let access = key(b"access");
        Self {
            encoding: EncodingKey::from_secret(&access),
            decoding: DecodingKey::from_secret(&access),
            id: BASE64.encode(&Sha256::digest(access)[..6]),
            refresh: key(b"refresh"),
            codes: key(b"codes"),
            cursors: key(b"cursors"),
            devices: key(b"devices"),
        }
    }

    fn refresh_token(&self, session: Uuid, generation: i64, salt: &[u8]) -> String {
        let generation = generation.to_be_bytes();
        let mac = mac(&self.refresh, &[session.as_bytes(), &generation, salt]);
        BASE64.encode([session.as_bytes().as_slice(), &generation, &mac].concat())
    }

    fn code_hash(&self, key: &str, code: &str) -> [u8; 32] {
        mac(&self.codes, &[key.as_bytes(), b" ", code.as_bytes()])
    }

    fn device(&self, account: Uuid, nonce: &[u8]) -> String {
        BASE64.encode([nonce, &mac(&self.devices, &[account.as_bytes(), nonce])].concat())
    }
}

impl Keys {
    /// Keys from secrets, newest first.
    pub(crate) fn derive(newest: &Secret, older: &[Secret]) -> Self {
        hs256::install();
        Self { newest: KeySet::derive(newest), older: older.iter().map(KeySet::derive).collect() }
    }

    fn all(&self) -> impl Iterator<Item = &KeySet> {
        std::iter::once(&self.newest).chain(&self.older)
    }

    pub(super) fn access_token(&self, bearer: Bearer, now: Timestamp, ttl: std::time::Duration) -> Result<AccessToken> {
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some(self.newest.id.clone());
        let claims = Claims {
            iss: ISSUER.into(),
            aud: ISSUER.into(),
            sub: bearer.user,
            sid: bearer.session,
            iat: now.seconds(),
            exp: now.plus(ttl).seconds(),
        };
        let access_token = jsonwebtoken::encode(&header, &claims, &self.newest.encoding).map_err(Error::internal)?;
        Ok(AccessToken { access_token, expires_in: ttl.as_secs() })
    }

    /// Reads an access token: HS256 only, the key of ours that it names, our issuer and audience, all claims present, no
    /// leeway (RFC 8725, 3.1 to 3.11).
    pub(super) fn read_access_token(&self, token: &str, now: Timestamp) -> Result<Bearer> {
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(&[ISSUER]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        rules.leeway = 0;
        // Compared below with the domain's clock.
        rules.validate_exp = false;
        let named = jsonwebtoken::decode_header(token).map_err(|_| Error::TokenInvalid)?.kid;
        let key = self.all().find(|key| named.as_deref() == Some(&key.id)).ok_or(Error::TokenInvalid)?;
        let token = jsonwebtoken::decode::<Claims>(token, &key.decoding, &rules).map_err(|_| Error::TokenInvalid)?;
        if token.claims.iat > now.seconds() {
            return Err(Error::TokenInvalid);
        }
        if token.claims.exp <= now.seconds() {
            return Err(Error::TokenExpired);
        }
        Ok(Bearer { user: token.claims.sub, session: token.claims.sid })
    }

    /// The refresh token of one generation of a session. Computed, never stored: whoever races for the successor
    /// gets the same one, and the rows give none away.
    pub(super) fn refresh_token(&self, session: Uuid, generation: i64, salt: &[u8]) -> Secret {
        Secret::new(self.newest.refresh_token(session, generation, salt))
    }

    /// What shows later that somebody has logged in to an account on this device before (OWASP, "Device cookies").
    pub(crate) fn device(&self, account: Uuid) -> Secret {
        Secret::new(self.newest.device(account, &rand::random::<[u8; DEVICE_NONCE]>()))
    }

    /// Whether a device is known to an account.
    pub(crate) fn knows_device(&self, account: Uuid, device: &str) -> bool {
        let Ok(bytes) = BASE64.decode(device) else { return false };
        let Some(nonce) = bytes.get(..DEVICE_NONCE) else { return false };
        self.all().any(|key| same(&key.device(account, nonce), device))
    }

    /// What shows that a cursor was given out by us, for this query.
    pub(crate) fn cursor_signature(&self, query: &str, content: &[u8]) -> [u8; 32] {
        mac(&self.newest.cursors, &[query.as_bytes(), b"\0", content])
    }

    /// Whether a cursor was given out by us, for this query.
    pub(crate) fn is_cursor_signature(&self, query: &str, content: &[u8], signature: &[u8]) -> bool {
        let expected = |key: &KeySet| mac(&key.cursors, &[query.as_bytes(), b"\0", content]);
        self.all().any(|key| expected(key)[..signature.len().min(32)].ct_eq(signature).into())
    }

    /// The hash under which a one-time code is kept: keyed, because a million codes are quickly tried.
    pub(crate) fn code_hash(&self, key: &str, code: &str) -> [u8; 32] {
        self.newest.code_hash(key, code)
    }

    /// The hashes under which it may be kept, if it was mailed before a key was replaced.
    pub(crate) fn code_hashes(&self, key: &str, code: &str) -> Vec<[u8; 32]> {
        self.all().map(|keys| keys.code_hash(key, code)).collect()
    }

    /// A text that stands for another one, such as an address, where that is nobody's business.
    pub(crate) fn pseudonym(&self, text: &str) -> String {
        BASE64.encode(&self.code_hash("pseudonym", text)[..16])
    }
}

/// A refresh token, taken apart but not yet believed.
#[derive(Debug, Clone, Copy)]
pub(super) struct RefreshClaim {
    pub(super) session: Uuid,
    pub(super) generation: i64,
}

impl RefreshClaim {
    pub(super) fn read(token: &str) -> Option<Self> {
        let bytes = BASE64.decode(token).ok().filter(|bytes| bytes.len() == REFRESH_LENGTH)?;
        let session = Uuid::from_slice(&bytes[..16]).ok()?;
        let generation = i64::from_be_bytes(bytes[16..24].try_into().ok()?);
        Some(Self { session, generation })
    }

    /// Whether we made this token.
    pub(super) fn is_genuine(&self, token: &str, keys: &Keys, salt: &[u8]) -> bool {
        keys.all().any(|key| same(&key.refresh_token(self.session, self.generation, salt), token))
    }
}

/// A fresh session cookie and the hash to store.
pub(super) fn session_cookie() -> (Secret, Vec<u8>) {
    let cookie = BASE64.encode(rand::random::<[u8; 32]>());
    let hash = cookie_hash(&cookie);
    (Secret::new(cookie), hash)
}

/// How a session cookie is looked up. Unkeyed and fast is enough for 256 random bits.
pub(super) fn cookie_hash(cookie: &str) -> Vec<u8> {
    Sha256::digest(cookie.as_bytes()).to_vec()
}

fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes keys of any length, so there is no error to speak of.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| Hmac::new(&Default::default()));
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use hmac::digest::KeyInit;
    use sha2::{Sha384, Sha512};

    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000_000);
    const TTL: Duration = Duration::from_secs(600);

    fn keys(secret: &str) -> Keys {
        Keys::derive(&Secret::new(secret), &[])
    }

    fn someone() -> Bearer {
        Bearer { user: Uuid::now_v7(), session: Uuid::now_v7() }
    }

    // R19.
    #[test]
    fn an_access_token_is_read_until_the_second_it_expires() {
        let (keys, bearer) = (keys("a secret of some length"), someone());
        let token = keys.access_token(bearer, NOW, TTL).unwrap().access_token;
        assert_eq!(keys.read_access_token(&token, NOW.plus(Duration::from_secs(599))).unwrap(), bearer);
        assert!(matches!(keys.read_access_token(&token, NOW.plus(TTL)), Err(Error::TokenExpired)));
    }

    #[test]
    fn a_token_of_another_key_or_algorithm_is_invalid() {
        let (ours, bearer) = (keys("ours"), someone());
        let theirs = keys("theirs").access_token(bearer, NOW, TTL).unwrap().access_token;
        assert!(matches!(ours.read_access_token(&theirs, NOW), Err(Error::TokenInvalid)));
        let token = ours.access_token(bearer, NOW, TTL).unwrap().access_token;
        let unsigned = BASE64.encode(r#"{"alg":"none","typ":"JWT"}"#);
        let (_, rest) = token.split_once('.').unwrap();
        for forged in
            [format!("{unsigned}.{rest}"), format!("{unsigned}.{}.", rest.split('.').next().unwrap()), String::new()]
        {
            assert!(matches!(ours.read_access_token(&forged, NOW), Err(Error::TokenInvalid)), "{forged}");
        }
    }

    fn segment(json: &str) -> String {
        BASE64.encode(json)
    }

    // By any algorithm: `jsonwebtoken` signs with one only (`hs256`).
    fn signed_with<M: Mac + KeyInit>(key: &KeySet, header: &Header, claims: &str) -> String {
        let message = format!("{}.{claims}", segment(&serde_json::to_string(header).unwrap()));
        let mac = <M as Mac>::new_from_slice(key.encoding.as_bytes()).unwrap().chain_update(&message);
        format!("{message}.{}", BASE64.encode(mac.finalize().into_bytes()))
    }

    #[test]
    fn r19_no_forged_access_token_is_read() {
        let (ours, bearer) = (keys("ours"), someone());
        let key = &ours.newest;
        let good = ours.access_token(bearer, NOW, TTL).unwrap().access_token;
        let [header, claims, signature] = good.split('.').collect::<Vec<_>>()[..] else { panic!() };
        let sign =
            |header: &Header, claims: &serde_json::Value| jsonwebtoken::encode(header, claims, &key.encoding).unwrap();
        let claims_with = |name: &str, value: serde_json::Value| {
            let mut all: serde_json::Value = serde_json::from_slice(&BASE64.decode(claims).unwrap()).unwrap();
            match value.is_null() {
                true => drop(all.as_object_mut().unwrap().remove(name)),
                false => all[name] = value,
            }
            all
        };
        let named = |kid: Option<&str>, algorithm| Header { kid: kid.map(str::to_owned), ..Header::new(algorithm) };
        let genuine = named(Some(&key.id), Algorithm::HS256);
        assert_eq!(ours.read_access_token(&sign(&genuine, &claims_with("x", 1.into())), NOW).unwrap(), bearer);
        assert_eq!(ours.read_access_token(&signed_with::<Hmac<Sha256>>(key, &genuine, claims), NOW).unwrap(), bearer);

        let mut forged = vec![
            // No algorithm, however it is spelt, with and without a signature.
            format!("{}.{claims}.", segment(r#"{"alg":"none","typ":"JWT"}"#)),
            format!("{}.{claims}.{signature}", segment(r#"{"alg":"None"}"#)),
            format!("{}.{claims}.{signature}", segment(&format!(r#"{{"alg":"none","kid":"{}"}}"#, key.id))),
            // Another algorithm: the key as if it were a public one (RFC 8725, 2.1), or another hash.
            format!("{}.{claims}.{signature}", segment(&format!(r#"{{"alg":"RS256","kid":"{}"}}"#, key.id))),
            format!("{}.{claims}.{signature}", segment(&format!(r#"{{"alg":"ES256","kid":"{}"}}"#, key.id))),
            signed_with::<Hmac<Sha384>>(key, &named(Some(&key.id), Algorithm::HS384), claims),
            signed_with::<Hmac<Sha512>>(key, &named(Some(&key.id), Algorithm::HS512), claims),
            // Headers that want to choose the key.
            format!(
                "{}.{claims}.{signature}",
                segment(&format!(r#"{{"alg":"HS256","kid":"{}","jwk":{{"kty":"oct","k":""}}}}"#, key.id))
            ),
            // Somebody else's claims under our signature.
            format!(
                "{header}.{}.{signature}",
                BASE64.encode(claims_with("sub", Uuid::now_v7().to_string().into()).to_string())
            ),
            format!("{header}.{claims}.{}", &signature[1..]),
            format!("{header}.{claims}"),
            format!("{header}.{claims}.{signature}.{signature}"),
            format!(" {good}"),
            format!("{good}="),
            String::new(),
            "...".to_owned(),
        ];
        for kid in [
            None,
            Some(""),
            Some("../../dev/null"),
            Some("' or 1=1 --"),
            Some("AAAAAAAA"),
            Some(&format!("{}\0", key.id)),
        ] {
            forged.push(sign(&named(kid, Algorithm::HS256), &claims_with("x", 1.into())));
        }
        for (name, value) in [
            ("iss", "evil".into()),
            ("iss", serde_json::Value::Null),
            ("aud", "another".into()),
            ("aud", serde_json::json!(["another"])),
            ("aud", serde_json::Value::Null),
            ("exp", serde_json::Value::Null),
            ("exp", "tomorrow".into()),
            ("sub", serde_json::Value::Null),
            ("sub", "somebody".into()),
            ("sid", serde_json::Value::Null),
            ("iat", (NOW.seconds() + 1).into()),
            ("iat", serde_json::Value::Null),
        ] {
            forged.push(sign(&genuine, &claims_with(name, value)));
        }
        for token in forged {
            assert!(matches!(ours.read_access_token(&token, NOW), Err(Error::TokenInvalid)), "{token}");
        }
        let expired = sign(&genuine, &claims_with("exp", NOW.seconds().into()));
        assert!(matches!(ours.read_access_token(&expired, NOW), Err(Error::TokenExpired)));
        // One that is forged and expired is not told to be ours.
        let theirs = keys("theirs").access_token(bearer, NOW.minus(TTL), TTL).unwrap().access_token;
        assert!(matches!(ours.read_access_token(&theirs, NOW), Err(Error::TokenInvalid)));
    }

    #[test]
    fn r20_what_an_older_key_made_is_read_until_the_key_is_gone() {
        let (bearer, session) = (someone(), Uuid::now_v7());
        let old = keys("old");
        let access = old.access_token(bearer, NOW, TTL).unwrap().access_token;
        let refresh = old.refresh_token(session, 0, b"salt");
        let device = old.device(bearer.user);
        let both = Keys::derive(&Secret::new("new"), &[Secret::new("old")]);
        assert_eq!(both.read_access_token(&access, NOW).unwrap(), bearer);
        assert!(RefreshClaim::read(refresh.expose()).unwrap().is_genuine(refresh.expose(), &both, b"salt"));
        assert!(both.knows_device(bearer.user, device.expose()));
        for order in [["new", "old"], ["old", "new"]] {
            let both = Keys::derive(&Secret::new(order[0]), &[Secret::new(order[1])]);
            assert!(both.code_hashes("flow", "123456").contains(&old.code_hash("flow", "123456")));
        }
        let new = keys("new");
        assert!(matches!(new.read_access_token(&access, NOW), Err(Error::TokenInvalid)));
        assert!(!RefreshClaim::read(refresh.expose()).unwrap().is_genuine(refresh.expose(), &new, b"salt"));
        assert!(!new.knows_device(bearer.user, device.expose()));
        let made = both.access_token(bearer, NOW, TTL).unwrap().access_token;
        assert_eq!(new.read_access_token(&made, NOW).unwrap(), bearer);
    }

    proptest::proptest! {
        #[test]
        fn r39_nothing_invented_is_a_token(text in "\\PC{0,200}|[A-Za-z0-9_.-]{0,300}", account: u128) {
            let keys = keys("ours");
            proptest::prop_assert!(keys.read_access_token(&text, NOW).is_err());
            proptest::prop_assert!(!keys.knows_device(Uuid::from_u128(account), &text));
            if let Some(claim) = RefreshClaim::read(&text) {
                proptest::prop_assert!(!claim.is_genuine(&text, &keys, b"salt"));
            }
        }
    }

    #[test]
    fn a_refresh_token_is_genuine_only_as_we_made_it() {
        let (keys, session) = (keys("ours"), Uuid::now_v7());
        let token = keys.refresh_token(session, 7, b"salt");
        let claim = RefreshClaim::read(token.expose()).unwrap();
        assert_eq!((claim.session, claim.generation), (session, 7));
        assert!(claim.is_genuine(token.expose(), &keys, b"salt"));
        assert!(!claim.is_genuine(token.expose(), &keys, b"other"));
        let higher = RefreshClaim { generation: 8, ..claim };
        assert!(!higher.is_genuine(token.expose(), &keys, b"salt"));
        assert!(RefreshClaim::read("short").is_none());
    }
}
