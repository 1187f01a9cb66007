//! What becomes of a contract in the demonstration.

use chrono::{Months, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::draft::{Draft, Step};
use super::last_day;
use crate::base::unit::Yuan;
use crate::contract::certificate::CertificateStage;
use crate::contract::days::{days_after, months_after};
use crate::contract::event::{Cause, Covers, Duty, DutyKind, Figure, Happening, Review, ReviewOutcome};
use crate::contract::terms::{ContractKind, DayCount};
use crate::demo::register::day;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Signed,
    PaymentSoon,
    PaymentLate,
    /// On both sides of 60 days.
    PaymentVeryLate,
    HandedOver,
    HandOverLate,
    StartSoon,
    StartLate,
    PaidLate,
    Construction,
    WorkingDays,
    CompletionSoon,
    CompletionLate,
    Declared,
    Rectifying,
    ReviewFailed,
    Completed,
    ProductionLate,
    Production,
    OutputSoon,
    OutputLate,
    OutputRectifying,
    OutputPassed,
    Remaining,
    Expired,
    LeaseThenGrant,
    SuspendedByGovernment,
    ForceMajeure,
    /// Not started; on both sides of one and of two years.
    IdleNotStarted,
    IdleStopped,
    Terminated,
    Rescinded,
    TakenBack,
    Extended,
    Waived,
    Supplemented,
    LeapDay,
    Short,
    CertificateLapsing,
}

use Fate::*;

pub const FATES: [(Fate, usize); 39] = [
    (Signed, 5),
    (PaymentSoon, 4),
    (PaymentLate, 4),
    (PaymentVeryLate, 5),
    (HandedOver, 4),
    (HandOverLate, 3),
    (StartSoon, 4),
    (StartLate, 3),
    (PaidLate, 3),
    (Construction, 9),
    (WorkingDays, 3),
    (CompletionSoon, 3),
    (CompletionLate, 4),
    (Declared, 4),
    (Rectifying, 4),
    (ReviewFailed, 2),
    (Completed, 5),
    (ProductionLate, 3),
    (Production, 7),
    (OutputSoon, 3),
    (OutputLate, 3),
    (OutputRectifying, 3),
    (OutputPassed, 3),
    (Remaining, 9),
    (Expired, 4),
    (LeaseThenGrant, 4),
    (SuspendedByGovernment, 4),
    (ForceMajeure, 2),
    (IdleNotStarted, 10),
    (IdleStopped, 6),
    (Terminated, 3),
    (Rescinded, 2),
    (TakenBack, 3),
    (Extended, 4),
    (Waived, 4),
    (Supplemented, 4),
    (LeapDay, 1),
    (Short, 5),
    (CertificateLapsing, 2),
];

/// Years and days from the agreed start to the last day: the years are full, or will be in so many days.
const IDLE: [(u32, i64); 10] =
    [(1, 20), (1, 1), (1, 0), (1, -1), (1, -45), (1, -200), (2, 1), (2, 0), (2, -1), (2, -150)];

fn ago(months: u32, days: i64) -> NaiveDate {
    days_after(last_day().checked_sub_months(Months::new(months)).unwrap_or_default(), -days)
}

impl Fate {
    /// Whether there is, or was, something on the land.
    pub fn is_built(self) -> bool {
        !matches!(
            self,
            Signed
                | PaymentSoon
                | PaymentLate
                | PaymentVeryLate
                | HandedOver
                | HandOverLate
                | StartSoon
                | StartLate
                | IdleNotStarted
                | Terminated
                | Rescinded
                | TakenBack
        )
    }

