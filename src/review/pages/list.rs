//! The list of reviews, by what they wait for.

use askama::Template;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::account::list::Paths;
use crate::account::{Department, List, Officer};
use crate::base::clock::china_day;
use crate::contract::as_of::AsOf;
use crate::db::count::{MAX_COUNTED, Total};
use crate::db::keyset::{Page, Position};
use crate::review::panel::Panels;
use crate::review::queue::{department_of, waiting_among};
use crate::review::store::listing::{self, Entry, Wanted};
use crate::review::store::panels;
use crate::review::waiting::WaitsFor;
use crate::review::{ReviewKind, ReviewState};
use crate::web::list::{Cell, Column, Parameters, View, non_empty, read};
use crate::web::{self, AppState, Shell};

/// Opening and number of the last review of a page.
type Cursor = (DateTime<Utc>, Uuid);

/// The query parameters of the list.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    pub state: String,
    pub kind: String,
    /// `mine`, `opinions` or `conclusion`: open ones that wait for it.
    pub waiting: String,
    pub contract: String,
    /// The day on whose evening in China the list is looked at.
    pub as_of: String,
    pub after: String,
}

impl Parameters for ListParameters {}

/// The list as somebody asks for it.
pub struct ReviewList {
    state: AppState,
    officer: Officer,
    as_of: AsOf,
    panels: Panels,
    review_state: Option<ReviewState>,
    kind: Option<ReviewKind>,
    contract: Option<String>,
    waits: Option<WaitsFor>,
}

#[derive(Template)]
#[template(path = "review/list.html")]
struct ListPage {
    shell: Shell,
    view: View,
    as_of: AsOf,
    reader: Option<Department>,
}

impl ListPage {
    fn waits(&self) -> Vec<&'static WaitsFor> {
        WaitsFor::ALL.iter().filter(|it| **it != WaitsFor::MyOpinion || self.reader.is_some()).collect()
    }
}

impl List for ReviewList {
    type Parameters = ListParameters;
    type Row = Entry;
    type Key = Cursor;

    const PATHS: Paths = crate::list_paths!("/reviews");
    const SHEET: &'static str = "复核";

    fn columns() -> Vec<Column<Self, Entry>> {
        vec![
            Column::both(
                "合同编号",
                |_, review| Cell::link(format!("/reviews/{}", review.id), &review.contract),
                |_, review| review.contract.as_str().into(),
            ),
            Column::both("种类", |_, review| Cell::text(review.kind), |_, review| review.kind.label().into()),
            Column::both("状态", |_, review| standing(review), |_, review| review.state.label().into()),
            Column::file("结论", |_, review| review.outcome.map(|outcome| outcome.label()).into()),
            Column::file("复核日期", |_, review| review.reviewed_on.into()),
            Column::both(
                "发起日期",
                |_, review| Cell::text(china_day(review.opened_at)).note(&review.opened_by),
                |_, review| china_day(review.opened_at).into(),
            ),
            Column::file("发起人", |_, review| review.opened_by.as_str().into()),
            Column::both(
                "待办",
                |list, review| Cell::or_missing(missing(review, &list.panels)),
                |list, review| missing(review, &list.panels).into(),
            ),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        Ok(ReviewList {
            as_of: AsOf::read(&parameters.as_of, state.clock)?,
            panels: panels::panels(&state.pool, &officer.scope).await?,
            review_state: read(&parameters.state, "没有这种复核状态")?,
            kind: read(&parameters.kind, "没有这种复核")?,
            contract: non_empty(&parameters.contract).map(str::to_owned),
            waits: read(&parameters.waiting, "没有这种待办")?,
            state: state.clone(),
            officer,
        })
    }

    async fn page(&self, position: Position<Cursor>, size: u16) -> web::Result<Page<Entry, Cursor>> {
        let (after, back) = (position.key().copied(), position.is_back());
        let mut wanted = Wanted { after, back, size: i64::from(size) + 1, ..self.wanted() };
        if let Some(waits) = self.waits {
            wanted.among = Some(waiting_among(&self.state, &self.officer, &self.panels, waits, &wanted).await?);
        }
        let reviews = listing::list(&self.state.pool, &self.officer.scope, &wanted).await?;
        Ok(position.paginate(reviews, size.into(), |review| (review.opened_at, review.id)))
    }

    async fn total(&self) -> web::Result<Total> {
        let Some(waits) = self.waits else {
            return Ok(listing::total(&self.state.pool, &self.officer.scope, &self.wanted()).await?);
        };
        let wanted = Wanted { size: MAX_COUNTED + 1, ..self.wanted() };
        let waiting = waiting_among(&self.state, &self.officer, &self.panels, waits, &wanted).await?;
        Ok(Total::of(waiting.len() as i64))
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        let (shell, reader) = (self.officer.shell(state, "竣工与达产复核"), department_of(&self.officer));
        Ok(ListPage { shell, view, as_of: self.as_of, reader }.render()?)
    }

    /// A past day is part of it.
    fn file_name(&self) -> String {
        self.as_of.file_name("reviews")
    }
}

impl ReviewList {
    fn wanted(&self) -> Wanted<'_> {
        Wanted {
            state: self.review_state,
            kind: self.kind,
            contract: self.contract.as_deref(),
            until: self.as_of.until,
            ..Wanted::default()
        }
    }
}

fn standing(review: &Entry) -> Cell {
    let cell = Cell::badge("bg-blue-lt", review.state);
    let cell = match review.outcome {
        Some(outcome) => cell.and("", outcome),
        None => cell,
    };
    cell.note_of(review.reviewed_on)
}

/// Departments that have not spoken; nothing when none is waited for.
fn missing(review: &Entry, panels: &Panels) -> Option<String> {
    let open = review.as_open()?;
    let silent = open.panel(panels).members.into_iter().filter(|it| !open.said.contains(&it.department));
    let names: Vec<&str> = silent.map(|member| member.department.label()).collect();
    Some(if names.is_empty() {
        "部门意见齐备，待作出结论".into()
    } else {
        format!("待{}意见", names.join("、"))
    })
}
