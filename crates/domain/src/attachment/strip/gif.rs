//! GIF (89a): a screen, then pictures and extensions made of small blocks, then a trailer.

use super::{BadImage, check_size, reader::Reader};

const EXTENSION: u8 = 0x21;
const PICTURE: u8 = 0x2c;
const TRAILER: u8 = 0x3b;

/// How long a picture is shown and what of it is transparent.
const CONTROL: u8 = 0xf9;
/// A program's own; the only ones that are shown are those that say how often a film is repeated.
const APPLICATION: u8 = 0xff;
const LOOPS: [&[u8]; 2] = [b"\x0bNETSCAPE2.0", b"\x0bANIMEXTS1.0"];

pub(super) fn strip(bytes: &[u8]) -> Result<Vec<u8>, BadImage> {
    let mut reader = Reader::of(bytes);
    let mut out = Vec::with_capacity(bytes.len());
    let signature = reader.take(6)?;
    if !matches!(signature, b"GIF87a" | b"GIF89a") {
        return Err(BadImage::Malformed("it has no signature"));
    }
    out.extend_from_slice(signature);
    let screen = reader.take(7)?;
    let mut sizes = Reader::of(screen);
    check_size(sizes.u16_le()?.into(), sizes.u16_le()?.into())?;
    out.extend_from_slice(screen);
    out.extend_from_slice(reader.take(colours(sizes.byte()?))?);
    let mut has_picture = false;
    loop {
        match reader.byte()? {
            PICTURE => {
                has_picture = true;
                out.push(PICTURE);
                write_picture(&mut out, &mut reader)?;
            }
            EXTENSION => {
                let label = reader.byte()?;
                let blocks = blocks(&mut reader)?;
                if label == CONTROL || (label == APPLICATION && LOOPS.iter().any(|name| blocks.starts_with(name))) {
                    out.extend_from_slice(&[EXTENSION, label]);
                    out.extend_from_slice(blocks);
                }
            }
            TRAILER => break,
            _ => return Err(BadImage::Malformed("a block is none that it may hold")),
        }
    }
    out.push(TRAILER);
    if has_picture { Ok(out) } else { Err(BadImage::Malformed("it has no picture")) }
}

/// A picture's place and size, its colours, how its codes begin, and its data.
fn write_picture(out: &mut Vec<u8>, reader: &mut Reader<'_>) -> Result<(), BadImage> {
    let head = reader.take(9)?;
    let mut told = Reader::of(head);
    let _place: [u8; 4] = told.array()?;
    check_size(told.u16_le()?.into(), told.u16_le()?.into())?;
    out.extend_from_slice(head);
    out.extend_from_slice(reader.take(colours(told.byte()?))?);
    out.push(reader.byte()?);
    out.extend_from_slice(blocks(reader)?);
    Ok(())
}

/// How many bytes of colours follow a head with these flags.
const fn colours(flags: u8) -> u32 {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// Blocks of up to 255 bytes, each behind its length, up to an empty one; as they stand.
fn blocks<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], BadImage> {
    let mut ahead = *reader;
    let mut length = 0;
    loop {
        let block = ahead.byte()?;
        ahead.take(block.into())?;
        length += 1 + u32::from(block);
        if block == 0 {
            return reader.take(length);
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A screen with two colours.
    fn screen(width: u16, height: u16) -> Vec<u8> {
        [b"GIF89a", &width.to_le_bytes()[..], &height.to_le_bytes(), &[0x80, 0, 0], &[0, 0, 0, 255, 255, 255]].concat()
    }

    /// A picture with two colours of its own and two blocks of data.
    fn picture(width: u16, height: u16) -> Vec<u8> {
        let size = [&width.to_le_bytes()[..], &height.to_le_bytes()].concat();
        [&[PICTURE, 0, 0, 0, 0], &size[..], &[0x80], &[9; 6], &[2], b"\x02\x4c\x01\x01\x51\0"].concat()
    }

    fn extension(label: u8, blocks: &[u8]) -> Vec<u8> {
        [&[EXTENSION, label], blocks, &[0]].concat()
    }

    fn film(blocks: &[Vec<u8>]) -> Vec<u8> {
        [blocks.concat(), vec![TRAILER]].concat()
    }

    /// A film with everything that is dropped and everything that is kept.
    pub(in super::super) fn full() -> Vec<u8> {
        film(&[
            screen(3, 2),
            extension(APPLICATION, b"\x0bNETSCAPE2.0\x03\x01\0\0"),
            extension(APPLICATION, b"\x0bXMP DataXMP\x05<xmp>"),
            extension(0xfe, b"\x0ctaken by Ada"),
            extension(CONTROL, b"\x04\x01\x0a\0\0"),
            picture(3, 2),
            extension(0x01, b"\x0c............\x02hi"),
            picture(1, 1),
        ])
    }

    #[test]
    fn words_go_and_the_film_stays() {
        let kept = film(&[
            screen(3, 2),
            extension(APPLICATION, b"\x0bNETSCAPE2.0\x03\x01\0\0"),
            extension(CONTROL, b"\x04\x01\x0a\0\0"),
            picture(3, 2),
            picture(1, 1),
        ]);
        assert_eq!(strip(&full()), Ok(kept));
    }

    #[test]
    fn neither_the_screen_nor_a_picture_is_larger_than_can_be_shown() {
        let size = |screen: Vec<u8>, picture: Vec<u8>| strip(&film(&[screen, picture])).map(|_| ());
        assert_eq!(size(screen(8_192, 6_144), picture(1, 1)), Ok(()));
        assert_eq!(size(screen(65_535, 1), picture(1, 1)), Err(BadImage::TooLarge { width: 65_535, height: 1 }));
        assert_eq!(size(screen(1, 1), picture(1, 65_535)), Err(BadImage::TooLarge { width: 1, height: 65_535 }));
        assert_eq!(size(screen(0, 1), picture(1, 1)), Err(BadImage::Malformed("it has no size")));
    }

    #[test]
    fn colours_are_counted_by_their_flags() {
        assert_eq!([0x00, 0x07, 0x80, 0x87].map(colours), [0, 0, 6, 768]);
    }

    #[test]
    fn what_is_no_film_is_refused() {
        assert_eq!(strip(b"GIF90a and more"), Err(BadImage::Malformed("it has no signature")));
        assert_eq!(strip(&film(&[screen(1, 1)])), Err(BadImage::Malformed("it has no picture")));
        let strange = film(&[screen(1, 1), vec![0x00], picture(1, 1)]);
        assert_eq!(strip(&strange), Err(BadImage::Malformed("a block is none that it may hold")));
        assert_eq!(strip(&screen(1, 1)), Err(BadImage::Truncated));
    }
}
