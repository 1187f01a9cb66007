//! `GET /contracts/{number}`: everything about one contract on a day, as known at a moment.

mod money;
mod timeline;

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use chrono::{DateTime, NaiveDate, Utc};
use futures_util::future::try_join_all;
use serde::Deserialize;

use money::{Account, Paid, account};
use timeline::Timeline;

use crate::account::{Access, Officer};
use crate::admission::case::from_case::case_of;
use crate::base::clock::china_minute;
use crate::contract::certificate::{Certificate, CertificateStage};
use crate::contract::event::{Duty, Event, EventKind, Figure, ReviewOrigin};
use crate::contract::form::named::loaded;
use crate::contract::issuing::next_stage;
use crate::contract::known::{Contract, TermsRole};
use crate::contract::present::{address_of, condition_badge, day_or_dash, mu, square_metres, wan, yuan};
use crate::contract::stage::{Condition, Stage};
use crate::contract::store::listing::{self, Recorded};
use crate::contract::terms::{Commitment, Terms};
use crate::obligations::asked::{known, question};
use crate::obligations::check::Change;
use crate::obligations::line::{Line, State as DutyState};
use crate::obligations::overpaid;
use crate::obligations::present::{badge, policy_anchor, suspicion_badge};
use crate::obligations::summary::{Summary, Suspicion, summarize};
use crate::obligations::sweep::Question;
use crate::obligations::view::{TermView, term_of};
use crate::parcel::claims;
use crate::policy::indicator::Indicators;
use crate::policy::quantity::behind_figure;
use crate::review;
use crate::room::{ContractLinks, Link};
use crate::web::list::given;
use crate::web::{self, AppState, Error, Shell};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct OneParameters {
    as_of: String,
    known_at: String,
    compare: String,
    /// What the last action did, by its code.
    done: String,
}

#[derive(Template)]
#[template(path = "dossier/contract.html")]
struct OnePage {
    shell: Shell,
    parameters: OneParameters,
    as_of: NaiveDate,
    today: NaiveDate,
    /// Set when the reader asked for what was known then.
    known_at: Option<DateTime<Utc>>,
    contract: Contract,
    version: i32,
    signed_on: NaiveDate,
    terms: Terms,
    grantee_name: Option<String>,
    /// The admitted case whose promises the terms carry, when it is of this register.
    case: Option<uuid::Uuid>,
    summary: Summary,
    term: Option<TermView>,
    lines: Vec<Line>,
    compared: Option<(NaiveDate, Vec<Change>)>,
    timeline: Option<Timeline>,
    account: Account,
    /// What was paid beyond what was owed on the day it was paid, in words.
    beyond: Vec<String>,
    recorded: BTreeMap<(String, i64), Recorded>,
    reviews: Vec<review::store::Listed>,
    /// What other rooms have of it.
    links: Vec<(ContractLinks, Vec<Link>)>,
    /// Why it stands beside what else holds its land.
    beside: Vec<claims::store::Ground>,
    may_write: bool,
    may_enter_grantee: bool,
    may_assign: bool,
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    Query(parameters): Query<OneParameters>,
    kinds: Vec<ContractLinks>,
) -> web::Result<Html<String>> {
    let (pool, scope) = (&state.pool, &officer.scope);
    let known_at = known(&state, &parameters.known_at)?;
    // Nothing of this needs another part of it; only the names wait for the terms.
    let (question, registered, recorded, reviews, links) = tokio::try_join!(
        question(&state, &parameters.as_of, &parameters.known_at, Some(&parameters.compare)),
        loaded(&state, &officer, &number, known_at),
        async { Ok(listing::recorded(pool, scope, &number, known_at).await?) },
        async { Ok(review::store::of_contract(pool, scope, &number).await?) },
        try_join_all(kinds.iter().map(|kind| (kind.find)(&state, &officer, &number))),
    )?;
    let as_of = question.as_of;
    let contract = registered.contract;
    let not_yet = || Error::NotFound(format!("合同“{number}”在 {as_of} 尚未签订"));
    let signed_on = contract.signed_on().filter(|day| *day <= as_of).ok_or_else(not_yet)?;
    let terms = contract.terms_on(as_of).cloned().ok_or_else(not_yet)?;
    let grantee = [terms.grantee.clone()];
    let (names, case, beside) = tokio::try_join!(
        listing::names(pool, scope, &grantee, as_of),
        case_of(pool, scope, terms.admission_case.as_deref()),
        claims::store::grounds_of_contract(pool, scope, &number)
    )?;
    let compared = question.compare.map(|other| (other, question.answer(&contract).changes));
    let practice = question.practice.clone();
    let lines = Question { compare: None, ..question }.answer(&contract).lines;
    let page = OnePage {
        shell: noticed(officer.shell(&state, format!("合同 {number}")), &parameters.done),
        as_of,
        today: state.clock.today(),
        known_at: given(&parameters.known_at).map(|_| known_at),
        version: registered.version,
        signed_on,
        grantee_name: names.into_iter().next().map(|(_, name)| name),
        case,
        summary: summarize(&contract, as_of, &lines).ok_or_else(not_yet)?,
        term: term_of(&contract, as_of),
        compared,
        timeline: timeline::draw(&contract, as_of, &lines),
        account: account(&contract, &lines, as_of).ok_or_else(not_yet)?,
        beyond: overpaid::up_to(&contract, &practice, as_of),
        lines,
        recorded: recorded.into_iter().map(|row| ((row.what.clone(), row.id), row)).collect(),
        may_write: officer.may(Access::WriteContracts) && parameters.known_at.trim().is_empty(),
        beside,
        may_enter_grantee: officer.may(Access::WriteEnterprises) && parameters.known_at.trim().is_empty(),
        may_assign: officer.may(Access::AssignInspections) && parameters.known_at.trim().is_empty(),
        reviews,
        links: kinds.into_iter().zip(links).collect(),
        terms,
        contract,
        parameters,
    };
    Ok(Html(page.render()?))
}

