//! An amount with its currency, as JSON.

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use utoipa::ToSchema;

/// An amount of money. Text, because a JSON number loses cents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Money {
    #[schema(example = "12.50")]
    pub amount: String,
    /// ISO 4217.
    #[schema(example = "TRY")]
    pub currency: String,
}

impl Money {
    /// Digits are added up to the currency's own, never taken away: a store may keep finer amounts.
    #[must_use]
    pub fn new(amount: Decimal, currency: &str) -> Self {
        let mut amount = amount;
        let digits = minor_digits(currency);
        if amount.scale() < digits {
            amount.rescale(digits);
        }
        Self { amount: amount.to_string(), currency: currency.to_owned() }
    }
}

/// An amount or quantity as a caller gives it: a decimal string, for the same reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount(pub Decimal);

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(given: D) -> Result<Self, D::Error> {
        let text = String::deserialize(given)?;
        Decimal::from_str_exact(text.trim())
            .map(Self)
            .map_err(|_| D::Error::custom(format!("{text:?} is no decimal such as \"12.50\"")))
    }
}

/// ISO 4217's minor units of the currencies that do not have two.
fn minor_digits(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND" | "VUV"
        | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// A count or measure as text without trailing zeros.
#[must_use]
pub fn quantity(value: Decimal) -> String {
    value.normalize().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str, currency: &str) -> String {
        Money::new(text.parse().unwrap(), currency).amount
    }

    #[test]
    fn amounts_have_at_least_their_currencys_digits_and_lose_none() {
        assert_eq!(amount("12.5", "TRY"), "12.50");
        assert_eq!(amount("12", "EUR"), "12.00");
        assert_eq!(amount("12.345", "EUR"), "12.345");
        assert_eq!(amount("1200", "JPY"), "1200");
        assert_eq!(amount("1.5", "KWD"), "1.500");
        assert_eq!(amount("-0.1", "ZAR"), "-0.10");
        assert_eq!(amount("79228162514264337593543950335", "USD"), "79228162514264337593543950335");
    }

    #[test]
    fn amounts_are_given_as_text_and_taken_exactly() {
        let given = |json: &str| serde_json::from_str::<Amount>(json).ok().map(|Amount(amount)| amount.to_string());
        assert_eq!(given("\"12.50\"").as_deref(), Some("12.50"));
        assert_eq!(given("\" -3 \"").as_deref(), Some("-3"));
        for bad in ["12.5", "\"\"", "\"1e3\"", "\"12,50\"", "\"NaN\"", "\"1.00000000000000000000000000001\"", "null"] {
            assert_eq!(given(bad), None, "{bad}");
        }
    }

    #[test]
    fn quantities_are_plain() {
        assert_eq!(quantity("3.000".parse().unwrap()), "3");
        assert_eq!(quantity("0.50".parse().unwrap()), "0.5");
        assert_eq!(quantity("0".parse().unwrap()), "0");
    }
}
