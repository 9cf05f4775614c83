//! Rows in the document: taken over as the server has sent them, then made, moved and removed as what they show changes.
//!
//! In place of Leptos' `For`: its hash tables, and an owner, an erased view and an effect for each row, were a good part of
//! what taking over a list took, and of the WebAssembly. Nor would it put rows into more than one element.

use std::iter::once;
use std::mem;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::tachys::html::attribute::Attribute;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::reactive_graph::OwnedView;
use leptos::tachys::renderer::Rndr;
use leptos::tachys::view::add_attr::AddAnyAttr;
use leptos::tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};
use uuid::Uuid;
use wasm_bindgen::JsCast;
use web_sys::{Comment, Element, Node};

use crate::ui::drag;
use crate::ui::each::{Content, Item, Items, Line, STRETCH};

/// Rows that are kept, moved or made as what they show changes; where they come in stretches, each of those is a list.
pub(crate) fn rows(items: Items, in_stretches: bool) -> impl IntoView {
    // What is made later outlives the change that it is made in.
    let owner = Owner::current().unwrap_or_default();
    move || Rows { items: items(), in_stretches, owner: owner.clone() }
}

/// The rows as they are to be drawn.
struct Rows {
    items: Vec<Item>,
    in_stretches: bool,
    owner: Owner,
}

/// The rows as they are drawn, and what stands behind all of them.
struct Drawn {
    rows: Vec<Row>,
    in_stretches: bool,
    end: Comment,
}

struct Row {
    key: (Uuid, bool),
    drawn: Box<dyn Mountable>,
    line: Option<Arc<dyn Line>>,
}

impl Row {
    fn new(
        Item { key, content }: Item,
        owner: &Owner,
        element: impl FnOnce(&dyn Line) -> Element,
        state: impl FnOnce(OwnedView<AnyView>) -> <OwnedView<AnyView> as Render>::State,
    ) -> Self {
        match content {
            Content::Text(line) => Self { key, drawn: Box::new(element(&*line)), line: Some(line) },
            Content::View(make) => {
                let owner = owner.with(Owner::new);
                let view = owner.with(make);
                Self { key, drawn: Box::new(state(OwnedView::new_with_owner(view, owner))), line: None }
            }
        }
    }

    fn make(item: Item, owner: &Owner) -> Self {
        let element = |line: &dyn Line| {
            let row = Rndr::create_element("li", None);
            if let Some(id) = line.id() {
                row.set_id(&drag::row(id));
            }
            row.set_inner_html(&html(line));
            row
        };
        Self::new(item, owner, element, Render::build)
    }

    fn element(&self) -> Option<Element> {
        self.drawn.elements().into_iter().next()
    }

    fn list(&self) -> Option<Element> {
        self.element()?.parent_element()
    }

    // Takes it out of the document, and its stretch when there is nothing else in it.
    fn remove(&mut self, in_stretches: bool) {
        let emptied = self.list().filter(|list| in_stretches && list.child_element_count() == 1);
        self.drawn.unmount();
        if let Some(list) = emptied {
            list.remove();
        }
    }

    // What is written as text is written anew when that makes a difference.
    fn show(&mut self, content: Content) {
        if let (Content::Text(new), Some(line)) = (content, &mut self.line)
            && !Arc::ptr_eq(&new, line)
        {
            let (old, text) = (html(&**line), html(&*new));
            if old != text {
                let write = |row: &Element| match new.is_one_element() {
                    true => become_as(row, &text),
                    false => row.set_inner_html(&text),
                };
                self.drawn.elements().iter().for_each(write);
            }
            *line = new;
        }
    }
}

// Lets the one element of a row become what has been written.
fn become_as(row: &Element, html: &str) {
    let written = Rndr::create_element("li", None);
    written.set_inner_html(html);
    let (Some(old), Some(new)) = (row.first_element_child(), written.first_element_child()) else { return };
    let names = |of: &Element| of.get_attribute_names().iter().filter_map(|name| name.as_string()).collect::<Vec<_>>();
    names(&old).iter().filter(|name| !new.has_attribute(name)).for_each(|name| drop(old.remove_attribute(name)));
    names(&new).iter().for_each(|name| drop(old.set_attribute(name, &new.get_attribute(name).unwrap_or_default())));
    old.set_inner_html(&new.inner_html());
}

fn html(line: &dyn Line) -> String {
    let mut html = String::new();
    line.write(&mut html);
    html
}

/// Begins a stretch before what stands behind it.
fn stretch(parent: &Element, behind: &Node) -> Element {
    let list = Rndr::create_element("ul", None);
    list.set_class_name("rows");
    Rndr::insert_node(parent, &list, Some(behind));
    list
}

impl Drawn {
    // Puts a row behind all others: into the list of the last one, unless that is long enough.
    fn append(&mut self, parent: &Element, mut row: Row) {
        if self.in_stretches {
            let has_room = |list: &Element| list.child_element_count() < STRETCH;
            let last = self.rows.last().and_then(Row::list).filter(has_room);
            row.drawn.mount(&last.unwrap_or_else(|| stretch(parent, &self.end)), None);
        } else {
            row.drawn.mount(parent, Some(&self.end));
        }
        self.rows.push(row);
    }

