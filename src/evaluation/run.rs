//! One computation from end to end: facts, benchmarks, scores, grades, and the receipt that lets it be made again.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::LeftOut;
use super::document::{BenchmarkDocument, Frame, Head, Input, ResultDocument, quotas};
use super::population::{Belongs, Coverage, Member, belongs, is_of_category};
use crate::annual::deciding_day;
use crate::base::ratio::Ratio;
use crate::policy::receipt::Receipt;
use crate::scoring::benchmark::{BaseError, Benchmark, YearSums, benchmark, years_of};
use crate::scoring::made::sides_of;
use crate::scoring::scheme::{Indicator, Scheme};
use crate::scoring::{self, Evaluation};

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
    #[error("kept inputs of the run are not those that its receipt names")]
    Inputs,
}

/// Members of one year whose sums go into the base.
pub fn year_sums(scheme: &Scheme, indicator: &Indicator, year: i32, members: &[Member]) -> YearSums {
    let zero = || Ratio::from(Decimal::ZERO);
    let mut sums = YearSums { year, numerator: zero(), denominator: zero(), rows: 0 };
    for member in members.iter().filter(|member| is_of_category(scheme, member)) {
        let sides = sides_of(indicator, &member.facts, member.made.as_ref());
        if let (Some(numerator), Some(denominator)) = (sides.numerator, sides.denominator)
            && !denominator.is_zero()
            && !denominator.is_negative()
        {
            sums.numerator = sums.numerator + numerator;
            sums.denominator = sums.denominator + denominator;
            sums.rows += 1;
        }
    }
    sums
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
pub fn benchmarks(
    scheme: &Scheme,
    year: i32,
    of_years: &BTreeMap<i32, Vec<Member>>,
) -> Result<Vec<Benchmark>, BaseError> {
    let mut found = Vec::new();
    for indicator in &scheme.indicators {
        let Some(standard) = indicator.standard() else { continue };
        let sums: Vec<YearSums> =
            of_years.iter().map(|(of, members)| year_sums(scheme, indicator, *of, members)).collect();
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
    /// By group, rank and key.
    pub lines: Vec<Line>,
    pub receipt: Receipt,
}

/// A run that was computed and is kept.
pub struct Kept {
    pub id: Uuid,
    pub trial: bool,
    pub computed: Computed,
    pub frozen: Frozen,
}

/// Hash of many texts, each ended by a line feed, and how many they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Lines {
    count: usize,
    sha256: String,
}

fn hashed<'a>(texts: impl Iterator<Item = &'a str>) -> Lines {
    let (mut hash, mut count) = (Sha256::new(), 0);
    for text in texts {
        hash.update(text);
        hash.update("\n");
        count += 1;
    }
    let digest = hash.finalize();
    Lines { count, sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect() }
}

/// What a receipt holds of the inputs; the lines themselves are kept with the run.
#[derive(Serialize, Deserialize)]
struct ReceiptInputs {
    year: i32,
    scheme: Scheme,
    benchmarks: Vec<Benchmark>,
    subjects: Lines,
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

#[derive(Serialize)]
struct ReceiptResults {
    verdict: &'static str,
    results: Lines,
    grades: Vec<(String, usize)>,
}

/// # Errors
/// When something cannot be written as JSON.
pub fn compute(frozen: &Frozen, catalogue: &str) -> Result<Computed, RunError> {
    let bases: BTreeMap<String, Ratio> =
        frozen.benchmarks.iter().map(|base| (base.indicator.clone(), base.value.clone())).collect();
    let scheme = &frozen.scheme;
    let subjects: Vec<_> = frozen.inputs.iter().map(|input| input.subject.clone()).collect();
    let evaluation = scoring::compute(scheme, &bases, &subjects);
    let lines = lines(&Frame { scheme, bases: &bases }, &frozen.inputs, &evaluation)?;
    let grades = grades(scheme, &evaluation);
    let receipt = receipt(frozen, catalogue, &lines, &grades)?;
    let unit = |name: &str| scheme.indicator(name).map_or("", |indicator| indicator.unit.as_str());
    let head = Head {
        year: frozen.year,
        category: scheme.category.code().to_owned(),
        scheme: scheme.id.clone(),
        benchmarks: frozen.benchmarks.iter().map(|base| BenchmarkDocument::of(base, unit(&base.indicator))).collect(),
        quotas: quotas(scheme, &evaluation.quotas),
        grades,
        left_out: LeftOut::ALL
            .iter()
            .map(|why| (*why, frozen.left_out.iter().filter(|(_, other)| other == why).count()))
            .filter(|(_, count)| *count > 0)
            .collect(),
    };
    Ok(Computed { head, lines, receipt })
}

fn lines(frame: &Frame<'_>, inputs: &[Input], evaluation: &Evaluation) -> Result<Vec<Line>, RunError> {
    let by_key: BTreeMap<&str, &Input> = inputs.iter().map(|input| (input.subject.key.as_str(), input)).collect();
    let line = |outcome: &scoring::Outcome| {
        let input = by_key.get(outcome.key.as_str()).ok_or(RunError::Inputs)?;
        let result = frame.result(input, outcome);
        Ok(Line {
            detail: serde_json::to_string(&result)?,
            input: serde_json::to_string(input)?,
            result,
            vetoed: input.subject.vetoed,
            subdistrict: input.subdistrict.clone(),
            industry: input.industry.clone(),
        })
    };
    evaluation.outcomes.iter().map(line).collect()
}

fn grades(scheme: &Scheme, evaluation: &Evaluation) -> Vec<(String, usize)> {
    let count = |grade: &String| evaluation.outcomes.iter().filter(|outcome| outcome.grade == *grade).count();
    scheme.grades.iter().map(|band| (band.grade.clone(), count(&band.grade))).collect()
}

/// Inputs and results are hashed in the order of their keys, whatever order they were ranked in.
fn receipt(frozen: &Frozen, catalogue: &str, lines: &[Line], grades: &[(String, usize)]) -> Result<Receipt, RunError> {
    let mut in_order: Vec<&Line> = lines.iter().collect();
    in_order.sort_by(|one, other| one.result.subject.id.cmp(&other.result.subject.id));
    let inputs = ReceiptInputs {
        year: frozen.year,
        scheme: frozen.scheme.clone(),
        benchmarks: frozen.benchmarks.clone(),
        subjects: hashed(in_order.iter().map(|line| line.input.as_str())),
    };
    let results = ReceiptResults {
        verdict: "computed",
        results: hashed(in_order.iter().map(|line| line.detail.as_str())),
        grades: grades.to_vec(),
    };
    Ok(Receipt::new(CHECK, deciding_day(frozen.year), catalogue, &inputs, &results)?)
}

/// The results of a run again, as its receipt says them, from the receipt's inputs and the kept lines in the order of their keys.
///
/// # Errors
/// When the kept lines are not those that the receipt names.
pub fn again(receipt_inputs: &str, kept: &[String]) -> Result<String, RunError> {
    let inputs: ReceiptInputs = serde_json::from_str(receipt_inputs)?;
    if hashed(kept.iter().map(String::as_str)) != inputs.subjects {
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
