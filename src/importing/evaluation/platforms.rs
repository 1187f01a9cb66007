//! Industrial platforms, as a table.

use rust_decimal::Decimal;

use super::row::{self, DOCUMENT, FROM, Staged, TO};
use super::wording;
use crate::db::copy::CopyRows;
use crate::evaluation::registers::listed::{LEVELS, PlatformCode, PlatformKind};
use crate::exchange::table::Layout;
use crate::exchange::{ColumnSpec, Fault, Kind, TableRow, TableSpec, Unreadable};
use crate::importing::table_stage::{RowReader, day};
use crate::importing::table_wording::value_unknown;

pub static SPEC: TableSpec = TableSpec {
    title: "产业平台",
    columns: &[
        ColumnSpec::new("code", &["编号", "平台编号", "平台代码", "Code"], Kind::Text)
            .required()
            .note("至多40位字母、数字、-和_", "XC-01"),
        ColumnSpec::new("name", &["平台名称", "名称", "园区名称", "Name"], Kind::Text)
            .required()
            .note("与企业登记中所写的一致", "示例产业园"),
        ColumnSpec::new("kind", &["类型", "平台类型", "Kind"], Kind::Text)
            .required()
            .choices(&["开发区", "产业园区", "小微企业园", "特色小镇", "孵化器、众创空间", "楼宇", "其他平台"])
            .note("所属类型", "产业园区"),
        ColumnSpec::new("level", &["星（等）级", "星级", "等级", "Level"], Kind::Integer)
            .note("1至5；未评定的留空", "3"),
        ColumnSpec::new("area", &["面积", "占地面积", "平台面积", "Area"], Kind::Land)
            .unit("亩")
            .note("平台自身的面积", "500"),
        FROM,
        TO,
        DOCUMENT,
    ],
    notes: &["每个平台每个期间一行；星（等）级、名称有变化的，先终止原登记，再自变化之日登记。"],
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
    let code = one_of::<PlatformCode>(row, ("code", "编号", "至多40位字母、数字、-和_，以字母或数字开头"), faults);
    let name = row.text("name", faults);
    let kind = kind(row, faults);
    let level = level(row, faults);
    let amount = area(row, faults);
    let since = day::read(row, "from", faults);
    let (since, until) = row::period(row, since, faults);
    let document = row::document(row, faults);
    let code = code.map(|code| code.as_str().to_owned());
    let key = [code.clone(), since.map(|day| day.to_string())].into_iter().flatten().collect();
    let kind = kind.map(|kind| kind.code().to_owned());
    Staged { uscc: code, kind, name, level, amount, since, until, document, key, ..Staged::default() }
}

fn one_of<T: std::str::FromStr>(
    row: &TableRow,
    (key, label, among): (&str, &str, &str),
    faults: &mut Vec<Fault>,
) -> Option<T> {
    let text = row.text(key, faults)?;
    let found = text.parse().ok();
    if found.is_none() {
        faults.push(value_unknown(label, &text, among));
    }
    found
}

fn kind(row: &TableRow, faults: &mut Vec<Fault>) -> Option<PlatformKind> {
    let text = row.text("kind", faults)?;
    let found = PlatformKind::parse(&text);
    if found.is_none() {
        let names: Vec<&str> = PlatformKind::ALL.iter().map(|kind| kind.label()).collect();
        faults.push(value_unknown("类型", &text, &names.join("、")));
    }
    found
}

fn level(row: &TableRow, faults: &mut Vec<Fault>) -> Option<u8> {
    let stated = row.integer("level", faults)?;
    let level = u8::try_from(stated).ok().filter(|level| LEVELS.contains(level));
    if level.is_none() {
        faults.push(value_unknown("星（等）级", &stated.to_string(), "1至5的整数，未评定的留空"));
    }
    level
}

/// mu; a platform has some.
fn area(row: &TableRow, faults: &mut Vec<Fault>) -> Option<Decimal> {
    let area = row.land("area", faults)?.0;
    if area <= Decimal::ZERO {
        faults.push(wording::no_area());
        return None;
    }
    Some(area)
}