    // Puts a row before another one: into its list, unless that has grown to two and begins with it.
    fn insert(&mut self, parent: &Element, mut row: Row, following: &Row) {
        let has_grown = |list: &Element| {
            list.child_element_count() > 2 * STRETCH
                && list.first_element_child().as_ref() == following.element().as_ref()
        };
        match following.list().filter(|list| self.in_stretches && has_grown(list)) {
            Some(list) => row.drawn.mount(&stretch(parent, &list), None),
            None => {
                following.drawn.insert_before_this(&mut *row.drawn);
            }
        }
        self.rows.push(row);
    }
}

impl Render for Rows {
    type State = Drawn;

    fn build(self) -> Drawn {
        let rows = self.items.into_iter().map(|item| Row::make(item, &self.owner)).collect();
        Drawn { rows, in_stretches: self.in_stretches, end: Rndr::create_placeholder() }
    }

    fn rebuild(self, drawn: &mut Drawn) {
        let Some(parent) = drawn.end.parent_element() else {
            *drawn = self.build();
            return;
        };
        let before = mem::take(&mut drawn.rows);
        // Most changes are few: what is alike at both ends has not gone.
        let alike = |(row, item): &(&Row, &Item)| row.key == item.key;
        let front = before.iter().zip(&self.items).take_while(alike).count();
        let back = before[front..].iter().rev().zip(self.items[front..].iter().rev()).take_while(alike).count();
        let changed = front..before.len() - back;
        let is_gone =
            |(index, row): &(usize, Row)| changed.contains(index) && !self.items.iter().any(|item| item.key == row.key);
        let (gone, left): (Vec<_>, Vec<_>) = before.into_iter().enumerate().partition(is_gone);
        gone.into_iter().for_each(|(_, mut row)| row.remove(self.in_stretches));
        let mut left: Vec<Option<Row>> = left.into_iter().map(|(_, row)| Some(row)).collect();
        // Those before this one are in their places, or will be moved behind it.
        let mut next = 0;
        let mut items = self.items.into_iter().peekable();
        while let Some(Item { key, content }) = items.next() {
            let is_at = |at: &usize| matches!(left.get(*at), Some(Some(row)) if row.key == key);
            let at = once(next).chain(0..left.len()).find(is_at);
            // Where one alone stands in between that belongs further down, it is that one that moves, not all that follow.
            let stays = at.filter(|at| {
                let between: Vec<_> =
                    left.get(next..*at).unwrap_or_default().iter().flatten().map(|row| row.key).collect();
                let following = items.peek().map(|item| item.key);
                *at >= next && (between.is_empty() || between.len() == 1 && between.first().copied() != following)
            });
            next = stays.map_or(next, |at| at + 1);
            let row = match at.and_then(|at| left[at].take()) {
                Some(mut row) => {
                    row.show(content);
                    if stays.is_some() {
                        drawn.rows.push(row);
                        continue;
                    }
                    row.remove(self.in_stretches);
                    row
                }
                None => Row::make(Item { key, content }, &self.owner),
            };
            match left[next..].iter().flatten().next() {
                Some(following) => drawn.insert(&parent, row, following),
                None => drawn.append(&parent, row),
            }
        }
    }
}

without_attributes!(Rows);

impl RenderHtml for Rows {
    for_the_browser!();

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Drawn {
        let mut rows = Vec::with_capacity(self.items.len());
        for item in self.items {
            if self.in_stretches && rows.len() % STRETCH as usize == 0 {
                // Out of one list and into the next.
                if !rows.is_empty() {
                    cursor.parent();
                }
                cursor.advance_to_placeholder(position);
                position.set(Position::FirstChild);
            }
            let element = |_: &dyn Line| {
                cursor.advance_to_placeholder(position);
                cursor.current().unchecked_into()
            };
            rows.push(Row::new(item, &self.owner, element, |view| view.hydrate::<FROM_SERVER>(cursor, position)));
        }
        if self.in_stretches && !rows.is_empty() {
            cursor.parent();
        }
        Drawn { rows, in_stretches: self.in_stretches, end: cursor.next_placeholder(position) }
    }
}

impl Mountable for Drawn {
    fn unmount(&mut self) {
        self.rows.iter_mut().for_each(|row| row.remove(self.in_stretches));
        self.end.unmount();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.end.mount(parent, marker);
        mem::take(&mut self.rows).into_iter().for_each(|row| self.append(parent, row));
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        match self.rows.first() {
            Some(row) if !self.in_stretches => row.drawn.insert_before_this(child),
            Some(row) => row.list().is_some_and(|list| list.insert_before_this(child)),
            None => self.end.insert_before_this(child),
        }
    }

    fn elements(&self) -> Vec<Element> {
        self.rows.iter().flat_map(|row| row.drawn.elements()).collect()
    }
}
