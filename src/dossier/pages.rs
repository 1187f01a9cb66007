//! `GET /parcels/{code}`.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use futures_util::future::try_join_all;
use rust_decimal::Decimal;
use serde::Deserialize;
use sqlx::postgres::types::PgRange;

use super::chart::{self, Chart};
use super::rules::{Yield, frame_name, yield_of};
use super::store::{self, Link};
use crate::account::audit_entry::AuditEntry;
use crate::account::{Access, Officer, audit_store};
use crate::annual::Figure;
use crate::base::clock::china_minute;
use crate::base::code::ParcelCode;
use crate::base::period::Period;
use crate::base::unit::{Mu, SquareMetre, Yuan, grouped, rounded};
use crate::codelist::CrossWalk;
use crate::contract::certificate::Certificate;
use crate::contract::present::address_of;
use crate::contract::stage::Condition;
use crate::contract::terms::ContractKind;
use crate::enterprise::Indicator;
use crate::inspection::present::{outcome_badge, state_badge};
use crate::inspection::store::Task;
use crate::low_efficiency::list::Entry;
use crate::low_efficiency::present::badge;
use crate::low_efficiency::store::line_of;
use crate::map::address::day;
use crate::map::card::{self, Use, Version};
use crate::obligations::summary::{Summary, Suspicion, summarize};
use crate::obligations::sweep::Question;
use crate::parcel::store::succession::successions;
use crate::parcel::succession::Succession;
use crate::print::{self, Sketch};
use crate::room::SubjectLinks;
use crate::web::{self, AppState, Error, Shell};
use crate::{annual, contract, inspection};

/// Years of returns on one page.
const YEARS: usize = 6;
/// Audit entries on one page.
const ENTRIES: i64 = 30;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct DossierParameters {
    as_of: String,
    /// The code that was asked for when another one stood in its place.
    asked: String,
}

/// One enterprise in one year.
struct Return {
    uscc: String,
    name: String,
    tax: Figure,
    revenue: Figure,
    headcount: Figure,
    line: Option<Entry>,
}

struct YearOfReturns {
    year: i32,
    tax_per_mu: Yield,
    returns: Vec<Return>,
}

#[derive(Template)]
#[template(path = "dossier/page.html")]
struct DossierPage {
    shell: Shell,
    version: Version,
    in_force: bool,
    succession: Option<Succession>,
    asked: Option<String>,
    as_of: NaiveDate,
    sketch: Sketch,
    uses: Vec<Use>,
    years: Vec<YearOfReturns>,
    chart: Chart,
    lineage: Vec<Link>,
    /// None when the reader may not read inspections.
    inspections: Option<Vec<Task>>,
    may_assign: bool,
    versions: Vec<Version>,
    audit: Option<Vec<AuditEntry>>,
    printed_on: NaiveDate,
    contracts: Vec<Granted>,
    /// What other rooms have of it.
    links: Vec<(SubjectLinks, Vec<crate::room::Link>)>,
    may_write_parcels: bool,
    may_write_uses: bool,
}

/// A contract under which the parcel was granted, as it stands on the day.
struct Granted {
    number: String,
    kind: ContractKind,
    grantee: String,
    granted_area: Mu,
    summary: Summary,
    certificates: Vec<Certificate>,
}

/// What a dossier's address leads to.
enum Found {
    Page(Box<DossierPage>),
    Elsewhere(Response),
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Path(text): Path<String>,
    Query(parameters): Query<DossierParameters>,
    kinds: Vec<SubjectLinks>,
) -> web::Result<Response> {
    match dossier(&state, &officer, &text, &parameters, kinds).await? {
        Found::Page(page) => Ok(Html(page.render()?).into_response()),
        Found::Elsewhere(response) => Ok(response),
    }
}

/// The same page on A4, of the day it was asked for.
pub async fn pdf(
    State(state): State<AppState>,
    officer: Officer,
    Path(text): Path<String>,
    Query(parameters): Query<DossierParameters>,
    kinds: Vec<SubjectLinks>,
) -> web::Result<Response> {
    match dossier(&state, &officer, &text, &parameters, kinds).await? {
        Found::Page(page) => {
            print::answer(&page.render()?, &format!("宗地 {}", page.version.code), page.printed_on).await
        }
        Found::Elsewhere(response) => Ok(response),
    }
}

