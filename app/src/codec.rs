//! JSON, as answers of server functions and what the server hands over with a page.
//!
//! The server writes it with `serde_json`. The browser reads it with `serde-json-core`, which says only that something is
//! wrong and not what: that is all that is asked of it, and it is a tenth of the code to load.

#[cfg(feature = "ssr")]
use std::io;

use codee::{Decoder, Encoder};
use serde::Serialize;
use serde::de::DeserializeOwned;
#[cfg(feature = "ssr")]
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, Serializer};

/// The codec of resources and shared values: JSON with its quotes (`"`) and apostrophes (`'`) exchanged. A page holds it
/// as the text of a script, between quotes, and would have to escape each of those that are in it.
#[derive(Debug, Clone, Copy)]
pub struct Json;

fn exchange(text: &mut [u8]) {
    for byte in text {
        *byte = match *byte {
            b'"' => b'\'',
            b'\'' => b'"',
            other => other,
        };
    }
}

/// Writes JSON so, in one go.
#[cfg(feature = "ssr")]
struct Exchanged;

#[cfg(feature = "ssr")]
impl Formatter for Exchanged {
    fn begin_string<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"'")
    }

    fn end_string<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"'")
    }

    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, text: &str) -> io::Result<()> {
        let mut parts = text.split('\'');
        writer.write_all(parts.next().unwrap_or_default().as_bytes())?;
        parts.try_for_each(|part| {
            writer.write_all(b"\"")?;
            writer.write_all(part.as_bytes())
        })
    }

    fn write_char_escape<W: ?Sized + io::Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        match escape {
            CharEscape::Quote => writer.write_all(b"\\'"),
            other => CompactFormatter.write_char_escape(writer, other),
        }
    }
}

/// This is not what was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

impl<T: Serialize> Encoder<T> for Json {
    type Error = Unreadable;
    type Encoded = String;

    #[cfg(feature = "ssr")]
    fn encode(value: &T) -> Result<String, Unreadable> {
        let mut text = Vec::new();
        value.serialize(&mut Serializer::with_formatter(&mut text, Exchanged)).map_err(|_| Unreadable)?;
        String::from_utf8(text).map_err(|_| Unreadable)
    }

    // The browser only reads.
    #[cfg(not(feature = "ssr"))]
    fn encode(_value: &T) -> Result<String, Unreadable> {
        Err(Unreadable)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Json {
    type Error = Unreadable;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, Unreadable> {
        let mut text = text.as_bytes().to_vec();
        exchange(&mut text);
        from_slice(&text)
    }
}

/// Reads a value from JSON.
///
/// # Errors
/// When it is another one.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    from_slice(text.as_bytes())
}

fn from_slice<T: DeserializeOwned>(text: &[u8]) -> Result<T, Unreadable> {
    let mut unescaped = vec![0; text.len()];
    serde_json_core::from_slice_escaped(text, &mut unescaped).map(|(value, _)| value).map_err(|_| Unreadable)
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use docket::todos::Todo;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::pairs::Pairs;

    proptest! {
        #[test]
        fn what_one_library_writes_the_other_reads(id: u128, title: String, notes: String, done: bool, version: i64) {
            let id = Uuid::from_u128(id);
            let todo = Todo { id, list_id: id, title, notes, done, version };
            let todos = vec![Some(todo), None];
            let json = serde_json::to_string(&todos).unwrap();
            prop_assert_eq!(from_str::<Vec<Option<Todo>>>(&json), Ok(todos.clone()));
            let text = Json::encode(&todos).unwrap();
            let mut exchanged = json.into_bytes();
            exchange(&mut exchanged);
            prop_assert_eq!(text.as_bytes(), &exchanged);
            prop_assert_eq!(<Json as Decoder<Vec<Option<Todo>>>>::decode(&text), Ok(todos));
        }

        #[test]
        fn maps_are_read_in_their_order(pairs: Vec<(String, String)>) {
            let pairs: Pairs = pairs.into_iter().collect();
            prop_assert_eq!(from_str::<Pairs>(&serde_json::to_string(&pairs).unwrap()), Ok(pairs));
        }

        #[test]
        fn nothing_that_comes_brings_it_down(text: String) {
            let _ = from_str::<Vec<Todo>>(&text);
        }
    }

    #[test]
    fn nothing_is_read_as_nothing() {
        assert_eq!(from_str::<()>("null"), Ok(()));
        assert_eq!(from_str::<u64>("no"), Err(Unreadable));
    }
}
