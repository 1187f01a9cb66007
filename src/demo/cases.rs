//! Invented projects in every state a case can be in, carried there by the same functions that officers' pages call.

use chrono::{DateTime, Days, NaiveDate, TimeZone, Utc};
use rust_decimal::Decimal;
use rust_decimal_macros::dec;
use sqlx::types::Uuid;

use super::register::day;
use crate::account::{self, Account, Actor};
use crate::admission::case::application::{Application, Figure, Floor};
use crate::admission::case::check::{self, Examined, examine};
use crate::admission::case::rules::Move;
use crate::admission::case::store::offers::NewOffer;
use crate::admission::case::store::{Hand, cases, moves, offers, opinions, set_aside, submit};
use crate::admission::case::{Opinion, Outcome, Recommends, Stage, Stance};
use crate::base::period::Period;
use crate::base::unit::SquareMetre;
use crate::db::{PgPool, Scope};
use crate::planning::Answer;
use crate::policy;
use crate::policy::intake::{Action, Frame, IntakeKind, read};
use crate::policy::receipt::sha256;
use crate::policy::standard::LandKind;
use crate::policy::store::submissions::{self, Mover, Upload};
use crate::policy::verdict::Verdict;

const SETS: &str = include_str!("standards.toml");
const REASON: &str = "示例：";

/// How far a project has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Draft,
    Submitted,
    Returned,
    Accepted,
    /// With so many departments having answered.
    Opinions(usize),
    Objected,
    Recommended(Recommends),
    Decided(Outcome),
    Notified(Outcome),
    Withdrawn,
    /// Returned once and handed in again; approvals carried over.
    SecondRound,
    /// A hit that one person wants to set aside.
    SetAside,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Land {
    Offer,
    Register,
    Drawn,
    /// A parcel that a planning layer hits.
    Hit,
}

struct Plan {
    project: &'static str,
    industry: &'static str,
    land: Land,
    /// What is declared, as a share of what just conforms.
    strength: Decimal,
    on: (i32, u32, u32),
    fate: Fate,
}

const fn plan(
    project: &'static str,
    industry: &'static str,
    land: Land,
    strength: Decimal,
    on: (i32, u32, u32),
    fate: Fate,
) -> Plan {
    Plan { project, industry, land, strength, on, fate }
}

const PLANS: [Plan; 20] = [
    plan("精密模具扩建", "3525", Land::Offer, dec!(1.3), (2026, 8, 3), Fate::Notified(Outcome::Admitted)),
    plan("数控机床部件", "3425", Land::Register, dec!(1.2), (2026, 8, 10), Fate::Notified(Outcome::Admitted)),
    plan("速冻食品加工", "1432", Land::Register, dec!(0.7), (2026, 8, 17), Fate::Notified(Outcome::Refused)),
    plan("智能仓储设备", "3434", Land::Register, dec!(1.4), (2026, 9, 1), Fate::Notified(Outcome::Admitted)),
    plan("印刷包装搬迁", "2319", Land::Register, dec!(0.75), (2026, 9, 7), Fate::Notified(Outcome::Refused)),
    plan("医疗器械基地", "3584", Land::Offer, dec!(1.5), (2026, 9, 14), Fate::Decided(Outcome::Admitted)),
    plan("塑料制品技改", "2929", Land::Register, dec!(0.8), (2026, 9, 21), Fate::Decided(Outcome::Refused)),
    plan("电子元件二期", "3981", Land::Drawn, dec!(1.25), (2026, 10, 9), Fate::Recommended(Recommends::Admit)),
    plan("家具生产线", "2110", Land::Register, dec!(0.6), (2026, 10, 12), Fate::Recommended(Recommends::Refuse)),
    plan("环保设备制造", "3591", Land::Offer, dec!(1.2), (2026, 10, 19), Fate::SecondRound),
    plan("传感器研制", "4011", Land::Register, dec!(1.3), (2026, 11, 2), Fate::Opinions(2)),
    plan("纺织机械改造", "3551", Land::Register, dec!(1.35), (2026, 11, 9), Fate::Opinions(4)),
    plan("金属表面处理", "3360", Land::Register, dec!(1.2), (2026, 11, 10), Fate::Objected),
    plan("新型建材", "3039", Land::Hit, dec!(1.3), (2026, 11, 11), Fate::SetAside),
    plan("服装智造中心", "1811", Land::Register, dec!(1.3), (2026, 11, 12), Fate::Accepted),
    plan("冷链设备组装", "3464", Land::Drawn, dec!(1.2), (2026, 11, 16), Fate::Returned),
    plan("检测仪器", "4014", Land::Register, dec!(1.5), (2026, 11, 18), Fate::Submitted),
    plan("玻璃深加工", "3042", Land::Hit, dec!(1.1), (2026, 11, 19), Fate::Submitted),
    plan("宠物食品", "1329", Land::Drawn, dec!(1.0), (2026, 11, 19), Fate::Withdrawn),
    plan("机器人部件", "3491", Land::Drawn, dec!(1.2), (2026, 11, 20), Fate::Draft),
];

