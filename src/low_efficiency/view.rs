//! The list as it is shown and exchanged. Every decimal is text, so that no reader rounds it.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use super::list::{Counts, Entry};
use super::{Inapplicable, Line, MissingFact, Outcome};
use crate::annual::LandPart;
use crate::annual::transition::{Transition, TransitionGround};
use crate::base::period::{Period, length_of_year};
use crate::base::unit::{Mu, SHOWN_PLACES, rounded, square_metres_of};
use crate::enterprise::{EnterpriseState, FigureState, HoldingSide, Sector, SizeClass};
use crate::policy::Comparison;

/// Days from `from` up to, not including, `until`; an open end is absent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PeriodView {
    pub from: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
}

impl From<Period> for PeriodView {
    fn from(period: Period) -> Self {
        PeriodView { from: period.from, until: period.until }
    }
}

/// The line every enterprise of the list was held against.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LineView {
    /// 元/亩.
    #[schema(example = "10000")]
    pub threshold: String,
    pub comparison: Comparison,
    pub comparison_is_local_choice: bool,
    pub parameter_period: PeriodView,
    pub document: String,
    #[schema(example = "四(一)4")]
    pub article: String,
    pub transition_years: u32,
    pub transition_exempts: bool,
}

impl From<&Line> for LineView {
    fn from(line: &Line) -> Self {
        LineView {
            threshold: line.floor.to_string(),
            comparison: line.comparison,
            comparison_is_local_choice: line.comparison_is_local_choice,
            parameter_period: line.floor_valid.into(),
            document: line.document.clone(),
            article: line.article.clone(),
            transition_years: line.transition_years,
            transition_exempts: line.transition_exempts,
        }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TransitionView {
    pub ground: TransitionGround,
    /// The first day that is no longer part of it.
    pub until: NaiveDate,
    /// The start of a major project is not on record: it is counted from the earliest day the register knows of it.
    pub start_unknown: bool,
}

impl From<Transition> for TransitionView {
    fn from(transition: Transition) -> Self {
        TransitionView { ground: transition.ground, until: transition.until, start_unknown: transition.start_unknown }
    }
}

/// One occupancy: what it adds to the land of the year, or, on the side `leased_out`, takes from it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LandPartView {
    pub side: HoldingSide,
    pub parcel: Option<String>,
    /// Mu, exactly as stated. Positive on every side; absent when not on record.
    pub area_mu: Option<String>,
    /// The same in square metres: exact where they end, else rounded half up to 12 decimals.
    pub area_m2: Option<String>,
    pub floor_area_m2: Option<String>,
    /// Days of the year on which it was held.
    pub days: i32,
    pub valid: PeriodView,
    /// Credit code of the other enterprise of a lease.
    pub counterpart: Option<String>,
}

impl From<&LandPart> for LandPartView {
    fn from(part: &LandPart) -> Self {
        LandPartView {
            side: part.side,
            parcel: part.parcel.clone(),
            area_mu: part.land.map(|land| land.to_string()),
            area_m2: part.land.and_then(Mu::shown_square_metres).map(|area| area.to_string()),
            floor_area_m2: part.floor.map(|floor| floor.to_string()),
            days: part.days,
            valid: part.valid.into(),
            counterpart: part.counterpart.clone(),
        }
    }
}

/// Land of the year: each side as Σ mu × days, exactly, and the average over the days of the year.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LandSumView {
    pub owned_mu_days: String,
    pub leased_in_mu_days: String,
    pub other_mu_days: String,
    pub leased_out_mu_days: String,
    pub total_mu_days: String,
    pub days_of_year: i64,
}