/// The indicator's Chinese name; a code that the catalogue does not know stays a code.
fn indicator_label(code: &str) -> String {
    let named = |figure: Figure| figure.label().to_owned();
    Figure::parse(code).map_or_else(|| Indicators::built_in().promised_label(code).to_owned(), named)
}

/// The range and its unit; amounts of money in 万元, as contracts write them. What no decimal can write is shown rounded so
/// that it asks no more than was promised, with the exact figure beside it.
fn promise(it: &Commitment) -> String {
    let wan = || Indicators::built_in().range_in(&it.indicator, &it.required, &it.unit, "万元").ok();
    let (range, unit) = match it.unit.as_str() {
        "元" => wan().map_or((it.required.clone(), "元"), |range| (range, "万元")),
        unit => (it.required.clone(), unit),
    };
    let exactly = if range.is_shown_rounded() { format!("（精确值 {range}）") } else { String::new() };
    format!("{} {}{exactly}", range.wording(), behind_figure(unit)).trim_end().to_owned()
}

fn noticed(shell: Shell, done: &str) -> Shell {
    let notice = match done {
        "event" => "事件已登记。",
        "event_corrected" => "事件已更正，原记录留存。",
        "event_withdrawn" => "事件已撤回，原记录留存。",
        "certificate" => "权证已登记。",
        "certificate_corrected" => "权证已更正，原记录留存。",
        "supplement" => "补充协议已登记。",
        "terms_corrected" => "合同内容已更正，原记录留存。",
        "concluded" => "合同已登记。",
        _ => return shell,
    };
    shell.noticing(notice)
}

impl OnePage {
    /// The review that the stage leads to: its kind and what the button says.
    fn review_due(&self) -> Option<(&'static str, &'static str)> {
        match self.summary.standing.stage {
            Stage::Construction => Some(("completion", "竣工综合复核")),
            Stage::Production => Some(("output", "达产复核")),
            _ => None,
        }
    }

    /// The due day of an instalment as reckoned, where it is not the agreed one.
    fn postponed(&self, part: &Paid) -> Option<NaiveDate> {
        let line = self.lines.iter().find(|line| line.duty == Duty::payment(part.number))?;
        Some(line.due).filter(|due| *due != part.due)
    }

