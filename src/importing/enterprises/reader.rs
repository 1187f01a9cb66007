//! One row of the enterprise table into its staging row.

use chrono::NaiveDate;

use crate::base::code::SubdistrictCode;
use crate::codelist::{CrossWalk, Edition, Industry, IndustryError};
use crate::db::copy::CopyRows;
use crate::enterprise::sector::sector_of;
use crate::enterprise::{EnterpriseState, Sector, SizeClass};
use crate::exchange::table::{Layout, NumberIn};
use crate::exchange::{Fault, TableRow, Unreadable};
use crate::importing::table_stage::{RowReader, day, uscc};
use crate::importing::table_wording as wording;

pub struct Reader {
    /// Code and name of the sub-districts in force today; empty when the district has no list.
    pub subdistricts: Vec<(String, String)>,
    pub as_of: Option<NaiveDate>,
    pub today: NaiveDate,
    pub edition_column: bool,
}

/// An industry as the row states it; codes of editions that are not embedded are checked in the database.
#[derive(Default)]
struct Stated {
    edition: Option<&'static str>,
    code: Option<String>,
    sector: Option<Sector>,
}

impl RowReader for Reader {
    fn look_at(&mut self, layout: &Layout) -> Result<Vec<Fault>, Unreadable> {
        self.edition_column = layout.column("edition").is_some();
        let assumed = layout.column("industry").is_some() && !self.edition_column;
        Ok(if assumed { vec![wording::edition_column_missing()] } else { Vec::new() })
    }

    fn stage(&mut self, row: &TableRow, faults: &mut Vec<Fault>, rows: &mut CopyRows) {
        let uscc = uscc::read(row, "uscc", faults);
        let name = row.name("name", faults);
        let industry = self.industry(row, faults);
        let sector = self.sector(row, faults).or(industry.sector);
        let size_class = term(row, "size_class", faults, size_class);
        let high_tech = row.flag("high_tech", faults);
        let platform = row.name("platform", faults);
        let subdistrict = self.subdistrict(row, faults);
        let state = term(row, "state", faults, EnterpriseState::parse);
        let established_on = day::read(row, "established_on", faults);
        let above_size_since = day::read(row, "above_size_since", faults);
        let project_since = day::read(row, "project_since", faults);
        let project_until = day::read(row, "project_until", faults);
        let since = day::read(row, "since", faults).or(self.as_of);
        self.check_days(established_on, above_size_since, faults);
        let rejected = faults.iter().any(Fault::is_error);
        rows.plain(row.record).plain(row.line).plain(rejected);
        rows.optional_text(uscc.as_ref().map(|uscc| uscc.code.as_str()));
        rows.plain(uscc.is_some_and(|uscc| uscc.check_digit_fails)).optional_text(name.as_deref());
        rows.optional_text(industry.edition).optional_text(industry.code.as_deref());
        rows.optional(sector.map(Sector::code)).optional(size_class.map(SizeClass::code)).optional(high_tech);
        rows.optional_text(platform.as_deref()).optional_text(subdistrict.as_deref());
        rows.optional(state.map(EnterpriseState::code)).optional(established_on).optional(above_size_since);
        rows.optional(project_since).optional(project_until).optional(since).end_row();
    }
}

impl Reader {
    fn industry(&self, row: &TableRow, faults: &mut Vec<Fault>) -> Stated {
        let edition = row.text("edition", faults);
        let Some(code) = row.text("industry", faults) else { return Stated::default() };
        if edition.is_none() && self.edition_column {
            faults.push(wording::edition_missing(&code));
        }
        let edition = edition.as_deref().map_or("2017", |text| text.trim_end_matches(['年', '版']));
        if let Some(fault) = lost_zero(row.is_number("industry"), edition, &code) {
            let refused = fault.is_error();
            faults.push(fault);
            if refused {
                return Stated::default();
            }
        }
        match Industry::parse(edition, &code) {
            Ok(industry) => Stated {
                edition: Some(industry.edition.code()),
                code: Some(industry.code.to_owned()),
                sector: sector_of(&industry),
            },
            Err(IndustryError::EditionNotLoaded(edition, code)) => Stated {
                edition: Some(edition.code()),
                code: Some(code.trim_start_matches(|c: char| c.is_ascii_alphabetic() && code.len() > 1).to_owned()),
                sector: None,
            },
            Err(IndustryError::UnknownEdition(text)) => {
                faults.push(wording::edition_unknown(&text));
                Stated::default()
            }
            Err(IndustryError::UnknownCode(edition, code)) => {
                faults.push(wording::industry_unknown(edition.label(), &code));
                Stated::default()
            }
        }
    }

