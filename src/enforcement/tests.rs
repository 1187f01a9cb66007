use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal_macros::dec;
use uuid::Uuid;

use super::handing_over::{self, Seen};
use super::listing::{self, Item, Listed};
use super::steps::{self, Told};
use super::store::campaigns::{Campaign, NewCampaign, progress};
use super::store::finding_list::{self, FindingFilter};
use super::store::findings::{Finding, by_number, of_subject, timeline};
use super::store::targets::{Present, Target, of_campaign};
use super::store::vetoes::{NewProposal, of_finding};
use super::wording::EnforcementError;
use super::{State, Step, TargetState, VetoState, campaigns, vetoes};
use crate::account::{self, Act, Actor, Department, NewAccount, Role};
use crate::base::code::uscc_with_check_digit;
use crate::db::keyset::Position;
use crate::db::{PgPool, Scope};
use crate::inspection::checklist::{Checklists, Item as Question};
use crate::inspection::store::{record, task as inspection_of};
use crate::inspection::{Answer, Finding as Reported, ItemAnswer, TaskState};
use crate::policy;

const PARCEL: &str = "330105001001GB00001";
const TOGETHER: [Department; 3] = [Department::MarketRegulation, Department::Environment, Department::Safety];

fn code(number: u32) -> String {
    uscc_with_check_digit(&format!("91330105MA{number:07}")).unwrap().to_string()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A district with enterprises on a parcel, one without land and one that has left, and people.
struct Bureau {
    pool: PgPool,
    scope: Scope,
    lead: Actor,
    inspector: Actor,
    /// Two of the environment's department, who do not sign for each other.
    environment: [Actor; 2],
    safety: Actor,
}

impl Bureau {
    async fn open(pool: &PgPool) -> Self {
        policy::store::load(pool).await.unwrap();
        crate::annual::testing::district(pool).await;
        sqlx::query(
            "INSERT INTO audit_head (district, seq, hash) VALUES ('330105', 0, decode(repeat('00', 32), 'hex'))",
        )
        .execute(pool)
        .await
        .unwrap();
        sqlx::query(
            "INSERT INTO parcel_version (district, code, valid, geom, survey_srid, survey_truth, plane_area_m2, geodesic_area_m2,
                 supply_status, subdistrict, registered_subdistrict, source, reason, recorded_at, recorded_by, fingerprint)
             VALUES ('330105', $1, '[2020-01-01,)', ST_Multi(ST_MakeEnvelope(120.1, 30.3, 120.101, 30.301, 4490)), 4528, true,
                 1, 1, 'in_use', '330105014', '330105014', 'test', 'test', now(), 'test', '')",
        )
        .bind(PARCEL)
        .execute(pool)
        .await
        .unwrap();
        for (number, state, land) in
            [(1, "operating", true), (2, "operating", true), (3, "operating", false), (4, "moved", true)]
        {
            sqlx::query(
                "INSERT INTO enterprise_version (district, uscc, valid, name, sector, size_class, subdistrict, state, source, reason,
                     recorded_at, recorded_by, fingerprint)
                 VALUES ('330105', $1, '[2020-01-01,)', $2, 'industry', 'below', '330105014', $3, 'test', 'test', now(), 'test', '')",
            )
            .bind(code(number))
            .bind(format!("企业{number}"))
            .bind(state)
            .execute(pool)
            .await
            .unwrap();
            if land {
                sqlx::query(
                    "INSERT INTO occupancy (district, kind, parcel_code, occupant, area_mu, valid, source, reason, recorded_at, recorded_by)
                     VALUES ('330105', 'owned', $1, $2, 5, '[2020-01-01,)', 'test', 'test', now(), 'test')",
                )
                .bind(PARCEL)
                .bind(code(number))
                .execute(pool)
                .await
                .unwrap();
            }
        }
        let scope = Scope::district("330105".parse().unwrap());
        let of = |login: &'static str, role, department| person(pool, &scope, login, (role, department));
        let lead = of("lead", Role::Evaluator, None).await;
        let inspector = of("inspector", Role::Inspector, None).await;
        let environment = [
            of("environment", Role::DataSteward, Some(Department::Environment)).await,
            of("colleague", Role::DataSteward, Some(Department::Environment)).await,
        ];
        let safety = of("safety", Role::DataSteward, Some(Department::Safety)).await;
        Bureau { pool: pool.clone(), scope, lead, inspector, environment, safety }
    }

    fn act(&self, actor: &Actor, on: &str) -> Act {
        let now: DateTime<Utc> = format!("{on}T04:00:00Z").parse().unwrap();
        Act { pool: self.pool.clone(), scope: self.scope.clone(), actor: actor.clone(), now }
    }

    async fn campaign(&self) -> Campaign {
        let new = NewCampaign {
            name: "合成行动".into(),
            document: "示例1号".into(),
            lead: Department::Environment,
            departments: TOGETHER.to_vec(),
            due: day("2026-11-30"),
            inspector: self.inspector.account.unwrap(),
        };
        let act = self.act(&self.lead, "2026-11-20");
        let number = campaigns::open(&act, &new).await.unwrap();
        campaigns::of_number(&act, &number.to_string()).await.unwrap()
    }

    async fn listed(&self, campaign: &Campaign, numbers: &[u32]) -> Vec<Item> {
        let codes: Vec<String> = numbers.iter().map(|number| code(*number)).collect();
        listing::add(&self.act(&self.lead, "2026-11-20"), campaign, &codes).await.unwrap()
    }

    async fn target(&self, campaign: &Campaign, number: u32) -> Target {
        let mut connection = self.pool.acquire().await.unwrap();
        let found = of_campaign(&mut connection, &self.scope, (campaign.id, &code(number))).await.unwrap();
        found.unwrap()
    }

    /// Reports from the ground, at four in the morning of the day.
    async fn reports(&self, target: &Target, on: &str, answer: impl Fn(&Question) -> Answer) {
        let task = inspection_of(&self.pool, &self.scope, target.task).await.unwrap().unwrap();
        let checklist = Checklists::embedded().edition(&task.checklist).unwrap();
        let act = self.act(&self.inspector, on);
        let answers = checklist.items.iter().map(|item| ItemAnswer {
            item: item.code.clone(),
            answer: answer(item),
            figure: None,
            comment: (answer(item) == Answer::Fail).then(|| format!("{}：合成问题", item.code)),
        });
        let finding =
            Reported { answers: answers.collect(), note: None, device_at: act.now, position: None, photos: Vec::new() };
        let mut transaction = self.pool.begin().await.unwrap();
        record(&mut transaction, &act, (target.task, Uuid::now_v7()), &finding).await.unwrap();
        transaction.commit().await.unwrap();
    }

    async fn hands_over(&self, target: &Target, on: &str, present: &Present) -> Result<TargetState, EnforcementError> {
        let seen = Seen { id: target.id, version: target.version };
        handing_over::hand_over(&self.act(&self.lead, on), seen, present).await
    }

    async fn finding(&self, of: Department) -> Finding {
        let mut connection = self.pool.acquire().await.unwrap();
        let all = of_subject(&mut connection, &self.scope, &code(1)).await.unwrap();
        all.into_iter().find(|finding| finding.department == of).unwrap()
    }

    async fn takes(&self, actor: &Actor, department: Department, told: Told) -> Result<State, EnforcementError> {
        let finding = self.finding(Department::Environment).await;
        let seen = steps::Seen { id: finding.id, version: finding.version, department: Some(department) };
        steps::take(&self.act(actor, &told.on.to_string()), seen, &told).await
    }
}

