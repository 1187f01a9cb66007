//! Which departments review together: what the district has laid down, dated; else a list that is an example and says so.

use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ReviewKind;
use crate::account::Department;
use crate::base::period::Period;
use crate::base::text::Seen;

const EXAMPLES: &str = include_str!("../../policy/review-panels.toml");

/// A department with its part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    pub department: Department,
    pub part: String,
}

/// Who reviews together in a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panel {
    pub kind: ReviewKind,
    pub valid: Period,
    pub members: Vec<Member>,
    /// The paper that lays it down.
    pub source: String,
    /// Nobody has laid it down here.
    pub is_example: bool,
}

impl Panel {
    pub fn has(&self, department: Department) -> bool {
        self.members.iter().any(|member| member.department == department)
    }

    pub fn part(&self, department: &Department) -> &str {
        self.members.iter().find(|member| member.department == *department).map_or("", |member| &member.part)
    }
}

/// The lists of a district.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Panels {
    /// Of its own, the newest first.
    pub own: Vec<Panel>,
}

impl Panels {
    /// The list in force on a day.
    pub fn on(&self, kind: ReviewKind, day: NaiveDate) -> Panel {
        let own = self.own.iter().find(|panel| panel.kind == kind && panel.valid.contains(day));
        own.cloned().unwrap_or_else(|| example(kind))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    panel: Vec<Listed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    kind: ReviewKind,
    valid_from: toml::value::Datetime,
    source: String,
    members: Vec<Member>,
}

static ALL: LazyLock<Vec<Panel>> = LazyLock::new(|| {
    let file: File = toml::from_str(EXAMPLES).expect("the example lists are tested");
    let panel = |listed: Listed| Panel {
        kind: listed.kind,
        valid: Period::since(listed.valid_from.to_string().parse().expect("a day")),
        members: listed.members,
        source: listed.source,
        is_example: true,
    };
    file.panel.into_iter().map(panel).collect()
});

/// The list shown as an example.
pub fn example(kind: ReviewKind) -> Panel {
    ALL.iter().find(|panel| panel.kind == kind).cloned().expect("every kind has its example")
}

/// Why a new list is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PanelFault {
    #[error("起始日期应晚于今天：已发起的复核仍用发起之日的名单")]
    NotLater,
    #[error("起始日期应晚于现行名单的起始日期")]
    NotAfterTheLast,
    #[error("至少应有一个部门参加复核")]
    Nobody,
    #[error("请填写确定名单的文件")]
    NoSource,
}

/// Whether a list may follow what is laid down; reviews that are open keep theirs.
///
/// # Errors
/// The first thing that stands in its way.
pub fn check(panels: &Panels, new: &Panel, today: NaiveDate) -> Result<(), PanelFault> {
    let Some(from) = new.valid.from.filter(|from| *from > today) else { return Err(PanelFault::NotLater) };
    if panels.own.iter().any(|own| own.kind == new.kind && own.valid.from >= Some(from)) {
        return Err(PanelFault::NotAfterTheLast);
    }
    if new.members.is_empty() {
        return Err(PanelFault::Nobody);
    }
    if new.source.is_blank() { Err(PanelFault::NoSource) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::sample::day;

    fn own(from: &str) -> Panel {
        let members = vec![Member { department: Department::Science, part: "研发".into() }];
        let valid = Period::since(day(from));
        Panel { kind: ReviewKind::Output, valid, members, source: "区政府会议纪要".into(), is_example: false }
    }

    #[test]
    fn the_example_holds_until_the_district_has_its_own() {
        let panels = Panels { own: vec![own("2026-12-01")] };
        assert!(panels.on(ReviewKind::Output, day("2026-11-30")).is_example);
        let on = panels.on(ReviewKind::Output, day("2026-12-01"));
        assert!(!on.is_example && on.has(Department::Science) && !on.has(Department::Tax));
        assert!(panels.on(ReviewKind::Completion, day("2026-12-01")).is_example, "the other kind has none");
        for kind in ReviewKind::ALL {
            assert!(example(*kind).source.contains("示例") && !example(*kind).members.is_empty());
        }
    }

    #[test]
    fn a_list_begins_after_today_and_after_the_last() {
        let (none, today) = (Panels::default(), day("2026-11-23"));
        assert_eq!(check(&none, &own("2026-11-23"), today), Err(PanelFault::NotLater));
        assert_eq!(check(&none, &own("2026-11-24"), today), Ok(()));
        let panels = Panels { own: vec![own("2026-12-01")] };
        assert_eq!(check(&panels, &own("2026-12-01"), today), Err(PanelFault::NotAfterTheLast));
        assert_eq!(check(&panels, &own("2026-12-02"), today), Ok(()));
        let other = Panel { kind: ReviewKind::Completion, ..own("2026-12-01") };
        assert_eq!(check(&panels, &other, today), Ok(()));
        assert_eq!(check(&none, &Panel { members: vec![], ..own("2026-12-01") }, today), Err(PanelFault::Nobody));
        assert_eq!(check(&none, &Panel { source: " ".into(), ..own("2026-12-01") }, today), Err(PanelFault::NoSource));
    }
}
