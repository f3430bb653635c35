//! Files that people attach: what their bytes say they are, and what they may be called.

mod name;
pub mod strip;

use serde::{Deserialize, Serialize};

pub use name::safe_name;
pub use strip::{BadImage, strip};

use crate::remote::text_enum;

text_enum! {
    /// The kinds of file that are taken, by their media types. Nothing in them runs in a browser that is told not to guess.
    pub enum MediaType {
        Png = "image/png",
        Jpeg = "image/jpeg",
        Gif = "image/gif",
        Webp = "image/webp",
        Pdf = "application/pdf",
        Text = "text/plain",
        Csv = "text/csv",
    }
}

impl MediaType {
    /// Whether it can be shown in a page.
    #[must_use]
    pub const fn is_image(self) -> bool {
        matches!(self, Self::Png | Self::Jpeg | Self::Gif | Self::Webp)
    }

    /// The value of `Content-Type`: the stored text, and for texts the encoding that [`sniff`] has seen.
    #[must_use]
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Text => "text/plain; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Png | Self::Jpeg | Self::Gif | Self::Webp | Self::Pdf => self.as_str(),
        }
    }

    /// What its names end in, without the point.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Gif => "gif",
            Self::Webp => "webp",
            Self::Pdf => "pdf",
            Self::Text => "txt",
            Self::Csv => "csv",
        }
    }
}

/// What a file is: by its first bytes, whatever it is called. Texts have no first bytes of their own; one is a text if all of it is and its
/// name says which. `None` for a kind that is not taken.
#[must_use]
pub fn sniff(bytes: &[u8], name: &str) -> Option<MediaType> {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(MediaType::Png),
        [0xff, 0xd8, 0xff, ..] => Some(MediaType::Jpeg),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(MediaType::Gif),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(MediaType::Webp),
        [b'%', b'P', b'D', b'F', b'-', ..] => Some(MediaType::Pdf),
        _ => text_kind(name).filter(|_| is_plain_text(bytes)),
    }
}

fn text_kind(name: &str) -> Option<MediaType> {
    let (_, extension) = name.trim_end().rsplit_once('.')?;
    match extension.to_ascii_lowercase().as_str() {
        "txt" | "log" => Some(MediaType::Text),
        "csv" => Some(MediaType::Csv),
        _ => None,
    }
}

/// UTF-8 without control characters. What begins as markup does is refused: a browser that guesses would take it for a page.
fn is_plain_text(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let is_control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    let shown = text.trim_start_matches('\u{feff}').trim_start();
    !shown.is_empty() && !shown.starts_with('<') && !text.chars().any(is_control)
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, test_runner::RngSeed};

    use super::*;

    #[test]
    fn a_file_is_what_its_first_bytes_say_and_not_what_it_is_called() {
        for (bytes, name, kind) in [
            (b"\x89PNG\r\n\x1a\n...".as_slice(), "photo.exe", Some(MediaType::Png)),
            (b"\xff\xd8\xff\xe0", "a.png", Some(MediaType::Jpeg)),
            (b"GIF89a", "a.txt", Some(MediaType::Gif)),
            (b"GIF87a", "", Some(MediaType::Gif)),
            (b"RIFF\x10\0\0\0WEBPVP8 ", "a.webp", Some(MediaType::Webp)),
            (b"%PDF-1.7\n", "invoice", Some(MediaType::Pdf)),
            (b"RIFF\x10\0\0\0WAVEfmt ", "a.webp", None),
            (b"GIF88a", "a.gif", None),
            (b" %PDF-1.7", "a.pdf", None),
            (b"MZ\x90\0", "photo.png", None),
            (b"PK\x03\x04", "list.csv", None),
            (b"", "a.png", None),
        ] {
            assert_eq!(sniff(bytes, name), kind, "{name}");
        }
    }

    #[test]
    fn a_text_is_one_to_its_last_byte_and_its_name_says_so() {
        let log = "Größe: 3\r\n\tok\n".as_bytes();
        assert_eq!(sniff(log, "a.TXT"), Some(MediaType::Text));
        assert_eq!(sniff(log, "sync.log"), Some(MediaType::Text));
        assert_eq!(sniff("\u{feff}sku;stock\n".as_bytes(), "stock.csv"), Some(MediaType::Csv));
        for name in ["a.svg", "a.html", "a.js", "csv", "", "a.txt.exe"] {
            assert_eq!(sniff(log, name), None, "{name}");
        }
        for bytes in [b"a\0b".as_slice(), b"caf\xe9", b"a\x1bb", b"", b"\xef\xbb\xbf \n"] {
            assert_eq!(sniff(bytes, "a.txt"), None, "{bytes:?}");
        }
    }

    #[test]
    fn a_page_or_a_drawing_is_no_text_though_it_is_called_one() {
        for text in ["<svg onload=alert(1)>", "\u{feff}\n <!doctype html>", "<?xml version=\"1.0\"?>"] {
            assert_eq!(sniff(text.as_bytes(), "a.txt"), None, "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: RngSeed::Fixed(11),
            failure_persistence: None,
            ..ProptestConfig::with_cases(2_000)
        })]

        #[test]
        fn any_bytes_are_of_a_kind_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64), name in "\\PC{0,8}") {
            if let Some(kind) = sniff(&bytes, &name) {
                prop_assert!(kind.is_image() || kind == MediaType::Pdf || std::str::from_utf8(&bytes).is_ok());
                prop_assert!(kind.mime().starts_with(kind.as_str()));
            }
        }
    }
}
