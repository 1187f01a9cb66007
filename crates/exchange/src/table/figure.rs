//! A figure as people write it. One with two meanings is none.

use rust_decimal::Decimal;

/// A double keeps 15 digits of what somebody wrote; the others are noise.
pub const DIGITS_OF_A_DOUBLE: usize = 15;

/// At the digits that a double keeps, as a spreadsheet itself shows and compares: 26.799999999999997 is 26.8. None when no
/// decimal holds it.
pub fn of_f64(number: f64) -> Option<Decimal> {
    let digits = format!("{number:.*e}", DIGITS_OF_A_DOUBLE - 1);
    let (mantissa, exponent) = digits.split_once('e').unwrap_or((&digits, "0"));
    let mantissa = if mantissa.contains('.') { mantissa.trim_end_matches('0').trim_end_matches('.') } else { mantissa };
    // What is too small for a decimal to hold is rounded to what it holds.
    let read = Decimal::from_scientific(&format!("{mantissa}e{exponent}")).ok();
    let small = || if number.abs() < 1.0 { format!("{number:.28}").parse().ok() } else { None };
    read.or_else(small).map(|decimal| decimal.normalize())
}

/// A figure that was written out of a double with all of its digits, at those that it keeps. One of fewer digits stays as it is.
pub fn without_noise(figure: Decimal) -> Decimal {
    let digits = figure.normalize().mantissa().unsigned_abs().checked_ilog10().map_or(1, |log| log as usize + 1);
    match u32::try_from(DIGITS_OF_A_DOUBLE) {
        Ok(kept) if digits > DIGITS_OF_A_DOUBLE => figure.round_sf(kept).unwrap_or(figure).normalize(),
        _ => figure,
    }
}

/// Thousands separators, full-width digits, exponents, brackets or a trailing sign for less than nothing. `text` is narrow.
pub fn figure(text: &str) -> Option<Decimal> {
    let text: String = text.trim().trim_start_matches(['¥', '￥']).replace(['\u{2212}', '–'], "-");
    let text = text.trim();
    if let Some(inside) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return unsigned(inside).map(|number| -number);
    }
    if let Some(before) = text.strip_suffix('-') {
        return unsigned(before).map(|number| -number);
    }
    plain(text)
}

/// What has one sign already takes no second.
fn unsigned(text: &str) -> Option<Decimal> {
    let text = text.trim();
    if text.starts_with(['-', '+', '(']) { None } else { plain(text) }
}

fn plain(text: &str) -> Option<Decimal> {
    let ungrouped = if text.contains([',', ' ']) { ungroup(text)? } else { text.to_owned() };
    if let Ok(number) = ungrouped.parse::<Decimal>() {
        // The parser lets underscores through; people do not write them.
        return (!ungrouped.contains('_')).then_some(number);
    }
    if ungrouped.contains(['e', 'E']) { Decimal::from_scientific(&ungrouped).ok() } else { None }
}

/// Takes thousands separators out, if they stand where they belong and are of one kind.
fn ungroup(text: &str) -> Option<String> {
    let separator = if text.contains(',') { ',' } else { ' ' };
    if separator == ',' && text.contains(' ') {
        return None;
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut groups = whole.split(separator);
    let first = groups.next()?.trim_start_matches(['-', '+']);
    let all_digits = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    if !(1..=3).contains(&first.len()) || !all_digits(first) || fraction.contains(separator) {
        return None;
    }
    groups.all(|group| group.len() == 3 && all_digits(group)).then(|| text.replace(separator, ""))
}

#[cfg(test)]
mod tests {
    use rust_decimal_macros::dec;

    use super::*;

    #[test]
    fn a_double_is_taken_at_the_digits_it_keeps() {
        for (number, figure) in [
            (812.2500000000001, dec!(812.25)),
            (1.2100000000000002, dec!(1.21)),
            (26.799999999999997, dec!(26.8)),
            (-0.30000000000000004, dec!(-0.3)),
            (123456789.123456, dec!(123456789.123456)),
            (5e-324, dec!(0)),
            (0.0, dec!(0)),
        ] {
            assert_eq!(of_f64(number), Some(figure), "{number}");
        }
        assert_eq!([f64::NAN, f64::INFINITY, 1e300].map(of_f64), [None; 3]);
        for (written, figure) in [
            (dec!(812.2500000000001), dec!(812.25)),
            (dec!(1.2100000000000002), dec!(1.21)),
            (dec!(99999.9999999999999), dec!(100000)),
            (dec!(12345.6789012345), dec!(12345.6789012345)),
            (dec!(12345.67890123456), dec!(12345.6789012346)),
            (dec!(-0.30000000000000004), dec!(-0.3)),
            (dec!(0), dec!(0)),
        ] {
            assert_eq!(without_noise(written), figure, "{written}");
        }
    }

    #[test]
    fn one_meaning_is_read() {
        for (text, number) in [
            ("(1,234.5)", dec!(-1234.5)),
            ("100-", dec!(-100)),
            ("\u{2212}100", dec!(-100)),
            ("1 234.5", dec!(1234.5)),
            ("¥ 1,000", dec!(1000)),
            ("1.2345E2", dec!(123.45)),
            ("-1,000", dec!(-1000)),
            ("+5", dec!(5)),
        ] {
            assert_eq!(figure(text), Some(number), "{text}");
        }
    }

    #[test]
    fn two_meanings_are_none() {
        for text in [
            "(-5)",
            "-5-",
            "1,23",
            "1 23",
            "1,234 567",
            "约1000",
            "1000-1200",
            "1000~1200",
            "待定",
            "不详",
            "1.234.567",
            "1_0",
            "()",
            "(",
            "-",
            "1000以上",
            ">1000",
            "壹仟",
            "1,0000",
            "1.2E",
            "0x10",
            "1/2",
        ] {
            assert_eq!(figure(text), None, "{text}");
        }
    }
}
