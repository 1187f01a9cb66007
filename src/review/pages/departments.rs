//! Which departments review together, and a list of the district's own from a day on.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;

use crate::account::{Access, Department, Officer};
use crate::base::period::Period;
use crate::exchange::{Fault, FaultCode};
use crate::review::ReviewKind;
use crate::review::panel::{self, Member, Panel, PanelFault, Panels};
use crate::review::store::panels;
use crate::web::form::{self, Reader, Sent, Shown};
use crate::web::{self, AppState, Error, Shell};

#[derive(Template)]
#[template(path = "review/departments.html")]
struct DepartmentsPage {
    shell: Shell,
    panels: Panels,
    today: NaiveDate,
    tomorrow: NaiveDate,
    may_change: bool,
    /// A list that was not taken, as it was typed.
    back: Shown,
}

/// The field that says what a department looks after.
fn part(department: &Department) -> String {
    format!("part.{}", department.code())
}

impl DepartmentsPage {
    /// The form for a list: the one that came back, or the list in force to start from.
    fn form(&self, kind: &ReviewKind) -> Shown {
        if self.back.is_part(kind.code()) {
            return self.back.clone();
        }
        let now = self.now(kind);
        let parts = Department::ALL.iter().map(|department| (part(department), now.part(department)));
        let sent = parts.fold(Sent::default(), |sent, (name, text)| sent.with(&name, text));
        Shown::from(sent).part(kind.code())
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

pub async fn show(State(state): State<AppState>, officer: Officer) -> web::Result<Response> {
    page(&state, &officer, Shown::default()).await
}

async fn page(state: &AppState, officer: &Officer, back: Shown) -> web::Result<Response> {
    let today = state.clock.today();
    let page = DepartmentsPage {
        shell: officer.shell(state, "参加复核的部门"),
        panels: panels::panels(&state.pool, &officer.scope).await?,
        today,
        tomorrow: today.succ_opt().unwrap_or(today),
        may_change: officer.may(Access::ManageAccounts),
        back,
    };
    form::page(page.back.status(), &page)
}

/// A list that is not taken comes back as it was typed.
pub async fn change(State(state): State<AppState>, officer: Officer, sent: Sent) -> web::Result<Response> {
    let kind = ReviewKind::parse(sent.text("kind")).ok_or_else(|| Error::BadRequest("没有这种复核".into()))?;
    let laid_down = panels::panels(&state.pool, &officer.scope).await?;
    match read(&sent, kind, &laid_down, state.clock.today()) {
        Ok(new) => {
            panels::lay_down(&officer.act(&state), &new).await?;
            Ok(Redirect::to("/reviews/departments").into_response())
        }
        Err(faults) => page(&state, &officer, Shown::from(sent).part(kind.code()).with_faults(faults)).await,
    }
}

fn read(sent: &Sent, kind: ReviewKind, laid_down: &Panels, today: NaiveDate) -> Result<Panel, Vec<Fault>> {
    let mut reader = Reader::default();
    let (from, source) = (sent.field("from", "起始日期"), sent.field("source", "确定名单的文件"));
    let valid = reader.needs_day(from).map(Period::since);
    let paper = reader.text(source);
    let member = |department: &Department| {
        let part = sent.text(&part(department)).to_owned();
        (!part.is_empty()).then_some(Member { department: *department, part })
    };
    let members: Vec<Member> = Department::ALL.iter().filter_map(member).collect();
    if members.is_empty() {
        reader.push(Fault::error(FaultCode::BadRequest, PanelFault::Nobody.to_string()));
    }
    let new = valid.map(|valid| Panel { kind, valid, members, source: paper.unwrap_or_default(), is_example: false });
    if let Some(Err(late @ (PanelFault::NotLater | PanelFault::NotAfterTheLast))) =
        new.as_ref().map(|new| panel::check(laid_down, new, today))
    {
        reader.push(from.fault(FaultCode::BadRequest, late.to_string()));
    }
    reader.finish(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_with_a_list_is_told_at_once_and_at_its_field() {
        let today = "2026-11-23".parse().unwrap();
        let read = |body: &[u8]| {
            let read = read(&Sent::parse(body), ReviewKind::Output, &Panels::default(), today);
            read.map(|panel| panel.members.len())
                .map_err(|faults| faults.into_iter().map(|fault| (fault.place, fault.code)).collect::<Vec<_>>())
        };
        let at = |place: &str, code| (place.to_owned(), code);
        let missing = [at("from", FaultCode::ValueMissing), at("source", FaultCode::ValueMissing)];
        let nobody = at("", FaultCode::BadRequest);
        assert_eq!(read(b"from=&source="), Err([&missing[..], std::slice::from_ref(&nobody)].concat()));
        let early = read(b"from=2026-11-23&source=&part.tax=a");
        assert_eq!(early, Err(vec![missing[1].clone(), at("from", FaultCode::BadRequest)]));
        assert_eq!(read(b"from=2026-11-24&source=a&part.tax=a"), Ok(1));
    }
}
