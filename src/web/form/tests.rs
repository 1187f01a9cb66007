use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::*;
use crate::base::conversion::Dimension;
use crate::base::unit::{Mu, Yuan};

/// A field of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Everything {
    day: String,
    number: String,
    yuan: String,
    wan: String,
    metres: String,
    mu: String,
    floor: String,
    years: String,
    choice: String,
    yes: String,
    name: String,
    lines: String,
}

impl Everything {
    fn good() -> Self {
        let text = str::to_owned;
        Everything {
            day: text("2024-02-29"),
            number: text("1,234.5"),
            yuan: text("100"),
            wan: text(" 0.5 "),
            metres: text("2000"),
            mu: text("3"),
            floor: text("10"),
            years: text("70"),
            choice: text("warning"),
            yes: text("no"),
            name: text("甲"),
            lines: text("1\n\n 2 \r\n3"),
        }
    }

    fn texts(&self) -> Vec<(&'static str, String)> {
        let Everything { day, number, yuan, wan, metres, mu, floor, years, choice, yes, name, lines } = self.clone();
        vec![
            ("day", day),
            ("number", number),
            ("yuan", yuan),
            ("wan", wan),
            ("metres", metres),
            ("mu", mu),
            ("floor", floor),
            ("years", years),
            ("choice", choice),
            ("yes", yes),
            ("name", name),
            ("lines", lines),
        ]
    }

