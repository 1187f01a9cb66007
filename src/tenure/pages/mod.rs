//! Contracts for people: list, board, calendar, one contract with its timeline, and the clerk's forms.
//!
//! Whatever is late, due or idle is computed when a page is read, by the same check that the terminal prints.

mod board;
mod calendar;
mod certificate_form;
mod doing;
pub(super) mod event_form;
pub mod event_typed;
pub mod found;
mod from_case;
mod list;
mod money;
mod named;
mod one;
mod terms_form;
mod terms_typed;
pub mod timeline;
mod typed;

#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

#[cfg(test)]
pub(super) use terms_typed::commitment_line;

use super::line::State;
use super::present::{address_of, segment};
use super::stage::Condition;
use super::summary::Suspicion;
use crate::account::{Access, Routes};
use crate::base::clock::china_time;
use crate::base::unit::{Mu, Yuan, grouped};

pub fn routes() -> Routes {
    Routes::new()
        .get("/contracts", Access::ReadRegisters, list::show)
        .get("/contracts.csv", Access::ReadRegisters, list::export)
        .get("/contracts.xlsx", Access::ReadRegisters, list::export)
        .get("/contracts/board", Access::ReadRegisters, board::show)
        .get("/contracts/calendar", Access::ReadRegisters, calendar::show)
        .get("/contracts/{number}", Access::ReadRegisters, one::show)
        .merge(event_form::routes())
        .merge(certificate_form::routes())
        .merge(terms_form::routes())
}

/// The colour of a state; the word stands beside it.
fn badge(state: &State) -> &'static str {
    match state {
        State::Overdue => "bg-red-lt",
        State::DueSoon => "bg-yellow-lt",
        State::MetLate => "bg-orange-lt",
        State::Met => "bg-green-lt",
        State::Waived | State::NotYet | State::Waiting => "bg-secondary-lt",
        State::NotDeterminable => "bg-purple-lt",
    }
}

fn condition_badge(condition: &Condition) -> &'static str {
    match condition {
        Condition::Normal => "bg-secondary-lt",
        Condition::Suspended => "bg-azure-lt",
        Condition::Rectification => "bg-yellow-lt",
        Condition::ReviewFailed | Condition::Idle => "bg-red-lt",
    }
}

fn suspicion_badge(idle: &Suspicion) -> &'static str {
    match idle {
        Suspicion::Suspected => "bg-red-lt",
        Suspicion::Soon => "bg-yellow-lt",
        Suspicion::No | Suspicion::NotDeterminable => "bg-purple-lt",
    }
}

/// The article of the governing text that a line names, on the policy page. Order no. 53 numbers its own.
fn policy_anchor(article: &str) -> String {
    let key = article.strip_prefix("53号令").unwrap_or(article);
    format!("/policy#{}", segment(key))
}

fn yuan(money: &Decimal) -> String {
    grouped(*money, 2)
}

/// 万元, with all the digits it has.
fn wan(money: &Decimal) -> String {
    let wan = Yuan(*money).to_wan().normalize();
    grouped(wan, wan.scale().clamp(2, 6))
}

fn square_metres(land: &Mu) -> String {
    let area = land.eye_square_metres().0;
    grouped(area, area.normalize().scale().clamp(2, 4))
}

fn mu(land: &Mu) -> String {
    grouped(land.0, land.0.normalize().scale().max(4))
}

fn moment(at: &DateTime<Utc>) -> String {
    china_time(*at).format("%Y-%m-%d %H:%M").to_string()
}

fn day_or_dash(day: &Option<NaiveDate>) -> String {
    day.map_or("未约定".into(), |day| day.to_string())
}
