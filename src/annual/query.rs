//! Whose facts, of which year, as known when.

use chrono::{DateTime, Utc};

use crate::enterprise::{Sector, SizeClass};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    pub year: i32,
    /// What was on record before this moment; `None` is what is on record now.
    pub known_before: Option<DateTime<Utc>>,
    pub filter: Filter,
    /// Not asked for by anybody: how a district is read in parts.
    pub partition: Partition,
}

/// By the version in force on 31 December.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub subdistrict: Option<String>,
    /// A section of GB/T 4754, one capital letter.
    pub industry_section: Option<String>,
    /// A division of GB/T 4754, two digits.
    pub industry_division: Option<String>,
    pub size_class: Option<SizeClass>,
    pub sector: Option<Sector>,
    /// Part of the name or of the credit code.
    pub text: Option<String>,
}

/// Whom a statement looks at. Every table is read by it, so that a part of the district takes its part of the time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Partition {
    #[default]
    All,
    /// These credit codes.
    These(Vec<String>),
    /// The credit codes before this one.
    Before(String),
    /// This credit code and those after it.
    From(String),
}

impl Query {
    pub fn of_year(year: i32) -> Self {
        Query { year, known_before: None, filter: Filter::default(), partition: Partition::All }
    }

    pub fn within(&self, partition: Partition) -> Self {
        Query { partition, ..self.clone() }
    }
}
