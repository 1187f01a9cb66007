//! How many moved, by how: the flows between two runs added up.

use super::moved::{Move, moved};
use super::store::comparing::Flow;

/// Each kind of move with how many took it, in the order of [`Move::ALL`]. Grades are given from the best.
pub fn moves(flows: &[Flow], before: &[String], after: &[String]) -> Vec<(Move, i64)> {
    let place = |grades: &[String], grade: &Option<String>| {
        grade.as_ref().map(|grade| grades.iter().position(|other| other == grade).unwrap_or(grades.len()))
    };
    let how = |flow: &Flow| moved(place(before, &flow.from), place(after, &flow.to));
    let count = |of: Move| flows.iter().filter(|flow| how(flow) == of).map(|flow| flow.count).sum();
    Move::ALL.iter().map(|of| (*of, count(*of))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(from: &str, to: &str, count: i64) -> Flow {
        let named = |grade: &str| (!grade.is_empty()).then(|| grade.to_owned());
        Flow { from: named(from), to: named(to), count }
    }

    #[test]
    fn every_flow_is_counted_once() {
        let grades: Vec<String> = ["A", "B", "C", "D"].map(str::to_owned).into();
        let flows = [
            flow("A", "A", 5),
            flow("B", "A", 2),
            flow("A", "C", 1),
            flow("", "B", 3),
            flow("D", "", 4),
            flow("C", "B", 7),
        ];
        let moves = moves(&flows, &grades, &grades);
        let of = |how: Move| moves.iter().find(|(other, _)| *other == how).unwrap().1;
        assert_eq!((of(Move::Up), of(Move::Down), of(Move::Same)), (9, 1, 5));
        assert_eq!((of(Move::Entered), of(Move::Left)), (3, 4));
        assert_eq!(moves.iter().map(|(_, count)| count).sum::<i64>(), 22);
    }

    #[test]
    fn a_grade_that_a_scheme_does_not_have_is_below_all() {
        let (old, new): (Vec<String>, Vec<String>) = (vec!["A".into(), "B".into()], vec!["A".into()]);
        assert_eq!(moves(&[flow("B", "B", 1)], &old, &new)[2], (Move::Same, 1), "last of both");
        assert_eq!(moves(&[flow("A", "B", 1)], &old, &new)[1], (Move::Down, 1));
    }
}
