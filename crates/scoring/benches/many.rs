//! How long it takes to rank very many by the scheme of above-size industry, and to print them, without a database:
//! `cargo bench -p muheng-scoring --bench many -- [subjects] [runs]`.

use std::error::Error;
use std::time::Instant;

use base::ratio::Ratio;
use rust_decimal::Decimal;
use scoring::layout::Row;
use scoring::many::{Beside, Card, Roll, rank};
use scoring::subject::Fact;
use scoring::{Bases, Scheme};

/// Facts in whole parts, by the position of their names: emission, energy, headcount, land, rd, revenue, tax, value added.
struct Made(Vec<[i64; 8]>);

/// Decimals of each.
const SCALES: [u32; 8] = [6, 4, 0, 4, 2, 2, 2, 2];
const DAYS: u32 = 365;

impl Roll for Made {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn group(&self, _: u32) -> &str {
        "全部"
    }

    fn facts(&self, at: u32, row: &mut Row) {
        row.clear();
        let fact = |(number, part): (usize, &i64)| {
            let over = if number == 3 { DAYS } else { 1 };
            (*part != i64::MIN).then(|| Fact { amount: Decimal::new(*part, SCALES[number]), over })
        };
        row.extend(self.0[at as usize].iter().enumerate().map(fact));
    }

    fn beside(&self, _: u32) -> Beside<'_> {
        Beside::default()
    }
}

fn made(count: usize) -> Made {
    let mut dice = 1u64;
    let mut below = |end: u64| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) % end
    };
    let mut one = || {
        let size = below(1_000) as i64 + 1;
        let mut some = |low: i64, high: i64| match below(50) {
            0 => i64::MIN,
            _ => size * (low + below((high - low) as u64) as i64),
        };
        let (emission, energy, headcount) = (some(1, 310), some(1, 17_300), some(1, 2));
        let (rd, revenue, tax, value) =
            (some(0, 400_000), some(50, 31_107_000), some(-40_000, 1_900_000), some(-200_000, 9_731_000));
        [emission, energy, headcount, size * 975 * i64::from(DAYS), rd, revenue, tax, value]
    };
    Made((0..count).map(|_| one()).collect())
}

fn main() -> Result<(), Box<dyn Error>> {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    let (subjects, runs) = (numbers.first().copied().unwrap_or(1_000_000), numbers.get(1).copied().unwrap_or(3));
    let scheme: Scheme = serde_json::from_str(include_str!("../../../policy/schemes/industry-above.json"))?;
    let bases: Bases = [
        ("tax_per_mu", "96.7"),
        ("value_added_per_mu", "488.3"),
        ("value_added_per_tce", "5.6"),
        ("value_added_per_emission", "3140.1"),
        ("labour_productivity", "47.65"),
        ("rd_share", "1/78"),
    ]
    .into_iter()
    .map(|(name, base)| Ok((name.to_owned(), base.parse::<Ratio>()?)))
    .collect::<Result<_, Box<dyn Error>>>()?;
    let roll = made(subjects);
    let card = Card::new(&scheme, &bases);
    for _ in 0..runs {
        let start = Instant::now();
        let ranking = rank(&card, &roll);
        let ranked = start.elapsed();
        let start = Instant::now();
        let letters: usize = (0..roll.len() as u32).map(|at| ranking.outcome(at).score.len()).sum();
        eprintln!(
            "{subjects} ranked in {ranked:.2?}, printed in {:.2?} ({letters} letters of scores), {:?}",
            start.elapsed(),
            ranking.counts()
        );
    }
    let status = std::fs::read_to_string("/proc/self/status")?;
    status.lines().filter(|line| line.starts_with("VmHWM")).for_each(|line| eprintln!("{line}"));
    Ok(())
}
