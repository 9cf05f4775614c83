//! The real server on a port of its own, with a real SMTP server to mail to, driven as browsers and programs do.

mod faults;
mod flows;
mod guards;
mod input;
mod isolation;
mod support;
