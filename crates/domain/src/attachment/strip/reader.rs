//! Bytes taken one after the other, none before it is known to be there.

use super::BadImage;

/// What is left of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) const fn of(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// What is left.
    pub(super) const fn rest(self) -> &'a [u8] {
        self.0
    }

    /// The next bytes, as many as a length in the file may say.
    pub(super) fn take(&mut self, length: u32) -> Result<&'a [u8], BadImage> {
        let length = usize::try_from(length).map_err(|_| BadImage::Truncated)?;
        let (taken, rest) = self.0.split_at_checked(length).ok_or(BadImage::Truncated)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], BadImage> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(BadImage::Truncated)?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, BadImage> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(super) fn u16_be(&mut self) -> Result<u16, BadImage> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u16_le(&mut self) -> Result<u16, BadImage> {
        self.array().map(u16::from_le_bytes)
    }

    /// Three bytes, the lowest first, as WebP counts sizes.
    pub(super) fn u24_le(&mut self) -> Result<u32, BadImage> {
        self.array().map(|[low, middle, high]| u32::from_le_bytes([low, middle, high, 0]))
    }

    pub(super) fn u32_be(&mut self) -> Result<u32, BadImage> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn u32_le(&mut self) -> Result<u32, BadImage> {
        self.array().map(u32::from_le_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_both_orders_and_nothing_beyond_the_end() {
        let mut reader = Reader::of(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]);
        assert_eq!((reader.byte(), reader.u16_be(), reader.u16_le()), (Ok(1), Ok(0x0203), Ok(0x0504)));
        assert_eq!((reader.u24_le(), reader.u32_be()), (Ok(0x0008_0706), Ok(0x090a_0b0c)));
        assert_eq!((reader.u32_le(), reader.u16_be()), (Ok(0x100f_0e0d), Err(BadImage::Truncated)));
        assert_eq!((reader.take(2), reader.take(u32::MAX)), (Err(BadImage::Truncated), Err(BadImage::Truncated)));
        assert_eq!(
            (reader.take(1), reader.rest(), reader.take(0)),
            (Ok([17].as_slice()), [].as_slice(), Ok([].as_slice()))
        );
    }
}
