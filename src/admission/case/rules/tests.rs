use proptest::prelude::*;

use super::*;
use crate::account::Department;

fn person(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn opinion(department: Department, stance: Option<Stance>) -> Opinion {
    Opinion {
        department,
        due_on: "2026-11-30".parse().unwrap(),
        provisional: false,
        stance,
        comment: String::new(),
        given_name: None,
        given_at: None,
        carried_from: None,
    }
}

fn ready(verdict: Overall) -> Docket {
    Docket {
        stage: Some(Stage::Opinions),
        verdict: Some(verdict),
        opinions: vec![opinion(Department::Tax, Some(Stance::Agree))],
        ..Docket::default()
    }
}

fn recommend(recommends: Recommends) -> Move {
    Move::Recommend { recommends, reason: "理由".into() }
}

fn decision(outcome: Outcome) -> Move {
    Move::Decide { outcome, reason: "理由".into() }
}

#[test]
fn only_what_conforms_can_be_recommended_for_admission() {
    assert_eq!(decide(&ready(Overall::Conforms), &recommend(Recommends::Admit), person(1)), Ok(Stage::Recommended));
    for verdict in [Overall::DoesNotConform, Overall::NotDeterminable] {
        let docket = ready(verdict);
        assert_eq!(decide(&docket, &recommend(Recommends::Admit), person(1)), Err(Refusal::NotConforming(verdict)));
        assert_eq!(decide(&docket, &recommend(Recommends::Refuse), person(1)), Ok(Stage::Recommended));
    }
}

#[test]
fn a_failing_project_is_refused_without_waiting_for_opinions() {
    let mut docket = ready(Overall::DoesNotConform);
    docket.opinions = vec![opinion(Department::Tax, None)];
    assert_eq!(decide(&docket, &recommend(Recommends::Refuse), person(1)), Ok(Stage::Recommended));
    docket.verdict = Some(Overall::Conforms);
    assert!(matches!(
        decide(&docket, &recommend(Recommends::Refuse), person(1)),
        Err(Refusal::OpinionsMissing(who)) if who == "区税务局"
    ));
}

#[test]
fn an_objection_keeps_a_project_out() {
    let mut docket = ready(Overall::Conforms);
    docket.opinions.push(opinion(Department::Environment, Some(Stance::Object)));
    assert!(matches!(decide(&docket, &recommend(Recommends::Admit), person(1)), Err(Refusal::Objected(_))));
    assert!(decide(&docket, &recommend(Recommends::Refuse), person(1)).is_ok());
}

#[test]
fn land_that_something_stands_against_is_not_admitted_and_may_be_refused() {
    let mut docket = ready(Overall::Conforms);
    docket.standing = vec!["已准入项目 2026-0003".into()];
    let taken = Err(Refusal::LandTaken("已准入项目 2026-0003".into()));
    assert_eq!(decide(&docket, &recommend(Recommends::Admit), person(1)), taken);
    assert_eq!(decide(&docket, &recommend(Recommends::Refuse), person(1)), Ok(Stage::Recommended));
    docket.stage = Some(Stage::Recommended);
    docket.recommendation = Some(Recommendation { recommends: Recommends::Admit, by: person(1) });
    assert_eq!(decide(&docket, &decision(Outcome::Admitted), person(2)), taken, "also what came up after it");
    assert_eq!(decide(&docket, &decision(Outcome::Refused), person(2)), Ok(Stage::Decided));
    docket.standing.clear();
    assert_eq!(decide(&docket, &decision(Outcome::Admitted), person(2)), Ok(Stage::Decided));
}

#[test]
fn the_table_of_steps_holds_together() {
    assert_eq!(TABLE.faults(Stage::ALL, CaseStep::ALL), [""; 0]);
    for action in Action::ALL {
        assert_eq!(CaseStep::from(*action).code(), action.code());
        assert_eq!(CaseStep::from(*action).label(), action.label());
    }
}

#[test]
fn nobody_decides_on_an_own_recommendation() {
    let mut docket = ready(Overall::Conforms);
    docket.stage = Some(Stage::Recommended);
    docket.recommendation = Some(Recommendation { recommends: Recommends::Admit, by: person(1) });
    assert_eq!(decide(&docket, &decision(Outcome::Admitted), person(1)), Err(Refusal::SamePerson));
    assert_eq!(decide(&docket, &decision(Outcome::Refused), person(1)), Err(Refusal::SamePerson));
    assert_eq!(decide(&docket, &decision(Outcome::Admitted), person(2)), Ok(Stage::Decided));
    docket.recommendation = Some(Recommendation { recommends: Recommends::Refuse, by: person(1) });
    assert_eq!(decide(&docket, &decision(Outcome::Admitted), person(2)), Err(Refusal::NotRecommended));
}

#[test]
fn a_return_needs_its_reason_and_a_submission_everything() {
    let docket = Docket { stage: Some(Stage::Submitted), ..Docket::default() };
    assert_eq!(decide(&docket, &Move::Return { reason: "  ".into() }, person(1)), Err(Refusal::ReasonMissing));
    assert_eq!(decide(&docket, &Move::Return { reason: "缺图".into() }, person(1)), Ok(Stage::Returned));
    let draft = Docket { gaps: 2, ..Docket::default() };
    assert_eq!(decide(&draft, &Move::Submit, person(1)), Err(Refusal::Incomplete(2)));
    assert_eq!(decide(&Docket::default(), &Move::Submit, person(1)), Ok(Stage::Submitted));
}

#[test]
fn an_example_set_is_the_ground_of_no_recommendation_and_no_decision() {
    for verdict in [Overall::Conforms, Overall::DoesNotConform, Overall::NotDeterminable] {
        let mut docket = Docket { on_example: true, ..ready(verdict) };
        for recommends in [Recommends::Admit, Recommends::Refuse] {
            assert_eq!(decide(&docket, &recommend(recommends), person(1)), Err(Refusal::ExampleSet));
        }
        let today = "2026-11-30".parse().unwrap();
        assert!(blockers(&docket, &[], &[], today).iter().any(|blocker| blocker.code == "example_set"));
        docket.stage = Some(Stage::Recommended);
        docket.recommendation = Some(Recommendation { recommends: Recommends::Admit, by: person(1) });
        for outcome in [Outcome::Admitted, Outcome::Refused] {
            assert_eq!(decide(&docket, &decision(outcome), person(2)), Err(Refusal::ExampleSet));
        }
        docket.stage = Some(Stage::Opinions);
        assert_eq!(decide(&docket, &Move::Return { reason: "改选".into() }, person(1)), Ok(Stage::Returned));
    }
}

#[test]
fn what_holds_a_case_up_is_named_with_its_days() {
    let mut docket = ready(Overall::Conforms);
    docket.opinions = vec![opinion(Department::Tax, None), opinion(Department::Land, Some(Stance::Agree))];
    let held = blockers(&docket, &[], &[], "2026-12-02".parse().unwrap());
    assert_eq!(held.len(), 1);
    assert_eq!((held[0].code, held[0].days_left, held[0].is_overdue()), ("opinion_missing", Some(-2), true));
    let on_time = blockers(&docket, &[], &[], "2026-11-30".parse().unwrap());
    assert!(!on_time[0].is_overdue(), "the day itself still counts");
    docket.verdict = Some(Overall::NotDeterminable);
    docket.open_set_asides = 1;
    let codes: Vec<_> =
        blockers(&docket, &["达产年税收".into()], &[], "2026-11-30".parse().unwrap()).iter().map(|b| b.code).collect();
    assert_eq!(codes, ["opinion_missing", "set_aside_open", "not_determinable"]);
    assert!(
        blockers(&Docket { stage: Some(Stage::Notified), ..docket }, &[], &[], "2026-11-30".parse().unwrap())
            .is_empty()
    );
}

/// What the store does with a docket after a move was allowed.
fn carry_out(docket: &mut Docket, wanted: &Move, to: Stage, who: Uuid, outcome: &mut Option<Outcome>) {
    docket.stage = Some(to);
    match wanted {
        Move::Recommend { recommends, .. } => {
            docket.recommendation = Some(Recommendation { recommends: *recommends, by: who });
        }
        Move::SendBack { .. } | Move::Return { .. } | Move::Withdraw { .. } => docket.recommendation = None,
        Move::Consult => docket.opinions = vec![opinion(Department::Tax, None), opinion(Department::Land, None)],
        Move::Submit => docket.opinions = Vec::new(),
        Move::Decide { outcome: made, .. } => *outcome = Some(*made),
        _ => {}
    }
}

fn any_move() -> impl Strategy<Value = Move> {
    let reason = || prop_oneof![Just(String::new()), Just("理由".to_owned())];
    prop_oneof![
        2 => Just(Move::Submit),
        2 => Just(Move::Accept),
        1 => reason().prop_map(|reason| Move::Return { reason }),
        2 => Just(Move::Consult),
        3 => (any::<bool>(), reason()).prop_map(|(admit, reason)| Move::Recommend {
            recommends: if admit { Recommends::Admit } else { Recommends::Refuse }, reason }),
        1 => reason().prop_map(|reason| Move::SendBack { reason }),
        3 => (any::<bool>(), reason()).prop_map(|(admit, reason)| Move::Decide {
            outcome: if admit { Outcome::Admitted } else { Outcome::Refused }, reason }),
        1 => Just(Move::Notify),
    ]
}

#[derive(Clone, Debug)]
enum Step {
    Move(Move, u128),
    Checked(usize),
    Said(usize, usize),
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (any_move(), 1u128..4).prop_map(|(wanted, who)| Step::Move(wanted, who)),
        1 => (0..3usize).prop_map(Step::Checked),
        2 => (0..2usize, 0..3usize).prop_map(|(place, stance)| Step::Said(place, stance)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Whoever does whatever in whatever order: nobody is let in who does not conform, nor by one person alone.
    #[test]
    fn no_sequence_of_actions_admits_a_failing_project(steps in proptest::collection::vec(any_step(), 1..60)) {
        let mut docket = Docket::default();
        let mut outcome = None;
        for step in steps {
            match step {
                Step::Move(wanted, who) => {
                    let before = docket.clone();
                    if let Ok(to) = decide(&docket, &wanted, person(who)) {
                        carry_out(&mut docket, &wanted, to, person(who), &mut outcome);
                        if matches!(wanted, Move::Decide { outcome: Outcome::Admitted, .. }) {
                            prop_assert_eq!(before.verdict, Some(Overall::Conforms));
                            prop_assert_ne!(before.recommendation.unwrap().by, person(who));
                            prop_assert!(before.opinions.iter().all(|said| !matches!(said.stance, None | Some(Stance::Object))));
                        }
                    }
                }
                // The check is only made again while nobody has recommended anything.
                Step::Checked(verdict) if may_recheck(docket.stage.unwrap_or(Stage::Draft)) => {
                    docket.verdict = Some(Overall::ALL[verdict]);
                }
                Step::Said(place, stance) if docket.stage == Some(Stage::Opinions) => {
                    if let Some(said) = docket.opinions.get_mut(place) {
                        said.stance = Some(Stance::ALL[stance]);
                    }
                }
                _ => {}
            }
        }
        prop_assert_eq!(outcome.is_some(), matches!(docket.stage, Some(Stage::Decided | Stage::Notified)));
    }

    #[test]
    fn nothing_leads_out_of_the_end(wanted in any_move(), who in 1u128..4) {
        for stage in [Stage::Notified, Stage::Withdrawn] {
            let docket = Docket { stage: Some(stage), verdict: Some(Overall::Conforms), ..Docket::default() };
            prop_assert!(decide(&docket, &wanted, person(who)).is_err());
        }
    }
}
