//! What follows from a grade (三 of the governing text): measures as data, and what each comes to for one enterprise on one day.
//! Pure: no clock, no database.
//!
//! A [`Measure`] says to whom it applies, what it does and how its rate moves with the years; [`due()`] holds all of them against
//! a [`Subject`] and answers with one [`Entitlement`] for each that concerns it. [`reconcile()`] holds what was done against that.

mod body;
mod clock;
mod due;
mod fault;
mod found;
mod measure;
mod reconcile;
mod stacking;
mod subject;

pub use body::Body;
pub use clock::{Clock, Gap, Grading, Standing, standing};
pub use due::due;
pub use fault::{MeasureFault, check};
pub use found::{Entitlement, Outcome};
pub use measure::{BaseYear, Condition, Effect, Exemption, Kind, Measure, Stacking};
pub use reconcile::{Done, Entitled, Finding, LAST_QUARTER, Reconciled, Turn, reconcile};
pub use subject::{Answers, Quantity, Subject};
