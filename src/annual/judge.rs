//! What a judge of enterprises is: the same decision said twice. The database has to find, count, order and page by the outcome
//! of every enterprise of a district; what is shown or acted on is decided by a pure function, line by line. One test holds the
//! two of every judge to each other (`annual::store::tests`).

use super::EnterpriseYear;
use super::store::{Moment, Sql};
use crate::enterprise::Indicator;

pub trait Judge: Send + Sync {
    /// The figures it rests on, beside land and the version in force.
    fn figures(&self) -> &'static [Indicator];

    /// `SELECT fact.*, … AS outcome FROM fact`, in the database's exact arithmetic: one row for each of `fact`, whose columns
    /// [`super::store::push_facts`] names.
    fn push_judged(&self, sql: &mut Sql, moment: &Moment);

    /// The code of the outcome, as the statement's column gives it. Never fails: whatever is missing or odd has an outcome.
    fn outcome(&self, of: &EnterpriseYear) -> &'static str;
}
