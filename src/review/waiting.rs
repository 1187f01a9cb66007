//! Which open reviews wait for whom.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::ReviewKind;
use super::panel::{Panel, Panels};
use crate::account::Department;
use crate::base::clock::china_day;

crate::terms! {
    /// What is missing next.
    pub enum WaitsFor {
        /// The department of who asks.
        MyOpinion = "mine" => "待本部门出具意见",
        Opinions = "opinions" => "待部门意见",
        /// Every department has spoken: somebody concludes.
        Conclusion = "conclusion" => "待作出结论",
    }
}

/// An open review, as far as it decides who is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    pub id: Uuid,
    pub kind: ReviewKind,
    pub opened_at: DateTime<Utc>,
    /// Departments whose opinion stands.
    pub said: Vec<Department>,
}

impl Open {
    /// The list of the day on which it was opened.
    pub fn panel(&self, panels: &Panels) -> Panel {
        panels.on(self.kind, china_day(self.opened_at))
    }

    pub fn waits(&self, panels: &Panels, wanted: WaitsFor, reader: Option<Department>) -> bool {
        let panel = self.panel(panels);
        let silent = |department: &Department| !self.said.contains(department);
        let anybody = panel.members.iter().any(|member| silent(&member.department));
        match wanted {
            WaitsFor::MyOpinion => reader.is_some_and(|reader| panel.has(reader) && silent(&reader)),
            WaitsFor::Opinions => anybody,
            WaitsFor::Conclusion => !anybody,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_review_waits_for_the_departments_of_its_list_and_then_for_a_conclusion() {
        let (panels, tax) = (Panels::default(), Some(Department::Tax));
        let mut open = Open {
            id: Uuid::nil(),
            kind: ReviewKind::Output,
            opened_at: "2026-11-23T04:00:00Z".parse().unwrap(),
            said: vec![Department::Statistics],
        };
        assert!(open.waits(&panels, WaitsFor::MyOpinion, tax) && open.waits(&panels, WaitsFor::Opinions, tax));
        assert!(!open.waits(&panels, WaitsFor::Conclusion, tax));
        assert!(!open.waits(&panels, WaitsFor::MyOpinion, Some(Department::Safety)), "takes no part");
        assert!(!open.waits(&panels, WaitsFor::MyOpinion, None));
        open.said.push(Department::Tax);
        assert!(!open.waits(&panels, WaitsFor::MyOpinion, tax) && open.waits(&panels, WaitsFor::Opinions, tax));
        open.said.extend([Department::Environment, Department::EconomyAndTourism]);
        assert!(open.waits(&panels, WaitsFor::Conclusion, None) && !open.waits(&panels, WaitsFor::Opinions, None));
    }
}
