//! What the front page says.

pub(super) const TITLE: &str = "Docket: your lists, on your own server";
pub(super) const PROMISE: &str = "Everything you have to do, and nobody else can see it.";
pub(super) const TOLD: &str = "Docket keeps your to-do lists on a server that you, your family or your team run. It is quick, it works without JavaScript, and what you delete can be brought back.";
pub(super) const SIGN_UP: &str = "Sign up";
pub(super) const LOG_IN: &str = "Log in";
