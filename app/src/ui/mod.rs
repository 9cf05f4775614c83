//! Widgets that several pages share.

pub mod ago;
pub mod drag;
pub mod each;
pub mod field;
pub mod form;
pub mod icon;
pub mod layout;
pub mod load;
pub mod menu;
pub mod nav;
pub mod states;
pub mod title;
pub mod toast;
pub(crate) mod words;

pub use ago::Ago;
pub use each::{Each, Item, Line, Stretches};
pub use field::Field;
#[cfg(feature = "ssr")]
pub use form::ServerForm;
pub use form::{FormState, Submit};
pub use icon::Icon;
pub use load::{Load, PageData};
pub use menu::Menu;
pub use nav::NavLink;
pub use title::PageTitle;
