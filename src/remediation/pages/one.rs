//! One file: what is holding it up, its plan, figures against the target, tasks, evidence, timeline, and the steps that may be
//! taken.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use uuid::Uuid;

use super::paper::PaperKind;
use crate::account::{Department, Officer};
use crate::base::clock::china_minute;
use crate::codelist::{self, Choice};
use crate::enforcement::present::badge as finding_badge;
use crate::enforcement::store::findings::{Finding, of_subject as findings_of};
use crate::exchange::Fault;
use crate::home::attachment;
use crate::remediation::case::TABLE;
use crate::remediation::evidence::{self, Paper};
use crate::remediation::form::{self, DoneForm, StepForm, TaskForm};
use crate::remediation::present::badge;
use crate::remediation::rules::evidence_of;
use crate::remediation::steps::Hearing;
use crate::remediation::store::evidence::content as content_of;
use crate::remediation::store::files::File;
use crate::remediation::store::subjects::parcels_used;
use crate::remediation::store::tasks::Task;
use crate::remediation::view::{self, Whole};
use crate::remediation::{EvidenceKind, Step, SubjectKind, TaskKind, Way};
use crate::web::form::{Field, Reader, Sent, Shown, Upload, faults_or_conflict};
use crate::web::{self, AppState, Error, Multipart, Shell, download_named};

const TOO_LARGE: &str = "材料超过 20 MB";

#[derive(Template)]
#[template(path = "remediation/one.html")]
struct FilePage {
    shell: Shell,
    file: File,
    whole: Whole,
    /// Of joint enforcement.
    findings: Vec<Finding>,
    officer: Officer,
    subdistricts: Vec<Choice>,
    today: NaiveDate,
    /// Its own, or those that the enterprise uses.
    parcels: Vec<String>,
    /// As it was typed when it was refused, told by the name of its form.
    back: Shown,
    of: String,
}

impl FilePage {
    fn may(&self, step: Step) -> bool {
        TABLE.allows(self.file.state, step) && form::may(&self.officer, step, self.file.state)
    }

    /// Steps that need a day and words, and perhaps a document.
    fn plain(&self) -> Vec<Step> {
        let plain = [Step::Verify, Step::Start, Step::Suspend, Step::Resume, Step::LookBack, Step::Drop];
        plain.into_iter().filter(|step| self.may(*step)).collect()
    }

    /// One of the forms: empty, or as it was refused.
    fn form(&self, name: &str) -> Shown {
        if self.of == name { self.back.as_part(name) } else { Shown::default().part(name) }
    }

    fn step_form(&self, step: &Step) -> Shown {
        self.form(step.code())
    }

    fn task_form(&self, task: &Task) -> Shown {
        self.form(&task.id.to_string())
    }

    fn ways(&self) -> Vec<Way> {
        let fits =
            |way: &&Way| self.file.subject_kind == SubjectKind::Enterprise || !matches!(way, Way::Upgrade | Way::Merge);
        Way::ALL.iter().filter(fits).copied().collect()
    }

    /// Whose task it is, is the person's department.
    fn is_own(&self, task: &Task) -> bool {
        self.officer.department == Some(task.department)
    }

    /// Papers of the way, each with its colour and whether it is there.
    fn asked(&self) -> Vec<(EvidenceKind, &'static str, &'static str)> {
        let kinds = self.file.way.map_or(&[][..], evidence_of).iter();
        let is_there = |kind: &EvidenceKind| self.whole.evidence.iter().any(|known| known.kind == *kind);
        let shown = |kind: &EvidenceKind| if is_there(kind) { ("bg-green-lt", "") } else { ("bg-orange-lt", "：缺") };
        kinds.map(|kind| (*kind, shown(kind).0, shown(kind).1)).collect()
    }

    /// What can be printed.
    fn papers(&self) -> Vec<PaperKind> {
        PaperKind::ALL.iter().filter(|kind| kind.is_there(&self.file, &self.whole)).copied().collect()
    }

    fn map_address(&self) -> String {
        let parcels: String = self.parcels.iter().map(|code| format!("&parcel={code}")).collect();
        format!("/map?theme=progress{parcels}")
    }

    fn subject_address(&self) -> String {
        match self.file.subject_kind {
            SubjectKind::Enterprise => format!("/enterprises/{}", self.file.subject),
            SubjectKind::Parcel => format!("/parcels/{}", self.file.subject),
        }
    }
}

async fn parcels(state: &AppState, officer: &Officer, file: &File) -> web::Result<Vec<String>> {
    match file.subject_kind {
        SubjectKind::Parcel => Ok(vec![file.subject.clone()]),
        SubjectKind::Enterprise => {
            let mut connection = state.pool.acquire().await?;
            Ok(parcels_used(&mut connection, &officer.scope, &file.subject, state.clock.today()).await?)
        }
    }
}

