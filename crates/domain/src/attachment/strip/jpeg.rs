//! JPEG (ITU-T T.81): segments that begin with `FF` and a marker, and scans, whose bytes go on until the next marker.

use super::{BadImage, check_size, orientation, reader::Reader};

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const COMMENT: u8 = 0xfe;

/// What the segments begin with that programs may add and of which something is kept: JFIF's version and density, Exif's way up, the colour
/// profile, and Adobe's word on how colours are told.
const JFIF: &[u8] = b"JFIF\0";
const EXIF: &[u8] = b"Exif\0\0";
const PROFILE: &[u8] = b"ICC_PROFILE\0";
const ADOBE: &[u8] = b"Adobe";

pub(super) fn strip(bytes: &[u8]) -> Result<Vec<u8>, BadImage> {
    let mut reader = Reader::of(bytes);
    if reader.array()? != [0xff, START] {
        return Err(BadImage::Malformed("it does not begin as a photo does"));
    }
    let mut out = vec![0xff, START];
    let (mut has_frame, mut has_scan, mut has_orientation) = (false, false, false);
    loop {
        let marker = marker(&mut reader)?;
        if marker == END {
            out.extend_from_slice(&[0xff, END]);
            break;
        }
        let length =
            reader.u16_be()?.checked_sub(2).ok_or(BadImage::Malformed("a segment is shorter than its length"))?;
        let data = reader.take(length.into())?;
        match marker {
            // Baseline, extended and progressive: the ones that browsers show.
            0xc0..=0xc2 if !has_frame => {
                has_frame = true;
                check_frame(data)?;
                write_segment(&mut out, marker, data);
            }
            SCAN if has_frame => {
                has_scan = true;
                write_segment(&mut out, marker, data);
                out.extend_from_slice(scan(&mut reader)?);
            }
            // Tables of codes and quantities, and the interval of restarts.
            0xc4 | 0xdb | 0xdd => write_segment(&mut out, marker, data),
            0xee if data.starts_with(ADOBE) => write_segment(&mut out, marker, data),
            0xe0 => write_jfif(&mut out, data),
            0xe1 if !has_orientation => {
                if let Some(turn) = data.strip_prefix(EXIF).and_then(orientation::read) {
                    has_orientation = true;
                    write_segment(&mut out, marker, &[EXIF, &orientation::written(turn)].concat());
                }
            }
            0xe2 if data.starts_with(PROFILE) => write_segment(&mut out, marker, data),
            0xe1..=0xef | COMMENT => {}
            _ => return Err(BadImage::Malformed("it holds a segment that no browser shows")),
        }
    }
    if has_scan { Ok(out) } else { Err(BadImage::Malformed("it has no picture")) }
}

/// The next marker; it may be filled up with `FF` in front.
fn marker(reader: &mut Reader<'_>) -> Result<u8, BadImage> {
    if reader.byte()? != 0xff {
        return Err(BadImage::Malformed("a segment does not begin where the last one ends"));
    }
    loop {
        match reader.byte()? {
            0xff => {}
            marker => return Ok(marker),
        }
    }
}

/// A frame begins with its precision, height and width. A height of none is told after the first scan, where nobody looks for it.
fn check_frame(data: &[u8]) -> Result<(), BadImage> {
    let mut frame = Reader::of(data);
    let _precision = frame.byte()?;
    let (height, width) = (frame.u16_be()?, frame.u16_be()?);
    check_size(width.into(), height.into())
}

/// A scan's bytes: up to a marker that is no restart. `FF 00` stands for a byte `FF`.
fn scan<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], BadImage> {
    let rest = reader.rest();
    let is_end = |pair: &[u8]| matches!(pair, [0xff, second] if !matches!(second, 0x00 | 0xd0..=0xd7 | 0xff));
    let length = rest.windows(2).position(is_end).ok_or(BadImage::Truncated)?;
    // Fill bytes in front of the marker stay with the scan: they mean nothing in either place.
    reader.take(u32::try_from(length).map_err(|_| BadImage::Truncated)?)
}

/// The version and density of JFIF, without the small picture that may follow: it may show what was cut off the large one.
fn write_jfif(out: &mut Vec<u8>, data: &[u8]) {
    let Some([told @ .., _, _]) = data.strip_prefix(JFIF).and_then(|rest| rest.first_chunk::<9>()) else { return };
    write_segment(out, 0xe0, &[JFIF, told, &[0, 0]].concat());
}

