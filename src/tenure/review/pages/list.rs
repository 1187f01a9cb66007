//! The list of reviews, by what they wait for.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::account::{Access, Department, Officer};
use crate::base::clock::china_time;
use crate::tenure::as_of::AsOf;
use crate::tenure::asked::given;
use crate::tenure::review::panel::Panels;
use crate::tenure::review::store::listing::{self, Entry, Wanted};
use crate::tenure::review::store::panels;
use crate::tenure::review::waiting::WaitsFor;
use crate::tenure::review::{ReviewKind, ReviewState};
use crate::web::list::{self, after};
use crate::web::{self, AppState, Error, Shell};

const PAGE: i64 = 50;
/// Open reviews looked through for what they wait for.
pub const MOST_OPEN: i64 = 2000;

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
#[template(path = "tenure/review/list.html")]
struct ListPage {
    shell: Shell,
    asked: Asked,
    as_of: AsOf,
    reviews: Vec<Entry>,
    panels: Panels,
    reader: Option<Department>,
    next: Option<(DateTime<Utc>, Uuid)>,
}

impl ListPage {
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

    /// Departments that have not spoken; nothing when none is waited for.
    fn missing(&self, review: &Entry) -> Option<String> {
        let open = review.as_open()?;
        let silent = open.panel(&self.panels).members.into_iter().filter(|it| !open.said.contains(&it.department));
        let names: Vec<&str> = silent.map(|member| member.department.label()).collect();
        Some(if names.is_empty() {
            "部门意见齐备，待作出结论".into()
        } else {
            format!("待{}意见", names.join("、"))
        })
    }
}

fn moment(at: &DateTime<Utc>) -> String {
    china_time(*at).format("%Y-%m-%d").to_string()
}

/// The department for which the reader speaks.
pub fn department_of(officer: &Officer) -> Option<Department> {
    officer.department.filter(|_| officer.may(Access::GiveOpinions))
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Query(asked): Query<Asked>,
) -> web::Result<Html<String>> {
    let (pool, scope, reader) = (&state.pool, &officer.scope, department_of(&officer));
    let as_of = AsOf::read(&asked.as_of, state.clock).map_err(Error::BadRequest)?;
    let panels = panels::panels(pool, scope).await?;
    let waiting = given(&asked.waiting)
        .map(|text| WaitsFor::parse(text).ok_or_else(|| Error::BadRequest("没有这种待办".into())))
        .transpose()?;
    let among = match waiting {
        Some(wanted) => {
            let open = listing::open(pool, scope, as_of.until, MOST_OPEN).await?.into_iter();
            Some(open.filter(|it| it.waits(&panels, wanted, reader)).map(|it| it.id).collect())
        }
        None => None,
    };
    let wanted = Wanted {
        state: given(&asked.state)
            .map(|text| ReviewState::parse(text).ok_or_else(|| Error::BadRequest("没有这种复核状态".into())))
            .transpose()?,
        kind: given(&asked.kind)
            .map(|text| ReviewKind::parse(text).ok_or_else(|| Error::BadRequest("没有这种复核".into())))
            .transpose()?,
        contract: given(&asked.contract),
        among,
        until: as_of.until,
        after: after(&asked.after)?,
        size: PAGE + 1,
    };
    let mut reviews = listing::list(pool, scope, &wanted).await?;
    let more = reviews.len() as i64 > PAGE;
    reviews.truncate(PAGE as usize);
    let next = reviews.last().filter(|_| more).map(|last| (last.opened_at, last.id));
    let shell = officer.shell(&state, "竣工与达产复核");
    Ok(Html(ListPage { shell, asked, as_of, reviews, panels, reader, next }.render()?))
}
