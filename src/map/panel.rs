//! What a click on the map shows: the card of one parcel, or the list of those that lie on top of each other.

use std::collections::HashMap;

use askama::Template;
use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Html;
use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::address::day;
use super::card::{self, Use, Version, land, metres, mu};
use super::pages::year_of;
use super::tile_cache::MapCache;
use super::tiles::rule_of;
use crate::account::{Access, Officer};
use crate::annual;
use crate::base::period::Period;
use crate::base::text::Seen;
use crate::base::unit::grouped;
use crate::enterprise::HoldingSide;
use crate::low_efficiency::list::Entry;
use crate::low_efficiency::present::badge;
use crate::parcel::store::succession::successions;
use crate::parcel::succession::Succession;
use crate::remediation::deadlines::Days;
use crate::remediation::present::{badge as state_badge, timeliness_badge};
use crate::remediation::rules::{Timeliness, timeliness};
use crate::remediation::store::files::{self, File};
use crate::remediation::wording::address;
use crate::web::{self, AppState, Error};

/// As many parcels as can lie at one place before it is something else than a click.
const MOST: usize = 50;

#[derive(Template)]
#[template(path = "map/panel.html")]
struct CardFragment<'a> {
    version: &'a Version,
    in_force: bool,
    succession: Option<&'a Succession>,
    uses: &'a [Use],
    lines: &'a HashMap<String, Entry>,
    /// Of the parcel and of those who use it.
    files: &'a [File],
    days: Days,
    year: i32,
    as_of: NaiveDate,
    may_assign: bool,
}

#[derive(Template)]
#[template(path = "map/panel_list.html")]
struct ListFragment<'a> {
    versions: &'a [Version],
    as_of: NaiveDate,
}

impl CardFragment<'_> {
    fn line(&self, uscc: &str) -> Option<&Entry> {
        self.lines.get(uscc)
    }

    fn timeliness(&self, file: &File) -> Timeliness {
        timeliness(file.state, file.due, self.days.today, self.days.soon)
    }
}

pub async fn show(
    State(state): State<AppState>,
    officer: Officer,
    Extension(cache): Extension<MapCache>,
    RawQuery(raw): RawQuery,
) -> web::Result<Html<String>> {
    let (mut codes, mut year, mut as_of) = (Vec::new(), String::new(), String::new());
    for (name, value) in form_urlencoded::parse(raw.unwrap_or_default().as_bytes()) {
        match name.as_ref() {
            "code" if codes.len() < MOST => codes.push(value.seen().to_uppercase()),
            "year" => year = value.into_owned(),
            "as_of" => as_of = value.into_owned(),
            _ => {}
        }
    }
    let as_of = day(&as_of, &state)?;
    let versions = card::versions(&state.pool, &officer.scope, &codes).await?;
    match codes.as_slice() {
        [] => Err(Error::BadRequest("请指定宗地代码".into())),
        [code] => {
            let years = if year.is_empty() { annual::store::years(&state.pool, &officer.scope).await? } else { vec![] };
            one(&state, &officer, &cache, &versions, code, year_of(&year, &years, &state)?, as_of).await
        }
        several => {
            let in_order = several.iter().filter_map(|code| {
                card::in_force(versions.iter().filter(|version| version.code == *code), as_of)
                    .map(|(found, _)| found.clone())
            });
            let versions: Vec<Version> = in_order.collect();
            Ok(Html(ListFragment { versions: &versions, as_of }.render()?))
        }
    }
}

async fn one(
    state: &AppState,
    officer: &Officer,
    cache: &MapCache,
    versions: &[Version],
    code: &str,
    year: i32,
    as_of: NaiveDate,
) -> web::Result<Html<String>> {
    let found = card::in_force(versions, as_of);
    let (version, in_force) = found.ok_or_else(|| Error::NotFound(format!("台账中没有宗地 {code}")))?;
    let rule = rule_of(&state.pool, cache, year).await?;
    let uses = card::uses(&state.pool, &officer.scope, code, Some(as_of)).await?;
    let lines = card::lines(&state.pool, &officer.scope, year, &rule.line, &uses).await?;
    let successions = successions(&state.pool, &officer.scope, &[code.to_owned()]).await?;
    let may_assign = in_force && officer.may(Access::AssignInspections);
    let succession = successions.get(code);
    let files = files_of(state, officer, code, &uses).await?;
    let days = Days::on(&state.pool, state.clock.today()).await?;
    let (uses, lines, files) = (&uses, &lines, &files);
    let fragment = CardFragment { version, in_force, succession, uses, lines, files, days, year, as_of, may_assign };
    Ok(Html(fragment.render()?))
}

/// Files of remediation about the parcel or somebody who uses it; whoever leases it out does not.
async fn files_of(state: &AppState, officer: &Officer, code: &str, uses: &[Use]) -> web::Result<Vec<File>> {
    let users = uses.iter().filter(|each| each.side != HoldingSide::LeasedOut).map(|each| each.uscc.clone());
    let subjects: Vec<String> = users.chain([code.to_owned()]).collect();
    let mut connection = state.pool.acquire().await?;
    Ok(files::pressing(&mut connection, &officer.scope, &subjects).await?)
}

fn quotient(entry: &Entry) -> Option<String> {
    entry.judgement.tax_per_mu.map(|quotient: Decimal| grouped(quotient, 4))
}

fn until(version: &Version) -> Option<NaiveDate> {
    Period::from(version.valid).until
}

fn since(version: &Version) -> Option<NaiveDate> {
    Period::from(version.valid).from
}
