//! A run as a table for people: one line an enterprise.

use super::document::{ActingVeto, ResultDocument};
use crate::exchange::sheet::Value;
use crate::policy::veto::title_of;

pub const HEADERS: &[&str] = &[
    "排名组",
    "名次",
    "统一社会信用代码（平台、宗地为其编号）",
    "名称",
    "得分",
    "初评",
    "自动评级",
    "评级",
    "一票否决",
    "缺失指标",
];

pub fn row(result: &ResultDocument) -> Vec<Value> {
    cells(result).into_iter().map(|cell| if cell.is_empty() { Value::Empty } else { Value::Text(cell) }).collect()
}

/// For the terminal.
pub fn text(result: &ResultDocument) -> String {
    cells(result).join("　")
}

fn cells(result: &ResultDocument) -> [String; 10] {
    let missing = result.items.iter().filter(|item| item.missing.is_some()).map(|item| item.indicator.clone());
    let vetoes = result.vetoes.iter().map(|veto| label_of(veto).to_owned());
    [
        result.group.clone(),
        result.rank.map(|rank| rank.to_string()).unwrap_or_default(),
        result.subject.id.clone(),
        result.name.clone(),
        result.score.clone(),
        result.first_grade.clone(),
        result.automatic_grade.clone(),
        result.grade.clone(),
        vetoes.collect::<Vec<_>>().join("、"),
        missing.collect::<Vec<_>>().join("、"),
    ]
}

/// What a veto is called: as the run kept it, else as the program knows its kind.
pub fn label_of(veto: &ActingVeto) -> &str {
    veto.title.as_deref().unwrap_or_else(|| title_of(&[], &veto.kind))
}
