//! One indicator in one ranking group of many: what its items rest on, by bounds and, where these leave something open, exactly.

use std::sync::OnceLock;

use base::ratio::Ratio;
use rust_decimal::Decimal;

use crate::item::{self, Against};
use crate::layout::{IndicatorAt, Row, Value};
use crate::near::{Near, Scale};
use crate::order::{Entry, Placed, order};
use crate::roll::{Roll, each};
use crate::scheme::{Direction, Family, Missing, Negative, Points, Within};

/// Not placed.
const NO_PLACE: u32 = 0;

/// What bounds say: a score (none where it is as if the value were missing), or that they leave it open.
type Told = Option<Option<Near>>;

pub struct Peers<'a> {
    pub at: &'a IndicatorAt<'a>,
    base: Option<Ratio>,
    /// Of the values that are there; for min–max.
    extremes: Option<(Ratio, Ratio)>,
    /// Σ of values and how many; for multiples of the mean.
    mean: Option<Near>,
    /// By position, of the families that go by place.
    places: Vec<u32>,
    placed: usize,
    family: Bounds,
    /// For whom the figure is missing.
    pub stand_in: Option<Near>,
    exactly: OnceLock<Against>,
    exact_stand_in: OnceLock<Ratio>,
}

/// How a value becomes points, by bounds.
enum Bounds {
    Up {
        scale: Scale,
        most: Option<Near>,
    },
    Down {
        scale: Scale,
        most: Option<Near>,
    },
    Spread {
        scale: Scale,
        from: Near,
        least: Near,
        most: Near,
    },
    Flat(Near),
    Place(Scale),
    Table(Vec<Interval>),
    /// As if every value were missing.
    Nothing,
    /// Nothing can be said by bounds.
    Open,
}

/// A row of a table of points.
struct Interval {
    from: Option<(Near, bool)>,
    to: Option<(Near, bool)>,
    points: Near,
}

