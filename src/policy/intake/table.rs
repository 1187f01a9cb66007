//! The tables, .xlsx or .csv. Rows with the same name belong together; the first says what they share.

mod directory;
mod documents;
mod interval;
mod standards;

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::ControlFlow;

use super::frame::{Frame, Reading};
use super::{IntakeKind, spec, wording};
use crate::exchange::{Fault, FileOption, Question, ReadOptions, TableFile, TableRow, TableSpec, Unreadable};
use crate::policy::ending::Ending;
use crate::policy::standard::Adoption;

pub fn read(ending: &str, bytes: &[u8], frame: Frame<'_>) -> Reading {
    let Some(spec) = spec::of(frame.kind) else { return Reading::fault(wording::schemes_are_json()) };
    match rows(ending, bytes, spec) {
        Ok((rows, faults)) => {
            let mut reading = match frame.kind {
                IntakeKind::Standards => standards::read(&rows, frame),
                IntakeKind::Documents => documents::read(&rows, frame),
                IntakeKind::Directory => directory::read(&rows, frame),
                IntakeKind::Schemes | IntakeKind::VetoKinds | IntakeKind::Measures => Reading::default(),
            };
            reading.faults.splice(0..0, faults);
            reading
        }
        Err(Unreadable::Refused(fault)) => Reading::fault(*fault),
        Err(Unreadable::Question(question)) => Reading::fault(unanswered(*question)),
    }
}

/// The form has no field for an answer, so the file has to say it.
fn unanswered(question: Question) -> Fault {
    let instead = match question.option {
        FileOption::Encoding => "请另存为 UTF-8 或 .xlsx 后重新上传。",
        FileOption::Figures => "请把该列改为“常规”格式，核对后重新上传。",
        _ => "请只保留要导入的工作表后重新上传。",
    };
    Fault::error(question.code, question.message + instead)
}

fn rows(ending: &str, bytes: &[u8], spec: &'static TableSpec) -> Result<(Vec<TableRow>, Vec<Fault>), Unreadable> {
    let unwritable = |error: std::io::Error| crate::exchange::wording::cannot_open(&error);
    let mut file = tempfile::Builder::new().suffix(&format!(".{ending}")).tempfile().map_err(unwritable)?;
    file.write_all(bytes).and_then(|()| file.flush()).map_err(unwritable)?;
    let mut table = TableFile::open(file.path(), spec, &ReadOptions::default())?;
    let (mut rows, mut surplus) = (Vec::new(), Vec::new());
    let summary = table.read(&mut |row| {
        surplus.extend(row.surplus());
        rows.push(row);
        ControlFlow::Continue(())
    })?;
    Ok((rows, [summary.faults, surplus].concat()))
}

/// The rows of each name, in the order in which the names appear. A row without a name was a fault already.
fn grouped<'a>(rows: &'a [TableRow], faults: &mut Vec<Fault>) -> Vec<(String, Vec<&'a TableRow>)> {
    let mut places = BTreeMap::new();
    let mut groups: Vec<(String, Vec<&TableRow>)> = Vec::new();
    for row in rows {
        let Some(id) = row.text("id", faults) else { continue };
        let place = *places.entry(id.clone()).or_insert_with(|| {
            groups.push((id, Vec::new()));
            groups.len() - 1
        });
        groups[place].1.push(row);
    }
    groups
}

/// One thing and what is wrong with it.
struct Group<'a> {
    id: &'a str,
    rows: &'a [&'a TableRow],
    faults: &'a mut Vec<Fault>,
}

impl Group<'_> {
    fn first(&self) -> &TableRow {
        self.rows[0]
    }

    /// What the group says in one column: the first row's value; another row may leave it out or repeat it.
    fn shared(&mut self, key: &str) -> Option<String> {
        let first = self.rows[0].text(key, self.faults);
        for row in &self.rows[1..] {
            let other = row.text(key, self.faults);
            if other.is_some() && other != first {
                self.faults.push(wording::row_differs(self.title(key), self.id).at(Some(row.record), Some(row.line)));
            }
        }
        first
    }

    fn required(&mut self, key: &str) -> Option<String> {
        let value = self.shared(key);
        if value.is_none() {
            self.fault(crate::exchange::wording::value_missing(&self.title(key).into()));
        }
        value
    }

    fn term<T: Copy>(&mut self, key: &str, parse: fn(&str) -> Option<T>, choices: &[&str]) -> Option<T> {
        let text = self.required(key)?;
        let term = parse(&text);
        if term.is_none() {
            self.fault(wording::term_unknown(self.title(key), &text, &choices.join("、")));
        }
        term
    }

    fn adoption(&mut self) -> Option<Adoption> {
        self.term("adoption", Adoption::parse, &Adoption::ALL.iter().map(|it| it.label()).collect::<Vec<_>>())
    }

    fn ending(&mut self) -> Option<Ending> {
        let text = self.shared("ending")?;
        match Ending::read(&text) {
            Ok(ending) => Some(ending),
            Err(_) => {
                self.fault(wording::ending(&text));
                None
            }
        }
    }

    /// Of the first row; a flag that is not there is a fault of the table.
    fn flag(&mut self, key: &str) -> Option<bool> {
        self.rows[0].flag(key, self.faults)
    }

    fn day(&mut self, key: &str) -> Option<chrono::NaiveDate> {
        self.rows[0].date(key, self.faults)
    }

    /// At the first row of the group.
    fn fault(&mut self, fault: Fault) {
        let (record, line) = (self.first().record, self.first().line);
        self.faults.push(fault.at(Some(record), Some(line)));
    }

    fn title(&self, key: &str) -> &'static str {
        let columns = IntakeKind::ALL.iter().filter_map(|kind| spec::of(*kind)).flat_map(|spec| spec.columns);
        columns.into_iter().find(|column| column.key == key).map_or("", |column| column.title())
    }
}