    fn href(&self) -> String {
        address_of(&self.contract.number)
    }

    /// Where a review among the events comes from, and its page when it was concluded here.
    fn review_of(&self, event: &Event) -> Option<(ReviewOrigin, Option<uuid::Uuid>)> {
        let origin = event.review?;
        let review = self.reviews.iter().find(|review| review.event == Some(event.id));
        Some((origin, review.map(|review| review.id)))
    }

    fn of_row(&self, what: &str, id: &i64) -> Option<&Recorded> {
        self.recorded.get(&(what.to_owned(), *id))
    }

    /// What was corrected or withdrawn, newest last.
    fn corrected(&self) -> Vec<&Recorded> {
        let mut gone: Vec<&Recorded> = self.recorded.values().filter(|row| row.superseded_at.is_some()).collect();
        gone.sort_by_key(|row| row.superseded_at);
        gone
    }

    /// Papers with the day and what they are for.
    fn papers(&self) -> Vec<(NaiveDate, &str, String)> {
        let versions =
            self.contract.versions.iter().map(|it| (it.signed_on, it.document.as_str(), it.role.to_string()));
        let events = self
            .contract
            .events
            .iter()
            .filter_map(|event| Some((event.on, event.document.as_deref()?, event.happening.kind().to_string())));
        let mut papers: Vec<_> = versions.chain(events).collect();
        papers.sort();
        papers
    }

    /// A certificate rests on it, so it stays.
    fn is_held(&self, event: &Event) -> bool {
        self.contract.certificates.iter().any(|certificate| certificate.review == Some(event.id))
    }

    fn in_force(&self, certificate: &Certificate) -> bool {
        certificate.valid.contains(self.as_of)
    }

    fn next_stage(&self) -> Option<CertificateStage> {
        next_stage(&self.contract, self.today)
    }

    fn rates(&self) -> Vec<(&'static str, String)> {
        let rates = &self.terms.rates;
        let permille = |rate: Option<rust_decimal::Decimal>, base: &str| match rate {
            Some(rate) => format!("{base} {}‰/日", rate.normalize()),
            None => "未约定".into(),
        };
        vec![
            ("逾期缴款", permille(rates.late_payment, "未缴价款的")),
            ("逾期解除权", rates.rescind_after_days.map_or("未约定".into(), |days| format!("逾期超过 {days} 日"))),
            ("逾期交地（出让人）", permille(rates.late_hand_over, "已缴价款的")),
            ("逾期开工", permille(rates.late_start, "总价的")),
            ("逾期竣工", permille(rates.late_completion, "总价的")),
            ("逾期投产", permille(rates.late_production, "总价的")),
            ("单项上限", rates.cap_percent.map_or("未约定".into(), |cap| format!("总价的 {}%", cap.normalize()))),
            ("投资不足", rates.investment_shortfall.to_string()),
            ("容积率不足", rates.far_shortfall.to_string()),
        ]
    }
}

fn last_day(until: &Option<NaiveDate>) -> String {
    until.and_then(|until| until.pred_opt()).map_or("—".into(), |day| day.to_string())
}

fn kind_label(row: &&Recorded) -> String {
    let label = match row.what.as_str() {
        "event" => EventKind::parse(&row.kind).map(EventKind::label),
        "terms" => TermsRole::parse(&row.kind).map(TermsRole::label),
        _ => CertificateStage::parse(&row.kind).map(CertificateStage::label),
    };
    label.unwrap_or(&row.kind).to_owned()
}

/// A place in the picture.
fn px(value: impl std::fmt::Display) -> String {
    format!("{value:.1}")
}

fn state_of(change: &Option<Line>) -> String {
    change.as_ref().map_or("无此事项".into(), Line::wording)
}

/// Text on it has to be light.
fn is_dark(colour: &str) -> bool {
    matches!(colour, "#23684b" | "#3f9c74" | "#8a8f99" | "#6b5b73" | "#3d3d3d" | "#4a90c2")
}

fn before(until: &NaiveDate) -> NaiveDate {
    until.pred_opt().unwrap_or(*until)
}
