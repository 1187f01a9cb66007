//! Pictures of a run: how the scores lie, who went from which grade to which, and where. Each has its table behind it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::runs::find;
use crate::account::Officer;
use crate::codelist;
use crate::evaluation::RunState;
use crate::evaluation::present::{brief, category, grade_badge};
use crate::evaluation::store::comparing::{self, Flow};
use crate::evaluation::store::pictures::{self, Bin, GroupBox, Pair, PlaceCount};
use crate::evaluation::store::runs::Run;
use crate::evaluation::store::sheet::OfficialYear;
use crate::web::{self, AppState, Shell};

/// Years before the run that the flow goes through at most.
const YEARS: i64 = 5;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Which {
    run: Uuid,
}

#[derive(Template)]
#[template(path = "evaluation/pictures.html")]
struct PicturesPage {
    shell: Shell,
    run: Run,
    boxes: Vec<GroupBox>,
    bins: Vec<(i64, Vec<i64>)>,
    matrix: Vec<Row>,
    stages: Vec<Stage>,
    /// Since the official run before, by the grade now; none where there was none before.
    changes: Option<(i32, Vec<Change>)>,
    grades: Vec<String>,
    /// JSON in which no `<` is left.
    data: BTreeMap<&'static str, String>,
}

/// A sub-district with its counts by grade.
struct Row {
    code: Option<String>,
    name: String,
    counts: Vec<i64>,
}

impl Row {
    fn total(&self) -> i64 {
        self.counts.iter().sum()
    }
}

/// How many of a grade have a higher score than before, the same, a lower one.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    grade: String,
    higher: i64,
    same: i64,
    lower: i64,
}

/// What went on between two runs that follow each other.
struct Stage {
    before: (i32, Uuid),
    after: (i32, Uuid),
    flows: Vec<Flow>,
}

impl PicturesPage {
    /// The map shows official results.
    fn is_official(&self) -> bool {
        self.run.state == RunState::Official
    }

    fn json(&self, name: &str) -> &str {
        self.data.get(name).map_or("null", String::as_str)
    }

    fn grade(&self, at: &usize) -> &str {
        self.grades.get(*at).map_or("", String::as_str)
    }
}

/// Whole percent, half up.
fn percent(count: &i64, of: i64) -> String {
    let share = Decimal::from(*count) * Decimal::ONE_HUNDRED / Decimal::from(of.max(1));
    share.round_dp_with_strategy(1, rust_decimal::RoundingStrategy::MidpointAwayFromZero).normalize().to_string()
}

fn points(score: &Decimal) -> String {
    brief(&score.to_string(), 2)
}

/// For drawing alone.
fn drawn(score: &Decimal) -> f64 {
    score.to_f64().unwrap_or_default()
}

