//! Which lots of the town were split, merged, adjusted or taken back.

use rust_decimal::Decimal;
use rust_decimal_macros::dec;

use super::quarter::QUARTERS;
use super::shape::Shape;
use super::town::{Form, Town};

/// Larger than this (m²) no two parcels were ever one.
const LARGEST_MERGER: Decimal = dec!(90_000);

/// Which lots play a part in the history.
pub enum Role {
    Ordinary,
    SplitPair(usize),
    MergePair(usize),
    StripTrio,
    Retired,
    Done,
}

pub struct History {
    split: Option<(usize, usize)>,
    merge: Option<(usize, usize)>,
    retired: Option<usize>,
    strips: Option<usize>,
}

impl History {
    pub fn find(town: &Town) -> Self {
        let plain = |i: usize| town.lots[i].form == Form::Plain;
        let industrial = |i: usize| QUARTERS[town.lots[i].quarter].industry > 0.5;
        let touching = |i: usize| {
            let pieces = [&town.lots[i].pieces[..], &town.lots[i + 1].pieces[..]].concat();
            let whole = Shape::of(&pieces);
            plain(i)
                && plain(i + 1)
                && town.lots[i].block == town.lots[i + 1].block
                && whole.0.len() == 1
                && whole.area() < LARGEST_MERGER
        };
        let mut pairs = (0..town.lots.len() - 1).filter(|&i| industrial(i) && touching(i)).step_by(4);
        let mut pair = || pairs.next().map(|i| (i, i + 1));
        let (split, merge) = (pair(), pair());
        let taken: Vec<usize> = [split, merge].into_iter().flatten().flat_map(|(a, b)| [a, b]).collect();
        History {
            split,
            merge,
            retired: (0..town.lots.len()).find(|&i| plain(i) && !industrial(i) && !taken.contains(&i)),
            strips: town.lots.iter().position(|lot| lot.form == Form::Strip(0)),
        }
    }

    pub fn role(&self, index: usize) -> Role {
        let among = |pair: Option<(usize, usize)>| pair.filter(|(a, b)| *a == index || *b == index);
        match (among(self.split), among(self.merge)) {
            (Some((first, second)), _) if first == index => Role::SplitPair(second),
            (_, Some((first, second))) if first == index => Role::MergePair(second),
            (None, None) if self.retired == Some(index) => Role::Retired,
            (None, None) if self.strips == Some(index) => Role::StripTrio,
            (None, None) if self.strips.is_some_and(|first| (first..first + 3).contains(&index)) => Role::Done,
            (None, None) => Role::Ordinary,
            _ => Role::Done,
        }
    }
}
