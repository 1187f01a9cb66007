//! Two runs line by line.

use std::collections::BTreeMap;

use askama::Template;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::others::others;
use super::runs::{find, scheme_of};
use crate::account::list::Paths;
use crate::account::{List, Officer};
use crate::base::clock::china_minute;
use crate::codelist;
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::evaluation::difference::{Difference, between, in_words, signed};
use crate::evaluation::document::ResultDocument;
use crate::evaluation::flow::moves;
use crate::evaluation::moved::{Move, moved};
use crate::evaluation::present::{brief, category, grade_badge, move_badge};
use crate::evaluation::store::comparing::{self, Flow, Pair, PairFilter};
use crate::evaluation::store::runs::Run;
use crate::evaluation::store::runs::listing::RunLine;
use crate::exchange::sheet::Value;
use crate::web::list::{Cell, Column, Parameters, View, non_empty, read};
use crate::web::{self, AppState, Error, Shell};

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    /// The earlier run, or the one that was superseded.
    pub from: String,
    pub to: String,
    #[serde(rename = "move")]
    pub how: String,
    pub grade_from: String,
    pub grade_to: String,
    pub subdistrict: String,
    pub q: String,
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

pub struct CompareList {
    state: AppState,
    officer: Officer,
    before: Run,
    after: Run,
    filter: PairFilter,
    /// Indicators of both schemes.
    titles: BTreeMap<String, String>,
}

#[derive(Template)]
#[template(path = "evaluation/compare.html")]
struct ComparePage {
    shell: Shell,
    view: View,
    before: Run,
    after: Run,
    /// On the first page.
    moves: Vec<(Move, i64)>,
    flows: Vec<Flow>,
    grades_before: Vec<(String, String)>,
    grades_after: Vec<(String, String)>,
    subdistricts: Vec<codelist::Choice>,
    others: Vec<RunLine>,
}

impl ComparePage {
    fn from(&self) -> String {
        self.before.id.to_string()
    }

    fn to(&self) -> String {
        self.after.id.to_string()
    }

    /// How many went from one grade to another.
    fn flow(&self, from: &str, to: &str) -> i64 {
        let is = |flow: &&Flow| flow.from.as_deref() == Some(from) && flow.to.as_deref() == Some(to);
        self.flows.iter().find(is).map_or(0, |flow| flow.count)
    }
}

/// What a run is called beside another.
fn called(run: &Run) -> String {
    format!("{}年（{}{}）", run.head.year, if run.trial { "试评价，" } else { "" }, run.state)
}

fn result_of(json: Option<&sqlx::types::Json<ResultDocument>>) -> Option<&ResultDocument> {
    json.map(|json| &json.0)
}

impl CompareList {
    fn how(&self, pair: &Pair) -> Move {
        let place = |grades: &[String], result: Option<&ResultDocument>| {
            result.map(|it| grades.iter().position(|grade| *grade == it.grade).unwrap_or(grades.len()))
        };
        moved(
            place(&self.filter.grades_before, result_of(pair.before.as_ref())),
            place(&self.filter.grades_after, result_of(pair.after.as_ref())),
        )
    }

    fn difference(&self, pair: &Pair) -> Option<Difference> {
        let both = result_of(pair.before.as_ref()).zip(result_of(pair.after.as_ref()));
        both.map(|(before, after)| between(before, after))
    }

    fn title(&self, name: &str) -> String {
        self.titles.get(name).cloned().unwrap_or_else(|| name.to_owned())
    }

    fn why(&self, pair: &Pair) -> String {
        if let Some(why) = pair.left_out {
            return format!("未参评：{why}");
        }
        let ranks = (rank(pair.before.as_ref()), rank(pair.after.as_ref()));
        self.difference(pair).map_or_else(String::new, |it| in_words(&it, ranks, |name: &str| self.title(name)))
    }
}

type Kept = sqlx::types::Json<ResultDocument>;

fn rank(of: Option<&Kept>) -> Option<usize> {
    result_of(of).and_then(|result| result.rank)
}

fn score(of: Option<&Kept>) -> Value {
    result_of(of).map_or(Value::Empty, |it| it.score.parse().map_or(Value::Text(it.score.clone()), Value::Decimal))
}

fn grade(of: Option<&Kept>) -> Option<String> {
    result_of(of).map(|result| result.grade.clone())
}

fn places_gained(pair: &Pair) -> Option<i64> {
    let number = |rank: usize| i64::try_from(rank).ok();
    Some(number(rank(pair.before.as_ref())?)? - number(rank(pair.after.as_ref())?)?)
}

fn both(before: Option<String>, after: Option<String>) -> String {
    let or_missing = |text: Option<String>| text.unwrap_or_else(|| "—".to_owned());
    format!("{} → {}", or_missing(before), or_missing(after))
}

fn score_cell(list: &CompareList, pair: &Pair) -> Cell {
    let brief = |of: Option<&Kept>| result_of(of).map(|result| brief(&result.score, 2));
    let cell = Cell::text(both(brief(pair.before.as_ref()), brief(pair.after.as_ref())));
    cell.note_of(list.difference(pair).map(|difference| signed(&difference.score)))
}

fn rank_cell(_: &CompareList, pair: &Pair) -> Cell {
    let text = |of: Option<&Kept>| rank(of).map(|rank| rank.to_string());
    let cell = Cell::text(both(text(pair.before.as_ref()), text(pair.after.as_ref())));
    let gained = places_gained(pair).filter(|gained| *gained != 0);
    cell.note_of(gained.map(|gained| if gained > 0 { format!("前进{gained}名") } else { format!("后退{}名", -gained) }))
}

