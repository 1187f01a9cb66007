//! A contract while it is drawn up: usual terms, and the usual course of things.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::{ContractRow, last_day};
use crate::base::period::Period;
use crate::base::unit::{SquareMetre, Yuan};
use crate::contract::certificate::CertificateStage;
use crate::contract::days::{days_after, months_after, years_after};
use crate::contract::event::{Duty, DutyKind, Happening, NewEvent, Review, ReviewOutcome};
use crate::contract::known::{Paper, TermsRole};
use crate::contract::store::NewCertificate;
use crate::contract::terms::{
    Commitment, ContractKind, DayCount, FLOOR_AREA_RATIO, HandOverAfter, INVESTMENT, Instalment, Rates, Shortfall,
    Terms,
};
use crate::demo::register::Site;

/// How far a contract has come by the ordinary way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    FirstPaid,
    HandedOver,
    Started,
    SecondPaid,
    Declared,
    Completed,
    Producing,
    OutputPassed,
}

pub struct Draft {
    pub signed: NaiveDate,
    pub terms: Terms,
    number: String,
    supplements: Vec<(Paper, Terms)>,
    events: Vec<NewEvent>,
    certificates: Vec<NewCertificate>,
}

impl Draft {
    pub fn new(site: &Site, grantee: &str, signed: NaiveDate, serial: usize) -> Self {
        let price = (site.area_m2 * dec!(0.05)).round().max(dec!(10)) * dec!(10_000);
        let half = (price / dec!(2)).round();
        let after = |months| months_after(signed, months);
        let kind = if serial.is_multiple_of(3) { ContractKind::Grant } else { ContractKind::Staged };
        let terms = Terms {
            kind,
            parcels: vec![site.code.as_str().to_owned()],
            granted_area: SquareMetre(site.area_m2).to_mu(),
            grantee: grantee.to_owned(),
            price: Yuan(price),
            instalments: vec![
                Instalment { due: days_after(signed, 30), amount: Yuan(half) },
                Instalment { due: after(12), amount: Yuan(price - half) },
            ],
            hand_over_on: Some(after(2)),
            hand_over_after: HandOverAfter::DuePayments,
            start_on: Some(after(8)),
            completion_on: Some(after(32)),
            production_on: Some(after(38)),
            output_review_on: Some(after(62)),
            term_years: if kind == ContractKind::Staged { 20 } else { 50 },
            term_from: None,
            construction_months: Some(34),
            production_months: Some(32),
            day_count: DayCount::Calendar,
            planned_investment: Some(Yuan((site.area_m2 * dec!(4000)).round())),
            rates: rates(),
            commitments: commitments(site.area_m2),
            admission_case: None,
        };
        let number = format!("示例出让〔{}〕{serial:03}号", signed.year());
        Draft { signed, terms, number, supplements: Vec::new(), events: Vec::new(), certificates: Vec::new() }
    }

    /// On paper, as everything in the demonstration is.
    pub fn on(&mut self, on: NaiveDate, happening: Happening) -> &mut Self {
        assert!(on <= last_day(), "{}: {happening:?} on {on}", self.number);
        let document = format!("{}（合成）", happening.kind());
        self.events.push(NewEvent { on, happening, document: Some(document), note: "合成数据".into() });
        self
    }

    pub fn pay(&mut self, number: u16, on: NaiveDate) -> &mut Self {
        let amount = self.terms.instalments[usize::from(number) - 1].amount;
        self.on(on, Happening::Paid { instalment: number, amount })
    }

    pub fn notified(&mut self, kind: DutyKind, number: u16, on: NaiveDate) -> &mut Self {
        self.on(on, Happening::Notified { duty: Duty { kind, number } })
    }

    pub fn reviewed(&mut self, on: NaiveDate, outcome: ReviewOutcome, until: Option<NaiveDate>) -> &mut Self {
        self.on(on, Happening::CompletionReviewed(Review { outcome, rectify_until: until }))
    }

    /// The day on which a step is taken in time.
    pub fn day_of(&self, step: Step) -> NaiveDate {
        let agreed = |day: Option<NaiveDate>| day.unwrap_or(self.signed);
        match step {
            Step::FirstPaid => days_after(self.signed, 20),
            Step::HandedOver => days_after(agreed(self.terms.hand_over_on), -3),
            Step::Started => days_after(agreed(self.terms.start_on), -10),
            Step::SecondPaid => days_after(months_after(self.signed, 12), -15),
            Step::Declared => days_after(agreed(self.terms.completion_on), -40),
            Step::Completed => days_after(agreed(self.terms.completion_on), -10),
            Step::Producing => days_after(agreed(self.terms.production_on), -15),
            Step::OutputPassed => days_after(agreed(self.terms.output_review_on), -5),
        }
    }

    /// Everything in time up to a step; the reminders went out, certificates were issued.
    pub fn until(&mut self, last: Step) -> &mut Self {
        self.between(Step::FirstPaid, last)
    }

