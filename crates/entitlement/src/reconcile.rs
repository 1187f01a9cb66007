//! What a grade entitles to against what was done about it, one measure of one enterprise at a time (五(二)).

use base::ratio::Ratio;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::found::Outcome;
use crate::measure::Kind;

/// Reports are made by the quarter; the year's amount stands against all of them.
pub const LAST_QUARTER: u8 = 4;

base::terms! {
    /// The gravest comes first: a line that has several is listed under it.
    #[schema(as = ReconciliationFinding)]
    pub enum Finding {
        /// The list of the quarter does not name it: another grade, a measure that ended, somebody who is not graded.
        WithoutGround = "without_ground" => "无依据执行",
        /// What is barred or exempt was done all the same.
        Against = "against" => "不应执行而执行",
        WrongAccount = "wrong_account" => "户号不符",
        /// Quantity × standard is not the amount.
        Miscalculated = "miscalculated" => "计算不符",
        TooMuch = "too_much" => "多执行",
        TooLittle = "too_little" => "少执行",
        /// Said not to have been done, at the end of the year.
        NotDone = "not_done" => "未执行",
        /// Nothing was said of it in the quarter.
        NotReported = "not_reported" => "未报告",
        NotDeterminable = "not_determinable" => "无法核对",
        /// The year has quarters left.
        UnderWay = "under_way" => "执行中",
        /// Support that nobody asked for.
        NotUsed = "not_used" => "未享受",
        Agrees = "agrees" => "相符",
    }
}

impl Finding {
    /// Whether somebody has to put it right or explain it.
    pub fn is_gap(self) -> bool {
        !matches!(self, Finding::UnderWay | Finding::NotUsed | Finding::Agrees)
    }
}

base::terms! {
    /// Whose turn it is.
    #[schema(as = ReconciliationTurn)]
    pub enum Turn {
        Executing = "executing" => "执行单位",
        /// Whoever vouches for the figure that is missing.
        Figures = "figures" => "数据主管部门",
    }
}

/// What the list says that was handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entitled {
    pub kind: Kind,
    pub outcome: Outcome,
    /// yuan a unit of the base, after relief.
    pub per_unit: Option<Decimal>,
    /// yuan to the fen, for the year.
    pub amount: Option<Decimal>,
    /// Chinese: why it cannot be determined, or is exempt.
    pub why: String,
}

/// What was reported of one quarter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Done {
    pub quarter: u8,
    /// Whether anything was done; else `note` says why not.
    pub done: bool,
    /// In the unit of the base.
    pub quantity: Option<Decimal>,
    /// yuan to the fen.
    pub amount: Option<Decimal>,
    /// Whether the list of that quarter names enterprise and measure.
    pub is_listed: bool,
    /// The number of the customer, where it is none of the enterprise's.
    pub foreign_account: Option<String>,
    pub note: String,
}

/// One line of the reconciliation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciled {
    pub finding: Finding,
    /// yuan that are due for the year.
    pub due: Option<Decimal>,
    /// yuan that were done up to the quarter; none where nothing in yuan was.
    pub done: Option<Decimal>,
    /// yuan of the gap. Of what was calculated wrongly: as reported less as it should be.
    pub gap: Option<Decimal>,
    pub turn: Option<Turn>,
    /// Chinese; every gap that the line has.
    pub why: String,
}

struct Gap {
    finding: Finding,
    amount: Option<Decimal>,
    turn: Option<Turn>,
    why: String,
}

/// `quarter` is the one up to which reports count; `done` holds the reports of the year up to it.
pub fn reconcile(quarter: u8, entitled: Option<&Entitled>, done: &[Done]) -> Reconciled {
    let acted: Vec<&Done> = done.iter().filter(|it| it.done).collect();
    let mut gaps: Vec<Gap> = of_reports(entitled, &acted).into_iter().flatten().collect();
    if let Some(entitled) = entitled {
        gaps.push(against_the_list(quarter, entitled, done, &acted));
    }
    gaps.sort_by_key(|gap| gap.finding);
    let why: Vec<&str> = gaps.iter().map(|gap| &*gap.why).filter(|it| !it.is_empty()).collect();
    let why = why.join("；");
    let gravest = gaps.into_iter().next().unwrap_or_else(settled);
    Reconciled {
        finding: gravest.finding,
        due: entitled.filter(|it| it.outcome == Outcome::Due).and_then(|it| it.amount),
        done: sum(&acted),
        gap: gravest.amount,
        turn: gravest.turn,
        why,
    }
}

/// What the reports show of themselves.
fn of_reports(entitled: Option<&Entitled>, acted: &[&Done]) -> [Option<Gap>; 3] {
    [without_ground(acted), wrong_account(acted), entitled.and_then(|entitled| miscalculated(entitled, acted))]
}

fn without_ground(acted: &[&Done]) -> Option<Gap> {
    let unlisted: Vec<&Done> = acted.iter().copied().filter(|it| !it.is_listed).collect();
    let why = format!("{}交办清单中没有这一户的这项措施", quarters(&unlisted));
    gap(Finding::WithoutGround, &unlisted, why)
}

fn wrong_account(acted: &[&Done]) -> Option<Gap> {
    let foreign: Vec<&Done> = acted.iter().copied().filter(|it| it.foreign_account.is_some()).collect();
    let numbers: Vec<&str> = foreign.iter().filter_map(|it| it.foreign_account.as_deref()).collect();
    let why = format!("户号{}不是该企业登记的户号", numbers.join("、"));
    gap(Finding::WrongAccount, &foreign, why)
}

