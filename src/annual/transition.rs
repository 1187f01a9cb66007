//! The transition of 二(一)3: new enterprises, those newly above designated size, and major projects under construction.
//!
//! It is decided on 31 December of the year. A transition of three years is counted as the Civil Code counts (articles 201 and
//! 202, [`crate::base::anniversary`]): its last day is the anniversary, and the year whose 31 December is that day still
//! belongs to it.

use chrono::NaiveDate;
use serde::Serialize;

use super::{Facts, ProjectStart, deciding_day};
use crate::base::anniversary::years_after;
use crate::enterprise::SizeClass;

crate::terms! {
    /// The three grounds of 二(一)3.
    pub enum TransitionGround {
        New = "new" => "新设企业",
        NewlyAboveSize = "newly_above_size" => "新升规企业",
        MajorProject = "major_project" => "重大项目建设期内企业",
    }
}

/// The transition an enterprise is in on 31 December of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Transition {
    pub ground: TransitionGround,
    /// The first day that is no longer part of it.
    pub until: NaiveDate,
    /// The day it is counted from is not that of the ground, but the earliest the register knows of it.
    pub start_unknown: bool,
}

/// The transition that lasts longest, if the deciding day falls into one. Each of its three kinds lasts at most so many years
/// from its start, and a construction period no longer than the district recognised.
pub fn transition(facts: &Facts, years: u32) -> Option<Transition> {
    let day = deciding_day(facts.year);
    let lasts_until = |start: NaiveDate| (start <= day).then(|| years_after(start, years));
    let above_size_since = facts.above_size_since.filter(|_| facts.size_class == SizeClass::Above);
    let project = facts.project.and_then(|project| Some(lasts_until(project.start.day())?.min(project.until)));
    let start_unknown = facts.project.is_some_and(|project| matches!(project.start, ProjectStart::KnownFrom(_)));
    [
        (TransitionGround::New, facts.established_on.and_then(lasts_until), false),
        (TransitionGround::NewlyAboveSize, above_size_since.and_then(lasts_until), false),
        (TransitionGround::MajorProject, project, start_unknown),
    ]
    .into_iter()
    .filter_map(|(ground, last, start_unknown)| {
        let last = last.filter(|last| day <= *last)?;
        Some(Transition { ground, until: last.succ_opt()?, start_unknown })
    })
    .max_by_key(|transition| transition.until)
}
