//! Finding lists and todos by their text: by the palette where WebAssembly runs, else by a page.

#[cfg(feature = "ssr")]
pub mod pages;
pub mod palette;

use docket::lists::List;
use docket::todos::Todo;

use crate::lists::sidebar::Lists;
use crate::paths;
use crate::ui::words;

/// What was found: what it says, beside what, and where it leads.
#[derive(Debug, Clone, PartialEq)]
struct Found {
    text: String,
    beside: String,
    href: String,
}

impl Found {
    fn place(text: &str, href: &str) -> Self {
        Self { text: text.to_owned(), beside: String::new(), href: href.to_owned() }
    }

    fn list(list: &List) -> Self {
        Self::place(&list.name, &paths::list(list.id))
    }

    fn todo(todo: &Todo, lists: Lists) -> Self {
        let list = lists.name(todo.list_id).unwrap_or_default();
        let beside = if todo.done { words::done_in(&list) } else { list };
        Self { beside, ..Self::place(&words::found(&todo.title, &todo.notes), &paths::todo(todo)) }
    }

    /// Whether it says what was typed, in lower case.
    fn fits(&self, typed: &str) -> bool {
        self.text.to_lowercase().contains(typed)
    }
}
