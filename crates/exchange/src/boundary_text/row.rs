//! One line of boundary-point text, whatever widths and separators it was typed in.

pub enum Row {
    Blank,
    Section,
    Setting(String, String),
    /// The fields of a plot row, without the closing `@`.
    Plot(Vec<String>),
    Point(Point),
    Other,
}

pub struct Point {
    pub label: String,
    /// The second column; none when it is empty or absent.
    pub group: Option<u32>,
    /// The two numbers in the order of the file; an `Err` holds the text that is no number.
    pub first: Result<f64, String>,
    pub second: Result<f64, String>,
}

pub fn read(line: &str) -> Row {
    if line.is_empty() {
        return Row::Blank;
    }
    if line.starts_with('[') && line.ends_with(']') {
        return Row::Section;
    }
    let mut fields = split(line);
    let ends_in_at = fields.iter().rev().find(|field| !field.is_empty()).is_some_and(|field| field == "@");
    if ends_in_at && fields.len() >= 4 {
        while fields.pop().is_some_and(|field| field != "@") {}
        return Row::Plot(fields);
    }
    if let Some((key, value)) = line.split_once('=') {
        return Row::Setting(key.trim().to_owned(), value.trim().to_owned());
    }
    point(&fields).map_or(Row::Other, Row::Point)
}

fn split(line: &str) -> Vec<String> {
    let trimmed = |field: &str| field.trim().to_owned();
    if line.contains(',') {
        line.split(',').map(trimmed).collect()
    } else if line.contains(';') {
        line.split(';').map(trimmed).collect()
    } else {
        line.split_whitespace().map(trimmed).collect()
    }
}

/// Label, group, two numbers; the group may be absent, a height may follow.
fn point(fields: &[String]) -> Option<Point> {
    let used = fields.len() - fields.iter().rev().take_while(|field| field.is_empty()).count();
    let (group, first, second) = match &fields[..used] {
        [_, first, second] => (None, first, second),
        [_, group, first, second] | [_, group, first, second, _] => (Some(group), first, second),
        _ => return None,
    };
    let group = match group {
        Some(text) if !text.is_empty() => Some(text.parse().ok()?),
        _ => None,
    };
    let read = |text: &String| number(text).ok_or_else(|| text.clone());
    Some(Point { label: fields[0].clone(), group, first: read(first), second: read(second) })
}

/// A finite decimal number, or degrees, minutes and seconds in decimal degrees.
pub fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if let Ok(number) = text.parse::<f64>() {
        return Some(number).filter(|number| number.is_finite());
    }
    let parts: Vec<&str> =
        text.split(['°', '度', '′', '\'', '分', '″', '"', '秒']).filter(|part| !part.trim().is_empty()).collect();
    if !text.contains(['°', '度']) || parts.len() > 3 {
        return None;
    }
    let mut degrees = 0.0;
    for (place, part) in parts.iter().enumerate() {
        let value: f64 = part.trim().parse().ok()?;
        if value < 0.0 || (place > 0 && value >= 60.0) {
            return None;
        }
        degrees += value / 60f64.powi(place as i32);
    }
    Some(degrees)
}
