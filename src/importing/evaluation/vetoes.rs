//! Events that bar from A and B, as the departments list them.

use chrono::NaiveDate;

use super::row::{self, DOCUMENT, NAME, Staged, USCC};
use super::wording;
use crate::db::copy::CopyRows;
use crate::exchange::table::Layout;
use crate::exchange::{ColumnSpec, Fault, Kind, TableRow, TableSpec, Unreadable};
use crate::importing::table_stage::{RowReader, day};
use crate::importing::table_wording::value_missing;
use crate::policy::veto::{self, VetoKind};

pub static SPEC: TableSpec = TableSpec {
    title: "一票否决名单",
    columns: &[
        USCC,
        NAME,
        ColumnSpec::new("kind", &["事由", "否决事由", "否决情形", "一票否决事由", "情形", "Kind"], Kind::Text)
            .required()
            .note("“一票否决登记”页所列事由的名称或代码", "违反税收法律法规且情节严重"),
        ColumnSpec::new("happened_on", &["发生日期", "发生时间", "认定日期", "处罚日期", "Happened on"], Kind::Date)
            .required()
            .note("事由须在当日有效", "2023-05-16"),
        ColumnSpec::new("from", &["有效自", "起始日期", "生效日期", "From"], Kind::Date).note("不填的为发生日期", ""),
        ColumnSpec::new("to", &["有效至", "截止日期", "到期日期", "To"], Kind::Date)
            .open_ended()
            .note("最后一日；不填的按该事由的默认期限，没有期限的写“长期”", ""),
        ColumnSpec::new("department", &["认定部门", "部门", "责任部门", "Department"], Kind::Text)
            .note("不填的为该事由的认定部门", ""),
        DOCUMENT,
    ],
    notes: &[
        "每起事件一行；登记在其有效期间所及的各年度起作用。",
        "与在册的企业、事由、发生日期和文件都相同的，视为同一条；期间或部门不同的不导入，须更改的请先撤销原登记。",
    ],
};

pub struct Reader {
    pub kinds: Vec<VetoKind>,
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
        let happened_on = self.happened_on(row, faults);
        let kind = self.kind(row, happened_on, faults);
        let before = faults.len();
        let from = day::read(row, "from", faults).or(happened_on.filter(|_| faults.len() == before));
        let (since, until) = row::period(row, from, faults);
        let until = match (until, kind) {
            (None, Some(kind)) if !row.never_ends("to") => since.and_then(|since| kind.until(since)),
            _ => until,
        };
        let before = faults.len();
        let department = row::department(row, faults).or(kind.and_then(|kind| kind.department));
        if department.is_none() && kind.is_some() && faults.len() == before {
            faults.push(value_missing("认定部门", "该事由没有固定的认定部门"));
        }
        let document = row::document(row, faults);
        let kind = kind.map(|kind| kind.code.clone());
        let key = [&uscc, &kind, &happened_on.map(|day| day.to_string()), &document];
        let key = key.into_iter().flatten().cloned().collect();
        Staged { uscc, kind, happened_on, since, until, department, document, key, ..Staged::default() }
    }

    fn happened_on(&self, row: &TableRow, faults: &mut Vec<Fault>) -> Option<NaiveDate> {
        let day = day::read(row, "happened_on", faults)?;
        if day > self.today {
            faults.push(wording::in_the_future(day));
            return None;
        }
        Some(day)
    }

    fn kind(&self, row: &TableRow, on: Option<NaiveDate>, faults: &mut Vec<Fault>) -> Option<&VetoKind> {
        let text = row.text("kind", faults)?;
        match veto::on(&self.kinds, &text, on?) {
            Ok(kind) => Some(kind),
            Err(not) => {
                faults.push(wording::no_such_kind(&not, &self.kinds));
                None
            }
        }
    }
}
