//! What all measures come to for one enterprise on one day. Pure: the same inputs under the same catalogue give the same bytes, which
//! is what its receipt says.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::line::Line;
use crate::entitlement::{self, Answers, BaseYear, Exemption, Measure, Subject};
use crate::policy::catalogue::Catalogue;
use crate::policy::receipt::Receipt;
use crate::scoring::scheme::Category;
use crate::scoring::subject::Fact;

/// The name of the check in its receipts.
pub const CHECK: &str = "measures.due";

/// Everything the answer rests on besides the catalogue and the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inputs {
    pub uscc: String,
    /// Whose grade acts.
    pub category: Category,
    /// Grades that bind, by the year they are of.
    pub grading: BTreeMap<i32, String>,
    /// The run that each of them is of.
    pub runs: BTreeMap<i32, Uuid>,
    /// What measures are laid on, by year; what is not there is missing.
    pub facts: BTreeMap<i32, BTreeMap<String, Fact>>,
    pub exemptions: BTreeSet<Exemption>,
    /// What was asked and answered, by the key of the condition.
    pub answers: Answers,
}

/// The answer as it is hashed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Results {
    /// A computation sums up to no verdict.
    pub verdict: String,
    pub lines: Vec<Line>,
}

/// What can act on a day: adopted, within its days, and on a document that is in force.
pub fn acting(catalogue: &Catalogue, day: NaiveDate) -> Vec<Measure> {
    let mut standing = catalogue.measures.standing();
    standing.retain(|measure| measure.acts_on(day) && catalogue.rests_on(measure, day));
    standing
}

/// One line for each of the measures that concerns the enterprise, in their order.
pub fn results(measures: &[Measure], day: NaiveDate, inputs: &Inputs) -> Results {
    let subject = subject(inputs, day.year());
    let found = entitlement::due(measures, |_| true, &subject, day);
    Results { verdict: "computed".to_owned(), lines: found.iter().map(Line::of).collect() }
}

fn subject(inputs: &Inputs, acting: i32) -> Subject {
    let years = [(BaseYear::Acting, acting), (BaseYear::Graded, acting - 1)];
    let mut quantities = BTreeMap::new();
    for (base_year, year) in years {
        let facts = inputs.facts.get(&year).into_iter().flatten();
        quantities.extend(facts.map(|(name, fact)| ((name.clone(), base_year), fact.exact())));
    }
    Subject {
        category: inputs.category,
        grading: inputs.grading.clone(),
        quantities,
        exemptions: inputs.exemptions.clone(),
        answers: inputs.answers.clone(),
    }
}

/// # Errors
/// When inputs or results cannot be written as JSON.
pub fn receipt(
    catalogue: &Catalogue,
    day: NaiveDate,
    inputs: &Inputs,
    results: &Results,
) -> Result<Receipt, serde_json::Error> {
    Receipt::new(CHECK, day, &catalogue.sha256(), inputs, results)
}

/// The answer again, from the texts of a receipt.
///
/// # Errors
/// Inputs that cannot be read.
pub fn again(catalogue: &Catalogue, day: NaiveDate, inputs: &str) -> Result<String, serde_json::Error> {
    let inputs: Inputs = serde_json::from_str(inputs)?;
    serde_json::to_string(&results(&acting(catalogue, day), day, &inputs))
}
