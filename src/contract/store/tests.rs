mod land;

use chrono::{DateTime, Utc};

use super::*;
use crate::account::{Act, Actor, audit};
use crate::base::period::Period;
use crate::codelist::WorkCalendar;
use crate::contract::DutyKind;
use crate::contract::certificate::CertificateStage;
use crate::contract::event::{Figure, Happening, Review, ReviewOrigin, ReviewOutcome};
use crate::contract::fault::FaultCode;
use crate::contract::issuing;
use crate::contract::known::TermsRole;
use crate::contract::record::{self, Base, Grounds, RecordError};
use crate::contract::sample::{day, paid, practice, terms};
use crate::contract::terms::Terms;
use crate::obligations::State;
use crate::obligations::check::judge;
use crate::obligations::sweep::{Question, sweep};

const NUMBER: &str = "杭下出让2022-01";
const PARCEL: &str = "330105001001GB00001";

fn scope() -> Scope {
    Scope::district("330105".parse().unwrap())
}

fn actor() -> Actor {
    Actor { account: None, name: "合同管理员甲".into() }
}

fn moment(text: &str) -> DateTime<Utc> {
    crate::contract::asked::moment(text).unwrap()
}

fn grounds() -> Grounds {
    Grounds { reason: "登记".into(), source: "纸质合同".into() }
}

fn paper() -> Paper {
    Paper {
        role: TermsRole::Agreement,
        document: "出让合同".into(),
        signed_on: day("2022-01-10"),
        effective_on: day("2022-01-10"),
    }
}

/// What a clerk does, each on a day of its own.
struct Clerk {
    pool: PgPool,
    scope: Scope,
    actor: Actor,
}

impl Clerk {
    async fn start(pool: PgPool) -> Self {
        crate::db::ensure_district(&pool, &scope().district).await.unwrap();
        crate::policy::store::load(&pool).await.unwrap();
        let clerk = Clerk { pool, scope: scope(), actor: actor() };
        record::conclude(&clerk.act("2022-01-10"), NUMBER, &paper(), &terms(), &grounds(), None).await.unwrap();
        clerk
    }

    fn act(&self, on: &str) -> Act {
        Act { pool: self.pool.clone(), scope: self.scope.clone(), actor: self.actor.clone(), now: moment(on) }
    }

    async fn base(&self) -> Base {
        let registered = self.known("2039-12-31").await.unwrap();
        Base { number: NUMBER.into(), version: registered.version }
    }

    async fn known(&self, at: &str) -> Option<Registered> {
        load(&mut self.pool.acquire().await.unwrap(), &self.scope, NUMBER, moment(at)).await.unwrap()
    }

    async fn event(&self, on: &str, happening: Happening) -> Result<i64, RecordError> {
        let event = NewEvent { on: day(on), happening, document: Some("文件".into()), note: String::new() };
        record::event(&self.act(on), &self.base().await, &event, &grounds()).await
    }

    /// As the review room records its conclusion.
    async fn review(&self, on: &str, happening: Happening) -> i64 {
        let event = NewEvent { on: day(on), happening, document: Some("文件".into()), note: String::new() };
        let (act, base, grounds) = (self.act(on), self.base().await, grounds());
        record::review_within(&act, &base, &event, &grounds).await.unwrap().commit().await.unwrap()
    }

    async fn issue(&self, on: &str, stage: CertificateStage, number: &str) -> Result<i64, RecordError> {
        let contract = self.known(on).await.unwrap().contract;
        let valid = issuing::period(&contract, stage, day(on));
        let valid = valid.unwrap_or(Period::between(day(on), day("2042-03-01")));
        let new = NewCertificate {
            parcel: PARCEL.into(),
            stage,
            number: number.into(),
            valid,
            allows: "按合同使用".into(),
            review: None,
        };
        record::issue(&self.act(on), &self.base().await, &new, &grounds()).await
    }
}

