//! Campaigns, with the form to open one.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::account::list::{self, FormBeside, Paths};
use crate::account::{Access, Department, List, Officer};
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::enforcement::present::campaign_badge;
use crate::enforcement::store::campaigns::{self as store, Campaign, CampaignKey};
use crate::enforcement::wording::address;
use crate::enforcement::{CampaignState, campaigns as commands, form};
use crate::inspection::Stage;
use crate::inspection::checklist::Checklists;
use crate::inspection::store::{Inspector, inspectors};
use crate::web::form::{Sent, Shown, faults_of};
use crate::web::list::{Cell, Column, Parameters, View, read};
use crate::web::{self, AppState, Shell};

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    pub state: String,
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

pub struct Campaigns {
    state: AppState,
    officer: Officer,
    of: Option<CampaignState>,
}

#[derive(Template)]
#[template(path = "enforcement/campaigns.html")]
struct CampaignsPage {
    shell: Shell,
    view: View,
    may_run: bool,
    /// That have questions to ask.
    departments: Vec<Department>,
    inspectors: Vec<Inspector>,
    today: chrono::NaiveDate,
    form: Shown,
}

impl CampaignsPage {
    fn inspectors(&self) -> Vec<(String, String)> {
        self.inspectors.iter().map(|it| (it.id.to_string(), format!("{}（{}）", it.name, it.login))).collect()
    }
}

impl List for Campaigns {
    type Parameters = ListParameters;
    type Row = Campaign;
    type Key = CampaignKey;

    const PATHS: Paths = crate::list_paths!("/enforcement");
    const SHEET: &'static str = "联合执法";

    fn columns() -> Vec<Column<Self, Campaign>> {
        vec![
            Column::both(
                "编号",
                |_, row: &Campaign| Cell::code(address(row.number()), row.number()),
                |_, row: &Campaign| row.number().to_string().into(),
            ),
            Column::both(
                "行动",
                |_, row: &Campaign| Cell::text(&row.name).note(&row.document),
                |_, row: &Campaign| row.name.as_str().into(),
            ),
            Column::file("行动方案文号", |_, row: &Campaign| row.document.as_str().into()),
            Column::both(
                "牵头部门",
                |_, row: &Campaign| Cell::text(row.lead).note(row.together()),
                |_, row: &Campaign| row.lead.label().into(),
            ),
            Column::file("参加部门", |_, row: &Campaign| row.together().into()),
            Column::both(
                "名单（家）",
                |_, row: &Campaign| {
                    let cell = Cell::text(row.targets);
                    if row.awaiting > 0 { cell.note(format!("待检查 {}", row.awaiting)) } else { cell }
                },
                |_, row: &Campaign| row.targets.into(),
            )
            .number(),
            Column::file("待检查（家）", |_, row: &Campaign| row.awaiting.into()),
            Column::both(
                "问题（件）",
                |_, row: &Campaign| {
                    let cell = Cell::text(row.findings);
                    if row.unsettled > 0 { cell.note(format!("未办结 {}", row.unsettled)) } else { cell }
                },
                |_, row: &Campaign| row.findings.into(),
            )
            .number(),
            Column::file("未办结（件）", |_, row: &Campaign| row.unsettled.into()),
            Column::both(
                "状态",
                |_, row: &Campaign| {
                    Cell::badge(campaign_badge(row.state), row.state).note(format!("检查期限 {}", row.due))
                },
                |_, row: &Campaign| row.state.label().into(),
            ),
            Column::file("检查期限", |_, row: &Campaign| row.due.into()),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        Ok(Campaigns { state: state.clone(), officer, of: read(&parameters.state, "没有这种状态")? })
    }

    async fn page(&self, position: Position<CampaignKey>, size: u16) -> web::Result<Page<Campaign, CampaignKey>> {
        Ok(store::page(&self.state.pool, &self.officer.scope, self.of, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(store::total(&self.state.pool, &self.officer.scope, self.of).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        self.render_with(state, view, Shown::default()).await
    }
}

impl FormBeside for Campaigns {
    async fn render_with(&self, state: &AppState, view: View, form: Shown) -> web::Result<String> {
        let today = state.clock.today();
        let page = CampaignsPage {
            shell: self.officer.shell(state, "联合执法"),
            view,
            may_run: self.officer.may(Access::RunEnforcement),
            departments: Checklists::embedded().in_force(Stage::JointEnforcement, today).departments(),
            inspectors: inspectors(&state.pool, &self.officer.scope).await?,
            today,
            form,
        };
        Ok(page.render()?)
    }
}

/// Opens a campaign and shows it; what is not taken comes back as it was typed.
pub async fn open(State(state): State<AppState>, officer: Officer, sent: Sent) -> web::Result<Response> {
    let faults = match form::campaign(&sent) {
        Ok(new) => match commands::open(&officer.act(&state), &new).await {
            Ok(number) => return Ok(Redirect::to(&address(number)).into_response()),
            Err(refused) => faults_of::<Uuid, _>(Err(refused))?,
        },
        Err(faults) => faults,
    };
    list::answer::<Campaigns>(&state, officer, &ListParameters::default(), (Shown::from(sent), faults)).await
}
