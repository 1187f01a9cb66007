//! How far files of remediation have come, how they stand to their day and in which way they go, and the colours that say so, told
//! apart also in grey.

use serde::Serialize;

use super::contract_colours::Class;
use crate::remediation::rules::Timeliness;
use crate::remediation::{State, Way};

crate::terms! {
    /// States of a file as the map tells them apart.
    pub enum Progress {
        ToVerify = "to_verify" => "待核实",
        ToPlan = "to_plan" => "待定方案",
        ToTell = "to_tell" => "方案告知、听取意见",
        CarryingOut = "carrying_out" => "整治中",
        Suspended = "suspended" => "已中止",
        ToAccept = "to_accept" => "待验收",
        ToStrikeOff = "to_strike_off" => "待销号",
        StruckOff = "struck_off" => "已销号",
    }
}

/// A parcel whose file has no plan.
pub const NO_WAY: &str = "none";

/// The legends of the three colourings.
#[derive(Debug, Serialize)]
pub struct Legends {
    pub progress: Vec<Class>,
    pub deadline: Vec<Class>,
    pub way: Vec<Class>,
}

impl Progress {
    /// Nothing is drawn of a file that was dropped.
    pub fn of(state: State) -> Option<Self> {
        match state {
            State::Surveyed => Some(Progress::ToVerify),
            State::Verified => Some(Progress::ToPlan),
            State::Planned | State::Noticed | State::Heard => Some(Progress::ToTell),
            State::CarryingOut => Some(Progress::CarryingOut),
            State::Suspended => Some(Progress::Suspended),
            State::AcceptanceAsked => Some(Progress::ToAccept),
            State::Accepted => Some(Progress::ToStrikeOff),
            State::StruckOff | State::LookedBack => Some(Progress::StruckOff),
            State::Dropped => None,
        }
    }

    fn color(self) -> &'static str {
        match self {
            Progress::ToVerify => "#6b1a06",
            Progress::ToPlan => "#c1440e",
            Progress::ToTell => "#e6862b",
            Progress::CarryingOut => "#f6d9a8",
            Progress::Suspended => "#8e7cc3",
            Progress::ToAccept => "#4a90c2",
            Progress::ToStrikeOff => "#a6cbe3",
            Progress::StruckOff => "#59a14f",
        }
    }
}

/// The states that are drawn, each with what it is drawn as.
pub fn states() -> (Vec<String>, Vec<String>) {
    let drawn = |state: &State| Progress::of(*state).map(|it| (state.code().to_owned(), it.code().to_owned()));
    State::ALL.iter().filter_map(drawn).unzip()
}

fn timeliness_color(timeliness: Timeliness) -> &'static str {
    match timeliness {
        Timeliness::OnTime => "#a6cbe3",
        Timeliness::Soon => "#f2b84b",
        Timeliness::Late => "#a6301e",
        Timeliness::NotCounted => "#8a93a3",
    }
}

fn way_color(way: Way) -> &'static str {
    match way {
        Way::Upgrade => "#59a14f",
        Way::Close => "#a6301e",
        Way::TakeBack => "#e6862b",
        Way::Move => "#4e79a7",
        Way::Merge => "#b9a0d4",
    }
}

pub fn legends() -> Legends {
    let way = |way: &Way| Class { key: way.code(), label: way.label(), color: way_color(*way) };
    let none = Class { key: NO_WAY, label: "尚未定方案", color: "#f1ce63" };
    let deadline = |it: &Timeliness| Class { key: it.code(), label: it.label(), color: timeliness_color(*it) };
    Legends {
        progress: Progress::ALL
            .iter()
            .map(|it| Class { key: it.code(), label: it.label(), color: it.color() })
            .collect(),
        deadline: Timeliness::ALL.iter().map(deadline).collect(),
        way: Way::ALL.iter().map(way).chain([none]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_class_has_a_colour_of_its_own() {
        let Legends { progress, deadline, way } = legends();
        for legend in [progress, deadline, way] {
            let colours: BTreeSet<&str> = legend.iter().map(|class| class.color).collect();
            assert_eq!(colours.len(), legend.len());
        }
    }

    #[test]
    fn every_state_but_dropped_is_drawn_and_every_class_has_one() {
        let (states, classes) = states();
        assert_eq!(states.len(), State::ALL.len() - 1);
        assert_eq!(classes.into_iter().collect::<BTreeSet<_>>().len(), Progress::ALL.len());
    }
}