    /// The day of signature of the contract at a place among those of the same fate.
    pub fn signed(self, place: usize) -> NaiveDate {
        let step = place as u32;
        let days = place as i64;
        match self {
            Signed => ago(0, days * 2),
            PaymentSoon => ago(0, 12 + days * 4),
            PaymentLate => ago(0, 31 + days * 9),
            PaymentVeryLate => ago(0, 30 + [59, 60, 61, 90, 170][place]),
            HandedOver => ago(3 + step, 5),
            HandOverLate => ago(3, days * 6),
            StartSoon => ago(7, 3 + days * 7),
            StartLate => ago(9 + step, 0),
            PaidLate => ago(16 + step, 0),
            Construction | WorkingDays | ForceMajeure => ago(14 + step * 2 % 16, days * 3),
            CompletionSoon => ago(31, 4 + days * 10),
            CompletionLate => ago(33 + step * 2, 0),
            Declared => ago(31 + step, 8),
            Rectifying => ago(34 + step, 0),
            ReviewFailed => ago(40, days),
            Completed => ago(33 + step, 3),
            ProductionLate => ago(40 + step, 0),
            Production => ago(39 + step * 3, 2),
            OutputSoon => ago(61, 3 + days * 9),
            OutputLate => ago(63 + step * 2, 0),
            OutputRectifying => ago(65 + step, 0),
            OutputPassed => ago(63, days),
            Remaining => ago(68 + step * 6, days * 5),
            Expired => ago(110 + step * 3, 0),
            LeaseThenGrant => ago(20 + step * 14, 0),
            SuspendedByGovernment => ago(20 + step, 0),
            IdleNotStarted => {
                let (years, days) = IDLE[place];
                days_after(ago(years * 12 + 8, 0), days)
            }
            IdleStopped => ago(30 + step, 0),
            Terminated => ago(20 + step, 0),
            Rescinded => ago(15 + step, 0),
            TakenBack => ago(50 + step, 0),
            Extended => ago(33 + step, 10),
            Waived => ago(18 + step, 0),
            Supplemented => ago(36 + step, 0),
            LeapDay => day(2020, 2, 10),
            Short => ago(42 + step, 0),
            CertificateLapsing => ago(35, days * 5),
        }
    }

    /// What happens under it up to the last day.
    pub fn befall(self, draft: &mut Draft, place: usize) {
        match self {
            Signed | PaymentVeryLate => {}
            PaymentSoon if place.is_multiple_of(2) => {
                draft.notified(DutyKind::Payment, 1, days_after(draft.signed, 1));
            }
            PaymentSoon => {}
            PaymentLate => part_paid(draft, place),
            HandedOver | StartSoon => {
                draft.until(Step::HandedOver);
                if self == StartSoon && place.is_multiple_of(2) {
                    draft.notified(DutyKind::Start, 0, days_after(last_day(), -1));
                }
            }
            StartLate => {
                draft.until(Step::HandedOver);
            }
            HandOverLate => {
                draft.until(Step::FirstPaid);
            }
            PaidLate => {
                let on = days_after(draft.terms.instalments[0].due, [10, 60, 61][place]);
                draft.pay(1, on).between(Step::HandedOver, Step::SecondPaid);
            }
            Construction => {
                draft.until(Step::SecondPaid);
            }
            WorkingDays => {
                draft.terms.day_count = DayCount::Working;
                draft.until(Step::SecondPaid);
            }
            CompletionSoon | CompletionLate => {
                draft.until(Step::SecondPaid);
            }
            Declared => {
                draft.until(Step::Declared);
            }
            Rectifying => rectifying(draft, place),
            ReviewFailed => {
                let on = draft.day_of(Step::Completed);
                draft.until(Step::Declared).reviewed(on, ReviewOutcome::Failed, None);
            }
            Completed | ProductionLate => {
                draft.until(Step::Completed);
            }
            Production | OutputSoon | OutputLate => {
                draft.until(Step::Producing);
            }
            OutputRectifying => {
                let on = draft.day_of(Step::OutputPassed);
                let until = Some([days_after(last_day(), 40), ago(0, 12), days_after(last_day(), 8)][place]);
                let review = Review { outcome: ReviewOutcome::Rectify, rectify_until: until };
                draft.until(Step::Producing).on(on, Happening::OutputReviewed(review));
            }
            OutputPassed => {
                draft.until(Step::OutputPassed);
            }
            Remaining => {
                draft.terms.kind = ContractKind::Staged;
                draft.terms.term_years = 20;
                let on = days_after(draft.day_of(Step::OutputPassed), 12);
                draft.until(Step::OutputPassed).certify(CertificateStage::Remaining, on);
            }
            Expired => {
                draft.terms.kind = ContractKind::LeaseThenGrant;
                draft.terms.term_years = 8;
                draft.until(Step::OutputPassed);
            }
            LeaseThenGrant => leased(draft),
            SuspendedByGovernment => stands_still(draft, Cause::Government, ago(4, place as i64), None),
            ForceMajeure => {
                stands_still(draft, Cause::ForceMajeure, ago(5, place as i64), (place == 0).then(|| ago(2, 0)));
            }
            IdleNotStarted => idle_not_started(draft, place),
            IdleStopped => idle_stopped(draft, place),
            Terminated => {
                draft.until(Step::HandedOver).on(ago(6, place as i64), Happening::Terminated);
            }
            Rescinded => {
                let on = days_after(draft.terms.instalments[0].due, 75);
                draft.on(on, Happening::Rescinded);
            }
            TakenBack => taken_back(draft),
            Extended => extended(draft),
            Waived => waived(draft),
            Supplemented => supplemented(draft),
            LeapDay => {
                draft.terms.term_from = Some(day(2020, 2, 29));
                draft.terms.kind = ContractKind::Staged;
                draft.terms.term_years = 20;
                draft.until(Step::OutputPassed);
            }
            Short => short(draft, place),
            CertificateLapsing => {
                draft.terms.kind = ContractKind::Staged;
                draft.terms.term_years = 20;
                draft.until(Step::SecondPaid);
            }
        }
    }
}

