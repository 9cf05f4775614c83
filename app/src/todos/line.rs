//! A todo's row, written as text.
//!
//! Rows are by far the most that a page holds. As views, each were some twenty elements with markers between them: to render,
//! to send, to take over and to redraw one by one. As text, a row is one. Attributes whose values need no quotes have none
//! (WHATWG HTML, 13.1.2.3).

use std::sync::Arc;

use docket::todos::Todo;
use html_escape::encode_double_quoted_attribute as escape;
use uuid::Uuid;

use super::words;
use crate::ui::{self, Line};

impl Line for Todo {
    fn write(&self, html: &mut String) {
        line(self, opener, html);
    }

    fn id(&self) -> Option<Uuid> {
        Some(self.id)
    }
}

/// A row whose menu is open.
pub(crate) struct Opened(pub(crate) Arc<Todo>);

impl Line for Opened {
    fn write(&self, html: &mut String) {
        // The page comes into view where one was, and the keyboard too.
        line(&self.0, |name, html| open_menu(name, " autofocus", html), html);
    }

    fn id(&self) -> Option<Uuid> {
        Some(self.0.id)
    }
}

/// The HTML of a todo's menu, open: what takes the place of what opens it.
#[must_use]
pub fn menu(title: &str) -> String {
    let mut html = String::new();
    open_menu(&ui::words::menu(&escape(title)), "", &mut html);
    html
}

// A menu has as many elements as the rest of a row, so it is not written before it is opened.
fn opener(name: &str, html: &mut String) {
    html.extend(["<button class=opener name=act value=menu aria-expanded=false aria-label=\"", name, "\"></button>"]);
}

fn open_menu(name: &str, autofocus: &str, html: &mut String) {
    html.extend(["<details class=menu open><summary aria-label=\"", name, "\"", autofocus, "></summary><div>"]);
    let buttons =
        [("edit", words::EDIT), ("up", words::MOVE_UP), ("down", words::MOVE_DOWN), ("delete", words::DELETE)];
    for (act, text) in buttons {
        html.extend(["<button name=act value=", act, ">", text, "</button>"]);
    }
    html.push_str("</div></details>");
}

/// Writes the HTML of a todo's row, with what comes of its menu's name: one form with a button for each thing to do with it,
/// which works without WebAssembly. It says nowhere where it goes, so it goes to the page that it stands on: [`super::Act`]
/// answers there.
///
/// Piece by piece: what formats takes twice as long, and there are hundreds of rows.
fn line(todo: &Todo, menu: fn(&str, &mut String), html: &mut String) {
    let Todo { id, title, notes, done, .. } = todo;
    let (act, class, checked) = if *done { ("reopen", "\"row is-done\"", "true") } else { ("done", "row", "false") };
    let (title, notes) = (escape(title), escape(notes));
    let mut buffer = Uuid::encode_buffer();
    let id: &str = id.hyphenated().encode_lower(&mut buffer);
    html.extend(["<form method=post class=", class, "><input type=hidden name=id value=", id]);
    html.extend(["><button class=check name=act value=", act, " role=checkbox aria-checked=", checked]);
    html.extend([" aria-label=\"", &title, "\"></button><a href=\"?edit=", id, "\" class=title data-noscroll>"]);
    html.extend(["<span class=name>", &title, "</span>"]);
    if !notes.is_empty() {
        html.extend(["<span class=notes>", &notes, "</span>"]);
    }
    html.push_str("</a><span class=grip></span>");
    menu(&ui::words::menu(&title), html);
    html.push_str("</form>");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    fn line(line: &impl Line) -> String {
        let mut html = String::new();
        line.write(&mut html);
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
            let opened = |title: &str, notes: &str| Opened(Arc::new(todo(title, notes, done)));
            let plain = (markup(&line(&todo("plain", "plain", done))), markup(&line(&opened("plain", "plain"))));
            for (title, notes) in [(&title, &notes), (&evil, &notes), (&title, &(evil.clone() + "."))] {
                prop_assert_eq!(&markup(&line(&todo(title, notes, done))), &plain.0);
                prop_assert_eq!(&markup(&line(&opened(title, notes))), &plain.1);
            }
        }
    }

    #[test]
    fn what_is_done_can_be_reopened_and_the_other_way_round() {
        assert!(line(&todo("Milk", "", false)).contains("value=done role=checkbox aria-checked=false"));
        assert!(line(&todo("Milk", "", true)).contains("value=reopen role=checkbox aria-checked=true"));
    }

    #[test]
    fn what_takes_the_place_of_what_opens_a_menu_is_the_menu() {
        let milk = todo("Milk & \"eggs\"", "", false);
        let closed = line(&milk);
        let (before, opener) = closed.split_at(closed.find("<button class=opener").unwrap());
        assert_eq!(
            format!("{before}{}{}", menu(&milk.title), &opener[opener.find("</form>").unwrap()..]),
            line(&Opened(Arc::new(milk))).replace(" autofocus", "")
        );
    }

    #[test]
    fn a_row_is_short() {
        let length = line(&todo("", "", false)).len();
        assert!(length < 450, "{length} bytes without the title, which stands in it three times");
    }
}
