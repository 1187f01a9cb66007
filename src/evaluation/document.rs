//! A run as it is printed: every figure, item, quota and step, so that an outsider reckons it again from this and the scheme.
//!
//! Decimals are texts: exact as far as they end, quotients half up to 12 places. Decisions were made on the exact ratios.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::LeftOut;
use crate::base::ratio::Ratio;
use crate::scoring::benchmark::Benchmark;
use crate::scoring::made::{Made, Share};
use crate::scoring::many::{ShownItem, ShownOutcome};
use crate::scoring::result::{Counted, GroupPlaces, Taken};
use crate::scoring::scheme::{Indicator, Scheme, SubjectKind, VetoRule};
use crate::scoring::subject::{Facts, Subject};

pub use crate::scoring::shown::shown;

fn decimal(value: Decimal) -> String {
    value.normalize().to_string()
}

/// Facts by name; those a scheme asks for and nobody knows are null.
pub type FactsDocument = BTreeMap<String, Option<String>>;

/// What is known, with the names in `asked` that are not.
pub fn facts<'a>(known: &Facts, asked: impl IntoIterator<Item = &'a str>) -> FactsDocument {
    let missing = asked.into_iter().chain(["land_m2"]).map(|name| (name.to_owned(), None));
    let there = known.iter().map(|(name, fact)| (name.clone(), Some(crate::scoring::shown::fact(*fact))));
    missing.chain(there).collect()
}

/// As [`facts`], of what may be made of others: then each indicator also with the two sums that its value is the quotient of, as
/// `tax_per_mu.numerator` and `tax_per_mu.denominator`, because whoever lacks a figure is left out of both.
pub fn facts_of<'a>(known: &Facts, made: Option<&Made>, asked: impl IntoIterator<Item = &'a str>) -> FactsDocument {
    let Some(made) = made else { return facts(known, asked) };
    let mut document: FactsDocument =
        asked.into_iter().chain(["land_m2"]).map(|name| (name.to_owned(), None)).collect();
    document.extend(made.facts.iter().map(|(name, fact)| (name.clone(), Some(shown(fact)))));
    for (indicator, sums) in &made.sums {
        let sides = [("numerator", &sums.value.numerator), ("denominator", &sums.value.denominator)];
        document.extend(sides.map(|(side, sum)| (format!("{indicator}.{side}"), sum.as_ref().map(shown))));
    }
    document
}

/// One of those a subject is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = EvaluationPart)]
pub struct PartDocument {
    pub id: String,
    /// How much of its figures belongs to the subject.
    pub share: String,
}

/// What a subject is made of, and who is left out of an indicator for want of a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = EvaluationParts)]
pub struct MadeDocument {
    pub count: usize,
    pub of: Vec<PartDocument>,
    /// By indicator.
    pub left_out: BTreeMap<String, Vec<String>>,
}

