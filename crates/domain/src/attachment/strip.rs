//! Pictures without what nobody meant to send: where a photo was taken, with which camera, when, what was cut off its edges.
//!
//! Nothing is decoded. A picture is read block by block, and the blocks that it is shown from are copied; all others are left out, and so is
//! whatever follows its end, where cameras hang films, editors leave remains of what was cut off, and others hide programs. What an enormous
//! picture would cost a browser is known from its head: such a one is refused. Every reader goes through its bytes once and believes no
//! length before as many bytes are there.

mod gif;
mod jpeg;
mod orientation;
mod png;
mod reader;
mod webp;

use super::MediaType;

/// More than any camera gives, and what browsers show without trouble.
const LONGEST_SIDE: u32 = 12_000;

/// What cameras call 50 megapixels: 8,192 by 6,144, and a little.
const MOST_PIXELS: u64 = 50 << 20;

/// A picture that is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadImage {
    #[error("the picture is cut off")]
    Truncated,
    #[error("the picture measures {width} by {height}; 12,000 a side and 50 megapixels are the most")]
    TooLarge { width: u32, height: u32 },
    #[error("the picture breaks the rules of its kind: {0}")]
    Malformed(&'static str),
}

/// The same picture without metadata. Colour profiles stay, and of a photo the way up. What is no picture comes back as it is.
///
/// # Errors
/// It is cut off, too large to show, or not made as its kind has to be.
pub fn strip(kind: MediaType, bytes: &[u8]) -> Result<Vec<u8>, BadImage> {
    match kind {
        MediaType::Png => png::strip(bytes),
        MediaType::Jpeg => jpeg::strip(bytes),
        MediaType::Gif => gif::strip(bytes),
        MediaType::Webp => webp::strip(bytes),
        MediaType::Pdf | MediaType::Text | MediaType::Csv => Ok(bytes.to_vec()),
    }
}

/// Refuses a size that no browser should be asked to show.
fn check_size(width: u32, height: u32) -> Result<(), BadImage> {
    if width == 0 || height == 0 {
        return Err(BadImage::Malformed("it has no size"));
    }
    let num_pixels = u64::from(width) * u64::from(height);
    if width.max(height) > LONGEST_SIDE || num_pixels > MOST_PIXELS {
        return Err(BadImage::TooLarge { width, height });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::Index, test_runner::RngSeed};

    use super::*;

    #[test]
    fn a_picture_is_as_large_as_a_camera_makes_it_and_no_larger() {
        for (width, height) in [(1, 1), (8_192, 6_144), (12_000, 4_369), (1, 12_000)] {
            assert_eq!(check_size(width, height), Ok(()));
        }
        for (width, height) in [(12_001, 1), (1, 12_001), (12_000, 4_370), (10_000, 10_000), (u32::MAX, u32::MAX)] {
            assert_eq!(check_size(width, height), Err(BadImage::TooLarge { width, height }));
        }
        assert_eq!(check_size(0, 1), Err(BadImage::Malformed("it has no size")));
    }

    #[test]
    fn what_is_no_picture_comes_back_as_it_is() {
        for kind in [MediaType::Pdf, MediaType::Text, MediaType::Csv] {
            assert_eq!(strip(kind, b"%PDF-1.7 and so on"), Ok(b"%PDF-1.7 and so on".to_vec()));
        }
    }

    /// One picture of each kind, with every block that its tests know.
    fn samples() -> [(MediaType, Vec<u8>); 4] {
        [
            (MediaType::Png, png::tests::full()),
            (MediaType::Jpeg, jpeg::tests::full()),
            (MediaType::Gif, gif::tests::full()),
            (MediaType::Webp, webp::tests::full()),
        ]
    }

    #[test]
    fn a_picture_that_was_stripped_has_nothing_left_to_strip() {
        for (kind, bytes) in samples() {
            let once = strip(kind, &bytes).unwrap();
            assert!(once.len() < bytes.len(), "{kind}");
            assert_eq!(crate::attachment::sniff(&once, ""), Some(kind));
            assert_eq!(strip(kind, &once).as_ref(), Ok(&once), "{kind}");
        }
    }

    #[test]
    fn a_picture_that_is_cut_off_anywhere_is_refused() {
        for (kind, bytes) in samples() {
            let whole = strip(kind, &bytes).unwrap();
            for length in 0..whole.len() {
                assert!(strip(kind, &whole[..length]).is_err(), "{kind}, {length} of {} bytes", whole.len());
            }
        }
    }

    #[test]
    fn what_follows_the_end_is_left_out() {
        for (kind, bytes) in samples() {
            let followed = [bytes.as_slice(), b"PK\x03\x04<script>alert(1)</script>"].concat();
            assert_eq!(strip(kind, &followed), strip(kind, &bytes), "{kind}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: RngSeed::Fixed(13),
            failure_persistence: None,
            ..ProptestConfig::with_cases(4_000)
        })]

        #[test]
        fn bytes_without_sense_do_no_harm(
            which in 0..4_usize, at: Index, bytes in prop::collection::vec(any::<u8>(), 0..300),
        ) {
            let (kind, sample) = &samples()[which];
            let begun = [&sample[..at.index(sample.len())], &bytes].concat();
            for bytes in [&bytes, &begun] {
                is_sound(*kind, bytes)?;
            }
        }

        #[test]
        fn pictures_with_bytes_changed_lost_and_doubled_do_no_harm(
            which in 0..4_usize, edits in prop::collection::vec((any::<Index>(), any::<u8>(), 0..5_u8), 1..8),
        ) {
            let (kind, mut bytes) = samples()[which].clone();
            for (at, byte, edit) in edits {
                if bytes.is_empty() { break; }
                let at = at.index(bytes.len());
                match edit {
                    0 => bytes[at] = byte,
                    // Lengths and sizes as large as they can be said.
                    1 => bytes[at..].iter_mut().take(4).for_each(|byte| *byte = 0xff),
                    2 => bytes.truncate(at),
                    3 => bytes.insert(at, byte),
                    _ => { bytes.remove(at); }
                }
            }
            is_sound(kind, &bytes)?;
        }
    }

    /// Whatever is taken is hardly longer than what came, and taken again as it is.
    fn is_sound(kind: MediaType, bytes: &[u8]) -> Result<(), TestCaseError> {
        if let Ok(stripped) = strip(kind, bytes) {
            prop_assert!(stripped.len() <= bytes.len() + 4, "{} from {}", stripped.len(), bytes.len());
            let again = strip(kind, &stripped);
            prop_assert_eq!(again.as_ref(), Ok(&stripped));
        }
        Ok(())
    }
}
