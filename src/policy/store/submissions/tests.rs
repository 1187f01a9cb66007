use super::*;
use crate::account::{Actor, NewAccount, Role};
use crate::base::clock::Clock;
use crate::db;
use crate::policy::catalogue::Catalogue;
use crate::policy::indicator::Indicators;
use crate::policy::intake::plan::{self, Local};
use crate::policy::intake::tests::{row, workbook};
use crate::policy::intake::{self, Action, Frame};
use crate::policy::scheme::Origin;
use crate::policy::scheme::tests::shipped;
use crate::policy::store::{self, PublishError};
use crate::scoring::Scheme;
use crate::scoring::scheme::{Adoption, Category};
use crate::workflow::Refused;

struct Bureau {
    pool: PgPool,
    scope: Scope,
    maker: Uuid,
    approver: Uuid,
}

fn now() -> DateTime<Utc> {
    Clock::Fixed("2026-11-23T04:00:00Z".parse().unwrap()).now()
}

impl Bureau {
    async fn new(pool: PgPool) -> Self {
        let scope = Scope::district("330105".parse().unwrap());
        db::ensure_district(&pool, &scope.district).await.unwrap();
        store::load(&pool).await.unwrap();
        let mut ids = Vec::new();
        for login in ["maker", "approver"] {
            let account = NewAccount {
                login: login.into(),
                name: login.into(),
                roles: vec![Role::AdmissionOfficer, Role::Approver],
                department: None,
                subdistrict: None,
                demonstration: false,
            };
            let mut connection = pool.acquire().await.unwrap();
            crate::account::store::create(&mut connection, &scope, &account, "x", now()).await.unwrap();
            let sql = "SELECT id FROM account WHERE login = $1";
            ids.push(sqlx::query_scalar(sql).bind(login).fetch_one(&mut *connection).await.unwrap());
        }
        Bureau { pool, scope, maker: ids[0], approver: ids[1] }
    }

    fn act(&self, account: Uuid, name: &str) -> Act {
        let actor = Actor { account: Some(account), name: name.into() };
        Act { pool: self.pool.clone(), scope: self.scope.clone(), actor, now: now() }
    }

    async fn bring(&self, changes: &[(&str, &str)]) -> Uuid {
        let indicators = Indicators::embedded().unwrap();
        let (starts_on, today) = ("2027-01-01".parse().unwrap(), "2026-11-23".parse().unwrap());
        let frame = Frame { kind: IntakeKind::Standards, starts_on, today, indicators: &indicators, parameters: &[] };
        let reading = intake::read("a.xlsx", &workbook(vec![row(changes)]), frame);
        let (kind, file_name, file_sha256) = (IntakeKind::Standards, "a.xlsx", "0");
        let upload = Upload { kind, file_name, file_sha256, starts_on, reading: &reading };
        create(&self.act(self.maker, "甲"), &upload).await.unwrap()
    }

    async fn advance(&self, id: Uuid, action: Action, account: Uuid) -> Result<State, MoveError> {
        self.advance_because(id, action, account, "").await
    }

    async fn advance_because(&self, id: Uuid, action: Action, account: Uuid, reason: &str) -> Result<State, MoveError> {
        advance(&self.act(account, "乙"), id, action, reason).await
    }

    async fn published(&self, changes: &[(&str, &str)]) -> Result<State, MoveError> {
        let id = self.bring(changes).await;
        self.advance(id, Action::Submit, self.maker).await?;
        self.advance(id, Action::Publish, self.approver).await
    }

    /// A file of schemes, from one person to another.
    async fn schemes(&self, schemes: &[Scheme]) -> Result<State, MoveError> {
        let catalogue = Catalogue::embedded().unwrap();
        let (indicators, parameters) = (&catalogue.indicators, catalogue.parameters.as_slice());
        let (starts_on, today) = ("2027-01-01".parse().unwrap(), "2026-11-23".parse().unwrap());
        let frame = Frame { kind: IntakeKind::Schemes, starts_on, today, indicators, parameters };
        let reading = intake::read("a.json", &serde_json::to_vec(schemes).unwrap(), frame);
        let (kind, file_name, file_sha256) = (IntakeKind::Schemes, "a.json", "0");
        let upload = Upload { kind, file_name, file_sha256, starts_on, reading: &reading };
        let id = create(&self.act(self.maker, "甲"), &upload).await.unwrap();
        self.advance(id, Action::Submit, self.maker).await?;
        assert!(matches!(self.advance(id, Action::Publish, self.maker).await, Err(MoveError::SamePerson(_))));
        self.advance(id, Action::Publish, self.approver).await
    }

