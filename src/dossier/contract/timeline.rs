//! The life of a contract as a picture: stages, what was agreed, what happened, standstills, certificates. Pure geometry
//! in pixels; the template draws it, and [`Timeline::wording`] tells the same in words.

use chrono::{Datelike, NaiveDate};

use crate::contract::certificate::{Certificate, CertificateStage};
use crate::contract::days::days_after;
use crate::contract::event::{Event, Happening};
use crate::contract::known::Contract;
use crate::contract::present::stage_colour;
use crate::contract::stage::{Stage, standing};
use crate::contract::{Duty, DutyKind};
use crate::obligations::line::{Line, State};

const LEFT: f64 = 84.0;
const RIGHT: f64 = 70.0;
const A_YEAR: f64 = 170.0;
const NARROWEST: f64 = 900.0;
const WIDEST: f64 = 3600.0;
/// A Chinese character of a label.
const CHARACTER: f64 = 12.0;
pub const ROW: f64 = 18.0;

/// Something on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    pub x: f64,
    /// Which line of labels it stands in, from the axis outwards, so that no two overlap.
    pub lane: usize,
    pub label: String,
    pub on: NaiveDate,
    /// Met late, or overdue.
    pub late: bool,
}

/// Something that lasts.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    pub x: f64,
    pub width: f64,
    pub label: String,
    pub from: NaiveDate,
    /// The first day after it; beyond the picture it is cut.
    pub until: NaiveDate,
    pub colour: &'static str,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    pub width: f64,
    pub stages: Vec<Bar>,
    /// When each duty falls due as postponed.
    pub agreed: Vec<Mark>,
    pub actual: Vec<Mark>,
    pub standstills: Vec<Bar>,
    pub certificates: Vec<Bar>,
    pub years: Vec<(f64, i32)>,
    /// The day asked about.
    pub today: f64,
    pub as_of: NaiveDate,
}

/// Days to places.
struct Scale {
    first: NaiveDate,
    last: NaiveDate,
    per_day: f64,
}

impl Scale {
    fn x(&self, day: NaiveDate) -> f64 {
        let day = day.clamp(self.first, self.last);
        LEFT + (day - self.first).num_days() as f64 * self.per_day
    }

    fn bar(&self, from: NaiveDate, until: NaiveDate, label: String, colour: &'static str) -> Bar {
        let x = self.x(from);
        Bar { x, width: (self.x(until) - x).max(1.0), label, from, until, colour }
    }
}

/// Draws a contract as known, on a day, with the lines of its check. `None` when it was not concluded by then.
pub fn draw(contract: &Contract, as_of: NaiveDate, lines: &[Line]) -> Option<Timeline> {
    let signed = contract.signed_on().filter(|signed| *signed <= as_of)?;
    let dues: Vec<&Line> = lines.iter().filter(|line| is_agreed(line.duty)).collect();
    let happened: Vec<&Event> = contract.events.iter().filter(|event| event.on <= as_of).collect();
    let ends = dues.iter().map(|line| line.due).chain(happened.iter().map(|event| event.on));
    let last = ends.chain([as_of]).max().unwrap_or(as_of);
    let (first, last) = (days_after(signed, -30), days_after(last, 120));
    let days = (last - first).num_days().max(1) as f64;
    let inner = (days / 365.25 * A_YEAR).clamp(NARROWEST, WIDEST);
    let scale = Scale { first, last, per_day: inner / days };
    let width = LEFT + inner + RIGHT;
    let of_duty = |line: &&Line| Mark {
        x: scale.x(line.due),
        lane: 0,
        label: line.duty.label(),
        on: line.due,
        late: matches!(line.state, State::Overdue | State::MetLate),
    };
    let of_event = |event: &&&Event| is_shown(&event.happening);
    let mark = |event: &&Event| Mark {
        x: scale.x(event.on),
        lane: 0,
        label: short(event),
        on: event.on,
        late: met_late(lines, &event.happening),
    };
    let mut agreed: Vec<Mark> = dues.iter().map(of_duty).collect();
    agreed.sort_by_key(|mark| mark.on);
    let signing = Mark { x: scale.x(signed), lane: 0, label: "签订".into(), on: signed, late: false };
    let actual = std::iter::once(signing).chain(happened.iter().filter(of_event).map(mark)).collect();
    Some(Timeline {
        width,
        stages: stages(contract, as_of, &scale),
        agreed: stacked(agreed),
        actual: stacked(actual),
        standstills: standstills(&happened, as_of, &scale),
        certificates: certificates(contract, &scale),
        years: years(&scale),
        today: scale.x(as_of),
        as_of,
    })
}

