use chrono::TimeDelta;
use rust_decimal_macros::dec;

use super::*;
use crate::account::audit::{self, Verification};
use crate::account::{Actor, NewAccount, Role};
use crate::inspection::checklist::Checklists;
use crate::inspection::photo::tests::{plain, with_exif};
use crate::inspection::{Answer, Assignment, Conflict, Finding, ItemAnswer, Position, Stage, Subject, photo};
use crate::workflow::Refused;

const DISTRICT: &str = "330105";
const OWN: &str = "330105014";
const OTHER: &str = "330105013";

fn now() -> DateTime<Utc> {
    "2026-11-23T02:00:00Z".parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

struct Bureau {
    pool: PgPool,
    scope: Scope,
    clerk: Actor,
    inspector: Actor,
    colleague: Actor,
    home: tempfile::TempDir,
}

impl Bureau {
    async fn open(pool: PgPool) -> Bureau {
        for statement in [
            "INSERT INTO district (code, name) VALUES ('330105', '拱墅区')",
            "INSERT INTO audit_head (district, seq, hash) VALUES ('330105', 0, decode(repeat('00', 32), 'hex'))",
        ] {
            sqlx::query(statement).execute(&pool).await.unwrap();
        }
        for (number, subdistrict) in [(1, OWN), (2, OWN), (3, OTHER)] {
            sqlx::query(
                "INSERT INTO parcel_version (district, code, valid, geom, survey_srid, survey_truth, plane_area_m2, geodesic_area_m2,
                     supply_status, subdistrict, registered_subdistrict, source, reason, recorded_at, recorded_by, fingerprint)
                 VALUES ('330105', $1, '[2020-01-01,)', ST_Multi(ST_MakeEnvelope(120.1, 30.3, 120.101, 30.301, 4490)), 4528, true,
                     1, 1, 'in_use', $2, $2, 'test', 'test', $3, 'test', '')",
            )
            .bind(parcel(number).as_str())
            .bind(subdistrict)
            .bind(now())
            .execute(&pool)
            .await
            .unwrap();
        }
        let scope = Scope::district(DISTRICT.parse().unwrap());
        let inspector = person(&pool, &scope, "inspector", Role::Inspector).await;
        let colleague = person(&pool, &scope, "colleague", Role::Inspector).await;
        let clerk = person(&pool, &scope, "contract", Role::ContractClerk).await;
        Bureau { pool, scope, clerk, inspector, colleague, home: tempfile::tempdir().unwrap() }
    }

    fn act(&self, actor: &Actor, now: DateTime<Utc>) -> Act {
        Act { pool: self.pool.clone(), scope: self.scope.clone(), actor: actor.clone(), now }
    }

    fn asked(&self) -> Assignment {
        Assignment {
            parcel: parcel(1),
            stage: Stage::Construction,
            purpose: "核实开工".into(),
            due: day("2026-11-30"),
            assignee: self.inspector.account,
            subject: Some(Subject { subject: "杭土合字2024-001".into(), obligation: "start".into() }),
        }
    }

    async fn assign(&self, what: &Assignment) -> Result<Assigned, TaskError> {
        let mut transaction = self.pool.begin().await.unwrap();
        let made = assign(&mut transaction, &self.act(&self.clerk, now()), what).await?;
        transaction.commit().await.unwrap();
        Ok(made)
    }

    async fn task(&self) -> Uuid {
        match self.assign(&self.asked()).await.unwrap() {
            Assigned::Created(id) | Assigned::Already(id) => id,
        }
    }

    async fn step(
        &self,
        task: Uuid,
        step: Step,
        reason: Option<&str>,
        who: Option<Uuid>,
    ) -> Result<TaskState, TaskError> {
        let version = self::task(&self.pool, &self.scope, task).await.unwrap().unwrap().version;
        self.step_on(task, version, step, reason, who).await
    }

    async fn step_on(
        &self,
        task: Uuid,
        version: i32,
        step: Step,
        reason: Option<&str>,
        assignee: Option<Uuid>,
    ) -> Result<TaskState, TaskError> {
        let wanted = Move { task, version, step, reason, assignee, due: None };
        let mut transaction = self.pool.begin().await.unwrap();
        let state = take(&mut transaction, &self.act(&self.clerk, now()), &wanted).await?;
        transaction.commit().await.unwrap();
        Ok(state)
    }

    async fn send(&self, task: Uuid, visit: Uuid, finding: &Finding, hours: i64) -> Result<Receipt, RecordError> {
        let mut transaction = self.pool.begin().await.unwrap();
        let at = now() + TimeDelta::hours(hours);
        let receipt = record(&mut transaction, &self.act(&self.inspector, at), (task, visit), finding).await?;
        transaction.commit().await.unwrap();
        Ok(receipt)
    }

    async fn photograph(&self, task: Uuid, visit: Uuid, id: Uuid, picture: &[u8]) -> Result<(), KeepError> {
        let place = Position { longitude: 120.1005, latitude: 30.3005, accuracy_m: Some(7.5) };
        let new = NewPhoto { id, of: PhotoOf::Task(task), visit, item: None, device_at: now(), position: Some(place) };
        let shrunk = photo::shrink(picture).unwrap();
        keep::<OnRecord>(&self.act(&self.inspector, now()), self.home.path(), &new, shrunk).await
    }

    async fn found(&self, id: Uuid) -> Task {
        task(&self.pool, &self.scope, id).await.unwrap().unwrap()
    }
}

