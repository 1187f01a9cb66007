//! The page of a review: what was built, what each department says, the table, the conclusion.

pub mod departments;
pub mod list;

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::conclude::{self, Conclusion, ReviewError};
use super::panel::Panel;
use super::queue;
use super::store::{self, Review};
use super::{FigureForm, Inputs, ReviewKind, ReviewState, facts, rules};
use crate::account::{Access, Department, Officer, Routes};
use crate::admission::Outcome;
use crate::contract::asked::day_done;
use crate::contract::event::ReviewOutcome;
use crate::contract::store::{self as register, Registered};
use crate::exchange::Fault;
use crate::policy::quantity::behind_figure;
use crate::policy::verdict::{Aspect, Finding, Overall, Verdict};
use crate::web::form::{self, Reader, Refuse, Sent, Shown, faults_or_conflict, field};
use crate::web::list::given;
use crate::web::{self, AppState, Error, Shell};
use crate::workflow;
use crate::{policy, print};

pub fn routes() -> Routes {
    Routes::new()
        .list::<list::ReviewList>(Access::ReadRegisters)
        .post("/reviews", Access::WriteContracts, open)
        .get("/reviews/departments", Access::ReadRegisters, departments::show)
        .post("/reviews/departments", Access::ManageAccounts, departments::change)
        .get("/reviews/{id}", Access::ReadRegisters, show)
        .get("/reviews/{id}/review.pdf", Access::ReadRegisters, pdf)
        .post("/reviews/{id}/figures", Access::WriteContracts, keep)
        .post("/reviews/{id}/opinion", Access::GiveOpinions, say)
        .post("/reviews/{id}/conclusion", Access::WriteContracts, finish)
}

#[derive(Template)]
#[template(path = "review/page.html")]
struct ReviewPage {
    shell: Shell,
    review: Review,
    contract_version: i32,
    inputs: Inputs,
    fields: Vec<FigureForm>,
    table: ReviewTable,
    /// Of the table as it is shown.
    mark: String,
    /// The day for which an open review is shown, which would be that of its conclusion.
    on: NaiveDate,
    /// It was to be concluded on another table than was seen.
    changed: bool,
    today: NaiveDate,
    may_write: bool,
    /// The reader's department, when it takes part.
    own: Option<Department>,
    panel: Panel,
    /// A form that was not taken, as it was typed.
    back: Shown,
}

/// The forms of the page, by the last part of their address.
const FIGURES: &str = "figures";
const OPINION: &str = "opinion";
const CONCLUSION: &str = "conclusion";

/// The verdict table, for the page and the conclusion.
#[derive(Template)]
#[template(path = "review/table.html")]
pub struct ReviewTable {
    pub verdict: Overall,
    pub groups: Vec<(Aspect, Vec<Finding>)>,
}

impl ReviewTable {
    pub fn new(outcome: &Outcome) -> Self {
        let of = |kind: Aspect| outcome.results.iter().filter(move |it| it.kind == kind).cloned().collect::<Vec<_>>();
        let groups = Aspect::ALL.iter().map(|kind| (*kind, of(*kind))).filter(|(_, lines)| !lines.is_empty());
        ReviewTable { verdict: outcome.verdict, groups: groups.collect() }
    }

    fn verdict_class(&self) -> &'static str {
        match self.verdict {
            Overall::Conforms => "alert-success",
            Overall::DoesNotConform => "alert-danger",
            Overall::NotDeterminable => "alert-warning",
        }
    }
}

fn badge(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "bg-green-lt",
        Verdict::Fail => "bg-red-lt",
        Verdict::NotApplicable => "bg-secondary-lt",
        Verdict::NotDeterminable => "bg-yellow-lt",
        Verdict::NeedsJudgement => "bg-purple-lt",
    }
}

fn unit(finding: &Finding) -> &str {
    behind_figure(&finding.unit)
}

/// Findings from before wrote a zero with a sign.
fn or_dash(text: &Option<String>) -> &str {
    let text = text.as_deref().unwrap_or("—");
    text.strip_prefix('-').filter(|digits| digits.chars().all(|digit| "0.".contains(digit))).unwrap_or(text)
}

impl ReviewPage {
    fn is_open(&self) -> bool {
        self.review.state == ReviewState::Open
    }

