//! Whoever a run leaves out, and why.

use askama::Template;
use serde::{Deserialize, Serialize};

use super::runs::find;
use crate::account::list::Paths;
use crate::account::{List, Officer};
use crate::codelist;
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::evaluation::LeftOut;
use crate::evaluation::present::{category, figure};
use crate::evaluation::store::left_out::{self, LeftOutFilter, LeftOutKey, LeftOutLine};
use crate::evaluation::store::runs::Run;
use crate::exchange::sheet::Value;
use crate::policy::scheme::fact::YearFact;
use crate::web::list::{Cell, Column, Parameters, View, non_empty, read};
use crate::web::{self, AppState, Error, Shell};

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    pub run: String,
    pub why: String,
    pub subdistrict: String,
    pub q: String,
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

pub struct LeftOutList {
    state: AppState,
    officer: Officer,
    run: Run,
    filter: LeftOutFilter,
}

#[derive(Template)]
#[template(path = "evaluation/left_out.html")]
struct LeftOutPage {
    shell: Shell,
    view: View,
    run: Run,
    subdistricts: Vec<codelist::Choice>,
}

/// The names of what is not on record.
fn missing(line: &LeftOutLine) -> Vec<String> {
    let missing = line.detail.facts.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| name);
    missing.map(|name| YearFact::of_code(name).map_or(name.clone(), |fact| fact.label().to_owned())).collect()
}

fn land(line: &LeftOutLine) -> Option<&String> {
    line.detail.facts.get("land_mu").and_then(Option::as_ref)
}

impl List for LeftOutList {
    type Parameters = ListParameters;
    type Row = LeftOutLine;
    type Key = LeftOutKey;

    const PATHS: Paths = crate::list_paths!("/evaluation/left-out");
    const SHEET: &'static str = "未参评";

    fn columns() -> Vec<Column<Self, LeftOutLine>> {
        vec![
            Column::both(
                "企业名称",
                |_, line: &LeftOutLine| Cell::link(format!("/enterprises/{}", line.key), &line.name).note(&line.key),
                |_, line: &LeftOutLine| line.name.as_str().into(),
            ),
            Column::file("统一社会信用代码", |_, line: &LeftOutLine| line.key.as_str().into()),
            Column::file("街道代码", |_, line: &LeftOutLine| line.subdistrict.clone().into()),
            Column::both(
                "未参评原因",
                |_, line: &LeftOutLine| Cell::text(line.why),
                |_, line: &LeftOutLine| line.why.label().into(),
            ),
            Column::both(
                "用地（亩）",
                |_, line: &LeftOutLine| Cell::or_missing(land(line).map(|land| figure(land))),
                |_, line: &LeftOutLine| land(line).map_or(Value::Empty, |land| Value::Text(land.clone())),
            )
            .number(),
            Column::both(
                "缺报数据项",
                |_, line: &LeftOutLine| {
                    Cell::or_missing(Some(missing(line).join("、")).filter(|text| !text.is_empty()))
                },
                |_, line: &LeftOutLine| missing(line).join("、").into(),
            ),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let id = parameters.run.parse().map_err(|_| Error::NotFound("请从评价核算的页面打开未参评清单".into()))?;
        let run = find(state, &officer, id).await?;
        let text = |text: &str| non_empty(text).map(str::to_owned);
        let filter = LeftOutFilter {
            run: id,
            why: read(&parameters.why, "没有这种原因")?,
            subdistrict: text(&parameters.subdistrict),
            text: text(&parameters.q),
        };
        Ok(LeftOutList { state: state.clone(), officer, run, filter })
    }

    async fn page(&self, position: Position<LeftOutKey>, size: u16) -> web::Result<Page<LeftOutLine, LeftOutKey>> {
        Ok(left_out::page(&self.state.pool, &self.officer.scope, &self.filter, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(left_out::total(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        let head = &self.run.head;
        let page = LeftOutPage {
            shell: self.officer.shell(state, format!("{}年{}未参评企业", head.year, category(&head.category))),
            view,
            run: self.run.clone(),
            subdistricts: codelist::subdistricts(&state.pool, &self.officer.scope, state.clock.today()).await?,
        };
        Ok(page.render()?)
    }

    fn file_name(&self) -> String {
        format!("evaluation-left-out-{}-{}", self.run.head.category, self.run.head.year)
    }
}