/// No text can end the element that holds it.
fn embedded(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

fn ranked_or(grade: Option<&String>) -> String {
    grade.cloned().unwrap_or_else(|| "未参评".to_owned())
}

/// A line over the years.
pub(super) fn trend(years: &[OfficialYear]) -> String {
    let score = |it: &OfficialYear| it.score.parse::<Decimal>().ok().as_ref().map(drawn);
    embedded(&json!({
        "kind": "trend",
        "years": years.iter().map(|it| it.year).collect::<Vec<_>>(),
        "scores": years.iter().map(score).collect::<Vec<_>>(),
        "grades": years.iter().map(|it| it.grade.as_str()).collect::<Vec<_>>(),
    }))
}

fn box_data(boxes: &[GroupBox]) -> Value {
    let numbers = |it: &GroupBox| [&it.least, &it.lower, &it.median, &it.upper, &it.most].map(drawn);
    json!({ "kind": "boxes", "names": boxes.iter().map(|it| it.group.as_str()).collect::<Vec<_>>(),
        "boxes": boxes.iter().map(numbers).collect::<Vec<_>>() })
}

/// Bins without a gap, each with its counts by grade.
fn filled(bins: &[Bin], grades: &[String]) -> Vec<(i64, Vec<i64>)> {
    let Some((first, last)) = bins.first().zip(bins.last()) else { return Vec::new() };
    let count = |from: i64, grade: &String| {
        bins.iter().filter(|bin| bin.from == from && bin.grade == *grade).map(|bin| bin.count).sum()
    };
    let steps = (first.from..=last.from).step_by(10);
    steps.map(|from| (from, grades.iter().map(|grade| count(from, grade)).collect())).collect()
}

fn bars(names: &[String], grades: &[String], counts: &[&Vec<i64>], share: bool) -> Value {
    let of_grade = |at: usize| counts.iter().map(|row| row.get(at).copied().unwrap_or_default()).collect::<Vec<_>>();
    let series = |(at, grade): (usize, &String)| json!({ "name": grade, "values": of_grade(at) });
    json!({ "kind": if share { "shares" } else { "histogram" }, "names": names,
        "series": grades.iter().enumerate().map(series).collect::<Vec<_>>() })
}

fn flow_data(stages: &[Stage]) -> Value {
    let node = |year: i32, grade: Option<&String>| format!("{year} {}", ranked_or(grade));
    let mut nodes: Vec<String> = Vec::new();
    let mut links = Vec::new();
    for stage in stages {
        for flow in &stage.flows {
            let ends = [node(stage.before.0, flow.from.as_ref()), node(stage.after.0, flow.to.as_ref())];
            nodes.extend(ends.iter().filter(|end| !nodes.contains(end)).cloned().collect::<Vec<_>>());
            links.push(json!({ "source": ends[0], "target": ends[1], "value": flow.count }));
        }
    }
    json!({ "kind": "flow", "nodes": nodes, "links": links })
}

async fn stages(state: &AppState, officer: &Officer, run: &Run) -> web::Result<Vec<Stage>> {
    let (pool, scope) = (&state.pool, &officer.scope);
    let mut runs = pictures::official_before(pool, scope, &run.head.category, run.head.year, YEARS).await?;
    runs.push((run.head.year, run.id));
    let mut stages = Vec::new();
    // At most YEARS of them.
    for pair in runs.windows(2) {
        let flows = comparing::flows(pool, scope, pair[0].1, pair[1].1).await?;
        stages.push(Stage { before: pair[0], after: pair[1], flows });
    }
    Ok(stages)
}

fn changes(pairs: &[Pair], grades: &[String]) -> Vec<Change> {
    let one = |grade: &String| {
        let of: Vec<&Pair> = pairs.iter().filter(|pair| pair.grade == *grade).collect();
        let (count, higher, lower): (i64, i64, i64) = (
            of.iter().map(|pair| pair.count).sum(),
            of.iter().map(|pair| pair.higher).sum(),
            of.iter().map(|pair| pair.lower).sum(),
        );
        Change { grade: grade.clone(), higher, same: count - higher - lower, lower }
    };
    grades.iter().map(one).collect()
}

fn pair_data(before: i32, now: i32, pairs: &[Pair]) -> Value {
    let point = |it: &Pair| json!([it.before, it.now, it.count, it.grade]);
    json!({ "kind": "scatter", "before": before, "now": now, "points": pairs.iter().map(point).collect::<Vec<_>>() })
}

fn rows(counts: &[PlaceCount], grades: &[String], names: &BTreeMap<String, String>) -> Vec<Row> {
    let mut rows: BTreeMap<(bool, Option<String>), Vec<i64>> = BTreeMap::new();
    for count in counts {
        let row = rows.entry((count.subdistrict.is_none(), count.subdistrict.clone()));
        let row = row.or_insert_with(|| vec![0; grades.len()]);
        if let Some(at) = grades.iter().position(|grade| *grade == count.grade) {
            row[at] += count.count;
        }
    }
    let name = |code: &Option<String>| match code {
        Some(code) => names.get(code).unwrap_or(code).clone(),
        None => "街道不明".to_owned(),
    };
    rows.into_iter().map(|((_, code), counts)| Row { name: name(&code), code, counts }).collect()
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Query(which): Query<Which>,
) -> web::Result<Html<String>> {
    let run = find(&state, &officer, which.run).await?;
    let (pool, scope) = (&state.pool, &officer.scope);
    let grades: Vec<String> = run.head.grades.iter().map(|(grade, _)| grade.clone()).collect();
    let boxes = pictures::boxes(pool, scope, run.id).await?;
    let bins = filled(&pictures::bins(pool, scope, run.id).await?, &grades);
    let day = crate::annual::deciding_day(run.head.year);
    let named = codelist::subdistricts(pool, scope, day).await?.into_iter().chain(
        // Of those that were renamed since, the code that is kept now.
        codelist::subdistricts(pool, scope, state.clock.today()).await?,
    );
    let names: BTreeMap<String, String> = named.map(|choice| (choice.code, choice.name)).collect();
    let matrix = rows(&pictures::by_place(pool, scope, run.id).await?, &grades, &names);
    let stages = stages(&state, &officer, &run).await?;
    let (pairs, last) = match stages.last() {
        Some(stage) => (pictures::pairs(pool, scope, (stage.before.1, run.id)).await?, Some(stage.before.0)),
        None => (Vec::new(), None),
    };
    let bin_names: Vec<String> = bins.iter().map(|(from, _)| format!("{from}–{}", from + 10)).collect();
    let place_names: Vec<String> = matrix.iter().map(|row| row.name.clone()).collect();
    let data = [
        ("boxes", box_data(&boxes)),
        ("bins", bars(&bin_names, &grades, &bins.iter().map(|(_, counts)| counts).collect::<Vec<_>>(), false)),
        ("places", bars(&place_names, &grades, &matrix.iter().map(|row| &row.counts).collect::<Vec<_>>(), true)),
        ("flow", flow_data(&stages)),
        ("pairs", last.map_or(Value::Null, |last| pair_data(last, run.head.year, &pairs))),
    ];
    let page = PicturesPage {
        shell: officer.shell(&state, format!("{}年{}评价图表", run.head.year, category(&run.head.category))),
        data: data.into_iter().map(|(name, value)| (name, embedded(&value))).collect(),
        run,
        boxes,
        bins,
        matrix,
        stages,
        changes: last.map(|year| (year, changes(&pairs, &grades))),
        grades,
    };
    Ok(Html(page.render()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grades() -> Vec<String> {
        ["A", "B"].map(str::to_owned).into()
    }

    #[test]
    fn bins_have_no_gap_and_keep_their_counts() {
        let bin = |from: i64, grade: &str, count: i64| Bin { from, grade: grade.to_owned(), count };
        let filled = filled(&[bin(-10, "B", 2), bin(20, "A", 3), bin(20, "B", 1)], &grades());
        assert_eq!(filled, [(-10, vec![0, 2]), (0, vec![0, 0]), (10, vec![0, 0]), (20, vec![3, 1])]);
        assert_eq!(super::filled(&[], &grades()), []);
    }

    #[test]
    fn each_year_has_its_own_nodes_and_nobody_is_left_out_of_a_flow() {
        let flow = |from: Option<&str>, to: Option<&str>, count| Flow {
            from: from.map(str::to_owned),
            to: to.map(str::to_owned),
            count,
        };
        let stage = |before: i32, flows: Vec<Flow>| Stage {
            before: (before, Uuid::nil()),
            after: (before + 1, Uuid::nil()),
            flows,
        };
        let stages = [
            stage(2022, vec![flow(Some("A"), Some("B"), 2), flow(None, Some("A"), 1)]),
            stage(2023, vec![flow(Some("B"), None, 2)]),
        ];
        let data = flow_data(&stages);
        assert_eq!(data["nodes"], json!(["2022 A", "2023 B", "2022 未参评", "2023 A", "2024 未参评"]));
        assert_eq!(data["links"].as_array().unwrap().len(), 3);
    }

    #[test]
    fn places_without_a_code_come_last_and_are_said() {
        let count = |code: Option<&str>, grade: &str| PlaceCount {
            subdistrict: code.map(str::to_owned),
            grade: grade.to_owned(),
            count: 1,
        };
        let names = [("1".to_owned(), "甲街道".to_owned())].into();
        let rows = rows(&[count(None, "A"), count(Some("1"), "B"), count(Some("2"), "B")], &grades(), &names);
        let told: Vec<(&str, i64)> = rows.iter().map(|row| (row.name.as_str(), row.total())).collect();
        assert_eq!(told, [("甲街道", 1), ("2", 1), ("街道不明", 1)]);
    }

    #[test]
    fn changes_add_up_to_whoever_is_in_both_runs() {
        let pair = |grade: &str, count, higher, lower| Pair {
            before: 40,
            now: 41,
            grade: grade.to_owned(),
            count,
            higher,
            lower,
        };
        let told = changes(&[pair("A", 3, 1, 1), pair("A", 2, 2, 0), pair("B", 1, 0, 1)], &grades());
        let change = |grade: &str, higher, same, lower| Change { grade: grade.to_owned(), higher, same, lower };
        assert_eq!(told, [change("A", 3, 1, 1), change("B", 0, 0, 1)]);
        assert_eq!(pair_data(2022, 2023, &[pair("A", 3, 1, 1)])["points"], json!([[40, 41, 3, "A"]]));
    }

    #[test]
    fn a_text_cannot_end_its_element() {
        assert!(!embedded(&json!({ "name": "</script>" })).contains('<'));
        assert_eq!((percent(&1, 3).as_str(), percent(&0, 0).as_str()), ("33.3", "0"));
    }
}