fn gap(finding: Finding, rows: &[&Done], why: String) -> Option<Gap> {
    let turn = Some(Turn::Executing);
    (!rows.is_empty()).then(|| Gap { finding, amount: sum(rows), turn, why })
}

fn miscalculated(entitled: &Entitled, acted: &[&Done]) -> Option<Gap> {
    let per_unit = entitled.per_unit?;
    let differing = acted.iter().filter_map(|row| {
        let (quantity, amount) = row.quantity.zip(row.amount)?;
        let expected = Ratio::from(quantity).times(&per_unit.into()).rounded(2)?;
        (expected != amount).then(|| (row.quarter, amount - expected, expected))
    });
    let differing: Vec<(u8, Decimal, Decimal)> = differing.collect();
    let words = differing.iter().map(|(quarter, _, expected)| format!("{}应为{expected}元", name(*quarter)));
    let why = format!("报告的金额与数量×标准不符：{}", words.collect::<Vec<_>>().join("，"));
    let amount = Some(differing.iter().map(|(_, difference, _)| difference).sum());
    let turn = Some(Turn::Executing);
    (!differing.is_empty()).then_some(Gap { finding: Finding::Miscalculated, amount, turn, why })
}

fn against_the_list(quarter: u8, entitled: &Entitled, done: &[Done], acted: &[&Done]) -> Gap {
    let listed: Vec<&Done> = acted.iter().copied().filter(|it| it.is_listed).collect();
    match (entitled.outcome, entitled.kind) {
        (Outcome::Due, _) => due(quarter, entitled, done, acted),
        (Outcome::Barred, _) | (Outcome::Exempt, Kind::Amount | Kind::Support) => {
            gap(Finding::Against, &listed, barred(entitled)).unwrap_or_else(settled)
        }
        (Outcome::Exempt | Outcome::Allowed, Kind::Bar) => settled(),
        (Outcome::Allowed, _) => used(&listed),
        (Outcome::NotDeterminable, Kind::Amount) => open(Turn::Figures, entitled),
        (Outcome::NotDeterminable, _) if !listed.is_empty() => open(Turn::Executing, entitled),
        (Outcome::NotDeterminable, Kind::Support) => used(&listed),
        (Outcome::NotDeterminable, Kind::Bar) => settled(),
    }
}

fn barred(entitled: &Entitled) -> String {
    match entitled.why.is_empty() {
        true => "依措施不得享受，已执行".to_owned(),
        false => format!("{}，已执行", entitled.why),
    }
}

fn settled() -> Gap {
    Gap { finding: Finding::Agrees, amount: None, turn: None, why: String::new() }
}

fn used(listed: &[&Done]) -> Gap {
    let finding = if listed.is_empty() { Finding::NotUsed } else { Finding::Agrees };
    Gap { finding, ..settled() }
}

fn open(turn: Turn, entitled: &Entitled) -> Gap {
    Gap { finding: Finding::NotDeterminable, amount: None, turn: Some(turn), why: entitled.why.clone() }
}

/// The amount of a year against what was done of it so far.
fn due(quarter: u8, entitled: &Entitled, done: &[Done], acted: &[&Done]) -> Gap {
    let Some(due) = entitled.amount else { return open(Turn::Figures, entitled) };
    let so_far = sum(acted).unwrap_or_default();
    let (left, turn) = (due - so_far, Some(Turn::Executing));
    let is_told = done.iter().any(|row| row.quarter == quarter);
    let finding = match (left.is_sign_negative(), left.is_zero()) {
        (_, true) => return settled(),
        (true, _) => {
            return Gap { finding: Finding::TooMuch, amount: Some(-left), turn, why: format!("多执行{}元", -left) };
        }
        (false, false) if !is_told => Finding::NotReported,
        (false, false) if quarter < LAST_QUARTER => {
            return Gap { finding: Finding::UnderWay, amount: None, turn: None, why: format!("尚余{left}元") };
        }
        (false, false) if acted.is_empty() => Finding::NotDone,
        (false, false) => Finding::TooLittle,
    };
    Gap { finding, amount: Some(left), turn, why: reason(finding, left, quarter, done) }
}

/// With what whoever carries the measure out said last.
fn reason(finding: Finding, left: Decimal, quarter: u8, done: &[Done]) -> String {
    let said = match finding {
        Finding::NotReported => format!("{}没有报告，尚余{left}元", name(quarter)),
        _ => format!("尚余{left}元"),
    };
    let note = done.iter().filter(|row| !row.note.is_empty()).max_by_key(|row| row.quarter);
    note.map_or(said.clone(), |row| format!("{said}（执行单位说明：{}）", row.note))
}

/// yuan; none where no row says any.
fn sum(rows: &[&Done]) -> Option<Decimal> {
    let amounts: Vec<Decimal> = rows.iter().filter_map(|row| row.amount).collect();
    (!amounts.is_empty()).then(|| amounts.into_iter().sum())
}

fn quarters(rows: &[&Done]) -> String {
    let mut quarters: Vec<u8> = rows.iter().map(|row| row.quarter).collect();
    quarters.sort_unstable();
    quarters.dedup();
    quarters.into_iter().map(name).collect::<Vec<_>>().join("、")
}

fn name(quarter: u8) -> String {
    format!("第{}季度", ["一", "二", "三", "四"].get(usize::from(quarter).wrapping_sub(1)).unwrap_or(&"？"))
}

#[cfg(test)]
mod tests;
