//! Meetings, with the form for one.

use askama::Template;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::account::list::{EntryBeside, FormBeside, Paths};
use crate::account::{Access, Act, List, Officer};
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::exchange::Fault;
use crate::leading_group::store::meetings::{self, MeetingKey, MeetingLine};
use crate::leading_group::{NewMeeting, hold_meeting};
use crate::web::form::{Reader, Sent, Shown};
use crate::web::list::{Cell, Column, Parameters, View};
use crate::web::{self, AppState, Shell};

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

pub struct MeetingList {
    state: AppState,
    officer: Officer,
}

#[derive(Template)]
#[template(path = "leading_group/meetings.html")]
struct MeetingsPage {
    shell: Shell,
    view: View,
    may_keep: bool,
    /// Empty, or as it was typed when it was refused.
    form: Shown,
}

impl List for MeetingList {
    type Parameters = ListParameters;
    type Row = MeetingLine;
    type Key = MeetingKey;

    const PATHS: Paths = crate::list_paths!("/leading-group/meetings");
    const SHEET: &'static str = "领导小组会议";

    fn columns() -> Vec<Column<Self, MeetingLine>> {
        vec![
            Column::both("召开日期", |_, line| Cell::text(line.held_on), |_, line| line.held_on.into()),
            Column::both("纪要文号", |_, line| Cell::text(&line.number), |_, line| line.number.as_str().into()),
            Column::both("议题", |_, line| Cell::text(&line.title), |_, line| line.title.as_str().into()),
            Column::both("出席", |_, line| Cell::text(&line.attended), |_, line| line.attended.as_str().into()),
            Column::both("登记人", |_, line| Cell::text(&line.recorded_by), |_, line| line.recorded_by.as_str().into()),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, _: &ListParameters) -> web::Result<Self> {
        Ok(MeetingList { state: state.clone(), officer })
    }

    async fn page(&self, position: Position<MeetingKey>, size: u16) -> web::Result<Page<MeetingLine, MeetingKey>> {
        Ok(meetings::page(&self.state.pool, &self.officer.scope, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(meetings::total(&self.state.pool, &self.officer.scope).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        self.render_with(state, view, Shown::default()).await
    }
}

impl FormBeside for MeetingList {
    async fn render_with(&self, state: &AppState, view: View, form: Shown) -> web::Result<String> {
        let may_keep = self.officer.may(Access::KeepLeadingGroup);
        Ok(MeetingsPage { shell: self.officer.shell(state, "领导小组会议"), view, may_keep, form }.render()?)
    }
}

impl EntryBeside for MeetingList {
    type New = NewMeeting;

    fn read_new(sent: &Sent, today: NaiveDate) -> Result<NewMeeting, Vec<Fault>> {
        let mut reader = Reader::default();
        let held_on = sent.field("held_on", "召开日期");
        let held_on = if held_on.is_empty() { reader.needs_day(held_on) } else { reader.day_done(held_on, today) };
        let number = reader.text(sent.field("number", "纪要文号"));
        let title = reader.text(sent.field("title", "议题"));
        let attended = reader.may_text(sent.field("attended", "出席")).unwrap_or_default();
        let all = held_on.zip(number).zip(title);
        reader.finish(all.map(|((held_on, number), title)| NewMeeting { held_on, number, title, attended }))
    }

    async fn enter(act: &Act, new: &NewMeeting) -> web::Result<()> {
        hold_meeting(act, new).await?;
        Ok(())
    }
}
