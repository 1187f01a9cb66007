//! Number formats: what a cell shows of the number it holds. `0!.0,"万"` shows 1234500 as 123.5万, `0%` shows 0.2 as 20%.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::part::{Node, Parts};
use crate::fault::Fault;

#[derive(Clone, Debug, PartialEq)]
pub enum Format {
    /// The number as it is, or text.
    General,
    /// A day, with its time or without.
    Date,
    Number(Arc<Sections>),
}

/// A number that its cell shows otherwise than by its own digits.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub stored: Decimal,
    /// Shown is stored times ten to this power, rounded.
    pub power: i32,
    /// What stands behind the digits, such as `%`, `万`, `元`.
    pub unit: String,
    /// So many digits are shown at least, of a whole number without anything else.
    pub width: usize,
}

impl Shown {
    /// The figure shown, not rounded. None when it is too large.
    pub fn figure(&self) -> Option<Decimal> {
        let ten = |times: u32| 10u64.checked_pow(times).map(Decimal::from);
        let figure = match self.power {
            power @ 0.. => self.stored.checked_mul(ten(power.unsigned_abs())?)?,
            power => self.stored.checked_div(ten(power.unsigned_abs())?)?,
        };
        Some(figure.normalize())
    }

    /// Digits and unit, for the eye.
    pub fn text(&self) -> String {
        match self.figure() {
            Some(figure) if self.width > 0 && figure.is_integer() => {
                format!("{:0width$}{}", figure, self.unit, width = self.width)
            }
            Some(figure) => format!("{figure}{}", self.unit),
            None => self.stored.to_string(),
        }
    }
}

/// The sections of a format: which one shows a number is told by its sign, or by conditions.
#[derive(Clone, Debug, PartialEq)]
pub struct Sections(Vec<Section>);

#[derive(Clone, Debug, Default, PartialEq)]
struct Section {
    condition: Option<(Comparison, Decimal)>,
    power: i32,
    unit: String,
    width: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Less,
    AtMost,
    More,
    AtLeast,
    Equal,
    Other,
}

impl Comparison {
    fn holds(self, number: Decimal, bound: Decimal) -> bool {
        match self {
            Comparison::Less => number < bound,
            Comparison::AtMost => number <= bound,
            Comparison::More => number > bound,
            Comparison::AtLeast => number >= bound,
            Comparison::Equal => number == bound,
            Comparison::Other => number != bound,
        }
    }
}

impl Sections {
    /// None when the number is shown by its own digits.
    pub fn shown(&self, stored: Decimal) -> Option<Shown> {
        let section = self.section(stored)?;
        let plain = section.power == 0 && section.unit.is_empty() && section.width < 2;
        (!plain).then(|| Shown { stored, power: section.power, unit: section.unit.clone(), width: section.width })
    }

    fn section(&self, number: Decimal) -> Option<&Section> {
        if self.0.iter().any(|section| section.condition.is_some()) {
            let holds = |section: &&Section| match section.condition {
                Some((comparison, bound)) => comparison.holds(number, bound),
                None => true,
            };
            return self.0.iter().take(3).find(holds);
        }
        let place = match self.0.len() {
            0 | 1 => 0,
            2 => usize::from(number.is_sign_negative() && !number.is_zero()),
            _ if number.is_zero() => 2,
            _ => usize::from(number.is_sign_negative()),
        };
        self.0.get(place)
    }
}

impl Format {
    pub fn of(code: &str) -> Format {
        let mut sections = Vec::new();
        for text in split(code) {
            match Section::of(&text) {
                Read::Date => return Format::Date,
                Read::Number(section) => sections.push(section),
                Read::Text => {}
            }
        }
        let plain = |section: &Section| *section == Section::default();
        if sections.iter().all(plain) { Format::General } else { Format::Number(Arc::new(Sections(sections))) }
    }

    /// The formats that go by a number alone. 27 to 36 and 50 to 58 are days in Chinese programs.
    fn built_in(number: u32) -> Format {
        match number {
            9 | 10 => Format::of("0%"),
            14..=22 | 27..=36 | 45..=47 | 50..=58 => Format::Date,
            _ => Format::General,
        }
    }
}

enum Read {
    Date,
    Number(Section),
    Text,
}

/// At semicolons outside quotes and brackets.
fn split(code: &str) -> Vec<String> {
    let mut sections = vec![String::new()];
    let (mut quoted, mut bracketed, mut escaped) = (false, false, false);
    for c in code.chars() {
        let plain = !quoted && !bracketed && !escaped;
        if c == ';' && plain {
            sections.push(String::new());
            continue;
        }
        match c {
            '"' if !escaped && !bracketed => quoted = !quoted,
            '[' if plain => bracketed = true,
            ']' if !quoted => bracketed = false,
            _ => {}
        }
        escaped = !escaped && !quoted && matches!(c, '\\' | '!');
        if let Some(last) = sections.last_mut() {
            last.push(c);
        }
    }
    sections
}

