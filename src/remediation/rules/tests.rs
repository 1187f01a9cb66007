use proptest::prelude::*;
use rust_decimal_macros::dec;

use super::*;
use crate::policy::Comparison;
use crate::remediation::Step;
use crate::remediation::case::TABLE;
use crate::remediation::proof::{LineOf, YearFigure};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn reached() -> Reached {
    let figure = YearFigure { year: 2027, tax_yuan: Some(dec!(1)), confirmed: true, mu_days: Some(dec!(1)) };
    let line = LineOf { floor: dec!(10000), comparison: Comparison::Below };
    Reached { figure, line }
}

/// Everything there that this way needs.
fn ready(way: Way) -> Standing {
    let mut evidence: BTreeSet<EvidenceKind> = evidence_of(way).iter().copied().collect();
    evidence.insert(EvidenceKind::SiteAcceptance);
    Standing {
        state: State::AcceptanceAsked,
        way: Some(way),
        due: Some(day("2028-06-30")),
        subject: Subject::There,
        evidence,
        open_tasks: 0,
        late_tasks: 0,
        open_findings: 0,
        contract: Some(ContractStanding::Ended),
        new_parcel: true,
        register_changed: true,
        upgrade: (way == Way::Upgrade).then(|| Ok(reached())),
        sampling: Sampling::Drawn,
        agreed: BTreeSet::new(),
        hearing_until: None,
        below_again: None,
        relapsed: false,
    }
}

#[test]
fn each_way_with_everything_it_needs_is_accepted() {
    for way in Way::ALL {
        assert_eq!(lacking_to_accept(&ready(*way)), [], "{way}");
    }
}

#[test]
fn every_single_paper_is_needed() {
    for way in Way::ALL {
        for kind in evidence_of(*way) {
            let mut file = ready(*way);
            file.evidence.remove(kind);
            assert_eq!(lacking(&file), [Lacking::Evidence(*kind)], "{way}");
        }
    }
}

#[test]
fn a_close_needs_machines_supplies_licence_and_three_photos() {
    use EvidenceKind::*;
    let asked = [Dismantled, PowerEnded, WaterEnded, Licence, PhotoBefore, PhotoDuring, PhotoAfter];
    assert_eq!(evidence_of(Way::Close), asked);
}

#[test]
fn registers_have_to_show_it_too() {
    let open = Standing { contract: Some(ContractStanding::Open), ..ready(Way::TakeBack) };
    assert_eq!(lacking(&open), [Lacking::ContractOpen]);
    assert_eq!(lacking(&Standing { contract: None, ..ready(Way::TakeBack) }), [Lacking::ContractUnnamed]);
    assert_eq!(lacking(&Standing { new_parcel: false, ..ready(Way::Move) }), [Lacking::NewParcel]);
    assert_eq!(lacking(&Standing { register_changed: false, ..ready(Way::Merge) }), [Lacking::RegisterUnchanged]);
    for way in Way::ALL {
        assert_eq!(lacking(&Standing { open_tasks: 2, late_tasks: 1, ..ready(*way) }), [Lacking::Tasks(2)]);
        assert_eq!(lacking(&Standing { open_findings: 1, ..ready(*way) }), [Lacking::Findings(1)]);
    }
}

#[test]
fn an_upgrade_is_never_accepted_without_its_figure() {
    let file = Standing { upgrade: None, ..ready(Way::Upgrade) };
    assert_ne!(lacking(&file), []);
    let forecast = Standing { upgrade: Some(Err(NotProven::Forecast(2027))), ..ready(Way::Upgrade) };
    assert_eq!(lacking(&forecast), [Lacking::Figure(NotProven::Forecast(2027))]);
}

#[test]
fn closures_and_those_drawn_are_looked_at_on_the_spot() {
    for way in Way::ALL {
        for (sampling, wanted) in
            [(Sampling::Drawn, true), (Sampling::NotDrawn, *way == Way::Close), (Sampling::Waiting, true)]
        {
            let mut file = Standing { sampling, ..ready(*way) };
            file.evidence.remove(&EvidenceKind::SiteAcceptance);
            assert_eq!(!lacking_to_accept(&file).is_empty(), wanted, "{way} {sampling:?}");
            assert_eq!(lacking(&file), [], "asking needs no visit yet");
        }
    }
}

#[test]
fn two_departments_are_needed() {
    let today = day("2028-01-01");
    let mut file = ready(Way::Close);
    assert_eq!(blockers(&file, today), ["还须2个部门验收同意"]);
    file.agreed.insert(Department::Land);
    assert_eq!(blockers(&file, today), ["还须1个部门验收同意"]);
    file.agreed.insert(Department::Environment);
    assert_eq!(blockers(&file, today), Vec::<String>::new());
}

