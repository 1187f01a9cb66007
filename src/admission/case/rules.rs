//! The state machine of a case: what may follow what, by whom, and what holds it up. Pure.

mod blockers;

use uuid::Uuid;

use super::{Action, CaseStep, Opinion, Outcome, Recommends, Stage, Stance};
use crate::base::text::Seen;
use crate::policy::verdict::Overall;
use crate::workflow::{SamePerson, Table, four_eyes, makes, moves, stays};

pub use blockers::{Blocker, blockers};

/// What the rules have to know about a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docket {
    pub stage: Option<Stage>,
    /// How many things an application still lacks.
    pub gaps: usize,
    /// Of the current check.
    pub verdict: Option<Overall>,
    /// The current check asked the rows of an example set, which the district has not adopted.
    pub on_example: bool,
    /// Of the current round.
    pub opinions: Vec<Opinion>,
    /// The one that stands.
    pub recommendation: Option<Recommendation>,
    /// Hits that somebody proposed to set aside and nobody has answered.
    pub open_set_asides: usize,
    /// What stands against the land and no recorded ground covers, in words.
    pub standing: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recommendation {
    pub recommends: Recommends,
    pub by: Uuid,
}

/// What somebody wants to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    Submit,
    Accept,
    Return { reason: String },
    Consult,
    Recommend { recommends: Recommends, reason: String },
    SendBack { reason: String },
    Decide { outcome: Outcome, reason: String },
    Notify,
    Withdraw { reason: String },
}

impl Move {
    pub fn action(&self) -> Action {
        match self {
            Move::Submit => Action::Submit,
            Move::Accept => Action::Accept,
            Move::Return { .. } => Action::Return,
            Move::Consult => Action::Consult,
            Move::Recommend { .. } => Action::Recommend,
            Move::SendBack { .. } => Action::SendBack,
            Move::Decide { .. } => Action::Decide,
            Move::Notify => Action::Notify,
            Move::Withdraw { .. } => Action::Withdraw,
        }
    }

    /// What goes into the timeline.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Move::Return { reason }
            | Move::Recommend { reason, .. }
            | Move::SendBack { reason }
            | Move::Decide { reason, .. }
            | Move::Withdraw { reason } => Some(reason),
            _ => None,
        }
    }
}

/// Why a move is not possible. The wording is for the person who tried.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("案件现处于“{stage}”，不能{}", verb(*.step))]
    Stage { stage: Stage, step: CaseStep },
    #[error("请填写理由")]
    ReasonMissing,
    #[error("申请尚缺 {0} 项内容，补齐后才能提交")]
    Incomplete(usize),
    #[error("尚有部门意见未答复：{0}。意见齐备前不能对核查符合的项目提出审查建议")]
    OpinionsMissing(String),
    #[error("{0}不同意，不能建议准入；可退回补正，或建议不予准入")]
    Objected(String),
    #[error("核查结论为“{0}”，达不到“标准地”指标的项目一律不得准入（四（一）2）；只能退回补正或不予准入")]
    NotConforming(Overall),
    #[error("尚未核查，不能提出审查建议或作出决定")]
    NotChecked,
    #[error("审查建议由您提出，决定须由另一人作出")]
    SamePerson,
    #[error("承办人建议不予准入；如认为应当准入，请退回承办人并说明理由")]
    NotRecommended,
    #[error("核查采用的是未经本区采用的示例指标，不能作为审查建议或决定的依据；请退回补正，改选本区采用的指标")]
    ExampleSet,
    #[error("有命中待另一人确认是否排除，处理后才能提出审查建议")]
    SetAsideOpen,
    #[error("用地上已有：{0}。不能再准予准入；确可并存的（如分期、只涉及部分宗地），须先由承办人记录并存理由")]
    LandTaken(String),
}

impl From<SamePerson> for Refusal {
    fn from(_: SamePerson) -> Self {
        Refusal::SamePerson
    }
}

