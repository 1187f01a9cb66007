//! The check as a table: one row a duty, with units in the headers.

use super::check::Change;
use super::line::Line;
use crate::exchange::sheet::Value;

pub const HEADERS: [&str; 11] = [
    "合同编号",
    "事项",
    "依据条款",
    "到期日",
    "状态",
    "天数（日）",
    "至今后果（元）",
    "已缴（元）",
    "尚欠（元）",
    "算式",
    "备注",
];

pub const CHANGE_HEADERS: [&str; 8] =
    ["合同编号", "事项", "变化", "到期日", "此前状态", "此后状态", "此后后果（元）", "算式"];

/// The cells of a line, under [`HEADERS`].
pub fn row(contract: &str, line: &Line) -> Vec<Value> {
    vec![
        contract.into(),
        line.duty.label().into(),
        line.article.into(),
        line.due.into(),
        line.state.label().into(),
        line.days.into(),
        line.yuan().map(|yuan| yuan.0).into(),
        line.duty.kind.may_cost().then_some(line.paid.0).into(),
        line.remaining().map(|yuan| yuan.0).into(),
        line.consequence.arithmetic.clone().into(),
        remark(line).into(),
    ]
}

/// What a reader has to know besides.
pub fn remark(line: &Line) -> String {
    let rescind = line.may_rescind.then(|| "出让人有权解除合同".to_owned());
    let provisional = line.provisional.then(|| "该年休假安排尚未公布，到期日可能变动".to_owned());
    rescind.into_iter().chain(provisional).chain(line.beyond()).collect::<Vec<_>>().join("；")
}

/// The cells of a change, under [`CHANGE_HEADERS`].
pub fn change_row(contract: &str, change: &Change) -> Vec<Value> {
    let state = |line: &Option<Line>| line.as_ref().map(Line::wording);
    let shown = change.after.as_ref().or(change.before.as_ref());
    vec![
        contract.into(),
        change.duty.label().into(),
        change.kind.label().into(),
        shown.map(|line| line.due).into(),
        state(&change.before).into(),
        state(&change.after).into(),
        change.after.as_ref().and_then(Line::yuan).map(|yuan| yuan.0).into(),
        shown.map(|line| line.consequence.arithmetic.clone()).into(),
    ]
}
