//! What would have to change to conform, one way each, computed exactly and rounded to the safe side.

use rust_decimal::Decimal;

use super::rules::Quotient;
use crate::base::ratio::Ratio;
use crate::base::unit::grouped;
use crate::policy::indicator::{Advice, Fact};
use crate::policy::range::{Miss, Range};

/// One side of the quotient that is asked for: the facts that may be changed, and how.
#[derive(Clone, Copy)]
enum Side {
    Above,
    Below,
}

/// Decimals that are tried when a narrow interval leaves no room for rounding.
const MORE: u32 = 8;

/// `above` and `below` are the facts the two sides are summed from; `scale` is one of the asked unit.
pub struct Remedies<'a> {
    pub above: Vec<&'a Fact>,
    pub below: Vec<&'a Fact>,
    pub scale: &'a Ratio,
    pub range: &'a Range,
}

impl Remedies<'_> {
    /// Each a clause: `增加固定资产投资 1,240 万元`. Empty when the quotient conforms or nothing sensible helps.
    pub fn of(&self, quotient: &Quotient) -> Vec<String> {
        let Some(miss) = quotient.value(self.scale).and_then(|value| value.miss(self.range)) else {
            return Vec::new();
        };
        let ways = match miss {
            Miss::Below(_) => [(Side::Above, Advice::Increase), (Side::Below, Advice::Decrease)],
            Miss::Above(_) => [(Side::Above, Advice::Decrease), (Side::Below, Advice::Increase)],
        };
        let line = self.scale.times(&miss.edge().value);
        ways.into_iter().filter_map(|(side, advice)| self.way(quotient, &line, side, advice)).collect()
    }

    fn way(&self, quotient: &Quotient, line: &Ratio, side: Side, advice: Advice) -> Option<String> {
        let facts = match side {
            Side::Above => &self.above,
            Side::Below => &self.below,
        };
        let fact = facts.iter().find(|fact| fact.may(advice))?;
        let wanted = match side {
            Side::Above => line.times(&quotient.below),
            Side::Below => quotient.above.over(line)?,
        };
        let present = quotient.side(side);
        let change = if advice == Advice::Increase { wanted - present.clone() } else { present.clone() - wanted };
        let size = fact.measure().ok()?.scale(&fact.unit)?;
        let change = change.over(&size)?;
        let amount = (fact.places..=fact.places + MORE)
            .find_map(|places| self.amount(quotient, &change, &size, side, advice, places))?;
        Some(format!("{}{} {} {}", advice.label(), fact.noun(), written(amount), fact.unit))
    }

    /// The change at so many decimals, if the project conforms with it.
    fn amount(
        &self,
        quotient: &Quotient,
        change: &Ratio,
        size: &Ratio,
        side: Side,
        advice: Advice,
        places: u32,
    ) -> Option<Decimal> {
        let enough = change.rounded_up(places)?;
        // On an open end the line itself is not enough.
        let beyond = enough.checked_add(Decimal::new(1, places))?;
        [enough, beyond].into_iter().find(|amount| {
            let changed = quotient.changed(side, advice, &(size.clone() * *amount));
            changed.is_some_and(|changed| changed.value(self.scale).is_some_and(|value| value.meets(self.range)))
        })
    }
}

impl Quotient {
    fn side(&self, side: Side) -> &Ratio {
        match side {
            Side::Above => &self.above,
            Side::Below => &self.below,
        }
    }

    /// Nothing when a side would fall below zero.
    fn changed(&self, side: Side, advice: Advice, by: &Ratio) -> Option<Quotient> {
        let mut changed = self.clone();
        let place = match side {
            Side::Above => &mut changed.above,
            Side::Below => &mut changed.below,
        };
        *place = match advice {
            Advice::Increase => place.clone() + by.clone(),
            Advice::Decrease => place.clone() - by.clone(),
        };
        (!place.is_negative()).then_some(changed)
    }
}

fn written(amount: Decimal) -> String {
    let amount = amount.normalize();
    grouped(amount, amount.scale())
}