/// Segments are written no longer than they were read, and so within the sixteen bits that their length has.
fn write_segment(out: &mut Vec<u8>, marker: u8, data: &[u8]) {
    let Ok(length) = u16::try_from(data.len() + 2) else { return };
    out.extend_from_slice(&[0xff, marker]);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(data);
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        write_segment(&mut out, marker, data);
        out
    }

    /// A baseline frame of one component.
    fn frame(width: u16, height: u16) -> Vec<u8> {
        segment(0xc0, &[&[8][..], &height.to_be_bytes(), &width.to_be_bytes(), &[1, 1, 0x11, 0]].concat())
    }

    /// A scan's head and some bytes of it, with a stuffed `FF` and a restart.
    fn scan() -> Vec<u8> {
        [segment(SCAN, &[1, 1, 0, 0, 63, 0]), b"\x12\xff\x00\x34\xff\xd0\x56".to_vec()].concat()
    }

    fn photo(segments: &[Vec<u8>]) -> Vec<u8> {
        [b"\xff\xd8".to_vec(), segments.concat(), b"\xff\xd9".to_vec()].concat()
    }

    /// An Exif segment as phones write it: turned, and with an address of more, where the place would be.
    fn exif(turn: u8) -> Vec<u8> {
        let tiff = [&b"MM\0\x2a\0\0\0\x08\0\x02"[..], b"\x01\x12\0\x03\0\0\0\x01\0", &[turn], b"\0\0"].concat();
        let place = b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x26\0\0\0\0 52.5163 N 13.3777 E";
        segment(0xe1, &[EXIF, &tiff, place].concat())
    }

    /// A photo with everything that is dropped and everything that is kept.
    pub(in super::super) fn full() -> Vec<u8> {
        photo(&[
            segment(0xe0, b"JFIF\0\x01\x02\x01\0\x48\0\x48\x01\x01small"),
            segment(0xe0, b"JFXX\0\x10small"),
            exif(6),
            segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>"),
            segment(0xe2, b"ICC_PROFILE\0\x01\x01colours"),
            segment(0xe2, b"MPF\0more pictures"),
            segment(0xed, b"Photoshop 3.0\0IPTC"),
            segment(0xee, b"Adobe\0\x64\0\0\0\0\x01"),
            segment(0xee, b"Ada"),
            segment(COMMENT, b"taken by Ada"),
            segment(0xdb, &[0; 65]),
            frame(16, 8),
            segment(0xc4, &[0; 20]),
            scan(),
            segment(0xc4, &[1; 20]),
            scan(),
        ])
    }

    #[test]
    fn places_names_and_small_pictures_go_and_the_way_up_stays() {
        let turned = segment(0xe1, b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0");
        let kept = photo(&[
            segment(0xe0, b"JFIF\0\x01\x02\x01\0\x48\0\x48\0\0"),
            turned,
            segment(0xe2, b"ICC_PROFILE\0\x01\x01colours"),
            segment(0xee, b"Adobe\0\x64\0\0\0\0\x01"),
            segment(0xdb, &[0; 65]),
            frame(16, 8),
            segment(0xc4, &[0; 20]),
            scan(),
            segment(0xc4, &[1; 20]),
            scan(),
        ]);
        assert_eq!(strip(&full()), Ok(kept));
    }

    #[test]
    fn a_photo_that_stands_upright_keeps_nothing_of_its_exif() {
        assert_eq!(strip(&photo(&[exif(1), frame(1, 1), scan()])), Ok(photo(&[frame(1, 1), scan()])));
    }

    #[test]
    fn the_size_is_that_of_the_one_frame() {
        let size = |frame: Vec<u8>| strip(&photo(&[frame, scan()])).map(|_| ());
        assert_eq!(size(frame(8_192, 6_144)), Ok(()));
        assert_eq!(size(frame(65_535, 1)), Err(BadImage::TooLarge { width: 65_535, height: 1 }));
        assert_eq!(size(frame(8, 0)), Err(BadImage::Malformed("it has no size")));
        let second = photo(&[frame(1, 1), frame(60_000, 60_000), scan()]);
        assert_eq!(strip(&second), Err(BadImage::Malformed("it holds a segment that no browser shows")));
    }

    #[test]
    fn what_no_browser_shows_is_refused() {
        let unshown = Err(BadImage::Malformed("it holds a segment that no browser shows"));
        // A scan before its frame, a lossless frame, a number of lines told late, an end of nothing.
        for segments in [vec![scan()], vec![segment(0xc3, &[0; 15]), scan()], vec![frame(1, 1), segment(0xdc, &[0, 9])]]
        {
            assert_eq!(strip(&photo(&segments)), unshown);
        }
        assert_eq!(strip(&photo(&[frame(1, 1)])), Err(BadImage::Malformed("it has no picture")));
    }

    #[test]
    fn segments_follow_each_other_with_nothing_but_fill_bytes_between() {
        let filled = photo(&[frame(1, 1), b"\xff\xff\xff".to_vec(), scan(), b"\xff\xff".to_vec()]);
        assert!(strip(&filled).is_ok());
        let gap = photo(&[frame(1, 1), b"hidden".to_vec(), scan()]);
        assert_eq!(strip(&gap), Err(BadImage::Malformed("a segment does not begin where the last one ends")));
        let short = photo(&[b"\xff\xdb\x00\x01".to_vec(), frame(1, 1), scan()]);
        assert_eq!(strip(&short), Err(BadImage::Malformed("a segment is shorter than its length")));
    }
}
