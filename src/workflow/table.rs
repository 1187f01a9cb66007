//! Which step leads from where to where, as data that rules, pages and the kernel read alike.

use std::fmt::{Debug, Display};

/// States and steps of a case: `terms!` enums.
pub trait Word: Copy + Eq + Debug + Display + Send + Sync + 'static {}

impl<T: Copy + Eq + Debug + Display + Send + Sync + 'static> Word for T {}

/// One way of a case: a step, from where it may be taken, and where it leads.
#[derive(Clone, Copy, Debug)]
pub struct Way<S: 'static, T> {
    pub step: T,
    pub from: &'static [S],
    /// The state stays where it says none.
    pub to: Option<S>,
    /// What the audit log calls it; the Chinese for it is in `account/deeds.rs`.
    pub action: &'static str,
}

/// A step that leads from any of some states to another.
pub const fn moves<S: Word, T: Word>(step: T, from: &'static [S], to: S, action: &'static str) -> Way<S, T> {
    Way { step, from, to: Some(to), action }
}

/// A step that is taken without leaving the state.
pub const fn stays<S: Word, T: Word>(step: T, from: &'static [S], action: &'static str) -> Way<S, T> {
    Way { step, from, to: None, action }
}

/// A step that makes a case and is never taken on one that is there.
pub const fn makes<S: Word, T: Word>(step: T, to: S, action: &'static str) -> Way<S, T> {
    Way { step, from: &[], to: Some(to), action }
}

impl<S: Word, T: Word> Way<S, T> {
    /// Where it leads from a state that it may be taken from.
    pub fn leads(&self, from: S) -> S {
        self.to.unwrap_or(from)
    }
}

/// The states of a kind of case and every way between them.
#[derive(Clone, Copy, Debug)]
pub struct Table<S: 'static, T: 'static> {
    /// What a case is called in a sentence: 案卷.
    pub noun: &'static str,
    /// What is answered where there is none.
    pub missing: &'static str,
    pub begins: S,
    /// Where it has come to its end.
    pub closed: &'static [S],
    /// Steps that may be taken all the same when it is closed.
    pub reopens: &'static [T],
    pub ways: &'static [Way<S, T>],
}

impl<S: Word, T: Word> Table<S, T> {
    pub fn way(&self, from: S, step: T) -> Option<&Way<S, T>> {
        self.ways.iter().find(|way| way.step == step && way.from.contains(&from))
    }

    /// Where a step leads; nothing when it cannot be taken from here.
    pub fn after(&self, from: S, step: T) -> Option<S> {
        self.way(from, step).map(|way| way.leads(from))
    }

    pub fn allows(&self, from: S, step: T) -> bool {
        self.way(from, step).is_some()
    }

    /// Steps that can be taken from here, in the order of the table.
    pub fn steps(&self, from: S) -> impl Iterator<Item = T> {
        self.ways.iter().filter(move |way| way.from.contains(&from)).map(|way| way.step)
    }

    pub fn is_closed(&self, state: S) -> bool {
        self.closed.contains(&state)
    }

    /// What is wrong with the table; nothing when it holds together. Every state is reached from the first, every step is
    /// of some use and leads to one place, what is closed is left by declared steps alone, and what is open has a way on.
    pub fn faults(&self, states: &[S], steps: &[T]) -> Vec<String> {
        let mut faults = Vec::new();
        for state in states.iter().filter(|state| !self.reached().contains(state)) {
            faults.push(format!("{state:?} is never reached"));
        }
        for step in steps.iter().filter(|step| !self.ways.iter().any(|way| way.step == **step)) {
            faults.push(format!("{step:?} leads nowhere"));
        }
        for state in states {
            for step in steps {
                let ways = self.ways.iter().filter(|way| way.step == *step && way.from.contains(state));
                if ways.count() > 1 {
                    faults.push(format!("{step:?} leads from {state:?} to two places"));
                }
                if self.is_closed(*state) && self.allows(*state, *step) && !self.reopens.contains(step) {
                    faults.push(format!("{step:?} leaves {state:?}, which is closed"));
                }
            }
            let leaves = steps.iter().any(|step| self.after(*state, *step).is_some_and(|to| to != *state));
            if !self.is_closed(*state) && !leaves {
                faults.push(format!("{state:?} is open and leads nowhere"));
            }
        }
        faults
    }

    fn reached(&self) -> Vec<S> {
        let mut reached = vec![self.begins];
        let mut next = 0;
        while let Some(state) = reached.get(next).copied() {
            for step in self.steps(state) {
                reached.extend(self.after(state, step).filter(|to| !reached.contains(to)));
            }
            next += 1;
        }
        reached
    }
}
