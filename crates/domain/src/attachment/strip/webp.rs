//! WebP (RFC 9649): a RIFF file, whose chunks are a type, a length, data, and a byte more where the length is odd.

use super::{BadImage, check_size, reader::Reader};

/// The chunks that a picture is shown from: its features, colours, transparency, data and frames.
const SHOWN: [[u8; 4]; 7] = [*b"VP8X", *b"ICCP", *b"ALPH", *b"ANIM", *b"ANMF", *b"VP8 ", *b"VP8L"];

/// The features that say that Exif and XMP follow.
const METADATA: u8 = 0x08 | 0x04;

pub(super) fn strip(bytes: &[u8]) -> Result<Vec<u8>, BadImage> {
    let mut file = Reader::of(bytes);
    let riff = file.array()?;
    let length = file.u32_le()?;
    let mut reader = Reader::of(file.take(length)?);
    if (riff, reader.array()?) != (*b"RIFF", *b"WEBP") {
        return Err(BadImage::Malformed("it has no signature"));
    }
    let mut chunks = Vec::with_capacity(reader.rest().len());
    let mut has_picture = false;
    let mut is_first = true;
    while !reader.rest().is_empty() {
        let kind: [u8; 4] = reader.array()?;
        let length = reader.u32_le()?;
        let data = reader.take(length)?;
        let padding = reader.take(length % 2)?;
        if !std::mem::take(&mut is_first) && kind == *b"VP8X" {
            return Err(BadImage::Malformed("its features are not first"));
        }
        check_chunk(kind, data)?;
        has_picture |= matches!(&kind, b"VP8 " | b"VP8L" | b"ANMF");
        if SHOWN.contains(&kind) {
            chunks.extend_from_slice(&kind);
            chunks.extend_from_slice(&length.to_le_bytes());
            write_data(&mut chunks, kind, data);
            chunks.extend(padding.iter().map(|_| 0));
        }
    }
    if !has_picture {
        return Err(BadImage::Malformed("it has no picture"));
    }
    // No longer than what was read, whose length was told in 32 bits.
    let length = u32::try_from(chunks.len() + 4).map_err(|_| BadImage::Malformed("it is too long"))?;
    Ok([&riff[..], &length.to_le_bytes(), b"WEBP", &chunks].concat())
}

fn write_data(out: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    match (&kind, data) {
        (b"VP8X", [features, rest @ ..]) => {
            out.push(features & !METADATA);
            out.extend_from_slice(rest);
        }
        _ => out.extend_from_slice(data),
    }
}