/// One enterprise of the list, with everything its outcome rests on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LowEfficiencyLine {
    pub uscc: String,
    pub name: String,
    pub state: EnterpriseState,
    pub sector: Sector,
    pub size_class: SizeClass,
    pub industry_edition: Option<String>,
    pub industry_code: Option<String>,
    pub subdistrict: Option<String>,
    pub subdistrict_name: Option<String>,
    pub outcome: Outcome,
    /// On the low-efficiency list: flagged, or on the line where the comparison includes it.
    pub low_efficiency: bool,
    pub tax_yuan: Option<String>,
    pub tax_state: Option<FigureState>,
    /// Land of the year: exact where it ends, else rounded half up to 12 decimals; the exact sum is in `land`.
    pub land_m2: Option<String>,
    pub land_mu: Option<String>,
    /// 元/亩, rounded to 4 decimals; the outcome was decided without rounding.
    #[schema(example = "8888.8889")]
    pub tax_per_mu: Option<String>,
    /// 元 per 100 m² of floor area, for enterprises without land, rounded to 4 decimals.
    pub tax_per_100_m2_floor: Option<String>,
    #[schema(example = "10000")]
    pub threshold: String,
    pub comparison: Comparison,
    pub parameter_period: PeriodView,
    pub article: String,
    pub explanation: String,
    pub land: Option<LandSumView>,
    pub land_parts: Vec<LandPartView>,
    pub missing_facts: Vec<MissingFact>,
    pub not_applicable_because: Option<Inapplicable>,
    pub transition: Option<TransitionView>,
}

impl LowEfficiencyLine {
    pub fn new(entry: &Entry, line: &Line) -> Self {
        let judgement = &entry.judgement;
        LowEfficiencyLine {
            uscc: entry.uscc.clone(),
            name: entry.name.clone(),
            state: entry.state,
            sector: entry.sector,
            size_class: entry.facts.size_class,
            industry_edition: entry.industry_edition.clone(),
            industry_code: entry.industry_code.clone(),
            subdistrict: entry.subdistrict.clone(),
            subdistrict_name: entry.subdistrict_name.clone(),
            outcome: judgement.outcome,
            low_efficiency: judgement.low_efficiency,
            tax_yuan: tax(entry).map(|tax| tax.to_string()),
            tax_state: entry.tax().state(),
            land_m2: square_metres(entry).map(|area| area.to_string()),
            land_mu: mu(entry).map(|area| area.to_string()),
            tax_per_mu: judgement.tax_per_mu.map(|quotient| rounded(quotient, 4)),
            tax_per_100_m2_floor: judgement.tax_per_100_m2_floor.map(|quotient| rounded(quotient, 4)),
            threshold: line.floor.to_string(),
            comparison: line.comparison,
            parameter_period: line.floor_valid.into(),
            article: line.article.clone(),
            explanation: judgement.explanation.clone(),
            land: judgement.land.as_ref().map(|_| land_sum(entry)),
            land_parts: entry.parts.iter().map(LandPartView::from).collect(),
            missing_facts: judgement.missing.clone(),
            not_applicable_because: judgement.inapplicable,
            transition: judgement.transition.map(TransitionView::from),
        }
    }
}

/// Tax in yuan when it is on record and could be read.
pub fn tax(entry: &Entry) -> Option<Decimal> {
    entry.tax().value()
}

/// Land of the year for programs: exact where it ends, else half up at [`SHOWN_PLACES`].
pub fn mu(entry: &Entry) -> Option<Decimal> {
    entry.judgement.land.as_ref()?.shown(SHOWN_PLACES)
}

pub fn square_metres(entry: &Entry) -> Option<Decimal> {
    square_metres_of(entry.judgement.land.as_ref()?).shown(SHOWN_PLACES)
}

fn land_sum(entry: &Entry) -> LandSumView {
    let land = &entry.facts.land;
    let text = |value: Decimal| value.normalize().to_string();
    LandSumView {
        owned_mu_days: text(land.owned),
        leased_in_mu_days: text(land.leased_in),
        other_mu_days: text(land.other),
        leased_out_mu_days: text(land.leased_out),
        total_mu_days: text(land.total()),
        days_of_year: length_of_year(entry.facts.year),
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OutcomeCount {
    pub outcome: Outcome,
    pub enterprises: i64,
}

impl OutcomeCount {
    pub fn all(counts: &Counts) -> Vec<Self> {
        counts
            .0
            .iter()
            .map(|(outcome, enterprises)| OutcomeCount { outcome: *outcome, enterprises: *enterprises })
            .collect()
    }
}

/// A page of the list of one year.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LowEfficiencyList {
    pub year: i32,
    pub district: String,
    pub rule: LineView,
    /// Under all filters but the one on outcomes.
    pub counts: Vec<OutcomeCount>,
    pub lines: Vec<LowEfficiencyLine>,
    /// Pass it as `after` to get the next page; absent on the last.
    pub next: Option<String>,
}
