//! What all pages say: the ways round, messages, what could not be shown.

pub(crate) const SKIP: &str = "Skip to the page";
pub(crate) const LISTS: &str = "Lists";
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

pub(crate) fn menu(of: &str) -> String {
    format!("Menu of “{of}”")
}

pub(crate) fn held(count: usize) -> String {
    match count {
        1 => "The server cannot be reached. One change waits here, and is sent as soon as it can be.".to_owned(),
        count => {
            format!("The server cannot be reached. {count} changes wait here, and are sent as soon as they can be.")
        }
    }
}