impl MadeDocument {
    fn of(made: &Made) -> Self {
        let part = |it: &Share| PartDocument { id: it.key.clone(), share: shown(&it.share) };
        let without = made.sums.iter().filter(|(_, sums)| !sums.left_out.is_empty());
        MadeDocument {
            count: made.of.len(),
            of: made.of.iter().map(part).collect(),
            left_out: without.map(|(indicator, sums)| (indicator.clone(), sums.left_out.clone())).collect(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct YearDocument {
    pub year: i32,
    pub numerator: String,
    pub denominator: String,
    pub rows: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct BenchmarkDocument {
    pub indicator: String,
    pub unit: String,
    /// As the scheme asks for; none of a base that was typed.
    pub mean: Option<String>,
    /// The other of the two means, which bound nobody.
    pub other_mean: Option<String>,
    pub value: String,
    pub revised_for: Option<i32>,
    pub years: Vec<YearDocument>,
    pub years_missing: Vec<i32>,
}

impl BenchmarkDocument {
    pub fn of(benchmark: &Benchmark, unit: &str) -> Self {
        BenchmarkDocument {
            indicator: benchmark.indicator.clone(),
            unit: unit.to_owned(),
            mean: benchmark.mean.as_ref().map(shown),
            other_mean: benchmark.other_mean.as_ref().map(shown),
            value: shown(&benchmark.value),
            revised_for: benchmark.revised_for,
            years: benchmark
                .years
                .iter()
                .map(|sums| YearDocument {
                    year: sums.year,
                    numerator: shown(&sums.numerator),
                    denominator: shown(&sums.denominator),
                    rows: sums.rows,
                })
                .collect(),
            years_missing: benchmark.years_missing.clone(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct QuotaDocument {
    pub grade: String,
    pub group: String,
    pub side: String,
    pub operator: String,
    pub percent: String,
    pub cumulative: bool,
    pub population: usize,
    /// Of this grade alone.
    pub places: usize,
    /// From its end of the ranking, with the grades before it.
    pub through: usize,
}

/// From the best grade to the worst in each group.
pub fn quotas(scheme: &Scheme, groups: &[GroupPlaces]) -> Vec<QuotaDocument> {
    let mut documents = Vec::new();
    for group in groups {
        let of = |grade: &str| group.places.iter().find(|places| places.grade == grade);
        documents.extend(scheme.grades.iter().filter_map(|band| of(&band.grade)).map(|places| QuotaDocument {
            grade: places.grade.clone(),
            group: group.group.clone(),
            side: places.side.code().to_owned(),
            operator: places.operator.code().to_owned(),
            percent: decimal(places.percent),
            cumulative: places.cumulative,
            population: places.population,
            places: places.places,
            through: places.through,
        }));
    }
    documents
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SubjectDocument {
    pub kind: String,
    pub id: String,
}

impl SubjectDocument {
    pub fn of(kind: SubjectKind, id: &str) -> Self {
        SubjectDocument { kind: kind.code().to_owned(), id: id.to_owned() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ItemDocument {
    pub indicator: String,
    pub unit: String,
    pub value: Option<String>,
    pub base: Option<String>,
    pub weight: String,
    pub score: String,
    /// What stood in for the missing figure.
    pub missing: Option<String>,
}

impl ItemDocument {
    fn of(indicator: &Indicator, base: Option<&String>, item: ShownItem) -> Self {
        ItemDocument {
            indicator: indicator.indicator.clone(),
            unit: indicator.unit.clone(),
            value: item.value,
            base: base.cloned(),
            weight: decimal(indicator.weight),
            score: item.score,
            missing: item.missing.map(str::to_owned),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct CountedDocument {
    pub item: String,
    pub points: String,
    pub counted: String,
}

/// A veto that acts in the year of the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = EvaluationVeto)]
pub struct ActingVeto {
    pub kind: String,
    pub from: String,
    /// The last day; null while it has no end.
    pub to: Option<String>,
    /// What the kind was called on the day of the event. Runs of before there were dated kinds have neither this nor what follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Document and place of what bars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// What it does, by the scheme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<VetoEffect>,
}

/// Grades that somebody with a veto cannot have, and the one that stands in their stead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = EvaluationVetoEffect)]
pub struct VetoEffect {
    pub bars: Vec<String>,
    pub becomes: String,
}

impl VetoEffect {
    pub fn of(rule: &VetoRule) -> Self {
        VetoEffect { bars: rule.bars.clone(), becomes: rule.becomes.clone() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = EvaluationStep)]
pub struct StepDocument {
    pub step: String,
    pub found: String,
    pub left: String,
    pub why: String,
}

/// One subject of a run, ranked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = EvaluationResult)]
pub struct ResultDocument {
    pub subject: SubjectDocument,
    /// Of an enterprise.
    pub uscc: Option<String>,
    pub name: String,
    pub group: String,
    /// Of what is made of others: who they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_of: Option<MadeDocument>,
    pub facts: FactsDocument,
    pub items: Vec<ItemDocument>,
    pub sum: String,
    pub coefficient: String,
    pub bonus: Vec<CountedDocument>,
    pub deduction: Vec<CountedDocument>,
    pub score: String,
    pub rank: Option<usize>,
    pub vetoes: Vec<ActingVeto>,
    pub first_grade: String,
    pub steps: Vec<StepDocument>,
    pub automatic_grade: String,
    pub grade: String,
}

/// What a run takes of one subject: hashed and kept, so that it can be computed again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    pub subject: Subject,
    pub name: String,
    pub subdistrict: Option<String>,
    pub industry: Option<String>,
    pub vetoes: Vec<ActingVeto>,
}

/// What stands around the figures of one subject.
pub struct Frame<'a> {
    scheme: &'a Scheme,
    /// The names of its facts.
    asked: std::collections::BTreeSet<&'a str>,
    /// As printed, in the order of the indicators.
    bases: Vec<Option<String>>,
}

impl<'a> Frame<'a> {
    pub fn new(scheme: &'a Scheme, bases: &BTreeMap<String, Ratio>) -> Self {
        let base = |indicator: &Indicator| bases.get(&indicator.indicator).map(shown);
        Frame { scheme, asked: scheme.facts(), bases: scheme.indicators.iter().map(base).collect() }
    }

    pub fn result(&self, input: &Input, outcome: ShownOutcome) -> ResultDocument {
        let kind = self.scheme.population.subject;
        let key = &input.subject.key;
        let items = self.scheme.indicators.iter().zip(&self.bases).zip(outcome.items);
        ResultDocument {
            subject: SubjectDocument::of(kind, key),
            uscc: (kind == SubjectKind::Enterprise).then(|| key.clone()),
            name: input.name.clone(),
            group: input.subject.group.clone(),
            made_of: input.subject.made.as_ref().map(MadeDocument::of),
            facts: facts_of(&input.subject.facts, input.subject.made.as_ref(), self.asked.iter().copied()),
            items: items.map(|((indicator, base), item)| ItemDocument::of(indicator, base.as_ref(), item)).collect(),
            sum: outcome.sum,
            coefficient: decimal(outcome.coefficient),
            bonus: outcome.bonus.iter().map(counted).collect(),
            deduction: outcome.deduction.iter().map(counted).collect(),
            score: outcome.score,
            rank: outcome.rank,
            vetoes: input.vetoes.clone(),
            first_grade: outcome.first_grade,
            steps: outcome.steps.iter().map(step).collect(),
            automatic_grade: outcome.automatic_grade,
            grade: outcome.grade,
        }
    }
}

fn counted(of: &Counted) -> CountedDocument {
    CountedDocument { item: of.item.clone(), points: decimal(of.points), counted: decimal(of.counted) }
}

fn step(of: &Taken) -> StepDocument {
    StepDocument {
        step: of.step.code().to_owned(),
        found: of.found.clone(),
        left: of.left.clone(),
        why: of.why.clone(),
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = EvaluationLeftOutLine)]
pub struct LeftOutDocument {
    /// Runs of the first edition told of enterprises only, and name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<SubjectDocument>,
    /// Of an enterprise.
    pub uscc: Option<String>,
    pub name: String,
    pub why: LeftOut,
    pub facts: FactsDocument,
}

impl LeftOutDocument {
    pub fn id(&self) -> &str {
        self.subject.as_ref().map(|subject| subject.id.as_str()).or(self.uscc.as_deref()).unwrap_or_default()
    }

    pub fn kind(&self) -> &str {
        self.subject.as_ref().map_or(SubjectKind::Enterprise.code(), |subject| &subject.kind)
    }
}

/// What a run comes to beside its lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = EvaluationHead)]
pub struct Head {
    pub year: i32,
    pub category: String,
    /// The scheme's id; `muheng evaluation scheme` prints it whole.
    pub scheme: String,
    pub benchmarks: Vec<BenchmarkDocument>,
    pub quotas: Vec<QuotaDocument>,
    /// How many have each grade, from the best to the worst.
    pub grades: Vec<(String, usize)>,
    /// How many are left out, by reason.
    pub left_out: Vec<(LeftOut, usize)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_veto_that_a_run_froze_before_there_were_dated_kinds_is_written_as_it_was() {
        let before = r#"{"kind":"tax_offence","from":"2023-01-01","to":null}"#;
        let read: ActingVeto = serde_json::from_str(before).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), before);
        let effect = Some(VetoEffect { bars: vec!["A".to_owned(), "B".to_owned()], becomes: "C".to_owned() });
        let now = ActingVeto { article: Some("xiacheng-2019 二(一)4".to_owned()), effect, ..read };
        let text = serde_json::to_string(&now).unwrap();
        assert!(
            text.ends_with(r#""article":"xiacheng-2019 二(一)4","effect":{"bars":["A","B"],"becomes":"C"}}"#),
            "{text}"
        );
    }
}
