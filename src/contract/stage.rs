//! Where a grant stands: stages, what may move it from one to the next, and the conditions that lie over a stage.
//!
//! The stage is not stored. It follows from the events and certificates up to the day asked about, along [`MOVES`].

use chrono::NaiveDate;

use super::certificate::CertificateStage;
use super::days;
use super::event::{Cause, EventKind, Happening, ReviewOutcome};
use crate::contract::known::Contract;

crate::terms! {
    pub enum Stage {
        Granted = "granted" => "已签约",
        HandedOver = "handed_over" => "已交地",
        Construction = "construction" => "建设期",
        /// Completed and reviewed.
        Completed = "completed" => "已竣工验收",
        Production = "production" => "投产期",
        OutputPassed = "output_passed" => "达产复核通过",
        Remaining = "remaining" => "剩余年限使用期",
        Expired = "expired" => "年期届满",
        Terminated = "terminated" => "合同终止",
        TakenBack = "taken_back" => "已收回",
    }
}

crate::terms! {
    /// What lies over a stage.
    pub enum Condition {
        Normal = "normal" => "正常",
        /// The clock, or the work, stands still.
        Suspended = "suspended" => "中止",
        Rectification = "rectification" => "整改中",
        /// A review was failed for good.
        ReviewFailed = "review_failed" => "复核不通过",
        /// Confirmed as idle land.
        Idle = "idle" => "已认定闲置",
    }
}

/// What moves a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Event(EventKind),
    Certificate(CertificateStage),
}

/// Every way from one stage to another. Reviews move only when passed. What is not here does not move anything.
pub const MOVES: [(Stage, Step, Stage); 7] = [
    (Stage::Granted, Step::Event(EventKind::HandedOver), Stage::HandedOver),
    (Stage::HandedOver, Step::Event(EventKind::Started), Stage::Construction),
    (Stage::Construction, Step::Event(EventKind::CompletionReviewed), Stage::Completed),
    (Stage::Completed, Step::Event(EventKind::ProductionStarted), Stage::Production),
    (Stage::Completed, Step::Certificate(CertificateStage::Production), Stage::Production),
    (Stage::Production, Step::Event(EventKind::OutputReviewed), Stage::OutputPassed),
    (Stage::OutputPassed, Step::Certificate(CertificateStage::Remaining), Stage::Remaining),
];

/// Why an event does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The stage from which it leads is not reached yet.
    NotReached,
    /// It happened already.
    Already,
    /// The contract has ended.
    Ended,
}

impl Stage {
    pub fn is_open(self) -> bool {
        !matches!(self, Stage::Expired | Stage::Terminated | Stage::TakenBack)
    }

    /// The stage after this happened; the same stage when it moves nothing.
    ///
    /// # Errors
    /// When it cannot happen in this stage.
    pub fn after(self, happening: &Happening) -> Result<Stage, Refusal> {
        use Happening as H;
        match happening {
            // What is owed when a contract ends is asked for, paid or waived after it.
            H::Paid { .. } | H::PenaltyPaid { .. } | H::Waived { .. } | H::Notified { .. } | H::IdleSettled => Ok(self),
            _ if !self.is_open() => Err(Refusal::Ended),
            H::Rescinded | H::Terminated => Ok(Stage::Terminated),
            H::TakenBack => Ok(Stage::TakenBack),
            H::CompletionReviewed(review) if review.outcome != ReviewOutcome::Passed => {
                self.staying(Stage::Construction)
            }
            H::OutputReviewed(review) if review.outcome != ReviewOutcome::Passed => self.staying(Stage::Production),
            H::CompletionDeclared => self.staying(Stage::Construction),
            H::ProductionStarted if self == Stage::Production => Ok(self),
            H::HandedOver | H::Started | H::CompletionReviewed(_) | H::ProductionStarted | H::OutputReviewed(_) => {
                self.moved(Step::Event(happening.kind()))
            }
            _ => Ok(self),
        }
    }

    /// The stage after a certificate was issued.
    ///
    /// # Errors
    /// When the stage it is for is not reached.
    pub fn after_certificate(self, stage: CertificateStage) -> Result<Stage, Refusal> {
        match (stage, self) {
            (_, stage) if !stage.is_open() => Err(Refusal::Ended),
            (CertificateStage::Construction, Stage::Granted) => Err(Refusal::NotReached),
            (CertificateStage::Construction, Stage::HandedOver | Stage::Construction) => Ok(self),
            (CertificateStage::Construction, _) => Err(Refusal::Already),
            (CertificateStage::Production, Stage::Production) => Ok(self),
            _ => self.moved(Step::Certificate(stage)),
        }
    }

