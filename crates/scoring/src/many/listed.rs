//! Subjects in memory as a roll.

use super::{Beside, Roll};
use crate::layout::{Row, names};
use crate::scheme::Scheme;
use crate::subject::Subject;

/// Subjects in the order of their keys; each with figures of its own, and ranked.
pub struct Listed<'a> {
    names: Vec<String>,
    subjects: Vec<&'a Subject>,
}

impl<'a> Listed<'a> {
    /// Nothing where one is made of others, or takes the grade of another: only [`compute`](crate::compute()) knows those.
    pub fn new(scheme: &Scheme, subjects: impl IntoIterator<Item = &'a Subject>) -> Option<Self> {
        let mut subjects: Vec<&Subject> = subjects.into_iter().collect();
        if subjects.iter().any(|subject| subject.made.is_some() || subject.follows.is_some()) {
            return None;
        }
        subjects.sort_by(|one, other| one.key.cmp(&other.key));
        Some(Listed { names: names(scheme), subjects })
    }

    pub fn subject(&self, at: u32) -> &'a Subject {
        self.subjects[at as usize]
    }
}

impl Roll for Listed<'_> {
    fn len(&self) -> usize {
        self.subjects.len()
    }

    fn group(&self, at: u32) -> &str {
        &self.subject(at).group
    }

    fn facts(&self, at: u32, row: &mut Row) {
        let facts = &self.subject(at).facts;
        row.clear();
        row.extend(self.names.iter().map(|name| facts.get(name).copied()));
    }

    fn beside(&self, at: u32) -> Beside<'_> {
        let subject = self.subject(at);
        Beside {
            coefficient: subject.coefficient,
            bonus: &subject.bonus,
            deduction: &subject.deduction,
            vetoed: subject.vetoed,
            fixed: subject.fixed.as_deref(),
            change: subject.change.as_ref(),
        }
    }
}
