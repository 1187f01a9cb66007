//! A requirement as people write it in a cell.

use rust_decimal::Decimal;

use crate::policy::interval::{End, Interval};

/// `≥150`, `>=150`, `不低于150`, `1.5～2.5`, `≥1.5 且 <2.5`, or the mathematical form.
pub fn read(text: &str) -> Option<Interval> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).map(plain).collect();
    if let Ok(interval) = text.parse() {
        return Some(interval);
    }
    if let Some((low, high)) = text.split_once(['~', '至']) {
        return Interval::new(closed(low), closed(high)).ok().filter(|it| it.lower().is_some() && it.upper().is_some());
    }
    let (mut lower, mut upper) = (None, None);
    for part in text.split(['且', ',', '，']) {
        match one_end(part)? {
            (true, end) if lower.is_none() => lower = Some(end),
            (false, end) if upper.is_none() => upper = Some(end),
            _ => return None,
        }
    }
    Interval::new(lower, upper).ok()
}

fn plain(c: char) -> char {
    match c {
        '～' | '—' | '–' => '~',
        '［' => '[',
        '］' => ']',
        '（' => '(',
        '）' => ')',
        '＞' => '>',
        '＜' => '<',
        '＝' => '=',
        other => other,
    }
}

fn closed(text: &str) -> Option<End> {
    Some(End { value: figure(text)?, closed: true })
}

/// Whether it is the lower end, and the end.
fn one_end(text: &str) -> Option<(bool, End)> {
    const SIGNS: [(&str, bool, bool); 12] = [
        ("≥", true, true),
        (">=", true, true),
        ("不低于", true, true),
        ("不少于", true, true),
        ("≤", false, true),
        ("<=", false, true),
        ("不高于", false, true),
        ("不超过", false, true),
        (">", true, false),
        ("大于", true, false),
        ("<", false, false),
        ("小于", false, false),
    ];
    let (sign, lower, closed) = SIGNS.iter().find(|(sign, ..)| text.starts_with(sign))?;
    Some((*lower, End { value: figure(&text[sign.len()..])?, closed: *closed }))
}

fn figure(text: &str) -> Option<Decimal> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn requirements_are_read_as_people_write_them() {
        for (text, interval) in [
            ("≥150", "[150,)"),
            (">= 150", "[150,)"),
            ("不低于150", "[150,)"),
            ("＞150", "(150,)"),
            ("≤0.52", "(,0.52]"),
            ("<20", "(,20)"),
            ("不超过20", "(,20]"),
            ("1.5～2.5", "[1.5,2.5]"),
            ("1.5至2.5", "[1.5,2.5]"),
            ("≥1.5 且 <2.5", "[1.5,2.5)"),
            ("[1.5,2.5)", "[1.5,2.5)"),
        ] {
            assert_eq!(read(text).map(|it| it.to_string()).as_deref(), Some(interval), "{text}");
        }
        for text in ["", "150", "≥", "≥a", "≥2 且 ≥3", "2.5～1.5", "≥2 且 <2", "1.5～"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
