//! An amount with its currency. There is no way to add two of them.

use askama::{Template, filters::HtmlSafe};
use rust_decimal::Decimal;

/// An amount in its currency, with at least the currency's own decimals and never fewer than the store sent.
#[derive(Clone, Debug, Template)]
#[template(path = "components/money.html")]
pub struct Money {
    amount: String,
    code: String,
}

impl Money {
    #[must_use]
    pub fn new(amount: Decimal, currency: &str) -> Self {
        let places = decimals(currency).max(amount.normalize().scale());
        Self { amount: grouped(&format!("{:.*}", places as usize, amount)), code: currency.to_owned() }
    }
}

impl HtmlSafe for Money {}

/// A plain number such as a quantity, in its shortest form.
#[must_use]
pub fn number(value: Decimal) -> String {
    grouped(&value.normalize().to_string())
}

/// A count with its thousands apart.
#[must_use]
pub fn count(value: i64) -> String {
    grouped(&value.to_string())
}

/// The digits that ISO 4217 gives a currency after the point.
fn decimals(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI" | "VND"
        | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        "CLF" | "UYW" => 4,
        _ => 2,
    }
}

/// Puts a comma between thousands.
fn grouped(plain: &str) -> String {
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |rest| ("\u{2212}", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let mut out = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(amount: &str, currency: &str) -> String {
        Money::new(amount.parse().unwrap(), currency).amount
    }

    #[test]
    fn an_amount_has_its_currency_s_decimals() {
        assert_eq!(shown("1234567.5", "TRY"), "1,234,567.50");
        assert_eq!(shown("1200", "JPY"), "1,200");
        assert_eq!(shown("1.5", "TND"), "1.500");
        assert_eq!(shown("0", "EUR"), "0.00");
        assert_eq!(shown("-999.9", "EUR"), "\u{2212}999.90");
    }

    #[test]
    fn what_a_store_sends_is_never_rounded_away() {
        assert_eq!(shown("10.1234", "EUR"), "10.1234");
        assert_eq!(shown("10.50", "JPY"), "10.5");
        assert_eq!(shown("10.5000", "EUR"), "10.50");
    }

    #[test]
    fn quantities_are_short() {
        assert_eq!(number("3.000".parse().unwrap()), "3");
        assert_eq!(number("12000.50".parse().unwrap()), "12,000.5");
    }
}
