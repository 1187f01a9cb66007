//! The embedded files, and how a row of each is read.

use std::sync::LazyLock;

use chrono::NaiveDate;

use crate::base::period::Period;

/// One industry of one edition of GB/T 4754.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndustryRow {
    pub edition: String,
    pub code: String,
    /// 1 section (门类), 2 division (大类), 3 group (中类), 4 class (小类).
    pub level: i16,
    pub section: String,
    pub name: String,
}

/// One land-use value. A code means something only together with its scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LandUse {
    pub scheme: String,
    pub code: String,
    pub name: String,
    pub industrial: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct County {
    pub code: String,
    pub name: String,
    pub valid: Period,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subdistrict {
    pub code: String,
    pub name: String,
    pub valid: Period,
    pub source: String,
}

crate::terms! {
    pub enum SuccessionKind {
        County = "county" => "县级",
        Subdistrict = "subdistrict" => "街道",
    }
}

/// From `on`, `new` is issued where `old` was. An old code with several rows was split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succession {
    pub kind: SuccessionKind,
    pub old: String,
    pub new: String,
    pub on: NaiveDate,
    pub source: String,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct ListError {
    pub line: usize,
    pub reason: String,
}

pub(super) fn rows<T>(
    text: &str,
    columns: usize,
    read: impl Fn(&[&str]) -> Result<T, String>,
) -> Result<Vec<T>, ListError> {
    let lines = text.lines().enumerate().skip(1).filter(|(_, line)| !line.is_empty());
    lines
        .map(|(place, line)| {
            let fields: Vec<&str> = line.split('\t').collect();
            let count = fields.len();
            let row =
                if count == columns { read(&fields) } else { Err(format!("{count} columns instead of {columns}")) };
            row.map_err(|reason| ListError { line: place + 1, reason })
        })
        .collect()
}

fn day(text: &str) -> Result<Option<NaiveDate>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| format!("“{text}” is not a day"))
}

fn period(from: &str, until: &str) -> Result<Period, String> {
    Ok(Period { from: day(from)?, until: day(until)? })
}

/// Reads an industry list: tab-separated `edition code level section name` under one header line.
///
/// # Errors
/// The first line that does not fit, with the reason.
pub fn parse_industries(text: &str) -> Result<Vec<IndustryRow>, ListError> {
    rows(text.trim_start_matches('\u{feff}'), 5, |field| {
        let level = field[2].parse().ok().filter(|level| (1..=4).contains(level));
        let fits = |level: i16| if level == 1 { field[1] == field[3] } else { field[1].len() == level as usize };
        let level =
            level.filter(|level| fits(*level)).ok_or_else(|| format!("“{}” has not the level given", field[1]))?;
        Ok(IndustryRow {
            edition: field[0].into(),
            code: field[1].into(),
            level,
            section: field[3].into(),
            name: field[4].into(),
        })
    })
}

fn parse_land_uses(text: &str) -> Result<Vec<LandUse>, ListError> {
    rows(text, 4, |field| {
        let industrial = field[3].parse().map_err(|_| format!("“{}” is neither true nor false", field[3]))?;
        Ok(LandUse { scheme: field[0].into(), code: field[1].into(), name: field[2].into(), industrial })
    })
}

fn parse_counties(text: &str) -> Result<Vec<County>, ListError> {
    rows(text, 4, |field| {
        Ok(County { code: field[0].into(), name: field[1].into(), valid: period(field[2], field[3])? })
    })
}

fn parse_subdistricts(text: &str) -> Result<Vec<Subdistrict>, ListError> {
    rows(text, 5, |field| {
        let valid = period(field[2], field[3])?;
        Ok(Subdistrict { code: field[0].into(), name: field[1].into(), valid, source: field[4].into() })
    })
}

fn parse_successions(text: &str) -> Result<Vec<Succession>, ListError> {
    rows(text, 5, |field| {
        let on = day(field[3])?.ok_or("a succession needs its day")?;
        let kind = field[0].parse()?;
        Ok(Succession { kind, old: field[1].into(), new: field[2].into(), on, source: field[4].into() })
    })
}

macro_rules! embedded {
    ($name:ident, $row:ty, $parse:ident, $file:literal) => {
        pub fn $name() -> &'static [$row] {
            static ROWS: LazyLock<Vec<$row>> = LazyLock::new(|| {
                $parse(include_str!(concat!("../../geodata/", $file))).expect(concat!(
                    "the embedded ",
                    $file,
                    " is well formed"
                ))
            });
            &ROWS
        }
    };
}

embedded!(industries, IndustryRow, parse_industries, "industries.tsv");
embedded!(land_uses, LandUse, parse_land_uses, "land_uses.tsv");
embedded!(counties, County, parse_counties, "counties.tsv");
embedded!(subdistricts, Subdistrict, parse_subdistricts, "subdistricts.tsv");
embedded!(successions, Succession, parse_successions, "successors.tsv");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_lists_are_complete() {
        let count = |level| industries().iter().filter(|row| row.level == level).count();
        assert_eq!([count(1), count(2), count(3), count(4)], [20, 97, 473, 1381]);
        assert_eq!(subdistricts().len(), 26);
        assert_eq!(counties().len(), 15);
        assert_eq!(successions().len(), 11);
    }

    #[test]
    fn one_code_is_industrial_land_in_one_scheme_and_a_road_in_the_other() {
        let named = |scheme: &str| land_uses().iter().find(|row| row.scheme == scheme && row.code == "0601").unwrap();
        assert!(named(super::super::LAND_USE_SURVEY).industrial);
        assert!(!named(super::super::LAND_USE_PLANNING).industrial);
    }

    #[test]
    fn a_list_that_does_not_fit_is_refused_with_its_line() {
        let error = parse_industries("edition\tcode\tlevel\tsection\tname\n2011\t0111\t3\tA\t稻谷种植\n").unwrap_err();
        assert_eq!(error.line, 2);
        assert_eq!(parse_industries("h\n2011\t0111").unwrap_err().to_string(), "line 2: 2 columns instead of 5");
        assert_eq!(parse_industries("h\n2011\t0111\t4\tA\t稻谷种植\n").unwrap().len(), 1);
    }
}
