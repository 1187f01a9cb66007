//! The papers of a file: plan, notice, record of what was heard, order, acceptance, striking-off. Each is printed from what is on
//! record, and only once that is there.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::account::Officer;
use crate::base::clock::china_minute;
use crate::print;
use crate::remediation::form;
use crate::remediation::store::files::File;
use crate::remediation::store::steps::StepTaken;
use crate::remediation::view::{self, Whole};
use crate::remediation::{Step, TaskKind, store};
use crate::web::{self, AppState, Error, Shell};

crate::terms! {
    pub enum PaperKind {
        Plan = "plan" => "整治方案",
        Notice = "notice" => "整治告知书",
        Hearing = "hearing" => "陈述申辩（听证）记录",
        Order = "order" => "责令改正通知书",
        Acceptance = "acceptance" => "联合验收意见书",
        StrikingOff = "striking_off" => "销号通知书",
    }
}

impl PaperKind {
    /// Whether what it says is on record.
    pub fn is_there(self, file: &File, whole: &Whole) -> bool {
        match self {
            PaperKind::Plan | PaperKind::Notice => file.way.is_some(),
            PaperKind::Hearing => whole.timeline.iter().any(|step| step.step == Step::Hear),
            PaperKind::Order => whole.tasks.iter().any(|task| task.kind == TaskKind::Order),
            PaperKind::Acceptance => !whole.agreements.is_empty(),
            PaperKind::StrikingOff => file.struck_off_on.is_some(),
        }
    }
}

#[derive(Deserialize)]
pub struct PaperParameters {
    kind: String,
}

#[derive(Template)]
#[template(path = "remediation/paper.html")]
struct PaperPage {
    shell: Shell,
    kind: PaperKind,
    file: File,
    whole: Whole,
}

impl PaperPage {
    fn is(&self, kind: PaperKind) -> bool {
        self.kind == kind
    }

    fn heard(&self) -> Vec<&StepTaken> {
        self.whole.timeline.iter().filter(|step| step.step == Step::Hear).collect()
    }

    fn orders(&self) -> Vec<&store::tasks::Task> {
        self.whole.tasks.iter().filter(|task| task.kind == TaskKind::Order).collect()
    }
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    Query(parameters): Query<PaperParameters>,
) -> web::Result<Response> {
    let none = || Error::NotFound("没有这种文书，或所载内容尚未登记".into());
    let kind = PaperKind::parse(&parameters.kind).ok_or_else(none)?;
    let file = form::file_of(&state, &officer, &number).await?;
    let today = state.clock.today();
    let whole = view::whole(&state.pool, &officer.scope, &file, today).await?;
    if !kind.is_there(&file, &whole) {
        return Err(none());
    }
    let name = format!("{kind} {}", file.number());
    let page = PaperPage { shell: officer.shell(&state, name.clone()), kind, file, whole };
    print::answer(&page.render()?, &name, today).await
}
