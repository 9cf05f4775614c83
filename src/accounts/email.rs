//! E-mail addresses.

use lettre::Address;
use unicode_normalization::UnicodeNormalization;

use crate::error::Problem;

/// Longest address, in bytes (RFC 5321, 4.5.3.1.3, without the angle brackets).
pub const EMAIL_MAX: usize = 254;

/// An address, kept as given, with the form that decides whether two are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    given: String,
    canonical: String,
}

impl Email {
    /// Checks an address as typed. The canonical form is NFC in lower case with the domain in its ASCII form
    /// (IDNA); lower-casing the local part is stricter than RFC 5321 and what every provider does.
    ///
    /// # Errors
    /// Says which rule is broken.
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        let given: String = raw.trim().nfc().collect();
        if given.is_empty() {
            return Err(Problem::Required);
        }
        if given.chars().any(char::is_control) {
            return Err(Problem::ControlCharacters);
        }
        if given.len() > EMAIL_MAX {
            return Err(Problem::TooLong(EMAIL_MAX));
        }
        let address: Address = given.parse().map_err(|_| Problem::NotAnAddress)?;
        let local: String = address.user().to_lowercase().nfc().collect();
        let domain = idna::domain_to_ascii(address.domain()).map_err(|_| Problem::NotAnAddress)?;
        let canonical = format!("{local}@{}", domain.to_lowercase());
        Ok(Self { given, canonical })
    }

    /// As typed; where mail goes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.given
    }

    /// The form that is compared.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.canonical
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    // R42.
    #[test]
    fn the_same_mailbox_has_one_canonical_form() {
        let same = ["Ann@Example.ORG", "ann@example.org", " ann@example.org "];
        for raw in same {
            assert_eq!(Email::parse(raw).unwrap().canonical(), "ann@example.org");
        }
        let (unicode, ascii) =
            (Email::parse("ann@bücher.example").unwrap(), Email::parse("ann@xn--bcher-kva.example").unwrap());
        assert_eq!(unicode.canonical(), ascii.canonical());
        assert_eq!(unicode.as_str(), "ann@bücher.example");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for raw in [
            "",
            "ann",
            "@example.org",
            "ann@",
            "ann@@example.org",
            "a b@example.org",
            "ann@example.org, eve@example.org",
        ] {
            assert!(Email::parse(raw).is_err(), "{raw:?} was accepted");
        }
        for raw in ["ann@example.org\r\nBcc: eve@example.org", "a\0nn@example.org"] {
            assert_eq!(Email::parse(raw), Err(Problem::ControlCharacters));
        }
        assert_eq!(Email::parse(&format!("{}@example.org", "a".repeat(300))), Err(Problem::TooLong(EMAIL_MAX)));
    }

    proptest! {
        #[test]
        fn a_canonical_form_is_its_own_canonical_form(raw in "[a-zA-Z0-9.+_-]{1,20}@[a-z]{1,10}\\.[a-z]{2,5}|\\PC{1,30}@\\PC{1,20}") {
            if let Ok(email) = Email::parse(&raw) {
                let again = Email::parse(email.canonical());
                prop_assert_eq!(again.as_ref().map(|e| e.canonical()), Ok(email.canonical()));
                prop_assert!(!email.as_str().contains(['\r', '\n', '\0']));
            }
        }
    }
}
