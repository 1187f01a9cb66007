//! Accounts with power, water and gas, as a table.

use rust_decimal::Decimal;

use super::row::Staged;
use super::wording;
use crate::db::copy::CopyRows;
use crate::exchange::table::Layout;
use crate::exchange::{ColumnSpec, Fault, Kind, TableRow, TableSpec, Unreadable};
use crate::importing::evaluation::row::{self, DOCUMENT, FROM, NAME, TO, USCC};
use crate::importing::table_stage::{RowReader, day};
use crate::importing::table_wording::value_unknown;
use crate::measures::utility::{Customer, Utility};

pub static SPEC: TableSpec = TableSpec {
    title: "用能用水户号",
    columns: &[
        ColumnSpec::new("body", &["单位", "供应单位", "类别", "能源种类", "Body"], Kind::Text)
            .required()
            .choices(&["供电企业", "供水企业", "燃气企业"])
            .note("供电、供水或燃气企业", "供电企业"),
        ColumnSpec::new(
            "customer",
            &["户号", "客户编号", "用户编号", "用电户号", "用水户号", "用气户号", "Customer"],
            Kind::Text,
        )
        .required()
        .note("字母、数字和-，按文本填写，保留前面的0", "3301-0042"),
        USCC,
        NAME,
        ColumnSpec::new("share", &["分摊比例", "分摊比例%", "比例", "Share"], Kind::Decimal)
            .note("百分数，几家共用一表的填写；独用的留空", "40"),
        FROM,
        TO,
        DOCUMENT,
    ],
    notes: &["每家企业每个户号、每个期间一行；几家共用一表的每家一行，任一日合计不超过100%。与在册期间重叠的不导入。"],
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
    let utility = utility(row, faults);
    let account = customer(row, "customer", faults);
    let uscc = row::enterprise(row, faults);
    let share = row.decimal("share", faults);
    if let Some(share) = share.filter(|share| !is_share(*share)) {
        faults.push(wording::share_out_of_range(share));
    }
    let since = day::read(row, "from", faults);
    let (since, until) = row::period(row, since, faults);
    let document = row::document(row, faults);
    let body = utility.map(Utility::body);
    let key = [body.map(|it| it.code().to_owned()), account.clone(), uscc.clone(), since.map(|day| day.to_string())];
    let key = key.into_iter().flatten().collect();
    Staged { uscc, body, account, share, since, until, document, key, ..Staged::default() }
}

fn is_share(share: Decimal) -> bool {
    share > Decimal::ZERO && share < Decimal::ONE_HUNDRED && share.normalize().scale() <= 6
}

fn utility(row: &TableRow, faults: &mut Vec<Fault>) -> Option<Utility> {
    let text = row.text("body", faults)?;
    let short = |text: &str| match text {
        "电" | "供电" | "用电" => Some(Utility::Power),
        "水" | "供水" | "用水" => Some(Utility::Water),
        "气" | "燃气" | "用气" => Some(Utility::Gas),
        _ => None,
    };
    let found = Utility::parse(&text).or_else(|| short(&text));
    if found.is_none() {
        faults.push(value_unknown("单位", &text, "供电企业、供水企业或燃气企业"));
    }
    found
}

/// The number of a customer.
pub fn customer(row: &TableRow, key: &str, faults: &mut Vec<Fault>) -> Option<String> {
    let text = row.text(key, faults)?;
    let found = text.parse::<Customer>().ok();
    if found.is_none() {
        faults.push(value_unknown("户号", &text, "至多40位字母、数字和-，以字母或数字开头"));
    }
    found.map(|customer| customer.as_str().to_owned())
}
