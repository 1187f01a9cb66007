//! The matrix and its work lists as programs get them. Every decimal is text, so that no reader rounds it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Cell, Doubt, Kind, Line};
use crate::account::Department;
use crate::enterprise::{FigureState, Indicator, Sector, SizeClass};

/// How complete a year is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Completeness {
    pub year: i32,
    pub district: String,
    pub counted_at: DateTime<Utc>,
    /// The registers have changed since; it is being counted anew.
    pub is_outdated: bool,
    pub cells: Vec<CompletenessCell>,
}

/// One department, sub-district and indicator, in enterprises that operate on 31 December.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CompletenessCell {
    pub department: Department,
    pub indicator: Indicator,
    /// By registration; absent where none is registered.
    pub subdistrict: Option<String>,
    /// Of so many the figure is asked (二(一)2).
    pub asked: i64,
    /// Of those, so many have not returned it. A zero is a figure.
    pub missing: i64,
    pub reported: i64,
    pub confirmed: i64,
    /// Among those reported or confirmed.
    pub doubtful: i64,
}

impl From<&Cell> for CompletenessCell {
    fn from(cell: &Cell) -> Self {
        CompletenessCell {
            department: cell.indicator.department(),
            indicator: cell.indicator,
            subdistrict: cell.subdistrict.clone(),
            asked: cell.asked,
            missing: cell.missing,
            reported: cell.reported,
            confirmed: cell.confirmed,
            doubtful: cell.doubtful,
        }
    }
}

/// The enterprises behind a count, by credit code.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CompletenessList {
    pub year: i32,
    pub indicator: Indicator,
    pub unit: &'static str,
    pub kind: Kind,
    pub enterprises: Vec<CompletenessLine>,
    /// Pass as `after` for the next page.
    pub next: Option<String>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CompletenessLine {
    pub uscc: String,
    pub name: String,
    pub subdistrict: Option<String>,
    pub sector: Sector,
    pub size_class: SizeClass,
    /// Absent when the figure is missing.
    pub value: Option<String>,
    pub state: Option<FigureState>,
    pub last_year: Option<String>,
    pub doubts: Vec<Doubt>,
}

impl From<&Line> for CompletenessLine {
    fn from(line: &Line) -> Self {
        CompletenessLine {
            uscc: line.uscc.clone(),
            name: line.name.clone(),
            subdistrict: line.subdistrict.clone(),
            sector: line.sector,
            size_class: line.size_class,
            value: line.value.map(|value| value.normalize().to_string()),
            state: line.state,
            last_year: line.last_year.map(|value| value.normalize().to_string()),
            doubts: line.doubts.clone(),
        }
    }
}
