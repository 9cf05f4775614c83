//! SQLite's rows as one text: its driver hands each row over from another thread, which takes longer than all the rest.
//!
//! A statement packs its rows with `json_group_array(json_array(…))`, in the order of the stretch that they are taken from, and
//! bytes, ids among them, with `hex(…)`.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};
use crate::order::Position;

/// The rows, each a tuple of its columns.
///
/// # Errors
/// [`Error::Internal`] when they are something else.
pub(crate) fn unpack<Row: DeserializeOwned>(packed: &str) -> Result<Vec<Row>> {
    serde_json::from_str(packed).map_err(Error::internal)
}

/// Bytes as hexadecimal digits.
#[derive(Deserialize)]
#[serde(try_from = "&str")]
pub(crate) struct Hex(Vec<u8>);

impl From<Hex> for Position {
    fn from(hex: Hex) -> Self {
        Self::from_bytes(hex.0)
    }
}

impl TryFrom<&str> for Hex {
    type Error = &'static str;

    fn try_from(digits: &str) -> Result<Self, Self::Error> {
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let byte = |pair: &[u8]| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?);
        digits.as_bytes().chunks(2).map(byte).collect::<Option<_>>().map(Self).ok_or("not hexadecimal")
    }
}