/// The agreed days that belong in the picture; reminders and investigations would only crowd it, and the end of the term
/// lies decades away.
fn is_agreed(duty: Duty) -> bool {
    use DutyKind as K;
    matches!(duty.kind, K::Payment | K::HandOver | K::Start | K::Completion | K::Production | K::OutputReview)
}

fn is_shown(happening: &Happening) -> bool {
    !matches!(happening, Happening::Notified { .. } | Happening::Measured { .. })
}

fn short(event: &Event) -> String {
    match &event.happening {
        Happening::Paid { instalment, .. } => format!("缴款{instalment}期"),
        Happening::CompletionReviewed(review) => format!("竣工验收{}", review.outcome),
        Happening::OutputReviewed(review) => format!("达产复核{}", review.outcome),
        Happening::InvestigationOpened => "闲置调查".into(),
        Happening::InvestigationAnswered => "调查答复".into(),
        other => other.kind().label().into(),
    }
}

fn met_late(lines: &[Line], happening: &Happening) -> bool {
    let kind = match happening {
        Happening::HandedOver => DutyKind::HandOver,
        Happening::Started => DutyKind::Start,
        Happening::CompletionDeclared => DutyKind::Completion,
        Happening::ProductionStarted => DutyKind::Production,
        _ => return false,
    };
    lines.iter().any(|line| line.duty.kind == kind && line.state == State::MetLate)
}

/// Puts each label into the first line in which it does not touch the one before.
fn stacked(mut marks: Vec<Mark>) -> Vec<Mark> {
    let mut ends: Vec<f64> = Vec::new();
    for mark in &mut marks {
        let half = mark.label.chars().count() as f64 * CHARACTER / 2.0 + 4.0;
        let (from, until) = (mark.x - half, mark.x + half);
        let lane = ends.iter().position(|end| *end <= from);
        mark.lane = lane.unwrap_or(ends.len());
        match lane {
            Some(lane) => ends[lane] = until,
            None => ends.push(until),
        }
    }
    marks
}

/// The stages that were gone through, each as long as it lasted.
fn stages(contract: &Contract, as_of: NaiveDate, scale: &Scale) -> Vec<Bar> {
    let mut days: Vec<NaiveDate> = contract.signed_on().into_iter().collect();
    days.extend(contract.events.iter().map(|event| event.on));
    days.extend(contract.certificates.iter().filter_map(|certificate| certificate.valid.from));
    days.push(as_of);
    days.retain(|day| *day <= as_of);
    days.sort_unstable();
    days.dedup();
    let mut entered: Vec<(NaiveDate, Stage)> = Vec::new();
    for stands in days.into_iter().filter_map(|day| standing(contract, day)) {
        if entered.last().is_none_or(|(_, stage)| *stage != stands.stage) {
            entered.push((stands.since, stands.stage));
        }
    }
    let until = |place: usize| entered.get(place + 1).map_or(days_after(as_of, 1), |(day, _)| *day);
    let bar = |(place, (from, stage)): (usize, &(NaiveDate, Stage))| {
        scale.bar(*from, until(place), stage.label().into(), stage_colour(*stage))
    };
    entered.iter().enumerate().map(bar).collect()
}

fn standstills(happened: &[&Event], as_of: NaiveDate, scale: &Scale) -> Vec<Bar> {
    let mut open = Vec::new();
    for event in happened {
        match &event.happening {
            Happening::Suspended { until, cause, .. } => {
                open.push((event.on, until.unwrap_or(days_after(as_of, 1)), cause.label()));
            }
            Happening::Resumed => open.iter_mut().for_each(|(_, until, _)| *until = (*until).min(event.on)),
            _ => {}
        }
    }
    let lasting = open.into_iter().filter(|(from, until, _)| from < until);
    lasting.map(|(from, until, cause)| scale.bar(from, until, format!("中止（{cause}）"), "#5b6b82")).collect()
}

fn certificates(contract: &Contract, scale: &Scale) -> Vec<Bar> {
    let bar = |certificate: &Certificate| {
        let (from, until) = certificate.valid.from.zip(certificate.valid.until)?;
        let colour = match certificate.stage {
            CertificateStage::Construction => "#7fb8da",
            CertificateStage::Production => "#7cc3a0",
            CertificateStage::Remaining => "#23684b",
        };
        Some(scale.bar(from, until, format!("{}权证 {}", certificate.stage, certificate.number), colour))
    };
    contract.certificates.iter().filter_map(bar).collect()
}

fn years(scale: &Scale) -> Vec<(f64, i32)> {
    let first = |year| NaiveDate::from_ymd_opt(year, 1, 1);
    let years = scale.first.year() + 1..=scale.last.year();
    years.filter_map(first).map(|day| (scale.x(day), day.year())).collect()
}

