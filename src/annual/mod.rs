//! The facts of an enterprise's year, for everybody who judges by them: the version in force on 31 December, land by days held,
//! figures of the return with their state, where it lies, and the transition it may be in. What follows from them is for those
//! above to say, each as a [`Judge`].
//!
//! Missing is not zero: what is not on record, and what is on record and cannot be right, are told apart and never filled.

pub mod fact;
mod judge;
mod query;
pub mod store;
#[cfg(test)]
pub mod testing;
pub mod transition;

pub use crate::enterprise::land::{LandDays, LandPart};
pub use judge::Judge;
pub use query::{Filter, Partition, Query};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::enterprise::{EnterpriseState, FigureState, Indicator, Sector, SizeClass};

/// The day whose version, parameters and transition a year goes by, when its figures are complete.
pub fn deciding_day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 12, 31).expect("every year has a 31 December")
}

/// What has to be known about one enterprise in one year in order to judge it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    pub year: i32,
    /// It was operating on at least one day of the year.
    pub operated: bool,
    pub established_on: Option<NaiveDate>,
    pub size_class: SizeClass,
    pub above_size_since: Option<NaiveDate>,
    pub project: Option<Project>,
    pub figures: Figures,
    pub land: LandDays,
    /// Floor area held without land, Σ area × days in m²·days; `None` when not known.
    pub floor: Option<Decimal>,
}

/// What the return of a year says of one figure, in the unit of its [`Indicator`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Figure {
    #[default]
    Missing,
    /// On record, and nothing that anybody can have meant: out of [`crate::base::bounds::FIGURE`].
    OutOfRange(FigureState),
    Stated(Decimal, FigureState),
}

impl Figure {
    /// Of a figure on record, whose value is left out where it is out of range.
    pub fn read(value: Option<Decimal>, state: FigureState) -> Self {
        value.map_or(Figure::OutOfRange(state), |value| Figure::Stated(value, state))
    }

    pub fn value(self) -> Option<Decimal> {
        match self {
            Figure::Stated(value, _) => Some(value),
            Figure::Missing | Figure::OutOfRange(_) => None,
        }
    }

    pub fn state(self) -> Option<FigureState> {
        match self {
            Figure::Missing => None,
            Figure::OutOfRange(state) | Figure::Stated(_, state) => Some(state),
        }
    }
}

/// The figures that a judge asks for. One that was not asked for is missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures(pub Vec<(Indicator, Figure)>);

impl Figures {
    pub fn of(&self, indicator: Indicator) -> Figure {
        self.0.iter().find(|(other, _)| *other == indicator).map_or(Figure::Missing, |(_, figure)| *figure)
    }
}

/// A major project under construction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Project {
    pub start: ProjectStart,
    /// The last day of the construction period that the district recognised.
    pub until: NaiveDate,
}

/// When the construction began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "day", rename_all = "snake_case")]
pub enum ProjectStart {
    /// As the register states it.
    Stated(NaiveDate),
    /// The register does not state it: the earliest day from which it knows of the project.
    KnownFrom(NaiveDate),
}

impl ProjectStart {
    pub fn day(self) -> NaiveDate {
        match self {
            ProjectStart::Stated(day) | ProjectStart::KnownFrom(day) => day,
        }
    }
}

/// An enterprise as it stood in a year, with everything a judgement of that year rests on.
#[derive(Clone, Debug)]
pub struct EnterpriseYear {
    pub uscc: String,
    pub name: String,
    pub state: EnterpriseState,
    pub sector: Sector,
    pub industry_edition: Option<String>,
    pub industry_code: Option<String>,
    /// Where its main parcel lies, else where it is registered.
    pub subdistrict: Option<String>,
    pub subdistrict_name: Option<String>,
    pub facts: Facts,
    pub parts: Vec<LandPart>,
}
