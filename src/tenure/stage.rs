//! Where a grant stands: stages, what may move it from one to the next, and the conditions that lie over a stage.
//!
//! The stage is not stored. It follows from the events and certificates up to the day asked about, along [`MOVES`].

use chrono::NaiveDate;

use super::certificate::CertificateStage;
use super::contract::Contract;
use super::days;
use super::event::{Cause, EventKind, Happening, ReviewOutcome};

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
            H::Paid { .. } | H::PenaltyPaid { .. } | H::Waived { .. } | H::Notified { .. } => Ok(self),
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
    let mut certificates =
        contract.certificates.iter().filter(|it| it.valid.from.is_some_and(|from| from <= day)).peekable();
    for event in contract.events.iter().filter(|event| event.on <= day) {
        while let Some(certificate) = certificates.next_if(|it| it.valid.from < Some(event.on)) {
            standing.certify(certificate.stage, certificate.valid.from.unwrap_or(event.on));
        }
        standing.meet(&event.happening, event.on, day);
    }
    for certificate in certificates {
        standing.certify(certificate.stage, certificate.valid.from.unwrap_or(day));
    }
    let handed_over = contract.day_of(day, &Happening::HandedOver);
    let end = contract.terms_on(day).and_then(|terms| days::term(terms, handed_over)).and_then(|term| term.until);
    if let Some(end) = end.filter(|end| *end <= day && standing.stage.is_open()) {
        standing =
            Standing { stage: Stage::Expired, since: end, condition: Condition::Normal, cause: None, until: None };
    }
    Some(standing)
}

impl Standing {
    fn enter(&mut self, stage: Stage, on: NaiveDate) {
        if stage != self.stage {
            *self = Standing { stage, since: on, condition: Condition::Normal, cause: None, until: None };
        }
    }

    fn certify(&mut self, stage: CertificateStage, on: NaiveDate) {
        if let Ok(stage) = self.stage.after_certificate(stage) {
            self.enter(stage, on);
        }
    }

    fn meet(&mut self, happening: &Happening, on: NaiveDate, today: NaiveDate) {
        let Ok(stage) = self.stage.after(happening) else { return };
        self.enter(stage, on);
        let (condition, cause, until) = match happening {
            Happening::Suspended { until, cause, .. } if until.is_none_or(|until| today < until) => {
                (Condition::Suspended, Some(*cause), *until)
            }
            Happening::CompletionReviewed(review) | Happening::OutputReviewed(review) => match review.outcome {
                ReviewOutcome::Rectify => (Condition::Rectification, None, review.rectify_until),
                ReviewOutcome::Failed => (Condition::ReviewFailed, None, None),
                ReviewOutcome::Passed => (Condition::Normal, None, None),
            },
            Happening::IdleConfirmed => (Condition::Idle, None, None),
            Happening::Resumed | Happening::IdleSettled => (Condition::Normal, None, None),
            _ => return,
        };
        (self.condition, self.cause, self.until) = (condition, cause, until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tenure::event::Covers;
    use crate::tenure::sample::{contract, day};

    fn at(contract: &Contract, on: &str) -> (Stage, Condition) {
        let standing = standing(contract, day(on)).unwrap();
        (standing.stage, standing.condition)
    }

    #[test]
    fn a_life_from_day_to_day() {
        let review = |outcome| crate::tenure::event::Review { outcome, rectify_until: None };
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
