//! Inspections of the invented town in every state, dated around the day they are loaded so that something is due today.

use std::path::Path;

use anyhow::Context;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::picture;
use super::random::Dice;
use super::store::{self, InspectedSite};
use crate::account::Account;
use crate::account::{self, Act, Actor};
use crate::base::clock::china_day;
use crate::base::code::ParcelCode;
use crate::db::{PgPool, Scope};
use crate::inspection::checklist::{Checklist, Checklists};
use crate::inspection::store::{Assigned, Move, NewPhoto, OnRecord, PhotoOf};
use crate::inspection::{Answer, Assignment, Finding, ItemAnswer, Position, Stage, Step, photo, store as inspection};

const SEED: u64 = 20_261_123;

/// What becomes of a task, and how often.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Course {
    Open,
    Unassigned,
    Overdue,
    UnderWay,
    Reported(Found),
    /// Failed first, passed at the second visit.
    Healed,
    Closed(Found),
    Cancelled,
    /// Cancelled while the inspector was out of reach; the result came after.
    CancelledMeanwhile,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    InOrder,
    Failing,
    LockedOut,
}

const COURSES: [(Course, usize); 13] = [
    (Course::Open, 8),
    (Course::Unassigned, 3),
    (Course::Overdue, 5),
    (Course::UnderWay, 4),
    (Course::Reported(Found::InOrder), 3),
    (Course::Reported(Found::Failing), 3),
    (Course::Reported(Found::LockedOut), 1),
    (Course::Healed, 3),
    (Course::Closed(Found::InOrder), 6),
    (Course::Closed(Found::Failing), 1),
    (Course::Closed(Found::LockedOut), 1),
    (Course::Cancelled, 2),
    (Course::CancelledMeanwhile, 1),
];

struct Office<'a> {
    pool: &'a PgPool,
    scope: &'a Scope,
    home: &'a Path,
    now: DateTime<Utc>,
    clerk: Actor,
    inspector: Actor,
    dice: Dice,
}

/// Loads the tasks with their results and pictures; says how many. The accounts must be there.
///
/// # Errors
/// When the accounts are missing, the disk is full or the database refuses.
pub async fn load(pool: &PgPool, scope: &Scope, home: &Path, now: DateTime<Utc>) -> anyhow::Result<usize> {
    let accounts = account::store::list(pool, scope).await?;
    let person = |login: &str| {
        let found = accounts.iter().find(|account| account.login == login).context("the demonstration accounts");
        found.map(Account::actor)
    };
    let (clerk, inspector) = (person("contract")?, person("inspector")?);
    let mut office = Office { pool, scope, home, now, clerk, inspector, dice: Dice::new(SEED) };
    let sites = store::inspected_sites(pool, scope.county()).await?;
    let courses = COURSES.iter().flat_map(|(course, count)| std::iter::repeat_n(*course, *count));
    let mut count = 0;
    for (course, site) in courses.zip(spread(&sites)) {
        office.play(course, site, count).await?;
        count += 1;
    }
    Ok(count)
}

/// Over the whole district, idle and low-efficiency land among it.
fn spread(sites: &[InspectedSite]) -> impl Iterator<Item = &InspectedSite> {
    let step = (sites.len() / 41).max(1);
    sites.iter().step_by(step)
}

