//! Light or dark: as the system says, or as somebody chose on this device.

use std::str::FromStr;

/// How pages look. Kept in a cookie, so that the first answer already looks so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// Every theme there is.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// As it is kept and sent.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The colours of a browser's bars, each with when it holds.
    pub(crate) fn bars(self) -> Vec<(&'static str, Option<&'static str>)> {
        const LIGHT: &str = "#f1f3f7";
        const DARK: &str = "#0e1217";
        match self {
            Self::System => {
                vec![(LIGHT, Some("(prefers-color-scheme: light)")), (DARK, Some("(prefers-color-scheme: dark)"))]
            }
            Self::Light => vec![(LIGHT, None)],
            Self::Dark => vec![(DARK, None)],
        }
    }

    /// What browsers are told of it (CSS Color Adjustment, 2).
    pub(crate) fn color_scheme(self) -> &'static str {
        match self {
            Self::System => "light dark",
            other => other.as_str(),
        }
    }
}

impl FromStr for Theme {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|theme| theme.as_str() == text).ok_or(())
    }
}