    fn staying(self, wanted: Stage) -> Result<Stage, Refusal> {
        match self {
            stage if stage == wanted => Ok(self),
            stage if stage < wanted => Err(Refusal::NotReached),
            _ => Err(Refusal::Already),
        }
    }

    fn moved(self, step: Step) -> Result<Stage, Refusal> {
        let ways = || MOVES.iter().filter(|(_, by, _)| *by == step);
        if let Some((_, _, to)) = ways().find(|(from, _, _)| *from == self) {
            return Ok(*to);
        }
        Err(if ways().all(|(from, _, _)| self < *from) { Refusal::NotReached } else { Refusal::Already })
    }
}

/// Where a grant stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub stage: Stage,
    /// First day of the stage.
    pub since: NaiveDate,
    pub condition: Condition,
    /// Why it is suspended.
    pub cause: Option<Cause>,
    /// Rectification until.
    pub until: Option<NaiveDate>,
}

/// Where the grant stands on `day`; `None` before the contract. Events that do not fit are passed over: they are
/// refused when recorded, and reported by [`super::validate`] when they came in otherwise.
pub fn standing(contract: &Contract, day: NaiveDate) -> Option<Standing> {
    let signed = contract.signed_on().filter(|signed| *signed <= day)?;
    let mut standing =
        Standing { stage: Stage::Granted, since: signed, condition: Condition::Normal, cause: None, until: None };
    let mut conditions = Conditions::default();
    let mut certificates =
        contract.certificates.iter().filter(|it| it.valid.from.is_some_and(|from| from <= day)).peekable();
    for event in contract.events.iter().filter(|event| event.on <= day) {
        while let Some(certificate) = certificates.next_if(|it| it.valid.from < Some(event.on)) {
            standing.certify(certificate.stage, certificate.valid.from.unwrap_or(event.on), &mut conditions);
        }
        standing.meet(&event.happening, event.on, day, &mut conditions);
    }
    for certificate in certificates {
        standing.certify(certificate.stage, certificate.valid.from.unwrap_or(day), &mut conditions);
    }
    (standing.condition, standing.cause, standing.until) = conditions.foremost(standing.stage);
    let handed_over = contract.day_of(day, &Happening::HandedOver);
    let end = contract.terms_on(day).and_then(|terms| days::term(terms, handed_over)).and_then(|term| term.until);
    if let Some(end) = end.filter(|end| *end <= day && standing.stage.is_open()) {
        standing =
            Standing { stage: Stage::Expired, since: end, condition: Condition::Normal, cause: None, until: None };
    }
    Some(standing)
}

/// What lies over a stage, each thing until it is ended by what ends it: a standstill does not hide a failed review for
/// good, and a start does not undo what was confirmed of idle land.
#[derive(Default)]
struct Conditions {
    idle: bool,
    /// How the last review of the stage ended when it did not pass, and until when things may be put right.
    review: Option<(Condition, Option<NaiveDate>)>,
    suspended: Option<(Cause, Option<NaiveDate>)>,
}

impl Conditions {
    fn meet(&mut self, happening: &Happening, today: NaiveDate) {
        match happening {
            Happening::Suspended { until, cause, .. } if until.is_none_or(|until| today < until) => {
                self.suspended = Some((*cause, *until));
            }
            Happening::Resumed => self.suspended = None,
            Happening::CompletionReviewed(review) | Happening::OutputReviewed(review) => {
                self.review = match review.outcome {
                    ReviewOutcome::Rectify => Some((Condition::Rectification, review.rectify_until)),
                    ReviewOutcome::Failed => Some((Condition::ReviewFailed, None)),
                    ReviewOutcome::Passed => None,
                };
            }
            Happening::IdleConfirmed { .. } => self.idle = true,
            Happening::IdleSettled | Happening::TakenBack => self.idle = false,
            _ => {}
        }
    }

    /// A stage begins without what lay over the one before; what was confirmed of the land stays.
    fn of_next_stage(&mut self) {
        *self = Conditions { idle: self.idle, ..Conditions::default() };
    }

