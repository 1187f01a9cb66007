//! What is still missing of a year: for each department, sub-district and indicator how many figures are missing, reported,
//! confirmed and doubtful, with the enterprises behind each count.
//!
//! Looked at are the enterprises that operate on 31 December of the year, by the sub-district they are registered in, which is
//! the one that organises their declarations. Missing is only what is asked of an enterprise ([`rules::is_asked`]); what it
//! returned beyond that is counted as reported or confirmed. Doubtful figures are among those.

pub mod api;
mod asked;
mod counted;
pub mod pages;
mod parameters;
mod room;
pub mod rules;
pub mod store;
#[cfg(test)]
mod tests;
mod view;

pub use counted::Counted;
pub use parameters::{ListParameters, MatrixParameters};
pub use room::ROOM;

use rust_decimal::Decimal;

use crate::enterprise::{FigureState, Indicator, Sector, SizeClass};

crate::terms! {
    /// What a count counts.
    #[schema(as = CompletenessKind)]
    pub enum Kind {
        Missing = "missing" => "缺报",
        Reported = "reported" => "已申报",
        Confirmed = "confirmed" => "已确认",
        Doubtful = "doubtful" => "存疑",
    }
}

crate::terms! {
    /// Why a figure is doubtful.
    pub enum Doubt {
        LastYear = "last_year" => "与上年相差悬殊",
        Peers = "peers" => "远高于同业中位数",
        Parts = "parts" => "与分项之和不符",
    }
}

/// One cell of the matrix, in enterprises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    pub indicator: Indicator,
    /// By registration; `None` where none is registered.
    pub subdistrict: Option<String>,
    pub asked: i64,
    pub missing: i64,
    pub reported: i64,
    pub confirmed: i64,
    pub doubtful: i64,
}

impl Cell {
    pub fn of(&self, kind: Kind) -> i64 {
        match kind {
            Kind::Missing => self.missing,
            Kind::Reported => self.reported,
            Kind::Confirmed => self.confirmed,
            Kind::Doubtful => self.doubtful,
        }
    }

    /// Together with others of the same indicator.
    fn and(self, other: &Cell) -> Cell {
        Cell {
            asked: self.asked + other.asked,
            missing: self.missing + other.missing,
            reported: self.reported + other.reported,
            confirmed: self.confirmed + other.confirmed,
            doubtful: self.doubtful + other.doubtful,
            ..self
        }
    }
}

/// The middle of the positive figures of one division of GB/T 4754 and size class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peers {
    pub indicator: Indicator,
    pub division: String,
    pub size_class: SizeClass,
    pub middle: Decimal,
}

/// What was counted for one year, of the whole district.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matrix {
    /// By indicator, then sub-district.
    pub cells: Vec<Cell>,
    pub peers: Vec<Peers>,
}

/// One enterprise of a work list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub uscc: String,
    pub name: String,
    pub subdistrict: Option<String>,
    pub sector: Sector,
    pub size_class: SizeClass,
    pub value: Option<Decimal>,
    pub state: Option<FigureState>,
    pub last_year: Option<Decimal>,
    pub doubts: Vec<Doubt>,
}
