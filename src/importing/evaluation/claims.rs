//! What was proved towards bonus and deduction, as a list.

use rust_decimal::Decimal;

use super::row::{self, CATEGORY, DOCUMENT, NAME, Staged, USCC, YEAR};
use super::wording;
use crate::db::copy::CopyRows;
use crate::evaluation::entry::{ClaimSide, TIMES_AT_MOST, fits, item_of};
use crate::exchange::table::Layout;
use crate::exchange::{ColumnSpec, Fault, Kind, TableRow, TableSpec, Unreadable};
use crate::importing::table_stage::RowReader;
use crate::importing::table_wording::value_unknown;
use crate::policy::scheme::Schemes;
use crate::scoring::Scheme;

pub static SPEC: TableSpec = TableSpec {
    title: "加减分名单",
    columns: &[
        USCC,
        NAME,
        CATEGORY,
        YEAR,
        ColumnSpec::new("item", &["加减分项", "项目", "加分项", "减分项", "加分项目", "Item"], Kind::Text)
            .required()
            .note("该类别、年度评价方案所列项目的名称或代码", "发明专利"),
        ColumnSpec::new("side", &["加分或减分", "加减", "方向", "Side"], Kind::Text)
            .choices(&["加分", "减分"])
            .note("项目名称在加分、减分中都有的必填", "加分"),
        ColumnSpec::new("times", &["次数", "数量", "件数", "Times"], Kind::Decimal).note("不填的为一次", "1"),
        DOCUMENT,
    ],
    notes: &[
        "每家企业每个项目、每份文件一行；分值和上限由评价方案规定。",
        "与在册的企业、类别、年度、项目和文件都相同的，视为同一条；次数不同的不导入，须更改的请先撤销原登记。",
    ],
};

pub struct Reader {
    pub schemes: Schemes,
    /// For rows that name none.
    pub year: Option<i32>,
}

impl RowReader for Reader {
    fn look_at(&mut self, _: &Layout) -> Result<Vec<Fault>, Unreadable> {
        Ok(Vec::new())
    }

    fn stage(&mut self, row: &TableRow, faults: &mut Vec<Fault>, rows: &mut CopyRows) {
        self.read(row, faults).push(row, faults, rows);
    }
}

impl Reader {
    fn read(&self, row: &TableRow, faults: &mut Vec<Fault>) -> Staged {
        let uscc = row::enterprise(row, faults);
        let category = row::category(row, faults);
        let year = row::year(row, self.year, faults);
        let scheme = row::scheme(&self.schemes, (category, year), faults);
        let item = item(row, scheme, faults);
        let amount = times(row, faults);
        let document = row::document(row, faults);
        let (side, kind) = item.unzip();
        let side = side.map(ClaimSide::code);
        let words =
            [category.map(|it| it.code().to_owned()), year.map(|year| year.to_string()), side.map(str::to_owned)];
        let key = [uscc.clone(), kind.clone(), document.clone()].into_iter().chain(words).flatten().collect();
        Staged { uscc, category, year, kind, side, amount, document, key, ..Staged::default() }
    }
}

fn item(row: &TableRow, scheme: Option<&Scheme>, faults: &mut Vec<Fault>) -> Option<(ClaimSide, String)> {
    let side = row.text("side", faults).map(|text| (ClaimSide::parse(&text), text));
    if let Some((None, text)) = &side {
        faults.push(value_unknown("加分或减分", text, "加分或减分"));
        return None;
    }
    let text = row.text("item", faults)?;
    match item_of(scheme?, side.and_then(|(side, _)| side), &text) {
        Ok((side, item)) => Some((side, item.item.clone())),
        Err(unclear) => {
            faults.push(wording::item_unclear(&unclear));
            None
        }
    }
}

/// Once where the row says nothing.
fn times(row: &TableRow, faults: &mut Vec<Fault>) -> Option<Decimal> {
    let before = faults.len();
    let times = row.decimal("times", faults);
    match times {
        None if faults.len() == before => Some(Decimal::ONE),
        Some(times) if !fits(times, TIMES_AT_MOST) => {
            faults.push(wording::out_of_range("次数", times, TIMES_AT_MOST));
            None
        }
        times => times,
    }
}
