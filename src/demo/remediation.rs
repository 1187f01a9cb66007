//! Remediation of the invented town: the list of a year entered in one go, some files in each step, some struck off in each of the
//! five ways and one that fell back, carried there by the same functions that officers' pages call. All of it is synthetic.

mod endings;

use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::cases::people::{People, morning};
use super::register::day;
use crate::account::{self, Act, Department};
use crate::annual::Query;
use crate::base::unit::Mu;
use crate::db::{PgPool, Scope};
use crate::low_efficiency::list::ListQuery;
use crate::low_efficiency::{Outcome, store as list};
use crate::remediation::evidence::{self, Paper};
use crate::remediation::opening::{self, ListOrder, NewEntry};
use crate::remediation::plan::{Milestone, Plan};
use crate::remediation::rules::evidence_of;
use crate::remediation::steps::{self, Hearing, Seen, Told};
use crate::remediation::store::files::{self, File};
use crate::remediation::store::tasks::{self as task_store, Done, NewTask};
use crate::remediation::{EvidenceKind, Ground, State, SubjectKind, TaskKind, Way, acceptance, tasks};
use crate::workflow::Number;

/// The list that is entered as a whole, and the one of the files that are over.
const LISTED: i32 = 2024;
const EARLIER: i32 = 2021;

/// Of the list, these are carried some steps, each further than the one before.
const CARRIED: usize = 16;

/// What a load has made, in rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    pub files: usize,
    pub struck_off: usize,
    pub relapses: usize,
}

/// Loads them into the demonstration district, whose accounts must be there.
///
/// # Errors
/// When the database refuses, or a step that the plan takes is not allowed.
pub async fn load(pool: &PgPool, scope: &Scope, home: &Path) -> anyhow::Result<Counts> {
    let people = People { accounts: account::store::list(pool, scope).await? };
    let office = Office { pool, scope, home, people };
    let mut counts = Counts { files: 0, struck_off: 0, relapses: 0 };
    let fallen = office.with_outcomes([Outcome::Flagged, Outcome::Clear, Outcome::Flagged]).await?;
    let risen = office.with_outcomes([Outcome::Flagged, Outcome::Clear, Outcome::Clear]).await?;
    for uscc in fallen.first().into_iter().chain(risen.first()) {
        counts.struck_off += usize::from(office.upgrade(uscc).await?);
    }
    let opened = office.open_all().await?;
    counts.files = opened.len() + counts.struck_off;
    for (place, number) in opened.iter().enumerate().take(CARRIED) {
        counts.struck_off += usize::from(office.carry(place, *number).await?);
    }
    if office.take_back().await? {
        counts.files += 1;
        counts.struck_off += 1;
    }
    if let Some(number) = opened.get(CARRIED) {
        office.merge(*number).await?;
        counts.struck_off += 1;
    }
    counts.relapses = office.relapses().await?;
    Ok(counts)
}

struct Office<'a> {
    pool: &'a PgPool,
    scope: &'a Scope,
    home: &'a Path,
    people: People,
}

/// Whoever handles the files, goes there, accepts, and strikes off.
const HANDLES: &str = "evaluator";
const GOES_THERE: &str = "inspector";
const ACCEPT: [(&str, Department); 2] = [("environment", Department::Environment), ("land", Department::Land)];
const STRIKES_OFF: &str = "approver";