    fn of(texts: &[(&'static str, String)]) -> Self {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(texts).finish();
        serde_urlencoded::from_str(&body).unwrap()
    }

    /// Every field on its own is read after the others, whatever was wrong with them.
    fn read(&self) -> std::result::Result<Vec<u32>, Vec<Fault>> {
        let mut reader = Reader::default();
        reader.needs_day(field!(self.day, "日期"));
        reader.needs_number(field!(self.number, "数"));
        reader.needs_yuan(field!(self.yuan, "金额（元）"));
        reader.needs_wan(field!(self.wan, "金额（万元）"));
        reader.needs_land(field!(self.metres, "土地（平方米）"), field!(self.mu, "土地（亩）"));
        reader.measure(field!(self.floor, "建筑面积"), (Dimension::Area, "平方米"));
        reader.needs_between(field!(self.years, "年期"), (1, 70), "1至70的整数");
        reader.needs::<crate::exchange::Severity>(field!(self.choice, "程度"), "错误或警告");
        reader.yes_or_no(field!(self.yes, "是否"));
        reader.text(field!(self.name, "名称"));
        let lines = reader.needs_lines(field!(self.lines, "清单"), |reader, line| reader.may(line, "数"));
        reader.finish(lines)
    }
}

#[test]
fn a_form_is_read_field_by_field() {
    let good = Everything::good();
    assert_eq!(good.read(), Ok(vec![1, 2, 3]));
    let mut reader = Reader::default();
    assert_eq!(reader.wan(field!(good.wan, "金额")), Some(Yuan(5000.into())));
    assert_eq!(reader.land(field!(good.metres, "土地"), field!(good.mu, "土地")), Some(Mu(3.into())));
    assert_eq!(reader.yes_or_no(field!(good.yes, "是否")), Some(false));
    assert_eq!(reader.finish(Some(())), Ok(()));
}

#[test]
fn what_is_optional_may_be_empty_and_what_is_compulsory_is_missed() {
    let faults = Everything::default().read().unwrap_err();
    let places: Vec<&str> = faults.iter().map(|fault| fault.place.as_str()).collect();
    assert_eq!(places, ["day", "number", "yuan", "wan", "metres", "years", "choice", "name", "lines"]);
    assert!(faults.iter().all(|fault| fault.code == FaultCode::ValueMissing));
    let unseen = Everything { name: "\u{200b}\u{3000}".into(), ..Everything::good() };
    assert_eq!(unseen.read().unwrap_err()[0].place, "name");
}

#[test]
fn a_day_that_has_not_come_is_refused_and_none_is_today() {
    let today = "2025-06-30".parse().unwrap();
    let read = |text: &str| {
        let mut reader = Reader::default();
        let day = reader.day_done(Field::new("on", "送达日期", text), today);
        reader.finish(day)
    };
    assert_eq!(read(""), Ok(today));
    assert_eq!(read("2025-06-30"), Ok(today));
    assert!(read("2025-07-01").unwrap_err()[0].message.contains("送达日期不能晚于今天"));
    assert_eq!(read("2025/06/30").unwrap_err()[0].code, FaultCode::ValueUnreadable);
}

#[test]
fn a_conflict_is_shown_where_the_case_is_shown_and_else_a_page_of_its_own() {
    let faster = || std::result::Result::<(), _>::Err(Error::Conflict("已由他人变更".into()));
    assert!(matches!(faults_of(faster()), Err(Error::Conflict(_))));
    let shown = Shown::default().with_faults(faults_or_conflict(faster()).unwrap());
    assert_eq!((shown.status().as_u16(), shown.faults()[0].message.as_str()), (409, "已由他人变更"));
    assert!(matches!(faults_or_conflict::<(), _>(Err(Error::Forbidden)), Err(Error::Forbidden)));
}

#[test]
fn a_warning_alone_asks_for_somebody_to_vouch() {
    let doubt = || Fault::warning(FaultCode::LandMissing, "没有面积");
    let shown = |faults| Shown::default().with_faults(faults);
    assert!(!Shown::default().can_vouch() && shown(vec![doubt()]).can_vouch());
    assert!(!shown(vec![doubt(), Fault::error(FaultCode::CodeInvalid, "无效")]).can_vouch());
    assert_eq!(shown(vec![doubt()]).status().as_u16(), 422);
}

#[test]
fn an_end_of_line_that_comes_first_is_no_less_than_the_others() {
    let shown = |text: &str| Shown::from(Sent::default().with("list", text)).lines("list");
    assert_eq!((shown("\na").as_str(), shown("\r\na").as_str(), shown(" a\n").as_str()), ("\n\na", "\n\r\na", " a\n"));
}

/// What can be read of no field but a name.
const NONSENSE: &str = "☃";

proptest! {
    /// Whichever fields are wrong, each is told of at once, in one answer, at its place.
    #[test]
    fn every_fault_of_a_form_comes_at_once(wrong in proptest::collection::vec(any::<bool>(), 12)) {
        let texts = Everything::good().texts();
        let spoilt: Vec<(&'static str, String)> = texts
            .into_iter()
            .zip(&wrong)
            .map(|((name, text), wrong)| match (name, wrong) {
                (_, false) => (name, text),
                ("name", true) => (name, String::new()),
                (_, true) => (name, NONSENSE.to_owned()),
            })
            .collect();
        let names: std::collections::BTreeSet<String> =
            spoilt.iter().zip(&wrong).filter(|(_, wrong)| **wrong).map(|((name, _), _)| (*name).to_owned()).collect();
        let told = Everything::of(&spoilt).read().err().unwrap_or_default();
        prop_assert_eq!(told.len(), names.len());
        prop_assert_eq!(told.into_iter().map(|fault| fault.place).collect::<std::collections::BTreeSet<_>>(), names);
    }

    /// Byte for byte, through the wire and back onto the page, with a type of its own or without.
    #[test]
    fn what_was_typed_comes_back_as_it_was(texts in proptest::collection::vec("\\PC{0,12}|[ \t\r\n\"<>&%+=;]{0,6}", 12)) {
        let names = Everything::good().texts().into_iter().map(|(name, _)| name);
        let typed: Vec<(&'static str, String)> = names.zip(texts).collect();
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&typed).finish();
        let form: Everything = serde_urlencoded::from_str(&body).unwrap();
        let faults = form.read().err().unwrap_or_default();
        let own = Shown::of(&form).with_faults(faults);
        let any = Shown::from(Sent::parse(body.as_bytes()));
        for (name, text) in &typed {
            prop_assert_eq!(own.value(name), text.as_str());
            prop_assert_eq!(any.value(name), text.as_str());
        }
    }
}
