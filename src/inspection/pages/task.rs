//! One task: what was asked, every visit with its photos, every step, and what may be done next.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{Html, Redirect, Response};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;
use uuid::Uuid;

use crate::account::{Access, Officer, Routes};
use crate::base::clock::china_minute;
use crate::base::text::Seen;
use crate::base::unit::grouped;
use crate::inspection::checklist::{Checklist, Checklists};
use crate::inspection::present::{outcome_badge, state_badge};
use crate::inspection::store::{
    self, Adoption, Inspector, Move, Photo, RecordedAnswer, StepTaken, Task, TaskError, Visit,
};
use crate::inspection::{Answer, Step, arrival};
use crate::web::{self, AppState, Error, Shell};

pub fn routes() -> Routes {
    Routes::new()
        .get("/inspections/{id}", Access::ReadInspections, show)
        .post("/inspections/{id}/start", Access::DoInspections, start)
        .post("/inspections/{id}/step", Access::AssignInspections, step)
        .post("/inspections/{id}/adopt", Access::AssignInspections, adopt)
        .get("/inspections/photos/{id}", Access::ReadInspections, picture)
}

#[derive(Template)]
#[template(path = "inspection/task.html")]
struct TaskPage {
    shell: Shell,
    record: Record,
    today: NaiveDate,
    steps: Vec<StepTaken>,
    inspectors: Vec<Inspector>,
    photos_on_the_way: i64,
    may_assign: bool,
    /// The reader is an inspector who could go: the task is theirs or nobody's.
    may_go: bool,
}

/// A task with all that was found, for the page and the printed record.
pub struct Record {
    pub task: Task,
    pub checklist: Checklist,
    pub visits: Vec<Visit>,
    pub photos: Vec<Photo>,
    /// Whether the reader may see where people stood.
    pub places: bool,
    /// The reader, when they may decide on results that were kept aside.
    pub decides: Option<Uuid>,
}

impl Record {
    /// # Errors
    /// When the task is not on record in the reader's scope.
    pub async fn read(state: &AppState, officer: &Officer, id: Uuid) -> web::Result<Record> {
        let (pool, scope) = (&state.pool, &officer.scope);
        let task = store::task(pool, scope, id).await?.ok_or(TaskError::NotFound)?;
        let checklist = Checklists::embedded().edition(&task.checklist);
        let checklist = checklist.ok_or_else(|| anyhow::anyhow!("no checklist {}", task.checklist))?.into_owned();
        let (visits, photos) = tokio::try_join!(store::visits_of(pool, scope, id), store::photos_of(pool, scope, id))?;
        let decides = officer.may(Access::AssignInspections).then_some(officer.account);
        Ok(Record { task, checklist, visits, photos, places: officer.may(Access::SeeInspectionPlaces), decides })
    }

    pub fn photos_of(&self, visit: &Visit) -> Vec<&Photo> {
        self.photos.iter().filter(|photo| photo.visit == visit.id).collect()
    }

    /// It was kept aside, nobody has adopted it, and the reader is not who recorded it.
    pub fn may_adopt(&self, visit: &Visit) -> bool {
        let aside = visit.conflict.is_some() && visit.adopted.is_none();
        aside && self.decides.is_some_and(|reader| reader != visit.account)
    }

    pub fn question(&self, item: &str) -> &str {
        self.checklist.item(item).map_or("（检查表外事项）", |item| &item.text)
    }

    /// The figure with its name and unit.
    pub fn figure(&self, answer: &RecordedAnswer) -> Option<String> {
        let asked = self.checklist.item(&answer.item)?.figure.as_ref()?;
        let figure = answer.figure?;
        Some(format!("{} {} {}", asked.name, grouped(figure, figure.normalize().scale()), asked.unit))
    }
}

