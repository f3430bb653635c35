//! PNG (third edition, W3C 2025): a signature, then chunks of length, type, data and check sum, the last of them `IEND`.

use super::{BadImage, check_size, reader::Reader};

const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";

/// The chunks that a picture is shown from: its data, colours, transparency, pixel density and frames. What is not among them holds words,
/// dates, EXIF, a maker's notes, or is unknown.
const SHOWN: [[u8; 4]; 19] = [
    *b"IHDR", *b"PLTE", *b"IDAT", *b"IEND", *b"tRNS", *b"cHRM", *b"gAMA", *b"iCCP", *b"sBIT", *b"sRGB", *b"cICP",
    *b"mDCV", *b"cLLI", *b"bKGD", *b"pHYs", *b"hIST", *b"acTL", *b"fcTL", *b"fdAT",
];

pub(super) fn strip(bytes: &[u8]) -> Result<Vec<u8>, BadImage> {
    let mut reader = Reader::of(bytes);
    if reader.array()? != SIGNATURE {
        return Err(BadImage::Malformed("it has no signature"));
    }
    let mut out = SIGNATURE.to_vec();
    let mut has_data = false;
    let mut is_first = true;
    loop {
        let length = reader.u32_be()?;
        let kind: [u8; 4] = reader.array()?;
        let data = reader.take(length)?;
        let check_sum: [u8; 4] = reader.array()?;
        if is_first != (kind == *b"IHDR") {
            return Err(BadImage::Malformed("its head is not first, or not alone"));
        }
        if is_first {
            let mut head = Reader::of(data);
            check_size(head.u32_be()?, head.u32_be()?)?;
        }
        is_first = false;
        has_data |= kind == *b"IDAT";
        if SHOWN.contains(&kind) {
            out.extend_from_slice(&length.to_be_bytes());
            out.extend_from_slice(&kind);
            out.extend_from_slice(data);
            out.extend_from_slice(&check_sum);
        } else if !is_optional(kind) {
            return Err(BadImage::Malformed("it needs a chunk that is not PNG's"));
        }
        if kind == *b"IEND" {
            break;
        }
    }
    if has_data { Ok(out) } else { Err(BadImage::Malformed("it has no data")) }
}

/// Whether a picture can be shown by who does not know the chunk: its type begins with a small letter.
const fn is_optional(kind: [u8; 4]) -> bool {
    kind[0].is_ascii_lowercase()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A chunk whose check sum is `crc!`: nothing here looks at it, and a browser that does shows no picture.
    fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).unwrap();
        [&length.to_be_bytes()[..], kind, data, b"crc!"].concat()
    }

    /// Width, height, eight bits, grey, no interlace.
    fn head(width: u32, height: u32) -> Vec<u8> {
        chunk(b"IHDR", &[&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat())
    }

    fn picture(chunks: &[Vec<u8>]) -> Vec<u8> {
        [SIGNATURE.to_vec(), chunks.concat()].concat()
    }

    /// A picture with everything that is dropped and some that is kept.
    pub(in super::super) fn full() -> Vec<u8> {
        picture(&[
            head(2, 2),
            chunk(b"gAMA", &[0, 0, 0xb1, 0x8f]),
            chunk(b"eXIf", b"MM\0\x2aGPS"),
            chunk(b"tEXt", b"Author\0Ada"),
            chunk(b"IDAT", b"deflated"),
            chunk(b"iTXt", b"XML:com.adobe.xmp\0..."),
            chunk(b"IDAT", b"more"),
            chunk(b"zTXt", b"Comment\0\0..."),
            chunk(b"tIME", &[7, 0xea, 11, 22, 1, 0, 0]),
            chunk(b"caBX", b"who made it"),
            chunk(b"IEND", b""),
        ])
    }

    #[test]
    fn words_dates_and_places_go_and_what_is_shown_stays() {
        let kept = [
            head(2, 2),
            chunk(b"gAMA", &[0, 0, 0xb1, 0x8f]),
            chunk(b"IDAT", b"deflated"),
            chunk(b"IDAT", b"more"),
            chunk(b"IEND", b""),
        ];
        assert_eq!(strip(&full()), Ok(picture(&kept)));
    }

    #[test]
    fn a_small_file_with_an_enormous_head_is_refused() {
        let bomb = |width, height| strip(&picture(&[head(width, height), chunk(b"IDAT", b"x"), chunk(b"IEND", b"")]));
        assert_eq!(bomb(10_000, 10_000), Err(BadImage::TooLarge { width: 10_000, height: 10_000 }));
        assert_eq!(bomb(u32::MAX, 1), Err(BadImage::TooLarge { width: u32::MAX, height: 1 }));
        assert_eq!(bomb(0, 5), Err(BadImage::Malformed("it has no size")));
    }

    #[test]
    fn chunks_come_in_the_one_order_that_every_reader_takes() {
        let (idat, iend) = (chunk(b"IDAT", b"x"), chunk(b"IEND", b""));
        let head_last = picture(&[idat.clone(), head(1, 1), iend.clone()]);
        let two_heads = picture(&[head(1, 1), head(9_999, 9_999), idat.clone(), iend.clone()]);
        for bytes in [head_last, two_heads] {
            assert_eq!(strip(&bytes), Err(BadImage::Malformed("its head is not first, or not alone")));
        }
        assert_eq!(strip(&picture(&[head(1, 1), iend.clone()])), Err(BadImage::Malformed("it has no data")));
        let foreign = picture(&[head(1, 1), chunk(b"CgBI", b"x"), idat, iend]);
        assert_eq!(strip(&foreign), Err(BadImage::Malformed("it needs a chunk that is not PNG's")));
        assert_eq!(strip(b"GIF89a and more"), Err(BadImage::Malformed("it has no signature")));
    }

    #[test]
    fn a_length_beyond_the_end_is_believed_by_nobody() {
        let mut bytes = picture(&[head(1, 1)]);
        bytes.extend_from_slice(b"\xff\xff\xff\xffIDATx");
        assert_eq!(strip(&bytes), Err(BadImage::Truncated));
    }
}
