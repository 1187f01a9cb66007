//! The line as a judge of enterprises: [`store::push_judged`] and [`rules::judge`] say the same.

use super::{Line, rules, store};
use crate::annual::store::{Moment, Sql};
use crate::annual::{EnterpriseYear, Judge};
use crate::enterprise::Indicator;

impl Judge for Line {
    fn figures(&self) -> &'static [Indicator] {
        store::FIGURES
    }

    fn push_judged(&self, sql: &mut Sql, moment: &Moment) {
        store::push_judged(sql, moment, self);
    }

    fn outcome(&self, of: &EnterpriseYear) -> &'static str {
        rules::judge(&of.facts, self).outcome.code()
    }
}
