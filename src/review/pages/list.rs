//! The list of reviews, by what they wait for.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{Html, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::account::{Department, Officer};
use crate::base::clock::{china_day, china_time};
use crate::contract::as_of::AsOf;
use crate::exchange::sheet::Value;
use crate::review::panel::Panels;
use crate::review::queue::{department_of, waiting_among};
use crate::review::store::listing::{self, Entry, Wanted};
use crate::review::store::panels;
use crate::review::waiting::WaitsFor;
use crate::review::{ReviewKind, ReviewState};
use crate::web::list::{self, EXPORT_PAGE, Most, after, cut, given, whole};
use crate::web::{self, AppState, Error, Export, Shell};

const PAGE: usize = 50;

/// Opening and number of the last review of a page.
type Cursor = (DateTime<Utc>, Uuid);

/// What the list is asked.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Asked {
    pub state: String,
    pub kind: String,
    pub contract: String,
    /// `mine`, `opinions` or `conclusion`: open ones that wait for it.
    pub waiting: String,
    /// The day on whose evening in China the list is looked at.
    pub as_of: String,
    pub after: String,
}

impl list::Asked for Asked {
    fn fields(&self) -> Vec<(&'static str, &str)> {
        let Asked { state, kind, contract, waiting, as_of, .. } = self;
        vec![("state", state), ("kind", kind), ("waiting", waiting), ("contract", contract), ("as_of", as_of)]
    }
}

#[derive(Template)]
#[template(path = "review/list.html")]
struct ListPage {
    shell: Shell,
    asked: Asked,
    as_of: AsOf,
    reviews: Vec<Entry>,
    panels: Panels,
    reader: Option<Department>,
    next: Option<Cursor>,
}

impl ListPage {
    /// The address of the same list as a file, without its ending.
    fn file(&self) -> String {
        list::Asked::address(&self.asked, "after", "")
    }

    fn next(&self) -> Option<String> {
        list::Asked::next_page(&self.asked, self.next.as_ref())
    }

    fn states(&self) -> &'static [ReviewState] {
        ReviewState::ALL
    }

    fn kinds(&self) -> &'static [ReviewKind] {
        ReviewKind::ALL
    }

    fn waits(&self) -> impl Iterator<Item = &'static WaitsFor> {
        WaitsFor::ALL.iter().filter(|it| **it != WaitsFor::MyOpinion || self.reader.is_some())
    }

    fn missing(&self, review: &Entry) -> Option<String> {
        missing(review, &self.panels)
    }
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

fn moment(at: &DateTime<Utc>) -> String {
    china_time(*at).format("%Y-%m-%d").to_string()
}

/// What the list is made from.
struct Reading<'a> {
    state: &'a AppState,
    officer: &'a Officer,
    asked: &'a Asked,
    as_of: AsOf,
    panels: Panels,
    reader: Option<Department>,
}

impl<'a> Reading<'a> {
    async fn of(state: &'a AppState, officer: &'a Officer, asked: &'a Asked) -> web::Result<Self> {
        let as_of = AsOf::read(&asked.as_of, state.clock)?;
        let panels = panels::panels(&state.pool, &officer.scope).await?;
        Ok(Reading { state, officer, asked, as_of, panels, reader: department_of(officer) })
    }

    /// So many reviews after a cursor, the newest first, and where the next page begins.
    async fn fetch(&self, after: Option<Cursor>, size: usize) -> web::Result<(Vec<Entry>, Option<Cursor>)> {
        let asked = self.asked;
        let mut wanted = Wanted {
            state: given(&asked.state)
                .map(|text| ReviewState::parse(text).ok_or_else(|| Error::BadRequest("没有这种复核状态".into())))
                .transpose()?,
            kind: given(&asked.kind)
                .map(|text| ReviewKind::parse(text).ok_or_else(|| Error::BadRequest("没有这种复核".into())))
                .transpose()?,
            contract: given(&asked.contract),
            among: None,
            until: self.as_of.until,
            after,
            size: size as i64 + 1,
        };
        if let Some(text) = given(&asked.waiting) {
            let waits = WaitsFor::parse(text).ok_or_else(|| Error::BadRequest("没有这种待办".into()))?;
            wanted.among = Some(waiting_among(self.state, self.officer, &self.panels, waits, &wanted).await?);
        }
        let reviews = listing::list(&self.state.pool, &self.officer.scope, &wanted).await?;
        Ok(cut(reviews, size, |last| (last.opened_at, last.id)))
    }
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Query(asked): Query<Asked>,
) -> web::Result<Html<String>> {
    let reading = Reading::of(&state, &officer, &asked).await?;
    let (reviews, next) = reading.fetch(after(&asked.after)?, PAGE).await?;
    let Reading { as_of, panels, reader, .. } = reading;
    let (shell, asked) = (officer.shell(&state, "竣工与达产复核"), asked.clone());
    Ok(Html(ListPage { shell, asked, as_of, reviews, panels, reader, next }.render()?))
}

const HEADERS: [&str; 8] = ["合同编号", "种类", "状态", "结论", "复核日期", "发起日期", "发起人", "待办"];

/// Everything the filters leave, on the day of the list.
pub async fn export(
    State(state): State<AppState>,
    officer: Officer,
    Query(asked): Query<Asked>,
    file: Export,
) -> web::Result<Response> {
    let reading = &Reading::of(&state, &officer, &asked).await?;
    let reviews = whole(Most::MILLION, |after| reading.fetch(after, EXPORT_PAGE.into())).await?;
    let rows: Vec<Vec<Value>> = reviews.iter().map(|review| cells(review, &reading.panels)).collect();
    file.download(&reading.as_of.file_name("reviews"), "复核", &HEADERS, rows).await
}

fn cells(review: &Entry, panels: &Panels) -> Vec<Value> {
    vec![
        review.contract.as_str().into(),
        review.kind.label().into(),
        review.state.label().into(),
        review.outcome.map(|outcome| outcome.label()).into(),
        review.reviewed_on.into(),
        china_day(review.opened_at).into(),
        review.opened_by.as_str().into(),
        missing(review, panels).into(),
    ]
}