/// What has been seen of a section.
#[derive(Default)]
struct Scan {
    placeholders: usize,
    zeros: usize,
    /// Placeholders behind a point that is written, not worked out: `0!.0`.
    behind_written_point: usize,
    written_point: bool,
    real_point: bool,
    exponent: bool,
    commas: i32,
    scaling: i32,
    percents: i32,
    /// What stands behind the last digit.
    tail: String,
    general: bool,
    date: bool,
    text: bool,
    condition: Option<(Comparison, Decimal)>,
}

impl Scan {
    fn placeholder(&mut self, zero: bool) {
        self.placeholders += 1;
        self.zeros += usize::from(zero);
        if self.tail == "." && !self.real_point {
            self.written_point = true;
        }
        if self.written_point && !self.real_point {
            self.behind_written_point += 1;
        }
        self.tail.clear();
        self.commas = 0;
    }

    fn literal(&mut self, c: char) {
        self.tail.push(c);
    }

    fn bracket(&mut self, inside: &str) {
        if let Some(currency) = inside.strip_prefix('$') {
            self.tail.push_str(currency.split('-').next().unwrap_or_default());
        } else if inside.starts_with(['<', '>', '=']) {
            self.condition = condition(inside);
        } else if !inside.is_empty() && inside.chars().all(|c| "hmsHMS".contains(c)) {
            self.date = true;
        }
    }
}

impl Section {
    fn of(text: &str) -> Read {
        let mut scan = Scan::default();
        let mut rest = text;
        for general in ["General", "G/通用格式", "GENERAL", "general"] {
            if let Some(place) = rest.find(general) {
                scan.general = true;
                rest = &rest[place + general.len()..];
            }
        }
        let mut chars = rest.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' => chars.by_ref().take_while(|c| *c != '"').for_each(|c| scan.literal(c)),
                '\\' | '!' => chars.next().into_iter().for_each(|c| scan.literal(c)),
                '_' | '*' => drop(chars.next()),
                '[' => scan.bracket(&chars.by_ref().take_while(|c| *c != ']').collect::<String>()),
                '0' | '#' | '?' if scan.exponent => {}
                '0' | '#' | '?' => scan.placeholder(c == '0'),
                '.' => {
                    scan.real_point = true;
                    scan.scaling += std::mem::take(&mut scan.commas);
                }
                ',' => scan.commas += 1,
                '%' | '％' => {
                    scan.percents += 1;
                    scan.literal('%');
                }
                'E' | 'e' if scan.placeholders > 0 && matches!(chars.peek(), Some('+' | '-')) => scan.exponent = true,
                'y' | 'm' | 'd' | 'h' | 's' | 'Y' | 'M' | 'D' | 'H' | 'S' => scan.date = true,
                '@' => scan.text = true,
                other => scan.literal(other),
            }
        }
        scan.done()
    }
}

impl Scan {
    fn done(self) -> Read {
        if self.date {
            return Read::Date;
        }
        if self.text && self.placeholders == 0 {
            return Read::Text;
        }
        let scaling = self.scaling + self.commas;
        let whole = self.placeholders > 0 && self.zeros == self.placeholders && !self.real_point && !self.exponent;
        let unit = if self.placeholders > 0 || self.general { self.tail.as_str() } else { "" };
        let power = 2 * self.percents - 3 * scaling - i32::try_from(self.behind_written_point).unwrap_or(0);
        Read::Number(Section {
            condition: self.condition,
            power,
            unit: unit.trim_matches(|c: char| c.is_whitespace() || "()-+（）".contains(c)).to_owned(),
            width: if whole && power == 0 { self.placeholders } else { 0 },
        })
    }
}

fn condition(text: &str) -> Option<(Comparison, Decimal)> {
    let kinds = [
        ("<=", Comparison::AtMost),
        (">=", Comparison::AtLeast),
        ("<>", Comparison::Other),
        ("<", Comparison::Less),
        (">", Comparison::More),
        ("=", Comparison::Equal),
    ];
    let (comparison, bound) =
        kinds.into_iter().find_map(|(sign, kind)| Some((kind, text.strip_prefix(sign)?.trim())))?;
    Some((comparison, bound.parse().ok()?))
}

/// The formats of a workbook, by the number that cells name.
#[derive(Default)]
pub struct Styles(Vec<Format>);

impl Styles {
    pub fn of(&self, style: usize) -> &Format {
        self.0.get(style).unwrap_or(&Format::General)
    }

