//! A todo's row, written as text.
//!
//! Rows are by far the most that a page holds. As views, each were some twenty elements with markers between them: to render,
//! to send, to take over and to redraw one by one. As text, a row is one. Attributes whose values need no quotes have none
//! (WHATWG HTML, 13.1.2.3).

use std::fmt::Write;

use docket::todos::Todo;
use html_escape::encode_double_quoted_attribute as escape;

use super::words;
use crate::ui::{self, Line};

impl Line for Todo {
    fn write(&self, html: &mut String) {
        line(self, html);
    }
}

/// Writes the HTML of a todo's row: one form with a button for each thing to do with it, which works without WebAssembly. It
/// says nowhere where it goes, so it goes to the page that it stands on: [`super::Act`] answers there.
pub fn line(todo: &Todo, html: &mut String) {
    let Todo { id, title, notes, done, .. } = todo;
    let (act, class) = if *done { ("reopen", "\"row is-done\"") } else { ("done", "row") };
    let (title, notes) = (escape(title), escape(notes));
    let menu = ui::words::menu(&title);
    let notes = if notes.is_empty() { String::new() } else { format!("<span class=notes>{notes}</span>") };
    let _ = write!(
        html,
        "<form method=post class={class}><input type=hidden name=id value={id}>\
         <button class=check name=act value={act} role=checkbox aria-checked={done} aria-label=\"{title}\"></button>\
         <a href=\"?edit={id}\" class=title data-noscroll><span class=name>{title}</span>{notes}</a>\
         <span class=grip></span>\
         <details class=menu><summary aria-label=\"{menu}\"></summary><div>\
         <button name=act value=edit>{}</button><button name=act value=up>{}</button><button name=act value=down>{}</button>\
         <button name=act value=delete>{}</button></div></details></form>",
        words::EDIT,
        words::MOVE_UP,
        words::MOVE_DOWN,
        words::DELETE,
    );
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn todo(title: &str, notes: &str, done: bool) -> Todo {
        Todo {
            id: Uuid::from_u128(1),
            list_id: Uuid::nil(),
            title: title.into(),
            notes: notes.into(),
            done,
            version: 1,
        }
    }

    fn line(todo: &Todo) -> String {
        let mut html = String::new();
        super::line(todo, &mut html);
        html
    }

    // What stands between quotes, and what between tags.
    fn markup(html: &str) -> Vec<String> {
        html.split('<')
            .skip(1)
            .map(|tag| tag.split('>').next().unwrap_or_default().split('"').step_by(2).collect())
            .collect()
    }

    proptest! {
        #[test]
        fn r34_nothing_that_is_typed_becomes_markup(title: String, notes in ".{1,40}", evil in "[<>\"'&/= a-z]{0,40}", done: bool) {
            let plain = markup(&line(&todo("plain", "plain", done)));
            for (title, notes) in [(&title, &notes), (&evil, &notes), (&title, &(evil.clone() + "."))] {
                prop_assert_eq!(markup(&line(&todo(title, notes, done))), plain.clone());
            }
        }
    }

    #[test]
    fn what_is_done_can_be_reopened_and_the_other_way_round() {
        assert!(line(&todo("Milk", "", false)).contains("value=done role=checkbox aria-checked=false"));
        assert!(line(&todo("Milk", "", true)).contains("value=reopen role=checkbox aria-checked=true"));
    }

    #[test]
    fn a_row_is_short() {
        let length = line(&todo("", "", false)).len();
        assert!(length < 650, "{length} bytes without the title, which stands in it three times");
    }
}