/// The people of the demonstration, by login.
struct People {
    accounts: Vec<Account>,
}

impl People {
    fn hand<'a>(&self, pool: &'a PgPool, scope: &Scope, login: &str, now: DateTime<Utc>) -> anyhow::Result<Hand<'a>> {
        let found = self.accounts.iter().find(|account| account.login == login);
        let found = found.ok_or_else(|| anyhow::anyhow!("there is no demonstration account {login}"))?;
        Ok(Hand {
            pool,
            scope: scope.clone(),
            actor: Actor { account: Some(found.id), name: format!("{}（{}）", found.name, found.login) },
            person: found.id,
            now,
        })
    }

    /// Who gives opinions for a department.
    fn steward(&self, opinion: &Opinion) -> anyhow::Result<&str> {
        let of_department = |account: &&Account| {
            account.department == Some(opinion.department) && account.roles.contains(&account::Role::DataSteward)
        };
        let found = self.accounts.iter().find(of_department).map(|account| account.login.as_str());
        found.ok_or_else(|| anyhow::anyhow!("{} has no demonstration account", opinion.department))
    }
}

/// Nine o'clock in China, so many days after.
fn morning(of: NaiveDate, days: u64) -> DateTime<Utc> {
    Utc.from_utc_datetime(&(of + Days::new(days)).and_hms_opt(1, 0, 0).expect("one o'clock exists"))
}

/// Loads the adopted sets, the offers and the cases into the demonstration district, whose accounts must be there.
///
/// # Errors
/// When the database refuses, or a step that the plan takes is not allowed.
pub async fn load(pool: &PgPool, scope: &Scope) -> anyhow::Result<usize> {
    let people = People { accounts: account::store::list(pool, scope).await? };
    adopt_sets(pool, scope, &people).await?;
    let land = choose_land(pool, scope).await?;
    let mut clear = land.clear.iter();
    let mut hit = land.hit.iter();
    for plan in &PLANS {
        let parcel = if plan.land == Land::Hit { hit.next() } else { clear.next() };
        let Some(parcel) = parcel else { anyhow::bail!("the invented town has too little land for its projects") };
        Script { pool, scope, people: &people, plan, parcel }.run().await?;
    }
    Ok(PLANS.len())
}

/// As two officers would: one brings the file, the other publishes it.
async fn adopt_sets(pool: &PgPool, scope: &Scope, people: &People) -> anyhow::Result<()> {
    let on = day(2026, 1, 1);
    let catalogue = policy::store::current(pool, &scope.district).await?;
    let frame = Frame { kind: IntakeKind::Standards, starts_on: on, today: on, indicators: &catalogue.indicators };
    let reading = read("示例指标.toml", SETS.as_bytes(), frame);
    anyhow::ensure!(!reading.refused(), "the demonstration sets have faults: {:?}", reading.faults);
    let maker = people.hand(pool, scope, "admission", morning(on, 0))?;
    let second = people.hand(pool, scope, "approver", morning(on, 1))?;
    let hash = sha256(SETS);
    let upload = Upload {
        kind: IntakeKind::Standards,
        file_name: "示例指标.toml",
        file_sha256: &hash,
        starts_on: on,
        reading: &reading,
    };
    let id = submissions::create(pool, scope, (maker.person, &maker.actor), &upload, maker.now).await?;
    for (hand, action) in [(&maker, Action::Submit), (&second, Action::Publish)] {
        let mover = Mover { account: hand.person, actor: &hand.actor, reason: "示例指标" };
        submissions::advance(pool, scope, id, action, mover, hand.now).await?;
    }
    Ok(())
}

#[derive(Clone, Debug)]
struct Parcel {
    code: String,
    area_m2: Decimal,
    /// GeoJSON of the land a little inside the boundary.
    inside: String,
}

struct Chosen {
    clear: Vec<Parcel>,
    hit: Vec<Parcel>,
}

/// Industrial land that no plan stands against, and some that one does.
async fn choose_land(pool: &PgPool, scope: &Scope) -> anyhow::Result<Chosen> {
    let on = day(2026, 8, 1);
    let mut chosen = Chosen { clear: Vec::new(), hit: Vec::new() };
    for (code, area_m2, inside) in super::store::industrial_parcels(pool, scope.county(), 160).await? {
        let parcel = Parcel { code, area_m2, inside };
        let application = application_of(&parcel, "3525", dec!(1), "parcel");
        let examined = examine(pool, scope, &application, None, check::Days { as_of: on, today: on }).await?;
        if !examined.site.gaps.is_empty() {
            continue;
        }
        let answers: Vec<Answer> = examined.reading.facts.spatial.iter().map(|result| result.answer).collect();
        if answers.iter().all(|answer| *answer == Answer::Clear) {
            chosen.clear.push(parcel);
        } else if answers.iter().filter(|answer| **answer == Answer::Hit).count() == 1 {
            chosen.hit.push(parcel);
        }
        if chosen.clear.len() >= PLANS.len() && chosen.hit.len() >= 3 {
            break;
        }
    }
    Ok(chosen)
}

