//! Reads an amount as people of many countries write it.

use rust_decimal::Decimal;

/// The amount in `1234.50`, `1234,50`, `1.234,50` or `1,234.50`. `None` for what is no amount, and for `1,234`, which is two.
#[must_use]
pub fn read(text: &str) -> Option<Decimal> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = match (text.rfind(','), text.rfind('.')) {
        (None, None | Some(_)) => text,
        (Some(comma), None) if text.find(',') == Some(comma) && text.len() - comma != 4 => text.replace(',', "."),
        (Some(_), None) => return None,
        (Some(comma), Some(point)) => {
            let (thousands, decimal) = if comma > point { ('.', ',') } else { (',', '.') };
            if text.matches(decimal).count() > 1 {
                return None;
            }
            text.replace(thousands, "").replace(decimal, ".")
        }
    };
    let is_number = plain.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'));
    plain.parse().ok().filter(|_| is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_read_in_every_country_s_hand() {
        for (text, amount) in [
            ("1234.50", "1234.50"),
            ("1234,50", "1234.50"),
            ("1.234,50", "1234.50"),
            ("1,234.50", "1234.50"),
            ("1 234 567,5", "1234567.5"),
            ("1,234,567.5", "1234567.5"),
            (" 12 ", "12"),
            ("0,5", "0.5"),
            ("-3", "-3"),
        ] {
            assert_eq!(read(text), amount.parse().ok(), "{text}");
        }
    }

    #[test]
    fn what_could_mean_two_amounts_or_none_is_refused() {
        for text in ["1,234", "1,2,3", "1.2.3,4,5", "", "abc", "12a", "1e9", "--1", "٣", "NaN"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
