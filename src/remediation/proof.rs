//! What a file rests on, as receipts that can be run again: what an enterprise was entered for, and whether a full year's figure
//! reached the line. Tax × days is held against line × Σ(mu × days), exactly, as in [`crate::low_efficiency::rules`].
//!
//! An upgrade is proven by the calendar year after the plan's or a later one, when that year is over and its tax is confirmed by
//! the tax office: a forecast, a part of a year and a figure that is only reported prove nothing. Of several such years the last
//! one counts. On the line is reached, unless the comparison in force counts the line itself as low.

use std::cmp::Ordering;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Ground, SubjectKind};
use crate::annual::deciding_day;
use crate::base::period::length_of_year;
use crate::base::ratio::Ratio;
use crate::low_efficiency::Line;
use crate::low_efficiency::list::Entry;
use crate::policy::Comparison;
use crate::policy::catalogue::Catalogue;
use crate::policy::receipt::Receipt;
use crate::policy::recheck::Check;

/// Names of the checks in receipts.
pub const ENTRY: &str = "remediation.entry";
pub const UPGRADE: &str = "remediation.upgrade";

pub const RECHECKS: &[Check] = &[
    Check { name: ENTRY, run: entered_again, expand: None },
    Check { name: UPGRADE, run: upgraded_again, expand: None },
];

/// Decimals of tax per mu for the eye.
const SHOWN: u32 = 4;

/// Tax and land of an enterprise in a year, as the registers have them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearFigure {
    pub year: i32,
    /// 元; none when it is missing or cannot be right.
    pub tax_yuan: Option<Decimal>,
    /// The tax office vouches for it.
    pub confirmed: bool,
    /// Σ mu × days; none when it is missing, not positive, or cannot be right.
    pub mu_days: Option<Decimal>,
}

impl YearFigure {
    pub fn of(entry: &Entry) -> Self {
        let land = &entry.facts.land;
        let known = entry.judgement.land.is_some() && land.total() > Decimal::ZERO;
        let tax = entry.tax();
        YearFigure {
            year: entry.facts.year,
            tax_yuan: tax.value().filter(|tax| !tax.is_sign_negative()),
            confirmed: tax.state() == Some(crate::enterprise::FigureState::Confirmed),
            mu_days: known.then(|| land.total()),
        }
    }

    /// 元/亩, exactly.
    pub fn tax_per_mu(&self) -> Option<Ratio> {
        let days = Decimal::from(length_of_year(self.year));
        (Ratio::from(self.tax_yuan?) * days).over(&Ratio::from(self.mu_days?))
    }

    /// Where it stands against a figure per mu.
    pub fn against(&self, line: Decimal) -> Option<Ordering> {
        let paid = Ratio::from(self.tax_yuan?) * Decimal::from(length_of_year(self.year));
        Some(paid.cmp(&(Ratio::from(line) * self.mu_days?)))
    }

    /// For the eye.
    pub fn shown(&self) -> Option<String> {
        Some(self.tax_per_mu()?.rounded(SHOWN)?.normalize().to_string())
    }
}

/// The line of a year, and whether standing on it is low.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineOf {
    pub floor: Decimal,
    pub comparison: Comparison,
}

impl From<&Line> for LineOf {
    fn from(line: &Line) -> Self {
        LineOf { floor: line.floor, comparison: line.comparison }
    }
}

impl LineOf {
    /// Whether a place against the line counts as having reached it.
    fn is_reached(self, place: Ordering) -> bool {
        match place {
            Ordering::Greater => true,
            Ordering::Equal => self.comparison == Comparison::Below,
            Ordering::Less => false,
        }
    }
}