/// Figures that conform at a strength of one and more, on the land of the parcel.
fn application_of(parcel: &Parcel, industry: &str, strength: Decimal, site_kind: &str) -> Application {
    let mu = SquareMetre(parcel.area_m2).to_mu().0;
    let mut application = Application {
        edition: "2017".into(),
        industry: industry.into(),
        land_kind: LandKind::Industrial.code().into(),
        site_kind: site_kind.into(),
        parcel: parcel.code.clone(),
        ..Application::default()
    };
    let per_mu = [
        ("fixed_investment", dec!(350)),
        ("investment_without_land", dec!(260)),
        ("annual_tax", dec!(25)),
        ("annual_output", dec!(600)),
        ("annual_value_added", dec!(150)),
        ("annual_revenue", dec!(580)),
        ("annual_rd", dec!(18)),
    ];
    for (name, each) in per_mu {
        put(&mut application, name, (each * mu * strength).round_dp(2), "万元");
    }
    put(&mut application, "annual_energy", (dec!(45) * mu).round_dp(2), "吨标准煤");
    put(&mut application, "annual_emissions", (dec!(0.6) * mu).round_dp(3), "吨");
    let shares = [("built_area", dec!(0.45)), ("office_land_area", dec!(0.05)), ("green_area", dec!(0.12))];
    for (name, share) in shares {
        put(&mut application, name, (parcel.area_m2 * share).round_dp(1), "平方米");
    }
    put(&mut application, "office_floor_area", (parcel.area_m2 * dec!(0.1)).round_dp(1), "平方米");
    for (name, height) in [("一层", "8.5"), ("二层", "4.5")] {
        let area = (parcel.area_m2 * dec!(0.45)).round_dp(1).to_string();
        application.floors.push(Floor { name: name.into(), area, height: height.into() });
    }
    let third = (parcel.area_m2 * dec!(0.4)).round_dp(1).to_string();
    application.floors.push(Floor { name: "三层".into(), area: third, height: "4.5".into() });
    application
}

fn put(application: &mut Application, name: &str, value: Decimal, unit: &str) {
    application.figures.insert(name.to_owned(), Figure { value: value.to_string(), unit: unit.to_owned() });
}

struct Script<'a> {
    pool: &'a PgPool,
    scope: &'a Scope,
    people: &'a People,
    plan: &'a Plan,
    parcel: &'a Parcel,
}

impl Script<'_> {
    async fn run(&self) -> anyhow::Result<()> {
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
                self.collect(id, usize::MAX, Some(account::Department::Environment), 4).await
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

    fn hand(&self, login: &str, after: u64) -> anyhow::Result<Hand<'_>> {
        self.people.hand(self.pool, self.scope, login, morning(self.on(), after))
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
                };
                let id = offers::open(&self.hand("contract", 0)?, &offer).await?;
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
        Ok(cases::create(&self.hand("admission", 0)?, Uuid::now_v7(), application, &examined.site).await?)
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
        submit::submit(&self.hand("admission", after)?, id, version, application, &examined).await?;
        Ok(())
    }

    async fn move_on(&self, id: Uuid, login: &str, after: u64, wanted: Move) -> anyhow::Result<()> {
        let (version, ..) = self.version(id).await?;
        let made = moves::make(&self.hand(login, after)?, id, version, &wanted).await;
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
        let hand = self.hand("admission", after)?;
        for rule in rules {
            let (version, ..) = self.version(id).await?;
            set_aside::judge(&hand, id, version, &rule, true, "示例：不属于限制类、淘汰类").await?;
        }
        let examined = self.examined(application, Some(id), after).await?;
        let (version, ..) = self.version(id).await?;
        submit::recheck(&hand, id, version, &examined, "人工判断后核查").await?;
        Ok(())
    }

    async fn consult(&self, id: Uuid, application: &Application) -> anyhow::Result<()> {
        self.move_on(id, "admission", 2, Move::Accept).await?;
        self.judge(id, application, 2).await?;
        self.move_on(id, "admission", 3, Move::Consult).await
    }

    /// The first so many departments answer; `against` objects.
    async fn collect(
        &self,
        id: Uuid,
        count: usize,
        against: Option<account::Department>,
        after: u64,
    ) -> anyhow::Result<()> {
        let (_, stage, round) = self.version(id).await?;
        let docket = {
            let mut connection = self.pool.acquire().await?;
            crate::admission::case::store::docket::of(&mut connection, self.scope, id, stage, round).await?
        };
        for opinion in docket.opinions.iter().filter(|opinion| opinion.stance.is_none()).take(count) {
            let hand = self.hand(self.people.steward(opinion)?, after)?;
            let (stance, comment) = match opinion.department {
                department if Some(department) == against => (Stance::Object, "示例：排放总量指标未落实"),
                account::Department::Safety => (Stance::AgreeWithConditions, "示例：开工前完成安全设施设计审查"),
                _ => (Stance::Agree, ""),
            };
            let (version, ..) = self.version(id).await?;
            opinions::give(&hand, id, version, opinion.department, stance, comment).await?;
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
        set_aside::propose(&self.hand("admission", 3)?, id, version, &hash, hit, reason).await?;
        Ok(())
    }
}
