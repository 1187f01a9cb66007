//! One computation from end to end: facts, benchmarks, scores, grades, and the receipt that lets it be made again.

pub mod gathered;
pub mod printed;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::LeftOut;
use super::document::{Head, Input, ResultDocument};
use super::population::{Belongs, Coverage, Member, belongs, is_of_category};
use crate::policy::hashed::HashedLines;
use crate::policy::receipt::Receipt;
use crate::scoring::benchmark::{BaseError, Benchmark, Sums, YearSums, benchmark, years_of};
use crate::scoring::made::sides_of;
use crate::scoring::many::{Card, Listed, ShownOutcome, rank};
use crate::scoring::result::GroupPlaces;
use crate::scoring::scheme::Scheme;
use crate::scoring::subject::Subject;
use crate::scoring::{self, Bases};
use printed::{Hashes, Printer, Rest};

/// The name of the check in receipts.
pub const CHECK: &str = "evaluation.run";

#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("the scheme {scheme} does not evaluate {year}")]
    Year { scheme: String, year: i32 },
    #[error("the scheme {scheme} asks for {fact}, which is no fact of a year")]
    Fact { scheme: String, fact: String },
    #[error("a run is of a whole district")]
    PartOfDistrict,
    #[error("{uscc} has a claim for {item}, which the scheme does not have")]
    Item { uscc: String, item: String },
    #[error("{uscc} is changed to {grade}, which is no grade of the scheme, or is not ranked by it")]
    Grade { uscc: String, grade: String },
    #[error(transparent)]
    Base(#[from] BaseError),
    #[error("a run cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("nobody takes the lines of the run any more")]
    Stopped,
    #[error("kept inputs of the run are not those that its receipt names")]
    Inputs,
}

/// What the members of one year come to for each indicator that is measured against a base, member by member.
pub struct BaseYear {
    scheme: Arc<Scheme>,
    year: i32,
    /// By the position of the indicator.
    sums: Vec<Sums>,
}

impl BaseYear {
    pub fn new(scheme: Arc<Scheme>, year: i32) -> Self {
        BaseYear { sums: vec![Sums::default(); scheme.indicators.len()], scheme, year }
    }

    pub fn of(scheme: &Arc<Scheme>, year: i32, members: &[Member]) -> Self {
        let mut base = BaseYear::new(Arc::clone(scheme), year);
        members.iter().for_each(|member| base.add(member));
        base
    }

    pub fn add(&mut self, member: &Member) {
        if !is_of_category(&self.scheme, member) {
            return;
        }
        let all = self.scheme.indicators.iter().zip(&mut self.sums);
        for (indicator, sums) in all.filter(|(indicator, _)| indicator.standard().is_some()) {
            match member.made.as_ref() {
                None => sums.add(&indicator.value, &member.facts),
                made => sums.add_sides(sides_of(indicator, &member.facts, made)),
            }
        }
    }
}

/// The years whose figures any base of the scheme rests on.
pub fn base_years(scheme: &Scheme, year: i32) -> Vec<i32> {
    let standards = scheme.indicators.iter().filter_map(|indicator| indicator.standard());
    let years: BTreeSet<i32> = standards.flat_map(|standard| years_of(standard, year)).collect();
    years.into_iter().collect()
}

/// The base of every indicator that is measured against one.
///
/// # Errors
/// No year of a base has figures, or a base is not above zero.
pub fn benchmarks(scheme: &Scheme, year: i32, of_years: &[BaseYear]) -> Result<Vec<Benchmark>, BaseError> {
    let mut found = Vec::new();
    for (at, indicator) in scheme.indicators.iter().enumerate() {
        let Some(standard) = indicator.standard() else { continue };
        let sums: Vec<YearSums> = of_years.iter().map(|base| base.sums[at].of_year(base.year)).collect();
        found.push(benchmark(&indicator.indicator, standard, year, &sums)?);
    }
    Ok(found)
}

/// What a run freezes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    pub year: i32,
    pub scheme: Scheme,
    pub benchmarks: Vec<Benchmark>,
    /// By key.
    pub inputs: Vec<Input>,
    /// By key, with the reason.
    pub left_out: Vec<(Member, LeftOut)>,
}

/// Members of the category, sorted into those who are ranked and those who are left out; `input` adds what registers say of the
/// former.
pub fn sort(
    scheme: &Scheme,
    coverage: Coverage,
    members: Vec<Member>,
    input: impl Fn(Member, String) -> Input,
) -> (Vec<Input>, Vec<(Member, LeftOut)>) {
    let (mut inputs, mut left_out) = (Vec::new(), Vec::new());
    for member in members {
        match belongs(scheme, coverage, &member) {
            Belongs::No => {}
            Belongs::LeftOut(why) => left_out.push((member, why)),
            Belongs::Ranked { group } => inputs.push(input(member, group)),
        }
    }
    inputs.sort_by(|one, other| one.subject.key.cmp(&other.subject.key));
    left_out.sort_by(|(one, _), (other, _)| one.uscc.cmp(&other.uscc));
    (inputs, left_out)
}

/// One line of a run as it is stored.
pub struct Line {
    pub result: ResultDocument,
    /// As hashed.
    pub detail: String,
    pub input: String,
    pub vetoed: bool,
    pub subdistrict: Option<String>,
    pub industry: Option<String>,
}

/// A run as it was computed.
pub struct Computed {
    pub head: Head,
    /// By group, rank and key; those who take the grade of another come last.
    pub lines: Vec<Line>,
    pub receipt: Receipt,
}

