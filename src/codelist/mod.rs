//! Code lists: industries, land uses, sub-districts, and what became of codes that are no longer issued.
//!
//! The lists are facts of standards and notices, embedded from `geodata/` (sources in its README). They are the same for
//! every district. [`load`] mirrors them into tables so that foreign keys and joins can use them; pure code reads
//! [`CrossWalk`] and [`Industry`] without a database.

mod calendar;
mod crosswalk;
mod edition_change;
mod industry;
mod list;
mod store;

pub use calendar::{CountedDay, WorkCalendar};
pub use crosswalk::{CrossWalk, ParcelPlace, Resolution};
pub use edition_change::in_2017;
pub use industry::{Edition, Industry, IndustryError};
pub use list::{
    IndustryRow, LandUse, ListError, Subdistrict, Succession, SuccessionKind, industries, land_uses, parse_industries,
};
pub use store::{Choice, add_industries, load, sections, subdistricts};

/// 土地利用现状分类: the scheme of surveys.
pub const LAND_USE_SURVEY: &str = "GB/T 21010-2017";

/// 国土空间调查、规划、用途管制用地用海分类 (自然资发〔2023〕234号): the scheme of planning and grants.
pub const LAND_USE_PLANNING: &str = "用地用海分类2023";
