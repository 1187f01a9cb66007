//! A run as texts, line by line in the order of the keys: hashed as they are made, so that nobody has to hold them all.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{CHECK, Line, ReceiptInputs, RunError};
use crate::annual::deciding_day;
use crate::base::ratio::Ratio;
use crate::evaluation::LeftOut;
use crate::evaluation::document::{BenchmarkDocument, Frame, Head, Input, quotas};
use crate::policy::hashed::{HashedLines, LinesHash};
use crate::policy::receipt::Receipt;
use crate::scoring::benchmark::Benchmark;
use crate::scoring::many::ShownOutcome;
use crate::scoring::result::GroupPlaces;
use crate::scoring::scheme::Scheme;

/// What the receipt says of inputs and results: they are added in the order of their keys, whatever order they were ranked in.
#[derive(Default)]
pub struct Hashes {
    inputs: LinesHash,
    results: LinesHash,
}

impl Hashes {
    pub fn add(&mut self, line: &Line) {
        self.inputs.add(&line.input);
        self.results.add(&line.detail);
    }
}

/// Prints the lines of a run.
pub struct Printer<'a> {
    frame: Frame<'a>,
}

impl<'a> Printer<'a> {
    pub fn new(scheme: &'a Scheme, bases: &'a BTreeMap<String, Ratio>) -> Self {
        Printer { frame: Frame::new(scheme, bases) }
    }

    /// # Errors
    /// When it cannot be written as JSON.
    pub fn line(&self, input: &Input, outcome: ShownOutcome) -> Result<Line, RunError> {
        let result = self.frame.result(input, outcome);
        Ok(Line {
            detail: serde_json::to_string(&result)?,
            input: serde_json::to_string(input)?,
            result,
            vetoed: input.subject.vetoed,
            subdistrict: input.subdistrict.clone(),
            industry: input.industry.clone(),
        })
    }
}

/// A run beside its lines.
pub struct Rest<'a> {
    pub year: i32,
    pub scheme: &'a Scheme,
    pub benchmarks: &'a [Benchmark],
    pub quotas: Vec<GroupPlaces>,
    /// How many have each grade, from the best to the worst.
    pub grades: Vec<(String, usize)>,
    /// How many are left out, by reason.
    pub left_out: Vec<(LeftOut, usize)>,
}

#[derive(Serialize)]
struct ReceiptResults {
    verdict: &'static str,
    results: HashedLines,
    grades: Vec<(String, usize)>,
}

impl Rest<'_> {
    pub fn head(&self) -> Head {
        let unit = |name: &str| self.scheme.indicator(name).map_or("", |indicator| indicator.unit.as_str());
        Head {
            year: self.year,
            category: self.scheme.category.code().to_owned(),
            scheme: self.scheme.id.clone(),
            benchmarks: self.benchmarks.iter().map(|base| BenchmarkDocument::of(base, unit(&base.indicator))).collect(),
            quotas: quotas(self.scheme, &self.quotas),
            grades: self.grades.clone(),
            left_out: self.left_out.clone(),
        }
    }

    /// # Errors
    /// When it cannot be written as JSON.
    pub fn receipt(&self, catalogue: &str, hashes: Hashes) -> Result<Receipt, RunError> {
        let inputs = ReceiptInputs {
            year: self.year,
            scheme: self.scheme.clone(),
            benchmarks: self.benchmarks.to_vec(),
            subjects: hashes.inputs.lines(),
        };
        let results =
            ReceiptResults { verdict: "computed", results: hashes.results.lines(), grades: self.grades.clone() };
        Ok(Receipt::new(CHECK, deciding_day(self.year), catalogue, &inputs, &results)?)
    }
}