impl Office<'_> {
    fn act(&self, login: &str, on: NaiveDate, minutes: i64) -> anyhow::Result<Act> {
        let at: DateTime<Utc> = morning(on, 0) + chrono::Duration::minutes(minutes);
        self.people.act(self.pool, self.scope, login, at)
    }

    /// Who stood so in 2021, 2023 and 2024, with a confirmed figure of 2023.
    async fn with_outcomes(&self, asked: [Outcome; 3]) -> anyhow::Result<Vec<String>> {
        let mut left: Option<Vec<String>> = None;
        for (year, outcome) in [(EARLIER, asked[0]), (EARLIER + 2, asked[1]), (LISTED, asked[2])] {
            let line = list::line_of(self.pool, year).await?;
            let query = ListQuery { outcomes: vec![outcome], facts: Query::of_year(year), ..ListQuery::of_year(year) };
            let page = list::page(self.pool, self.scope, &query, &line, None, 500).await?;
            let sound = |entry: &&crate::low_efficiency::list::Entry| {
                year != EARLIER + 2 || entry.tax().state() == Some(crate::enterprise::FigureState::Confirmed)
            };
            let these: Vec<String> = page.entries.iter().filter(sound).map(|entry| entry.uscc.clone()).collect();
            left = Some(match left {
                None => these,
                Some(left) => left.into_iter().filter(|uscc| these.contains(uscc)).collect(),
            });
        }
        Ok(left.unwrap_or_default())
    }

    /// The file as it stands.
    async fn file(&self, number: Number) -> anyhow::Result<File> {
        let mut connection = self.pool.acquire().await?;
        let found = files::by_number(&mut connection, self.scope, number).await?;
        found.ok_or_else(|| anyhow::anyhow!("there is no file {number}"))
    }

    async fn seen(&self, number: Number) -> anyhow::Result<Seen> {
        let file = self.file(number).await?;
        Ok(Seen { file: file.id, version: file.version })
    }

    async fn open_all(&self) -> anyhow::Result<Vec<Number>> {
        let order = ListOrder {
            ground: Ground::BelowLine,
            year: LISTED,
            category: None,
            name: format!("{LISTED}年度低效企业整治（示例）"),
        };
        let opening = opening::open_all(&self.act(HANDLES, day(LISTED + 1, 6, 25), 0)?, &order).await?;
        let new = opening.items.iter().filter(|item| item.outcome == opening::Opened::Opened);
        Ok(new.filter_map(|item| item.no.as_ref()?.parse().ok()).collect())
    }

    async fn relapses(&self) -> anyhow::Result<usize> {
        let filter = crate::remediation::store::listing::Filter { relapse: true, ..Default::default() };
        let start = crate::db::keyset::Position::Start;
        let page = crate::remediation::store::listing::page(self.pool, self.scope, &filter, &start, 500).await?;
        Ok(page.rows.len())
    }

    /// Entered for 2021, planned in 2022, accepted by the figure of 2023. Whether it could be.
    async fn upgrade(&self, uscc: &str) -> anyhow::Result<bool> {
        let new = NewEntry {
            subject_kind: SubjectKind::Enterprise,
            subject: uscc.to_owned(),
            ground: Ground::BelowLine,
            year: Some(EARLIER),
            document: None,
            words: None,
        };
        let began = day(EARLIER + 1, 6, 20);
        let number = opening::open(&self.act(HANDLES, began, 0)?, &new, None).await?;
        let plan = Plan {
            way: Way::Upgrade,
            target: Some(rust_decimal::Decimal::from(10_000)),
            target_year: Some(EARLIER + 2),
            due: day(EARLIER + 3, 6, 30),
            milestones: Vec::new(),
            ..plan(Way::Close, began)
        };
        self.until_carried_out(number, plan, began).await?;
        let asked = day(EARLIER + 3, 5, 10);
        self.accepted(number, asked).await?;
        self.struck_off(number, day(EARLIER + 3, 6, 12)).await?;
        Ok(true)
    }

    /// From the survey to its being carried out, within some weeks.
    async fn until_carried_out(&self, number: Number, plan: Plan, began: NaiveDate) -> anyhow::Result<()> {
        self.verify(number, began).await?;
        self.plan(number, &plan, began).await?;
        self.notify(number, began).await?;
        self.hear(number, began).await?;
        let on = after(began, 20);
        Ok(steps::start(&self.act(HANDLES, on, 40)?, self.seen(number).await?, told(on, "按方案组织实施")).await?)
    }

    async fn verify(&self, number: Number, began: NaiveDate) -> anyhow::Result<()> {
        let on = after(began, 7);
        let act = self.act(GOES_THERE, on, 0)?;
        Ok(steps::verify(&act, self.seen(number).await?, told(on, "现场核实，情况与台账一致（示例）")).await?)
    }

    async fn plan(&self, number: Number, plan: &Plan, began: NaiveDate) -> anyhow::Result<()> {
        let act = self.act(HANDLES, after(began, 10), 10)?;
        Ok(steps::plan(&act, self.seen(number).await?, plan).await?)
    }

    async fn notify(&self, number: Number, began: NaiveDate) -> anyhow::Result<()> {
        let on = after(began, 12);
        let document = format!("示例整告〔{}〕{}号", number.year, number.serial);
        let told = Told { on, words: "直接送达", document: Some(&document) };
        Ok(steps::notify(&self.act(HANDLES, on, 20)?, self.seen(number).await?, told).await?)
    }

    async fn hear(&self, number: Number, began: NaiveDate) -> anyhow::Result<()> {
        let on = after(began, 14);
        let told = told(on, "企业陈述意见，同意按方案整治（示例）");
        Ok(steps::hear(&self.act(HANDLES, on, 30)?, self.seen(number).await?, Hearing::Heard, told).await?)
    }

    /// Papers of the way, acceptance by two departments, after a drawing where one is needed.
    async fn accepted(&self, number: Number, on: NaiveDate) -> anyhow::Result<()> {
        self.papers(number, on).await?;
        self.finish_tasks(number, on).await?;
        acceptance::ask(&self.act(HANDLES, on, 60)?, self.seen(number).await?, None, told(on, "已按方案完成")).await?;
        if self.file(number).await?.way != Some(Way::Close) {
            acceptance::draw(&self.act(HANDLES, on, 70)?, &format!("示例种子{number}")).await?;
        }
        self.attach(number, EvidenceKind::SiteAcceptance, on).await?;
        for (minutes, (login, department)) in (80..).step_by(10).zip(ACCEPT) {
            let act = self.act(login, on, minutes)?;
            acceptance::agree(&act, self.seen(number).await?, Some(department), "现场与材料一致，同意（示例）").await?;
        }
        Ok(())
    }

    async fn struck_off(&self, number: Number, on: NaiveDate) -> anyhow::Result<()> {
        let freed = match self.file(number).await?.way {
            Some(Way::Upgrade | Way::Merge) | None => None,
            Some(_) => Some(Mu(rust_decimal::Decimal::new(75, 1))),
        };
        self.struck_off_freeing(number, on, freed).await
    }

    async fn struck_off_freeing(&self, number: Number, on: NaiveDate, freed: Option<Mu>) -> anyhow::Result<()> {
        let document = format!("示例销号公示〔{}〕{}号", number.year, number.serial);
        let told = Told { on, words: "", document: Some(&document) };
        Ok(acceptance::strike_off(&self.act(STRIKES_OFF, on, 0)?, self.seen(number).await?, freed, told).await?)
    }

    async fn papers(&self, number: Number, on: NaiveDate) -> anyhow::Result<()> {
        let file = self.file(number).await?;
        for kind in file.way.map_or(&[][..], evidence_of) {
            self.attach(number, *kind, on).await?;
        }
        Ok(())
    }

    async fn attach(&self, number: Number, kind: EvidenceKind, on: NaiveDate) -> anyhow::Result<Uuid> {
        let file = self.file(number).await?;
        let content = format!("%PDF-1.4\n% synthetic: {number} {}\n%%EOF\n", kind.code()).into_bytes();
        let paper = Paper {
            kind,
            task: None,
            taken_on: on,
            words: "示例，虚构数据".into(),
            name: format!("{}（示例）.pdf", kind.label()),
            content,
        };
        let act = self.act("environment", on, 50)?;
        Ok(evidence::attach(&act, self.home, file.id, Some(Department::Environment), paper).await?)
    }

    async fn set_task(&self, number: Number, on: NaiveDate) -> anyhow::Result<()> {
        let file = self.file(number).await?;
        let new = NewTask {
            kind: TaskKind::Order,
            department: Department::Environment,
            what: "责令停止排污、拆除治污不达标的生产线（示例）".into(),
            due: after(on, 60),
        };
        tasks::set(&self.act(HANDLES, on, 45)?, file.id, &new).await?;
        Ok(())
    }

    async fn finish_tasks(&self, number: Number, on: NaiveDate) -> anyhow::Result<()> {
        let file = self.file(number).await?;
        let mut connection = self.pool.acquire().await?;
        let all = task_store::of_file(&mut connection, self.scope, file.id).await?;
        drop(connection);
        for task in all.iter().filter(|task| task.done_on.is_none()) {
            let done = Done {
                on,
                result: "已办结（示例）".into(),
                document: Some(format!("示例责改〔{}〕{}号", number.year, number.serial)),
                amount_yuan: None,
            };
            let login = if task.department == Department::Environment { "environment" } else { HANDLES };
            tasks::finish(&self.act(login, on, 55)?, (file.id, task.id), Some(task.department), &done).await?;
        }
        Ok(())
    }

    /// The first files of the list, each some steps further than the one before. Whether it is struck off.
    async fn carry(&self, place: usize, number: Number) -> anyhow::Result<bool> {
        let began = day(LISTED + 1, 7, 1);
        let way = if place == 12 { Way::Move } else { Way::Close };
        let parcel = if way == Way::Move { self.some_parcel().await? } else { None };
        if way == Way::Move && parcel.is_none() {
            return Ok(false);
        }
        let plan = Plan { new_parcel: parcel, ..plan(way, began) };
        match place {
            0 | 1 => {}
            2 => self.verify(number, began).await?,
            3..=5 => {
                self.verify(number, began).await?;
                self.plan(number, &plan, began).await?;
                if place > 3 {
                    self.notify(number, began).await?;
                }
                if place > 4 {
                    self.hear(number, began).await?;
                }
            }
            6 | 7 => {
                self.until_carried_out(number, plan, began).await?;
                self.set_task(number, after(began, 21)).await?;
                if place == 7 {
                    let on = after(began, 30);
                    let told = told(on, "企业提起行政诉讼，中止整治（示例）");
                    steps::suspend(&self.act(HANDLES, on, 0)?, self.seen(number).await?, told).await?;
                }
            }
            8 => {
                self.until_carried_out(number, plan, began).await?;
                let on = after(began, 90);
                self.papers(number, on).await?;
                self.finish_tasks(number, on).await?;
                let act = self.act(HANDLES, on, 60)?;
                acceptance::ask(&act, self.seen(number).await?, None, told(on, "设备已拆除")).await?;
            }
            9 => {
                self.until_carried_out(number, plan, began).await?;
                self.accepted(number, after(began, 90)).await?;
            }
            10..=12 => {
                self.until_carried_out(number, plan, began).await?;
                self.set_task(number, after(began, 21)).await?;
                self.accepted(number, after(began, 90)).await?;
                self.struck_off(number, after(began, 100)).await?;
                if place == 11 {
                    let on = after(began, 290);
                    let told = told(on, "回访未恢复生产（示例）");
                    acceptance::look_back(&self.act(HANDLES, on, 0)?, self.seen(number).await?, told).await?;
                }
                return Ok(true);
            }
            13 => {
                let on = after(began, 5);
                let told = told(on, "核实时发现数据有误，撤销列入（示例）");
                steps::drop_file(&self.act(HANDLES, on, 0)?, self.seen(number).await?, told).await?;
            }
            _ => self.verify(number, began).await?,
        }
        Ok(self.file(number).await?.state == State::StruckOff)
    }

    /// Somewhere to move to.
    async fn some_parcel(&self) -> anyhow::Result<Option<String>> {
        let (filter, sort) = (Default::default(), crate::parcel::SortKey::Code);
        let query = crate::parcel::ListQuery { on: day(LISTED + 1, 7, 1), filter, sort, descending: false };
        let start = crate::db::keyset::Position::Start;
        let page = crate::parcel::store::page(self.pool, self.scope, &query, &start, 1, false).await?;
        Ok(page.rows.into_iter().next().map(|row| row.code))
    }
}

fn after(of: NaiveDate, days: u64) -> NaiveDate {
    of + chrono::Days::new(days)
}

fn told(on: NaiveDate, words: &str) -> Told<'_> {
    Told { on, words, document: None }
}

fn plan(way: Way, began: NaiveDate) -> Plan {
    Plan {
        way,
        target: None,
        target_year: None,
        measures: "一企一策：停产、拆除、腾出用地（示例）".into(),
        contract: None,
        new_parcel: None,
        due: after(began, 365),
        subdistrict: None,
        lead: Department::EconomyAndTourism,
        departments: vec![Department::Environment, Department::Land],
        milestones: vec![Milestone { due: after(began, 60), what: "停产（示例）".into() }],
    }
}
