//! Very many who are ranked, by their positions.

use rust_decimal::Decimal;

use crate::layout::Row;
use crate::subject::{Change, Claim};

/// Everybody who is ranked, by position, in the order of the keys.
pub trait Roll: Sync {
    fn len(&self) -> usize;

    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn group(&self, at: u32) -> &str;

    /// Puts the facts of one into a row, by their position in [`names`](crate::layout::names).
    fn facts(&self, at: u32, row: &mut Row);

    fn beside(&self, at: u32) -> Beside<'_>;
}

/// What counts of one beside its facts; see [`Subject`](crate::Subject).
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    pub coefficient: Option<Decimal>,
    pub bonus: &'a [Claim],
    pub deduction: &'a [Claim],
    pub vetoed: bool,
    pub fixed: Option<&'a str>,
    pub change: Option<&'a Change>,
}

/// Fewer are not worth a second processor.
const FEW: usize = 10_000;

/// What comes of some members, and then of the next, in their order, on all processors.
pub(crate) fn each<T: Send>(members: &[u32], of: impl Fn(&[u32]) -> Vec<T> + Sync) -> Vec<T> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from).min(1 + members.len() / FEW);
    if processors < 2 {
        return of(members);
    }
    std::thread::scope(|scope| {
        let parts = members.chunks(members.len().div_ceil(processors));
        let running: Vec<_> = parts.map(|part| scope.spawn(|| of(part))).collect();
        let mut all = Vec::with_capacity(members.len());
        for part in running {
            match part.join() {
                Ok(found) => all.extend(found),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    })
}