    /// A resolution of the leading group on record.
    async fn resolved(&self, number: &str, matter: &str) {
        let sql = "INSERT INTO leading_group_resolution (district, id, number, decided_on, matter, words, recorded_at, recorded_by)
                   VALUES ('330105', $1, $2, '2026-11-01', $3, '合成决议', now(), '合成')";
        let entered = sqlx::query(sql).bind(Uuid::now_v7()).bind(number).bind(matter);
        entered.execute(&self.pool).await.unwrap();
    }

    async fn run(&self, sql: &'static str) -> Result<u64, sqlx::Error> {
        sqlx::query(sql).execute(&self.pool).await.map(|done| done.rows_affected())
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_one_brings_another_publishes_and_every_state_is_kept(pool: PgPool) {
    let bureau = Bureau::new(pool).await;
    let before = store::current(&bureau.pool, &bureau.scope.district).await.unwrap();
    assert_eq!(bureau.published(&[]).await.unwrap(), State::Published);
    let after = store::current(&bureau.pool, &bureau.scope.district).await.unwrap();
    assert_ne!(before.sha256(), after.sha256());
    assert!(after.standards.iter().any(|set| set.id == "t/35") && before.standards.iter().all(|set| set.id != "t/35"));
    let old = store::catalogue(&bureau.pool, &before.sha256()).await.unwrap().unwrap();
    assert_eq!(old.content(), before.content(), "a receipt of yesterday finds its catalogue");
    // A successor ends what is open on its own first day.
    bureau.published(&[("编号", "t/35-next"), ("起始日期", "2028-01-01"), ("要求", "≥30")]).await.unwrap();
    let last = store::current(&bureau.pool, &bureau.scope.district).await.unwrap();
    let on = |day: &str| {
        let day = day.parse().unwrap();
        let sets = last.standards.iter().filter(|set| set.id.starts_with("t/") && set.valid.contains(day));
        sets.map(|set| set.id.clone()).collect::<Vec<_>>()
    };
    assert_eq!((on("2026-12-31"), on("2027-01-01")), (vec![], vec!["t/35".to_owned()]));
    assert_eq!((on("2027-12-31"), on("2028-01-01")), (vec!["t/35".to_owned()], vec!["t/35-next".to_owned()]));
    assert!(store::agrees(&bureau.pool, &bureau.scope.district).await.unwrap());
    store::load(&bureau.pool).await.unwrap();
    let again = store::current(&bureau.pool, &bureau.scope.district).await.unwrap();
    assert_eq!(again.sha256(), last.sha256(), "a start changes nothing");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nobody_decides_on_what_they_brought(pool: PgPool) {
    let bureau = Bureau::new(pool).await;
    let id = bureau.bring(&[]).await;
    assert!(matches!(bureau.advance(id, Action::Submit, bureau.approver).await, Err(MoveError::NotTheMaker)));
    let early = bureau.advance(id, Action::Publish, bureau.approver).await;
    assert!(matches!(early, Err(MoveError::Case(Refused::Step { .. }))), "{early:?}");
    bureau.advance(id, Action::Submit, bureau.maker).await.unwrap();
    assert!(matches!(bureau.advance(id, Action::Publish, bureau.maker).await, Err(MoveError::SamePerson(_))));
    let own = bureau.advance_because(id, Action::Reject, bureau.maker, "试").await;
    assert!(matches!(own, Err(MoveError::SamePerson(_))));
    // The same, past the program.
    for sql in [
        "UPDATE policy_submission SET state = 'rejected', reason = 'x', decided_by = created_by, decided_by_name = 'x',
             decided_at = now()",
        "UPDATE policy_submission SET state = 'rejected', reason = 'x'",
    ] {
        assert!(bureau.run(sql).await.unwrap_err().to_string().contains("policy_four_eyes"), "{sql}");
    }
    let rows = "INSERT INTO policy_standard (district, id, land_kind, adoption, valid, content, submission)
                SELECT district, 'x', 'industrial', 'adopted', '[2027-01-01,)', '{}', id FROM policy_submission";
    assert!(bureau.run(rows).await.is_err(), "a row without a publication");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_is_returned_says_why_and_stays(pool: PgPool) {
    let bureau = Bureau::new(pool).await;
    let id = bureau.bring(&[]).await;
    bureau.advance(id, Action::Submit, bureau.maker).await.unwrap();
    let silent = bureau.advance_because(id, Action::Reject, bureau.approver, "  ").await;
    assert!(matches!(silent, Err(MoveError::NoReason)));
    bureau.advance_because(id, Action::Reject, bureau.approver, "出处不明").await.unwrap();
    let Err(MoveError::Case(Refused::Stale(faster))) = bureau.advance(id, Action::Publish, bureau.approver).await
    else {
        panic!("a returned submission was published")
    };
    let now = find(&mut bureau.pool.acquire().await.unwrap(), &bureau.scope, id).await.unwrap().unwrap();
    assert_eq!((now.state, now.reason.as_str()), (State::Rejected, "出处不明"));
    assert_eq!((faster.by.as_str(), faster.action.as_str()), ("乙", "policy.reject"));
    assert!(faster.to_string().contains("乙") && faster.to_string().contains("已退回"));
    let sql = "UPDATE policy_submission SET reason = ' '";
    assert!(bureau.run(sql).await.unwrap_err().to_string().contains("policy_rejected_with_reason"));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_file_with_faults_goes_nowhere(pool: PgPool) {
    let bureau = Bureau::new(pool).await;
    let id = bureau.bring(&[("要求", "很多")]).await;
    assert!(matches!(bureau.advance(id, Action::Submit, bureau.maker).await, Err(MoveError::Faulty)));
    let sql = "UPDATE policy_submission SET state = 'submitted', submitted_at = now()";
    assert!(bureau.run(sql).await.unwrap_err().to_string().contains("policy_without_faults"));
    assert_eq!(bureau.advance(id, Action::Withdraw, bureau.maker).await.unwrap(), State::Withdrawn);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn overlap_is_refused_by_the_plan_and_impossible_in_the_table(pool: PgPool) {
    let bureau = Bureau::new(pool).await;
    bureau.published(&[("终止表述", "有效期至2028年12月31日")]).await.unwrap();
    let last_day = bureau.published(&[("编号", "t/b"), ("起始日期", "2028-12-31")]).await;
    assert!(matches!(last_day, Err(MoveError::Obstacles(_))), "{last_day:?}");
    bureau.published(&[("编号", "t/c"), ("起始日期", "2029-01-01")]).await.unwrap();
    let sql = "INSERT INTO policy_standard (district, id, land_kind, industry, edition, adoption, valid, content, submission)
               SELECT district, 'x', land_kind, industry, edition, adoption, '[2028-12-31,2029-01-01)', content, submission
               FROM policy_standard WHERE id = 't/35'";
    assert!(bureau.run(sql).await.unwrap_err().to_string().contains("policy_standard_overlap"));
    assert!(store::agrees(&bureau.pool, &bureau.scope.district).await.unwrap());
    // Somebody changes a published row past the program: no program starts on it.
    bureau
        .run("UPDATE policy_standard SET content = jsonb_set(content, '{title}', '\"x\"') WHERE id = 't/c'")
        .await
        .unwrap();
    assert!(!store::agrees(&bureau.pool, &bureau.scope.district).await.unwrap());
    assert!(matches!(store::load(&bureau.pool).await, Err(PublishError::RowsChanged { .. })));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn two_who_publish_the_same_at_once_publish_it_once(pool: PgPool) {
    let bureau = Bureau::new(pool).await;
    let (one, other) = (bureau.bring(&[]).await, bureau.bring(&[("编号", "t/twin")]).await);
    for id in [one, other] {
        bureau.advance(id, Action::Submit, bureau.maker).await.unwrap();
    }
    let (first, second, again) = tokio::join!(
        bureau.advance(one, Action::Publish, bureau.approver),
        bureau.advance(other, Action::Publish, bureau.approver),
        bureau.advance(one, Action::Publish, bureau.approver),
    );
    let done = [&first, &second, &again].iter().filter(|result| result.is_ok()).count();
    assert_eq!(done, 1, "{first:?} {second:?} {again:?}");
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn the_command_line_brings_and_decides_nothing(pool: PgPool) {
    let bureau = Bureau::new(pool).await;
    let id = bureau.bring(&[]).await;
    bureau.advance(id, Action::Submit, bureau.maker).await.unwrap();
    let nobody = Act { actor: Actor { account: None, name: "命令行".into() }, ..bureau.act(bureau.approver, "乙") };
    for action in [Action::Publish, Action::Reject, Action::Withdraw] {
        let refused = advance(&nobody, id, action, "理由").await;
        assert!(matches!(refused, Err(MoveError::Other(_))), "{action:?}: {refused:?}");
    }
    let known = find(&mut bureau.pool.acquire().await.unwrap(), &bureau.scope, id).await.unwrap().unwrap();
    assert_eq!(known.state, State::Submitted, "nothing was decided");
}

fn own(id: &str, from_year: i32, to_year: Option<i32>) -> Scheme {
    Scheme { id: id.into(), from_year, to_year, ..shipped("muheng/industry-above") }
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_scheme_is_published_by_two_people_and_ended_by_its_successor(pool: PgPool) {
    let bureau = Bureau::new(pool).await;
    let district = &bureau.scope.district;
    assert_eq!(bureau.schemes(&[own("t/2019", 2019, None)]).await.unwrap(), State::Published);
    let first = store::current(&bureau.pool, district).await.unwrap();
    let held = first.schemes.holding(Category::IndustryAbove, 2024).unwrap();
    assert_eq!((held.0, held.1.id.as_str()), (Origin::Own, "t/2019"));
    // An example stands beside it and ends nothing.
    let example = Scheme { adoption: Adoption::Example, ..own("t/example", 2022, None) };
    bureau.schemes(&[example]).await.unwrap();
    bureau.schemes(&[own("t/2022", 2022, None)]).await.unwrap();
    let last = store::current(&bureau.pool, district).await.unwrap();
    let held = |year| last.schemes.holding(Category::IndustryAbove, year).unwrap().1.id.as_str();
    assert_eq!((held(2019), held(2021), held(2022), held(2030)), ("t/2019", "t/2019", "t/2022", "t/2022"));
    let old = store::catalogue(&bureau.pool, &first.sha256()).await.unwrap().unwrap();
    assert_eq!(old.schemes.named("t/2019").unwrap().1.to_year, None, "a receipt of yesterday finds its scheme");
    assert_eq!(last.schemes.named("t/2019").unwrap().1.to_year, Some(2021));
    // What is taken is not taken again, neither by a plan nor past the program.
    let taken = bureau.schemes(&[own("t/2020", 2020, Some(2020))]).await;
    assert!(matches!(taken, Err(MoveError::Obstacles(_))), "{taken:?}");
    let sql = "INSERT INTO policy_scheme (district, category, id, adoption, years, content, submission)
               SELECT district, category, 'x', adoption, '[2020,2021)',
                      content || '{\"id\":\"x\",\"from_year\":2020}', submission
               FROM policy_scheme WHERE id = 't/2019'";
    assert!(bureau.run(sql).await.unwrap_err().to_string().contains("policy_scheme_overlap"));
    assert!(store::agrees(&bureau.pool, district).await.unwrap());
    store::load(&bureau.pool).await.unwrap();
    assert_eq!(
        store::current(&bureau.pool, district).await.unwrap().sha256(),
        last.sha256(),
        "a start changes nothing"
    );
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_scheme_outside_the_law_goes_nowhere(pool: PgPool) {
    let bureau = Bureau::new(pool).await;
    let mut heavy = own("t/heavy", 2022, None);
    heavy.indicators[0].weight = 40.into();
    heavy.indicators[5].weight = 5.into();
    assert!(matches!(bureau.schemes(&[heavy.clone()]).await, Err(MoveError::Faulty)));
    // One that came past the reading is asked again when it is to be published.
    let refused = plan::plan(&Local::default(), &Offer { schemes: vec![heavy.clone()], ..Offer::default() });
    let obstacles = refused.unwrap_err();
    assert!(obstacles.iter().any(|it| it.message.contains("应不超过35%")), "{obstacles:?}");
    let example = Scheme { adoption: Adoption::Example, ..heavy };
    assert_eq!(bureau.schemes(&[example]).await.unwrap(), State::Published, "shown, never binding");
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_departure_cites_a_resolution_that_is_on_record(pool: PgPool) {
    let bureau = Bureau::new(pool).await;
    let mut departs = own("t/departs", 2022, None);
    departs.departure = Some("合成领导小组〔2026〕1号".into());
    let refused = bureau.schemes(&[departs.clone()]).await;
    let Err(MoveError::Obstacles(obstacles)) = refused else { panic!("{refused:?}") };
    assert!(obstacles[0].message.contains("合成领导小组〔2026〕1号"), "{obstacles:?}");
    bureau.resolved("合成领导小组〔2026〕1号", "signature").await;
    assert!(matches!(bureau.schemes(&[departs.clone()]).await, Err(MoveError::Obstacles(_))), "of another matter");
    bureau.run("DELETE FROM leading_group_resolution").await.unwrap();
    bureau.resolved("合成领导小组〔2026〕1号", "departure").await;
    assert_eq!(bureau.schemes(&[departs]).await.unwrap(), State::Published);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn the_database_knows_the_bounds_of_schemes(pool: PgPool) {
    let bureau = Bureau::new(pool).await;
    bureau.schemes(&[own("t/2019", 2019, None)]).await.unwrap();
    let put = async |scheme: &Scheme| {
        let sql = "UPDATE policy_scheme SET content = $1 WHERE id = 't/2019'";
        sqlx::query(sql).bind(Json(scheme)).execute(&bureau.pool).await.map(drop).map_err(|error| error.to_string())
    };
    let good = own("t/2019", 2019, None);
    put(&good).await.unwrap();
    let weights = |changes: &[(usize, i64)]| {
        let mut scheme = good.clone();
        changes.iter().for_each(|(at, weight)| scheme.indicators[*at].weight = (*weight).into());
        scheme
    };
    put(&weights(&[(0, 35), (5, 10)])).await.unwrap();
    for changes in
        [&[(0, 36), (2, 10), (5, 14)][..], &[(0, 29), (5, 16)], &[(1, 19), (5, 16)], &[(5, 9), (2, 21)], &[(5, 14)]]
    {
        let refused = put(&weights(changes)).await.unwrap_err();
        assert!(refused.contains("policy_scheme_weights_in_law"), "{changes:?}: {refused}");
    }
    let mut departs = weights(&[(0, 25), (5, 20)]);
    departs.departure = Some("合成领导小组〔2026〕1号".into());
    departs.grades[0].quota.as_mut().unwrap().percent = 25.into();
    put(&departs).await.unwrap();
    departs.departure = None;
    assert!(put(&departs).await.is_err());
    let change = |change: &dyn Fn(&mut Scheme)| {
        let mut scheme = good.clone();
        change(&mut scheme);
        scheme
    };
    for (scheme, constraint) in [
        (change(&|it| drop(it.indicators.pop())), "policy_scheme_weights_in_law"),
        (change(&|it| it.grades[0].quota.as_mut().unwrap().percent = 21.into()), "policy_scheme_quotas_in_law"),
        (change(&|it| it.grades[3].quota.as_mut().unwrap().percent = 6.into()), "policy_scheme_quotas_in_law"),
        (change(&|it| it.grades[1].grade = "A-".into()), "policy_scheme_quotas_in_law"),
        (change(&|it| it.veto.bars = vec!["A".into()]), "policy_scheme_veto_in_law"),
        (
            change(&|it| it.indicators[0].family = shipped("example/huangyan-2022-above").indicators[0].family.clone()),
            "policy_scheme_benchmarks_in_law",
        ),
        (change(&|it| it.id = "t/other".into()), "policy_scheme_is_its_content"),
        (change(&|it| it.category = Category::Platform), "policy_scheme_is_its_content"),
    ] {
        let refused = put(&scheme).await.unwrap_err();
        assert!(refused.contains(constraint), "{constraint}: {refused}");
    }
}