impl Timeline {
    fn lanes(marks: &[Mark]) -> f64 {
        marks.iter().map(|mark| mark.lane + 1).max().unwrap_or(0) as f64
    }

    /// Where the band of the stages begins; the agreed days stand above it.
    pub fn band(&self) -> f64 {
        26.0 + Self::lanes(&self.agreed) * ROW + 12.0
    }

    /// Where the certificates begin, below what happened.
    pub fn lower(&self) -> f64 {
        self.band() + 38.0 + Self::lanes(&self.actual) * ROW + 12.0
    }

    pub fn height(&self) -> f64 {
        self.lower() + self.certificates.len() as f64 * 22.0 + 12.0
    }

    pub fn agreed_y(&self, mark: &Mark) -> f64 {
        self.band() - 14.0 - mark.lane as f64 * ROW
    }

    pub fn actual_y(&self, mark: &Mark) -> f64 {
        self.band() + 50.0 + mark.lane as f64 * ROW
    }

    pub fn certificate_y(&self, place: &usize) -> f64 {
        self.lower() + *place as f64 * 22.0
    }

    /// The picture in words, line by line.
    pub fn wording(&self) -> Vec<String> {
        let marks = |what: &str, marks: &[Mark]| {
            let all: Vec<String> = marks
                .iter()
                .map(|mark| format!("{} {}{}", mark.on, mark.label, if mark.late { "（逾期）" } else { "" }))
                .collect();
            format!("{what}：{}", if all.is_empty() { "无".into() } else { all.join("；") })
        };
        let bars = |what: &str, bars: &[Bar]| {
            let last = |bar: &Bar| days_after(bar.until, -1);
            let all: Vec<String> =
                bars.iter().map(|bar| format!("{} {} 至 {}", bar.label, bar.from, last(bar))).collect();
            format!("{what}：{}", if all.is_empty() { "无".into() } else { all.join("；") })
        };
        vec![
            bars("阶段", &self.stages),
            marks("约定（含顺延）", &self.agreed),
            marks("实际", &self.actual),
            bars("中止", &self.standstills),
            bars("权证", &self.certificates),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codelist::WorkCalendar;
    use crate::contract::event::{Cause, Covers};
    use crate::contract::sample::{contract, day, paid, practice};
    use crate::obligations::check::judge;

    fn drawn(on: &str) -> Timeline {
        let stop = Happening::Suspended { until: None, cause: Cause::Government, covers: Covers::Works };
        let contract = contract(vec![
            ("2022-02-10", paid(1, 3_425_000)),
            ("2022-03-01", Happening::HandedOver),
            ("2022-10-01", Happening::Started),
            ("2023-01-01", stop),
            ("2023-03-01", Happening::Resumed),
        ]);
        let lines = judge(&contract, day(on), &practice(), WorkCalendar::embedded());
        draw(&contract, day(on), &lines).unwrap()
    }

    #[test]
    fn stages_follow_each_other_without_a_gap_to_the_day_asked_about() {
        let picture = drawn("2024-01-01");
        let stages: Vec<&str> = picture.stages.iter().map(|bar| bar.label.as_str()).collect();
        assert_eq!(stages, ["已签约", "已交地", "建设期"]);
        assert!(picture.stages.windows(2).all(|pair| pair[0].until == pair[1].from));
        assert_eq!(picture.stages.last().unwrap().until, day("2024-01-02"));
    }

    #[test]
    fn a_standstill_ends_when_work_goes_on() {
        let picture = drawn("2024-01-01");
        assert_eq!(picture.standstills.len(), 1);
        assert_eq!(picture.standstills[0].until, day("2023-03-01"));
    }

    #[test]
    fn nothing_lies_outside_the_picture_and_no_labels_overlap() {
        let picture = drawn("2026-01-01");
        let inside = |x: f64| (0.0..=picture.width).contains(&x);
        assert!(picture.agreed.iter().chain(&picture.actual).all(|mark| inside(mark.x)));
        for marks in [&picture.agreed, &picture.actual] {
            for (place, mark) in marks.iter().enumerate() {
                let half = |mark: &Mark| mark.label.chars().count() as f64 * CHARACTER / 2.0;
                let touches =
                    |other: &&Mark| other.lane == mark.lane && (other.x - mark.x).abs() < half(other) + half(mark);
                assert!(marks[..place].iter().find(touches).is_none(), "{mark:?}");
            }
        }
        assert!(picture.wording()[2].contains("2022-10-01 开工（逾期）"), "{:?}", picture.wording());
    }

    #[test]
    fn before_the_contract_there_is_nothing_to_draw() {
        let contract = contract(vec![]);
        assert_eq!(draw(&contract, day("2022-01-09"), &[]), None);
        assert!(draw(&contract, day("2022-01-10"), &[]).is_some());
    }
}
