//! Widgets that several pages share.

pub mod field;
pub mod form;
pub mod icon;
pub mod layout;
pub mod states;

pub use field::Field;
pub use form::{FormState, ServerForm, Submit};
pub use icon::Icon;
