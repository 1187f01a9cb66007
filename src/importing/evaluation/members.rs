//! Members of dated lists, as a table.

use super::row::{self, DOCUMENT, FROM, NAME, Staged, TO};
use super::wording;
use crate::db::copy::CopyRows;
use crate::evaluation::registers::listed::ListCode;
use crate::evaluation::registers::lists::is_own;
use crate::exchange::table::Layout;
use crate::exchange::{ColumnSpec, Fault, Kind, TableRow, TableSpec, Unreadable};
use crate::importing::table_stage::{RowReader, day};
use crate::importing::table_wording::value_unknown;
use crate::scoring::scheme::SubjectKind;

pub static SPEC: TableSpec = TableSpec {
    title: "评价名单",
    columns: &[
        ColumnSpec::new("list", &["名单编号", "名单", "List"], Kind::Text)
            .required()
            .note("与评价方案中所写的一致；集团以 group_ 开头", "key_platform"),
        ColumnSpec::new("kind", &["对象类别", "对象种类", "Kind"], Kind::Text)
            .choices(&["企业", "平台", "宗地"])
            .note("不填的为企业", "平台"),
        ColumnSpec::new(
            "uscc",
            &["对象代码", "代码", "统一社会信用代码", "信用代码", "平台编号", "宗地代码", "Code"],
            Kind::Text,
        )
        .required()
        .note("企业的统一社会信用代码、平台编号或宗地代码，须已在册", "XC-01"),
        NAME,
        FROM,
        TO,
        DOCUMENT,
    ],
    notes: &["每个对象每份名单、每个期间一行；与在册期间重叠的不导入，须更改的请先终止或撤销原登记。"],
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
    let list = list(row, faults);
    let kind = kind(row, faults);
    let code = match kind {
        Some(SubjectKind::Enterprise) => row::enterprise(row, faults),
        Some(SubjectKind::Platform | SubjectKind::Parcel) | None => row.text("uscc", faults),
    };
    let since = day::read(row, "from", faults);
    let (since, until) = row::period(row, since, faults);
    let document = row::document(row, faults);
    let list = list.map(|list| list.as_str().to_owned());
    let side = kind.map(SubjectKind::code);
    let key = [list.clone(), side.map(str::to_owned), code.clone(), since.map(|day| day.to_string())];
    let key = key.into_iter().flatten().collect();
    Staged { uscc: code, kind: list, side, since, until, document, key, ..Staged::default() }
}

fn list(row: &TableRow, faults: &mut Vec<Fault>) -> Option<ListCode> {
    let text = row.text("list", faults)?;
    match text.parse::<ListCode>() {
        Ok(list) if is_own(&list) => faults.push(wording::list_of_its_own(&text)),
        Ok(list) => return Some(list),
        Err(_) => faults.push(value_unknown("名单编号", &text, "至多40位小写字母、数字和_")),
    }
    None
}

/// An enterprise where the row says nothing.
fn kind(row: &TableRow, faults: &mut Vec<Fault>) -> Option<SubjectKind> {
    let before = faults.len();
    let Some(text) = row.text("kind", faults) else {
        return Some(SubjectKind::Enterprise).filter(|_| faults.len() == before);
    };
    let found = SubjectKind::parse(&text);
    if found.is_none() {
        faults.push(value_unknown("对象类别", &text, "企业、平台或宗地"));
    }
    found
}