    pub fn between(&mut self, first: Step, last: Step) -> &mut Self {
        const ALL: [Step; 8] = [
            Step::FirstPaid,
            Step::HandedOver,
            Step::Started,
            Step::SecondPaid,
            Step::Declared,
            Step::Completed,
            Step::Producing,
            Step::OutputPassed,
        ];
        for step in ALL.into_iter().filter(|step| (first..=last).contains(step)) {
            self.take(step);
        }
        self
    }

    fn take(&mut self, step: Step) {
        let on = self.day_of(step);
        let passed = Review { outcome: ReviewOutcome::Passed, rectify_until: None };
        match step {
            Step::FirstPaid => {
                self.pay(1, on);
            }
            Step::HandedOver => {
                self.on(on, Happening::HandedOver).certify(CertificateStage::Construction, on);
            }
            Step::Started => {
                let reminder = days_after(self.terms.start_on.unwrap_or(on), -31);
                self.notified(DutyKind::Start, 0, reminder).on(on, Happening::Started);
            }
            Step::SecondPaid => {
                self.notified(DutyKind::Payment, 2, days_after(on, -16)).pay(2, on);
            }
            Step::Declared => {
                self.on(on, Happening::CompletionDeclared);
            }
            Step::Completed => {
                self.on(on, Happening::CompletionReviewed(passed))
                    .certify(CertificateStage::Production, days_after(on, 5));
            }
            Step::Producing => {
                self.on(on, Happening::ProductionStarted);
            }
            Step::OutputPassed => {
                self.on(on, Happening::OutputReviewed(passed));
            }
        }
    }

    /// A staged contract gets the certificate of its next stage; the one before ends that day.
    pub fn certify(&mut self, stage: CertificateStage, from: NaiveDate) -> &mut Self {
        let handed_over =
            self.events.iter().find(|event| event.happening == Happening::HandedOver).map(|event| event.on);
        if self.terms.kind != ContractKind::Staged || from > last_day() {
            return self;
        }
        let Some(term_from) = self.terms.term_from.or(handed_over) else { return self };
        if let Some(last) = self.certificates.last_mut() {
            last.valid.until = last.valid.until.map(|until| until.min(from));
        }
        let end = years_after(term_from, self.terms.term_years.into());
        let (until, allows) = match stage {
            CertificateStage::Construction => (months_after(from, 34).min(end), "按规划条件建设，不得转让、出租"),
            CertificateStage::Production => (months_after(from, 32).min(end), "生产经营，不得转让"),
            CertificateStage::Remaining => (end, "依法使用、转让、出租、抵押"),
        };
        let letter = ["建", "产", "余"][stage as usize];
        self.certificates.push(NewCertificate {
            parcel: self.terms.parcels[0].clone(),
            stage,
            number: format!("示例{letter}证-{}", self.number),
            valid: Period::between(from, until),
            allows: allows.into(),
            review: None,
        });
        self
    }

    pub fn supplement(&mut self, on: NaiveDate, terms: Terms) -> &mut Self {
        let document = format!("补充协议（{}，合成）", self.number);
        let paper = Paper { role: TermsRole::Supplement, document, signed_on: on, effective_on: on };
        self.supplements.push((paper, terms));
        self
    }

    pub fn done(self) -> ContractRow {
        let document = format!("国有建设用地使用权出让合同（合成）{}", self.number);
        let paper = Paper { role: TermsRole::Agreement, document, signed_on: self.signed, effective_on: self.signed };
        let mut versions = vec![(paper, self.terms)];
        versions.extend(self.supplements);
        ContractRow { number: self.number, versions, events: self.events, certificates: self.certificates }
    }
}

fn rates() -> Rates {
    Rates {
        late_payment: Some(dec!(1)),
        rescind_after_days: Some(60),
        late_start: Some(dec!(0.5)),
        late_completion: Some(dec!(0.5)),
        late_production: Some(dec!(0.2)),
        late_hand_over: Some(dec!(1)),
        cap_percent: Some(dec!(20)),
        investment_shortfall: Shortfall::ProRata,
        far_shortfall: Shortfall::ProRata,
    }
}

/// What the admitted project promised: construction for the completion review, output for the review after it.
fn commitments(area: Decimal) -> Vec<Commitment> {
    let promised = |indicator: &str, required: &str, unit: &str| Commitment {
        indicator: indicator.into(),
        required: required.parse().expect("an interval"),
        unit: unit.into(),
    };
    let investment = format!("[{},)", (area * dec!(5000)).round());
    vec![
        promised(INVESTMENT, &investment, "元"),
        promised("investment_intensity", "[300,)", "万元/亩"),
        promised(FLOOR_AREA_RATIO, "[1.5,2.5]", "1"),
        promised("building_coefficient", "[40,)", "%"),
        promised("office_land_share", "(,7]", "%"),
        promised("office_floor_share", "(,15]", "%"),
        promised("green_ratio", "(,20]", "%"),
        promised("tax_per_mu", "[20,)", "万元/亩"),
        promised("output_per_mu", "[400,)", "万元/亩"),
        promised("energy_per_value_added", "(,0.52]", "吨标准煤/万元"),
        promised("emissions_per_value_added", "(,0.002]", "吨/万元"),
    ]
}