fn part_paid(draft: &mut Draft, place: usize) {
    if place.is_multiple_of(2) && draft.signed < ago(0, 35) {
        let amount = Yuan((draft.terms.instalments[0].amount.0 / dec!(3)).round());
        draft.on(days_after(draft.signed, 25), Happening::Paid { instalment: 1, amount });
    }
}

fn rectifying(draft: &mut Draft, place: usize) {
    let on = draft.day_of(Step::Completed);
    let until = [days_after(last_day(), 45), days_after(last_day(), 10), ago(0, 1), ago(1, 0)][place];
    draft.until(Step::Declared).reviewed(on, ReviewOutcome::Rectify, Some(until));
}

/// Leased for the time of building and production; granted for the rest by a supplement.
fn leased(draft: &mut Draft) {
    draft.terms.kind = ContractKind::LeaseThenGrant;
    draft.terms.term_years = 6;
    let reached = if draft.signed < ago(62, 0) {
        Step::OutputPassed
    } else if draft.signed < ago(38, 0) {
        Step::Producing
    } else {
        Step::SecondPaid
    };
    draft.until(reached);
    if reached == Step::OutputPassed {
        let mut granted = draft.terms.clone();
        (granted.kind, granted.term_years) = (ContractKind::Grant, 50);
        let on = days_after(draft.day_of(Step::OutputPassed), 3);
        draft.supplement(on, granted);
    }
}

fn stands_still(draft: &mut Draft, cause: Cause, on: NaiveDate, resumed: Option<NaiveDate>) {
    let covers = if cause == Cause::ForceMajeure { Covers::All } else { Covers::Works };
    draft.until(if draft.signed < ago(12, 0) { Step::SecondPaid } else { Step::Started });
    draft.on(on, Happening::Suspended { until: None, cause, covers });
    if let Some(resumed) = resumed {
        draft.on(resumed, Happening::Resumed);
    }
}

fn idle_not_started(draft: &mut Draft, place: usize) {
    let (years, days) = IDLE[place];
    draft.terms.start_on = Some(days_after(ago(years * 12, 0), days));
    draft.until(Step::HandedOver).notified(DutyKind::NoticeStart, 0, days_after(ago(years * 12, 30), days));
    let second = draft.day_of(Step::SecondPaid);
    draft.pay(2, second);
    let opened = days_after(ago((years - 1) * 12, 0), days + 20);
    match place {
        4 => {
            draft.on(opened, Happening::InvestigationOpened);
        }
        5 => {
            draft.on(opened, Happening::InvestigationOpened);
            draft.on(days_after(opened, 24), Happening::InvestigationAnswered);
            draft.on(days_after(opened, 60), Happening::IdleConfirmed { fee: None });
        }
        9 => {
            let opened = days_after(ago(12, 0), days + 20);
            draft.on(opened, Happening::InvestigationOpened);
            draft.on(days_after(opened, 35), Happening::InvestigationAnswered);
            draft.on(days_after(opened, 70), Happening::IdleConfirmed { fee: None });
        }
        _ => {}
    }
}

