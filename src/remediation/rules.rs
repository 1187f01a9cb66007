//! What each way needs to be accepted, and what is holding a file up: pure, computed whenever a file is read.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::proof::{NotProven, Reached};
use super::{EvidenceKind, State, Way};
use crate::account::Department;

/// Departments that accept together.
pub const ACCEPTING: usize = 2;

/// What became of the subject since the file was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Subject {
    #[default]
    There,
    /// The enterprise moved away or was struck from the register.
    Left,
    /// The parcel is no more; what came of it.
    Gone(Vec<String>),
}

/// How the contract that a plan names stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContractStanding {
    Ended,
    Open,
}

/// Whether a file is among those looked at on the spot. All closures are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampling {
    Drawn,
    NotDrawn,
    /// Nobody has drawn yet.
    Waiting,
}

crate::terms! {
    /// How a file stands to the last day of its step.
    #[schema(as = RemediationTimeliness)]
    pub enum Timeliness {
        OnTime = "on_time" => "未到期",
        Soon = "soon" => "即将到期",
        Late = "late" => "已逾期",
        /// Suspended, or closed.
        NotCounted = "not_counted" => "不计期限",
    }
}

/// A file as far as rules look at it.
#[derive(Clone, Debug)]
pub struct Standing {
    pub state: State,
    pub way: Option<Way>,
    pub due: Option<NaiveDate>,
    pub subject: Subject,
    pub evidence: BTreeSet<EvidenceKind>,
    /// Not done yet, and how many of them are late.
    pub open_tasks: u32,
    pub late_tasks: u32,
    /// Findings of joint enforcement that are not at their end.
    pub open_findings: u32,
    /// Of the contract that the plan names.
    pub contract: Option<ContractStanding>,
    /// The parcel that the plan names is on record.
    pub new_parcel: bool,
    /// The register of enterprises shows a change since the plan.
    pub register_changed: bool,
    /// Only looked into for an upgrade.
    pub upgrade: Option<Result<Reached, NotProven>>,
    pub sampling: Sampling,
    /// Departments that agreed in this round.
    pub agreed: BTreeSet<Department>,
    /// The last day to ask for a hearing, once the notice is delivered.
    pub hearing_until: Option<NaiveDate>,
    /// The first full year since whose figure is below the line again, of a file that was struck off.
    pub below_again: Option<i32>,
    /// A later file of the same subject.
    pub relapsed: bool,
}

/// What acceptance lacks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lacking {
    #[error("缺少佐证材料“{0}”")]
    Evidence(EvidenceKind),
    #[error("{0}")]
    Figure(NotProven),
    #[error("方案未写明要终止的出让合同；请修改方案")]
    ContractUnnamed,
    #[error("方案所列出让合同尚未终止或收回；请先在合同中登记")]
    ContractOpen,
    #[error("方案所列迁入宗地不在宗地台账；请先登记宗地或修改方案")]
    NewParcel,
    #[error("企业名录尚未反映兼并重组后的登记变更；请先变更企业信息")]
    RegisterUnchanged,
    #[error("还有{0}项任务未办结")]
    Tasks(u32),
    #[error("联合执法查处的问题还有{0}件未办结；请由承办部门办结")]
    Findings(u32),
    #[error("尚未抽取现场验收样本；请先抽样（关停的一律现场验收，其余按比例抽取）")]
    NotSampled,
    #[error("尚未制定方案")]
    NoPlan,
}

/// Papers that a way needs whatever the registers say.
pub fn evidence_of(way: Way) -> &'static [EvidenceKind] {
    use EvidenceKind::*;
    match way {
        Way::Upgrade => &[],
        Way::Close => &[Dismantled, PowerEnded, WaterEnded, Licence, PhotoBefore, PhotoDuring, PhotoAfter],
        Way::TakeBack => &[Agreement, Registration],
        Way::Move => &[ParkContract],
        Way::Merge => &[RegisterChange],
    }
}

/// Everything acceptance lacks before departments are asked; nothing when it may be asked for.
pub fn lacking(file: &Standing) -> Vec<Lacking> {
    let Some(way) = file.way else { return vec![Lacking::NoPlan] };
    let mut lacking: Vec<Lacking> = papers(file, evidence_of(way)).collect();
    match way {
        Way::Upgrade => match &file.upgrade {
            Some(Ok(_)) => {}
            Some(Err(why)) => lacking.push(Lacking::Figure(why.clone())),
            None => lacking.push(Lacking::NoPlan),
        },
        Way::TakeBack => match file.contract {
            Some(ContractStanding::Ended) => {}
            Some(ContractStanding::Open) => lacking.push(Lacking::ContractOpen),
            None => lacking.push(Lacking::ContractUnnamed),
        },
        Way::Move if !file.new_parcel => lacking.push(Lacking::NewParcel),
        Way::Merge if !file.register_changed => lacking.push(Lacking::RegisterUnchanged),
        Way::Close | Way::Move | Way::Merge => {}
    }
    if file.open_tasks > 0 {
        lacking.push(Lacking::Tasks(file.open_tasks));
    }
    if file.open_findings > 0 {
        lacking.push(Lacking::Findings(file.open_findings));
    }
    lacking
}

