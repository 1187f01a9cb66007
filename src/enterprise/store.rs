//! Enterprises as they are on record: a list, one with its names, holdings and returns, and the keeping of its figures.
//!
//! A sub-district clerk sees the enterprises registered in the sub-district and those that hold land lying in it.

mod figures;
pub mod land;
mod listing;
mod one;
mod waiting;
pub mod writing;

pub use figures::{Figure, FigureError, confirm_figure, correct_figure, figures};
pub use listing::{Page, industries, page, total};
pub use one::{
    Holding, Occupancy, Version, all_occupancies, holdings, is_visible, land_of, occupancies, parcel_area, versions,
};
pub use waiting::unconfirmed_figures;

#[cfg(test)]
mod tests;