async fn person(pool: &PgPool, scope: &Scope, login: &str, (role, department): (Role, Option<Department>)) -> Actor {
    let account = NewAccount {
        login: login.into(),
        name: login.into(),
        roles: vec![role],
        department,
        subdistrict: None,
        demonstration: false,
    };
    let mut connection = pool.acquire().await.unwrap();
    let now = "2026-11-01T00:00:00Z".parse().unwrap();
    let id = account::store::create(&mut connection, scope, &account, "x", now).await.unwrap();
    Actor { account: Some(id), name: login.into() }
}

fn present() -> Present {
    TOGETHER.iter().map(|department| (department.code().to_owned(), "合成甲、合成乙".to_owned())).collect()
}

fn told(step: Step, on: &str) -> Told {
    Told { step, on: day(on), words: "已办".into(), document: Some("示例2号".into()), due: None, fine_yuan: None }
}

fn places(error: EnforcementError) -> Vec<String> {
    match error {
        EnforcementError::Refused(faults) => faults.into_iter().map(|fault| fault.place).collect(),
        other => panic!("{other}"),
    }
}

/// One question of the environment's department and one of safety's fail.
fn two_fail(item: &Question) -> Answer {
    match item.code.as_str() {
        "treatment_running" | "hidden_dangers" => Answer::Fail,
        _ if item.department == Some(Department::MarketRegulation) => Answer::NotSeen,
        _ => Answer::Pass,
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn whoever_is_listed_is_visited_once_and_whoever_cannot_be_is_told_why(pool: PgPool) {
    let bureau = Bureau::open(&pool).await;
    let campaign = bureau.campaign().await;
    let items = bureau.listed(&campaign, &[1, 2, 3, 4, 9, 1]).await;
    let mut outcomes: Vec<(String, Listed)> = items.into_iter().map(|item| (item.uscc, item.outcome)).collect();
    outcomes.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    let outcome = |number: u32| outcomes.iter().find(|(uscc, _)| *uscc == code(number)).unwrap().1;
    assert_eq!(outcomes.len(), 5, "named twice is listed once");
    assert_eq!([outcome(1), outcome(2)], [Listed::Added; 2]);
    assert_eq!([outcome(3), outcome(4), outcome(9)], [Listed::NoLand, Listed::Left, Listed::Unknown]);
    let act = bureau.act(&bureau.lead, "2026-11-20");
    assert_eq!(
        places(listing::add(&act, &campaign, &[code(1), code(2)]).await.unwrap_err()),
        ["codes"],
        "listed before"
    );
    assert_eq!(places(listing::add(&act, &campaign, &[]).await.unwrap_err()), ["codes"]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_a_visit_found_goes_to_each_department_and_to_its_end(pool: PgPool) {
    let bureau = Bureau::open(&pool).await;
    let campaign = bureau.campaign().await;
    bureau.listed(&campaign, &[1]).await;
    let target = bureau.target(&campaign, 1).await;
    let task = inspection_of(&pool, &bureau.scope, target.task).await.unwrap().unwrap();
    assert!(task.checklist.ends_with(":market_regulation,environment,safety"), "{}", task.checklist);
    assert!(bureau.hands_over(&target, "2026-11-23", &present()).await.is_err(), "nobody was there yet");

    bureau.reports(&target, "2026-11-23", two_fail).await;
    let missing = bureau.hands_over(&target, "2026-11-23", &Present::new()).await.unwrap_err();
    assert_eq!(places(missing), ["present_environment", "present_safety"], "who looked is named, who could not is not");
    assert_eq!(bureau.hands_over(&target, "2026-11-23", &present()).await.unwrap(), TargetState::HandedOver);
    let target = bureau.target(&campaign, 1).await;
    assert_eq!((target.visited_on, target.handed_on), (Some(day("2026-11-23")), Some(day("2026-11-23"))));
    assert_eq!((target.findings, target.unseen()), (2, vec![Department::MarketRegulation]));
    let task = inspection_of(&pool, &bureau.scope, target.task).await.unwrap().unwrap();
    assert_eq!(task.state, TaskState::Closed);
    assert!(bureau.hands_over(&target, "2026-11-23", &present()).await.is_err(), "once");

    let finding = bureau.finding(Department::Environment).await;
    assert_eq!((finding.state, finding.due), (State::HandedOver, Some(day("2026-11-30"))), "seven days");
    assert_eq!(finding.words, "treatment_running：合成问题");
    let [one, other] = &bureau.environment;
    let of = Department::Environment;
    let another = bureau.takes(&bureau.safety, Department::Safety, told(Step::File, "2026-11-24")).await.unwrap_err();
    assert!(another.to_string().contains("环保"), "{another}");
    let early = bureau.takes(one, of, told(Step::File, "2026-11-22")).await.unwrap_err();
    assert_eq!(places(early), ["on"], "before it was handed over");
    assert_eq!(bureau.takes(one, of, told(Step::File, "2026-11-24")).await.unwrap(), State::Filed);
    let order = Told { due: Some(day("2026-12-10")), ..told(Step::Order, "2026-11-25") };
    assert_eq!(bureau.takes(one, of, order).await.unwrap(), State::Ordered);
    for yuan in [dec!(20000), dec!(0.5)] {
        bureau.takes(one, of, Told { fine_yuan: Some(yuan), ..told(Step::Fine, "2026-11-26") }).await.unwrap();
    }
    let still = Told { due: Some(day("2026-12-20")), ..told(Step::Recheck, "2026-12-10") };
    assert_eq!(bureau.takes(one, of, still).await.unwrap(), State::Ordered);
    let own = bureau.takes(one, of, told(Step::Rectify, "2026-12-18")).await.unwrap_err();
    assert!(matches!(own, EnforcementError::SamePerson(_)), "{own}");
    assert_eq!(bureau.takes(other, of, told(Step::Rectify, "2026-12-18")).await.unwrap(), State::Rectified);
    let finding = bureau.finding(of).await;
    assert_eq!(
        (finding.fine_yuan, finding.closed_on, finding.due),
        (Some(dec!(20000.5)), Some(day("2026-12-18")), None)
    );
    let steps = timeline(&mut pool.acquire().await.unwrap(), &bureau.scope, finding.id).await.unwrap();
    let steps: Vec<Step> = steps.into_iter().map(|taken| taken.step).collect();
    assert_eq!(steps, [Step::HandOver, Step::File, Step::Order, Step::Fine, Step::Fine, Step::Recheck, Step::Rectify]);

    let so_far = progress(&pool, &bureau.scope, campaign.id, day("2026-12-31")).await.unwrap();
    let of = |department| so_far.iter().find(|each| each.department == department).unwrap();
    assert_eq!((of(Department::Environment).rectified, of(Department::Safety).late), (1, 1));
    let open = FindingFilter { open: true, ..FindingFilter::default() };
    let page = finding_list::page(&pool, &bureau.scope, &open, &Position::Start, 10).await.unwrap();
    assert_eq!(page.rows.len(), 1);
    assert_eq!(finding_list::waiting(&pool, &bureau.scope, Department::Safety).await.unwrap(), 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn two_that_close_the_same_finding_are_told_who_was_faster(pool: PgPool) {
    let bureau = Bureau::open(&pool).await;
    let campaign = bureau.campaign().await;
    bureau.listed(&campaign, &[1]).await;
    let target = bureau.target(&campaign, 1).await;
    bureau.reports(&target, "2026-11-23", two_fail).await;
    bureau.hands_over(&target, "2026-11-23", &present()).await.unwrap();
    let finding = bureau.finding(Department::Environment).await;
    let seen = steps::Seen { id: finding.id, version: finding.version, department: Some(Department::Environment) };
    let [one, other] = &bureau.environment;
    let nothing = told(Step::NotUphold, "2026-11-24");
    steps::take(&bureau.act(one, "2026-11-24"), seen, &nothing).await.unwrap();
    let slower = steps::take(&bureau.act(other, "2026-11-24"), seen, &nothing).await.unwrap_err();
    assert!(slower.to_string().contains("environment"), "{slower}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_veto_is_proposed_by_one_and_entered_by_another(pool: PgPool) {
    let bureau = Bureau::open(&pool).await;
    let campaign = bureau.campaign().await;
    bureau.listed(&campaign, &[1]).await;
    let target = bureau.target(&campaign, 1).await;
    bureau.reports(&target, "2026-11-23", two_fail).await;
    bureau.hands_over(&target, "2026-11-24", &present()).await.unwrap();
    let finding = bureau.finding(Department::Safety).await;
    let new = NewProposal {
        kind: "safety_accident".into(),
        happened_on: day("2026-11-23"),
        document: "示例3号".into(),
        words: "合成理由".into(),
    };
    let act = bureau.act(&bureau.safety, "2026-11-25");
    let of = (&finding, Some(Department::Safety));
    let other = (&finding, Some(Department::Environment));
    assert!(vetoes::propose(&act, other, &new).await.is_err(), "another department's");
    let early = NewProposal { happened_on: day("2018-12-31"), ..new.clone() };
    assert!(vetoes::propose(&act, of, &early).await.is_err(), "before the kind was in force");
    let id = vetoes::propose(&act, of, &new).await.unwrap();
    assert_eq!(places(vetoes::propose(&act, of, &new).await.unwrap_err()), ["kind"], "once");
    let seen = vetoes::Seen { id, version: 1 };
    assert!(vetoes::enter(&act, &finding, seen).await.is_err(), "not by its proposer");
    let decider = bureau.act(&bureau.lead, "2026-11-26");
    vetoes::enter(&decider, &finding, seen).await.unwrap();
    assert!(vetoes::refuse(&decider, seen, "合成理由").await.is_err(), "it is decided");
    let proposal = of_finding(&mut pool.acquire().await.unwrap(), &bureau.scope, finding.id).await.unwrap().remove(0);
    assert_eq!(proposal.state, VetoState::Entered);
    let barred: (String, NaiveDate, String) =
        sqlx::query_as("SELECT kind, happened_on, department FROM evaluation_veto WHERE uscc = $1")
            .bind(code(1))
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!(barred, ("safety_accident".into(), day("2026-11-23"), "safety".into()));
    let number = finding.number();
    assert!(by_number(&mut pool.acquire().await.unwrap(), &bureau.scope, number).await.unwrap().is_some());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn whoever_is_left_asks_for_a_reason_and_nobody_is_listed_after_the_end(pool: PgPool) {
    let bureau = Bureau::open(&pool).await;
    let campaign = bureau.campaign().await;
    bureau.listed(&campaign, &[1, 2]).await;
    let dropped = bureau.target(&campaign, 2).await;
    let act = bureau.act(&bureau.lead, "2026-11-24");
    let seen = Seen { id: dropped.id, version: dropped.version };
    assert_eq!(places(handing_over::drop_target(&act, seen, "").await.unwrap_err()), ["reason"]);
    handing_over::drop_target(&act, seen, "已停产").await.unwrap();
    let task = inspection_of(&pool, &bureau.scope, dropped.task).await.unwrap().unwrap();
    assert_eq!(task.state, TaskState::Cancelled);
    let seen = (campaign.id, campaign.version);
    assert_eq!(places(campaigns::close(&act, seen, "").await.unwrap_err()), ["words"]);
    campaigns::close(&act, seen, "另行安排").await.unwrap();
    let late = listing::add(&act, &campaign, &[code(1)]).await.unwrap_err();
    assert!(late.to_string().contains("已结束"), "{late}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn one_department_alone_and_one_that_asks_nothing_are_refused(pool: PgPool) {
    let bureau = Bureau::open(&pool).await;
    let act = bureau.act(&bureau.lead, "2026-11-20");
    let new = |departments: &[Department], due: &str| NewCampaign {
        name: "合成行动".into(),
        document: "示例1号".into(),
        lead: Department::Environment,
        departments: departments.to_vec(),
        due: day(due),
        inspector: bureau.inspector.account.unwrap(),
    };
    let refused = async |new: NewCampaign| places(campaigns::open(&act, &new).await.unwrap_err());
    assert_eq!(refused(new(&[Department::Environment], "2026-11-30")).await, ["departments"]);
    assert_eq!(refused(new(&[Department::Safety, Department::Tax], "2026-11-30")).await, ["lead"]);
    assert_eq!(refused(new(&[Department::Environment, Department::Science], "2026-11-30")).await, ["departments"]);
    assert_eq!(refused(new(&TOGETHER, "2026-11-19")).await, ["due"]);
}
