//! Checklists by stage, built into the program from `policy/inspection-checklists.toml`.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Stage;
use crate::account::Department;

const TEXT: &str = include_str!("../../policy/inspection-checklists.toml");

/// The questions of one stage from a day on.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Checklist {
    pub edition: String,
    pub stage: Stage,
    pub valid_from: NaiveDate,
    /// Of the governing text.
    pub article: String,
    pub items: Vec<Item>,
}

#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    pub code: String,
    pub text: String,
    pub figure: Option<FigureAsked>,
    /// Whose question it is, where several departments go together.
    #[serde(default)]
    pub department: Option<Department>,
    /// The same in Chinese.
    #[serde(skip_deserializing)]
    pub department_name: Option<String>,
    /// What it rests on, where what is found there is enforced.
    #[serde(default)]
    pub basis: Option<String>,
}

/// A figure that is measured or asked on the spot.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FigureAsked {
    pub name: String,
    pub unit: String,
    /// Must be given with pass and fail.
    pub required: bool,
    #[schema(value_type = String)]
    pub at_most: Decimal,
    /// Decimals it may have.
    pub places: u32,
}

#[derive(Debug, thiserror::Error)]
pub enum ChecklistError {
    #[error("the checklists cannot be read: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("“{0}” is not a stage")]
    Stage(String),
    #[error("“{0}” is not a day (YYYY-MM-DD)")]
    Day(String),
    #[error("the edition {0} stands twice, or starts on the same day as another of its stage")]
    Twice(String),
    #[error("the edition {edition} has no questions, or asks {item} twice")]
    Items { edition: String, item: String },
    #[error("the question {item} of the edition {edition} names a department and what it rests on, or must name both")]
    Department { edition: String, item: String },
    #[error("no checklist for the stage {0}")]
    Missing(Stage),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    checklist: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    edition: String,
    stage: String,
    valid_from: toml::value::Datetime,
    article: String,
    item: Vec<Item>,
}

/// Every edition there ever was.
#[derive(Clone, Debug)]
pub struct Checklists(Vec<Checklist>);

impl Checklists {
    /// Those that the program carries. A test reads them, so a program that was built can read them.
    pub fn embedded() -> &'static Checklists {
        static EMBEDDED: LazyLock<Checklists> =
            LazyLock::new(|| Checklists::read(TEXT).expect("the checklists of the program hold together"));
        &EMBEDDED
    }

    /// # Errors
    /// When an edition stands twice, asks something twice or not at all, or a stage has no checklist.
    pub fn read(text: &str) -> Result<Self, ChecklistError> {
        let file: File = toml::from_str(text)?;
        let lists = file.checklist.into_iter().map(Checklist::try_from).collect::<Result<Vec<_>, _>>()?;
        let mut editions = BTreeSet::new();
        let mut days = BTreeSet::new();
        for list in &lists {
            if !editions.insert(&list.edition) || !days.insert((list.stage, list.valid_from)) {
                return Err(ChecklistError::Twice(list.edition.clone()));
            }
        }
        if let Some(stage) = Stage::ALL.iter().find(|stage| lists.iter().all(|list| list.stage != **stage)) {
            return Err(ChecklistError::Missing(*stage));
        }
        Ok(Checklists(lists))
    }

    /// By its name, or the part of it that some departments ask: `joint-enforcement-2019:environment,safety`.
    pub fn edition(&self, edition: &str) -> Option<Cow<'_, Checklist>> {
        let whole = |name: &str| self.0.iter().find(|list| list.edition == name);
        let Some((name, departments)) = edition.split_once(':') else { return whole(edition).map(Cow::Borrowed) };
        let departments: Option<Vec<_>> = departments.split(',').map(Department::parse).collect();
        Some(Cow::Owned(whole(name)?.asked_by(&departments?)))
    }

    /// The newest edition of a stage that has begun by a day; before the first one began, the first.
    pub fn in_force(&self, stage: Stage, on: NaiveDate) -> &Checklist {
        let of_stage = || self.0.iter().filter(|list| list.stage == stage);
        let begun = of_stage().filter(|list| list.valid_from <= on).max_by_key(|list| list.valid_from);
        begun.or_else(|| of_stage().min_by_key(|list| list.valid_from)).expect("every stage has a checklist")
    }
}

