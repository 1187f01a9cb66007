//! Which departments review together, and a list of the district's own from a day on.

use askama::Template;
use axum::extract::{RawForm, State};
use axum::response::{Html, Redirect};
use chrono::NaiveDate;

use crate::account::{Access, Department, Officer};
use crate::base::period::Period;
use crate::review::ReviewKind;
use crate::review::panel::{self, Member, Panel, Panels};
use crate::review::store::panels;
use crate::web::{self, AppState, Error, Shell};

#[derive(Template)]
#[template(path = "review/departments.html")]
struct DepartmentsPage {
    shell: Shell,
    panels: Panels,
    today: NaiveDate,
    tomorrow: NaiveDate,
    may_change: bool,
}

impl DepartmentsPage {
    fn kinds(&self) -> &'static [ReviewKind] {
        ReviewKind::ALL
    }

    fn departments(&self) -> &'static [Department] {
        Department::ALL
    }

    fn now(&self, kind: &ReviewKind) -> Panel {
        self.panels.on(*kind, self.today)
    }

    /// Laid down and not in force yet, or ended.
    fn others(&self, kind: &ReviewKind) -> Vec<&Panel> {
        self.panels.own.iter().filter(|it| it.kind == *kind && !it.valid.contains(self.today)).collect()
    }
}

fn period(valid: &Period) -> String {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    match valid.until.and_then(|until| until.pred_opt()) {
        Some(last) => format!("{} 至 {last}", day(valid.from)),
        None => format!("{} 起", day(valid.from)),
    }
}

fn names(panel: &Panel) -> String {
    panel.members.iter().map(|it| format!("{}（{}）", it.department, it.part)).collect::<Vec<_>>().join("、")
}

pub async fn show(State(state): State<AppState>, officer: Officer) -> web::Result<Html<String>> {
    let today = state.clock.today();
    let page = DepartmentsPage {
        shell: officer.shell(&state, "参加复核的部门"),
        panels: panels::panels(&state.pool, &officer.scope).await?,
        today,
        tomorrow: today.succ_opt().unwrap_or(today),
        may_change: officer.may(Access::ManageAccounts),
    };
    Ok(Html(page.render()?))
}

pub async fn change(State(state): State<AppState>, officer: Officer, RawForm(body): RawForm) -> web::Result<Redirect> {
    let sent: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    let text = |name: &str| sent.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim());
    let kind = ReviewKind::parse(text("kind")).ok_or_else(|| Error::BadRequest("没有这种复核".into()))?;
    let from = text("from").parse().map_err(|_| Error::BadRequest("日期应写成 YYYY-MM-DD".into()))?;
    let member = |department: &Department| {
        let part = text(&format!("part.{}", department.code())).to_owned();
        (!part.is_empty()).then_some(Member { department: *department, part })
    };
    let new = Panel {
        kind,
        valid: Period::since(from),
        members: Department::ALL.iter().filter_map(member).collect(),
        source: text("source").to_owned(),
        is_example: false,
    };
    let laid_down = panels::panels(&state.pool, &officer.scope).await?;
    panel::check(&laid_down, &new, state.clock.today()).map_err(|fault| Error::BadRequest(fault.to_string()))?;
    panels::lay_down(&officer.act(&state), &new).await?;
    Ok(Redirect::to("/reviews/departments"))
}
