//! Own correction coefficients, as a list.

use super::row::{self, CATEGORY, DOCUMENT, NAME, Staged, USCC, YEAR};
use super::wording;
use crate::db::copy::CopyRows;
use crate::evaluation::entry::{COEFFICIENT_AT_MOST, fits};
use crate::exchange::table::Layout;
use crate::exchange::{ColumnSpec, Fault, Kind, TableRow, TableSpec, Unreadable};
use crate::importing::table_stage::RowReader;
use crate::policy::scheme::Schemes;

pub static SPEC: TableSpec = TableSpec {
    title: "修正系数名单",
    columns: &[
        USCC,
        NAME,
        CATEGORY,
        YEAR,
        ColumnSpec::new("value", &["修正系数", "系数", "调节系数", "Coefficient"], Kind::Decimal)
            .required()
            .note("大于零，至多六位小数", "0.9"),
        DOCUMENT,
    ],
    notes: &["每家企业每个类别、年度一行；与在册不同的不导入，须更改的请先撤销原登记。"],
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
        row::scheme(&self.schemes, (category, year), faults);
        let amount = row.decimal("value", faults);
        if let Some(value) = amount.filter(|value| !fits(*value, COEFFICIENT_AT_MOST)) {
            faults.push(wording::out_of_range("修正系数", value, COEFFICIENT_AT_MOST));
        }
        let document = row::document(row, faults);
        let key = [uscc.clone(), category.map(|it| it.code().to_owned()), year.map(|year| year.to_string())];
        let key = key.into_iter().flatten().collect();
        Staged { uscc, category, year, amount, document, key, ..Staged::default() }
    }
}