    pub fn read(parts: &mut Parts, part: &str) -> Result<Styles, Fault> {
        if !parts.has(part) {
            return Ok(Styles::default());
        }
        let mut codes: Vec<(u32, Format)> = Vec::new();
        let mut numbers: Vec<u32> = Vec::new();
        let mut of_cells = false;
        let mut xml = parts.xml(part)?;
        while let Some(node) = xml.next()? {
            match node {
                Node::Start(start) => {
                    let number = || start.attribute("numFmtId").and_then(|text| text.parse().ok()).unwrap_or(0);
                    match start.name() {
                        "cellXfs" => of_cells = true,
                        "xf" if of_cells => numbers.push(number()),
                        "numFmt" => {
                            let code = start.attribute("formatCode").unwrap_or_default();
                            codes.push((number(), Format::of(&code)));
                        }
                        _ => {}
                    }
                }
                Node::End(end) if end.name() == "cellXfs" => of_cells = false,
                _ => {}
            }
        }
        let format = |number: u32| {
            let own = codes.iter().find(|(of, _)| *of == number);
            own.map_or_else(|| Format::built_in(number), |(_, format)| format.clone())
        };
        Ok(Styles(numbers.into_iter().map(format).collect()))
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal_macros::dec;

    use super::*;

    fn shown(code: &str, stored: Decimal) -> Option<(Decimal, String)> {
        match Format::of(code) {
            Format::Number(sections) => sections.shown(stored).map(|it| (it.figure().unwrap(), it.unit)),
            _ => None,
        }
    }

    #[test]
    fn scaled_formats_show_a_power_of_ten_less() {
        for (code, figure, unit) in [
            ("0!.0,\"万\"", dec!(123.45), "万"),
            ("0!.0,", dec!(123.45), ""),
            ("0\\.0,\"万元\"", dec!(123.45), "万元"),
            ("0\".\"0,", dec!(123.45), ""),
            ("0!.0000", dec!(123.45), ""),
            ("#,##0,", dec!(1234.5), ""),
            ("0.0,,\"百万\"", dec!(1.2345), "百万"),
            ("0!.00,,\"亿\"", dec!(0.012345), "亿"),
            ("[>=100000000]0!.00,,\"亿\";[>=10000]0!.0,\"万\";0", dec!(123.45), "万"),
            ("0.00\"元\"", dec!(1234500), "元"),
            ("#,##0.00 [$元-804]", dec!(1234500), "元"),
            ("G/通用格式\"元\"", dec!(1234500), "元"),
        ] {
            assert_eq!(shown(code, dec!(1234500)), Some((figure, unit.to_owned())), "{code}");
        }
    }

    #[test]
    fn percent_shows_a_hundred_times_as_much() {
        assert_eq!(shown("0%", dec!(0.2)), Some((dec!(20), "%".into())));
        assert_eq!(shown("0.00%", dec!(0.001)), Some((dec!(0.1), "%".into())));
        assert_eq!(shown("0.0\"%\"", dec!(5)), Some((dec!(5), "%".into())), "written, not worked out");
        assert_eq!(shown("0\"‰\"", dec!(1)), Some((dec!(1), "‰".into())));
    }

    #[test]
    fn formats_that_leave_the_digits_alone() {
        for code in [
            "General",
            "0",
            "0.00",
            "#,##0.00",
            "#,##0.00_);(#,##0.00)",
            "#,##0.00;[Red]-#,##0.00",
            "@",
            "0.00E+00",
            "¥#,##0.00",
            "_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * \"-\"??_ ;_ @_ ",
            "#,##0.00_ ",
            "G/通用格式",
            "# ?/?",
        ] {
            assert_eq!(shown(code, dec!(1234.5)), None, "{code}");
            assert_eq!(shown(code, dec!(-1234.5)), None, "{code}");
        }
    }

    #[test]
    fn a_section_is_chosen_by_sign_or_condition() {
        let wan = "[>=10000]0!.0,\"万\";0";
        assert_eq!(shown(wan, dec!(9999)), None);
        assert_eq!(shown(wan, dec!(10000)), Some((dec!(1), "万".into())));
        assert_eq!(shown("0;0%", dec!(2)), None);
        assert_eq!(shown("0;0%", dec!(-2)), Some((dec!(-200), "%".into())));
    }

    #[test]
    fn whole_numbers_keep_the_zeros_that_are_shown() {
        let Format::Number(sections) = Format::of("0000") else { panic!() };
        let shown = sections.shown(dec!(111)).unwrap();
        assert_eq!((shown.text(), shown.width), ("0111".to_owned(), 4));
    }

    #[test]
    fn days_are_told_from_numbers() {
        for code in [
            "yyyy-mm-dd",
            "yyyy/m/d",
            "[$-804]yyyy\"年\"m\"月\"d\"日\"",
            "m月d日",
            "yyyy年m月",
            "h:mm",
            "[h]:mm:ss",
            "yyyy-mm-dd;@",
            "[$-F800]dddd, mmmm dd, yyyy",
        ] {
            assert_eq!(Format::of(code), Format::Date, "{code}");
        }
        for code in ["[Red]0", "[DBNum1]0", "\"day\"0", "0\\d"] {
            assert_ne!(Format::of(code), Format::Date, "{code}");
        }
        for number in [14, 22, 31, 57] {
            assert_eq!(Format::built_in(number), Format::Date);
        }
    }
}
