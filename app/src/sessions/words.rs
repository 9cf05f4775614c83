//! What pages say about logging in and out.

pub(crate) const LOGIN: &str = "E-mail address or user name";
pub(crate) const PASSWORD: &str = "Password";
pub(crate) const WHY: &str = "You are logged out. Log in to go on.";
pub(crate) const LOG_IN: &str = "Log in";
pub(crate) const FORGOT: &str = "Forgot your password?";
pub(crate) const NEW_HERE: &str = "New here? ";
pub(crate) const SIGN_UP: &str = "Sign up";
pub(crate) const LOGGED_OUT: &str = "You are logged out.";