impl Refusal {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Stage { .. } => "wrong_stage",
            Refusal::ReasonMissing => "reason_missing",
            Refusal::Incomplete(_) => "incomplete",
            Refusal::OpinionsMissing(_) => "opinions_missing",
            Refusal::Objected(_) => "objected",
            Refusal::NotConforming(_) => "not_conforming",
            Refusal::NotChecked => "not_checked",
            Refusal::SamePerson => "same_person",
            Refusal::NotRecommended => "not_recommended",
            Refusal::ExampleSet => "example_set",
            Refusal::SetAsideOpen => "set_aside_open",
            Refusal::LandTaken(_) => "land_taken",
        }
    }
}

use CaseStep as T;
use Stage as S;

/// Its maker may still change what the application says.
const EDITABLE: &[S] = &[S::Draft, S::Returned];
/// Nobody has decided on the check.
const UNDER_REVIEW: &[S] = &[S::Submitted, S::Accepted, S::Opinions];
const UNDECIDED: &[S] = &[S::Submitted, S::Accepted, S::Opinions, S::Returned, S::Recommended];
const UNRECOMMENDED: &[S] = &[S::Draft, S::Submitted, S::Returned, S::Accepted, S::Opinions];
const OPEN: &[S] = &[S::Draft, S::Submitted, S::Returned, S::Accepted, S::Opinions, S::Recommended];

/// Whatever is not in here cannot happen.
pub static TABLE: Table<S, T> = Table {
    noun: "案件",
    missing: "没有这个案件",
    begins: S::Draft,
    closed: &[S::Notified, S::Withdrawn],
    reopens: &[],
    ways: &[
        makes(T::Create, S::Draft, "admission.create"),
        stays(T::Edit, EDITABLE, "admission.edit"),
        stays(T::Attach, UNRECOMMENDED, "admission.attach"),
        stays(T::Detach, EDITABLE, "admission.detach"),
        moves(T::Submit, EDITABLE, S::Submitted, "admission.submit"),
        moves(T::Accept, &[S::Submitted], S::Accepted, "admission.accept"),
        moves(T::Return, UNDER_REVIEW, S::Returned, "admission.return"),
        stays(T::Check, UNDER_REVIEW, "admission.check"),
        stays(T::Judge, UNDER_REVIEW, "admission.judge"),
        stays(T::SetAside, UNDER_REVIEW, "admission.set_aside"),
        stays(T::ConfirmSetAside, UNDER_REVIEW, "admission.set_aside_confirm"),
        stays(T::RejectSetAside, UNDER_REVIEW, "admission.set_aside_reject"),
        stays(T::Beside, UNDECIDED, "admission.beside"),
        moves(T::Consult, &[S::Accepted], S::Opinions, "admission.consult"),
        stays(T::Opinion, &[S::Opinions], "admission.opinion"),
        moves(T::Recommend, &[S::Accepted, S::Opinions], S::Recommended, "admission.recommend"),
        moves(T::SendBack, &[S::Recommended], S::Opinions, "admission.send_back"),
        moves(T::Decide, &[S::Recommended], S::Decided, "admission.decide"),
        moves(T::Notify, &[S::Decided], S::Notified, "admission.notify"),
        moves(T::Withdraw, OPEN, S::Withdrawn, "admission.withdraw"),
    ],
};

/// Where a step leads from a stage.
///
/// # Errors
/// It cannot be taken there.
pub fn after(stage: Stage, step: impl Into<CaseStep>) -> Result<Stage, Refusal> {
    let step = step.into();
    TABLE.after(stage, step).ok_or(Refusal::Stage { stage, step })
}

/// What cannot be done, as one says it.
fn verb(step: CaseStep) -> &'static str {
    if step == CaseStep::Opinion { "提出部门意见" } else { step.label() }
}

