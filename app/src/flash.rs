//! What a plain form leaves for the page that is shown next: why it failed and what was typed, or that it worked.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::ApiError;
use crate::pairs::Pairs;
#[cfg(feature = "ssr")]
use crate::ui::words;

/// Kept by the server for one page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// The path of the server function that was called.
    pub action: String,
    /// Why it failed, if it did.
    pub error: Option<ApiError>,
    /// What was sent, by field, where it failed or the page is to know of it; never a password.
    pub values: Pairs,
    /// What to tell on the page as a whole.
    pub notice: Option<String>,
    /// The form that takes back what was done, as HTML that the server wrote.
    #[serde(default)]
    pub undo: Option<String>,
}

/// The form that takes back a change that was made without WebAssembly: a button, and what it sends.
#[cfg(feature = "ssr")]
pub(crate) fn undo_form(action: &str, fields: &[(&str, &str)]) -> String {
    use html_escape::encode_double_quoted_attribute as escape;
    let field = |(name, value): &(&str, &str)| format!("<input type=hidden name={name} value=\"{}\">", escape(value));
    let fields: String = fields.iter().map(field).collect();
    format!("<form method=post action={action}>{fields}<button class=link>{}</button></form>", words::UNDO)
}

/// The flash of this page, in a context; only the page it was made for sees it.
#[derive(Debug, Clone, Copy)]
pub struct FlashContext(pub StoredValue<Option<Flash>>);

impl FlashContext {
    /// The flash, if it was left by this server function and, where given, about the row with this id.
    #[must_use]
    pub fn of(action: &str, id: Option<&str>) -> Option<Flash> {
        let flash = use_context::<Self>()?.0.get_value()?;
        let fits = flash.action == action && id.is_none_or(|id| flash.values.get("id") == Some(id));
        fits.then_some(flash)
    }

    /// Leaves what was refused and what was typed for the form that opens again.
    pub fn refused<const N: usize>(self, action: &str, error: &ApiError, values: [(&str, String); N]) {
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let flash = Flash { action: action.to_owned(), error: Some(error.clone()), values, ..Flash::default() };
        self.0.set_value(Some(flash));
    }

    /// Forgets it: the page it was for has been left.
    pub fn clear(self) {
        self.0.set_value(None);
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn r34_what_a_form_takes_back_is_text() {
        let form = undo_form("/rpc/x", &[("title", "\"><script>alert(1)</script>&quot;"), ("notes", "two\nlines")]);
        let (head, tail) = ("<form method=post action=/rpc/x>", "<button class=link>Undo</button></form>");
        let title = "\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;quot;\"";
        let fields =
            format!("<input type=hidden name=title value={title}><input type=hidden name=notes value=\"two\nlines\">");
        assert_eq!(form, format!("{head}{fields}{tail}"));
    }
}