    /// The one that is shown, with its cause and its end.
    fn foremost(&self, stage: Stage) -> (Condition, Option<Cause>, Option<NaiveDate>) {
        match (self.idle && stage.is_open(), self.review, self.suspended) {
            (true, ..) => (Condition::Idle, None, None),
            (_, Some((Condition::ReviewFailed, _)), _) => (Condition::ReviewFailed, None, None),
            (_, _, Some((cause, until))) => (Condition::Suspended, Some(cause), until),
            (_, Some((condition, until)), None) => (condition, None, until),
            (_, None, None) => (Condition::Normal, None, None),
        }
    }
}

impl Standing {
    fn enter(&mut self, stage: Stage, on: NaiveDate, conditions: &mut Conditions) {
        if stage != self.stage {
            (self.stage, self.since) = (stage, on);
            conditions.of_next_stage();
        }
    }

    fn certify(&mut self, stage: CertificateStage, on: NaiveDate, conditions: &mut Conditions) {
        if let Ok(stage) = self.stage.after_certificate(stage) {
            self.enter(stage, on, conditions);
        }
    }

    fn meet(&mut self, happening: &Happening, on: NaiveDate, today: NaiveDate, conditions: &mut Conditions) {
        let Ok(stage) = self.stage.after(happening) else { return };
        self.enter(stage, on, conditions);
        conditions.meet(happening, today);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::event::Covers;
    use crate::contract::sample::{contract, day};

    fn at(contract: &Contract, on: &str) -> (Stage, Condition) {
        let standing = standing(contract, day(on)).unwrap();
        (standing.stage, standing.condition)
    }

    #[test]
    fn a_life_from_day_to_day() {
        let review = |outcome| crate::contract::event::Review { outcome, rectify_until: None };
        let contract = contract(vec![
            ("2022-03-01", Happening::HandedOver),
            ("2022-09-01", Happening::Started),
            ("2023-01-01", Happening::Suspended { until: None, cause: Cause::Government, covers: Covers::Works }),
            ("2023-02-01", Happening::Resumed),
            ("2024-08-01", Happening::CompletionReviewed(review(ReviewOutcome::Rectify))),
            ("2024-10-01", Happening::CompletionReviewed(review(ReviewOutcome::Passed))),
            ("2025-03-01", Happening::ProductionStarted),
            ("2027-03-01", Happening::OutputReviewed(review(ReviewOutcome::Passed))),
        ]);
        assert_eq!(standing(&contract, day("2022-01-09")), None);
        assert_eq!(at(&contract, "2022-01-10"), (Stage::Granted, Condition::Normal));
        assert_eq!(at(&contract, "2022-02-28"), (Stage::Granted, Condition::Normal));
        assert_eq!(at(&contract, "2022-03-01"), (Stage::HandedOver, Condition::Normal));
        assert_eq!(at(&contract, "2022-09-01"), (Stage::Construction, Condition::Normal));
        assert_eq!(at(&contract, "2023-01-31"), (Stage::Construction, Condition::Suspended));
        assert_eq!(at(&contract, "2023-02-01"), (Stage::Construction, Condition::Normal));
        assert_eq!(at(&contract, "2024-09-30"), (Stage::Construction, Condition::Rectification));
        assert_eq!(at(&contract, "2024-10-01"), (Stage::Completed, Condition::Normal));
        assert_eq!(at(&contract, "2025-03-01"), (Stage::Production, Condition::Normal));
        assert_eq!(at(&contract, "2027-03-01"), (Stage::OutputPassed, Condition::Normal));
        assert_eq!(at(&contract, "2042-02-28"), (Stage::OutputPassed, Condition::Normal));
        assert_eq!(at(&contract, "2042-03-01"), (Stage::Expired, Condition::Normal));
    }

    #[test]
    fn no_move_skips_a_stage() {
        for stage in Stage::ALL {
            for (from, step, to) in MOVES {
                let moved = match step {
                    Step::Event(EventKind::HandedOver) => stage.after(&Happening::HandedOver),
                    Step::Event(EventKind::Started) => stage.after(&Happening::Started),
                    Step::Certificate(certificate) => stage.after_certificate(certificate),
                    _ => continue,
                };
                assert_eq!(moved.is_ok_and(|moved| moved != *stage), from == *stage, "{stage} {step:?} {to}");
            }
            let ends = stage.after(&Happening::TakenBack);
            assert_eq!(ends.is_ok(), stage.is_open());
        }
    }
}