async fn show(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> web::Result<Html<String>> {
    let record = Record::read(&state, &officer, id).await?;
    let may_assign = officer.may(Access::AssignInspections);
    let theirs = record.task.assignee.is_none_or(|assignee| assignee == officer.account);
    let page = TaskPage {
        shell: officer.shell(&state, format!("{} {}", record.task.stage, record.task.parcel_code)),
        today: state.clock.today(),
        steps: store::steps_of(&state.pool, &officer.scope, id).await?,
        inspectors: match may_assign {
            true => store::inspectors(&state.pool, &officer.scope).await?,
            false => Vec::new(),
        },
        photos_on_the_way: store::on_the_way(&state.pool, &officer.scope, id).await?,
        may_assign,
        may_go: officer.may(Access::DoInspections) && theirs && record.task.state.waits_for_a_visit(),
        record,
    };
    Ok(Html(page.render()?))
}

impl TaskPage {
    fn may_take(&self, step: Step) -> bool {
        self.record.task.state.after(step).is_ok()
    }
}

#[derive(Deserialize)]
struct StartForm {
    version: i32,
}

async fn start(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    Form(form): Form<StartForm>,
) -> web::Result<Redirect> {
    let wanted = Move {
        task: id,
        version: form.version,
        step: Step::Start,
        reason: None,
        assignee: Some(officer.account),
        due: None,
    };
    take(&state, &officer, &wanted).await?;
    Ok(Redirect::to(&format!("/inspections/field#{id}")))
}

#[derive(Deserialize)]
struct StepForm {
    version: i32,
    step: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    assignee: String,
    #[serde(default)]
    due: String,
}

async fn step(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    Form(form): Form<StepForm>,
) -> web::Result<Redirect> {
    let step =
        Step::parse(&form.step).filter(|step| !matches!(step, Step::Assign | Step::Start | Step::Report | Step::Adopt));
    let given = |text: &str| Some(text.seen().to_owned()).filter(|text| !text.is_empty());
    let assignee = given(&form.assignee).map(|text| text.parse().map_err(|_| wrong("巡查员"))).transpose()?;
    let due = given(&form.due).map(|text| text.parse().map_err(|_| wrong("期限"))).transpose()?;
    let reason = given(&form.reason);
    let step = step.ok_or_else(|| wrong("操作"))?;
    if step == Step::Reassign && assignee.is_none() {
        return Err(Error::BadRequest("请选择改派给谁".into()));
    }
    let wanted = Move { task: id, version: form.version, step, reason: reason.as_deref(), assignee, due };
    take(&state, &officer, &wanted).await?;
    Ok(Redirect::to(&format!("/inspections/{id}")))
}

#[derive(Deserialize)]
struct AdoptForm {
    version: i32,
    visit: Uuid,
    #[serde(default)]
    reason: String,
}

/// Makes a result that was kept aside the task's.
async fn adopt(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    Form(form): Form<AdoptForm>,
) -> web::Result<Redirect> {
    let wanted = Adoption { task: id, version: form.version, visit: form.visit, reason: &form.reason };
    let mut transaction = state.pool.begin().await?;
    store::adopt(&mut transaction, &officer.act(&state), &wanted).await?;
    transaction.commit().await?;
    Ok(Redirect::to(&format!("/inspections/{id}")))
}

fn wrong(what: &str) -> Error {
    Error::BadRequest(format!("{what}无效，请改正后重新提交"))
}

async fn take(state: &AppState, officer: &Officer, wanted: &Move<'_>) -> web::Result<()> {
    let mut transaction = state.pool.begin().await?;
    store::take(&mut transaction, &officer.act(state), wanted).await?;
    transaction.commit().await?;
    Ok(())
}

async fn picture(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> web::Result<Response> {
    let sha256 = store::picture(&state.pool, &officer.scope, id).await?;
    let sha256 = sha256.ok_or_else(|| Error::NotFound("没有这张照片，或不在您的辖区内".into()))?;
    arrival::shown(&state.settings.home, &sha256).await
}

/// A camera writes none.
pub const NO_ACCURACY: &Option<Decimal> = &None;

/// `120.15834，30.32009（精度 12 米）`; five decimals are a metre.
pub fn place_text(longitude: &Option<f64>, latitude: &Option<f64>, accuracy: &Option<Decimal>) -> Option<String> {
    let (longitude, latitude) = ((*longitude)?, (*latitude)?);
    let accuracy = accuracy.map(|metres| format!("（精度 {} 米）", grouped(metres, 0))).unwrap_or_default();
    Some(format!("东经 {longitude:.5}°，北纬 {latitude:.5}°{accuracy}"))
}

pub fn distance_text(metres: &Option<f64>) -> Option<String> {
    let metres = (*metres)?;
    Some(if metres < 0.5 { "在宗地内".into() } else { format!("距宗地 {metres:.0} 米") })
}

pub fn answer_badge(answer: &Answer) -> &'static str {
    match answer {
        Answer::Pass => "bg-green-lt",
        Answer::Fail => "bg-red-lt",
        Answer::NotApplicable => "bg-secondary-lt",
        Answer::NotSeen => "bg-orange-lt",
    }
}
