//! The transition of 二(一)3 in SQL.

use super::moment::{Moment, Sql};
use crate::base::anniversary::earliest_still_running;

/// [`crate::annual::transition::transition`] as a condition on the columns of `fact`: what began on the earliest day whose period has not ended by 31
/// December, or since, is in transition; a construction period also has to last until then.
pub fn push_in_transition(sql: &mut Sql, moment: &Moment, years: u32) {
    let running_since = earliest_still_running(moment.last, years);
    let grounds = [
        ("established_on", ""),
        ("above_size_since", " AND size_class = 'above'"),
        ("COALESCE(project_since, project_known_from)", " AND project_until >= "),
    ];
    let mut separator = "(";
    for (start, condition) in grounds {
        sql.push(separator).push("(").push(start).push(" BETWEEN ").push_bind(running_since);
        sql.push(" AND ").push_bind(moment.last).push(condition);
        if condition.ends_with(">= ") {
            sql.push_bind(moment.last);
        }
        sql.push(")");
        separator = " OR ";
    }
    sql.push(")");
}