async fn page(state: &AppState, officer: Officer, number: &str, (of, back): (String, Shown)) -> web::Result<Response> {
    let file = form::file_of(state, &officer, number).await?;
    let today = state.clock.today();
    let whole = view::whole(&state.pool, &officer.scope, &file, today).await?;
    let findings = findings_of(&mut *state.pool.acquire().await?, &officer.scope, &file.subject).await?;
    let page = FilePage {
        findings,
        shell: officer.shell(state, format!("整治档案 {}　{}", file.number(), file.name)),
        subdistricts: codelist::subdistricts(&state.pool, &officer.scope, today).await?,
        parcels: parcels(state, &officer, &file).await?,
        file,
        whole,
        officer,
        today,
        back,
        of,
    };
    crate::web::form::page(page.back.status(), &page)
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
) -> web::Result<Response> {
    page(&state, officer, &number, (String::new(), Shown::default())).await
}

/// The file again, with what was refused at its form.
async fn answer(
    state: &AppState,
    officer: Officer,
    number: &str,
    (of, sent): (String, Sent),
    faults: Vec<Fault>,
) -> web::Result<Response> {
    if faults.is_empty() {
        return Ok(Redirect::to(&format!("/remediation/{number}")).into_response());
    }
    page(state, officer, number, (of, Shown::from(sent).with_faults(faults))).await
}

pub async fn step(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    sent: Sent,
) -> web::Result<Response> {
    let form = StepForm::of(&sent)?;
    let faults = faults_or_conflict(form::take(&state, &officer, &number, &form).await)?;
    answer(&state, officer, &number, (form.step, sent), faults).await
}

pub async fn set_task(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    sent: Sent,
) -> web::Result<Response> {
    let text = |name: &str| sent.text(name).to_owned();
    let form = TaskForm { kind: text("kind"), department: text("department"), what: text("what"), due: text("due") };
    let faults = faults_or_conflict(form::set_task(&state, &officer, &number, &form).await)?;
    answer(&state, officer, &number, ("task".into(), sent), faults).await
}

pub async fn finish_task(
    State(state): State<AppState>,
    officer: Officer,
    Path((number, task)): Path<(String, Uuid)>,
    sent: Sent,
) -> web::Result<Response> {
    let text = |name: &str| sent.text(name).to_owned();
    let form = DoneForm { on: text("on"), result: text("result"), document: text("document"), amount: text("amount") };
    let faults = faults_or_conflict(form::finish_task(&state, &officer, (&number, task), &form).await)?;
    answer(&state, officer, &number, (task.to_string(), sent), faults).await
}

async fn attached(state: &AppState, officer: &Officer, number: &str, upload: &Upload) -> web::Result<Uuid> {
    let file = form::file_of(state, officer, number).await?;
    let mut reader = Reader::default();
    let kind = reader.needs::<EvidenceKind>(upload.field("kind", "材料类型"), "表中所列的一项");
    let taken_on = reader.day_done(upload.field("taken_on", "形成日期"), state.clock.today());
    let task = reader.may::<Uuid>(upload.field("task", "所属任务"), "本档案的任务");
    if upload.file.is_empty() {
        reader.push(Field::new("file", "文件", "").missing());
    }
    let (kind, taken_on) = reader.finish(kind.zip(taken_on)).map_err(Error::Input)?;
    let paper = Paper {
        kind,
        task,
        taken_on,
        words: upload.text("words").to_owned(),
        name: upload.file_name.clone(),
        content: upload.file.clone(),
    };
    let home = &state.settings.home;
    Ok(evidence::attach(&officer.act(state), home, file.id, officer.department, paper).await?)
}

/// What is not taken comes back as it was typed; a file has to be chosen again.
pub async fn attach(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    multipart: Multipart,
) -> web::Result<Response> {
    let upload = Upload::read(multipart, TOO_LARGE).await?;
    let faults = faults_or_conflict(attached(&state, &officer, &number, &upload).await)?;
    answer(&state, officer, &number, ("evidence".into(), upload.sent), faults).await
}

pub async fn content(
    State(state): State<AppState>,
    officer: Officer,
    Path((number, id)): Path<(String, Uuid)>,
) -> web::Result<Response> {
    let file = form::file_of(&state, &officer, &number).await?;
    let mut connection = state.pool.acquire().await?;
    let found = content_of(&mut connection, &officer.scope, (file.id, id)).await?;
    let (name, media_type, sha256) = found.ok_or_else(|| Error::NotFound("本档案没有这份材料".into()))?;
    let bytes = attachment::fetch(&state.settings.home, &sha256).await.map_err(anyhow::Error::from)?;
    Ok(download_named("evidence", &name, media_type, bytes))
}
