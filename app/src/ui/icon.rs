//! Icons, drawn by Lucide (ISC licence), inline so that they need no request and take the text's colour.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Icon {
    Check,
    Down,
    List,
    Pencil,
    Plus,
    Settings,
    Star,
    Trash,
    Up,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Check => "M20 6 9 17l-5-5",
            Self::Down => "m6 9 6 6 6-6",
            Self::List => "M8 6h13M8 12h13M8 18h13M3 6h.01M3 12h.01M3 18h.01",
            Self::Pencil => {
                "M21.17 6.81a1 1 0 0 0-3.99-3.98L3.84 16.17a2 2 0 0 0-.5.83l-1.32 4.35a.5.5 0 0 0 .62.62l4.35-1.32a2 2 0 0 0 .83-.5z"
            }
            Self::Plus => "M5 12h14M12 5v14",
            Self::Settings => "M4 21v-7M4 10V3M12 21v-9M12 8V3M20 21v-5M20 12V3M2 14h4M10 8h4M18 16h4",
            Self::Star => "m12 3 2.8 5.7 6.2.9-4.5 4.4 1 6.2-5.5-2.9-5.5 2.9 1-6.2L3 9.6l6.2-.9z",
            Self::Trash => "M3 6h18M19 6v14a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V6M8 6V4a2 2 0 0 1 2-2h4a2 2 0 0 1 2 2v2",
            Self::Up => "m18 15-6-6-6 6",
        }
    }
}

/// Draws an icon. It is decoration: the control it stands in has a name of its own.
#[component]
pub fn Draw(
    /// Which one.
    icon: Icon,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d=icon.path()></path>
        </svg>
    }
}
