//! What pages say about making an account, codes and forgotten passwords.

pub(crate) const SIGN_UP: &str = "Sign up";
pub(crate) const EMAIL: &str = "E-mail address";
pub(crate) const EMAIL_HINT: &str = "Codes and notices go there, nothing else.";
pub(crate) const USERNAME: &str = "User name";
pub(crate) const USERNAME_HINT: &str = "3 to 32 letters, digits, or _ - .";
pub(crate) const PASSWORD: &str = "Password";
pub(crate) const PASSWORD_HINT: &str = "At least 8 characters. Several words are easiest to remember.";
pub(crate) const HAVE_ACCOUNT: &str = "You have an account? ";
pub(crate) const LOG_IN: &str = "Log in";
pub(crate) const CONFIRM: &str = "Confirm";
pub(crate) const VERIFY: &str = "Enter the code";
pub(crate) const VERIFY_TOLD: &str = "We have sent a mail with a code of six digits. It works for ten minutes.";
pub(crate) const FORGOT: &str = "Forgot your password?";
pub(crate) const FORGOT_TOLD: &str = "Tell us your address, and we send a code with which you can set a new one.";
pub(crate) const SEND_CODE: &str = "Send the code";
pub(crate) const BACK: &str = "Back to log in";
pub(crate) const NEW_PASSWORD: &str = "New password";
pub(crate) const NEW_PASSWORD_HINT: &str = "At least 8 characters. All devices will be logged out.";
pub(crate) const SET_PASSWORD: &str = "Set the password";
pub(crate) const RESET: &str = "Set a new password";
pub(crate) const RESET_TOLD: &str =
    "If the address has an account, a mail with a code of six digits is on its way to it.";
pub(crate) const CODE: &str = "Code from the mail";
pub(crate) const NO_MAIL: &str = "Nothing in the mail? Look into the spam folder, or ";
pub(crate) const RESEND: &str = "send a new code";
pub(crate) const RESENT: &str = "A new code is on its way. The older one no longer works.";
pub(crate) const PASSWORD_SET: &str = "Your new password is set, and all devices were logged out. Log in with it now.";

/// What was typed: it tells nobody whether there is such an account.
#[cfg(feature = "ssr")]
pub(crate) fn sent_to(email: &str) -> String {
    format!("The code goes to {}. Not your address? Go back and correct it.", email.trim())
}
