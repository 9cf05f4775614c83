//! How pages call the server: one encoding for all server functions ([`form`]) and one client that sends the access token
//! ([`client`]).

pub mod client;
pub mod form;

pub use client::BearerClient;
pub use form::Form;
