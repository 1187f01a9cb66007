//! The sheet of one enterprise in a run: items, figures, steps, its place, and what it would take.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use uuid::Uuid;

use super::runs::{find, scheme_of};
use crate::account::Officer;
use crate::base::ratio::Ratio;
use crate::evaluation::document::{ItemDocument, ResultDocument};
use crate::evaluation::present::{brief, category, figure, grade_badge, subject_page};
use crate::evaluation::reach::{Reach, reach};
use crate::evaluation::store::runs::{self, Run};
use crate::evaluation::table::label_of;
use crate::policy::scheme::fact::YearFact;
use crate::scoring::Scheme;
use crate::scoring::result::Change;
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
}

impl SheetPage {
    fn title<'a>(&'a self, item: &'a ItemDocument) -> &'a str {
        let indicator = self.scheme.indicator(&item.indicator);
        indicator.map_or(&item.indicator, |indicator| &indicator.title)
    }

    fn indicator_title<'a>(&'a self, name: &'a str) -> &'a str {
        self.scheme.indicator(name).map_or(name, |indicator| &indicator.title)
    }

    /// Percent of the item's weight, for the width of a bar; a cap above the weight fills it.
    fn share(&self, item: &ItemDocument) -> String {
        let part = item.score.parse::<Ratio>().ok().zip(item.weight.parse::<Ratio>().ok());
        let percent = part.and_then(|(score, weight)| (score * rust_decimal::Decimal::ONE_HUNDRED).over(&weight));
        let percent = percent.and_then(|percent| percent.rounded(0)).unwrap_or_default();
        percent.clamp(rust_decimal::Decimal::ZERO, rust_decimal::Decimal::ONE_HUNDRED).to_string()
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
    Ok(Html(SheetPage { shell, run, result, scheme, above, neighbours }.render()?))
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
