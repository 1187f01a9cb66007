//! What bodies report to have done, as a table.

use std::sync::Arc;

use chrono::NaiveDate;

use super::accounts::customer;
use super::row::Staged;
use super::wording;
use crate::allocation::Quarter;
use crate::allocation::reports::Reporter;
use crate::allocation::rules::{self, NewReport};
use crate::db::copy::CopyRows;
use crate::entitlement::Measure;
use crate::exchange::table::Layout;
use crate::exchange::{ColumnSpec, Fault, FaultCode, Kind, TableRow, TableSpec, Unreadable};
use crate::importing::evaluation::row::{self, DOCUMENT, NAME, USCC, YEAR};
use crate::importing::table_stage::{RowReader, day};
use crate::importing::table_wording::{value_missing, value_unknown};
use crate::policy::catalogue::Catalogue;

pub static SPEC: TableSpec = TableSpec {
    title: "措施执行报告",
    columns: &[
        USCC,
        NAME,
        ColumnSpec::new("measure", &["措施编号", "措施", "措施名称", "Measure"], Kind::Text)
            .required()
            .note("清单中的措施编号或名称", "gongshu/electricity"),
        YEAR,
        ColumnSpec::new("quarter", &["季度", "报告季度", "Quarter"], Kind::Integer).required().note("1至4", "3"),
        ColumnSpec::new("done", &["是否执行", "是否已执行", "执行情况", "Done"], Kind::Flag)
            .required()
            .note("是或否", "是"),
        ColumnSpec::new("quantity", &["数量", "执行数量", "电量", "水量", "气量", "Quantity"], Kind::Decimal)
            .note("按措施基数的单位，如千瓦时、立方米、平方米", "250000"),
        ColumnSpec::new("amount", &["金额", "执行金额", "加收金额", "减免后金额", "Amount"], Kind::Money)
            .unit("元")
            .note("加收、减免后实收或发放的金额", "12500"),
        ColumnSpec::new("account", &["户号", "客户编号", "用户编号", "Customer"], Kind::Text)
            .note("供电、供水、燃气企业填写", "3301-0042"),
        ColumnSpec::new("done_on", &["执行日期", "日期", "Done on"], Kind::Date).note("在该季度之内", "2024-09-15"),
        ColumnSpec::new("note", &["说明", "未执行原因", "备注", "Note"], Kind::Text).note("没有执行的必须说明原因", ""),
        DOCUMENT,
    ],
    notes: &["每家企业每项措施、每个季度（每个户号）一行；与在册不同的不导入，须更改的请先撤销原报告。"],
};

pub struct Reader {
    pub catalogue: Arc<Catalogue>,
    pub reporter: Reporter,
    /// For rows that name none.
    pub year: Option<i32>,
    pub today: NaiveDate,
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
        let measure = self.measure(row, faults);
        let quarter = self.quarter(row, faults);
        let done = row.flag("done", faults);
        let quantity = row.decimal("quantity", faults);
        let amount = row.money("amount", faults).map(|yuan| yuan.0);
        let account = customer(row, "account", faults);
        let done_on = day::read(row, "done_on", faults);
        let note = row.text("note", faults).unwrap_or_default();
        let document = row::document(row, faults);
        let id = measure.map(|measure| measure.id.clone());
        let key = [uscc.clone(), id.clone(), quarter.map(|quarter| quarter.to_string())];
        let key = key.into_iter().flatten().chain([account.clone().unwrap_or_default()]).collect();
        let staged = Staged {
            body: measure.map(|measure| measure.executing),
            measure: id,
            uscc,
            quarter,
            done,
            quantity,
            amount,
            account,
            done_on,
            note,
            document,
            key,
            ..Staged::default()
        };
        if !faults.iter().any(Fault::is_error)
            && let (Some(new), Some(measure)) = (as_report(&staged), measure)
        {
            faults.extend(rules::faults(&new, measure, self.today).into_iter().map(in_table));
        }
        staged
    }

    /// By its id, or by a name that is one measure's alone.
    fn measure(&self, row: &TableRow, faults: &mut Vec<Fault>) -> Option<&Measure> {
        let text = row.text("measure", faults)?;
        let mut called = self.catalogue.measures.all().map(|(_, measure)| measure).filter(|it| it.title == text);
        let by_title = called.next().filter(|_| called.next().is_none());
        let found = self.catalogue.measures.named(&text).map(|(_, measure)| measure).or(by_title);
        match found {
            None => faults.push(value_unknown("措施编号", &text, "清单中的措施编号或名称")),
            Some(measure) if !self.reporter.may(measure.executing) => {
                faults.push(wording::of_another(measure.executing));
            }
            Some(_) => {}
        }
        found
    }

    fn quarter(&self, row: &TableRow, faults: &mut Vec<Fault>) -> Option<Quarter> {
        let year = row::year(row, self.year, faults);
        let before = faults.len();
        let number = row.integer("quarter", faults);
        let (Some(year), Some(number)) = (year, number) else {
            if year.is_some() && number.is_none() && faults.len() == before {
                faults.push(value_missing("季度", "不知道是哪一季度"));
            }
            return None;
        };
        let found = u8::try_from(number).ok().and_then(|number| Quarter::of(year, number));
        if found.is_none() {
            faults.push(value_unknown("季度", &number.to_string(), "1至4，2019年起"));
        }
        found
    }
}

fn as_report(staged: &Staged) -> Option<NewReport> {
    Some(NewReport {
        quarter: staged.quarter?,
        uscc: staged.uscc.as_deref()?.parse().ok()?,
        measure: staged.measure.clone()?,
        done: staged.done?,
        quantity: staged.quantity,
        amount: staged.amount,
        account: match &staged.account {
            Some(account) => Some(account.parse().ok()?),
            None => None,
        },
        done_on: staged.done_on,
        note: staged.note.clone(),
        document: staged.document.clone()?,
    })
}

/// What a form says at a field, said of a row.
fn in_table(fault: Fault) -> Fault {
    let code =
        if fault.code == FaultCode::ValueMissing { FaultCode::ValueMissing } else { FaultCode::FigureOutOfRange };
    Fault::error(code, format!("{}。", fault.message.trim_end_matches('。')))
}
