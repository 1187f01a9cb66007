//! About 150 grant contracts over ten years, in every state that a contract, its stages and its duties can have. They
//! stand still on one day, so that pictures and tests agree.

mod draft;
mod fate;
mod store;

#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use super::economy::OccupancyRow;
use super::random::Dice;
use super::register::{Site, day};
use crate::contract::certificate::CertificateStage;
use crate::contract::event::NewEvent;
use crate::contract::known::Paper;
use crate::contract::store::NewCertificate;
use crate::contract::terms::Terms;
use crate::enterprise::OccupancyKind;
use crate::parcel::SupplyStatus;
use draft::Draft;
use fate::FATES;

pub use store::write;

/// The last day on which anything happens in the demonstration.
pub fn last_day() -> NaiveDate {
    day(2026, 11, 20)
}

/// A contract before it is loaded.
#[derive(Clone, Debug)]
pub struct ContractRow {
    pub number: String,
    /// The agreement, then its supplements.
    pub versions: Vec<(Paper, Terms)>,
    pub events: Vec<NewEvent>,
    pub certificates: Vec<NewCertificate>,
}

impl ContractRow {
    /// The kind of review on which a certificate rests, as the table calls it.
    fn rests_on(stage: CertificateStage) -> Option<&'static str> {
        match stage {
            CertificateStage::Construction => None,
            CertificateStage::Production => Some("completion_reviewed"),
            CertificateStage::Remaining => Some("output_reviewed"),
        }
    }
}

/// Contracts on land where enterprises are, or could be; what is not built yet goes to land that is not in use.
pub fn conclude(sites: &[Site], occupancies: &[OccupancyRow]) -> Vec<ContractRow> {
    let dice = &mut Dice::new(super::SEED + 1);
    let business = |site: &&Site| site.usage.is_business();
    let (mut used, mut unused): (Vec<&Site>, Vec<&Site>) =
        sites.iter().filter(business).partition(|site| site.supply == SupplyStatus::InUse);
    let owner = |site: &Site| {
        let owned = |row: &&OccupancyRow| row.kind == OccupancyKind::Owned && row.valid.until.is_none();
        let here = occupancies.iter().filter(owned).find(|row| row.parcel.as_ref() == Some(&site.code));
        here.and_then(|row| row.occupant.clone())
    };
    let owners: Vec<_> = occupancies.iter().filter_map(|row| row.occupant.clone()).collect();
    let mut rows = Vec::new();
    for (fate, count) in FATES {
        for place in 0..count {
            let site =
                if fate.is_built() { used.pop().or_else(|| unused.pop()) } else { unused.pop().or_else(|| used.pop()) };
            let Some(site) = site else { return rows };
            let grantee = owner(site).unwrap_or_else(|| dice.pick(&owners).clone());
            let mut draft = Draft::new(site, grantee.as_str(), fate.signed(place), rows.len() + 1);
            fate.befall(&mut draft, place);
            rows.push(draft.done());
        }
    }
    rows
}
