//! Who sits in the group, on a day or ever; the form for a seat, and for its end.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::account::list::{EntryBeside, FormBeside, Paths};
use crate::account::{Access, Act, List, Officer};
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::exchange::Fault;
use crate::leading_group::store::members::{self, MemberFilter, MemberKey, MemberLine};
use crate::leading_group::{NewMember, Post, appoint, release as released};
use crate::web::form::{self, Reader, Sent, Shown, faults_of};
use crate::web::list::{Cell, Column, Parameters, View, read};
use crate::web::{self, AppState, Shell};

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    pub post: String,
    /// Who sat on this day.
    pub on: String,
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

pub struct MemberList {
    state: AppState,
    officer: Officer,
    filter: MemberFilter,
}

#[derive(Template)]
#[template(path = "leading_group/members.html")]
struct MembersPage {
    shell: Shell,
    view: View,
    may_keep: bool,
    /// Empty, or as it was typed when it was refused.
    form: Shown,
}

impl List for MemberList {
    type Parameters = ListParameters;
    type Row = MemberLine;
    type Key = MemberKey;

    const PATHS: Paths = crate::list_paths!("/leading-group");
    const SHEET: &'static str = "领导小组成员";

    fn columns() -> Vec<Column<Self, MemberLine>> {
        vec![
            Column::both("姓名", |_, line| Cell::text(&line.name), |_, line| line.name.as_str().into()),
            Column::both(
                "单位及职务",
                |_, line| Cell::text(&line.organisation),
                |_, line| line.organisation.as_str().into(),
            ),
            Column::both("组内职务", |_, line| Cell::text(line.post), |_, line| line.post.label().into()),
            Column::both("任职自", |_, line| Cell::text(line.from), |_, line| line.from.into()),
            Column::both("任职至", |_, line| Cell::or_missing(line.to), |_, line| line.to.into()),
            Column::both(
                "依据文件",
                |_, line| Cell::text(&line.document).note_of(line.ended_by.as_ref()),
                |_, line| line.document.as_str().into(),
            ),
            Column::file("离任文件", |_, line| line.ended_by.clone().into()),
            Column::page("办理", |_, line: &MemberLine| match line.to {
                None => Cell::link(format!("/leading-group/members/{}", line.id), "登记离任"),
                Some(_) => Cell::text("—"),
            })
            .when(|list| list.officer.may(Access::KeepLeadingGroup)),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let filter = MemberFilter {
            post: read(&parameters.post, "没有这种组内职务")?,
            on: read(&parameters.on, "日期应写成 YYYY-MM-DD")?,
        };
        Ok(MemberList { state: state.clone(), officer, filter })
    }

    async fn page(&self, position: Position<MemberKey>, size: u16) -> web::Result<Page<MemberLine, MemberKey>> {
        Ok(members::page(&self.state.pool, &self.officer.scope, &self.filter, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(members::total(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        self.render_with(state, view, Shown::default()).await
    }
}

impl FormBeside for MemberList {
    async fn render_with(&self, state: &AppState, view: View, form: Shown) -> web::Result<String> {
        let may_keep = self.officer.may(Access::KeepLeadingGroup);
        Ok(MembersPage { shell: self.officer.shell(state, "领导小组"), view, may_keep, form }.render()?)
    }
}

impl EntryBeside for MemberList {
    type New = NewMember;

    fn read_new(sent: &Sent, _: NaiveDate) -> Result<NewMember, Vec<Fault>> {
        let mut reader = Reader::default();
        let name = reader.text(sent.field("name", "姓名"));
        let organisation = reader.text(sent.field("organisation", "单位及职务"));
        let post = reader.needs::<Post>(sent.field("post", "组内职务"), "表中所列的职务");
        let from = reader.needs_day(sent.field("from", "任职自"));
        let document = reader.text(sent.field("document", "依据文件"));
        let all = name.zip(organisation).zip(post.zip(from)).zip(document);
        let new = all.map(|(((name, organisation), (post, from)), document)| NewMember {
            name,
            organisation,
            post,
            from,
            document,
        });
        reader.finish(new)
    }

    async fn enter(act: &Act, new: &NewMember) -> web::Result<()> {
        appoint(act, new).await?;
        Ok(())
    }
}

#[derive(Template)]
#[template(path = "leading_group/leaving.html")]
struct LeavingPage {
    shell: Shell,
    id: Uuid,
    form: Shown,
}

pub async fn leaving(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> web::Result<Response> {
    leaving_page(&state, &officer, id, Shown::default())
}

fn leaving_page(state: &AppState, officer: &Officer, id: Uuid, form: Shown) -> web::Result<Response> {
    let page = LeavingPage { shell: officer.shell(state, "登记离任"), id, form };
    form::page(page.form.status(), &page)
}

pub async fn release(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> web::Result<Response> {
    let mut reader = Reader::default();
    let last_day = reader.needs_day(sent.field("last_day", "任职至"));
    let document = reader.text(sent.field("document", "依据文件"));
    let faults = match reader.finish(last_day.zip(document)) {
        Ok((last_day, document)) => faults_of(released(&officer.act(&state), id, last_day, &document).await)?,
        Err(faults) => faults,
    };
    if faults.is_empty() {
        return Ok(Redirect::to("/leading-group").into_response());
    }
    leaving_page(&state, &officer, id, Shown::from(sent).with_faults(faults))
}
