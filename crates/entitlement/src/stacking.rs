//! Several measures on one enterprise: each is paid, or only the highest of a group.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::found::{Entitlement, Outcome};
use crate::measure::Stacking;

/// Leaves the highest of each group due, and says so of the others. Of equal amounts the earlier measure stays.
pub fn stack(found: &mut [Entitlement<'_>]) {
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, one) in found.iter().enumerate() {
        if let (Outcome::Due, Stacking::HighestOnly { group }) = (one.outcome, &one.measure.stacking) {
            groups.entry(group).or_default().push(at);
        }
    }
    for (_, members) in groups {
        let highest = members.iter().copied().max_by(|one, other| {
            let key = |at: usize| {
                let one = &found[at];
                (one.amount.clone(), Reverse(one.measure.from), Reverse(one.measure.id.as_str()))
            };
            key(*one).cmp(&key(*other))
        });
        let Some(highest) = highest else { continue };
        let named = found[highest].measure.title.clone();
        for at in members.into_iter().filter(|at| *at != highest) {
            found[at].outcome = Outcome::Exempt;
            found[at].why = format!("同类措施只执行最高的一项：{named}");
        }
    }
}