    /// One of the forms: the one that came back, or as it stands by itself.
    fn form(&self, part: &str) -> Shown {
        if self.back.is_part(part) {
            return self.back.clone();
        }
        let sent = match part {
            FIGURES => self.figures(),
            CONCLUSION => Sent::default().with("on", self.on.to_string()),
            _ => Sent::default(),
        };
        Shown::from(sent).part(part)
    }

    /// What was built, as it is on record.
    fn figures(&self) -> Sent {
        let built = &self.review.as_built;
        let occupied = built.occupied_area_m2.map(|area| area.to_string()).unwrap_or_default();
        let sent = Sent::default().with("occupied_area", occupied).with("floors", facts::floors_text(&built.floors));
        self.fields.iter().fold(sent, |sent, it| sent.with(&it.field, it.value.as_str()))
    }

    /// Only a table that conforms can be passed.
    fn outcomes(&self) -> Vec<ReviewOutcome> {
        let conforms = self.table.verdict == Overall::Conforms;
        ReviewOutcome::ALL.iter().copied().filter(|it| conforms || *it != ReviewOutcome::Passed).collect()
    }
}

/// A review with its contract as known now.
pub async fn read(state: &AppState, officer: &Officer, id: Uuid) -> web::Result<(Review, Registered)> {
    let review = store::find(&state.pool, &officer.scope, id).await?.ok_or(ReviewError::NotFound)?;
    let registered = registered(state, officer, &review.contract).await?;
    Ok((review, registered))
}

pub async fn registered(state: &AppState, officer: &Officer, number: &str) -> web::Result<Registered> {
    let mut connection = state.pool.acquire().await?;
    let found = register::load(&mut connection, &officer.scope, number, state.clock.now()).await?;
    found.ok_or_else(|| Error::NotFound(format!("没有编号为“{number}”的合同")))
}

#[derive(Deserialize)]
struct OpenForm {
    contract: String,
    kind: String,
}

async fn open(State(state): State<AppState>, officer: Officer, Form(form): Form<OpenForm>) -> web::Result<Redirect> {
    let kind = ReviewKind::parse(&form.kind).ok_or_else(|| Error::BadRequest("没有这种复核".into()))?;
    let registered = registered(&state, &officer, &form.contract).await?;
    let id = conclude::open(&officer.act(&state), &registered, kind).await?;
    Ok(Redirect::to(&format!("/reviews/{id}")))
}

/// How a review is looked at.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Look {
    /// The day of its conclusion; today without it.
    on: String,
    changed: String,
}

impl Look {
    fn on(&self, today: NaiveDate) -> web::Result<NaiveDate> {
        day_done(&self.on, today, "复核日期").map_err(Error::BadRequest)
    }
}

async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    Query(look): Query<Look>,
) -> web::Result<Html<String>> {
    Ok(Html(record(&state, &officer, id, &look).await?.render()?))
}

/// The record on A4, of the day of the review.
async fn pdf(State(state): State<AppState>, officer: Officer, Path(id): Path<Uuid>) -> web::Result<Response> {
    let page = record(&state, &officer, id, &Look::default()).await?;
    let (name, on) = (format!("{} {}", page.review.kind, page.review.contract), page.review.reviewed_on);
    print::answer(&page.render()?, &name, on.unwrap_or(page.today)).await
}

async fn record(state: &AppState, officer: &Officer, id: Uuid, look: &Look) -> web::Result<ReviewPage> {
    let (review, registered) = read(state, officer, id).await?;
    let today = state.clock.today();
    let catalogue = policy::store::current(&state.pool, &state.settings.district).await.map_err(anyhow::Error::from)?;
    let on = look.on(today)?;
    let (inputs, outcome) = decided(state, officer, (&review, on), &registered, &catalogue).await?;
    let years: Vec<i32> = inputs.years.keys().copied().collect();
    let panel = review.panel(&state.pool, &officer.scope).await?;
    Ok(ReviewPage {
        shell: officer.shell(state, format!("{} {}", review.kind, review.contract)),
        contract_version: registered.version,
        fields: facts::fields(review.kind, &review.as_built, &years, &catalogue),
        table: ReviewTable::new(&outcome),
        mark: conclude::mark(&inputs, &outcome),
        on,
        changed: given(&look.changed).is_some(),
        today,
        may_write: officer.may(Access::WriteContracts),
        own: queue::department_of(officer).filter(|department| panel.has(*department)),
        panel,
        back: Shown::default(),
        inputs,
        review,
    })
}

