//! Which addresses are written to.

use lettre::Address;

/// The longest path that an envelope may hold is 256 octets with its angle brackets (RFC 5321 4.5.3.1.3).
const LONGEST: usize = 254;

/// Whether a letter can be sent to this address. It must be ASCII: internationalised ones (RFC 6531) need every server on the way to know
/// them.
#[must_use]
pub fn is_address(text: &str) -> bool {
    read(text).is_some()
}

/// `lettre` takes quoted parts with spaces and brackets too; nobody has one, and the envelope's own brackets stay unmistakable without.
pub(crate) fn read(text: &str) -> Option<Address> {
    let fits = text.len() <= LONGEST && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>".contains(&byte));
    if fits { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_are_taken_and_what_could_leave_its_place_is_not() {
        for good in ["mary@example.com", "o'hara+shop@sub.example.co.uk", "a@[192.0.2.1]", "x@localhost"] {
            assert!(is_address(good), "{good}");
        }
        let long = format!("{}@example.com", "a".repeat(300));
        for bad in [
            "",
            "mary",
            "@example.com",
            "mary@",
            "a b@example.com",
            "\"a b\"@example.com",
            "mary@example.com\r\nBcc: eve@example.com",
            "mary@example.com>\r\nRCPT TO:<eve@example.com",
            "\">\"@example.com",
            "mary@example.com,eve@example.com",
            "Mary <mary@example.com>",
            "märy@example.com",
            "mary@exämple.com",
            "mary@example.com\0",
            &long,
        ] {
            assert!(!is_address(bad), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_an_address_is_one_word(text in ".{0,40}@.{0,40}") {
            if let Some(address) = read(&text) {
                prop_assert_eq!(address.to_string(), text.as_str());
                prop_assert!(text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'<' && byte != b'>'));
            }
        }
    }
}
