//! Reads request bodies, and values the lenient way PHP does.

use rust_decimal::Decimal;
use serde_json::Value;

use crate::rest::error::ApiError;

/// A JSON object; nothing at all is an empty one.
///
/// # Errors
/// 400 `rest_invalid_json`.
pub fn parse(bytes: &[u8]) -> Result<Value, ApiError> {
    if bytes.is_empty() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    serde_json::from_slice(bytes).map_err(|_| ApiError::invalid_json())
}

/// A whole number, if it is one: `7` or `"7"`, never `7.5` or `"many"`.
#[must_use]
pub fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| number.to_string().parse::<Decimal>().ok().and_then(whole)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn whole(number: Decimal) -> Option<i64> {
    number.fract().is_zero().then(|| i64::try_from(number).ok()).flatten()
}

/// What PHP makes of anything as a whole number: the digits it starts with, else 0.
#[must_use]
pub fn forced_integer(value: &Value) -> i64 {
    decimal(value).map_or(0, |number| i64::try_from(number.trunc()).unwrap_or_default())
}

/// An amount: a number or a text of one.
#[must_use]
pub fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => number.to_string().parse().ok(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A text, or a number as text.
#[must_use]
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A truth, as JSON or as the words forms send.
#[must_use]
pub fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => match text.as_str() {
            "true" | "1" | "yes" => Some(true),
            "false" | "0" | "no" | "" => Some(false),
            _ => None,
        },
        Value::Number(number) => Some(number.as_i64() != Some(0)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn whole_numbers_are_strict_and_forced_ones_are_not() {
        assert_eq!(
            (integer(&json!(7)), integer(&json!("7")), integer(&json!(10.7)), integer(&json!("5.7"))),
            (Some(7), Some(7), None, None)
        );
        assert_eq!(
            (forced_integer(&json!("many")), forced_integer(&json!(null)), forced_integer(&json!(-3))),
            (0, 0, -3)
        );
    }
}
