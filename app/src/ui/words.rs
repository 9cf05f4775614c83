//! What all pages say: the ways round, messages, what could not be shown.

#[cfg(feature = "ssr")]
use crate::keys::Command;

pub(crate) const SKIP: &str = "Skip to the page";
pub(crate) const TRASH: &str = "Trash";
pub(crate) const SETTINGS: &str = "Settings";
pub(crate) const ALL_LISTS: &str = "All lists";
pub(crate) const FIND: &str = "Find";
pub(crate) const FIND_TOLD: &str = "Go to a list, find a todo";
pub(crate) const NEW: &str = "New todo or list";
pub(crate) const SHOW_KEYS: &str = "Show the keys";
pub(crate) const UNDO: &str = "Undo";
pub(crate) const UNDONE: &str = "Undone.";
pub(crate) const CAUGHT_UP: &str = "The server is back, and has all that waited here.";
pub(crate) const NOTHING_TO_UNDO: &str = "There is nothing to undo.";
pub(crate) const KEYS: &str = "Keys";
#[cfg(feature = "ssr")]
pub(crate) const KEYS_WORK: &str = "These keys work on this device";
#[cfg(feature = "ssr")]
pub(crate) const FOUND_FIRST: &str = "There may be more: those changed last come first. Type more of it to see others.";
pub(crate) const NOTHING_FOUND: &str = "Nothing found.";
pub(crate) const CLOSE: &str = "Close";
pub(crate) const TO_LISTS: &str = "Go to your lists";
pub(crate) const TO_FRONT: &str = "Go to the front page";
pub(crate) const NOT_FOUND: &str = "Not found";
pub(crate) const NOT_HERE: &str = "This page is not here";
pub(crate) const NOT_HERE_TOLD: &str = "The address may be mistyped, or what was here has been deleted. Deleted lists and todos wait in the trash for a while.";
pub(crate) const FAILED: &str = "Something went wrong";
pub(crate) const NOT_SHOWN: &str = "This page could not be shown";
pub(crate) const TRY_AGAIN: &str = "Try again";

// What went wrong where no use case was asked.
pub(crate) const UNREACHABLE: &str = "Docket cannot be reached at the moment. What you typed is still here; try again.";
#[cfg(feature = "hydrate")]
pub(crate) const UNREADABLE: &str = "Something between here and Docket did not let this through. It is not saved.";
pub(crate) const NOWHERE: &str = "This is not here any more.";
pub(crate) const MALFORMED: &str = "This could not be read. Reload the page and try again.";
pub(crate) const UNKNOWN_FIELD: &str = "There is no such field.";
pub(crate) const UNKNOWN_FIELD_TOLD: &str = "This form holds something it should not. Reload the page and try again.";

// What other sites and search engines show of a link.
#[cfg(feature = "ssr")]
pub(crate) const DESCRIPTION: &str =
    "To-do lists on a server of your own: quick, private, and they work without JavaScript.";
#[cfg(feature = "ssr")]
pub(crate) const PREVIEW: &str = "To-do lists on a server of your own.";

/// Where something that is done was found.
pub(crate) fn done_in(list: &str) -> String {
    format!("{list}, done")
}

/// A todo that was found, with the line of its notes that was looked for.
pub(crate) fn found(title: &str, line: &str) -> String {
    if line.is_empty() { title.to_owned() } else { format!("{title} — {line}") }
}

/// What was typed, where it cannot be put back.
pub(crate) fn you_wrote(reason: &str, typed: &str) -> String {
    format!("{reason} You wrote: “{typed}”")
}

/// A time that is so many seconds past.
pub(crate) fn ago(seconds: i64) -> String {
    let (count, unit) = match seconds {
        ..60 => return "just now".into(),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    if count == 1 { format!("1 {unit} ago") } else { format!("{count} {unit}s ago") }
}

/// A key as keyboards and people name it.
#[cfg(feature = "ssr")]
pub(crate) fn key(key: &str) -> String {
    let space = if key == " " { "Space" } else { " then " };
    key.replace("Arrow", "").replace("Up", "↑").replace("Down", "↓").replace(' ', space)
}

/// What a key does.
#[cfg(feature = "ssr")]
pub(crate) fn does(command: Command) -> &'static str {
    match command {
        Command::New => "New todo, or new list",
        Command::Next => "Next row",
        Command::Previous => "Row before",
        Command::Toggle => "Done, or to do again",
        Command::Edit => "Open or edit",
        Command::Delete => "Put into the trash",
        Command::Up => "Move up",
        Command::Down => "Move down",
        Command::Undo => "Undo",
        Command::Lists => "Go to the lists",
        Command::Trash => "Go to the trash",
        Command::Settings => "Go to the settings",
        Command::Search => "Go to a list, find a todo",
        Command::Help => "Show these keys",
    }
}

pub(crate) fn menu(of: &str) -> String {
    format!("Menu of “{of}”")
}

pub(crate) fn held(count: usize) -> String {
    match count {
        1 => "The server does not answer. One change waits here, and is sent as soon as it can be.".to_owned(),
        count => {
            format!("The server does not answer. {count} changes wait here, and are sent as soon as they can be.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ago;

    #[test]
    fn times_are_told_in_the_largest_unit_that_fits() {
        for (seconds, words) in [
            (-1, "just now"),
            (0, "just now"),
            (59, "just now"),
            (60, "1 minute ago"),
            (3599, "59 minutes ago"),
            (7200, "2 hours ago"),
            (86_400, "1 day ago"),
            (86_400 * 40, "40 days ago"),
        ] {
            assert_eq!(ago(seconds), words);
        }
    }
}
