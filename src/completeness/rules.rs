//! Of whom which figure is asked, and which figures are doubtful.

use rust_decimal::Decimal;

use super::Doubt;
use crate::enterprise::sums::{Sum, SumError, Sums};
use crate::enterprise::{Indicator, Sector, SizeClass};
use crate::policy::Parameters;
use crate::scoring::subject::Fact;

/// The six indicators of 二(一)2 for industry above designated size, with the pollutants apart.
const INDUSTRY_ABOVE: [Indicator; 10] = [
    Indicator::TaxPaid,
    Indicator::Revenue,
    Indicator::ValueAdded,
    Indicator::Energy,
    Indicator::Headcount,
    Indicator::ResearchSpending,
    Indicator::Cod,
    Indicator::AmmoniaNitrogen,
    Indicator::SulfurDioxide,
    Indicator::NitrogenOxides,
];
const SERVICES_ABOVE: [Indicator; 2] = [Indicator::TaxPaid, Indicator::Revenue];
/// Of everybody: the 10,000-yuan rule asks it.
const ALL: [Indicator; 1] = [Indicator::TaxPaid];

/// Whether a figure is asked of an enterprise by 二(一)2; others may be returned and are not missed.
pub fn is_asked(indicator: Indicator, sector: Sector, size: SizeClass) -> bool {
    let asked: &[Indicator] = match (sector, size) {
        (Sector::Industry, SizeClass::Above) => &INDUSTRY_ABOVE,
        (Sector::Service, SizeClass::Above) => &SERVICES_ABOVE,
        _ => &ALL,
    };
    asked.contains(&indicator)
}

/// Kinds of enterprises of whom a figure is asked.
pub fn asked_of(indicator: Indicator) -> Vec<(Sector, SizeClass)> {
    let kinds = Sector::ALL.iter().flat_map(|sector| SizeClass::ALL.iter().map(|size| (*sector, *size)));
    kinds.filter(|(sector, size)| is_asked(indicator, *sector, *size)).collect()
}

/// From when on a figure is doubtful, by the parameters of the year's 31 December.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DoubtRule {
    /// So many times last year's figure, or last year's so many times this one.
    pub last_year_times: Decimal,
    /// So many times the middle of its peers.
    pub peer_times: Decimal,
    /// Fewer peers have no middle worth the name.
    pub peers_at_least: u32,
    pub sums: Sums,
}

/// What a figure is held against.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside {
    pub last_year: Option<Decimal>,
    pub middle_of_peers: Option<Decimal>,
    /// The sum of its parts, where all of them are on record.
    pub parts: Option<Fact>,
}

impl DoubtRule {
    /// # Errors
    /// When a parameter is not in force, or cannot be read.
    pub fn from_parameters(parameters: &Parameters) -> Result<Self, SumError> {
        Ok(DoubtRule {
            last_year_times: parameters.decimal("return_doubt_last_year_times")?,
            peer_times: parameters.decimal("return_doubt_peer_times")?,
            peers_at_least: parameters.count("return_doubt_peers_at_least")?,
            sums: Sums::from_parameters(parameters)?,
        })
    }

    pub fn sum_of(&self, indicator: Indicator) -> Option<&Sum> {
        self.sums.all().into_iter().find(|sum| sum.of == indicator)
    }

    /// Zero, negative and missing figures are held against nothing: what they are is no slip of size.
    pub fn doubts(&self, indicator: Indicator, value: Decimal, beside: Beside) -> Vec<Doubt> {
        let last_year = beside.last_year.is_some_and(|last| {
            let positive = value > Decimal::ZERO && last > Decimal::ZERO;
            positive && (value >= last * self.last_year_times || last >= value * self.last_year_times)
        });
        let peers = beside.middle_of_peers.is_some_and(|middle| value >= middle * self.peer_times);
        let sum = self.sum_of(indicator);
        let parts = sum.zip(beside.parts).is_some_and(|(sum, parts)| sum.differs(value, parts));
        let found = [(Doubt::LastYear, last_year), (Doubt::Peers, peers), (Doubt::Parts, parts)];
        found.into_iter().filter(|(_, holds)| *holds).map(|(doubt, _)| doubt).collect()
    }
}