/// Why no figure proves an upgrade.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotProven {
    #[error(
        "提升改造须以完整年度的数据验收：{0}年度尚未结束，预测数和不足一年的数据不能作为依据；请待该年度结束、税务部门确认实缴税收后申请"
    )]
    Forecast(i32),
    #[error("{year}年度不在方案制定（{planned}年）之后，不能作为提升改造的依据；请以方案制定次年或以后的完整年度申请")]
    BeforePlan { year: i32, planned: i32 },
    #[error("{0}年度没有可核算的实缴税收或用地面积；请先补正年度数据")]
    Missing(i32),
    #[error("{0}年度实缴税收尚未由税务部门确认；请先确认该年度数据")]
    Unconfirmed(i32),
    #[error("{year}年度亩均税收{found}元/亩，未达到{line}元/亩；请继续整治，以下一完整年度的数据申请")]
    Below { year: i32, found: String, line: Decimal },
}

/// The figure that reached the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    pub figure: YearFigure,
    pub line: LineOf,
}

/// Whether one year's figure proves an upgrade planned in another year. Nothing about `planned` or `today` but their years
/// matters: a calendar year is full or it is not.
///
/// # Errors
/// Why it does not.
pub fn upgrade_by(figure: &YearFigure, planned: i32, this_year: i32, line: LineOf) -> Result<Reached, NotProven> {
    let year = figure.year;
    if year <= planned {
        return Err(NotProven::BeforePlan { year, planned });
    }
    if year >= this_year {
        return Err(NotProven::Forecast(year));
    }
    let place = figure.against(line.floor).ok_or(NotProven::Missing(year))?;
    if !figure.confirmed {
        return Err(NotProven::Unconfirmed(year));
    }
    if !line.is_reached(place) {
        let found = figure.shown().unwrap_or_default();
        return Err(NotProven::Below { year, found, line: line.floor });
    }
    Ok(Reached { figure: figure.clone(), line })
}

/// By the last full year whose figure is confirmed; without one, why the last full year does not do.
///
/// # Errors
/// Why none proves it.
pub fn upgrade(
    figures: &[(YearFigure, LineOf)],
    planned_on: NaiveDate,
    today: NaiveDate,
) -> Result<Reached, NotProven> {
    let (planned, this_year) = (planned_on.year(), today.year());
    let full = |year: i32| year > planned && year < this_year;
    let mut known: Vec<_> = figures.iter().filter(|(figure, _)| full(figure.year)).collect();
    known.sort_by_key(|(figure, _)| figure.year);
    let sound = |figure: &YearFigure| figure.confirmed && figure.tax_per_mu().is_some();
    let decides = known.iter().rev().find(|(figure, _)| sound(figure)).or_else(|| known.last());
    match decides {
        Some((figure, line)) => upgrade_by(figure, planned, this_year, *line),
        None if planned + 1 >= this_year => Err(NotProven::Forecast(planned + 1)),
        None => Err(NotProven::Missing(this_year - 1)),
    }
}

/// Whether it is known to lie below the line.
pub fn is_below(figure: &YearFigure, line: LineOf) -> bool {
    figure.against(line.floor).is_some_and(|place| !line.is_reached(place))
}

/// The first year whose figure could prove it.
pub fn first_full_year(planned_on: NaiveDate) -> i32 {
    planned_on.year() + 1
}

/// What somebody was entered for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryInputs {
    pub ground: Ground,
    pub subject_kind: SubjectKind,
    pub subject: String,
    pub found: Found,
}

/// What it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Found {
    /// The list of a year; the line is the catalogue's, on its 31 December.
    List(YearFigure),
    /// An official result.
    Result { year: i32, category: String, grade: String, run: String, receipt: String },
    /// The register of parcels says so.
    Register { supply_status: String },
    /// The breach file of a grant contract whose grantee it is.
    Breach { contract: String, due: NaiveDate, state: String },
    /// An output review of such a contract that failed; its receipt says why.
    Review { contract: String, reviewed_on: NaiveDate, receipt: String },
    /// The industry is to be given up by an entry of the directory that the district adopted.
    Directory { entry: String, document: String, article: String, edition: String, industry: String },
    /// Findings of joint enforcement that departments took up.
    Enforcement { findings: Vec<EnforcementFound> },
    /// A department says so on a document.
    Stated { department: Option<String>, document: String, words: String },
}

/// One finding of joint enforcement, as it stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnforcementFound {
    pub no: String,
    pub department: String,
    pub found_on: NaiveDate,
    pub state: String,
    pub words: String,
}

