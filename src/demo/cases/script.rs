//! One invented project, carried as far as its plan says.

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal_macros::dec;
use sqlx::types::Uuid;

use super::land::{Parcel, application_of, put};
use super::people::{People, morning};
use super::plans::{Fate, Land, Plan};
use crate::account::{Act, Department};
use crate::admission::case::application::Application;
use crate::admission::case::check::{self, Examined, examine};
use crate::admission::case::rules::Move;
use crate::admission::case::store::offers::NewOffer;
use crate::admission::case::store::{cases, docket, moves, offers, opinions, set_aside, submit};
use crate::admission::case::{Outcome, Recommends, Stage, Stance};
use crate::base::period::Period;
use crate::db::{PgPool, Scope};
use crate::demo::register::day;
use crate::planning::Answer;
use crate::policy::standard::LandKind;
use crate::policy::verdict::Verdict;

const REASON: &str = "示例：";

pub struct Script<'a> {
    pub pool: &'a PgPool,
    pub scope: &'a Scope,
    pub people: &'a People,
    pub plan: &'a Plan,
    pub parcel: &'a Parcel,
}

impl Script<'_> {
    pub async fn run(&self) -> anyhow::Result<()> {
        let mut application = self.application().await?;
        let id = self.open(&application).await?;
        if self.plan.fate == Fate::Draft {
            return Ok(());
        }
        self.hand_in(id, &application, 1).await?;
        match self.plan.fate {
            Fate::Draft | Fate::Submitted => Ok(()),
            Fate::Returned => self.send_back_to_applicant(id, 2).await,
            Fate::Withdrawn => {
                self.move_on(id, "admission", 2, Move::Withdraw { reason: format!("{REASON}投资主体放弃选址") }).await
            }
            Fate::Accepted => self.move_on(id, "admission", 2, Move::Accept).await,
            Fate::SetAside => {
                self.move_on(id, "admission", 2, Move::Accept).await?;
                self.propose(id, &application).await
            }
            Fate::Opinions(count) => {
                self.consult(id, &application).await?;
                self.collect(id, count, None, 4).await
            }
            Fate::Objected => {
                self.consult(id, &application).await?;
                self.collect(id, usize::MAX, Some(Department::Environment), 4).await
            }
            Fate::SecondRound => {
                self.consult(id, &application).await?;
                self.collect(id, 4, None, 4).await?;
                self.send_back_to_applicant(id, 8).await?;
                let energy = application.figure("annual_energy").value.parse::<Decimal>()? * dec!(0.9);
                put(&mut application, "annual_energy", energy.round_dp(2), "吨标准煤");
                self.hand_in(id, &application, 10).await?;
                self.move_on(id, "admission", 11, Move::Accept).await?;
                self.judge(id, &application, 11).await?;
                self.move_on(id, "admission", 11, Move::Consult).await
            }
            Fate::Recommended(recommends) => self.recommend(id, &application, recommends).await,
            Fate::Decided(outcome) => self.decide(id, &application, outcome).await,
            Fate::Notified(outcome) => {
                self.decide(id, &application, outcome).await?;
                self.move_on(id, "admission", 9, Move::Notify).await
            }
        }
    }

    fn on(&self) -> NaiveDate {
        let (year, month, date) = self.plan.on;
        day(year, month, date)
    }

    fn act(&self, login: &str, after: u64) -> anyhow::Result<Act> {
        self.people.act(self.pool, self.scope, login, morning(self.on(), after))
    }

    async fn application(&self) -> anyhow::Result<Application> {
        let kind = match self.plan.land {
            Land::Offer => "offer",
            Land::Drawn => "drawn",
            Land::Register | Land::Hit => "parcel",
        };
        let mut application = application_of(self.parcel, self.plan.industry, self.plan.strength, kind);
        application.project = format!("示例项目：{}", self.plan.project);
        application.summary = format!("{REASON}{}，虚构的建设内容", self.plan.project);
        application.investor = format!("示例{}有限公司（虚构）", self.plan.project);
        match self.plan.land {
            Land::Offer => {
                let sets = vec!["demo-2026/industrial".to_owned(), "demo-2026/equipment".to_owned()];
                let offer = NewOffer {
                    parcel_code: self.parcel.code.clone(),
                    title: format!("示例在供地块（{}）", self.plan.project),
                    land_kind: LandKind::Industrial,
                    zone: None,
                    sets,
                    offered: Period::since(day(2026, 7, 1)),
                    beside: None,
                };
                let id = offers::open(&self.act("contract", 0)?, &offer).await?;
                application.offer = id.to_string();
                application.set = "demo-2026/equipment".into();
                application.parcel = String::new();
            }
            Land::Drawn => {
                application.shape = self.parcel.inside.clone();
                application.srid = "4490".into();
                application.parcel = String::new();
            }
            Land::Register | Land::Hit => {}
        }
        Ok(application)
    }

    async fn examined(&self, application: &Application, id: Option<Uuid>, after: u64) -> anyhow::Result<Examined> {
        let days = check::Days { as_of: self.on() + Days::new(1), today: self.on() + Days::new(after) };
        examine(self.pool, self.scope, application, id, days).await
    }

    async fn open(&self, application: &Application) -> anyhow::Result<Uuid> {
        let examined = self.examined(application, None, 0).await?;
        Ok(cases::create(&self.act("admission", 0)?, Uuid::now_v7(), application, &examined.site).await?)
    }

    async fn version(&self, id: Uuid) -> anyhow::Result<(i32, Stage, i32)> {
        let case = cases::find(self.pool, self.scope, id).await?;
        case.map(|case| (case.version, case.stage, case.round)).ok_or_else(|| anyhow::anyhow!("a case is gone"))
    }

    async fn hand_in(&self, id: Uuid, application: &Application, after: u64) -> anyhow::Result<()> {
        let examined = self.examined(application, Some(id), after).await?;
        let gaps: Vec<String> = examined.gaps().map(|gap| gap.message).collect();
        anyhow::ensure!(gaps.is_empty(), "{} lacks {gaps:?}", self.plan.project);
        let (version, ..) = self.version(id).await?;
        submit::submit(&self.act("admission", after)?, id, version, application, &examined).await?;
        Ok(())
    }

    async fn move_on(&self, id: Uuid, login: &str, after: u64, wanted: Move) -> anyhow::Result<()> {
        let (version, ..) = self.version(id).await?;
        let made = moves::make(&self.act(login, after)?, id, version, &wanted).await;
        made.map_err(|error| anyhow::anyhow!("{}: {:?}: {error}", self.plan.project, wanted.action()))
    }

    async fn send_back_to_applicant(&self, id: Uuid, after: u64) -> anyhow::Result<()> {
        let reason = format!("{REASON}请补充能耗说明");
        self.move_on(id, "admission", after, Move::Return { reason }).await
    }

    /// Says that industrial policy is met wherever the check leaves it to a person.
    async fn judge(&self, id: Uuid, application: &Application, after: u64) -> anyhow::Result<()> {
        let examined = self.examined(application, Some(id), after).await?;
        let open = examined.checked.results.iter().filter(|line| line.verdict == Verdict::NeedsJudgement);
        let rules: Vec<String> = open.map(|line| line.rule.clone()).collect();
        if rules.is_empty() {
            return Ok(());
        }
        let act = self.act("admission", after)?;
        for rule in rules {
            let (version, ..) = self.version(id).await?;
            set_aside::judge(&act, id, version, &rule, true, "示例：不属于限制类、淘汰类").await?;
        }
        let examined = self.examined(application, Some(id), after).await?;
        let (version, ..) = self.version(id).await?;
        submit::recheck(&act, id, version, &examined, "人工判断后核查").await?;
        Ok(())
    }

    async fn consult(&self, id: Uuid, application: &Application) -> anyhow::Result<()> {
        self.move_on(id, "admission", 2, Move::Accept).await?;
        self.judge(id, application, 2).await?;
        self.move_on(id, "admission", 3, Move::Consult).await
    }

    /// The first so many departments answer; `against` objects.
    async fn collect(&self, id: Uuid, count: usize, against: Option<Department>, after: u64) -> anyhow::Result<()> {
        let (_, stage, round) = self.version(id).await?;
        let docket = {
            let mut connection = self.pool.acquire().await?;
            docket::of(&mut connection, self.scope, id, stage, round).await?
        };
        for opinion in docket.opinions.iter().filter(|opinion| opinion.stance.is_none()).take(count) {
            let act = self.act(self.people.steward(opinion)?, after)?;
            let (stance, comment) = match opinion.department {
                department if Some(department) == against => (Stance::Object, "示例：排放总量指标未落实"),
                Department::Safety => (Stance::AgreeWithConditions, "示例：开工前完成安全设施设计审查"),
                _ => (Stance::Agree, ""),
            };
            let (version, ..) = self.version(id).await?;
            opinions::give(&act, id, version, opinion.department, stance, comment).await?;
        }
        Ok(())
    }

    async fn recommend(&self, id: Uuid, application: &Application, recommends: Recommends) -> anyhow::Result<()> {
        self.consult(id, application).await?;
        self.collect(id, usize::MAX, None, 5).await?;
        let reason = match recommends {
            Recommends::Admit => format!("{REASON}核查符合，部门意见齐备"),
            Recommends::Refuse => format!("{REASON}未达到“标准地”指标"),
        };
        self.move_on(id, "admission", 7, Move::Recommend { recommends, reason }).await
    }

    async fn decide(&self, id: Uuid, application: &Application, outcome: Outcome) -> anyhow::Result<()> {
        let recommends = match outcome {
            Outcome::Admitted => Recommends::Admit,
            Outcome::Refused => Recommends::Refuse,
        };
        self.recommend(id, application, recommends).await?;
        let reason = format!("{REASON}同意审查建议");
        self.move_on(id, "approver", 8, Move::Decide { outcome, reason }).await
    }

    async fn propose(&self, id: Uuid, application: &Application) -> anyhow::Result<()> {
        let examined = self.examined(application, Some(id), 2).await?;
        let hit = examined.reading.facts.spatial.iter().find(|result| result.answer == Answer::Hit);
        let (Some(hit), Some(hash)) = (hit, examined.site.hash()) else { return Ok(()) };
        let (version, ..) = self.version(id).await?;
        let reason = "示例：图层边界早于最新勘测定界";
        set_aside::propose(&self.act("admission", 3)?, id, version, &hash, hit, reason).await?;
        Ok(())
    }
}
