//! Decimal texts: recognized, compared with nothing, turned around. No arithmetic is needed, so none is done.

/// Whether `text` is a plain decimal: an optional minus, digits, and digits after a point.
pub fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole) && all_digits(fraction)
}

/// The amount where it is one, and nothing where it is none.
pub(crate) fn decimal(amount: Option<&str>) -> Option<&str> {
    amount.filter(|amount| is_decimal(amount))
}

/// Whether it is less than nothing.
pub(crate) fn is_negative(decimal: &str) -> bool {
    decimal.starts_with('-') && !is_nothing(decimal)
}

/// The same with the other sign: what is owed becomes what is owned.
pub(crate) fn negated(decimal: &str) -> String {
    match decimal.strip_prefix('-') {
        Some(positive) => positive.to_owned(),
        None if is_nothing(decimal) => decimal.to_owned(),
        None => format!("-{decimal}"),
    }
}

fn is_nothing(decimal: &str) -> bool {
    decimal.bytes().all(|byte| matches!(byte, b'-' | b'.' | b'0'))
}

#[cfg(test)]
mod tests {
    use super::{is_decimal, is_negative, negated};

    #[test]
    fn only_plain_decimals_are_numbers() {
        for text in ["0", "12", "-12.50", "0.1", "123456789012345678.99"] {
            assert!(is_decimal(text), "{text}");
        }
        for text in ["", "-", ".5", "5.", "+5", "1,5", "1e3", "=1", "--1", " 1", "1 ", "٣"] {
            assert!(!is_decimal(text), "{text}");
        }
    }

    #[test]
    fn nothing_has_no_sign() {
        assert_eq!(
            (negated("12.50"), negated("-3"), negated("0.00")),
            ("-12.50".into(), "3".into(), "0.00".into())
        );
        assert!(is_negative("-0.01") && !is_negative("-0.00") && !is_negative("5"));
    }
}
