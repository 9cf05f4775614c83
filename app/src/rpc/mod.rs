//! How pages call the server: one encoding for all server functions ([`form`]) and one [`protocol`] that sends the access
//! token.

pub mod form;
pub mod protocol;

pub use protocol::{Guarded, Open};
