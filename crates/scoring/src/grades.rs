//! Grades of a ranking group: by place, then without those who are barred, then by hand. 二(一)4 of the governing text.

use crate::cuts::{self, Places};
use crate::result::{Change, Taken};
use crate::scheme::{Operator, Scheme, Side};
use crate::subject;

/// One of a ranking group, as the grades need it. Equal scores share a place.
#[derive(Clone, Copy)]
pub struct Ranked {
    pub place: usize,
    pub vetoed: bool,
}

/// What became of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graded {
    /// Positions in the scheme's grades.
    pub first: usize,
    pub now: usize,
    pub steps: Vec<Taken>,
}

/// The grades of a group, the best first; `ranked` is in the order of the places.
pub fn grade(scheme: &Scheme, ranked: &[Ranked]) -> (Vec<Graded>, Vec<Places>) {
    let places = cuts::places(&scheme.grades, ranked.len());
    let mut graded = by_place(scheme, &places, ranked);
    bar_vetoed(scheme, ranked, &mut graded);
    if scheme.veto.fill_up {
        fill_up(scheme, &places, ranked, &mut graded);
    }
    (graded, places)
}

/// Outside population and quota, with the grade it is given. A veto bars it all the same.
pub fn outside(scheme: &Scheme, given: &str, vetoed: bool) -> Graded {
    let band = position(scheme, given).or(scheme.remainder()).unwrap_or_default();
    let mut graded = Graded { first: band, now: band, steps: Vec::new() };
    bar(scheme, vetoed, &mut graded);
    graded
}

fn position(scheme: &Scheme, grade: &str) -> Option<usize> {
    scheme.grades.iter().position(|band| band.grade == grade)
}

fn by_place(scheme: &Scheme, places: &[Places], ranked: &[Ranked]) -> Vec<Graded> {
    let remainder = scheme.remainder().unwrap_or_default();
    let mut graded = Vec::with_capacity(ranked.len());
    for tied in ranked.chunk_by(|one, other| one.place == other.place) {
        let (first, last) = (tied[0].place, tied[0].place + tied.len() - 1);
        let taken = places.iter().find(|places| places.take(first, last));
        let band = taken.and_then(|places| position(scheme, &places.grade)).unwrap_or(remainder);
        graded.extend(tied.iter().map(|_| Graded { first: band, now: band, steps: Vec::new() }));
    }
    graded
}

/// Whoever has a veto and one of the barred grades gets the other instead.
fn bar_vetoed(scheme: &Scheme, ranked: &[Ranked], graded: &mut [Graded]) {
    ranked.iter().zip(graded).for_each(|(one, graded)| bar(scheme, one.vetoed, graded));
}

/// A barred grade is exchanged for what the veto leaves.
pub fn bar(scheme: &Scheme, vetoed: bool, graded: &mut Graded) {
    let becomes = position(scheme, &scheme.veto.becomes).filter(|_| vetoed && is_barred(scheme, graded.now));
    if let Some(becomes) = becomes {
        step(scheme, graded, Change::Veto, becomes, "被一票否决");
    }
}

fn is_barred(scheme: &Scheme, band: usize) -> bool {
    scheme.veto.bars.contains(&scheme.grades[band].grade)
}

/// Cut by cut from the top, places that the vetoed leave open go to the best of the next grade who have none; a tie for the
/// last of them leaves it open, unless the quota is one of *at least*.
fn fill_up(scheme: &Scheme, places: &[Places], ranked: &[Ranked], graded: &mut [Graded]) {
    for cut in places.iter().filter(|cut| cut.side == Side::Top) {
        let Some(band) = position(scheme, &cut.grade).filter(|band| is_barred(scheme, *band)) else { continue };
        let held = graded.iter().filter(|graded| graded.now <= band).count();
        let mut open = cut.through.saturating_sub(held);
        let next: Vec<usize> =
            (0..ranked.len()).filter(|at| graded[*at].now == band + 1 && !ranked[*at].vetoed).collect();
        for tied in next.chunk_by(|one, other| ranked[*one].place == ranked[*other].place) {
            if open == 0 || (tied.len() > open && cut.operator == Operator::AtMost) {
                break;
            }
            open = open.saturating_sub(tied.len());
            tied.iter().for_each(|at| step(scheme, &mut graded[*at], Change::FillUp, band, "被一票否决者让出名额"));
        }
    }
}

/// The grade that a document gives. It lifts nobody with a veto into a barred grade.
pub fn change(scheme: &Scheme, vetoed: bool, graded: &mut Graded, change: &subject::Change) {
    let Some(wanted) = position(scheme, &change.grade) else { return };
    if vetoed && is_barred(scheme, wanted) {
        let found = graded.now;
        return step(scheme, graded, Change::Manual, found, "被一票否决，不得调入此档");
    }
    let why = format!("{}（{}）", change.why, change.document);
    step(scheme, graded, Change::Manual, wanted, &why);
}

fn step(scheme: &Scheme, graded: &mut Graded, step: Change, left: usize, why: &str) {
    let name = |band: usize| scheme.grades[band].grade.clone();
    graded.steps.push(Taken { step, found: name(graded.now), left: name(left), why: why.to_owned() });
    graded.now = left;
}
