//! A plan: which way, what is to be reached until when, who is in charge. What does not hold together is told of every field.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::proof::LineOf;
use super::{SubjectKind, Way};
use crate::account::Department;
use crate::exchange::{Fault, FaultCode};
use crate::policy::Comparison;

/// Something to be done on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Milestone {
    pub due: NaiveDate,
    pub what: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub way: Way,
    /// 元/亩, of an upgrade.
    pub target: Option<Decimal>,
    /// The full year in which it is to be reached.
    pub target_year: Option<i32>,
    pub measures: String,
    /// To be ended, where land is taken back.
    pub contract: Option<String>,
    /// To be moved to.
    pub new_parcel: Option<String>,
    pub due: NaiveDate,
    pub subdistrict: Option<String>,
    pub lead: Department,
    /// Beside the lead.
    pub departments: Vec<Department>,
    pub milestones: Vec<Milestone>,
}

/// What is wrong with a plan made on a day for a subject; `line` is the one that its target is held against.
pub fn faults(plan: &Plan, subject: SubjectKind, today: NaiveDate, line: Option<LineOf>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut wrong = |field: &str, code, words: String| faults.push(Fault::error(code, words).at_field(field));
    if plan.due <= today {
        wrong("due", FaultCode::BadRequest, format!("完成期限{}应晚于今天", plan.due));
    }
    match plan.way {
        Way::Upgrade if subject == SubjectKind::Parcel => {
            wrong("way", FaultCode::BadRequest, "提升改造以企业的亩均税收验收，宗地的整治请选择其他方式".into());
        }
        Way::Upgrade => upgrade_faults(plan, today, line, &mut wrong),
        Way::Merge if subject == SubjectKind::Parcel => {
            wrong("way", FaultCode::BadRequest, "兼并重组只适用于企业，宗地的整治请选择其他方式".into());
        }
        Way::TakeBack if plan.contract.is_none() => {
            wrong("contract", FaultCode::ValueMissing, "收回土地须填写要终止的出让合同编号".into());
        }
        Way::Move if plan.new_parcel.is_none() => {
            wrong("new_parcel", FaultCode::ValueMissing, "搬迁入园须填写迁入的宗地代码".into());
        }
        Way::Close | Way::TakeBack | Way::Move | Way::Merge => {}
    }
    for milestone in &plan.milestones {
        if milestone.due <= today || milestone.due > plan.due {
            let words =
                format!("节点“{}”的日期{}应在今天之后、完成期限{}之前", milestone.what, milestone.due, plan.due);
            wrong("milestones", FaultCode::BadRequest, words);
        }
    }
    faults
}