impl<'a> Peers<'a> {
    /// Of the members at some positions.
    pub fn of(at: &'a IndicatorAt<'a>, base: Option<&Ratio>, roll: &impl Roll, members: &[u32]) -> Peers<'a> {
        let mut peers = Peers {
            at,
            base: base.cloned(),
            extremes: None,
            mean: None,
            places: Vec::new(),
            placed: 0,
            family: Bounds::Open,
            stand_in: None,
            exactly: OnceLock::new(),
            exact_stand_in: OnceLock::new(),
        };
        match &at.indicator.family {
            Family::MinMax => peers.extremes = extremes(at, roll, members),
            Family::Rank => peers.place(by_value(at, roll, members), roll.len()),
            Family::TwoStage { second_direction, .. } => {
                peers.place(two_stages(at, *second_direction, roll, members), roll.len());
            }
            Family::Steps { of: Within::OfPeerMean, .. } => peers.mean = mean_of_values(at, roll, members),
            Family::ToBase { .. } | Family::Steps { .. } => {}
        }
        peers.family = peers.bounds().unwrap_or(Bounds::Open);
        peers.stand_in = match item::fixed_stand_in(at.indicator) {
            Some(points) => Near::of(&points.into()),
            None => peers.mean_of_points(roll, members),
        };
        peers
    }

    fn place(&mut self, placed: Vec<Placed>, all: usize) {
        self.placed = placed.len();
        self.places = vec![NO_PLACE; all];
        placed.iter().for_each(|one| self.places[one.at as usize] = one.place);
    }

    fn place_of(&self, at: u32) -> Option<usize> {
        self.places.get(at as usize).copied().filter(|place| *place != NO_PLACE).map(|place| place as usize)
    }

    fn bounds(&self) -> Option<Bounds> {
        let indicator = self.at.indicator;
        let weight = Ratio::from(indicator.weight);
        let below_zero = |ratio: &Ratio| ratio.is_negative() || ratio.is_zero();
        Some(match &indicator.family {
            Family::ToBase { cap, .. } => {
                let Some(base) = &self.base else { return Some(Bounds::Nothing) };
                if below_zero(base) {
                    return None;
                }
                let most = match cap {
                    Some(cap) => Some(Near::of(&(weight.clone() * *cap))?),
                    None => None,
                };
                match indicator.direction {
                    Direction::Up => Bounds::Up { scale: Scale::of(&weight.over(base)?)?, most },
                    Direction::Down => Bounds::Down { scale: Scale::of(&weight.times(base))?, most },
                }
            }
            Family::MinMax => {
                let Some((least, most)) = &self.extremes else { return Some(Bounds::Nothing) };
                let spread = most.clone() - least.clone();
                if spread.is_zero() {
                    return Some(Bounds::Flat(Near::of(&weight)?));
                }
                let scale = Scale::of(&(weight.clone() * Decimal::new(8, 1)).over(&spread)?)?;
                let from = Near::of(&(weight * Decimal::new(2, 1)))?;
                Bounds::Spread { scale, from, least: Near::of(least)?, most: Near::of(most)? }
            }
            Family::Rank | Family::TwoStage { .. } => {
                Bounds::Place(Scale::of(&weight.over(&Decimal::from(self.placed.max(1)).into())?)?)
            }
            Family::Steps { of, table, .. } => match of {
                Within::Value => Bounds::Table(intervals(table, |end| Near::of(&end))?),
                Within::OfBase => {
                    let Some(base) = &self.base else { return Some(Bounds::Nothing) };
                    if below_zero(base) {
                        return None;
                    }
                    Bounds::Table(intervals(table, |end| Near::of(&end.times(base)))?)
                }
                Within::OfPeerMean => {
                    let mean = self.mean?;
                    if mean == Near::ZERO || mean.high < 0 {
                        return Some(Bounds::Nothing);
                    }
                    if mean.low <= 0 {
                        return None;
                    }
                    let times = |end: Ratio| match end.is_negative() {
                        false => Scale::of(&end)?.times(mean),
                        true => Scale::of(&(end * Decimal::NEGATIVE_ONE))?.times(mean).map(Near::turned),
                    };
                    Bounds::Table(intervals(table, times)?)
                }
            },
        })
    }

    /// What a value scores, between bounds; none where it is as if it were missing.
    pub fn points(&self, value: &Value, at: u32, roll: &impl Roll, members: &[u32]) -> Option<Near> {
        if value.is_missing() {
            return None;
        }
        match self.told(value, at) {
            Some(told) => told,
            None => self.exact_points(&exact_of(value), at, roll, members).map(|points| Near::around(&points)),
        }
    }

    fn told(&self, value: &Value, at: u32) -> Told {
        let points = match &self.family {
            Bounds::Nothing => None,
            Bounds::Open => return None,
            Bounds::Flat(points) => Some(*points),
            Bounds::Up { scale, most } => Some(capped(scale.times(value.near()?)?, *most)),
            Bounds::Down { scale, most } => match reciprocal(value)? {
                Some(turned) => Some(capped(scale.times(turned)?, *most)),
                None => *most,
            },
            Bounds::Spread { scale, from, least, most } => {
                let above = match self.at.indicator.direction {
                    Direction::Up => value.near()?.sub(*least)?,
                    Direction::Down => most.sub(value.near()?)?,
                };
                Some(scale.times(above)?.add(*from)?)
            }
            Bounds::Place(scale) => match self.place_of(at) {
                Some(place) => Some(scale.times(whole(self.placed - place + 1)?)?),
                None => None,
            },
            Bounds::Table(table) => Some(row_of(table, value.near()?)?),
        };
        let nothing = value.is_negative() && self.at.indicator.negative == Negative::Zero;
        Some(if nothing { points.map(|_| Near::ZERO) } else { points })
    }

    /// What a value scores, exactly.
    pub fn exact_points(&self, value: &Ratio, at: u32, roll: &impl Roll, members: &[u32]) -> Option<Ratio> {
        let against = self.exactly.get_or_init(|| self.against(roll, members));
        item::score(self.at.indicator, against, value, self.place_of(at))
    }

    fn against(&self, roll: &impl Roll, members: &[u32]) -> Against {
        let of_mean = matches!(self.at.indicator.family, Family::Steps { of: Within::OfPeerMean, .. });
        Against {
            base: self.base.clone(),
            least: self.extremes.as_ref().map(|(least, _)| least.clone()),
            most: self.extremes.as_ref().map(|(_, most)| most.clone()),
            mean: of_mean
                .then(|| {
                    exact_mean(roll, members, |row, _| match self.at.value.value(row) {
                        Value::Missing => None,
                        value => Some(exact_of(&value)),
                    })
                })
                .flatten(),
            placed: self.placed,
        }
    }

    /// The mean of what others score, where it is the stand-in.
    fn mean_of_points(&self, roll: &impl Roll, members: &[u32]) -> Option<Near> {
        let points = |row: &Row, at: u32| {
            let value = self.at.value.value(row);
            if value.is_missing() { Ok(None) } else { Ok(self.points(&value, at, roll, members)) }
        };
        near_mean(roll, members, points).map(|mean| mean.unwrap_or(Near::ZERO))
    }

    /// What stands in for a missing figure, exactly.
    pub fn exact_stand_in(&self, roll: &impl Roll, members: &[u32]) -> &Ratio {
        self.exact_stand_in.get_or_init(|| {
            let points = |row: &Row, at: u32| match self.at.value.value(row) {
                Value::Missing => None,
                value => self.exact_points(&exact_of(&value), at, roll, members),
            };
            match item::fixed_stand_in(self.at.indicator) {
                Some(points) => points.into(),
                None => exact_mean(roll, members, points).unwrap_or_else(|| Decimal::ZERO.into()),
            }
        })
    }

    pub fn is_by_peers(&self) -> bool {
        self.at.indicator.missing == Missing::PeerAverage
    }
}

