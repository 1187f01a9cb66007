//! The sheet of one enterprise in a run: items, figures, steps, its place, and what it would take.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;
use uuid::Uuid;

use super::pictures;
use super::runs::{find, scheme_of};
use crate::account::{Department, Officer};
use crate::annual::fact::figures_behind;
use crate::base::ratio::Ratio;
use crate::enterprise::Indicator;
use crate::enterprise::sums::Sums;
use crate::evaluation::commands;
use crate::evaluation::document::{ItemDocument, ResultDocument};
use crate::evaluation::present::{brief, category, figure, grade_badge, subject_page};
use crate::evaluation::reach::{Reach, reach};
use crate::evaluation::store::runs::{self, Run};
use crate::evaluation::store::sheet::{self as beside, Behind, LandLine, OfficialYear, SourceLine};
use crate::evaluation::table::label_of;
use crate::evaluation::threat::{Threat, threat};
use crate::policy::scheme::fact::YearFact;
use crate::scoring::Scheme;
use crate::scoring::result::Change;
use crate::scoring::scheme::Family;
use crate::web::{self, AppState, Error, Shell};

#[derive(Template)]
#[template(path = "evaluation/sheet.html")]
struct SheetPage {
    shell: Shell,
    run: Run,
    result: ResultDocument,
    /// As it was when the run was computed.
    scheme: Scheme,
    /// The grade above, its lowest score, and what each figure alone would have to be.
    above: Option<(String, String, Vec<Reach>)>,
    neighbours: Vec<(i32, String, String)>,
    threat: Option<Threat>,
    years: Vec<OfficialYear>,
    /// JSON in which no `<` is left.
    trend: String,
    sources: Vec<Source>,
    land: Vec<LandLine>,
}

/// One of the figures that the facts are made of, as it is on record now.
struct Source {
    indicator: Indicator,
    line: Option<SourceLine>,
    /// It is another than the run froze.
    corrected: bool,
}

impl Source {
    /// Who vouches for it, also where it is missing.
    fn department(&self) -> Department {
        self.line.as_ref().map_or(self.indicator.department(), |line| line.department)
    }

    fn value(&self) -> Option<String> {
        self.line.as_ref().map(|line| figure(&line.value.to_string()))
    }
}

/// Where a bar ends and where its marks stand, of [`WIDTH`].
struct Bar {
    score: String,
    /// The full weight: a value that is the base.
    base: String,
    /// Its cap, where that is another; the bar ends there.
    capped: bool,
}

/// Of a bar, in the units of its drawing.
const WIDTH: Decimal = dec!(300);
/// Land listed at most.
const MOST_LAND: i64 = 50;

impl SheetPage {
    /// A bar from nothing to the most that the item gives, with a mark where its value would be the base.
    fn bar(&self, item: &ItemDocument) -> Bar {
        let cap = match self.scheme.indicator(&item.indicator).map(|it| &it.family) {
            Some(Family::ToBase { cap: Some(cap), .. }) => *cap,
            Some(Family::ToBase { cap: None, .. }) => dec!(2),
            _ => Decimal::ONE,
        };
        let most = cap.max(Decimal::ONE);
        let part = item.score.parse::<Ratio>().ok().zip(item.weight.parse::<Ratio>().ok());
        let reached = part.and_then(|(score, weight)| (score * WIDTH / most).over(&weight));
        let reached = reached.and_then(|reached| reached.rounded(1)).unwrap_or_default();
        let base = Ratio::from(WIDTH) / most;
        Bar {
            score: reached.clamp(Decimal::ZERO, WIDTH).to_string(),
            base: base.rounded(1).unwrap_or(WIDTH).to_string(),
            capped: most > Decimal::ONE,
        }
    }

    /// The most that the item gives, in points.
    fn most(&self, item: &ItemDocument) -> Option<String> {
        let Some(Family::ToBase { cap: Some(cap), .. }) = self.scheme.indicator(&item.indicator).map(|it| &it.family)
        else {
            return None;
        };
        let weight: Decimal = item.weight.parse().ok()?;
        weight.checked_mul(*cap).map(|most| most.normalize().to_string())
    }

    fn title<'a>(&'a self, item: &'a ItemDocument) -> &'a str {
        let indicator = self.scheme.indicator(&item.indicator);
        indicator.map_or(&item.indicator, |indicator| &indicator.title)
    }

    fn indicator_title<'a>(&'a self, name: &'a str) -> &'a str {
        self.scheme.indicator(name).map_or(name, |indicator| &indicator.title)
    }

    fn place(&self) -> String {
        let population = self.run.head.quotas.iter().find(|quota| quota.group == self.result.group);
        match (self.result.rank, population) {
            (Some(rank), Some(quota)) => format!("第{rank}名（共{}家）", quota.population),
            (Some(rank), None) => format!("第{rank}名"),
            (None, _) => "不参与排名".to_owned(),
        }
    }

    fn is_own(&self, rank: &i32) -> bool {
        self.result.rank.and_then(|own| i32::try_from(own).ok()) == Some(*rank)
    }
}

/// Links to those a subject is made of that the sheet shows.
const PARTS_SHOWN: usize = 100;

/// Chinese name and unit of a fact.
fn fact(name: &str) -> (String, &'static str) {
    if let Some((indicator, side)) = name.split_once('.') {
        let side = if side == "numerator" { "分子合计" } else { "分母合计" };
        return (format!("{indicator} {side}"), "");
    }
    YearFact::of_code(name).map_or((name.to_owned(), ""), |fact| (fact.label().to_owned(), fact.unit()))
}

