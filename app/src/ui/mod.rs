//! Widgets that several pages share.

pub mod each;
pub mod field;
pub mod form;
pub mod icon;
pub mod layout;
pub mod nav;
pub mod states;
pub mod title;

pub use each::{Each, Item};
pub use field::Field;
pub use form::{FormState, ServerForm, Submit};
pub use icon::Icon;
pub use nav::NavLink;
pub use title::PageTitle;