impl Office<'_> {
    async fn play(&mut self, course: Course, site: &InspectedSite, number: usize) -> anyhow::Result<()> {
        let stage = stage_of(site, number);
        let today = china_day(self.now);
        let days = (number % 7) as u64;
        let (made, due) = match course {
            Course::Open => (10, today + Days::new(days * 3)),
            Course::Unassigned => (4, today + Days::new(5 + days)),
            Course::Overdue => (40, today - Days::new(3 + days * 4)),
            Course::UnderWay => (6, today + Days::new(days)),
            Course::Reported(_) => (20, today + Days::new(2)),
            Course::Healed => (50, today + Days::new(3)),
            Course::Closed(_) => (90 + days, today - Days::new(30)),
            Course::Cancelled | Course::CancelledMeanwhile => (30, today - Days::new(5)),
        };
        let task = self.assign(course, site, stage, due, made).await?;
        let inspector = self.inspector.account;
        match course {
            Course::Open | Course::Unassigned | Course::Overdue => {}
            Course::UnderWay => self.step(task, Step::Start, None, inspector, 1).await?,
            Course::Reported(found) => self.visit(task, site, stage, found, 3).await?,
            Course::Healed => {
                self.visit(task, site, stage, Found::Failing, 30).await?;
                self.step(task, Step::Revisit, Some("限期整改后复查"), None, 28).await?;
                self.visit(task, site, stage, Found::InOrder, 2).await?;
            }
            Course::Closed(found) => {
                self.visit(task, site, stage, found, 40).await?;
                let reason = (found != Found::InOrder).then_some("已转履约清理，另行处理");
                self.step(task, Step::Close, reason, None, 35).await?;
            }
            Course::Cancelled => self.step(task, Step::Cancel, Some("与其他任务重复"), None, 8).await?,
            Course::CancelledMeanwhile => {
                self.step(task, Step::Cancel, Some("企业已主动申报，不再单独检查"), None, 6).await?;
                self.visit(task, site, stage, Found::InOrder, 5).await?;
            }
        }
        Ok(())
    }

    /// Ten in the morning, some days ago.
    fn ago(&self, days: u64) -> DateTime<Utc> {
        self.now - TimeDelta::days(days as i64) - TimeDelta::hours(2)
    }

    async fn assign(
        &self,
        course: Course,
        site: &InspectedSite,
        stage: Stage,
        due: NaiveDate,
        made: u64,
    ) -> anyhow::Result<Uuid> {
        let what = Assignment {
            parcel: site.code.parse::<ParcelCode>()?,
            stage,
            purpose: purpose_of(stage).to_owned(),
            due,
            assignee: (course != Course::Unassigned).then_some(self.inspector.account).flatten(),
            subject: None,
        };
        let mut transaction = self.pool.begin().await?;
        let (Assigned::Created(id) | Assigned::Already(id)) =
            inspection::assign(&mut transaction, &self.act(&self.clerk, self.ago(made)), &what).await?;
        transaction.commit().await?;
        Ok(id)
    }

    fn act(&self, actor: &Actor, now: DateTime<Utc>) -> Act {
        Act { pool: self.pool.clone(), scope: self.scope.clone(), actor: actor.clone(), now }
    }

    async fn step(
        &self,
        task: Uuid,
        step: Step,
        reason: Option<&str>,
        assignee: Option<Uuid>,
        days_ago: u64,
    ) -> anyhow::Result<()> {
        let actor = if step == Step::Start { &self.inspector } else { &self.clerk };
        let version = inspection::task(self.pool, self.scope, task).await?.context("a task just made")?.version;
        let wanted = Move { task, version, step, reason, assignee, due: None };
        let mut transaction = self.pool.begin().await?;
        inspection::take(&mut transaction, &self.act(actor, self.ago(days_ago)), &wanted).await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn visit(
        &mut self,
        task: Uuid,
        site: &InspectedSite,
        stage: Stage,
        found: Found,
        days_ago: u64,
    ) -> anyhow::Result<()> {
        let at = self.ago(days_ago);
        let visit = self.number();
        let checklist = Checklists::embedded().in_force(stage, china_day(at));
        let mut photos = Vec::new();
        if found != Found::LockedOut && self.dice.chance(0.6) {
            for item in [None, checklist.items.first().map(|item| item.code.clone())] {
                photos.push(self.photo(task, visit, site, item, found, at).await?);
            }
        }
        let finding = Finding {
            answers: answers(checklist, found, &mut self.dice),
            note: (found == Found::LockedOut).then(|| "大门上锁，联系不上企业负责人".to_owned()),
            device_at: at,
            position: Some(self.near(site)),
            photos,
        };
        let mut transaction = self.pool.begin().await?;
        let sent = at + TimeDelta::minutes(40);
        inspection::record(&mut transaction, &self.act(&self.inspector, sent), (task, visit), &finding).await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn photo(
        &mut self,
        task: Uuid,
        visit: Uuid,
        site: &InspectedSite,
        item: Option<String>,
        found: Found,
        at: DateTime<Utc>,
    ) -> anyhow::Result<Uuid> {
        let built = if found == Found::InOrder { 0.9 } else { 0.15 };
        let shrunk = photo::shrink(&picture::site(&mut self.dice, built)?)?;
        let position = Some(self.near(site));
        let new = NewPhoto { id: self.number(), of: PhotoOf::Task(task), visit, item, device_at: at, position };
        inspection::keep::<OnRecord>(&self.act(&self.inspector, at), self.home, &new, shrunk).await?;
        Ok(new.id)
    }

    /// Some metres from the middle of the parcel.
    fn near(&mut self, site: &InspectedSite) -> Position {
        let mut off = || self.dice.between(-0.0001, 0.0001);
        Position { longitude: site.longitude + off(), latitude: site.latitude + off(), accuracy_m: Some(8.0) }
    }

    /// The same every time.
    fn number(&mut self) -> Uuid {
        let bits = (u128::from(self.dice.roll()) << 64) | u128::from(self.dice.roll());
        uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid()
    }
}

fn stage_of(site: &InspectedSite, number: usize) -> Stage {
    match site.supply.as_str() {
        "idle" | "supplied_not_used" => Stage::IdleSuspicion,
        "low_efficiency" => Stage::LowEfficiency,
        _ => [Stage::Construction, Stage::Production, Stage::RemainingTerm][number % 3],
    }
}

fn purpose_of(stage: Stage) -> &'static str {
    match stage {
        Stage::Construction => "核实开工和建设进度",
        Stage::Production => "核实投产和设施使用情况",
        Stage::RemainingTerm => "例行检查土地使用情况",
        Stage::IdleSuspicion => "核实是否动工，有无闲置",
        Stage::LowEfficiency => "摸底用地面积和实际使用企业",
        Stage::JointEnforcement => "联合检查",
    }
}

fn answers(checklist: &Checklist, found: Found, dice: &mut Dice) -> Vec<ItemAnswer> {
    let failing = dice.below(checklist.items.len());
    let answer = |place: usize| match found {
        Found::InOrder => Answer::Pass,
        Found::LockedOut => Answer::NotSeen,
        Found::Failing if place == failing => Answer::Fail,
        Found::Failing => Answer::Pass,
    };
    let items = checklist.items.iter().enumerate();
    items
        .map(|(place, item)| {
            let answer = answer(place);
            let asked = item.figure.as_ref().filter(|asked| asked.required && answer != Answer::NotSeen);
            ItemAnswer {
                item: item.code.clone(),
                answer,
                figure: asked.map(|_| Decimal::from(2000 + dice.below(6000))),
                comment: (answer == Answer::Fail).then(|| "现场情况与约定不一致，已拍照，要求企业说明".to_owned()),
            }
        })
        .collect()
}
