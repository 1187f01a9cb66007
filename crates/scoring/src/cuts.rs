//! Quotas: how far each grade reaches in a ranking group. 二(一)4 of the governing text: A at most 20 %, D at most 5 %.

use base::ratio::Ratio;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

use crate::scheme::{GradeBand, Operator, Quota, Side};

/// What the quota of one grade comes to in one ranking group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    pub grade: String,
    pub side: Side,
    pub operator: Operator,
    pub percent: Decimal,
    pub cumulative: bool,
    /// Who is ranked in the group: vetoed ones in, those left out not.
    pub population: usize,
    /// Places of this grade alone.
    pub places: usize,
    /// Places from its end of the ranking, with the grades before it.
    pub through: usize,
}

/// The places of every grade with a quota: first those cut from the bottom, from the worst; then those from the top.
/// A place is given away once.
pub fn places(bands: &[GradeBand], population: usize) -> Vec<Places> {
    let mut taken = 0;
    let bottom = bands.iter().rev();
    let mut of_side = |bands: &mut dyn Iterator<Item = &GradeBand>, side: Side| {
        let mut through = 0;
        let room = population - taken;
        let mut found = Vec::new();
        for (band, quota) in bands.filter_map(|band| band.quota.as_ref().map(|quota| (band, quota))) {
            if quota.side == side {
                let count = share(quota, population);
                let reached = if quota.cumulative { count.max(through) } else { through + count }.min(room);
                found.push(Places {
                    grade: band.grade.clone(),
                    side,
                    operator: quota.operator,
                    percent: quota.percent,
                    cumulative: quota.cumulative,
                    population,
                    places: reached - through,
                    through: reached,
                });
                through = reached;
            }
        }
        taken = through;
        found
    };
    let mut all = of_side(&mut bottom.into_iter(), Side::Bottom);
    all.extend(of_side(&mut bands.iter(), Side::Top));
    all
}

/// Percent of the population: at most rounds down, at least up.
fn share(quota: &Quota, population: usize) -> usize {
    let share = Ratio::from(quota.percent) * Decimal::from(population) / Decimal::ONE_HUNDRED;
    let whole = match quota.operator {
        Operator::AtMost => share.rounded_down(0),
        Operator::AtLeast => share.rounded_up(0),
    };
    whole.and_then(|whole| whole.to_usize()).unwrap_or(0).min(population)
}

impl Places {
    /// Whether those who share the places `first` to `last` (from 1, the best first) have this grade. A quota of *at most* is
    /// never passed by a tie, one of *at least* takes it in.
    pub fn take(&self, first: usize, last: usize) -> bool {
        let inner = self.population - self.through;
        match (self.side, self.operator) {
            (Side::Top, Operator::AtMost) => last <= self.through,
            (Side::Top, Operator::AtLeast) => first <= self.through,
            (Side::Bottom, Operator::AtMost) => first > inner,
            (Side::Bottom, Operator::AtLeast) => last > inner,
        }
    }
}

#[cfg(test)]
mod tests;
