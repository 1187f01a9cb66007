//! How the fields of a form are read: one after the other, and what is wrong with any of them is kept with its place.

use std::str::FromStr;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use crate::base::bounds::{MONEY, YEARS, year_wording};
use crate::base::conversion::{self, Dimension};
use crate::base::period::Period;
use crate::base::text::Seen;
use crate::base::unit::{Mu, Yuan};
use crate::exchange::wording::{figure_refused, short};
use crate::exchange::{Fault, FaultCode};

/// How every day is written.
const A_DAY: &str = "日期（YYYY-MM-DD）";

/// One field: its name in the form, its label on the page, and what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    pub name: &'a str,
    pub label: &'a str,
    text: &'a str,
}

impl<'a> Field<'a> {
    pub fn new(name: &'a str, label: &'a str, text: &'a str) -> Self {
        Field { name, label, text }
    }

    /// As it is read; an empty field states nothing.
    pub fn given(&self) -> Option<&'a str> {
        Some(self.text.seen()).filter(|text| !text.is_empty())
    }

    pub fn is_empty(&self) -> bool {
        self.given().is_none()
    }

    /// Part of the field, such as a line: what is wrong with it is told of the field.
    pub fn part(self, label: &'a str, text: &'a str) -> Self {
        Field { label, text, ..self }
    }

    /// A list has one entry a line; each with its number, blank lines counted and left out.
    pub fn lines(self) -> impl Iterator<Item = (usize, Field<'a>)> {
        let lines = (1..).zip(self.text.lines().map(Seen::seen)).filter(|(_, line)| !line.is_empty());
        lines.map(move |(number, line)| (number, self.part(self.label, line)))
    }

    pub fn missing(&self) -> Fault {
        Fault::error(FaultCode::ValueMissing, format!("请填写“{}”", self.label)).at_field(self.name)
    }

    pub fn fault(&self, code: FaultCode, message: impl Into<String>) -> Fault {
        Fault::error(code, message).at_field(self.name)
    }
}

/// A field of a form that has a type of its own: `field!(self.on, "发生日期")`.
macro_rules! field {
    ($form:ident.$name:ident, $label:expr) => {
        $crate::web::form::Field::new(stringify!($name), $label, &$form.$name)
    };
}
pub(crate) use field;

/// Reads fields one after the other and keeps what was wrong with any of them. What is read is `None` when nothing was
/// typed or when it cannot be read; only the latter, and what is compulsory and empty, are faults.
#[derive(Debug)]
pub struct Reader {
    faults: Vec<Fault>,
    /// What a text is that cannot be read.
    unreadable: FaultCode,
}

impl Default for Reader {
    fn default() -> Self {
        Reader::telling(FaultCode::ValueUnreadable)
    }
}

impl Reader {
    /// With another code for what cannot be read, where programs know it by that.
    pub fn telling(unreadable: FaultCode) -> Self {
        Reader { faults: Vec::new(), unreadable }
    }

    pub fn push(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    pub fn extend(&mut self, faults: impl IntoIterator<Item = Fault>) {
        self.faults.extend(faults);
    }

    /// What somebody else read, and what was wrong with it.
    pub fn take<T>(&mut self, read: Result<T, Vec<Fault>>) -> Option<T> {
        read.map_err(|faults| self.extend(faults)).ok()
    }

    pub fn wrong(&mut self, field: Field<'_>, expected: &str) {
        let text = short(field.text.seen());
        let message = format!("“{}”的“{text}”填写有误，应为{expected}。请改正。", field.label);
        self.push(field.fault(self.unreadable, message));
    }

    /// A field that has to say something.
    fn needed<T>(&mut self, field: Field<'_>, read: impl FnOnce(&mut Self, Field<'_>) -> Option<T>) -> Option<T> {
        if field.is_empty() {
            self.push(field.missing());
            return None;
        }
        read(self, field)
    }

    pub fn may<T: FromStr>(&mut self, field: Field<'_>, expected: &str) -> Option<T> {
        let read = field.given()?.parse().ok();
        if read.is_none() {
            self.wrong(field, expected);
        }
        read
    }

    pub fn needs<T: FromStr>(&mut self, field: Field<'_>, expected: &str) -> Option<T> {
        self.needed(field, |reader, field| reader.may(field, expected))
    }

    /// A whole number between two others, both counted in.
    pub fn may_between(&mut self, field: Field<'_>, (least, most): (u16, u16), expected: &str) -> Option<u16> {
        let number: u16 = self.may(field, expected)?;
        let fits = (least..=most).contains(&number);
        if !fits {
            self.wrong(field, expected);
        }
        fits.then_some(number)
    }

    pub fn needs_between(&mut self, field: Field<'_>, bounds: (u16, u16), expected: &str) -> Option<u16> {
        self.needed(field, |reader, field| reader.may_between(field, bounds, expected))
    }

    /// A year that something is kept of.
    pub fn needs_year(&mut self, field: Field<'_>) -> Option<i32> {
        let bounds = (*YEARS.start() as u16, *YEARS.end() as u16);
        self.needs_between(field, bounds, &year_wording()).map(i32::from)
    }

    pub fn day(&mut self, field: Field<'_>) -> Option<NaiveDate> {
        self.may(field, A_DAY)
    }

    pub fn needs_day(&mut self, field: Field<'_>) -> Option<NaiveDate> {
        self.needs(field, A_DAY)
    }

    /// A day that has come; today where nothing was typed.
    pub fn day_done(&mut self, field: Field<'_>, today: NaiveDate) -> Option<NaiveDate> {
        if field.is_empty() {
            return Some(today);
        }
        let day = self.day(field)?;
        if day > today {
            self.push(field.fault(FaultCode::BadRequest, format!("{}不能晚于今天", field.label)));
            return None;
        }
        Some(day)
    }