fn passed() -> Review {
    Review { outcome: ReviewOutcome::Passed, rectify_until: None }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_is_written_is_read_again(pool: PgPool) {
    let clerk = Clerk::start(pool).await;
    clerk.event("2022-02-08", paid(1, 3_425_000)).await.unwrap();
    clerk.event("2022-03-01", Happening::HandedOver).await.unwrap();
    let registered = clerk.known("2022-03-01").await.unwrap();
    assert_eq!(registered.contract.versions[0].terms, terms());
    assert_eq!(registered.contract.events.len(), 2);
    let written = [
        Happening::IdleConfirmed { fee: Some(crate::base::unit::Yuan(1_370_000.into())) },
        Happening::IdleConfirmed { fee: None },
        Happening::Measured { figure: Figure::Invested, value: 5.into(), reached_on: Some(day("2022-03-01")) },
    ];
    for happening in &written {
        clerk.event("2022-03-02", happening.clone()).await.unwrap();
    }
    let known = clerk.known("2022-03-02").await.unwrap().contract;
    for happening in &written {
        assert!(known.events.iter().any(|event| event.happening == *happening), "{happening:?}");
    }
    let late = crate::contract::Terms { hand_over_after: crate::contract::HandOverAfter::FullPrice, ..terms() };
    let paper = Paper { role: TermsRole::Supplement, document: "补充协议".into(), ..paper() };
    let paper = Paper { signed_on: day("2022-03-03"), effective_on: day("2022-03-03"), ..paper };
    let base = clerk.base().await;
    record::supplement(&clerk.act("2022-03-03"), &base, &paper, &late, &grounds(), None).await.unwrap();
    assert_eq!(clerk.known("2022-03-03").await.unwrap().contract.versions[1].terms, late);
    assert_eq!((registered.version, registered.subdistrict.as_deref()), (3, Some("330105001")));
    assert!(clerk.known("2022-01-09").await.is_none(), "not known the day before");
    let verified = audit::verify(&clerk.pool, &clerk.scope).await.unwrap();
    assert_eq!(verified, audit::Verification::Intact { entries: 7 });
    let raised = sqlx::query_scalar!("SELECT revision FROM layer_revision WHERE layer = 'contracts'");
    assert_eq!(raised.fetch_one(&clerk.pool).await.unwrap(), 7);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_stale_form_is_refused_with_who_changed_what(pool: PgPool) {
    let clerk = Clerk::start(pool).await;
    let base = clerk.base().await;
    clerk.event("2022-03-01", Happening::HandedOver).await.unwrap();
    let event = NewEvent { on: day("2022-09-01"), happening: Happening::Started, document: None, note: String::new() };
    match record::event(&clerk.act("2022-09-01"), &base, &event, &grounds()).await {
        Err(RecordError::Stale { by, action, .. }) => {
            assert_eq!((by.as_str(), action.as_str()), ("合同管理员甲", "contract.event"))
        }
        other => panic!("{other:?}"),
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_does_not_fit_leaves_no_trace(pool: PgPool) {
    let clerk = Clerk::start(pool).await;
    match clerk.event("2022-09-01", Happening::Started).await {
        Err(RecordError::Faults(faults)) => assert_eq!(faults[0].code.code(), "stage_not_reached"),
        other => panic!("{other:?}"),
    }
    assert_eq!(clerk.base().await.version, 1);
    let again = record::conclude(&clerk.act("2022-01-11"), NUMBER, &paper(), &terms(), &grounds(), None).await;
    assert!(matches!(again, Err(RecordError::Taken(_))));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_correction_keeps_what_was_known(pool: PgPool) {
    let clerk = Clerk::start(pool).await;
    clerk.event("2022-03-01", Happening::HandedOver).await.unwrap();
    let wrong = clerk.event("2022-09-20", Happening::Started).await.unwrap();
    let right = NewEvent { on: day("2022-08-30"), happening: Happening::Started, document: None, note: String::new() };
    let base = clerk.base().await;
    record::correct_event(&clerk.act("2022-10-10"), &base, wrong, Some(&right), &grounds()).await.unwrap();
    let start = |registered: Registered| {
        let lines = judge(&registered.contract, day("2022-12-01"), &practice(), WorkCalendar::embedded());
        lines.into_iter().find(|line| line.duty.kind == DutyKind::Start).unwrap().state
    };
    assert_eq!(start(clerk.known("2022-10-09").await.unwrap()), State::MetLate);
    assert_eq!(start(clerk.known("2022-10-10").await.unwrap()), State::Met);
    let gone = record::correct_event(&clerk.act("2022-10-11"), &clerk.base().await, wrong, None, &grounds()).await;
    assert!(matches!(gone, Err(RecordError::NoSuchRow(_))));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn stages_are_converted_one_after_the_other(pool: PgPool) {
    let clerk = Clerk::start(pool).await;
    clerk.event("2022-03-01", Happening::HandedOver).await.unwrap();
    clerk.issue("2022-03-01", CertificateStage::Construction, "甲1").await.unwrap();
    let early = clerk.issue("2022-04-01", CertificateStage::Production, "甲2").await;
    assert!(matches!(early, Err(RecordError::Faults(_))), "no review has passed");
    clerk.event("2022-09-01", Happening::Started).await.unwrap();
    let by_hand = clerk.event("2024-08-20", Happening::CompletionReviewed(passed())).await;
    let by_hand = by_hand.unwrap_err();
    assert!(matches!(&by_hand, RecordError::Faults(faults) if faults[0].code == FaultCode::ReviewElsewhere));
    let review = clerk.review("2024-08-20", Happening::CompletionReviewed(passed())).await;
    clerk.issue("2024-08-25", CertificateStage::Production, "甲2").await.unwrap();
    let known = clerk.known("2024-08-25").await.unwrap().contract;
    let periods: Vec<_> = known.certificates.iter().map(|it| (it.number.as_str(), it.valid, it.review)).collect();
    assert_eq!(
        periods,
        [
            ("甲1", Period::between(day("2022-03-01"), day("2024-08-25")), None),
            ("甲2", Period::between(day("2024-08-25"), day("2027-08-25")), Some(review)),
        ]
    );
    let held = record::correct_event(&clerk.act("2024-09-01"), &clerk.base().await, review, None, &grounds()).await;
    assert!(matches!(held, Err(RecordError::HoldsCertificate(_))));
    clerk.review("2027-03-01", Happening::OutputReviewed(passed())).await;
    clerk.issue("2027-03-02", CertificateStage::Remaining, "甲3").await.unwrap();
    let term = issuing::term_use(&clerk.known("2027-03-02").await.unwrap().contract, day("2027-03-02")).unwrap();
    assert_eq!((term.used.wording(), term.remaining.wording()), ("5年1日".into(), "14年11个月27日".into()));
    assert_eq!(term.used_days + term.remaining_days, (day("2042-03-01") - day("2022-03-01")).num_days());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_review_is_withdrawn_and_never_changed_by_hand(pool: PgPool) {
    let clerk = Clerk::start(pool).await;
    clerk.event("2022-03-01", Happening::HandedOver).await.unwrap();
    let started = clerk.event("2022-09-01", Happening::Started).await.unwrap();
    let review = clerk.review("2024-08-20", Happening::CompletionReviewed(passed())).await;
    let known = clerk.known("2024-08-21").await.unwrap().contract;
    let origin = known.events.iter().find(|event| event.id == review).unwrap().review;
    assert_eq!(origin, Some(ReviewOrigin::Concluded));
    let put = async |id: i64, happening: Happening| {
        let event = NewEvent { on: day("2024-08-20"), happening, document: None, note: String::new() };
        record::correct_event(&clerk.act("2024-09-01"), &clerk.base().await, id, Some(&event), &grounds()).await
    };
    let failed = Review { outcome: ReviewOutcome::Failed, rectify_until: None };
    for refused in [
        put(review, Happening::CompletionReviewed(failed)).await,
        put(review, Happening::CompletionDeclared).await,
        put(started, Happening::CompletionReviewed(passed())).await,
    ] {
        let refused = refused.unwrap_err();
        assert!(matches!(&refused, RecordError::Faults(faults) if faults[0].code == FaultCode::ReviewElsewhere));
    }
    record::correct_event(&clerk.act("2024-09-02"), &clerk.base().await, review, None, &grounds()).await.unwrap();
    let rows = listing::recorded(&clerk.pool, &clerk.scope, NUMBER, moment("2024-09-03")).await.unwrap();
    let kept = rows.iter().find(|row| (row.what.as_str(), row.id) == ("event", review)).unwrap();
    assert!(kept.superseded_at.is_some(), "what was withdrawn stays on record");
    let forged = sqlx::query("UPDATE contract_event SET review_origin = NULL WHERE id = $1").bind(review);
    assert!(forged.execute(&clerk.pool).await.is_err(), "the table keeps where it comes from");
}

/// The database refuses on its own, whatever the program thinks.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn two_certificates_are_never_valid_at_once(pool: PgPool) {
    let clerk = Clerk::start(pool).await;
    clerk.event("2022-03-01", Happening::HandedOver).await.unwrap();
    clerk.issue("2022-03-01", CertificateStage::Construction, "甲1").await.unwrap();
    let insert = |from: &'static str, stage: &'static str| {
        let pool = clerk.pool.clone();
        async move {
            sqlx::query(
                "INSERT INTO staged_certificate (district, contract, parcel_code, stage, number, valid, allows, review, reason,
                     source, recorded_at, recorded_by)
                 VALUES ('330105', $1, $2, $4, $3, daterange($3::date, '2030-01-01'), '', NULL, '', '', now(), '')",
            )
            .bind(NUMBER)
            .bind(PARCEL)
            .bind(from)
            .bind(stage)
            .execute(&pool)
            .await
            .map_err(|error| error.as_database_error().and_then(|error| error.code().map(|code| code.into_owned())))
        }
    };
    assert_eq!(insert("2024-08-31", "construction").await.unwrap_err().as_deref(), Some("23P01"), "exclusion");
    assert_eq!(insert("2025-01-01", "production").await.unwrap_err().as_deref(), Some("23514"), "no review");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_sweep_says_what_one_contract_says(pool: PgPool) {
    let clerk = Clerk::start(pool).await;
    crate::policy::store::load(&clerk.pool).await.unwrap();
    clerk.event("2022-02-20", paid(1, 3_425_000)).await.unwrap();
    let other = Terms { parcels: vec!["330105001001GB00099".into()], ..terms() };
    record::conclude(&clerk.act("2022-01-12"), "杭下出让2021-99", &paper(), &other, &grounds(), None).await.unwrap();
    let question =
        Question::ask(&clerk.pool, day("2022-12-01"), moment("2022-12-01"), Some(day("2022-02-15"))).await.unwrap();
    let mut swept = Vec::new();
    let mut batches = sweep(clerk.pool.clone(), scope(), question.clone());
    while let Some(batch) = batches.recv().await {
        swept.extend(batch.unwrap());
    }
    let numbers: Vec<_> = swept.iter().map(|checked| checked.contract.as_str()).collect();
    assert_eq!(numbers, ["杭下出让2021-99", NUMBER], "in the order of bytes");
    assert_eq!(swept[1], question.answer(&clerk.known("2022-12-01").await.unwrap().contract));
    assert!(!swept[1].changes.is_empty());
    let elsewhere = Scope { subdistrict: Some("330105002".parse().unwrap()), ..scope() };
    let mut batches = sweep(clerk.pool.clone(), elsewhere.clone(), question);
    assert!(batches.recv().await.is_none_or(|batch| batch.unwrap().is_empty()), "another sub-district sees nothing");
    assert!(
        load(&mut clerk.pool.acquire().await.unwrap(), &elsewhere, NUMBER, moment("2023-01-01"))
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(
        of_parcel(&clerk.pool, &scope(), PARCEL).await.unwrap(),
        [NUMBER],
        "the other contract is on other land"
    );
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn no_paper_names_a_case_that_was_not_admitted(pool: PgPool) {
    let clerk = Clerk::start(pool.clone()).await;
    let mut transaction = pool.begin().await.unwrap();
    // Only its outcome matters here.
    sqlx::query("SET LOCAL session_replication_role = replica").execute(&mut *transaction).await.unwrap();
    let case = "INSERT INTO admission_case (district, id, year, serial, stage, round, client_key, application, project, investor,
                    applied_on, outcome, created_name, created_at, changed_at, changed_by, last_action)
                VALUES ($1, gen_random_uuid(), 2021, 7, 'decided', 1, gen_random_uuid(), '{}', '示例项目', '示例企业',
                    '2021-01-02', 'refused', '测试员', now(), now(), '测试员', 'decide')";
    sqlx::query(case).bind(clerk.scope.county()).execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    let naming = Terms { admission_case: Some("2021-0007".into()), ..terms() };
    let act = clerk.act("2022-05-01");
    let later = Paper { role: TermsRole::Supplement, effective_on: day("2022-05-01"), ..paper() };
    let later = Paper { document: "补充协议一".into(), signed_on: day("2022-05-01"), ..later };
    let version = clerk.known("2022-05-01").await.unwrap().contract.versions[0].id;
    let outcomes = [
        record::conclude(&act, "另一份", &paper(), &naming, &grounds(), None).await,
        record::supplement(&act, &clerk.base().await, &later, &naming, &grounds(), None).await.map(drop),
        record::correct_terms(&act, &clerk.base().await, version, &paper(), &naming, &grounds(), None).await.map(drop),
    ];
    for outcome in outcomes {
        let Err(RecordError::Faults(faults)) = outcome else { panic!("{outcome:?}") };
        assert!(faults.iter().any(|fault| fault.code == FaultCode::CaseNotAdmitted), "{faults:?}");
    }
    assert_eq!(clerk.known("2022-05-01").await.unwrap().contract.versions.len(), 1, "nothing was written");
}
