//! What a joint visit comes to: pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::account::Department;
use crate::inspection::Answer;
use crate::inspection::checklist::{Checklist, Item};
use crate::inspection::store::RecordedAnswer;

/// Departments of a campaign at least: one alone is no joint enforcement.
pub const FEWEST_DEPARTMENTS: usize = 2;

/// What one department's question found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub department: Department,
    /// Code of the question.
    pub item: String,
    pub question: String,
    /// What it rests on.
    pub basis: String,
    /// What was found, with the figure and its unit where one was measured.
    pub words: String,
}

/// What a visit comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComesTo {
    /// In the order of the questions.
    pub found: Vec<Found>,
    /// Departments that looked at something.
    pub looked: Vec<Department>,
    /// Departments that could look at nothing: not looked at is not the same as in order.
    pub unseen: Vec<Department>,
}

/// Every question that failed is one department's finding.
pub fn comes_to(checklist: &Checklist, answers: &[RecordedAnswer]) -> ComesTo {
    let given: BTreeMap<&str, &RecordedAnswer> = answers.iter().map(|each| (each.item.as_str(), each)).collect();
    let looked =
        |item: &&Item| given.get(item.code.as_str()).is_some_and(|answer| !matches!(answer.answer, Answer::NotSeen));
    let has_looked = |department: &Department| {
        checklist.items.iter().filter(|item| item.department == Some(*department)).any(|item| looked(&item))
    };
    let (looked, unseen) = checklist.departments().into_iter().partition(has_looked);
    let found = checklist.items.iter().filter_map(|item| found(item, given.get(item.code.as_str())?));
    ComesTo { found: found.collect(), looked, unseen }
}

fn found(item: &Item, answer: &RecordedAnswer) -> Option<Found> {
    if answer.answer != Answer::Fail {
        return None;
    }
    let comment = answer.comment.as_deref().unwrap_or(&item.text);
    let words = match (&item.figure, answer.figure) {
        (Some(asked), Some(figure)) => format!("{comment}（{} {} {}）", asked.name, figure.normalize(), asked.unit),
        _ => comment.to_owned(),
    };
    Some(Found {
        department: item.department?,
        item: item.code.clone(),
        question: item.text.clone(),
        basis: item.basis.clone()?,
        words,
    })
}

/// Days between the visit and the handing over; what is found is handed over the same day.
pub fn days_kept(visited_on: NaiveDate, handed_on: NaiveDate) -> i64 {
    (handed_on - visited_on).num_days().max(0)
}

#[cfg(test)]
mod tests {
    use rust_decimal_macros::dec;

    use super::*;
    use crate::inspection::Stage;
    use crate::inspection::checklist::Checklists;

    fn list() -> Checklist {
        let whole = Checklists::embedded().in_force(Stage::JointEnforcement, "2026-11-23".parse().unwrap());
        whole.asked_by(&[Department::Environment, Department::Safety, Department::EconomyAndTourism])
    }

    fn answers(of: impl Fn(&Item) -> Answer) -> Vec<RecordedAnswer> {
        let answer = |item: &Item| RecordedAnswer {
            item: item.code.clone(),
            answer: of(item),
            figure: item.figure.as_ref().map(|_| dec!(3.0)),
            comment: (of(item) == Answer::Fail).then(|| format!("{}不合格", item.code)),
        };
        list().items.iter().map(answer).collect()
    }

    #[test]
    fn each_failed_question_is_a_finding_of_its_department() {
        let result =
            comes_to(&list(), &answers(|item| if item.code == "hidden_dangers" { Answer::Fail } else { Answer::Pass }));
        assert_eq!(result.found.len(), 1);
        let found = &result.found[0];
        assert_eq!((found.department, found.words.as_str()), (Department::Safety, "hidden_dangers不合格"));
        assert!(found.basis.contains("安全生产法"));
        assert_eq!((result.looked.len(), result.unseen.len()), (3, 0));
    }

    #[test]
    fn whoever_could_see_nothing_has_not_looked_and_found_nothing() {
        let environment = |item: &Item| item.department == Some(Department::Environment);
        let result = comes_to(&list(), &answers(|item| if environment(item) { Answer::NotSeen } else { Answer::Pass }));
        assert_eq!(result.unseen, [Department::Environment]);
        assert_eq!((result.found.len(), result.looked.len()), (0, 2));
        let one = |item: &Item| if item.code == "discharge_permit" { Answer::NotApplicable } else { Answer::NotSeen };
        let result = comes_to(&list(), &answers(one));
        assert_eq!(result.looked, [Department::Environment], "that it does not apply is something that was seen");
        assert_eq!(comes_to(&list(), &[]).unseen.len(), 3, "no answer is no look");
    }

    #[test]
    fn a_figure_stands_with_its_unit_in_what_was_found() {
        let result =
            comes_to(&list(), &answers(|item| if item.figure.is_some() { Answer::Fail } else { Answer::Pass }));
        assert_eq!(result.found[0].words, "energy_equipment不合格（淘汰设备 3 台）");
    }

    #[test]
    fn the_same_day_is_no_day() {
        let day = |text: &str| text.parse().unwrap();
        assert_eq!(days_kept(day("2026-11-23"), day("2026-11-23")), 0);
        assert_eq!(days_kept(day("2026-11-23"), day("2026-11-24")), 1);
        assert_eq!(days_kept(day("2026-12-31"), day("2027-01-02")), 2);
    }
}