    /// From its first day, read before, to a last day that counts; without an end where nothing was typed.
    pub fn period(&mut self, (from, called): (Option<NaiveDate>, &str), to: Field<'_>) -> Option<Period> {
        let last = self.day(to);
        if from.zip(last).is_some_and(|(from, last)| last < from) {
            self.push(to.fault(FaultCode::BadRequest, format!("{}不能早于{called}", to.label)));
        }
        Some(Period { from: Some(from?), until: last.and_then(|last| last.succ_opt()) })
    }

    pub fn may_text(&mut self, field: Field<'_>) -> Option<String> {
        field.given().map(str::to_owned)
    }

    pub fn text(&mut self, field: Field<'_>) -> Option<String> {
        self.needed(field, |reader, field| reader.may_text(field))
    }

    pub fn yes_or_no(&mut self, field: Field<'_>) -> Option<bool> {
        match field.given()? {
            "yes" | "是" => Some(true),
            "no" | "否" => Some(false),
            _ => {
                self.wrong(field, "是或否");
                None
            }
        }
    }

    /// A number that is not negative, with or without commas.
    pub fn number(&mut self, field: Field<'_>) -> Option<Decimal> {
        let text = field.given()?.replace([',', '，'], "");
        let number = text.parse::<Decimal>().ok().filter(|number| !number.is_sign_negative());
        if number.is_none() {
            self.wrong(field, "不小于零的数");
        }
        number
    }

    pub fn needs_number(&mut self, field: Field<'_>) -> Option<Decimal> {
        self.needed(field, Self::number)
    }

    /// More than nothing.
    pub fn positive(&mut self, field: Field<'_>) -> Option<Decimal> {
        let number = self.number(field)?;
        if number.is_zero() {
            self.wrong(field, "大于零的数；没有数据的不填");
        }
        (!number.is_zero()).then_some(number)
    }

    /// More than nothing, typed in 元.
    pub fn yuan(&mut self, field: Field<'_>) -> Option<Yuan> {
        let amount = self.number(field)?;
        self.money(amount, field)
    }

    pub fn needs_yuan(&mut self, field: Field<'_>) -> Option<Yuan> {
        self.needed(field, Self::yuan)
    }

    /// More than nothing, typed in 万元.
    pub fn wan(&mut self, field: Field<'_>) -> Option<Yuan> {
        let wan = self.number(field)?;
        let Some(amount) = wan.checked_mul(dec!(10000)) else {
            self.wrong(field, "可核算的金额");
            return None;
        };
        self.money(amount, field)
    }

    pub fn needs_wan(&mut self, field: Field<'_>) -> Option<Yuan> {
        self.needed(field, Self::wan)
    }

    fn money(&mut self, amount: Decimal, field: Field<'_>) -> Option<Yuan> {
        let sensible = amount > Decimal::ZERO && MONEY.hold(amount);
        if !sensible {
            self.wrong(field, &format!("大于零的金额，{}", MONEY.wording()));
        }
        sensible.then(|| Yuan(amount.normalize()))
    }

    /// A positive figure in a unit of its quantity, as it is stored.
    pub fn measure(&mut self, field: Field<'_>, (dimension, unit): (Dimension, &str)) -> Option<Decimal> {
        let text = field.given()?;
        let figure = text.replace([',', '，'], "").parse().ok().filter(|figure| *figure > Decimal::ZERO);
        let Some(figure) = figure else {
            self.wrong(field, &format!("大于零的数，单位{unit}"));
            return None;
        };
        match conversion::find(dimension, unit)?.to_stored(figure) {
            Ok(stored) => Some(stored),
            Err(refused) => {
                self.push(figure_refused(field.label, text, refused).at_field(field.name));
                None
            }
        }
    }

    /// Land, in square metres or in mu, kept as it is stated; both only where they are the same.
    pub fn land(&mut self, metres: Field<'_>, mu: Field<'_>) -> Option<Mu> {
        let in_mu = self.measure(mu, (Dimension::Land, "亩"));
        let in_metres = self.measure(metres, (Dimension::Land, "平方米"));
        if in_metres.zip(in_mu).is_some_and(|(metres, mu)| metres != mu) {
            let message = "土地面积的平方米数和亩数不是同一面积。请只填其中一个。";
            self.push(metres.fault(self.unreadable, message));
        }
        in_metres.or(in_mu).map(Mu)
    }

    pub fn needs_land(&mut self, metres: Field<'_>, mu: Field<'_>) -> Option<Mu> {
        if metres.is_empty() && mu.is_empty() {
            self.push(metres.missing());
            return None;
        }
        self.land(metres, mu)
    }

    /// A list, one entry a line, blank lines left out; none when any line cannot be read.
    pub fn lines<'a, T>(
        &mut self,
        field: Field<'a>,
        mut read: impl FnMut(&mut Self, Field<'a>) -> Option<T>,
    ) -> Option<Vec<T>> {
        let read: Vec<Option<T>> = field.lines().map(|(_, line)| read(self, line)).collect();
        read.into_iter().collect()
    }

    pub fn needs_lines<'a, T>(
        &mut self,
        field: Field<'a>,
        read: impl FnMut(&mut Self, Field<'a>) -> Option<T>,
    ) -> Option<Vec<T>> {
        if field.is_empty() {
            self.push(field.missing());
            return None;
        }
        self.lines(field, read)
    }

    /// What was read, when nothing was wrong with any field.
    ///
    /// # Errors
    /// Everything that was.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Vec<Fault>> {
        match value {
            Some(value) if self.faults.is_empty() => Ok(value),
            _ => Err(self.faults),
        }
    }
}
