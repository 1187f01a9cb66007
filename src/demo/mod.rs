//! The demonstration district: an invented town with real sub-district names, and a grid of any size for measuring.
//!
//! Generation is pure and comes from one seed; only `store` and `scale` speak to the database.

pub mod allocation;
pub mod cases;
mod cell;
pub mod clearing;
mod contracts;
mod economy;
pub mod enforcement;
pub mod evaluations;
mod further;
mod grid;
mod history;
pub mod inspections;
mod land_store;
pub mod measures;
mod names;
mod picture;
mod planning;
mod platforms;
mod quarter;
mod random;
mod register;
pub mod remediation;
mod returns;
pub mod scale;
mod shape;
mod store;
pub mod survey;
mod town;
mod usage;

use sqlx::postgres::PgPool;

use crate::base::code::CountyCode;
use random::Dice;

pub const DISTRICT: &str = "330105";
pub const DISTRICT_NAME: &str = "拱墅区（示例，虚构数据）";

/// Another seed is another town; pictures and tests are of this one.
const SEED: u64 = 20_210_409;

/// Everything that is loaded, before it is loaded.
pub struct Demonstration {
    register: register::Register,
    enterprises: Vec<economy::EnterpriseRow>,
    occupancies: Vec<economy::OccupancyRow>,
    figures: Vec<returns::FigureRow>,
    layers: Vec<planning::LayerRow>,
    contracts: Vec<contracts::ContractRow>,
}

/// What a load has written, in rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    pub parcels: usize,
    pub outlines: usize,
    pub enterprises: usize,
    pub occupancies: usize,
    pub figures: usize,
    pub planning_areas: usize,
    pub contracts: usize,
}

impl Demonstration {
    /// The same on every machine.
    pub fn generate() -> Self {
        let dice = &mut Dice::new(SEED);
        let town = town::draw(dice);
        let register = register::fill(&town, dice);
        let layers = planning::draw(&town, &register);
        let mut economy = economy::settle(&register.sites, dice);
        let mut figures = returns::declare(&mut economy, dice);
        let contracts = contracts::conclude(&register.sites, &economy.occupancies);
        figures.extend(further::declare(&economy.firms, &figures));
        let before = further::held_before(&economy.occupancies);
        economy.occupancies.extend(before);
        let enterprises = economy::histories(&economy.firms, dice);
        Demonstration { register, enterprises, occupancies: economy.occupancies, figures, layers, contracts }
    }

    pub fn counts(&self) -> Counts {
        Counts {
            parcels: self.register.parcels.len(),
            outlines: self.register.outlines.len(),
            enterprises: self.enterprises.len(),
            occupancies: self.occupancies.len(),
            figures: self.figures.len(),
            contracts: self.contracts.len(),
            planning_areas: self.layers.iter().map(|layer| layer.areas.len()).sum(),
        }
    }
}

/// Whether `district` has parcels already.
///
/// # Errors
/// When the database refuses.
pub async fn has_parcels(pool: &PgPool, district: &CountyCode) -> Result<bool, sqlx::Error> {
    store::has_parcels(&mut *pool.acquire().await?, district.as_str()).await
}

/// Loads the demonstration district 330105 in one transaction. The code lists must have been loaded.
///
/// # Errors
/// When the district has parcels already, which are never touched, or the database refuses.
pub async fn load(pool: &PgPool) -> anyhow::Result<Counts> {
    let mut transaction = pool.begin().await?;
    store::open_district(&mut transaction, DISTRICT, DISTRICT_NAME).await?;
    let demonstration = Demonstration::generate();
    store::write(&mut transaction, DISTRICT, &demonstration).await?;
    crate::db::statistics::refresh(&mut transaction).await?;
    transaction.commit().await?;
    Ok(demonstration.counts())
}

#[cfg(test)]
mod tests;