fn step(code: &str) -> String {
    Change::parse(code).map_or_else(|| code.to_owned(), |step| step.label().to_owned())
}

fn missing(code: &str) -> &str {
    match code {
        "zero" => "缺报，记0分",
        "weight" => "缺报，记满分",
        "peer_average" => "缺报，按同组平均分",
        "minus" => "缺报，扣分",
        "not_scored" => "缺报，不计分",
        other => other,
    }
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Path((id, key)): Path<(Uuid, String)>,
) -> web::Result<Html<String>> {
    let run = find(&state, &officer, id).await?;
    let found = runs::detail(&state.pool, &officer.scope, id, &key).await?;
    let result = found.ok_or_else(|| Error::NotFound("这次评价没有排这家企业，或不在您的辖区内".into()))?.result;
    let scheme = scheme_of(&state, &officer, &run).await?;
    let above = above(&state, &officer, &run, &result, &scheme).await?;
    let neighbours = match result.rank.and_then(|rank| i32::try_from(rank).ok()) {
        Some(rank) => runs::neighbours(&state.pool, &officer.scope, id, &result.group, rank).await?,
        None => Vec::new(),
    };
    let shell = officer.shell(&state, format!("{} {}年评价单", result.name, run.head.year));
    let years = beside::official_years(&state.pool, &officer.scope, &run.head.category, &key).await?;
    let page = SheetPage {
        shell,
        threat: threatened(&state, &officer, &run, &result, &scheme).await?,
        trend: pictures::trend(&years),
        years,
        sources: sources(&state, &officer, &scheme, &result, run.head.year).await?,
        land: match &result.uscc {
            Some(uscc) => beside::land(&state.pool, &officer.scope, uscc, run.head.year, MOST_LAND).await?,
            None => Vec::new(),
        },
        run,
        result,
        scheme,
        above,
        neighbours,
    };
    Ok(Html(page.render()?))
}

/// Whoever is next below, unless the grade is the worst, or of a document.
async fn threatened(
    state: &AppState,
    officer: &Officer,
    run: &Run,
    result: &ResultDocument,
    scheme: &Scheme,
) -> web::Result<Option<Threat>> {
    let own = scheme.grades.iter().position(|band| band.grade == result.automatic_grade);
    let rank = result.rank.and_then(|rank| i32::try_from(rank).ok());
    let Some((own, rank)) = own.zip(rank) else { return Ok(None) };
    let worse: Vec<String> = scheme.grades[own + 1..].iter().map(|band| band.grade.clone()).collect();
    let behind = Behind { run: run.id, group: &result.group, rank, grades: &worse, vetoed: !scheme.veto.fill_up };
    let next = beside::next_below(&state.pool, &officer.scope, &behind).await?;
    Ok(next.and_then(|(grade, score)| threat(scheme, result, (&grade, &score))))
}

/// The figures behind the facts that the scheme asks for.
async fn sources(
    state: &AppState,
    officer: &Officer,
    scheme: &Scheme,
    result: &ResultDocument,
    year: i32,
) -> web::Result<Vec<Source>> {
    let Some(uscc) = &result.uscc else { return Ok(Vec::new()) };
    let parameters = commands::parameters_of(&state.pool, year).await?;
    let sums = Sums::from_parameters(&parameters).map_err(anyhow::Error::from)?;
    let mut lines = beside::figures(&state.pool, &officer.scope, uscc, year).await?;
    let is_sum = |indicator: Indicator| sums.all().into_iter().any(|sum| sum.of == indicator);
    let source = |indicator: Indicator| {
        let at = lines.iter().position(|line| line.indicator == indicator);
        let line = at.map(|at| lines.swap_remove(at));
        let frozen = result.facts.get(indicator.fact()).cloned().flatten();
        let frozen = frozen.and_then(|text| text.parse::<Ratio>().ok());
        let now = line.as_ref().map(|line| Ratio::from(line.value));
        let asked = result.facts.contains_key(indicator.fact()) && !is_sum(indicator);
        Source { indicator, line, corrected: asked && frozen != now }
    };
    Ok(figures_behind(&scheme.facts(), &sums).into_iter().map(source).collect())
}

/// How land is held.
fn held(side: &str) -> &str {
    match side {
        "owned" => "自有",
        "leased_in" => "租入",
        "leased_out" => "租出",
        _ => "其他",
    }
}

fn mu(area: &Option<Decimal>) -> String {
    area.map_or_else(|| "未登记".to_owned(), |area| figure(&area.to_string()))
}

/// The next grade up, by what its lowest has; nothing for whoever is barred from it.
async fn above(
    state: &AppState,
    officer: &Officer,
    run: &Run,
    result: &ResultDocument,
    scheme: &Scheme,
) -> web::Result<Option<(String, String, Vec<Reach>)>> {
    let own = scheme.grades.iter().position(|band| band.grade == result.first_grade);
    let Some(better) = own.and_then(|own| own.checked_sub(1)).map(|better| &scheme.grades[better].grade) else {
        return Ok(None);
    };
    if !result.vetoes.is_empty() && scheme.veto.bars.contains(better) {
        return Ok(None);
    }
    let lowest = runs::lowest_of(&state.pool, &officer.scope, run.id, &result.group, better).await?;
    let Some((score, text)) = lowest.and_then(|text| Some((text.parse::<Ratio>().ok()?, text))) else {
        return Ok(None);
    };
    Ok(Some((better.clone(), text, reach(scheme, result, &score))).filter(|(_, _, reaches)| !reaches.is_empty()))
}