fn parcel(number: usize) -> crate::base::code::ParcelCode {
    format!("330105001001GB{number:05}").parse().unwrap()
}

async fn person(pool: &PgPool, scope: &Scope, login: &str, role: Role) -> Actor {
    let account = NewAccount {
        login: login.into(),
        name: login.into(),
        roles: vec![role],
        department: None,
        subdistrict: None,
        demonstration: false,
    };
    let mut connection = pool.acquire().await.unwrap();
    let id = crate::account::store::create(&mut connection, scope, &account, "x", now()).await.unwrap();
    Actor { account: Some(id), name: login.into() }
}

fn finding(all: Answer) -> Finding {
    let checklist = Checklists::embedded().edition("construction-2019").unwrap();
    let answers = checklist.items.iter().map(|item| ItemAnswer {
        item: item.code.clone(),
        answer: all,
        figure: item.figure.as_ref().filter(|asked| asked.required).map(|_| dec!(1250.5)),
        comment: (all == Answer::Fail).then(|| "未动工".into()),
    });
    Finding {
        answers: answers.collect(),
        note: None,
        device_at: now() - TimeDelta::hours(3),
        position: Some(Position { longitude: 120.1005, latitude: 30.3005, accuracy_m: None }),
        photos: Vec::new(),
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn asking_twice_makes_one_task(pool: PgPool) {
    let bureau = Bureau::open(pool).await;
    let Assigned::Created(id) = bureau.assign(&bureau.asked()).await.unwrap() else { panic!("a new task") };
    assert_eq!(bureau.assign(&bureau.asked()).await.unwrap(), Assigned::Already(id));
    let later = Assignment { due: day("2026-12-01"), ..bureau.asked() };
    assert!(matches!(bureau.assign(&later).await.unwrap(), Assigned::Created(_)));
    let by_hand = Assignment { subject: None, ..bureau.asked() };
    let Assigned::Created(hand) = bureau.assign(&by_hand).await.unwrap() else { panic!("a new task") };
    assert_eq!(bureau.assign(&by_hand).await.unwrap(), Assigned::Already(hand));
    bureau.step(hand, Step::Cancel, Some("重复"), None).await.unwrap();
    assert!(matches!(bureau.assign(&by_hand).await.unwrap(), Assigned::Created(_)));
    assert_eq!(tasks_of_subject(&bureau.pool, &bureau.scope, "杭土合字2024-001").await.unwrap().len(), 2);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nobody_is_sent_to_a_parcel_that_is_not_there_or_without_the_role(pool: PgPool) {
    let bureau = Bureau::open(pool).await;
    let nowhere = Assignment { parcel: parcel(9), ..bureau.asked() };
    assert!(matches!(bureau.assign(&nowhere).await, Err(TaskError::NoSuchParcel(_))));
    let clerk = Assignment { assignee: bureau.clerk.account, ..bureau.asked() };
    assert!(matches!(bureau.assign(&clerk).await, Err(TaskError::NotAnInspector)));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_result_sent_twice_is_one_and_another_under_its_number_is_refused(pool: PgPool) {
    let bureau = Bureau::open(pool).await;
    let (task, visit) = (bureau.task().await, Uuid::new_v4());
    let sent = finding(Answer::Pass);
    assert_eq!(bureau.send(task, visit, &sent, 0).await.unwrap(), Receipt::Recorded(None));
    assert_eq!(bureau.send(task, visit, &sent, 1).await.unwrap(), Receipt::Already(None));
    let other = Finding { note: Some("另一份".into()), ..sent };
    assert!(matches!(bureau.send(task, visit, &other, 2).await, Err(RecordError::Different)));
    let found = bureau.found(task).await;
    assert_eq!((found.visits, found.state), (1, TaskState::Reported));
    let steps = steps_of(&bureau.pool, &bureau.scope, task).await.unwrap();
    assert_eq!(steps.iter().map(|each| each.step).collect::<Vec<_>>(), [Step::Assign, Step::Start, Step::Report]);
    let verified = audit::verify(&bureau.pool, &bureau.scope).await.unwrap();
    assert_eq!(verified, Verification::Intact { entries: 2 });
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn two_phones_at_once_leave_one_result(pool: PgPool) {
    let bureau = Bureau::open(pool).await;
    let (task, visit) = (bureau.task().await, Uuid::new_v4());
    let sent = finding(Answer::Pass);
    let (one, two) = tokio::join!(bureau.send(task, visit, &sent, 0), bureau.send(task, visit, &sent, 0));
    let mut receipts = [one.unwrap(), two.unwrap()];
    receipts.sort_by_key(|receipt| matches!(receipt, Receipt::Already(_)));
    assert_eq!(receipts, [Receipt::Recorded(None), Receipt::Already(None)]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_first_failure_stays_when_the_second_visit_passes(pool: PgPool) {
    let bureau = Bureau::open(pool).await;
    let task = bureau.task().await;
    bureau.send(task, Uuid::new_v4(), &finding(Answer::Fail), 0).await.unwrap();
    assert!(matches!(
        bureau.step(task, Step::Close, None, None).await,
        Err(TaskError::Step(StepError::ReasonMissing(Step::Close)))
    ));
    bureau.step(task, Step::Revisit, Some("整改后复查"), None).await.unwrap();
    assert_eq!(pack(&bureau.pool, &bureau.scope, bureau.inspector.account.unwrap()).await.unwrap().len(), 1);
    bureau.send(task, Uuid::new_v4(), &finding(Answer::Pass), 5).await.unwrap();
    assert_eq!(bureau.step(task, Step::Close, None, None).await.unwrap(), TaskState::Closed);
    let outcomes: Vec<Outcome> =
        visits_of(&bureau.pool, &bureau.scope, task).await.unwrap().iter().map(|visit| visit.outcome).collect();
    assert_eq!(outcomes, [Outcome::Fail, Outcome::Pass]);
    let found = bureau.found(task).await;
    assert!(found.failed_before());
    assert_eq!((found.visits, found.failures, found.last_outcome), (2, 1, Some(Outcome::Pass)));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_failure_without_a_comment_is_refused_and_nothing_is_recorded(pool: PgPool) {
    let bureau = Bureau::open(pool).await;
    let task = bureau.task().await;
    let mut silent = finding(Answer::Fail);
    silent.answers[0].comment = None;
    let Err(RecordError::Faults(faults)) = bureau.send(task, Uuid::new_v4(), &silent, 0).await else {
        panic!("refused")
    };
    assert_eq!(faults[0].code, "comment_missing");
    assert_eq!(bureau.found(task).await.visits, 0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_result_for_a_task_that_ended_or_went_to_somebody_else_is_kept_and_moves_nothing(pool: PgPool) {
    let bureau = Bureau::open(pool).await;
    let task = bureau.task().await;
    bureau.step(task, Step::Reassign, None, bureau.colleague.account).await.unwrap();
    let sent = bureau.send(task, Uuid::new_v4(), &finding(Answer::Fail), 0).await.unwrap();
    assert_eq!(sent, Receipt::Recorded(Some(Conflict::Reassigned)));
    let found = bureau.found(task).await;
    assert_eq!((found.state, found.visits, found.last_outcome), (TaskState::Open, 1, None));
    bureau.step(task, Step::Cancel, Some("不再需要"), None).await.unwrap();
    let visit = Uuid::new_v4();
    let late = bureau.send(task, visit, &finding(Answer::Pass), 1).await.unwrap();
    assert_eq!(late, Receipt::Recorded(Some(Conflict::Cancelled)));
    assert_eq!(
        bureau.send(task, visit, &finding(Answer::Pass), 2).await.unwrap(),
        Receipt::Already(Some(Conflict::Cancelled))
    );
    assert_eq!(bureau.found(task).await.state, TaskState::Cancelled);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_result_kept_aside_is_adopted_by_somebody_else_and_both_stay(pool: PgPool) {
    let bureau = Bureau::open(pool).await;
    let task = bureau.task().await;
    bureau.send(task, Uuid::new_v4(), &finding(Answer::Fail), 0).await.unwrap();
    bureau.step(task, Step::Close, Some("转履约清理"), None).await.unwrap();
    let late = Uuid::new_v4();
    bureau.send(task, late, &finding(Answer::Pass), 1).await.unwrap();
    let found = bureau.found(task).await;
    assert_eq!((found.state, found.last_outcome), (TaskState::Closed, Some(Outcome::Fail)), "kept aside");

    let decider = person(&bureau.pool, &bureau.scope, "decider", Role::ContractClerk).await;
    let adopt_as = async |person: &Actor, visit: Uuid, version: i32, reason: &str| {
        let mut transaction = bureau.pool.begin().await.unwrap();
        let wanted = Adoption { task, version, visit, reason };
        let at = now() + TimeDelta::hours(2);
        let state = adopt(&mut transaction, &bureau.act(person, at), &wanted).await?;
        transaction.commit().await.unwrap();
        Ok::<_, TaskError>(state)
    };
    let version = found.version;
    assert!(matches!(adopt_as(&bureau.inspector, late, version, "迟到").await, Err(TaskError::OwnResult(_))));
    let nobody = Actor { account: None, name: "命令行".into() };
    assert!(
        matches!(adopt_as(&nobody, late, version, "迟到").await, Err(TaskError::Other(_))),
        "four eyes are of people"
    );
    let silent = adopt_as(&decider, late, version, " ").await;
    assert!(matches!(silent, Err(TaskError::Step(StepError::ReasonMissing(Step::Adopt)))));
    assert!(matches!(adopt_as(&decider, late, version - 1, "迟到").await, Err(TaskError::Case(Refused::Stale(_)))));
    assert!(matches!(adopt_as(&decider, Uuid::new_v4(), version, "迟到").await, Err(TaskError::NotAside)));
    let adopted = adopt_as(&decider, late, version, "手机断网，现场已整改").await;
    assert_eq!(adopted.unwrap(), TaskState::Reported);
    let found = bureau.found(task).await;
    assert_eq!((found.visits, found.failures, found.last_outcome), (2, 1, Some(Outcome::Pass)), "both stay");
    assert!(matches!(adopt_as(&decider, late, found.version, "再次").await, Err(TaskError::NotAside)));
    let visits = visits_of(&bureau.pool, &bureau.scope, task).await.unwrap();
    assert_eq!(visits[1].adopted.as_ref().map(|adopted| adopted.by.as_str()), Some("decider"));
    let steps = steps_of(&bureau.pool, &bureau.scope, task).await.unwrap();
    assert_eq!(steps.last().map(|step| step.step), Some(Step::Adopt));
    let own = "UPDATE inspection_visit SET adopted_by = account WHERE adopted_at IS NOT NULL";
    assert!(sqlx::query(own).execute(&bureau.pool).await.is_err(), "four eyes, in the table");
    let audited: i64 = sqlx::query_scalar("SELECT count(*) FROM audit_entry WHERE action = 'inspection.adopt'")
        .fetch_one(&bureau.pool)
        .await
        .unwrap();
    assert_eq!(audited, 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_doctor_finds_a_photo_that_is_gone_and_one_that_was_changed(pool: PgPool) {
    let bureau = Bureau::open(pool).await;
    let task = bureau.task().await;
    let ids = [Uuid::new_v4(), Uuid::new_v4(), Uuid::new_v4()];
    for (place, id) in ids.into_iter().enumerate() {
        bureau.photograph(task, Uuid::new_v4(), id, &plain(40 + 10 * place as u32, 40)).await.unwrap();
    }
    let home = bureau.home.path();
    let examined = async || examine_photos(&bureau.pool, &bureau.scope, home).await.unwrap();
    let well = examined().await;
    assert_eq!((well.photos, well.missing, well.changed), (3, 0, 0));
    let path = async |id: Uuid| {
        let sha256 = picture(&bureau.pool, &bureau.scope, id).await.unwrap().unwrap();
        crate::inspection::vault::path_of(home, &sha256)
    };
    std::fs::remove_file(path(ids[0]).await).unwrap();
    std::fs::write(path(ids[1]).await, b"something else").unwrap();
    let ill = examined().await;
    assert_eq!((ill.photos, ill.missing, ill.changed), (3, 1, 1));
    assert_eq!(ill.first, [(ids[0], PhotoFault::Missing), (ids[1], PhotoFault::Changed)].into_iter().collect());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_stale_step_is_refused_with_who_and_what(pool: PgPool) {
    let bureau = Bureau::open(pool).await;
    let task = bureau.task().await;
    bureau.step(task, Step::Reassign, None, bureau.colleague.account).await.unwrap();
    let stale = bureau.step_on(task, 1, Step::Cancel, Some("x"), None).await.unwrap_err();
    let words = "检查任务已由contract于 2026-11-23 10:00 变更（改派检查），现为“待检查”；您看到的是变更前的内容，本次操作没有生效。请刷新后重新办理";
    assert_eq!(stale.to_string(), words);
    let aside = bureau.send(task, Uuid::new_v4(), &finding(Answer::Fail), 1).await.unwrap();
    assert_eq!(aside, Receipt::Recorded(Some(Conflict::Reassigned)));
    let stale = bureau.step_on(task, 1, Step::Cancel, Some("x"), None).await.unwrap_err();
    assert_eq!(stale.to_string(), words, "a result that was kept aside changed nothing");
    let theirs = bureau.step(task, Step::Start, None, bureau.inspector.account).await;
    assert!(matches!(theirs, Err(TaskError::SomebodyElses)));
    let wrong = bureau.step(task, Step::Close, Some("x"), None).await;
    assert!(matches!(wrong, Err(TaskError::Step(StepError::NotFrom { .. }))));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn photos_come_first_each_once_and_without_what_the_camera_said(pool: PgPool) {
    let bureau = Bureau::open(pool).await;
    let (task, visit, one, two) = (bureau.task().await, Uuid::new_v4(), Uuid::new_v4(), Uuid::new_v4());
    let sent = Finding { photos: vec![one, two], ..finding(Answer::Pass) };
    let picture = with_exif(&plain(64, 48), 1);
    bureau.photograph(task, visit, one, &picture).await.unwrap();
    assert_eq!(bureau.send(task, visit, &sent, 0).await.unwrap(), Receipt::WaitingForPhotos(vec![two]));
    assert_eq!(on_the_way(&bureau.pool, &bureau.scope, task).await.unwrap(), 1);
    assert_eq!(bureau.found(task).await.state, TaskState::Open);
    bureau.photograph(task, visit, two, &plain(48, 64)).await.unwrap();
    bureau.photograph(task, visit, two, &plain(48, 64)).await.unwrap();
    assert!(matches!(bureau.photograph(task, visit, two, &plain(32, 32)).await, Err(KeepError::Different)));
    assert_eq!(bureau.send(task, visit, &sent, 0).await.unwrap(), Receipt::Recorded(None));
    let photos = photos_of(&bureau.pool, &bureau.scope, task).await.unwrap();
    assert_eq!(photos.len(), 2);
    assert_eq!(on_the_way(&bureau.pool, &bureau.scope, task).await.unwrap(), 0);
    let first = photos.iter().find(|photo| photo.id == one).unwrap();
    assert!(first.camera_longitude.is_some() && first.camera_at.is_some());
    assert_eq!((first.longitude, first.accuracy_m), (Some(120.1005), Some(dec!(7.5))));
    let kept = crate::inspection::vault::read(bureau.home.path(), &first.sha256).await.unwrap();
    assert!(!kept.windows(4).any(|window| window == b"Exif"));
    let visits = visits_of(&bureau.pool, &bureau.scope, task).await.unwrap();
    assert_eq!(visits[0].distance_m, Some(0.0));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_storage_is_bounded_to_the_byte(pool: PgPool) {
    let bureau = Bureau::open(pool).await;
    let (task, visit) = (bureau.task().await, Uuid::new_v4());
    let size = photo::shrink(&plain(64, 48)).unwrap().bytes.len() as i64;
    let mut connection = bureau.pool.acquire().await.unwrap();
    set_limit(&mut connection, &bureau.scope, 2 * size - 1).await.unwrap();
    bureau.photograph(task, visit, Uuid::new_v4(), &plain(64, 48)).await.unwrap();
    let full = bureau.photograph(task, visit, Uuid::new_v4(), &plain(64, 48)).await;
    assert!(matches!(full, Err(KeepError::StorageFull(_))));
    let used = storage(&bureau.pool, &bureau.scope).await.unwrap();
    assert_eq!(used, Storage { used_bytes: size, limit_bytes: 2 * size - 1 });
    set_limit(&mut connection, &bureau.scope, 2 * size).await.unwrap();
    bureau.photograph(task, visit, Uuid::new_v4(), &plain(64, 48)).await.unwrap();
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_clerk_of_one_subdistrict_sees_that_area_only(pool: PgPool) {
    let bureau = Bureau::open(pool).await;
    let own = bureau.task().await;
    let other = Assignment { parcel: parcel(3), ..bureau.asked() };
    let other = Assignment { subject: None, ..other };
    let Assigned::Created(elsewhere) = bureau.assign(&other).await.unwrap() else { panic!("a new task") };
    let scope = Scope { subdistrict: Some(OWN.parse().unwrap()), ..bureau.scope.clone() };
    assert!(task(&bureau.pool, &scope, own).await.unwrap().is_some());
    assert!(task(&bureau.pool, &scope, elsewhere).await.unwrap().is_none());
    let mut connection = bureau.pool.acquire().await.unwrap();
    let refused = assign(&mut connection, &Act { scope, ..bureau.act(&bureau.clerk, now()) }, &other).await;
    assert!(matches!(refused, Err(TaskError::NoSuchParcel(_))));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_phone_takes_along_what_waits_for_its_owner(pool: PgPool) {
    let bureau = Bureau::open(pool).await;
    let id = bureau.task().await;
    let taken = pack(&bureau.pool, &bureau.scope, bureau.inspector.account.unwrap()).await.unwrap();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].id, id);
    assert_eq!(taken[0].geometry.as_ref().unwrap()["type"], "MultiPolygon");
    assert!(pack(&bureau.pool, &bureau.scope, bureau.colleague.account.unwrap()).await.unwrap().is_empty());
    let (waiting, overdue) =
        counts_for(&bureau.pool, &bureau.scope, bureau.inspector.account.unwrap(), day("2026-12-01"), 10)
            .await
            .unwrap();
    assert_eq!((waiting, overdue), (1, 1));
}
