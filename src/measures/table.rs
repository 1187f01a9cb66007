//! The list of a day as a table.

use super::list::Row;
use crate::exchange::sheet::Value;

pub const TITLE: &str = "差别化措施";

pub const HEADERS: &[&str] = &[
    "统一社会信用代码",
    "企业名称",
    "措施编号",
    "措施",
    "执行单位",
    "户号",
    "依据",
    "档次",
    "连续年数",
    "基数",
    "单位",
    "标准",
    "金额（元）",
    "结论",
    "说明",
    "凭据",
];

pub fn row(row: &Row) -> Vec<Value> {
    let line = &row.line;
    let text = |text: &Option<String>| text.clone().map_or(Value::Empty, Value::Text);
    let figure = |text: &Option<String>| text.as_deref().map_or(Value::Empty, figure);
    vec![
        Value::Text(row.subject.uscc.clone()),
        Value::Text(row.subject.name.clone()),
        Value::Text(line.measure.clone()),
        Value::Text(row.title.clone()),
        Value::Text(row.executing.label().to_owned()),
        Value::Text(row.customers()),
        Value::Text(line.article.clone()),
        Value::Text(line.grade.clone()),
        Value::Integer(i64::try_from(line.years).unwrap_or(i64::MAX)),
        figure(&line.base),
        text(&line.unit),
        figure(&line.rate),
        figure(&line.amount),
        Value::Text(line.outcome.label().to_owned()),
        Value::Text(line.why.clone()),
        Value::Text(row.receipt.id.clone()),
    ]
}

/// A figure as a number; one that no cell holds exactly stays a text.
pub fn figure(text: &str) -> Value {
    text.parse().map_or_else(|_| Value::Text(text.to_owned()), Value::Decimal)
}

/// As the terminal shows it.
pub fn text(row: &Row) -> String {
    let line = &row.line;
    let amount = line.amount.as_ref().map(|amount| format!("　{amount}元")).unwrap_or_default();
    format!(
        "{}　{}　{}档　{}　{}{amount}　{}",
        row.subject.uscc, row.subject.name, line.grade, row.title, line.outcome, line.why
    )
}