async fn dossier(
    state: &AppState,
    officer: &Officer,
    text: &str,
    parameters: &DossierParameters,
    kinds: Vec<SubjectLinks>,
) -> web::Result<Found> {
    let code: ParcelCode = text
        .to_uppercase()
        .parse()
        .map_err(|_| Error::NotFound(format!("“{text}”不是宗地代码。宗地代码共19位，如 330105001001GB00001。")))?;
    let as_of = day(&parameters.as_of, state)?;
    let (pool, scope) = (&state.pool, &officer.scope);
    let code_text = [code.as_str().to_owned()];
    let versions = card::versions(pool, scope, &code_text).await?;
    let Some((version, in_force)) = card::in_force(&versions, as_of) else {
        return Ok(Found::Elsewhere(elsewhere(state, officer, &code).await?));
    };
    let version = version.clone();
    let uses = card::uses(pool, scope, code.as_str(), None).await?;
    let years = returns(state, officer, &code, &uses).await?;
    let may_read_audit = officer.may(Access::ReadAudit);
    let picture = store::picture(pool, scope, version.id, as_of).await?;
    let links = try_join_all(kinds.iter().map(|kind| (kind.find)(state, officer, code.as_str()))).await?;
    let page = DossierPage {
        shell: officer.shell(state, format!("宗地 {code}")),
        in_force,
        succession: successions(pool, scope, &code_text).await?.remove(code.as_str()).filter(|_| !in_force),
        asked: parameters.asked.parse::<ParcelCode>().ok().map(String::from),
        as_of,
        sketch: Sketch::of(picture),
        uses,
        chart: chart_of(state, &years).await,
        years,
        lineage: store::lineage(pool, scope, code.as_str()).await?,
        inspections: match officer.may(Access::ReadInspections) {
            true => Some(inspection::store::tasks_of_parcel(pool, scope, code.as_str()).await?),
            false => None,
        },
        may_assign: officer.may(Access::AssignInspections),
        audit: match may_read_audit {
            true => Some(audit_store::page_before(pool, scope, None, Some(code.as_str()), ENTRIES).await?),
            false => None,
        },
        contracts: granted(state, officer, &code, as_of).await?,
        links: kinds.into_iter().zip(links).collect(),
        may_write_parcels: officer.may(Access::WriteParcels),
        may_write_uses: officer.may(Access::WriteEnterprises),
        version,
        versions,
        printed_on: state.clock.today(),
    };
    Ok(Found::Page(Box::new(page)))
}

/// Contracts that name the parcel, with how their duties stand.
async fn granted(
    state: &AppState,
    officer: &Officer,
    code: &ParcelCode,
    as_of: NaiveDate,
) -> web::Result<Vec<Granted>> {
    let (pool, scope) = (&state.pool, &officer.scope);
    let numbers = contract::store::of_parcel(pool, scope, code.as_str()).await?;
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let question = Question::ask(pool, as_of, state.clock.now(), None).await?;
    let mut connection = pool.acquire().await?;
    let contracts = contract::store::load_many(&mut connection, scope, &numbers, question.known_at).await?;
    let granted = |contract: contract::Contract| {
        let terms = contract.terms_on(as_of)?;
        let summary = summarize(&contract, as_of, &question.answer(&contract).lines)?;
        Some(Granted {
            kind: terms.kind,
            grantee: terms.grantee.clone(),
            granted_area: terms.granted_area,
            summary,
            certificates: contract.certificates.into_iter().filter(|it| it.parcel == code.as_str()).collect(),
            number: contract.number,
        })
    };
    Ok(contracts.into_iter().filter_map(granted).collect())
}

/// A code that no parcel has: perhaps one does under the numbers before or after a change of county or sub-district.
async fn elsewhere(state: &AppState, officer: &Officer, code: &ParcelCode) -> web::Result<Response> {
    let today = state.clock.today();
    let crosswalk = CrossWalk::embedded();
    let asked = crosswalk.resolve_parcel(code, today).subdistrict;
    let ending = store::same_ending(&state.pool, &officer.scope, code.as_str()).await?;
    let same_place = |other: &String| {
        let other = other.parse::<ParcelCode>().ok();
        let place = other.map(|other| crosswalk.resolve_parcel(&other, today).subdistrict);
        asked.code().is_some() && place.as_ref().and_then(|place| place.code()) == asked.code()
    };
    let found: Vec<String> = ending.into_iter().filter(same_place).collect();
    match found.as_slice() {
        [] => Err(Error::NotFound(format!("台账中没有宗地 {code}。请核对代码，或在地图上搜索。"))),
        [one] => Ok(Redirect::to(&format!("/parcels/{one}?asked={code}")).into_response()),
        several => Err(Error::NotFound(format!("台账中没有宗地 {code}。按代码对照表可能是：{}。", several.join("、")))),
    }
}

/// What the enterprises of the parcel returned, newest year first, with what the parcel yielded.
async fn returns(
    state: &AppState,
    officer: &Officer,
    code: &ParcelCode,
    uses: &[Use],
) -> web::Result<Vec<YearOfReturns>> {
    let (pool, scope) = (&state.pool, &officer.scope);
    let mut years = annual::store::years(pool, scope).await?;
    years.truncate(YEARS);
    let Some(first) = years.last().copied() else { return Ok(Vec::new()) };
    let enterprises: BTreeSet<&str> = uses.iter().map(|each| each.uscc.as_str()).collect();
    let enterprises: Vec<String> = enterprises.into_iter().map(str::to_owned).collect();
    let figures = annual::store::returned(pool, scope, &enterprises, first).await?;
    let mut out = Vec::new();
    for year in years {
        let there: Vec<Use> = uses.iter().filter(|each| touches(&each.valid, year)).cloned().collect();
        let lines = match line_of(pool, year).await {
            Ok(line) => card::lines(pool, scope, year, &line, &there).await?,
            Err(_) => Default::default(),
        };
        let codes: BTreeSet<&str> = there.iter().map(|each| each.uscc.as_str()).collect();
        let unseen = codes.iter().any(|uscc| !lines.contains_key(*uscc));
        let seen: Vec<&Entry> = lines.values().collect();
        let tax_per_mu = yield_of(code.as_str(), &seen, year, unseen);
        // What a reader may not see in the list is not shown here either.
        let of = |uscc: &str, indicator| {
            let mut figures = figures.iter().filter(|_| lines.contains_key(uscc));
            let found = figures.find(|f| f.year == year && f.uscc == uscc && f.indicator == indicator);
            found.map_or(Figure::Missing, |found| found.figure)
        };
        let returns: Vec<Return> = codes
            .into_iter()
            .map(|uscc| Return {
                uscc: uscc.to_owned(),
                name: name_of(&there, uscc),
                tax: of(uscc, Indicator::TaxPaid),
                revenue: of(uscc, Indicator::Revenue),
                headcount: of(uscc, Indicator::Headcount),
                line: lines.get(uscc).cloned(),
            })
            .collect();
        out.push(YearOfReturns { year, tax_per_mu, returns });
    }
    Ok(out)
}

