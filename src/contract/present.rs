//! Where a contract is shown, in which colours, and how its figures read.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::stage::{Condition, Stage};
use crate::base::unit::{Mu, Yuan, grouped};

/// The address of a contract's page; a number may hold any character.
pub fn address_of(number: &str) -> String {
    format!("/contracts/{}", segment(number))
}

/// One part of a path.
pub fn segment(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// The colours of the stages, on the timeline and on the map.
pub fn stage_colour(stage: Stage) -> &'static str {
    match stage {
        Stage::Granted => "#d8c9a0",
        Stage::HandedOver => "#e6b35c",
        Stage::Construction => "#7fb8da",
        Stage::Completed => "#4a90c2",
        Stage::Production => "#7cc3a0",
        Stage::OutputPassed => "#3f9c74",
        Stage::Remaining => "#23684b",
        Stage::Expired => "#8a8f99",
        Stage::Terminated => "#6b5b73",
        Stage::TakenBack => "#3d3d3d",
    }
}

pub fn condition_badge(condition: &Condition) -> &'static str {
    match condition {
        Condition::Normal => "bg-secondary-lt",
        Condition::Suspended => "bg-azure-lt",
        Condition::Rectification => "bg-yellow-lt",
        Condition::ReviewFailed | Condition::Idle => "bg-red-lt",
    }
}

/// Yuan, to the fen.
pub fn yuan(money: &Decimal) -> String {
    grouped(*money, 2)
}

/// 万元, with all the digits it has.
pub fn wan(money: &Decimal) -> String {
    let wan = Yuan(*money).to_wan().normalize();
    grouped(wan, wan.scale().clamp(2, 6))
}

pub fn square_metres(land: &Mu) -> String {
    let area = land.eye_square_metres().0;
    grouped(area, area.normalize().scale().clamp(2, 4))
}

pub fn mu(land: &Mu) -> String {
    grouped(land.0, land.0.normalize().scale().max(4))
}

pub fn day_or_dash(day: &Option<NaiveDate>) -> String {
    day.map_or("未约定".into(), |day| day.to_string())
}
