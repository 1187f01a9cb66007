//! Who would change grade, beside what the run says.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Source;
use crate::evaluation::difference::{Difference, between};
use crate::evaluation::document::{BenchmarkDocument, QuotaDocument, ResultDocument};
use crate::evaluation::moved::{Move, moved};
use crate::evaluation::run::Computed;

/// Lines told one by one; beyond that they are only counted.
pub const MOST_LISTED: usize = 2_000;

/// What the run made of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    pub key: String,
    pub name: String,
    pub subdistrict: Option<String>,
    pub group: String,
    pub grade: String,
    /// As it is printed.
    pub score: String,
    pub rank: Option<usize>,
}

/// What one has, in one of the two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = EvaluationStanding)]
pub struct Standing {
    pub grade: String,
    pub score: String,
    pub rank: Option<usize>,
}

impl Standing {
    pub fn of(result: &ResultDocument) -> Self {
        Standing { grade: result.grade.clone(), score: result.score.clone(), rank: result.rank }
    }
}

/// Somebody whose grade is another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = EvaluationMover)]
pub struct Mover {
    pub key: String,
    pub name: String,
    pub group: String,
    #[serde(rename = "move")]
    pub moved: Move,
    pub before: Option<Standing>,
    pub after: Option<Standing>,
    /// None for whoever entered or left.
    pub why: Option<Difference>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = EvaluationGradeCount)]
pub struct GradeCount {
    pub grade: String,
    pub before: usize,
    pub after: usize,
}

/// What would come of it. It binds nobody and is kept nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = EvaluationWhatIfAnswer)]
pub struct Answer {
    pub run: Uuid,
    pub year: i32,
    pub category: String,
    pub source: Source,
    /// The receipt that a trial run of the changed scheme over the same data would have.
    pub receipt: String,
    /// What of the law the changed scheme breaks, in words.
    pub breaches: Vec<String>,
    pub grades: Vec<GradeCount>,
    /// How many, by how they stand after.
    pub moves: Vec<(Move, usize)>,
    pub score_changed: usize,
    pub benchmarks: Vec<BenchmarkDocument>,
    pub quotas: Vec<QuotaDocument>,
    pub movers: Vec<Mover>,
    /// More moved than are listed.
    pub cut: bool,
}

/// Who moved, before it is told why.
pub struct Moved {
    pub counts: Vec<(Move, usize)>,
    pub grades: Vec<GradeCount>,
    pub score_changed: usize,
    /// In the order of the new ranking, whoever left at the end; at most [`MOST_LISTED`].
    pub movers: Vec<Mover>,
    pub cut: bool,
}

/// Everybody of both, once: `grades_before` are those of the run, from the best.
pub fn compare(grades_before: &[(String, usize)], before: &[Before], computed: &Computed) -> Moved {
    let (old, new) = (Places::of(grades_before), Places::of(&computed.head.grades));
    let mut by_key: HashMap<&str, &Before> = before.iter().map(|one| (one.key.as_str(), one)).collect();
    let mut found = Moved { counts: Vec::new(), grades: Vec::new(), score_changed: 0, movers: Vec::new(), cut: false };
    let mut counts = HashMap::new();
    for line in &computed.lines {
        let result = &line.result;
        let one = by_key.remove(result.subject.id.as_str());
        let how = moved(one.map(|one| old.at(&one.grade)), Some(new.at(&result.grade)));
        *counts.entry(how).or_default() += 1;
        found.score_changed += usize::from(one.is_some_and(|one| one.score != result.score));
        if how != Move::Same {
            found.list(mover(how, one, Some(result)));
        }
    }
    let mut gone: Vec<&Before> = by_key.into_values().collect();
    gone.sort_by(|one, other| one.key.cmp(&other.key));
    for one in gone {
        *counts.entry(Move::Left).or_default() += 1;
        found.list(mover(Move::Left, Some(one), None));
    }
    found.counts = Move::ALL.iter().map(|how| (*how, counts.get(how).copied().unwrap_or_default())).collect();
    found.grades = grades(grades_before, &computed.head.grades);
    found
}

/// Grades by their place from the best.
struct Places<'a>(HashMap<&'a str, usize>);

impl<'a> Places<'a> {
    fn of(grades: &'a [(String, usize)]) -> Self {
        Places(grades.iter().enumerate().map(|(at, (grade, _))| (grade.as_str(), at)).collect())
    }

    fn at(&self, grade: &str) -> usize {
        self.0.get(grade).copied().unwrap_or(self.0.len())
    }
}

fn grades(before: &[(String, usize)], after: &[(String, usize)]) -> Vec<GradeCount> {
    let of = |all: &[(String, usize)], grade: &str| {
        all.iter().find(|(other, _)| other == grade).map_or(0, |(_, count)| *count)
    };
    let gone = before.iter().filter(|(grade, _)| after.iter().all(|(other, _)| other != grade));
    let names = after.iter().chain(gone).map(|(grade, _)| grade);
    names.map(|grade| GradeCount { grade: grade.clone(), before: of(before, grade), after: of(after, grade) }).collect()
}

fn mover(how: Move, before: Option<&Before>, after: Option<&ResultDocument>) -> Mover {
    let text =
        |of_after: Option<&String>, of_before: Option<&String>| of_after.or(of_before).cloned().unwrap_or_default();
    Mover {
        key: text(after.map(|it| &it.subject.id), before.map(|it| &it.key)),
        name: text(after.map(|it| &it.name), before.map(|it| &it.name)),
        group: text(after.map(|it| &it.group), before.map(|it| &it.group)),
        moved: how,
        before: before.map(|it| Standing { grade: it.grade.clone(), score: it.score.clone(), rank: it.rank }),
        after: after.map(Standing::of),
        why: None,
    }
}

impl Moved {
    fn list(&mut self, mover: Mover) {
        if self.movers.len() < MOST_LISTED {
            self.movers.push(mover);
        } else {
            self.cut = true;
        }
    }

    /// The keys of those of whom both results are needed.
    pub fn to_explain(&self) -> Vec<String> {
        let both = self.movers.iter().filter(|mover| mover.before.is_some() && mover.after.is_some());
        both.map(|mover| mover.key.clone()).collect()
    }

    /// `details` are what the run made of them.
    pub fn explain(&mut self, details: &HashMap<String, ResultDocument>, computed: &Computed) {
        let wanted: HashMap<&str, &ResultDocument> = computed
            .lines
            .iter()
            .filter(|line| details.contains_key(&line.result.subject.id))
            .map(|line| (line.result.subject.id.as_str(), &line.result))
            .collect();
        for mover in &mut self.movers {
            let both = details.get(&mover.key).zip(wanted.get(mover.key.as_str()));
            mover.why = both.map(|(before, after)| between(before, after));
        }
    }
}