/// Works stopped by the grantee, with what was established of their extent.
fn idle_stopped(draft: &mut Draft, place: usize) {
    draft.until(Step::SecondPaid);
    let since = ago(14, place as i64);
    draft.on(since, Happening::Suspended { until: None, cause: Cause::Grantee, covers: Covers::Works });
    let on = ago(1, place as i64);
    let area = draft.terms.granted_area.eye_square_metres().0;
    let planned = draft.terms.planned_investment.map_or(Decimal::ZERO, |money| money.0);
    let mut measured = |figure, value: Decimal| {
        draft.on(on, Happening::Measured { figure, value: value.round(), reached_on: None });
    };
    match place {
        0 | 1 => {
            measured(Figure::DevelopedLand, area * dec!(0.2));
            measured(Figure::Invested, planned * dec!(0.4));
        }
        2 | 3 => {
            measured(Figure::DevelopedLand, area * dec!(0.5));
            measured(Figure::Invested, planned * dec!(0.24));
        }
        _ => {}
    }
}

fn taken_back(draft: &mut Draft) {
    let start = draft.terms.start_on.unwrap_or(draft.signed);
    let second = draft.day_of(Step::SecondPaid);
    draft.until(Step::HandedOver).pay(2, second);
    draft.on(months_after(start, 25), Happening::InvestigationOpened);
    draft.on(months_after(start, 26), Happening::InvestigationAnswered);
    draft.on(months_after(start, 28), Happening::IdleConfirmed { fee: None });
    draft.on(months_after(start, 30), Happening::TakenBack);
}

fn extended(draft: &mut Draft) {
    let completion = draft.terms.completion_on.unwrap_or(draft.signed);
    let duty = Duty::one(DutyKind::Completion);
    draft.until(Step::SecondPaid);
    draft.on(days_after(completion, -20), Happening::Extended { duty, until: months_after(completion, 12) });
}

/// Started late for a reason that was accepted.
fn waived(draft: &mut Draft) {
    let start = draft.terms.start_on.unwrap_or(draft.signed);
    draft.until(Step::HandedOver);
    draft.on(days_after(start, 50), Happening::Started);
    draft.on(days_after(start, 80), Happening::Waived { duty: Duty::one(DutyKind::Start) });
    draft.between(Step::SecondPaid, Step::SecondPaid);
}

fn supplemented(draft: &mut Draft) {
    draft.until(Step::SecondPaid);
    let mut terms = draft.terms.clone();
    let later = |day: Option<NaiveDate>| day.map(|day| months_after(day, 10));
    terms.completion_on = later(terms.completion_on);
    terms.production_on = later(terms.production_on);
    terms.output_review_on = later(terms.output_review_on);
    draft.supplement(months_after(draft.signed, 30), terms);
}

/// Completed with less than was promised.
fn short(draft: &mut Draft, place: usize) {
    draft.until(Step::Producing);
    let on = days_after(draft.day_of(Step::Completed), 1);
    let promised = draft.terms.granted_area.eye_square_metres().0 * dec!(5000);
    let share = [dec!(0.84), dec!(1), dec!(0.95), dec!(1.02), dec!(0.7)][place];
    let ratio = [dec!(1.5), dec!(1.32), dec!(1.49), dec!(1.6), dec!(1.5)][place];
    let reached_on = Some(draft.day_of(Step::Completed));
    let value = (promised * share).round();
    draft.on(on, Happening::Measured { figure: Figure::FixedInvestment, value, reached_on });
    draft.on(on, Happening::Measured { figure: Figure::FloorAreaRatio, value: ratio, reached_on });
    if place == 4 {
        let amount = Yuan((draft.terms.price.0 * dec!(0.2)).round());
        draft.on(days_after(on, 90), Happening::PenaltyPaid { duty: Duty::one(DutyKind::Investment), amount });
    }
}
