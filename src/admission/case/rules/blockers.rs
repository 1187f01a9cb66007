//! What holds a case up: worked out whenever somebody looks, never stored.

use chrono::NaiveDate;

use super::{Docket, Refusal};
use crate::admission::case::{Stage, Stance};
use crate::policy::verdict::Overall;

/// One thing a case waits for.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Blocker {
    /// Stable, for programs.
    pub code: &'static str,
    pub text: String,
    /// Who has to act.
    pub who: String,
    pub due_on: Option<NaiveDate>,
    /// Days left; negative when overdue.
    pub days_left: Option<i64>,
}

impl Blocker {
    fn new(code: &'static str, who: impl Into<String>, text: impl Into<String>) -> Self {
        Blocker { code, text: text.into(), who: who.into(), due_on: None, days_left: None }
    }

    pub fn is_overdue(&self) -> bool {
        self.days_left.is_some_and(|days| days < 0)
    }
}

/// What holds the case up on `today`, most urgent first. `missing` are the facts that the check names.
pub fn blockers(docket: &Docket, missing: &[String], failing: &[String], today: NaiveDate) -> Vec<Blocker> {
    const HANDLER: &str = "承办人";
    let mut found = Vec::new();
    match docket.stage.unwrap_or(Stage::Draft) {
        Stage::Draft => {
            let text = match docket.gaps {
                0 => "内容已齐备，等待提交".to_owned(),
                gaps => format!("申请尚缺 {gaps} 项内容"),
            };
            found.push(Blocker::new("not_submitted", "申请经办人", text));
        }
        Stage::Returned => found.push(Blocker::new("returned", "申请经办人", "已退回，等待补正后重新提交")),
        Stage::Submitted => found.push(Blocker::new("not_accepted", HANDLER, "等待受理或退回补正")),
        Stage::Accepted => found.push(Blocker::new("not_consulted", HANDLER, "等待征求部门意见")),
        Stage::Opinions => {
            for opinion in docket.opinions.iter().filter(|opinion| opinion.stance.is_none()) {
                let text = format!("{}的意见尚未答复", opinion.department);
                found.push(Blocker {
                    due_on: Some(opinion.due_on),
                    days_left: Some((opinion.due_on - today).num_days()),
                    ..Blocker::new("opinion_missing", opinion.department.label(), text)
                });
            }
            for opinion in docket.opinions.iter().filter(|opinion| opinion.stance == Some(Stance::Object)) {
                let text = format!("{}不同意：{}", opinion.department, opinion.comment);
                found.push(Blocker::new("objected", HANDLER, text));
            }
            if found.is_empty() {
                found.push(Blocker::new("not_recommended", HANDLER, "意见齐备，等待提出审查建议"));
            }
        }
        Stage::Recommended => {
            found.push(Blocker::new("second_person", "审批人", "等待另一人作出决定"));
        }
        Stage::Decided => found.push(Blocker::new("not_notified", HANDLER, "已决定，等待送达")),
        Stage::Notified | Stage::Withdrawn => return found,
    }
    if docket.open_set_asides > 0 {
        let text = format!("{} 处命中待另一人确认是否排除", docket.open_set_asides);
        found.push(Blocker::new("set_aside_open", "另一名审查人员", text));
    }
    if !docket.standing.is_empty() && docket.stage != Some(Stage::Decided) {
        let text = Refusal::LandTaken(docket.standing.join("；")).to_string();
        found.push(Blocker::new("land_taken", HANDLER, text));
    }
    if docket.on_example && docket.stage != Some(Stage::Decided) {
        found.push(Blocker::new("example_set", HANDLER, Refusal::ExampleSet.to_string()));
    }
    if docket.stage != Some(Stage::Decided) {
        match docket.verdict {
            Some(Overall::NotDeterminable) => {
                let text = if missing.is_empty() {
                    "核查无法判定，须人工判断".to_owned()
                } else {
                    format!("核查无法判定，缺少：{}", missing.join("、"))
                };
                found.push(Blocker::new("not_determinable", "申请经办人", text));
            }
            Some(Overall::DoesNotConform) => {
                let text = format!("核查不符合（{}）：只能退回补正或不予准入", failing.join("、"));
                found.push(Blocker::new("does_not_conform", HANDLER, text));
            }
            _ => {}
        }
    }
    found.sort_by_key(|blocker| blocker.days_left.unwrap_or(i64::MAX));
    found
}