fn upgrade_faults(
    plan: &Plan,
    today: NaiveDate,
    line: Option<LineOf>,
    wrong: &mut impl FnMut(&str, FaultCode, String),
) {
    match (plan.target, line) {
        (None, _) => wrong("target", FaultCode::ValueMissing, "提升改造须填写亩均税收目标（元/亩）".into()),
        (_, None) => wrong("target", FaultCode::BadRequest, "没有有效的亩均税收标准，无法核对目标".into()),
        (Some(target), Some(line)) => {
            let floor = line.floor;
            let words = match line.comparison {
                Comparison::Below if target < floor => Some(format!("不得低于{floor}元/亩的标准")),
                Comparison::AtMost if target <= floor => Some(format!("须高于{floor}元/亩的标准")),
                _ => None,
            };
            if let Some(words) = words {
                wrong(
                    "target",
                    FaultCode::TargetBelowLine,
                    format!("提升改造的目标{target}元/亩{words}（四（一）4）；请提高目标"),
                );
            }
        }
    }
    match plan.target_year {
        None => wrong("target_year", FaultCode::ValueMissing, "提升改造须填写以哪一年度的数据验收".into()),
        Some(year) if year <= today.year() => wrong(
            "target_year",
            FaultCode::BadRequest,
            format!("验收年度{year}应为方案制定之后的完整年度，最早为{}年度", today.year() + 1),
        ),
        Some(year) if plan.due <= crate::annual::deciding_day(year) => wrong(
            "due",
            FaultCode::BadRequest,
            format!("完成期限{}早于{year}年度结束，届时没有完整年度的数据；请改在{}年或以后", plan.due, year + 1),
        ),
        Some(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal_macros::dec;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn upgrade(target: Decimal) -> Plan {
        Plan {
            way: Way::Upgrade,
            target: Some(target),
            target_year: Some(2027),
            measures: "更新生产线".into(),
            contract: None,
            new_parcel: None,
            due: day("2028-06-30"),
            subdistrict: None,
            lead: Department::EconomyAndTourism,
            departments: vec![Department::Land],
            milestones: vec![Milestone { due: day("2027-03-31"), what: "设备到位".into() }],
        }
    }

    fn told(plan: &Plan, comparison: Comparison) -> Vec<(String, FaultCode)> {
        let line = LineOf { floor: dec!(10000), comparison };
        let faults = faults(plan, SubjectKind::Enterprise, day("2026-11-30"), Some(line));
        faults.into_iter().map(|fault| (fault.place, fault.code)).collect()
    }

    #[test]
    fn a_target_is_on_the_line_or_above_it() {
        let below = vec![("target".to_owned(), FaultCode::TargetBelowLine)];
        assert_eq!(told(&upgrade(dec!(9999.9999)), Comparison::Below), below);
        assert_eq!(told(&upgrade(dec!(10000)), Comparison::Below), []);
        assert_eq!(told(&upgrade(dec!(10000.0001)), Comparison::Below), []);
        assert_eq!(told(&upgrade(dec!(10000)), Comparison::AtMost), below, "where the line itself is low");
        assert_eq!(told(&upgrade(dec!(10000.0001)), Comparison::AtMost), []);
    }

    #[test]
    fn an_upgrade_is_accepted_by_a_full_year_that_is_yet_to_come() {
        let plan = Plan { target_year: Some(2026), ..upgrade(dec!(10000)) };
        assert_eq!(told(&plan, Comparison::Below), [("target_year".to_owned(), FaultCode::BadRequest)]);
        let plan = Plan { due: day("2027-12-31"), ..upgrade(dec!(10000)) };
        assert_eq!(told(&plan, Comparison::Below), [("due".to_owned(), FaultCode::BadRequest)]);
        let plan = Plan { due: day("2028-01-01"), ..upgrade(dec!(10000)) };
        assert_eq!(told(&plan, Comparison::Below), []);
        let plan = Plan { target: None, target_year: None, ..upgrade(dec!(1)) };
        let missing = |field: &str| (field.to_owned(), FaultCode::ValueMissing);
        assert_eq!(told(&plan, Comparison::Below), [missing("target"), missing("target_year")]);
    }

    #[test]
    fn each_way_names_what_it_is_held_against() {
        let of = |way| Plan { way, target: None, target_year: None, ..upgrade(dec!(1)) };
        assert_eq!(told(&of(Way::TakeBack), Comparison::Below), [("contract".to_owned(), FaultCode::ValueMissing)]);
        assert_eq!(told(&of(Way::Move), Comparison::Below), [("new_parcel".to_owned(), FaultCode::ValueMissing)]);
        assert_eq!(told(&of(Way::Close), Comparison::Below), []);
        assert_eq!(told(&of(Way::Merge), Comparison::Below), []);
        for way in [Way::Upgrade, Way::Merge] {
            let line = LineOf { floor: dec!(10000), comparison: Comparison::Below };
            let found =
                faults(&Plan { way, ..upgrade(dec!(10000)) }, SubjectKind::Parcel, day("2026-11-30"), Some(line));
            assert_eq!(found[0].place, "way");
        }
    }

    #[test]
    fn milestones_lie_on_the_way() {
        for (date, wrong) in [("2026-11-30", true), ("2026-12-01", false), ("2028-06-30", false), ("2028-07-01", true)]
        {
            let plan =
                Plan { milestones: vec![Milestone { due: day(date), what: "节点".into() }], ..upgrade(dec!(10000)) };
            assert_eq!(!told(&plan, Comparison::Below).is_empty(), wrong, "{date}");
        }
    }
}
