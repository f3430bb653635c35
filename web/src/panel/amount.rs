//! Reads what people type where an amount is asked for.

use rust_decimal::Decimal;
pub use storewire_domain::amount::read;

/// The amount in a field that may be left empty: nothing, or an amount.
///
/// # Errors
/// What was typed is no amount.
pub fn read_optional(text: &str) -> Result<Option<Decimal>, NoAmount> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    read(text).map(Some).ok_or(NoAmount)
}

/// What was typed is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAmount;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_an_answer_and_what_is_no_amount_is_none() {
        assert_eq!(read_optional("  "), Ok(None));
        assert_eq!(read_optional("0,5"), Ok("0.5".parse().ok()));
        assert_eq!(read_optional("x"), Err(NoAmount));
    }
}