/// What a receipt holds of the inputs; the lines themselves are kept with the run.
#[derive(Serialize, Deserialize)]
struct ReceiptInputs {
    year: i32,
    scheme: Scheme,
    benchmarks: Vec<Benchmark>,
    subjects: HashedLines,
}

/// What a receipt holds beside the lines.
pub struct Basis {
    pub year: i32,
    pub scheme: Scheme,
    pub benchmarks: Vec<Benchmark>,
}

/// Scheme and bases as they were when the run was computed, from its receipt.
///
/// # Errors
/// When they are not the inputs of a run.
pub fn basis_of(receipt_inputs: &str) -> Result<Basis, serde_json::Error> {
    let ReceiptInputs { year, scheme, benchmarks, .. } = serde_json::from_str(receipt_inputs)?;
    Ok(Basis { year, scheme, benchmarks })
}

/// What became of everybody.
struct Judged {
    /// In the order of the keys.
    outcomes: Vec<ShownOutcome>,
    /// Positions among them, as the lines of a run stand.
    order: Vec<usize>,
    quotas: Vec<GroupPlaces>,
    grades: Vec<(String, usize)>,
}

/// By bounds, where they know all of `inputs`; these are in the order of the keys.
fn by_bounds(scheme: &Scheme, bases: &Bases, inputs: &[&Input]) -> Option<Judged> {
    let roll = Listed::new(scheme, inputs.iter().map(|input| &input.subject))?;
    let card = Card::new(scheme, bases);
    let ranking = rank(&card, &roll);
    Some(Judged {
        outcomes: (0..inputs.len() as u32).map(|at| ranking.outcome(at)).collect(),
        order: ranking.in_order().into_iter().map(|at| at as usize).collect(),
        quotas: ranking.quotas(),
        grades: ranking.counts(),
    })
}

/// By fractions alone, which know also who is made of others, and who takes the grade of another.
fn by_fractions(scheme: &Scheme, bases: &Bases, inputs: &[&Input]) -> Result<Judged, RunError> {
    let subjects: Vec<Subject> = inputs.iter().map(|input| input.subject.clone()).collect();
    let evaluation = scoring::compute(scheme, bases, &subjects);
    let count = |grade: &String| evaluation.outcomes.iter().filter(|outcome| outcome.grade == *grade).count();
    let grades = scheme.grades.iter().map(|band| (band.grade.clone(), count(&band.grade))).collect();
    let mut order = Vec::with_capacity(inputs.len());
    let mut outcomes: Vec<Option<ShownOutcome>> = inputs.iter().map(|_| None).collect();
    for outcome in evaluation.outcomes {
        let found = inputs.binary_search_by(|input| input.subject.key.cmp(&outcome.key));
        let at = found.map_err(|_| RunError::Inputs)?;
        order.push(at);
        outcomes[at] = Some(ShownOutcome::of(outcome));
    }
    let outcomes: Option<Vec<ShownOutcome>> = outcomes.into_iter().collect();
    Ok(Judged { outcomes: outcomes.ok_or(RunError::Inputs)?, order, quotas: evaluation.quotas, grades })
}

/// # Errors
/// When something cannot be written as JSON.
pub fn compute(frozen: &Frozen, catalogue: &str) -> Result<Computed, RunError> {
    let (scheme, bases) = (&frozen.scheme, bases(&frozen.benchmarks));
    let mut inputs: Vec<&Input> = frozen.inputs.iter().collect();
    inputs.sort_by(|one, other| one.subject.key.cmp(&other.subject.key));
    let judged = match by_bounds(scheme, &bases, &inputs) {
        Some(judged) => judged,
        None => by_fractions(scheme, &bases, &inputs)?,
    };
    let printer = Printer::new(scheme, &bases);
    let mut hashes = Hashes::default();
    let mut lines = Vec::with_capacity(inputs.len());
    for (input, outcome) in inputs.into_iter().zip(judged.outcomes) {
        let line = printer.line(input, outcome)?;
        hashes.add(&line);
        lines.push(Some(line));
    }
    let left_out = |why: &LeftOut| frozen.left_out.iter().filter(|(_, other)| other == why).count();
    let rest = Rest {
        year: frozen.year,
        scheme,
        benchmarks: &frozen.benchmarks,
        quotas: judged.quotas,
        grades: judged.grades,
        left_out: LeftOut::ALL.iter().map(|why| (*why, left_out(why))).filter(|(_, count)| *count > 0).collect(),
    };
    let receipt = rest.receipt(catalogue, hashes)?;
    let lines = judged.order.into_iter().filter_map(|at| lines[at].take()).collect();
    Ok(Computed { head: rest.head(), lines, receipt })
}

/// What the indicators are measured against.
pub fn bases(benchmarks: &[Benchmark]) -> Bases {
    benchmarks.iter().map(|base| (base.indicator.clone(), base.value.clone())).collect()
}

/// The results of a run again, as its receipt says them, from the receipt's inputs and the kept lines in the order of their keys.
///
/// # Errors
/// When the kept lines are not those that the receipt names.
pub fn again(receipt_inputs: &str, kept: &[String]) -> Result<String, RunError> {
    let inputs: ReceiptInputs = serde_json::from_str(receipt_inputs)?;
    if HashedLines::of(kept.iter().map(String::as_str)) != inputs.subjects {
        return Err(RunError::Inputs);
    }
    let subjects: Result<Vec<Input>, _> = kept.iter().map(|line| serde_json::from_str(line)).collect();
    let frozen = Frozen {
        year: inputs.year,
        scheme: inputs.scheme,
        benchmarks: inputs.benchmarks,
        inputs: subjects?,
        left_out: Vec::new(),
    };
    Ok(compute(&frozen, "")?.receipt.results)
}

#[cfg(test)]
mod tests;