fn name_of(uses: &[Use], uscc: &str) -> String {
    let named = uses.iter().find(|each| each.uscc == uscc).and_then(|each| each.name.clone());
    named.unwrap_or_else(|| uscc.to_owned())
}

fn touches(valid: &PgRange<NaiveDate>, year: i32) -> bool {
    Period::from(*valid).days_in_year(year) > 0
}

/// The line of the newest year is drawn across; years without an enterprise are left out.
async fn chart_of(state: &AppState, years: &[YearOfReturns]) -> Chart {
    let mut values: Vec<(i32, Option<Decimal>)> = years
        .iter()
        .filter_map(|each| match each.tax_per_mu {
            Yield::NoEnterprise => None,
            Yield::NotDeterminable => Some((each.year, None)),
            Yield::TaxPerMu(value) => Some((each.year, Some(value))),
        })
        .collect();
    values.reverse();
    let line = match values.last() {
        Some((year, _)) => line_of(&state.pool, *year).await.ok().map(|line| line.floor),
        None => None,
    };
    chart::draw(&values, line)
}

impl DossierPage {
    fn predecessors(&self) -> Vec<&Link> {
        self.lineage.iter().filter(|link| link.successor == self.version.code).collect()
    }

    fn successors(&self) -> Vec<&Link> {
        self.lineage.iter().filter(|link| link.predecessor == self.version.code).collect()
    }

    fn has_returns(&self) -> bool {
        self.years.iter().any(|year| !year.returns.is_empty())
    }
}

/// `2021-04-09 至今`, the last day included.
fn period_text(valid: &PgRange<NaiveDate>) -> String {
    let period = Period::from(*valid);
    let from = period.from.map_or("起始不详".to_owned(), |day| day.to_string());
    let until = period.until.and_then(|day| day.pred_opt()).map_or("今".to_owned(), |day| day.to_string());
    format!("{from} 至{}{until}", if period.until.is_some() { " " } else { "" })
}

fn is_current(valid: &PgRange<NaiveDate>, as_of: &NaiveDate) -> bool {
    Period::from(*valid).contains(*as_of)
}

fn ended(version: &Version) -> Option<NaiveDate> {
    Period::from(version.valid).until
}

/// How much one area exceeds another, with its sign.
fn difference(area: &Decimal, from: &Decimal) -> String {
    let Some(difference) = area.checked_sub(*from) else { return "—".into() };
    let sign = if difference > Decimal::ZERO { "+" } else { "" };
    format!("{sign}{}", grouped(difference, 4))
}

fn wan(figure: &Figure) -> String {
    figure.value().map_or("缺报".into(), |value| grouped(Yuan(value).to_wan(), 4))
}

fn count(figure: &Figure) -> String {
    figure.value().map_or("缺报".into(), |value| grouped(value, value.normalize().scale()))
}

fn quotient(entry: &Entry) -> String {
    entry.judgement.tax_per_mu.map_or("—".into(), |quotient| grouped(quotient, 4))
}

fn yield_text(value: &Yield) -> String {
    match value {
        Yield::NoEnterprise => "无企业".into(),
        Yield::NotDeterminable => "无法判定".into(),
        Yield::TaxPerMu(value) => format!("{} 元/亩", grouped(*value, 4)),
    }
}

fn number(value: &f64) -> String {
    rounded(Decimal::try_from(*value).unwrap_or_default(), 1)
}

/// Square metres in a column whose head says so.
fn plain(area: &Decimal) -> String {
    grouped(*area, area.normalize().scale().clamp(2, 4))
}

/// Land that people stated, in a column of square metres.
fn land_plain(land: &Mu) -> String {
    match land.exact_square_metres() {
        Some(area) => plain(&area.0),
        None => {
            let metres = land.square_metres().rounded(2).map_or("—".into(), |area| grouped(area, 2));
            format!("{metres}（{land} 亩）")
        }
    }
}

fn mu_plain(area: &Decimal) -> String {
    grouped(SquareMetre(*area).to_mu().0, 4)
}
