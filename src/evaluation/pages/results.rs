//! What a run came to, enterprise by enterprise.

use askama::Template;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::runs::find;
use crate::account::list::Paths;
use crate::account::{List, Officer};
use crate::codelist;
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::evaluation::moved::{Move, moved};
use crate::evaluation::present::{brief, category, grade_badge};
use crate::evaluation::store::runs::listing::{self, ResultFilter, ResultKey, ResultLine};
use crate::evaluation::store::runs::{self, Run};
use crate::exchange::sheet::Value;
use crate::web::list::{Cell, Column, Parameters, View, non_empty, read};
use crate::web::{self, AppState, Error, Shell};

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    pub run: String,
    pub grade: String,
    pub group: String,
    pub subdistrict: String,
    /// `1`: only those with a veto.
    pub vetoed: String,
    /// `1`: only those whose grade is not what the ranking alone gave.
    pub moved: String,
    /// Division of GB/T 4754.
    pub industry: String,
    /// How it stands beside the official run of the year before.
    pub against: String,
    pub q: String,
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

pub struct ResultList {
    state: AppState,
    officer: Officer,
    run: Run,
    filter: ResultFilter,
}

#[derive(Template)]
#[template(path = "evaluation/results.html")]
struct ResultsPage {
    shell: Shell,
    view: View,
    run: Uuid,
    grades: Vec<(String, String)>,
    groups: Vec<(String, String)>,
    subdistricts: Vec<codelist::Choice>,
    divisions: Vec<(String, String)>,
    /// Whether there is an official run of the year before.
    has_previous: bool,
    left_out: usize,
}

impl List for ResultList {
    type Parameters = ListParameters;
    type Row = ResultLine;
    type Key = ResultKey;

    const PATHS: Paths = crate::list_paths!("/evaluation/results");
    const SHEET: &'static str = "评价结果";

    fn columns() -> Vec<Column<Self, ResultLine>> {
        vec![
            Column::both(
                "排名组",
                |_, line: &ResultLine| Cell::text(&line.ranking_group),
                |_, line: &ResultLine| line.ranking_group.as_str().into(),
            ),
            Column::both(
                "名次",
                |_, line: &ResultLine| Cell::or_missing(line.rank),
                |_, line: &ResultLine| line.rank.map(i64::from).into(),
            )
            .number(),
            Column::both(
                "企业名称",
                |list: &ResultList, line: &ResultLine| {
                    Cell::link(format!("/evaluation/runs/{}/{}", list.run.id, line.key), &line.name).note(&line.key)
                },
                |_, line: &ResultLine| line.name.as_str().into(),
            ),
            Column::file("统一社会信用代码", |_, line: &ResultLine| line.key.as_str().into()),
            Column::file("街道代码", |_, line: &ResultLine| line.subdistrict.clone().into()),
            Column::file("行业代码", |_, line: &ResultLine| line.industry.clone().into()),
            Column::both(
                "得分（分）",
                |_, line: &ResultLine| Cell::text(brief(&line.score, 2)),
                |_, line: &ResultLine| line.score.parse().map_or(Value::Text(line.score.clone()), Value::Decimal),
            )
            .number(),
            Column::both(
                "评级",
                |_, line: &ResultLine| {
                    let cell = Cell::badge(grade_badge(&line.grade), &line.grade);
                    if line.grade == line.first_grade {
                        cell
                    } else {
                        cell.note(format!("初评 {}", line.first_grade))
                    }
                },
                |_, line: &ResultLine| line.grade.as_str().into(),
            ),
            Column::both(
                "上年评级",
                |list: &ResultList, line: &ResultLine| list.beside(line),
                |_, line: &ResultLine| line.previous_grade.clone().into(),
            )
            .when(|list| list.filter.previous.is_some()),
            Column::file("初评", |_, line: &ResultLine| line.first_grade.as_str().into()),
            Column::file("自动评级", |_, line: &ResultLine| line.automatic_grade.as_str().into()),
            Column::both(
                "一票否决",
                |_, line: &ResultLine| if line.vetoed { Cell::badge("bg-red-lt", "有") } else { Cell::text("—") },
                |_, line: &ResultLine| if line.vetoed { "有" } else { "无" }.into(),
            ),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let id = parameters.run.parse().map_err(|_| Error::NotFound("请从评价核算的页面打开结果清单".into()))?;
        let run = find(state, &officer, id).await?;
        let text = |text: &str| non_empty(text).map(str::to_owned);
        let mut connection = state.pool.acquire().await?;
        let previous = runs::official(&mut connection, &officer.scope, &run.head.category, run.head.year - 1).await?;
        drop(connection);
        let against: Option<Move> = read(&parameters.against, "没有这种变动")?;
        let grades: Vec<String> = run.head.grades.iter().map(|(grade, _)| grade.clone()).collect();
        let filter = ResultFilter {
            run: id,
            grade: text(&parameters.grade),
            group: text(&parameters.group),
            subdistrict: text(&parameters.subdistrict),
            vetoed: non_empty(&parameters.vetoed).is_some(),
            moved: non_empty(&parameters.moved).is_some(),
            industry: text(&parameters.industry),
            previous: previous.filter(|previous| *previous != id),
            against: against.map(|how| (grades, how)),
            text: text(&parameters.q),
        };
        Ok(ResultList { state: state.clone(), officer, run, filter })
    }

    async fn page(&self, position: Position<ResultKey>, size: u16) -> web::Result<Page<ResultLine, ResultKey>> {
        Ok(listing::results(&self.state.pool, &self.officer.scope, &self.filter, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(listing::total_results(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        let head = &self.run.head;
        let own = |text: &String| (text.clone(), text.clone());
        let mut groups: Vec<(String, String)> = head.quotas.iter().map(|quota| own(&quota.group)).collect();
        groups.dedup();
        let page = ResultsPage {
            shell: self.officer.shell(state, format!("{}年{}评价结果", head.year, category(&head.category))),
            view,
            run: self.run.id,
            grades: head.grades.iter().map(|(grade, _)| own(grade)).collect(),
            groups,
            divisions: divisions(),
            has_previous: self.filter.previous.is_some(),
            left_out: head.left_out.iter().map(|(_, count)| count).sum(),
            subdistricts: codelist::subdistricts(&state.pool, &self.officer.scope, state.clock.today()).await?,
        };
        Ok(page.render()?)
    }

    fn file_name(&self) -> String {
        format!("evaluation-{}-{}", self.run.head.category, self.run.head.year)
    }
}

impl ResultList {
    /// The grade of the year before, and which way it went since.
    fn beside(&self, line: &ResultLine) -> Cell {
        let Some(previous) = &line.previous_grade else { return Cell::text("—") };
        let place = |grade: &str| self.run.head.grades.iter().position(|(other, _)| other == grade);
        let cell = Cell::badge(grade_badge(previous), previous);
        match moved(place(previous), place(&line.grade)) {
            how @ (Move::Up | Move::Down) => cell.note(how),
            _ => cell,
        }
    }
}

/// The divisions of GB/T 4754-2017 from the code list: no register is asked which it holds.
fn divisions() -> Vec<(String, String)> {
    let of_level = codelist::industries().iter().filter(|row| row.level == 2);
    of_level.map(|row| (row.code.clone(), format!("{} {}", row.code, row.name))).collect()
}

/// What the list offers of [`Move`]: whoever left is not in it.
const AGAINST: &[Move] = &[Move::Up, Move::Down, Move::Same, Move::Entered];