/// A concluded review as its receipt keeps it; an open one as it stands on a day.
pub async fn decided(
    state: &AppState,
    officer: &Officer,
    (review, day): (&Review, NaiveDate),
    registered: &Registered,
    catalogue: &policy::catalogue::Catalogue,
) -> web::Result<(Inputs, Outcome)> {
    if let Some(kept) = kept(state, officer, review).await? {
        return Ok(kept);
    }
    let on = review.reviewed_on.unwrap_or(day);
    let practice = register::practice_on(&state.pool, on).await?;
    let panel = review.panel(&state.pool, &officer.scope).await?;
    let mut connection = state.pool.acquire().await?;
    let about = (review, &panel);
    let inputs = conclude::inputs(&mut connection, &officer.scope, about, registered, &practice, on).await?;
    let outcome = rules::decide(&inputs, catalogue, on);
    Ok((inputs, outcome))
}

/// What a concluded review was decided on, from its receipt.
async fn kept(state: &AppState, officer: &Officer, review: &Review) -> web::Result<Option<(Inputs, Outcome)>> {
    let Some(receipt) = &review.receipt else { return Ok(None) };
    let kept = policy::store::receipts::find(&state.pool, &officer.scope, receipt).await?;
    let Some(kept) = kept else { return Ok(None) };
    let inputs = serde_json::from_str(&kept.receipt.inputs).map_err(anyhow::Error::from)?;
    let outcome = serde_json::from_str(&kept.receipt.results).map_err(anyhow::Error::from)?;
    Ok(Some((inputs, outcome)))
}

/// Onwards, or the page again with the form that was not taken as it was typed.
async fn answer(
    state: &AppState,
    officer: &Officer,
    id: Uuid,
    (part, sent): (&str, Sent),
    outcome: web::Result<Redirect>,
) -> web::Result<Response> {
    let error = match outcome {
        Ok(onwards) => return Ok(onwards.into_response()),
        Err(error) => error,
    };
    let back = Shown::from(sent).part(part).with_faults(faults_or_conflict::<(), _>(Err(error))?);
    let look =
        Look { on: if part == CONCLUSION { back.value("on").to_owned() } else { String::new() }, ..Look::default() };
    let look = if look.on(state.clock.today()).is_ok() { look } else { Look::default() };
    let page = record(state, officer, id, &look).await?;
    form::page(back.status(), &ReviewPage { back, ..page })
}