pub fn exact_of(value: &Value) -> Ratio {
    match value {
        Value::Missing => Decimal::ZERO.into(),
        Value::Large(ratio) => ratio.clone(),
        Value::Small { above, below } => {
            Ratio::whole(*above).over(&Ratio::whole(*below)).unwrap_or_else(|| Decimal::ZERO.into())
        }
    }
}

fn whole(count: usize) -> Option<Near> {
    Near::quotient(i128::try_from(count).ok()?, 1)
}

fn capped(points: Near, most: Option<Near>) -> Near {
    most.map_or(points, |most| points.min(most))
}

/// `1 ÷ value`: none for zero.
fn reciprocal(value: &Value) -> Told {
    match value {
        Value::Small { above: 0, .. } => Some(None),
        Value::Small { above, below } if *above > 0 => Near::quotient(*below, *above).map(Some),
        Value::Small { above, below } => Near::quotient(-*below, above.checked_neg()?).map(Some),
        _ => None,
    }
}

fn intervals(table: &[Points], end: impl Fn(Ratio) -> Option<Near>) -> Option<Vec<Interval>> {
    let side = |of: Option<Decimal>, flag: bool| match of {
        None => Some(None),
        Some(of) => Some(Some((end(of.into())?, flag))),
    };
    let row = |row: &Points| {
        Some(Interval {
            from: side(row.from, row.above)?,
            to: side(row.to, row.through)?,
            points: Near::of(&row.points.into())?,
        })
    };
    table.iter().map(row).collect()
}

/// The points of the first row that holds a value; nothing where its bounds reach over an end.
fn row_of(table: &[Interval], value: Near) -> Option<Near> {
    for row in table {
        let lower = match row.from {
            None => true,
            Some((end, above)) => is_beyond(value, end, !above)?,
        };
        let upper = match row.to {
            None => true,
            Some((end, through)) => is_beyond(end, value, through)?,
        };
        if lower && upper {
            return Some(row.points);
        }
    }
    Some(Near::ZERO)
}

/// Whether one is more than the other, or the same where that counts; nothing where the bounds leave it open.
fn is_beyond(one: Near, other: Near, same_counts: bool) -> Option<bool> {
    if one.low > other.high {
        Some(true)
    } else if one.high < other.low {
        Some(false)
    } else {
        (one == other && one.is_exact()).then_some(same_counts)
    }
}

/// The least and the most value, exactly: contenders by bounds, and among those the ratios.
fn extremes(at: &IndicatorAt<'_>, roll: &impl Roll, members: &[u32]) -> Option<(Ratio, Ratio)> {
    let of_some = |some: &[u32]| {
        let (mut lowest, mut highest) = (Contenders::default(), Contenders::default());
        let mut row = Row::new();
        for member in some {
            roll.facts(*member, &mut row);
            let value = at.value.value(&row);
            if !value.is_missing() {
                let near = value.near().unwrap_or_else(|| Near::around(&exact_of(&value)));
                highest.take(near, &value);
                lowest.take(near.turned(), &value);
            }
        }
        vec![(lowest, highest)]
    };
    let mut least: Option<Ratio> = None;
    let mut most: Option<Ratio> = None;
    for (lowest, highest) in each(members, of_some) {
        least = lowest.exact().chain(least).min();
        most = highest.exact().chain(most).max();
    }
    least.zip(most)
}

/// Values of which each may be the largest.
#[derive(Default)]
struct Contenders {
    all: Vec<(Near, Value)>,
    /// One is at least so much.
    least: Option<i128>,
}

impl Contenders {
    const MANY: usize = 1024;

    fn take(&mut self, near: Near, value: &Value) {
        if self.least.is_some_and(|least| near.high < least) || self.all.last().is_some_and(|(_, last)| last == value) {
            return;
        }
        self.least = self.least.max(Some(near.low));
        self.all.push((near, value.clone()));
        if self.all.len().is_multiple_of(Contenders::MANY) {
            let least = self.least;
            self.all.retain(|(near, _)| Some(near.high) >= least);
        }
    }

    fn exact(self) -> impl Iterator<Item = Ratio> {
        let least = self.least;
        self.all.into_iter().filter(move |(near, _)| Some(near.high) >= least).map(|(_, value)| exact_of(&value))
    }
}

