//! What a row of any of the lists comes to, and the cells that several of them have.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::wording;
use crate::account::Department;
use crate::db::copy::CopyRows;
use crate::exchange::{ColumnSpec, Fault, Kind, TableRow};
use crate::importing::table_stage::{day, uscc};
use crate::importing::table_wording::{period_empty, value_missing, value_unknown};
use crate::policy::scheme::Schemes;
use crate::scoring::Scheme;
use crate::scoring::scheme::Category;

pub const USCC: ColumnSpec =
    ColumnSpec::new("uscc", uscc::TITLES, Kind::Text).required().note("18 位，企业须已在名录中", "91110000600037341L");
pub const NAME: ColumnSpec =
    ColumnSpec::new("name", uscc::NAME_TITLES, Kind::Text).note("方便填表的人辨认，不导入", "");
pub const DOCUMENT: ColumnSpec = ColumnSpec::new(
    "document",
    &["依据文件", "文件", "文号", "依据", "认定文件", "处罚决定书文号", "Document"],
    Kind::Text,
)
.required()
.note("名称或文号", "合成〔2024〕1号");
pub const CATEGORY: ColumnSpec = ColumnSpec::new("category", &["评价类别", "类别", "Category"], Kind::Text)
    .required()
    .choices(&["规上工业", "规下工业", "规上服务业", "产业平台", "高新技术企业", "低效用地"])
    .note("所属的评价类别", "规上工业");
pub const YEAR: ColumnSpec = ColumnSpec::new("year", &["年度", "评价年度", "所属年度", "年份", "Year"], Kind::Year)
    .note("不填的用导入时指明的年度", "2023");
pub const FROM: ColumnSpec = ColumnSpec::new("from", &["有效自", "起始日期", "开始日期", "From"], Kind::Date)
    .required()
    .note("第一天", "2023-01-01");
pub const TO: ColumnSpec = ColumnSpec::new("to", &["有效至", "截止日期", "结束日期", "To"], Kind::Date)
    .open_ended()
    .note("最后一天；没有期限的留空或写“长期”", "2024-12-31");

/// One staging row.
#[derive(Debug, Default)]
pub struct Staged {
    /// Whom it is of: a credit code, or the code of a platform or of a parcel.
    pub uscc: Option<String>,
    pub category: Option<Category>,
    pub year: Option<i32>,
    /// Of a veto, an exemption or a platform; the item of a claim; the name of a list.
    pub kind: Option<String>,
    /// Of a claim; what stands on a list.
    pub side: Option<&'static str>,
    /// How often of a claim; the value of a coefficient; mu of a platform.
    pub amount: Option<Decimal>,
    /// Of a platform, with its stars or level.
    pub name: Option<String>,
    pub level: Option<u8>,
    pub happened_on: Option<NaiveDate>,
    pub since: Option<NaiveDate>,
    /// The first day that no longer counts.
    pub until: Option<NaiveDate>,
    pub department: Option<Department>,
    pub document: Option<String>,
    /// By what a row is the same as another; none of a row that is refused.
    pub key: Vec<String>,
}

impl Staged {
    pub fn push(&self, row: &TableRow, faults: &[Fault], rows: &mut CopyRows) {
        let rejected = faults.iter().any(Fault::is_error);
        rows.plain(row.record).plain(row.line).plain(rejected);
        rows.optional_text(self.uscc.as_deref()).optional(self.category.map(Category::code)).optional(self.year);
        rows.optional_text(self.kind.as_deref()).optional(self.side).optional(self.amount);
        rows.optional(self.happened_on).optional(self.since).optional(self.until);
        rows.optional(self.department.map(Department::code)).optional_text(self.document.as_deref());
        rows.optional_text(self.name.as_deref()).optional(self.level);
        let key = Some(self.key.join("\u{1f}")).filter(|_| !rejected);
        rows.optional_text(key.as_deref()).end_row();
    }
}

pub fn enterprise(row: &TableRow, faults: &mut Vec<Fault>) -> Option<String> {
    uscc::read(row, "uscc", faults).map(|read| read.code)
}

pub fn document(row: &TableRow, faults: &mut Vec<Fault>) -> Option<String> {
    row.text("document", faults)
}

pub fn category(row: &TableRow, faults: &mut Vec<Fault>) -> Option<Category> {
    let text = row.text("category", faults)?;
    let found = Category::parse(&text);
    if found.is_none() {
        let names: Vec<&str> = Category::ALL.iter().map(|category| category.label()).collect();
        faults.push(value_unknown("评价类别", &text, &names.join("、")));
    }
    found
}

/// Of the row, else the one that was named for the whole file.
pub fn year(row: &TableRow, named: Option<i32>, faults: &mut Vec<Fault>) -> Option<i32> {
    let before = faults.len();
    let year = row.year("year", faults).or(named);
    if year.is_none() && faults.len() == before {
        faults.push(value_missing("年度", "不知道是哪一年的登记"));
    }
    year
}

pub fn department(row: &TableRow, faults: &mut Vec<Fault>) -> Option<Department> {
    let text = row.text("department", faults)?;
    let found = Department::parse(&text);
    if found.is_none() {
        let names: Vec<&str> = Department::ALL.iter().map(|department| department.label()).collect();
        faults.push(value_unknown("认定部门", &text, &names.join("、")));
    }
    found
}

/// The last day of the table still counts.
pub fn period(
    row: &TableRow,
    since: Option<NaiveDate>,
    faults: &mut Vec<Fault>,
) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let last = day::read(row, "to", faults);
    if let (Some(since), Some(last)) = (since, last)
        && last < since
    {
        faults.push(period_empty(since, last));
    }
    (since, last.and_then(|last| last.succ_opt()))
}

/// The scheme by which a category is evaluated in a year.
pub fn scheme<'a>(
    schemes: &'a Schemes,
    of: (Option<Category>, Option<i32>),
    faults: &mut Vec<Fault>,
) -> Option<&'a Scheme> {
    let (category, year) = (of.0?, of.1?);
    let found = schemes.holding_or_example(category, year);
    if found.is_none() {
        faults.push(wording::no_scheme(category, year));
    }
    found.map(|(_, scheme)| scheme)
}