impl Checklist {
    pub fn item(&self, code: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.code == code)
    }

    /// What some departments ask, under a name that says so.
    pub fn asked_by(&self, departments: &[Department]) -> Checklist {
        let asks = |department: &Department| departments.contains(department);
        let names: Vec<&str> = Department::ALL.iter().filter(|it| asks(it)).map(|it| it.code()).collect();
        Checklist {
            edition: format!("{}:{}", self.edition, names.join(",")),
            items: self.items.iter().filter(|item| item.department.as_ref().is_some_and(asks)).cloned().collect(),
            ..self.clone()
        }
    }

    /// Departments that have questions in it, in the order of the questions.
    pub fn departments(&self) -> Vec<Department> {
        let mut found = Vec::new();
        for department in self.items.iter().filter_map(|item| item.department) {
            if !found.contains(&department) {
                found.push(department);
            }
        }
        found
    }
}

impl Item {
    fn named(self) -> Self {
        Item { department_name: self.department.map(|department| department.label().to_owned()), ..self }
    }
}

impl TryFrom<Entry> for Checklist {
    type Error = ChecklistError;

    fn try_from(entry: Entry) -> Result<Self, ChecklistError> {
        let day = entry.valid_from.to_string();
        let mut codes = BTreeSet::new();
        let twice = entry.item.iter().find(|item| !codes.insert(item.code.as_str()));
        if entry.item.is_empty() || twice.is_some() {
            let item = twice.map(|item| item.code.clone()).unwrap_or_default();
            return Err(ChecklistError::Items { edition: entry.edition, item });
        }
        let stage = Stage::parse(&entry.stage).ok_or(ChecklistError::Stage(entry.stage))?;
        let joint = stage == Stage::JointEnforcement;
        let astray = |item: &&Item| item.department.is_some() != joint || item.basis.is_some() != joint;
        if let Some(item) = entry.item.iter().find(astray) {
            return Err(ChecklistError::Department { edition: entry.edition, item: item.code.clone() });
        }
        Ok(Checklist {
            stage,
            valid_from: day.parse().map_err(|_| ChecklistError::Day(day))?,
            edition: entry.edition,
            article: entry.article,
            items: entry.item.into_iter().map(Item::named).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stage_has_its_questions() {
        let day = "2026-11-23".parse().unwrap();
        for stage in Stage::ALL {
            assert!(Checklists::embedded().in_force(*stage, day).items.len() >= 5, "{stage}");
        }
        assert!(Checklists::embedded().edition("construction-2019").unwrap().item("site_board").is_some());
    }

    #[test]
    fn departments_that_go_together_are_asked_their_own_questions_only() {
        let lists = Checklists::embedded();
        let whole = lists.in_force(Stage::JointEnforcement, "2026-11-23".parse().unwrap());
        let asked = [Department::Safety, Department::Tax];
        let part = whole.asked_by(&asked);
        assert_eq!(part.edition, format!("{}:tax,safety", whole.edition), "in one order, however they are named");
        assert!(part.items.iter().all(|item| item.department.is_some_and(|it| asked.contains(&it))));
        assert_eq!(lists.edition(&part.edition).unwrap().items.len(), part.items.len());
        assert_eq!(part.departments().len(), 2);
        assert!(lists.edition(&format!("{}:nobody", whole.edition)).is_none());
        assert!(whole.departments().len() >= 5, "环境保护、安全生产、资源节约、工商税务");
    }

    #[test]
    fn an_edition_holds_from_its_day_until_the_next() {
        let newer = TEXT.to_owned()
            + "\n[[checklist]]\nedition = \"construction-2027\"\nstage = \"construction\"\nvalid_from = 2027-01-01\n\
               article = \"四(一)3\"\n[[checklist.item]]\ncode = \"a\"\ntext = \"甲\"\n";
        let lists = Checklists::read(&newer).unwrap();
        let on = |day: &str| lists.in_force(Stage::Construction, day.parse().unwrap()).edition.clone();
        assert_eq!(on("2026-12-31"), "construction-2019");
        assert_eq!(on("2027-01-01"), "construction-2027");
        assert_eq!(on("2018-12-31"), "construction-2019");
    }

    #[test]
    fn what_does_not_hold_together_is_refused() {
        let doubled = format!("{TEXT}\n{TEXT}");
        assert!(matches!(Checklists::read(&doubled), Err(ChecklistError::Twice(_))));
        assert!(matches!(
            Checklists::read(&TEXT.replace("\"handed_over\"", "\"site_board\"")),
            Err(ChecklistError::Items { .. })
        ));
        let nobodys = TEXT.replace("department = \"safety\"\n", "");
        assert!(matches!(Checklists::read(&nobodys), Err(ChecklistError::Department { .. })));
        assert!(matches!(
            Checklists::read(&TEXT.replace("\"production\"", "\"construction\"")),
            Err(ChecklistError::Twice(_))
        ));
    }
}