/// What departments lack to accept: the same, and that it was looked at on the spot where it has to be.
pub fn lacking_to_accept(file: &Standing) -> Vec<Lacking> {
    let mut lacking = lacking(file);
    match (file.way, file.sampling) {
        (Some(Way::Close), _) | (_, Sampling::Drawn) => {
            lacking.extend(papers(file, &[EvidenceKind::SiteAcceptance]));
        }
        (_, Sampling::Waiting) => lacking.push(Lacking::NotSampled),
        (_, Sampling::NotDrawn) => {}
    }
    lacking
}

fn papers<'a>(file: &'a Standing, kinds: &'a [EvidenceKind]) -> impl Iterator<Item = Lacking> + 'a {
    kinds.iter().filter(|kind| !file.evidence.contains(kind)).map(|kind| Lacking::Evidence(*kind))
}

/// Days beyond its due day; none while it is suspended or when it is closed.
pub fn overdue_days(state: State, due: Option<NaiveDate>, today: NaiveDate) -> i64 {
    match due {
        Some(due) if state != State::Suspended && !state.is_closed() => (today - due).num_days().max(0),
        _ => 0,
    }
}

/// Whether it is late on a day, or will be once `soon` has passed.
pub fn timeliness(state: State, due: Option<NaiveDate>, today: NaiveDate, soon: NaiveDate) -> Timeliness {
    match due {
        _ if state == State::Suspended || state.is_closed() => Timeliness::NotCounted,
        Some(due) if due < today => Timeliness::Late,
        Some(due) if due <= soon => Timeliness::Soon,
        _ => Timeliness::OnTime,
    }
}

/// One sentence each, the most pressing first; nothing when it is closed.
pub fn blockers(file: &Standing, today: NaiveDate) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(year) = file.below_again.filter(|_| !file.relapsed && file.state != State::Dropped) {
        found.push(format!("{year}年度亩均税收又低于标准，须重新列入整治"));
    }
    if file.state.is_closed() {
        return found;
    }
    if file.state.is_open() {
        match &file.subject {
            Subject::There => {}
            Subject::Left => found.push("企业已迁出或注销，请核实后撤销列入，或以关停、兼并方式办结".to_owned()),
            Subject::Gone(into) if into.is_empty() => found.push("宗地已注销，请撤销列入".to_owned()),
            Subject::Gone(into) => {
                found.push(format!("宗地已变更为{}，请撤销列入后以新宗地列入", into.join("、")));
            }
        }
    }
    let late = overdue_days(file.state, file.due, today);
    if late > 0 {
        found.push(format!("已逾期{late}日"));
    }
    found.extend(waits_for(file, today));
    if file.late_tasks > 0 {
        found.push(format!("有{}项任务逾期未办结", file.late_tasks));
    }
    found
}

/// What the next step waits for.
fn waits_for(file: &Standing, today: NaiveDate) -> Vec<String> {
    let words = |lacking: Vec<Lacking>| lacking.iter().map(Lacking::to_string).collect::<Vec<_>>();
    match file.state {
        State::Surveyed => vec!["待核实".to_owned()],
        State::Verified => vec!["待制定方案".to_owned()],
        State::Planned => vec!["方案待告知".to_owned()],
        State::Noticed => match file.hearing_until {
            Some(until) if today <= until => vec![format!("陈述申辩期至{until}")],
            _ => vec!["陈述申辩期已满，待登记听取意见".to_owned()],
        },
        State::Heard => vec!["待组织实施".to_owned()],
        State::CarryingOut => {
            let lacking = words(lacking(file));
            if lacking.is_empty() { vec!["待申请验收".to_owned()] } else { lacking }
        }
        State::Suspended => vec!["已中止，待恢复".to_owned()],
        State::AcceptanceAsked => {
            let mut waits = words(lacking_to_accept(file));
            let missing = ACCEPTING.saturating_sub(file.agreed.len());
            if missing > 0 {
                waits.push(format!("还须{missing}个部门验收同意"));
            }
            waits
        }
        State::Accepted => vec!["待销号".to_owned()],
        State::StruckOff => match file.due {
            Some(due) => vec![format!("{due}前回访")],
            None => vec!["待回访".to_owned()],
        },
        State::LookedBack | State::Dropped => Vec::new(),
    }
}

/// Why a step is refused because of what became of the subject. What is left then is to drop the file, or to end it in a way for
/// which the subject's going is the point.
pub fn goes_on(subject: &Subject, way: Option<Way>) -> bool {
    match subject {
        Subject::There => true,
        Subject::Left => matches!(way, Some(Way::Close | Way::Move | Way::Merge | Way::TakeBack)),
        Subject::Gone(_) => false,
    }
}

#[cfg(test)]
mod tests;