#[test]
fn a_file_is_late_the_day_after_its_last_day_and_not_while_it_is_suspended() {
    let due = Some(day("2028-06-30"));
    assert_eq!(overdue_days(State::CarryingOut, due, day("2028-06-30")), 0);
    assert_eq!(overdue_days(State::CarryingOut, due, day("2028-07-01")), 1);
    assert_eq!(overdue_days(State::Suspended, due, day("2029-07-01")), 0);
    assert_eq!(overdue_days(State::Dropped, None, day("2029-07-01")), 0);
    let file = Standing { state: State::Surveyed, ..ready(Way::Close) };
    assert_eq!(blockers(&file, day("2028-07-02")), ["已逾期2日", "待核实"]);
}

#[test]
fn what_became_of_the_subject_is_said_first() {
    let today = day("2028-01-01");
    let left = Standing { subject: Subject::Left, state: State::Verified, ..ready(Way::Upgrade) };
    assert!(blockers(&left, today)[0].contains("迁出或注销"));
    let split = Subject::Gone(vec!["甲".into(), "乙".into()]);
    let gone = Standing { subject: split.clone(), state: State::Verified, ..ready(Way::Close) };
    assert!(blockers(&gone, today)[0].contains("甲、乙"));
    assert!(!goes_on(&split, Some(Way::Close)));
    assert!(!goes_on(&Subject::Left, None) && !goes_on(&Subject::Left, Some(Way::Upgrade)));
    assert!(goes_on(&Subject::Left, Some(Way::Close)) && goes_on(&Subject::There, None));
}

#[test]
fn whoever_falls_back_is_named_until_there_is_another_file() {
    let today = day("2029-01-01");
    let struck = Standing { state: State::LookedBack, below_again: Some(2028), ..ready(Way::Upgrade) };
    assert_eq!(blockers(&struck, today), ["2028年度亩均税收又低于标准，须重新列入整治"]);
    assert_eq!(blockers(&Standing { relapsed: true, ..struck }, today), Vec::<String>::new());
}

#[test]
fn the_hearing_has_its_days() {
    let until = Some(day("2026-12-07"));
    let file = Standing { state: State::Noticed, hearing_until: until, ..ready(Way::Close) };
    assert_eq!(blockers(&file, day("2026-12-07")), ["陈述申辩期至2026-12-07"]);
    assert_eq!(blockers(&file, day("2026-12-08")), ["陈述申辩期已满，待登记听取意见"]);
}

proptest! {
    /// Steps at random: whatever is struck off as an upgrade was accepted by a figure.
    #[test]
    fn no_path_strikes_off_an_upgrade_without_a_full_year_figure(steps in prop::collection::vec(0usize..Step::ALL.len(), 0..60), proven in any::<bool>()) {
        let (mut state, mut accepted_by_figure) = (State::Surveyed, false);
        for step in steps.into_iter().map(|step| Step::ALL[step]) {
            let upgrade = Some(if proven { Ok(reached()) } else { Err(NotProven::Forecast(2027)) });
            let file = Standing { state, upgrade, ..ready(Way::Upgrade) };
            let guarded = matches!(step, Step::AskAcceptance | Step::Agree | Step::Accept);
            if guarded && !lacking_to_accept(&file).is_empty() {
                continue;
            }
            let Some(next) = TABLE.after(state, step) else { continue };
            accepted_by_figure |= step == Step::Accept && proven;
            state = next;
        }
        let done = matches!(state, State::Accepted | State::StruckOff | State::LookedBack);
        prop_assert!(!done || accepted_by_figure);
    }
}

#[test]
fn a_file_is_late_from_the_day_after_its_last_and_soon_some_days_before() {
    let (today, soon) = (day("2026-11-23"), day("2026-11-30"));
    let stands = |state, due: &str| timeliness(state, Some(day(due)), today, soon);
    assert_eq!(stands(State::Surveyed, "2026-11-22"), Timeliness::Late);
    assert_eq!(stands(State::Surveyed, "2026-11-23"), Timeliness::Soon, "the last day is no day late");
    assert_eq!(stands(State::StruckOff, "2026-11-30"), Timeliness::Soon);
    assert_eq!(stands(State::Surveyed, "2026-12-01"), Timeliness::OnTime);
    assert_eq!(stands(State::Suspended, "2026-11-22"), Timeliness::NotCounted, "the clock stands still");
    assert_eq!(timeliness(State::LookedBack, None, today, soon), Timeliness::NotCounted);
}

proptest! {
    /// Colour of the map and days of the list never contradict each other.
    #[test]
    fn what_is_told_to_be_late_has_days_beyond_its_due_day(place in 0..State::ALL.len(), days in -40i64..40) {
        let (state, today) = (State::ALL[place], day("2026-11-23"));
        let due = (!state.is_closed()).then(|| today + chrono::TimeDelta::days(days));
        let is_late = timeliness(state, due, today, day("2026-11-30")) == Timeliness::Late;
        prop_assert_eq!(is_late, overdue_days(state, due, today) > 0);
    }
}
