//! The encoding of all server functions' arguments: what a plain HTML form sends, so that each works with and without
//! WebAssembly. Strict: a field nobody asked for is refused, and so is text that is not UTF-8.

use serde::Serialize;
use serde::de::DeserializeOwned;
use server_fn::codec::Post;
use server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType};

use crate::platform;

/// The form as the body of a `POST`.
pub type Form = Post<FormEncoding>;

/// `application/x-www-form-urlencoded` (WHATWG URL Standard, 5).
pub struct FormEncoding;

/// The reason given for a body that cannot be read.
pub(crate) const MALFORMED: &str = "malformed form";
/// The reason given for a superfluous field, followed by its name.
pub(crate) const UNKNOWN_FIELD: &str = "unknown field ";

/// Writes a form's text.
pub(crate) fn encode<T: Serialize>(value: &T) -> Result<String, serde_urlencoded::ser::Error> {
    serde_urlencoded::to_string(value)
}

/// Whether a form's bytes are UTF-8, before and after decoding.
#[cfg(feature = "ssr")]
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| percent_encoding::percent_decode_str(text).decode_utf8().is_ok())
}

/// A form's names and values in their order; `None` when it is not UTF-8.
#[cfg(feature = "ssr")]
#[must_use]
pub fn pairs(bytes: &[u8]) -> Option<Vec<(String, String)>> {
    is_text(bytes).then(|| form_urlencoded::parse(bytes).into_owned().collect())
}

impl ContentType for FormEncoding {
    const CONTENT_TYPE: &'static str = "application/x-www-form-urlencoded";
}

impl FormatType for FormEncoding {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for FormEncoding {
    type Error = serde_urlencoded::ser::Error;

    fn encode(value: &T) -> Result<Bytes, Self::Error> {
        encode(value).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for FormEncoding {
    type Error = String;

    fn decode(bytes: Bytes) -> Result<T, String> {
        platform::decode(&bytes)
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Named {
        id: uuid::Uuid,
        name: String,
    }

    fn read(bytes: &[u8]) -> Result<Named, String> {
        platform::decode(bytes)
    }

    proptest! {
        #[test]
        fn r39_whatever_stands_in_a_form_is_read_or_refused(bytes: Vec<u8>, text in "[a-z0-9=&%+;\\[\\]\\x00-\\x7f]{0,80}") {
            for bytes in [bytes.as_slice(), text.as_bytes()] {
                if let Ok(read) = read(bytes) {
                    let nothing_is_lost = std::str::from_utf8(bytes).is_ok() && !read.name.contains(char::REPLACEMENT_CHARACTER);
                    prop_assert!(nothing_is_lost);
                }
            }
        }

        #[test]
        fn r39_what_is_written_is_read_again_and_nothing_beside_it(id: u128, name: String, more in "[a-z]{1,8}") {
            let named = Named { id: uuid::Uuid::from_u128(id), name };
            let text = encode(&named).unwrap();
            prop_assert_eq!(read(text.as_bytes()), Ok(named));
            prop_assume!(!["id", "name"].contains(&more.as_str()));
            prop_assert_eq!(read(format!("{text}&{more}=x").as_bytes()), Err(format!("{UNKNOWN_FIELD}{more}")));
            prop_assert_eq!(read(format!("{text}&{more}=%ff").as_bytes()), Err(MALFORMED.to_owned()));
        }
    }
}
