//! Ask before granting: a credit code and a day in, what is allowed and what is barred out, with a receipt to keep.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{Html, Redirect};
use chrono::NaiveDate;

use crate::account::Officer;
use crate::base::text::Seen;
use crate::enterprise;
use crate::entitlement::Answers;
use crate::evaluation::acting::graded_year;
use crate::measures::asked;
use crate::measures::judge::Inputs;
use crate::measures::line::Line;
use crate::measures::list::Judged;
use crate::measures::present::outcome_badge;
use crate::measures::reading::{self, Reading, questions};
use crate::policy::store::receipts;
use crate::web::form::Sent;
use crate::web::{self, AppState, Error, Shell};

#[derive(Template)]
#[template(path = "measures/ask.html")]
struct AskPage {
    shell: Shell,
    uscc: String,
    on: NaiveDate,
    graded_year: i32,
    /// None before anybody is asked about.
    found: Option<Found>,
    questions: Vec<Question>,
}

struct Found {
    name: String,
    /// None where no grade acts.
    standing: Option<Standing>,
}

struct Standing {
    grade: String,
    category: &'static str,
    exemptions: Vec<&'static str>,
    lines: Vec<Shown>,
    receipt: String,
    /// Who kept it, and when.
    kept: Option<String>,
}

struct Shown {
    line: Line,
    title: String,
    /// Document and place in it.
    source: String,
    executing: &'static str,
}

struct Question {
    key: String,
    question: String,
    /// As it was answered; neither while it is open.
    yes: bool,
    no: bool,
}

type Asked = BTreeMap<String, String>;

/// Whom, on which day, under which answers.
async fn read(state: &AppState, officer: &Officer, mut asked: Asked) -> web::Result<(String, Reading, Answers)> {
    let uscc = asked.remove("uscc").unwrap_or_default().seen().to_uppercase();
    let on = asked::day(&asked.remove("on").unwrap_or_default(), state.clock.today())?;
    let reading = Reading::of(&state.pool, &officer.scope, on).await?;
    let answers = asked::answers(&asked, &reading.measures)?;
    Ok((uscc, reading, answers))
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Query(asked): Query<Asked>,
) -> web::Result<Html<String>> {
    let (uscc, reading, answers) = read(&state, &officer, asked).await?;
    let found = if uscc.is_empty() { None } else { Some(found(&state, &officer, &reading, (&uscc, &answers)).await?) };
    let asked = questions(&reading.measures).into_iter().map(|condition| Question {
        key: condition.key.clone(),
        question: condition.question.clone(),
        yes: answers.get(&condition.key) == Some(&true),
        no: answers.get(&condition.key) == Some(&false),
    });
    let page = AskPage {
        shell: officer.shell(&state, "办前查询"),
        questions: asked.collect(),
        on: reading.day,
        graded_year: graded_year(reading.day),
        found,
        uscc,
    };
    Ok(Html(page.render()?))
}

async fn found(
    state: &AppState,
    officer: &Officer,
    reading: &Reading,
    (uscc, answers): (&str, &Answers),
) -> web::Result<Found> {
    let versions = match enterprise::store::is_visible(&state.pool, &officer.scope, uscc).await? {
        true => enterprise::store::versions(&state.pool, &officer.scope, uscc).await?,
        false => return Err(Error::NotFound("没有这家企业，或不在您的辖区内".into())),
    };
    let name = versions.first().map(|version| version.name.clone()).unwrap_or_default();
    let standing = match reading.ask(&state.pool, &officer.scope, uscc, answers).await? {
        None => None,
        Some((judged, inputs)) => {
            let kept = receipts::find(&state.pool, &officer.scope, &judged.receipt.id).await?;
            let kept = kept.map(|kept| {
                format!("{}，{}", kept.recorded_by_name, crate::base::clock::china_minute(&kept.recorded_at))
            });
            Some(standing(reading, judged, &inputs, kept))
        }
    };
    Ok(Found { name, standing })
}

fn standing(reading: &Reading, judged: Judged, inputs: &Inputs, kept: Option<String>) -> Standing {
    let shown = |line: Line| {
        let measure = reading.measures.iter().find(|measure| measure.id == line.measure);
        Shown {
            title: measure.map(|it| it.title.clone()).unwrap_or_default(),
            source: reading.source(&line.measure),
            executing: measure.map(|it| it.executing.label()).unwrap_or_default(),
            line,
        }
    };
    Standing {
        grade: judged.subject.grade,
        category: inputs.category.label(),
        exemptions: inputs.exemptions.iter().map(|it| it.label()).collect(),
        lines: judged.results.lines.into_iter().map(shown).collect(),
        receipt: judged.receipt.id.clone(),
        kept,
    }
}

/// Where the same is asked again.
fn address(asked: &Asked) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(asked.iter().filter(|(_, value)| !value.is_empty()));
    format!("/measures/ask?{}", query.finish())
}

/// Keeps the receipt and shows the answer again.
pub async fn keep(State(state): State<AppState>, officer: Officer, sent: Sent) -> web::Result<Redirect> {
    let asked: Asked = sent.fields().iter().cloned().collect();
    let address = address(&asked);
    let (uscc, reading, answers) = read(&state, &officer, asked).await?;
    let (judged, _) = reading
        .ask(&state.pool, &officer.scope, &uscc, &answers)
        .await?
        .ok_or_else(|| Error::NotFound("该企业上一年度没有正式评价结果，没有可留存的凭据".into()))?;
    receipts::save(&mut *state.pool.acquire().await?, &officer.act(&state), &judged.receipt)
        .await
        .map_err(reading::ReadError::from)?;
    Ok(Redirect::to(&address))
}
