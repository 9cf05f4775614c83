//! Icons, drawn by Lucide (ISC licence): each once in the page, referred to by its name, and in the text's colour.

use leptos::prelude::*;
use leptos::tachys::html::InertElement;

macro_rules! icons {
    ($($icon:ident = $name:literal),* $(,)?) => {
        /// What an icon shows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the names say it")]
        pub enum Icon {
            $($icon),*
        }

        impl Icon {
            /// As HTML.
            pub(crate) fn svg(self) -> &'static str {
                match self {
                    $(Self::$icon => concat!("<svg class=icon aria-hidden=true><use href=#i-", $name, "></use></svg>")),*
                }
            }

            #[cfg(feature = "ssr")]
            fn id(self) -> &'static str {
                match self {
                    $(Self::$icon => concat!("i-", $name)),*
                }
            }
        }

        /// Every icon there is.
        #[cfg(feature = "ssr")]
        pub(crate) const ALL: &[Icon] = &[$(Icon::$icon),*];
    };
}

icons! {
    Down = "down",
    Keys = "keys",
    List = "list",
    Pencil = "pencil",
    Plus = "plus",
    Search = "search",
    Settings = "settings",
    Star = "star",
    Trash = "trash",
    Up = "up",
}

/// Shows an icon. It is decoration: the control it stands in has a name of its own. Text, as nothing about it ever changes: for
/// the server to write and for the browser to take over, it is one piece instead of two elements with their attributes.
#[component]
pub fn Draw(
    /// Which one.
    icon: Icon,
) -> impl IntoView {
    InertElement::new(icon.svg())
}

#[cfg(feature = "ssr")]
fn path(icon: Icon) -> &'static str {
    match icon {
        Icon::Down => "m6 9 6 6 6-6",
        Icon::Keys => {
            "M6 8h.01M10 8h.01M14 8h.01M18 8h.01M8 12h.01M12 12h.01M16 12h.01M7 16h10M4 4h16a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z"
        }
        Icon::List => "M8 6h13M8 12h13M8 18h13M3 6h.01M3 12h.01M3 18h.01",
        Icon::Pencil => {
            "M21.17 6.81a1 1 0 0 0-3.99-3.98L3.84 16.17a2 2 0 0 0-.5.83l-1.32 4.35a.5.5 0 0 0 .62.62l4.35-1.32a2 2 0 0 0 .83-.5z"
        }
        Icon::Plus => "M5 12h14M12 5v14",
        Icon::Search => "m21 21-4.34-4.34M19 11a8 8 0 1 1-16 0 8 8 0 0 1 16 0z",
        Icon::Settings => "M4 21v-7M4 10V3M12 21v-9M12 8V3M20 21v-5M20 12V3M2 14h4M10 8h4M18 16h4",
        Icon::Star => "m12 3 2.8 5.7 6.2.9-4.5 4.4 1 6.2-5.5-2.9-5.5 2.9 1-6.2L3 9.6l6.2-.9z",
        Icon::Trash => "M3 6h18M19 6v14a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V6M8 6V4a2 2 0 0 1 2-2h4a2 2 0 0 1 2 2v2",
        Icon::Up => "m18 15-6-6-6 6",
    }
}

/// Every icon, to be referred to from the page.
#[cfg(feature = "ssr")]
#[component]
pub fn Drawings() -> impl IntoView {
    let drawing = |icon: Icon| {
        view! {
            <symbol id=icon.id() viewBox="0 0 24 24">
                <path d=path(icon)></path>
            </symbol>
        }
    };
    view! { <svg hidden="">{ALL.iter().map(|icon| drawing(*icon)).collect_view()}</svg> }
}
