//! The cookies: the session, the refresh token, the mark of a known device, how pages look, and the key of what a failed form left.

use app::theme::Theme;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use cookie::{Cookie, SameSite, time::Duration};
use docket::config::{Config, Secret};
use docket::sessions::service::Opened;

/// Only below these paths is the refresh token sent: once for pages, once for programs.
const REFRESH_PATHS: [&str; 2] = ["/rpc/app/sessions", "/api/v1/auth"];
/// Only where somebody logs in is it told that the device is known: once for pages, once for programs.
const DEVICE_PATHS: [&str; 2] = ["/rpc/app/sessions/log_in", "/api/v1/auth/log-in"];
const A_YEAR: Duration = Duration::days(365);
const FLASH_AGE: Duration = Duration::minutes(5);

/// Makes and reads cookies as the public URL allows: over https with the `__Host-` and `__Secure-` prefixes (RFC
/// 6265bis, 4.1.3), so that no other host can plant them.
#[derive(Debug, Clone)]
pub(crate) struct Cookies {
    secure: bool,
    age: Duration,
}

impl Cookies {
    pub(crate) fn new(config: &Config) -> Self {
        let age = Duration::seconds(config.refresh_max.as_secs().try_into().unwrap_or(i64::MAX));
        Self { secure: config.public_url.is_https(), age }
    }

    pub(crate) fn session(&self, headers: &HeaderMap) -> Option<String> {
        read(headers, self.session_name())
    }

    pub(crate) fn refresh(&self, headers: &HeaderMap) -> Option<String> {
        read(headers, self.refresh_name())
    }

    pub(crate) fn device(&self, headers: &HeaderMap) -> Option<String> {
        read(headers, self.device_name())
    }

    pub(crate) fn flash(&self, headers: &HeaderMap) -> Option<String> {
        read(headers, self.flash_name())
    }

    /// Hands out the credentials of a session.
    pub(crate) fn set_session(&self, headers: &mut HeaderMap, opened: &Opened) {
        if let Some(session) = &opened.cookie {
            self.set_cookie(headers, session);
        }
        for path in REFRESH_PATHS {
            self.append(headers, self.refresh_name(), opened.refresh.expose(), path, SameSite::Strict, self.age);
        }
        for (device, path) in opened.device.iter().flat_map(|device| DEVICE_PATHS.map(|path| (device, path))) {
            self.append(headers, self.device_name(), device.expose(), path, SameSite::Strict, A_YEAR);
        }
    }

    /// Hands out a session cookie.
    pub(crate) fn set_cookie(&self, headers: &mut HeaderMap, session: &Secret) {
        self.append(headers, self.session_name(), session.expose(), "/", SameSite::Lax, self.age);
    }

    /// Takes them back.
    pub(crate) fn remove_session(&self, headers: &mut HeaderMap) {
        self.append(headers, self.session_name(), "", "/", SameSite::Lax, Duration::ZERO);
        for path in REFRESH_PATHS {
            self.append(headers, self.refresh_name(), "", path, SameSite::Strict, Duration::ZERO);
        }
    }

    pub(crate) fn theme(&self, headers: &HeaderMap) -> Option<Theme> {
        read(headers, self.theme_name())?.parse().ok()
    }

    pub(crate) fn set_theme(&self, headers: &mut HeaderMap, theme: Theme) {
        self.append(headers, self.theme_name(), theme.as_str(), "/", SameSite::Lax, A_YEAR);
    }

    pub(crate) fn set_flash(&self, headers: &mut HeaderMap, key: &str) {
        self.append(headers, self.flash_name(), key, "/", SameSite::Lax, FLASH_AGE);
    }

    pub(crate) fn remove_flash(&self, headers: &mut HeaderMap) {
        self.append(headers, self.flash_name(), "", "/", SameSite::Lax, Duration::ZERO);
    }

    fn session_name(&self) -> &'static str {
        if self.secure { "__Host-session" } else { "session" }
    }

    fn refresh_name(&self) -> &'static str {
        if self.secure { "__Secure-refresh" } else { "refresh" }
    }

    fn device_name(&self) -> &'static str {
        if self.secure { "__Secure-device" } else { "device" }
    }

    fn theme_name(&self) -> &'static str {
        if self.secure { "__Host-theme" } else { "theme" }
    }

    fn flash_name(&self) -> &'static str {
        if self.secure { "__Host-flash" } else { "flash" }
    }

    fn append(
        &self,
        headers: &mut HeaderMap,
        name: &'static str,
        value: &str,
        path: &'static str,
        same_site: SameSite,
        age: Duration,
    ) {
        let cookie = Cookie::build((name, value))
            .path(path)
            .same_site(same_site)
            .http_only(true)
            .secure(self.secure)
            .max_age(age);
        // Names and values are ours and hold nothing a header cannot.
        if let Ok(value) = HeaderValue::from_str(&cookie.build().to_string()) {
            headers.append(SET_COOKIE, value);
        }
    }
}

fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok());
    // Most that are looked for are not there: to see that takes less than to parse the others.
    let mut found = cookies
        .filter(|header| header.contains(name))
        .flat_map(Cookie::split_parse)
        .flatten()
        .filter(|cookie| cookie.name() == name);
    found.next().map(|cookie| cookie.value().to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn r39_whatever_stands_in_a_cookie_header_is_read_or_passed_over(header: Vec<u8>, value in "[A-Za-z0-9_-]{1,40}") {
            let mut headers = HeaderMap::new();
            if let Ok(header) = HeaderValue::from_bytes(&header) {
                headers.append(COOKIE, header);
                // No panic, whatever is found.
                drop(read(&headers, "session"));
            }
            headers.clear();
            headers.append(COOKIE, HeaderValue::from_str(&format!("a=b; session={value}; session2=x")).unwrap());
            prop_assert_eq!(read(&headers, "session"), Some(value));
        }
    }
}
