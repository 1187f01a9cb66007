//! The register of vetoes, with the form to enter one.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::account::list::{Paths, first_view};
use crate::account::{Access, Department, List, Officer};
use crate::base::bounds::{YEARS, year_wording};
use crate::base::code::Uscc;
use crate::base::period::Period;
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::evaluation::store::vetoes::{self, VetoFilter, VetoKey, VetoLine};
use crate::evaluation::veto::{self, VetoError};
use crate::evaluation::{NewVeto, VetoKind};
use crate::exchange::{Fault, FaultCode};
use crate::web::form::{self, Reader, Sent, Shown, faults_of};
use crate::web::list::{Cell, Column, Parameters, View, non_empty, read};
use crate::web::{self, AppState, Error, Shell};

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    pub kind: String,
    pub year: String,
    pub q: String,
    /// `1`: also those withdrawn.
    pub all: String,
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

pub struct VetoList {
    state: AppState,
    officer: Officer,
    filter: VetoFilter,
}

#[derive(Template)]
#[template(path = "evaluation/vetoes.html")]
struct VetoesPage {
    shell: Shell,
    view: View,
    may_enter: bool,
    /// Empty, or as it was typed when it was refused.
    form: Shown,
}

impl List for VetoList {
    type Parameters = ListParameters;
    type Row = VetoLine;
    type Key = VetoKey;

    const PATHS: Paths = crate::list_paths!("/evaluation/vetoes");
    const SHEET: &'static str = "一票否决";