#[derive(Serialize)]
struct EntryResults {
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_per_mu: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<String>,
}

/// A figure held against the line is a verdict; what others found is taken over as they say it.
fn decide_entry(inputs: &EntryInputs, line: Option<LineOf>) -> anyhow::Result<EntryResults> {
    let Found::List(figure) = &inputs.found else {
        return Ok(EntryResults { verdict: "computed", tax_per_mu: None, line: None });
    };
    let line = line.ok_or_else(|| anyhow::anyhow!("no line of tax per mu was in force in {}", figure.year))?;
    let verdict = match figure.against(line.floor) {
        None => "not_determinable",
        Some(place) if line.is_reached(place) => "conforms",
        Some(_) => "does_not_conform",
    };
    Ok(EntryResults { verdict, tax_per_mu: figure.shown(), line: Some(line.floor.to_string()) })
}

/// # Errors
/// When a figure is held against a line that was not in force.
pub fn entry_receipt(
    catalogue: &str,
    day: NaiveDate,
    inputs: &EntryInputs,
    line: Option<LineOf>,
) -> anyhow::Result<Receipt> {
    let as_of = match &inputs.found {
        Found::List(figure) => deciding_day(figure.year),
        Found::Result { year, .. } => deciding_day(*year),
        Found::Register { .. }
        | Found::Breach { .. }
        | Found::Review { .. }
        | Found::Directory { .. }
        | Found::Enforcement { .. }
        | Found::Stated { .. } => day,
    };
    Ok(Receipt::new(ENTRY, as_of, catalogue, inputs, &decide_entry(inputs, line)?)?)
}

fn line_of(catalogue: &Catalogue, as_of: NaiveDate) -> Option<LineOf> {
    Line::from_parameters(&catalogue.parameters_on(as_of)).ok().as_ref().map(LineOf::from)
}

fn entered_again(catalogue: &Catalogue, as_of: NaiveDate, inputs: &str) -> anyhow::Result<String> {
    let inputs: EntryInputs = serde_json::from_str(inputs)?;
    Ok(serde_json::to_string(&decide_entry(&inputs, line_of(catalogue, as_of))?)?)
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct UpgradeInputs {
    subject: String,
    planned: i32,
    this_year: i32,
    figure: YearFigure,
}

#[derive(Serialize)]
struct UpgradeResults {
    verdict: &'static str,
    tax_per_mu: Option<String>,
    line: String,
}

fn decide_upgrade(inputs: &UpgradeInputs, line: LineOf) -> UpgradeResults {
    let verdict = match upgrade_by(&inputs.figure, inputs.planned, inputs.this_year, line) {
        Ok(_) => "conforms",
        Err(NotProven::Below { .. }) => "does_not_conform",
        Err(_) => "not_determinable",
    };
    UpgradeResults { verdict, tax_per_mu: inputs.figure.shown(), line: line.floor.to_string() }
}

/// The receipt on which an upgrade is accepted; it says that it conforms.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn upgrade_receipt(
    catalogue: &str,
    subject: &str,
    (planned_on, today): (NaiveDate, NaiveDate),
    reached: &Reached,
) -> anyhow::Result<Receipt> {
    let Reached { figure, line } = reached.clone();
    let as_of = deciding_day(figure.year);
    let inputs =
        UpgradeInputs { subject: subject.to_owned(), planned: planned_on.year(), this_year: today.year(), figure };
    Ok(Receipt::new(UPGRADE, as_of, catalogue, &inputs, &decide_upgrade(&inputs, line))?)
}

fn upgraded_again(catalogue: &Catalogue, as_of: NaiveDate, inputs: &str) -> anyhow::Result<String> {
    let inputs: UpgradeInputs = serde_json::from_str(inputs)?;
    let line = line_of(catalogue, as_of).ok_or_else(|| anyhow::anyhow!("no line of tax per mu was in force"))?;
    Ok(serde_json::to_string(&decide_upgrade(&inputs, line))?)
}

#[cfg(test)]
mod tests;