fn by_value(at: &IndicatorAt<'_>, roll: &impl Roll, members: &[u32]) -> Vec<Placed> {
    placed(&at.value, at.indicator.direction, roll, members)
}

fn placed(
    quotient: &crate::layout::QuotientAt,
    direction: Direction,
    roll: &impl Roll,
    members: &[u32],
) -> Vec<Placed> {
    let down = direction == Direction::Down;
    let entries = each(members, |some| {
        let mut row = Row::new();
        let entry = |member: &u32| {
            roll.facts(*member, &mut row);
            let value = quotient.value(&row);
            if value.is_missing() {
                return None;
            }
            let near = value.near().unwrap_or_else(|| Near::around(&exact_of(&value)));
            Some(Entry { near: if down { near.turned() } else { near }, at: *member })
        };
        some.iter().filter_map(entry).collect::<Vec<_>>()
    });
    let exact = |close: &[u32]| {
        let mut row = Row::new();
        let ratio = |member: &u32| {
            roll.facts(*member, &mut row);
            let ratio = exact_of(&quotient.value(&row));
            if down { ratio * Decimal::NEGATIVE_ONE } else { ratio }
        };
        close.iter().map(ratio).collect()
    };
    order(entries, exact)
}

/// The better half by the first key is ranked again by the second; see [`item`].
fn two_stages(at: &IndicatorAt<'_>, second_direction: Direction, roll: &impl Roll, members: &[u32]) -> Vec<Placed> {
    let mut first = by_value(at, roll, members);
    let Some(second) = &at.second else { return first };
    let half = first.len() / 2;
    let top: Vec<usize> = first.chunk_by(|one, other| one.place == other.place).map(<[Placed]>::len).collect();
    let mut in_top = 0;
    for tied in top {
        if in_top + tied > half {
            break;
        }
        in_top += tied;
    }
    let mut better: Vec<u32> = first[..in_top].iter().map(|one| one.at).collect();
    better.sort_unstable();
    let again = placed(second, second_direction, roll, &better);
    let last = again.len() as u32 + 1;
    first[..in_top].iter_mut().for_each(|one| one.place = last);
    let mut by_position: Vec<Placed> = again;
    by_position.sort_unstable_by_key(|one| one.at);
    for one in &mut first[..in_top] {
        if let Ok(found) = by_position.binary_search_by_key(&one.at, |other| other.at) {
            one.place = by_position[found].place;
        }
    }
    first
}

fn mean_of_values(at: &IndicatorAt<'_>, roll: &impl Roll, members: &[u32]) -> Option<Near> {
    let value = |row: &Row, _: u32| match at.value.value(row) {
        Value::Missing => Ok(None),
        value => value.near().map(Some).ok_or(()),
    };
    near_mean(roll, members, value).flatten()
}

/// The mean of what is there, between bounds: none within where nothing is, nothing where bounds do not hold it.
fn near_mean(
    roll: &impl Roll,
    members: &[u32],
    of: impl Fn(&Row, u32) -> Result<Option<Near>, ()> + Sync,
) -> Option<Option<Near>> {
    let sums = each(members, |some| {
        let mut row = Row::new();
        let (mut sum, mut count) = (Some(Near::ZERO), 0u64);
        for member in some {
            roll.facts(*member, &mut row);
            match of(&row, *member) {
                Ok(None) => {}
                Ok(Some(near)) => (sum, count) = (sum.and_then(|sum| sum.add(near)), count + 1),
                Err(()) => sum = None,
            }
        }
        vec![(sum, count)]
    });
    let (mut sum, mut count) = (Near::ZERO, 0);
    for (part, parts) in sums {
        (sum, count) = (sum.add(part?)?, count + parts);
    }
    if count == 0 { Some(None) } else { Some(Some(sum.over(count)?)) }
}

/// The mean of what is there, exactly. Equal ones are counted, and sums are added up in pairs, so that fractions grow late.
fn exact_mean(roll: &impl Roll, members: &[u32], of: impl Fn(&Row, u32) -> Option<Ratio>) -> Option<Ratio> {
    let mut row = Row::new();
    let value = |member: &u32| {
        roll.facts(*member, &mut row);
        of(&row, *member)
    };
    let mut all: Vec<Ratio> = members.iter().filter_map(value).collect();
    let count = Decimal::from(all.len());
    all.sort();
    let mut sums: Vec<Ratio> =
        all.chunk_by(|one, other| one == other).map(|same| same[0].clone() * Decimal::from(same.len())).collect();
    while sums.len() > 1 {
        sums = sums.chunks(2).map(|pair| pair.iter().cloned().sum()).collect();
    }
    sums.pop()?.over(&count.into())
}
