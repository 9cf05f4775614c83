//! What a plain form leaves for the page that is shown next: why it failed and what was typed, or that it worked.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::ApiError;
use crate::pairs::Pairs;

/// Kept by the server for one page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// The path of the server function that failed.
    pub action: String,
    /// Why.
    pub error: Option<ApiError>,
    /// What was typed, by field; never a password.
    pub values: Pairs,
    /// What to tell on the page as a whole.
    pub notice: Option<String>,
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

    /// Forgets it: the page it was for has been left.
    pub fn clear() {
        if let Some(Self(flash)) = use_context::<Self>() {
            flash.set_value(None);
        }
    }
}
