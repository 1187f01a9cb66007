//! How what was typed into a form is read: every fault at once, in the words of the imports.

use std::str::FromStr;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use crate::base::bounds::{LAND, MONEY};
use crate::base::conversion::{self, Dimension};
use crate::base::unit::{Mu, Yuan};
use crate::contract::fault::{Fault, FaultCode, Place};
use crate::contract::record::{Base, Grounds};
use crate::web::list::given;

/// Reads fields one after the other and keeps what was wrong with any of them.
#[derive(Debug, Default)]
pub struct Reader {
    pub faults: Vec<Fault>,
}

impl Reader {
    fn wrong(&mut self, what: &str, text: &str, expected: &str) {
        let message = format!("“{what}”的“{text}”无法识别，应为{expected}");
        self.faults.push(Fault::error(FaultCode::ValueUnreadable, Place::Contract, message));
    }

    pub fn missing(&mut self, what: &str) {
        self.faults.push(Fault::error(FaultCode::ValueMissing, Place::Contract, format!("请填写“{what}”")));
    }

    pub fn may<T: FromStr>(&mut self, text: &str, what: &str, expected: &str) -> Option<T> {
        let text = given(text)?;
        let read = text.parse().ok();
        if read.is_none() {
            self.wrong(what, text, expected);
        }
        read
    }

    pub fn needs<T: FromStr>(&mut self, text: &str, what: &str, expected: &str) -> Option<T> {
        if given(text).is_none() {
            self.missing(what);
            return None;
        }
        self.may(text, what, expected)
    }

    pub fn day(&mut self, text: &str, what: &str) -> Option<NaiveDate> {
        self.may(text, what, "日期（YYYY-MM-DD）")
    }

    pub fn needs_day(&mut self, text: &str, what: &str) -> Option<NaiveDate> {
        self.needs(text, what, "日期（YYYY-MM-DD）")
    }

    /// A number that is not negative, with or without commas.
    pub fn number(&mut self, text: &str, what: &str) -> Option<Decimal> {
        let text = given(text)?;
        let number = text.replace([',', '，'], "").parse::<Decimal>().ok().filter(|number| !number.is_sign_negative());
        if number.is_none() {
            self.wrong(what, text, "不小于零的数");
        }
        number
    }

    pub fn needs_number(&mut self, text: &str, what: &str) -> Option<Decimal> {
        if given(text).is_none() {
            self.missing(what);
        }
        self.number(text, what)
    }

    /// More than nothing, typed in 元.
    pub fn needs_yuan(&mut self, text: &str, what: &str) -> Option<Yuan> {
        let amount = self.needs_number(text, what)?;
        self.money(amount, text, what)
    }

    /// More than nothing, typed in 万元.
    pub fn wan(&mut self, text: &str, what: &str) -> Option<Yuan> {
        let wan = self.number(text, what)?;
        let Some(amount) = wan.checked_mul(dec!(10000)) else {
            self.wrong(what, text, "可核算的金额");
            return None;
        };
        self.money(amount, text, what)
    }

    fn money(&mut self, amount: Decimal, text: &str, what: &str) -> Option<Yuan> {
        let sensible = amount > Decimal::ZERO && MONEY.hold(amount);
        if !sensible {
            self.wrong(what, text.trim(), &format!("大于零的金额，{}", MONEY.wording()));
        }
        sensible.then_some(Yuan(amount.normalize()))
    }

    /// More land than none, in square metres or in mu, kept as it is stated.
    pub fn land(&mut self, metres: &str, mu: &str, what: &str) -> Option<Mu> {
        if given(metres).is_none() && given(mu).is_none() {
            self.missing(what);
            return None;
        }
        let (metres, mu) = (self.land_in(metres, "平方米", what), self.land_in(mu, "亩", what));
        if metres.zip(mu).is_some_and(|(metres, mu)| metres != mu) {
            let message = format!("“{what}”的平方米数和亩数不是同一面积，请只填其中一个");
            self.faults.push(Fault::error(FaultCode::ValueUnreadable, Place::Contract, message));
        }
        metres.or(mu)
    }

    fn land_in(&mut self, text: &str, unit: &str, what: &str) -> Option<Mu> {
        let figure = self.number(text, what)?;
        if figure.is_zero() {
            self.wrong(what, text.trim(), &format!("大于零的数，单位{unit}"));
            return None;
        }
        match conversion::find(Dimension::Land, unit)?.to_stored(figure) {
            Ok(mu) => Some(Mu(mu)),
            Err(_) => {
                let message = format!("“{what}”的“{}”{unit}超出可信范围，应{}", text.trim(), LAND.wording());
                self.faults.push(Fault::error(FaultCode::FigureOutOfRange, Place::Contract, message));
                None
            }
        }
    }

    pub fn text(&mut self, text: &str, what: &str) -> Option<String> {
        let text = given(text).map(str::to_owned);
        if text.is_none() {
            self.missing(what);
        }
        text
    }

    /// Why, and from what paper or place it is known.
    pub fn grounds(&mut self, reason: &str, source: &str) -> Option<Grounds> {
        let (reason, source) = (self.text(reason, "原因"), self.text(source, "依据或来源"));
        Some(Grounds { reason: reason?, source: source? })
    }

    /// The contract as the form had it.
    pub fn base(&mut self, number: &str, version: &str) -> Option<Base> {
        let version = self.needs(version, "记录版本", "数字，请刷新页面后重试")?;
        Some(Base { number: number.to_owned(), version })
    }

    /// What was read, when nothing was wrong.
    pub fn settle<T>(self, value: Option<T>) -> Result<T, Vec<Fault>> {
        match value {
            Some(value) if self.faults.is_empty() => Ok(value),
            _ => Err(self.faults),
        }
    }
}