    fn columns() -> Vec<Column<Self, VetoLine>> {
        vec![
            Column::both(
                "企业",
                |_, line: &VetoLine| {
                    let name = line.name.as_deref().unwrap_or(&line.uscc);
                    Cell::link(format!("/enterprises/{}", line.uscc), name).note(&line.uscc)
                },
                |_, line: &VetoLine| line.name.clone().into(),
            ),
            Column::file("统一社会信用代码", |_, line: &VetoLine| line.uscc.as_str().into()),
            Column::both(
                "事由",
                |_, line: &VetoLine| {
                    let cell = Cell::text(line.kind);
                    match &line.withdrawn_reason {
                        Some(reason) => cell.and_badge("bg-secondary-lt", "已撤销").note(reason),
                        None => cell,
                    }
                },
                |_, line: &VetoLine| line.kind.label().into(),
            ),
            Column::both(
                "发生日期",
                |_, line: &VetoLine| Cell::text(line.happened_on),
                |_, line: &VetoLine| line.happened_on.into(),
            ),
            Column::page("有效期间", |_, line: &VetoLine| {
                let to = line.to.map_or("起".to_owned(), |to| format!("至 {to}"));
                Cell::text(format!("{} {to}", line.from))
            }),
            Column::file("有效自", |_, line: &VetoLine| line.from.into()),
            Column::file("有效至", |_, line: &VetoLine| line.to.into()),
            Column::both(
                "认定部门",
                |_, line: &VetoLine| Cell::text(line.department),
                |_, line: &VetoLine| line.department.label().into(),
            ),
            Column::both(
                "依据文件",
                |_, line: &VetoLine| Cell::text(&line.document),
                |_, line: &VetoLine| line.document.as_str().into(),
            ),
            Column::both(
                "登记人",
                |_, line: &VetoLine| Cell::text(&line.recorded_by),
                |_, line: &VetoLine| line.recorded_by.as_str().into(),
            ),
            Column::file("撤销人", |_, line: &VetoLine| line.withdrawn_by.clone().into()),
            Column::file("撤销理由", |_, line: &VetoLine| line.withdrawn_reason.clone().into()),
            Column::page("办理", |_, line: &VetoLine| match line.withdrawn_by {
                None => Cell::link(format!("/evaluation/vetoes/{}", line.id), "撤销"),
                Some(_) => Cell::text("—"),
            })
            .when(|list| list.officer.may(Access::KeepVetoes)),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let year: Option<i32> = read(&parameters.year, "年度应为四位数字")?;
        if year.is_some_and(|year| !YEARS.contains(&year)) {
            return Err(Error::BadRequest(format!("年度应为{}", year_wording())));
        }
        let filter = VetoFilter {
            kind: read(&parameters.kind, "没有这种否决事由")?,
            year,
            uscc: non_empty(&parameters.q).map(str::to_uppercase),
            all: non_empty(&parameters.all).is_some(),
        };
        Ok(VetoList { state: state.clone(), officer, filter })
    }

    async fn page(&self, position: Position<VetoKey>, size: u16) -> web::Result<Page<VetoLine, VetoKey>> {
        Ok(vetoes::page(&self.state.pool, &self.officer.scope, &self.filter, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(vetoes::total(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        Ok(self.with_form(state, view, Shown::default()).render()?)
    }
}

impl VetoList {
    fn with_form(&self, state: &AppState, view: View, form: Shown) -> VetoesPage {
        let may_enter = self.officer.may(Access::KeepVetoes);
        VetoesPage { shell: self.officer.shell(state, "一票否决登记"), view, may_enter, form }
    }
}

fn read_new(sent: &Sent, today: chrono::NaiveDate) -> Result<NewVeto, Vec<Fault>> {
    let mut reader = Reader::default();
    let uscc = reader.needs::<Uscc>(sent.field("uscc", "统一社会信用代码"), "18位信用代码");
    let kind = reader.needs::<VetoKind>(sent.field("kind", "事由"), "表中所列的事由");
    let happened_on = sent.field("happened_on", "发生日期");
    let happened_on = match happened_on.is_empty() {
        true => reader.needs_day(happened_on),
        false => reader.day_done(happened_on, today),
    };
    let from = reader.needs_day(sent.field("from", "有效自"));
    let to = reader.day(sent.field("to", "有效至"));
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        reader.push(sent.field("to", "有效至").fault(FaultCode::BadRequest, "有效至不能早于有效自"));
    }
    let department = reader.needs::<Department>(sent.field("department", "认定部门"), "表中所列的部门");
    let document = reader.text(sent.field("document", "依据文件"));
    let all = uscc.zip(kind).zip(happened_on.zip(from)).zip(department.zip(document));
    let new = all.map(|(((uscc, kind), (happened_on, from)), (department, document))| NewVeto {
        uscc,
        kind,
        happened_on,
        valid: Period { from: Some(from), until: to.and_then(|to| to.succ_opt()) },
        department,
        document,
    });
    reader.finish(new)
}

/// Enters an event; what is not taken comes back as it was typed.
pub async fn enter(State(state): State<AppState>, officer: Officer, sent: Sent) -> web::Result<Response> {
    let faults = match read_new(&sent, state.clock.today()) {
        Ok(new) => faults_of(veto::enter(&officer.act(&state), &new).await)?,
        Err(faults) => faults,
    };
    if faults.is_empty() {
        return Ok(Redirect::to("/evaluation/vetoes").into_response());
    }
    let parameters = ListParameters::default();
    let list = VetoList::ask(&state, officer, &parameters).await?;
    let view = first_view(&list, &parameters).await?;
    let page = list.with_form(&state, view, Shown::from(sent).with_faults(faults));
    form::page(page.form.status(), &page)
}

#[derive(Template)]
#[template(path = "evaluation/veto_withdrawal.html")]
struct WithdrawalPage {
    shell: Shell,
    id: Uuid,
    form: Shown,
}

pub async fn withdrawal(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
) -> web::Result<Response> {
    withdrawal_page(&state, &officer, id, Shown::default())
}

fn withdrawal_page(state: &AppState, officer: &Officer, id: Uuid, form: Shown) -> web::Result<Response> {
    let page = WithdrawalPage { shell: officer.shell(state, "撤销否决登记"), id, form };
    form::page(page.form.status(), &page)
}

pub async fn withdraw(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> web::Result<Response> {
    let outcome = veto::withdraw(&officer.act(&state), id, sent.text("reason").trim()).await;
    let faults = faults_of(outcome)?;
    if faults.is_empty() {
        return Ok(Redirect::to("/evaluation/vetoes?all=1").into_response());
    }
    withdrawal_page(&state, &officer, id, Shown::from(sent).with_faults(faults))
}

impl From<VetoError> for Error {
    fn from(error: VetoError) -> Self {
        let at = |field: &'static str| {
            let field = form::Field::new(field, "", "");
            Error::Input(vec![field.fault(FaultCode::BadRequest, error.to_string())])
        };
        match error {
            VetoError::Database(error) => error.into(),
            VetoError::NotFound => Error::NotFound(error.to_string()),
            VetoError::NoSuchEnterprise(_) => at("uscc"),
            VetoError::Twice => at("document"),
            VetoError::NoReason => at("reason"),
        }
    }
}