/// Where the move leads.
///
/// # Errors
/// The first reason why it may not be made.
pub fn decide(docket: &Docket, wanted: &Move, person: Uuid) -> Result<Stage, Refusal> {
    let stage = docket.stage.unwrap_or(Stage::Draft);
    let to = after(stage, wanted.action())?;
    if wanted.reason().is_some_and(|reason| reason.is_blank()) {
        return Err(Refusal::ReasonMissing);
    }
    match wanted {
        Move::Submit if docket.gaps > 0 => Err(Refusal::Incomplete(docket.gaps)),
        Move::Recommend { recommends, .. } => may_recommend(docket, *recommends).map(|()| to),
        Move::Decide { outcome, .. } => may_decide(docket, *outcome, person).map(|()| to),
        _ => Ok(to),
    }
}

fn may_recommend(docket: &Docket, recommends: Recommends) -> Result<(), Refusal> {
    let verdict = docket.verdict.ok_or(Refusal::NotChecked)?;
    if docket.on_example {
        return Err(Refusal::ExampleSet);
    }
    if recommends == Recommends::Admit && verdict != Overall::Conforms {
        return Err(Refusal::NotConforming(verdict));
    }
    if docket.open_set_asides > 0 {
        return Err(Refusal::SetAsideOpen);
    }
    if recommends == Recommends::Admit {
        land_is_free(docket)?;
    }
    // What fails is refused whatever the departments may still say.
    if verdict != Overall::Conforms {
        return Ok(());
    }
    let open = departments(docket, |opinion| opinion.stance.is_none());
    if docket.opinions.is_empty() {
        return Err(Refusal::OpinionsMissing("尚未征求部门意见".into()));
    }
    if !open.is_empty() {
        return Err(Refusal::OpinionsMissing(open));
    }
    let against = departments(docket, |opinion| opinion.stance == Some(Stance::Object));
    if recommends == Recommends::Admit && !against.is_empty() {
        return Err(Refusal::Objected(against));
    }
    Ok(())
}

fn may_decide(docket: &Docket, outcome: Outcome, person: Uuid) -> Result<(), Refusal> {
    let verdict = docket.verdict.ok_or(Refusal::NotChecked)?;
    let recommendation = docket.recommendation.ok_or(Refusal::NotRecommended)?;
    four_eyes(Some(recommendation.by), person)?;
    if docket.on_example {
        return Err(Refusal::ExampleSet);
    }
    if outcome == Outcome::Admitted {
        if verdict != Overall::Conforms {
            return Err(Refusal::NotConforming(verdict));
        }
        if recommendation.recommends != Recommends::Admit {
            return Err(Refusal::NotRecommended);
        }
        land_is_free(docket)?;
        let against = departments(docket, |opinion| opinion.stance == Some(Stance::Object));
        if !against.is_empty() {
            return Err(Refusal::Objected(against));
        }
    }
    Ok(())
}

fn land_is_free(docket: &Docket) -> Result<(), Refusal> {
    if docket.standing.is_empty() { Ok(()) } else { Err(Refusal::LandTaken(docket.standing.join("；"))) }
}

fn departments(docket: &Docket, which: impl Fn(&Opinion) -> bool) -> String {
    let named = docket.opinions.iter().filter(|opinion| which(opinion)).map(|opinion| opinion.department.label());
    named.collect::<Vec<_>>().join("、")
}

/// Whether its maker may still change what the application says.
pub fn is_editable(stage: Stage) -> bool {
    TABLE.allows(stage, CaseStep::Edit)
}

/// Whether a ground for standing beside others may be recorded: while nobody has decided.
pub fn may_stand_beside(stage: Stage) -> bool {
    TABLE.allows(stage, CaseStep::Beside)
}

/// Whether the check may be made again: while nobody has decided on it.
pub fn may_recheck(stage: Stage) -> bool {
    TABLE.allows(stage, CaseStep::Check)
}

#[cfg(test)]
mod tests;
