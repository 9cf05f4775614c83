//! Paths of pages.

use docket::todos::Todo;
use uuid::Uuid;

/// Where people start who are logged in.
pub const HOME: &str = "/lists";

/// One's own account.
pub const SETTINGS: &str = "/settings";
/// Where one is logged in.
pub const SESSIONS: &str = "/settings/sessions";
/// Where the code for another address is entered.
pub const EMAIL_CODE: &str = "/settings/email";
/// Where the password is asked for once more.
pub const CONFIRM: &str = "/settings/confirm";
/// All that is kept of somebody, as a file.
pub const EXPORT: &str = "/settings/export";

/// Lists and todos by their text.
pub const FIND: &str = "/find";

/// What was deleted.
pub const TRASH: &str = "/trash";

/// Whether WebAssembly takes over a page: it does where people work. All other pages are documents.
#[must_use]
pub fn is_hydrated(path: &str) -> bool {
    path == TRASH || path.strip_prefix(HOME).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a page shows the lists beside it.
#[must_use]
pub fn has_lists(path: &str) -> bool {
    is_hydrated(path)
        || path == FIND
        || path == SETTINGS
        || path.strip_prefix(SETTINGS).is_some_and(|rest| rest.starts_with('/'))
}

/// The page that asks for the password once more and leads back to a path.
#[must_use]
pub fn confirm(next: &str) -> String {
    format!("{CONFIRM}?next={}", encoded(next))
}

/// The pages that nobody has to be logged in for. All others are guarded.
pub const OPEN: &[&str] = &["/", "/sign-up", "/verify", "/log-in", "/forgot", "/reset", GALLERY];

/// All widgets together, for development.
pub const GALLERY: &str = "/dev/ui";

/// A list's page.
#[must_use]
pub fn list(id: Uuid) -> String {
    format!("/lists/{id}")
}

/// The list whose page this is.
#[must_use]
pub fn list_of(path: &str) -> Option<Uuid> {
    path.strip_prefix(HOME)?.trim_matches('/').parse().ok()
}

/// A todo's editor, in its list.
#[must_use]
pub fn todo(todo: &Todo) -> String {
    format!("{}?edit={}", list(todo.list_id), todo.id)
}

/// The log-in page that leads back to a path.
#[must_use]
pub fn log_in(next: &str) -> String {
    format!("/log-in?next={}", encoded(next))
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => char::from(b).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// A target to redirect to, if it is a path on this origin: begins with one slash, and holds nothing that a browser
/// would read as another host (`//`, `/\`) or drop (control characters).
#[must_use]
pub fn local(target: &str) -> Option<&str> {
    let rest = target.strip_prefix('/')?;
    let another_host = rest.starts_with(['/', '\\']);
    let odd = target.chars().any(|c| c.is_control() || c == '\\') || !target.is_ascii();
    (!another_host && !odd).then_some(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_on_this_origin_are_local() {
        for fine in ["/", "/lists", "/lists/1?edit=2", "/trash#x"] {
            assert_eq!(local(fine), Some(fine));
        }
        for evil in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "lists",
            "/\t/evil.example",
            "/a\r\nSet-Cookie: x",
            "/lists\\x",
        ] {
            assert_eq!(local(evil), None, "{evil:?}");
        }
    }

    #[test]
    fn a_list_is_found_by_the_path_of_its_page() {
        let id = Uuid::from_u128(1);
        assert_eq!(list_of(&list(id)), Some(id));
        assert_eq!(list_of(&(list(id) + "/")), Some(id));
        for other in [HOME, "/lists/1", TRASH, &format!("/{id}")] {
            assert_eq!(list_of(other), None, "{other}");
        }
    }

    #[test]
    fn the_way_back_survives_the_query() {
        assert_eq!(log_in("/lists/1?edit=2&x=a b"), "/log-in?next=/lists/1%3Fedit%3D2%26x%3Da%20b");
    }
}
