//! Words and badges.

use super::RunState;
use super::moved::Move;
use super::store::changes::ChangeState;
use crate::base::ratio::Ratio;
use crate::base::unit::grouped;
use crate::scoring::scheme::{Category, SubjectKind};

/// A figure that is printed with up to 12 places, for the eye: so many places, half away from zero.
pub fn brief(text: &str, places: u32) -> String {
    let rounded = text.parse::<Ratio>().ok().and_then(|ratio| ratio.rounded(places));
    rounded.map_or_else(|| text.to_owned(), |decimal| decimal.to_string())
}

/// A fact for the eye: grouped, at most four places, no noughts at the end.
pub fn figure(text: &str) -> String {
    let rounded = text.parse::<Ratio>().ok().and_then(|ratio| ratio.shown(4));
    rounded.map_or_else(|| text.to_owned(), |decimal| grouped(decimal, decimal.scale()))
}

pub fn category(code: &str) -> String {
    Category::parse(code).map_or_else(|| code.to_owned(), |category| category.label().to_owned())
}

/// Where a subject of an evaluation is shown by itself.
pub fn subject_page(kind: &str, id: &str) -> String {
    match SubjectKind::parse(kind) {
        Some(SubjectKind::Platform) => format!("/evaluation/platforms?q={id}"),
        Some(SubjectKind::Parcel) => format!("/parcels/{id}"),
        Some(SubjectKind::Enterprise) | None => format!("/enterprises/{id}"),
    }
}

pub fn state_badge(state: RunState) -> &'static str {
    match state {
        RunState::Computed => "bg-blue-lt",
        RunState::Proposed => "bg-yellow-lt",
        RunState::Official => "bg-green-lt",
        RunState::Superseded | RunState::Withdrawn => "bg-secondary-lt",
    }
}

pub fn change_badge(state: ChangeState) -> &'static str {
    match state {
        ChangeState::Proposed => "bg-yellow-lt",
        ChangeState::Approved => "bg-green-lt",
        ChangeState::Rejected => "bg-red-lt",
        ChangeState::Withdrawn => "bg-secondary-lt",
    }
}

/// The first four grades from the best to the worst; whatever comes after has no colour of its own.
pub fn grade_badge(grade: &str) -> &'static str {
    match grade {
        "A" => "bg-green-lt",
        "B" => "bg-blue-lt",
        "C" => "bg-yellow-lt",
        "D" => "bg-red-lt",
        _ => "bg-secondary-lt",
    }
}

pub fn move_badge(how: &Move) -> &'static str {
    match how {
        Move::Up => "bg-green-lt",
        Move::Down => "bg-red-lt",
        Move::Entered => "bg-blue-lt",
        Move::Left | Move::Same => "bg-secondary-lt",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_rounded_for_the_eye_only() {
        assert_eq!(brief("114.995548", 2), "115.00");
        assert_eq!(brief("—", 2), "—");
        assert_eq!((figure("22047961.1400").as_str(), figure("48").as_str()), ("22,047,961.14", "48"));
    }
}
