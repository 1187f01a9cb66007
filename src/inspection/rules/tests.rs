use proptest::prelude::*;
use rust_decimal_macros::dec;

use super::*;
use crate::inspection::Stage;
use crate::inspection::checklist::Checklists;

fn checklist() -> &'static Checklist {
    Checklists::embedded().in_force(Stage::Construction, "2026-11-23".parse().unwrap())
}

fn answer(item: &Item, answer: Answer) -> ItemAnswer {
    let looked = matches!(answer, Answer::Pass | Answer::Fail);
    let asked = item.figure.as_ref().filter(|asked| asked.required && looked);
    let comment = (answer == Answer::Fail).then(|| "未见公示牌".to_owned());
    ItemAnswer { item: item.code.clone(), answer, figure: asked.map(|_| dec!(120.5)), comment }
}

fn finding(all: Answer) -> Finding {
    Finding {
        answers: checklist().items.iter().map(|item| answer(item, all)).collect(),
        note: None,
        device_at: "2026-11-23T02:00:00Z".parse().unwrap(),
        position: None,
        photos: Vec::new(),
    }
}

fn codes(finding: &Finding) -> Vec<&'static str> {
    faults(checklist(), finding).iter().map(|fault| fault.code).collect()
}

#[test]
fn a_task_takes_only_the_steps_that_are_written_down() {
    assert_eq!(TABLE.faults(TaskState::ALL, Step::ALL), [""; 0]);
    use TaskState::*;
    let table: Vec<(TaskState, Vec<Step>)> = TaskState::ALL.iter().map(|state| (*state, state.steps())).collect();
    assert_eq!(
        table,
        [
            (Open, vec![Step::Start, Step::Reassign, Step::Cancel]),
            (UnderWay, vec![Step::Report, Step::Reassign, Step::Cancel]),
            (Reported, vec![Step::Report, Step::Revisit, Step::Close, Step::Cancel]),
            (Closed, vec![]),
            (Cancelled, vec![]),
        ]
    );
    assert_eq!(Open.after(Step::Report).unwrap_err().to_string(), "任务待检查，不能报送结果");
}

#[test]
fn overdue_begins_the_day_after_and_ends_with_the_report() {
    let due = "2026-11-23".parse().unwrap();
    let on = |state: TaskState, day: &str| state.overdue(due, day.parse().unwrap());
    assert_eq!(on(TaskState::Open, "2026-11-22"), None);
    assert_eq!(on(TaskState::Open, "2026-11-23"), None);
    assert_eq!(on(TaskState::Open, "2026-11-24"), Some(1));
    assert_eq!(on(TaskState::UnderWay, "2027-01-01"), Some(39));
    assert_eq!(on(TaskState::Reported, "2026-11-24"), None);
    assert_eq!(on(TaskState::Cancelled, "2026-11-24"), None);
}

#[test]
fn a_failure_needs_its_comment() {
    let mut sent = finding(Answer::Pass);
    assert_eq!(codes(&sent), [""; 0]);
    sent.answers[0] = ItemAnswer { comment: Some("  ".into()), ..answer(&checklist().items[0], Answer::Fail) };
    assert_eq!(codes(&sent), ["comment_missing"]);
    sent.answers[0].comment = Some("未设公示牌".into());
    assert_eq!(codes(&sent), [""; 0]);
    assert_eq!(outcome(&sent.answers), Outcome::Fail);
}

#[test]
fn every_question_is_answered_once_and_no_other() {
    let mut sent = finding(Answer::Pass);
    let first = sent.answers.remove(0);
    assert_eq!(codes(&sent), ["answer_missing"]);
    sent.answers.extend([first.clone(), first]);
    assert_eq!(codes(&sent), ["answered_twice"]);
    sent.answers.pop();
    sent.answers.push(ItemAnswer { item: "weather".into(), answer: Answer::Pass, figure: None, comment: None });
    assert_eq!(codes(&sent), ["unknown_item"]);
}

#[test]
fn a_figure_is_given_where_asked_and_in_its_range() {
    let place = checklist().items.iter().position(|item| item.code == "built_share").unwrap();
    let with = |figure, answer| {
        let mut sent = finding(Answer::Pass);
        sent.answers[place] =
            ItemAnswer { figure, answer, comment: Some("见照片".into()), ..sent.answers[place].clone() };
        codes(&sent)
    };
    assert_eq!(with(None, Answer::Pass), ["figure_missing"]);
    assert_eq!(with(None, Answer::Fail), ["figure_missing"]);
    assert_eq!(with(None, Answer::NotSeen), [""; 0], "what was not seen has no figure, and that is not zero");
    assert_eq!(with(Some(dec!(0)), Answer::Pass), [""; 0]);
    assert_eq!(with(Some(dec!(-0.01)), Answer::Pass), ["figure_range"]);
    assert_eq!(with(Some(dec!(2000000)), Answer::Pass), [""; 0]);
    assert_eq!(with(Some(dec!(2000000.01)), Answer::Pass), ["figure_range"]);
    assert_eq!(with(Some(dec!(1.234)), Answer::Pass), ["figure_places"]);
    assert_eq!(with(Some(dec!(1.230)), Answer::Pass), [""; 0]);
}

#[test]
fn nothing_looked_at_is_no_pass() {
    assert_eq!(outcome(&finding(Answer::NotApplicable).answers), Outcome::Incomplete);
    assert_eq!(outcome(&finding(Answer::NotSeen).answers), Outcome::Incomplete);
    assert_eq!(outcome(&finding(Answer::Pass).answers), Outcome::Pass);
}

#[test]
fn what_ends_badly_says_why() {
    assert!(check_reason(Step::Cancel, None, Some(" ")).is_err());
    assert!(check_reason(Step::Cancel, None, Some("重复下达")).is_ok());
    assert!(check_reason(Step::Close, Some(Outcome::Pass), None).is_ok());
    assert!(check_reason(Step::Close, Some(Outcome::Fail), None).is_err());
    assert!(check_reason(Step::Close, Some(Outcome::Incomplete), Some("另行立案")).is_ok());
}

#[test]
fn a_late_result_meets_what_became_of_its_task() {
    assert_eq!(conflict(TaskState::Open, true), None);
    assert_eq!(conflict(TaskState::Reported, false), Some(Conflict::Reassigned));
    assert_eq!(conflict(TaskState::Cancelled, true), Some(Conflict::Cancelled));
    assert_eq!(conflict(TaskState::Closed, true), Some(Conflict::Closed));
}

proptest! {
    #[test]
    fn a_failure_is_never_outweighed(answers in proptest::collection::vec(0usize..4, 7), failing in 0usize..7) {
        let mut given: Vec<ItemAnswer> =
            checklist().items.iter().zip(&answers).map(|(item, kind)| answer(item, Answer::ALL[*kind])).collect();
        given[failing].answer = Answer::Fail;
        prop_assert_eq!(outcome(&given), Outcome::Fail);
    }

    #[test]
    fn no_walk_leaves_an_end(steps in proptest::collection::vec(0usize..7, 0..20)) {
        let mut state = TaskState::Open;
        for step in steps {
            let ended = matches!(state, TaskState::Closed | TaskState::Cancelled);
            match state.after(Step::ALL[step]) {
                Ok(next) => { prop_assert!(!ended); state = next; }
                Err(_) => continue,
            }
        }
    }
}
