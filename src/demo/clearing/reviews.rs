//! Completion and output reviews, each come to another point.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;
use uuid::Uuid;

use super::{Judged, Office, before};
use crate::account::Department;
use crate::admission::{Figure, Floor};
use crate::contract::event::{Happening, ReviewOutcome};
use crate::contract::stage::{Condition, Stage, standing};
use crate::demo::contracts::last_day;
use crate::policy;
use crate::review::conclude::{self, Conclusion};
use crate::review::store::{self, Review};
use crate::review::{AsBuilt, ReviewKind};

/// How far a review has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Come {
    Opened,
    /// What was built is typed, and so many departments have spoken.
    Spoken(usize),
    /// Every department has spoken, this one against it.
    Against(Department),
    Concluded(ReviewOutcome),
}

const COMPLETIONS: [Come; 4] =
    [Come::Opened, Come::Spoken(2), Come::Against(Department::Environment), Come::Spoken(usize::MAX)];
const OUTPUTS: [Come; 3] = [Come::Spoken(1), Come::Spoken(usize::MAX), Come::Opened];

/// Opens the reviews and takes each as far as it is to come; how many there are.
pub async fn play(office: &Office<'_>, contracts: &BTreeMap<String, Judged>) -> anyhow::Result<usize> {
    let of = |stage: Stage, condition: Condition| {
        contracts.values().filter(move |it| {
            standing(&it.contract, last_day()).is_some_and(|now| (now.stage, now.condition) == (stage, condition))
        })
    };
    let declared = |it: &&Judged| it.contract.day_of(last_day(), &Happening::CompletionDeclared).is_some();
    let completions = of(Stage::Construction, Condition::Normal).filter(declared).zip(COMPLETIONS);
    let again = of(Stage::Construction, Condition::Rectification).zip([
        Come::Concluded(ReviewOutcome::Passed),
        Come::Concluded(ReviewOutcome::Rectify),
        Come::Spoken(3),
    ]);
    let outputs = of(Stage::Production, Condition::Normal).rev().zip(OUTPUTS);
    let of_kind = |kind: ReviewKind| move |(it, come): (_, Come)| (kind, it, come);
    let completions = completions.chain(again).map(of_kind(ReviewKind::Completion));
    let plans: Vec<(ReviewKind, &Judged, Come)> = completions.chain(outputs.map(of_kind(ReviewKind::Output))).collect();
    for (place, (kind, judged, come)) in plans.iter().enumerate() {
        let number = &judged.contract.number;
        let script = Script { office, number, kind: *kind, opened: before(24 - place as i64) };
        script.run(*come).await.map_err(|error| anyhow::anyhow!("{number}, {kind} {come:?}: {error:#}"))?;
    }
    Ok(plans.len())
}

struct Script<'a> {
    office: &'a Office<'a>,
    number: &'a str,
    kind: ReviewKind,
    opened: NaiveDate,
}

impl Script<'_> {
    async fn run(&self, come: Come) -> anyhow::Result<()> {
        let clerk = self.office.at_work("contract", self.opened)?;
        let registered = self.office.registered(self.number, clerk.now).await?;
        let id = conclude::open(&clerk, &registered, self.kind).await?;
        if come == Come::Opened {
            return Ok(());
        }
        let area =
            registered.contract.terms_on(self.opened).map_or(dec!(0), |terms| terms.granted_area.eye_square_metres().0);
        let review = self.review(id).await?;
        conclude::keep(&clerk, &review, &self.found(area)).await?;
        let (count, against) = match come {
            Come::Spoken(count) => (count, None),
            Come::Against(department) => (usize::MAX, Some(department)),
            _ => (usize::MAX, None),
        };
        self.speak(id, count, against).await?;
        if let Come::Concluded(outcome) = come {
            self.conclude(id, outcome).await?;
        }
        Ok(())
    }

    async fn review(&self, id: Uuid) -> anyhow::Result<Review> {
        let found = store::find(self.office.pool, self.office.scope, id).await?;
        found.ok_or_else(|| anyhow::anyhow!("the review is gone"))
    }

    /// A little more than was promised.
    fn found(&self, area: Decimal) -> AsBuilt {
        if self.kind == ReviewKind::Output {
            return AsBuilt::default();
        }
        let share = |of: Decimal| (area * of).round_dp(2);
        let figure = |value: Decimal, unit: &str| Figure { value, unit: unit.to_owned() };
        let figures = [
            ("fixed_investment", figure(share(dec!(0.6)), "万元")),
            ("investment_without_land", figure(share(dec!(0.6)), "万元")),
            ("built_area", figure(share(dec!(0.5)), "平方米")),
            ("office_land_area", figure(share(dec!(0.05)), "平方米")),
            ("office_floor_area", figure(share(dec!(0.05)), "平方米")),
            ("green_area", figure(share(dec!(0.1)), "平方米")),
        ];
        AsBuilt {
            figures: figures.into_iter().map(|(name, figure)| (name.to_owned(), figure)).collect(),
            floors: vec![Floor { area_m2: share(dec!(1.6)), height_m: Some(dec!(6)), count: 1, label: None }],
            occupied_area_m2: Some(area),
            years: BTreeMap::new(),
        }
    }

    /// The first so many departments of the list, one a day.
    async fn speak(&self, id: Uuid, count: usize, against: Option<Department>) -> anyhow::Result<()> {
        let (pool, scope) = (self.office.pool, self.office.scope);
        let panel = self.review(id).await?.panel(pool, scope).await?;
        for member in panel.members.iter().take(count) {
            let review = self.review(id).await?;
            let steward = self.office.steward(member.department, self.opened.succ_opt().unwrap_or(self.opened))?;
            let said = match against == Some(member.department) {
                true => (false, "示例：环保设施尚未验收"),
                false => (true, "示例：现场核实，符合要求"),
            };
            conclude::say(&steward, Some(member.department), &review, said).await?;
        }
        Ok(())
    }

    async fn conclude(&self, id: Uuid, outcome: ReviewOutcome) -> anyhow::Result<()> {
        let clerk = self.office.at_work("contract", before(2))?;
        let (review, registered) = (self.review(id).await?, self.office.registered(self.number, clerk.now).await?);
        let catalogue = policy::store::current(self.office.pool, &self.office.scope.district).await?;
        let conclusion = Conclusion {
            version: review.version,
            contract_version: registered.version,
            shown: None,
            on: before(2),
            outcome,
            rectify_until: (outcome == ReviewOutcome::Rectify).then(|| before(-60)),
            document: Some("复核意见书（合成）".into()),
            reason: "示例：各部门会同核查".into(),
        };
        conclude::conclude(&clerk, &review, &registered, &catalogue, &conclusion).await?;
        Ok(())
    }
}
