//! A figure as people write it. One with two meanings is none.

use rust_decimal::Decimal;

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