    /// A sector by name, or by the letter or name of its section.
    fn sector(&self, row: &TableRow, faults: &mut Vec<Fault>) -> Option<Sector> {
        let text = row.text("sector", faults)?;
        if let Some(sector) = Sector::parse(&text) {
            return Some(sector);
        }
        let section = crate::codelist::industries()
            .iter()
            .find(|industry| industry.level == 1 && (industry.code == text || industry.name == text));
        let sector = section.and_then(|row| Industry::parse(Edition::E2017.code(), &row.code).ok());
        match sector {
            Some(section) => sector_of(&section),
            None => {
                faults.push(wording::value_unknown("行业门类", &text, "工业、服务业或其他"));
                None
            }
        }
    }

    /// By code, present or old, or by name with or without 街道.
    fn subdistrict(&self, row: &TableRow, faults: &mut Vec<Fault>) -> Option<String> {
        let text = row.text("subdistrict", faults)?;
        let found = match text.parse::<SubdistrictCode>() {
            Ok(code) if self.subdistricts.is_empty() => Some(code.as_str().to_owned()),
            Ok(code) => {
                let today = CrossWalk::embedded().resolve_subdistrict(code.as_str(), self.today);
                let code = today.code().unwrap_or(code.as_str());
                self.subdistricts.iter().find(|(known, _)| known == code).map(|(known, _)| known.clone())
            }
            Err(_) => {
                let short = text.trim_end_matches("街道");
                self.subdistricts
                    .iter()
                    .find(|(_, name)| name.trim_end_matches("街道") == short)
                    .map(|(code, _)| code.clone())
            }
        };
        if found.is_none() {
            faults.push(wording::subdistrict_unknown(&text));
        }
        found
    }

    fn check_days(&self, established: Option<NaiveDate>, above_size: Option<NaiveDate>, faults: &mut Vec<Fault>) {
        if let Some(day) = established.filter(|day| *day > self.today) {
            faults.push(wording::established_in_future(day));
        }
        if let (Some(established), Some(above_size)) = (established, above_size)
            && above_size < established
        {
            faults.push(wording::above_size_before_established(established, above_size));
        }
    }
}

/// A spreadsheet cuts the zero before a number: 0111 becomes 111, which is another industry.
fn lost_zero(number: Option<NumberIn>, edition: &str, code: &str) -> Option<Fault> {
    let short = code.len() < 4 && code.bytes().all(|b| b.is_ascii_digit());
    let known = |code: &str| Industry::parse(edition, code).is_ok();
    let with_zero = format!("0{code}");
    if !short || !known(&with_zero) {
        return None;
    }
    match number? {
        NumberIn::Workbook => Some(wording::industry_zero_lost(code, &with_zero, known(code))),
        NumberIn::Text if known(code) => Some(wording::industry_zero_doubtful(code, &with_zero)),
        NumberIn::Text => Some(wording::industry_zero_lost(code, &with_zero, false)),
    }
}

/// `是否规上` is answered with 是 or 否.
fn size_class(text: &str) -> Option<SizeClass> {
    match text.trim() {
        "规模以上" | "是" => Some(SizeClass::Above),
        "规模以下" | "否" => Some(SizeClass::Below),
        other => SizeClass::parse(other),
    }
}

fn term<T>(row: &TableRow, key: &'static str, faults: &mut Vec<Fault>, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
    let text = row.text(key, faults)?;
    let term = parse(&text);
    if term.is_none() {
        let (column, expected) = match key {
            "size_class" => ("规模", "规上或规下"),
            _ => ("状态", "在营、迁出或注销"),
        };
        faults.push(wording::value_unknown(column, &text, expected));
    }
    term
}