async fn keep(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> web::Result<Response> {
    let outcome = kept_figures(&state, &officer, id, &sent).await;
    answer(&state, &officer, id, (FIGURES, sent), outcome).await
}

async fn kept_figures(state: &AppState, officer: &Officer, id: Uuid, sent: &Sent) -> web::Result<Redirect> {
    let catalogue = policy::store::current(&state.pool, &state.settings.district).await.map_err(anyhow::Error::from)?;
    let (mut review, registered) = read(state, officer, id).await?;
    let mut reader = Reader::default();
    let as_built = reader.take(facts::read_form(sent, &catalogue));
    let version = reader.needs(sent.field("version", "记录版本"), "数字，请刷新页面后重试");
    let (as_built, version) = reader.finish(as_built.zip(version)).map_err(Error::Input)?;
    let today = state.clock.today();
    if let Some(terms) = registered.contract.terms_on(today) {
        facts::refuse_impossible(&as_built, terms.granted_area, &catalogue, today).map_err(Error::Input)?;
    }
    review.version = version;
    conclude::keep(&officer.act(state), &review, &as_built).await?;
    Ok(Redirect::to(&format!("/reviews/{id}")))
}

/// Of a department: whether it agrees, why, and the mark of the figures that were seen.
async fn say(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> web::Result<Response> {
    let outcome = said(&state, &officer, id, &sent).await;
    answer(&state, &officer, id, (OPINION, sent), outcome).await
}

async fn said(state: &AppState, officer: &Officer, id: Uuid, sent: &Sent) -> web::Result<Redirect> {
    let (review, _) = read(state, officer, id).await?;
    if given(sent.text("figures")).is_some_and(|seen| seen != review.as_built.mark()) {
        let mut connection = state.pool.acquire().await?;
        return Err(workflow::stale(&mut connection, &officer.scope, &review).await?.into());
    }
    let mut reader = Reader::default();
    let agrees = sent.field("agrees", "同意或不同意");
    let agrees = if agrees.is_empty() { reader.text(agrees).and(None) } else { reader.yes_or_no(agrees) };
    let reason = reader.text(sent.field("reason", "理由"));
    let (agrees, reason) = reader.finish(agrees.zip(reason)).map_err(Error::Input)?;
    conclude::say(&officer.act(state), officer.department, &review, (agrees, &reason)).await?;
    Ok(Redirect::to(&format!("/reviews/{id}#opinions")))
}

/// What a form or a program concludes.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct ConclusionForm {
    /// Versions of the review and of its contract that were looked at.
    pub version: i32,
    pub contract_version: i32,
    /// The mark of the table that was seen for the day; another one is not concluded on. May be left out.
    #[serde(default)]
    pub shown: String,
    pub on: String,
    /// `passed`, `rectify` or `failed`.
    pub outcome: String,
    /// Only for `rectify`.
    #[serde(default)]
    pub rectify_until: String,
    #[serde(default)]
    pub document: String,
    pub reason: String,
}

impl ConclusionForm {
    fn sent(sent: &Sent) -> Result<Self, Vec<Fault>> {
        let mut reader = Reader::default();
        let mut version = |name| reader.needs(sent.field(name, "记录版本"), "数字，请刷新页面后重试");
        let versions = version("version").zip(version("contract_version"));
        let field = |name| sent.text(name).to_owned();
        reader.finish(versions.map(|(version, contract_version)| ConclusionForm {
            version,
            contract_version,
            shown: field("shown"),
            on: field("on"),
            outcome: field("outcome"),
            rectify_until: field("rectify_until"),
            document: field("document"),
            reason: field("reason"),
        }))
    }

    fn read(&self, today: NaiveDate) -> Result<Conclusion, Vec<Fault>> {
        let mut reader = Reader::default();
        let on = field!(self.on, "复核日期");
        let on = if on.is_empty() { reader.needs_day(on) } else { reader.day_done(on, today) };
        let outcome = reader.needs(field!(self.outcome, "复核结论"), "列出的结论");
        let rectify_until = reader.day(field!(self.rectify_until, "整改期限"));
        let document = reader.may_text(field!(self.document, "文件"));
        let reason = reader.text(field!(self.reason, "结论理由"));
        let read = on.zip(outcome).zip(reason);
        reader.finish(read.map(|((on, outcome), reason)| Conclusion {
            version: self.version,
            contract_version: self.contract_version,
            shown: given(&self.shown).map(str::to_owned),
            on,
            outcome,
            rectify_until,
            document,
            reason,
        }))
    }
}

/// Concludes for the page and for the API alike.
pub async fn conclude_as(
    state: &AppState,
    officer: &Officer,
    id: Uuid,
    form: &ConclusionForm,
    refuse: Refuse,
) -> web::Result<(Outcome, policy::receipt::Receipt)> {
    let conclusion = form.read(state.clock.today()).map_err(refuse)?;
    let (review, registered) = read(state, officer, id).await?;
    let catalogue = policy::store::current(&state.pool, &state.settings.district).await.map_err(anyhow::Error::from)?;
    Ok(conclude::conclude(&officer.act(state), &review, &registered, &catalogue, &conclusion).await?)
}

async fn finish(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    sent: Sent,
) -> web::Result<Response> {
    let outcome = finished(&state, &officer, id, &sent).await;
    answer(&state, &officer, id, (CONCLUSION, sent), outcome).await
}

async fn finished(state: &AppState, officer: &Officer, id: Uuid, sent: &Sent) -> web::Result<Redirect> {
    let form = ConclusionForm::sent(sent).map_err(Error::Input)?;
    // Shown again as it would be decided now, to be concluded once it was read.
    let look = Look { on: form.on.clone(), ..Look::default() };
    let shown = record(state, officer, id, &look).await?;
    if shown.is_open() && given(&form.shown).is_some_and(|mark| mark != shown.mark) {
        return Ok(Redirect::to(&format!("/reviews/{id}?on={}&changed=1", shown.on)));
    }
    conclude_as(state, officer, id, &form, Error::Input).await?;
    Ok(Redirect::to(&format!("/reviews/{id}")))
}
