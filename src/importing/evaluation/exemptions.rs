//! Who is left out for a while, as a list.

use super::row::{self, DOCUMENT, NAME, Staged, USCC};
use super::wording;
use crate::db::copy::CopyRows;
use crate::evaluation::entry::ExemptionKind;
use crate::exchange::table::Layout;
use crate::exchange::{ColumnSpec, Fault, Kind, TableRow, TableSpec, Unreadable};
use crate::importing::table_stage::{RowReader, day};
use crate::importing::table_wording::value_unknown;

pub static SPEC: TableSpec = TableSpec {
    title: "免评和保护期名单",
    columns: &[
        USCC,
        NAME,
        ColumnSpec::new("kind", &["种类", "类型", "免评类型", "免评或保护期", "Kind"], Kind::Text)
            .required()
            .choices(&["免评", "保护期"])
            .note("免评或保护期", "保护期"),
        ColumnSpec::new("from", &["有效自", "起始日期", "开始日期", "保护期起", "From"], Kind::Date)
            .required()
            .note("第一天", "2023-01-01"),
        ColumnSpec::new("to", &["有效至", "截止日期", "结束日期", "保护期止", "To"], Kind::Date)
            .open_ended()
            .note("最后一天；保护期必填，免评没有期限的留空或写“长期”", "2024-12-31"),
        DOCUMENT,
    ],
    notes: &["以评价年度 12 月 31 日是否在有效期间内为准；保护期到期自动终止。"],
};

pub struct Reader;

impl RowReader for Reader {
    fn look_at(&mut self, _: &Layout) -> Result<Vec<Fault>, Unreadable> {
        Ok(Vec::new())
    }

    fn stage(&mut self, row: &TableRow, faults: &mut Vec<Fault>, rows: &mut CopyRows) {
        read(row, faults).push(row, faults, rows);
    }
}

fn read(row: &TableRow, faults: &mut Vec<Fault>) -> Staged {
    let uscc = row::enterprise(row, faults);
    let kind = kind(row, faults);
    let since = day::read(row, "from", faults);
    let before = faults.len();
    let (since, until) = row::period(row, since, faults);
    if kind == Some(ExemptionKind::Protection) && until.is_none() && faults.len() == before {
        faults.push(wording::protection_without_end());
    }
    let document = row::document(row, faults);
    let kind = kind.map(|kind| kind.code().to_owned());
    let day = |day: Option<chrono::NaiveDate>| Some(day.map_or_else(String::new, |day| day.to_string()));
    let key = [uscc.clone(), kind.clone(), day(since), day(until), document.clone()];
    Staged { uscc, kind, since, until, document, key: key.into_iter().flatten().collect(), ..Staged::default() }
}

fn kind(row: &TableRow, faults: &mut Vec<Fault>) -> Option<ExemptionKind> {
    let text = row.text("kind", faults)?;
    let found = ExemptionKind::parse(&text);
    if found.is_none() {
        faults.push(value_unknown("种类", &text, "免评或保护期"));
    }
    found
}
