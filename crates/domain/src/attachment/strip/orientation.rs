//! Which way up a photo is: the one thing that is taken over from its Exif block, without which phones' photos lie on their side.
//!
//! Exif (CIPA DC-008) is a TIFF file in small: a head, then a directory of entries of twelve bytes.

use super::reader::Reader;

/// The entry `Orientation`: a short number from 1, upright, to 8.
const TAG: u16 = 0x0112;
const SHORT: u16 = 3;

/// Reads the way up from a TIFF block; `None` for upright, for none, and for a block that cannot be read.
pub(super) fn read(tiff: &[u8]) -> Option<u8> {
    let mut head = Reader::of(tiff);
    let is_little = match head.array().ok()? {
        [b'I', b'I', 42, 0] => true,
        [b'M', b'M', 0, 42] => false,
        _ => return None,
    };
    let directory = if is_little { head.u32_le() } else { head.u32_be() }.ok()?;
    let mut entries = Reader::of(tiff);
    entries.take(directory.max(8)).ok()?;
    let short = |reader: &mut Reader<'_>| if is_little { reader.u16_le() } else { reader.u16_be() }.ok();
    for _ in 0..short(&mut entries)? {
        let mut entry = Reader::of(entries.take(12).ok()?);
        if short(&mut entry)? == TAG {
            // The number is where the entry's value begins, behind its type and count.
            let is_short = short(&mut entry)? == SHORT;
            entry.take(4).ok()?;
            let turn = u8::try_from(short(&mut entry)?).ok()?;
            return (is_short && (2..=8).contains(&turn)).then_some(turn);
        }
    }
    None
}

/// A TIFF block that says this and nothing else: the head, a directory of one entry, and no further directory.
pub(super) fn written(turn: u8) -> [u8; 26] {
    let mut tiff = *b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0_\0\0\0\0\0\0";
    tiff[19] = turn;
    tiff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again_and_upright_is_not_worth_a_word() {
        for turn in 0..=u8::MAX {
            assert_eq!(read(&written(turn)), (2..=8).contains(&turn).then_some(turn));
        }
    }

    #[test]
    fn both_orders_of_bytes_are_read_and_the_entry_is_found_among_others() {
        let width = b"\x00\x01\x03\0\x01\0\0\0\x40\0\0\0";
        let turn = b"\x12\x01\x03\0\x01\0\0\0\x08\0\0\0";
        let block = [b"II\x2a\0\x0a\0\0\0..\x02\0".as_slice(), width, turn].concat();
        assert_eq!(read(&block), Some(8));
        let long = [b"II\x2a\0\x0a\0\0\0..\x01\0".as_slice(), b"\x12\x01\x04\0\x01\0\0\0\x08\0\0\0"].concat();
        assert_eq!(read(&long), None);
    }

    #[test]
    fn a_block_that_is_cut_off_or_leads_elsewhere_says_nothing() {
        let block = written(6);
        // The last four bytes say that no directory follows; not all cameras write them.
        for length in 0..block.len() - 4 {
            assert_eq!(read(&block[..length]).filter(|turn| *turn != 6), None);
        }
        for head in
            [b"MM\0\x2a\xff\xff\xff\xff".as_slice(), b"MM\0\x2a\0\0\0\x08\xff\xff", b"XX\0\x2a\0\0\0\x08\0\x01", b""]
        {
            assert_eq!(read(head), None);
        }
    }
}
