//! How much may be done about one shape before it counts as too large.

use super::fault::Fault;
use super::wording;

/// Comparisons of boxes, edges and points. A second of a machine, more or less.
const MOST: usize = 300_000_000;

/// What has been done so far, and what may be.
#[derive(Debug)]
pub struct Work {
    done: usize,
    most: usize,
}

impl Default for Work {
    fn default() -> Self {
        Work::up_to(MOST)
    }
}

impl Work {
    pub fn up_to(most: usize) -> Self {
        Work { done: 0, most }
    }

    pub fn add(&mut self, comparisons: usize) {
        self.done = self.done.saturating_add(comparisons);
    }

    /// # Errors
    /// The shape is too large; the fault names the bound.
    pub fn check(&self) -> Result<(), Fault> {
        if self.done <= self.most { Ok(()) } else { Err(wording::too_much_work(self.most)) }
    }

    #[cfg(test)]
    pub fn done(&self) -> usize {
        self.done
    }
}