/// The size of a chunk that has one, checked. A size is told less one, except by `VP8 `, whose two high bits are a scale.
fn check_chunk(kind: [u8; 4], data: &[u8]) -> Result<(), BadImage> {
    let mut reader = Reader::of(data);
    match &kind {
        b"VP8X" => {
            let _features: [u8; 4] = reader.array()?;
            check_size(reader.u24_le()? + 1, reader.u24_le()? + 1)
        }
        b"ANMF" => {
            let _place: [u8; 6] = reader.array()?;
            check_size(reader.u24_le()? + 1, reader.u24_le()? + 1)
        }
        b"VP8 " => {
            let _tag: [u8; 3] = reader.array()?;
            if reader.array()? != [0x9d, 0x01, 0x2a] {
                return Err(BadImage::Malformed("its data does not begin with a whole picture"));
            }
            check_size((reader.u16_le()? & 0x3fff).into(), (reader.u16_le()? & 0x3fff).into())
        }
        b"VP8L" => {
            if reader.byte()? != 0x2f {
                return Err(BadImage::Malformed("its data does not begin as it has to"));
            }
            let bits = reader.u32_le()?;
            check_size((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).unwrap();
        let padding = if data.len().is_multiple_of(2) { &[][..] } else { &[0] };
        [kind, &length.to_le_bytes()[..], data, padding].concat()
    }

    fn picture(chunks: &[Vec<u8>]) -> Vec<u8> {
        let chunks = chunks.concat();
        let length = u32::try_from(chunks.len() + 4).unwrap();
        [b"RIFF", &length.to_le_bytes()[..], b"WEBP", &chunks].concat()
    }

    /// A size less one, in three bytes.
    fn less_one(size: u32) -> [u8; 3] {
        let [low, middle, high, _] = (size - 1).to_le_bytes();
        [low, middle, high]
    }

    fn features(flags: u8, width: u32, height: u32) -> Vec<u8> {
        chunk(b"VP8X", &[&[flags, 0, 0, 0][..], &less_one(width), &less_one(height)].concat())
    }

    /// A whole picture's tag, start code and size, and a byte of data.
    fn lossy(width: u16, height: u16) -> Vec<u8> {
        chunk(
            b"VP8 ",
            &[&[0x10, 0, 0, 0x9d, 0x01, 0x2a][..], &width.to_le_bytes(), &height.to_le_bytes(), b"x"].concat(),
        )
    }

    fn lossless(width: u32, height: u32) -> Vec<u8> {
        chunk(b"VP8L", &[&[0x2f][..], &((width - 1) | ((height - 1) << 14)).to_le_bytes()].concat())
    }

    fn frame(width: u32, height: u32) -> Vec<u8> {
        chunk(b"ANMF", &[&[0; 6][..], &less_one(width), &less_one(height), &[0; 4], &lossless(1, 1)].concat())
    }

    /// A picture with everything that is dropped and some that is kept.
    pub(in super::super) fn full() -> Vec<u8> {
        picture(&[
            features(0x2c, 3, 2),
            chunk(b"ICCP", b"colours"),
            lossy(3, 2),
            chunk(b"EXIF", b"MM\0\x2a 52.5163 N"),
            chunk(b"XMP ", b"<xmp>"),
            chunk(b"note", b"by Ada"),
        ])
    }

    #[test]
    fn exif_xmp_and_what_is_unknown_go_and_are_promised_no_more() {
        let kept = picture(&[features(0x20, 3, 2), chunk(b"ICCP", b"colours"), lossy(3, 2)]);
        assert_eq!(strip(&full()), Ok(kept));
    }

    #[test]
    fn plain_lossless_and_moving_pictures_are_taken() {
        for chunks in [
            vec![lossy(1, 1)],
            vec![lossless(16_384 / 2, 1)],
            vec![features(2, 9, 9), chunk(b"ANIM", &[0; 6]), frame(9, 9)],
        ] {
            assert_eq!(strip(&picture(&chunks)), Ok(picture(&chunks)));
        }
    }

    #[test]
    fn no_size_is_too_large_wherever_it_is_told() {
        let too_large = |width, height| Err(BadImage::TooLarge { width, height });
        for (chunks, size) in [
            (vec![features(0, 1 << 24, 1 << 24), lossy(1, 1)], (1 << 24, 1 << 24)),
            (vec![lossy(16_383, 1)], (16_383, 1)),
            (vec![features(0, 1, 1), lossless(16_384, 16_384)], (16_384, 16_384)),
            (vec![features(2, 1, 1), frame(1, 1 << 20)], (1, 1 << 20)),
        ] {
            assert_eq!(strip(&picture(&chunks)), too_large(size.0, size.1));
        }
        assert_eq!(strip(&picture(&[lossy(0, 4)])), Err(BadImage::Malformed("it has no size")));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let malformed = |what| Err(BadImage::Malformed(what));
        assert_eq!(strip(&picture(&[])), malformed("it has no picture"));
        assert_eq!(strip(&picture(&[features(0, 1, 1), chunk(b"EXIF", b"x")])), malformed("it has no picture"));
        assert_eq!(strip(&picture(&[lossy(1, 1), features(0, 1, 1)])), malformed("its features are not first"));
        assert_eq!(strip(b"RIFF\x04\0\0\0WAVE"), malformed("it has no signature"));
        let inner = chunk(b"VP8 ", b"\x11\0\0\0\0\0\x01\0\x01\0");
        assert_eq!(strip(&picture(&[inner])), malformed("its data does not begin with a whole picture"));
    }
}