fn grade_cell(_: &CompareList, pair: &Pair) -> Cell {
    let badge = |cell: Cell, grade: Option<String>| match grade {
        Some(grade) => cell.and_badge(grade_badge(&grade), grade),
        None => cell.and("", "—"),
    };
    let cell = badge(Cell::default(), grade(pair.before.as_ref())).and("", " → ");
    badge(cell, grade(pair.after.as_ref()))
}

impl List for CompareList {
    type Parameters = ListParameters;
    type Row = Pair;
    type Key = String;

    const PATHS: Paths = crate::list_paths!("/evaluation/compare");
    const SHEET: &'static str = "两次评价对比";

    fn columns() -> Vec<Column<Self, Pair>> {
        vec![
            Column::both(
                "企业名称",
                |list: &CompareList, pair: &Pair| {
                    let run = if pair.after.is_some() { list.after.id } else { list.before.id };
                    Cell::link(format!("/evaluation/runs/{run}/{}", pair.key), &pair.name).note(&pair.key)
                },
                |_, pair: &Pair| pair.name.as_str().into(),
            ),
            Column::file("统一社会信用代码", |_, pair: &Pair| pair.key.as_str().into()),
            Column::file("街道代码", |_, pair: &Pair| pair.subdistrict.clone().into()),
            Column::both(
                "排名组",
                |_, pair: &Pair| Cell::text(&pair.ranking_group),
                |_, pair: &Pair| pair.ranking_group.as_str().into(),
            ),
            Column::both(
                "变动",
                |list: &CompareList, pair: &Pair| {
                    let how = list.how(pair);
                    Cell::badge(move_badge(&how), how)
                },
                |list: &CompareList, pair: &Pair| list.how(pair).label().into(),
            ),
            Column::page("评级", grade_cell),
            Column::file("原评级", |_, pair: &Pair| grade(pair.before.as_ref()).into()),
            Column::file("现评级", |_, pair: &Pair| grade(pair.after.as_ref()).into()),
            Column::page("得分（分）", score_cell).number(),
            Column::file("原得分（分）", |_, pair: &Pair| score(pair.before.as_ref())),
            Column::file("现得分（分）", |_, pair: &Pair| score(pair.after.as_ref())),
            Column::file("得分差（分）", |list: &CompareList, pair: &Pair| match list.difference(pair) {
                Some(it) => it.score.parse().map_or(Value::Text(it.score.clone()), Value::Decimal),
                None => Value::Empty,
            }),
            Column::page("组内名次", rank_cell).number(),
            Column::file("原名次", |_, pair: &Pair| number(rank(pair.before.as_ref()))),
            Column::file("现名次", |_, pair: &Pair| number(rank(pair.after.as_ref()))),
            Column::file("名次前进", |_, pair: &Pair| places_gained(pair).into()),
            Column::both(
                "主要原因",
                |list: &CompareList, pair: &Pair| Cell::text(list.why(pair)),
                |list: &CompareList, pair: &Pair| list.why(pair).into(),
            ),
        ]
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let id = |text: &str| -> web::Result<Uuid> {
            text.parse().map_err(|_| Error::NotFound("请从评价核算的页面选择要对比的两次核算".into()))
        };
        let before = find(state, &officer, id(&parameters.from)?).await?;
        let after = find(state, &officer, id(&parameters.to)?).await?;
        if before.head.category != after.head.category {
            return Err(Error::BadRequest("两次核算的类别不同，不能逐家对比".into()));
        }
        let mut titles = BTreeMap::new();
        for run in [&before, &after] {
            let scheme = scheme_of(state, &officer, run).await?;
            titles.extend(scheme.indicators.into_iter().map(|it| (it.indicator, it.title)));
        }
        let text = |text: &str| non_empty(text).map(str::to_owned);
        let filter = PairFilter {
            before: before.id,
            after: after.id,
            grades_before: before.head.grades.iter().map(|(grade, _)| grade.clone()).collect(),
            grades_after: after.head.grades.iter().map(|(grade, _)| grade.clone()).collect(),
            how: read(&parameters.how, "没有这种变动")?,
            from: text(&parameters.grade_from),
            to: text(&parameters.grade_to),
            subdistrict: text(&parameters.subdistrict),
            text: text(&parameters.q),
        };
        Ok(CompareList { state: state.clone(), officer, before, after, filter, titles })
    }

    async fn page(&self, position: Position<String>, size: u16) -> web::Result<Page<Pair, String>> {
        Ok(comparing::pairs(&self.state.pool, &self.officer.scope, &self.filter, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(comparing::total_pairs(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        let CompareList { officer, before, after, filter, .. } = self;
        // Counted once, above the first page.
        let flows = match view.previous {
            None => comparing::flows(&state.pool, &officer.scope, before.id, after.id).await?,
            Some(_) => Vec::new(),
        };
        let own = |grades: &[String]| grades.iter().map(|grade| (grade.clone(), grade.clone())).collect();
        let page = ComparePage {
            shell: officer.shell(state, format!("{}评价对比", category(&after.head.category))),
            view,
            moves: if flows.is_empty() {
                Vec::new()
            } else {
                moves(&flows, &filter.grades_before, &filter.grades_after)
            },
            flows,
            grades_before: own(&filter.grades_before),
            grades_after: own(&filter.grades_after),
            subdistricts: codelist::subdistricts(&state.pool, &officer.scope, state.clock.today()).await?,
            others: others(state, officer, after).await?,
            before: before.clone(),
            after: after.clone(),
        };
        Ok(page.render()?)
    }

    fn file_name(&self) -> String {
        let head = &self.after.head;
        format!("evaluation-compare-{}-{}-{}", head.category, self.before.head.year, head.year)
    }
}

fn number(rank: Option<usize>) -> Value {
    rank.and_then(|rank| i64::try_from(rank).ok()).into()
}
