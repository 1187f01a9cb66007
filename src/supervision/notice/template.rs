//! Wordings as data: `policy/notice_templates.toml`.

use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::Deserialize;

use super::NoticeKind;
use crate::base::unit::grouped;
use crate::contract::known::Contract;
use crate::contract::terms::Terms;
use crate::obligations::line::Line;

const TEMPLATES: &str = include_str!("../../../policy/notice_templates.toml");

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeTemplate {
    pub kind: NoticeKind,
    /// Kept with each notice.
    pub edition: String,
    pub title: String,
    pub article: String,
    pub body: String,
}

#[derive(Deserialize)]
struct File {
    template: Vec<NoticeTemplate>,
}

static ALL: LazyLock<Vec<NoticeTemplate>> =
    LazyLock::new(|| toml::from_str::<File>(TEMPLATES).expect("the wordings are tested").template);

/// The wording of a kind; every kind has one.
pub fn of(kind: NoticeKind) -> &'static NoticeTemplate {
    ALL.iter().find(|template| template.kind == kind).expect("every kind has its wording")
}

/// What is filled in besides the contract.
pub struct Values<'a> {
    line: &'a Line,
    consequence: &'a str,
    on: NaiveDate,
    decided_on: Option<NaiveDate>,
}

impl<'a> Values<'a> {
    /// A duty as it stands on a day, with what follows from it.
    pub fn of(line: &'a Line, consequence: &'a str, on: NaiveDate) -> Self {
        Values { line, consequence, on, decided_on: None }
    }

    pub fn decided_on(self, day: NaiveDate) -> Self {
        Values { decided_on: Some(day), ..self }
    }
}

/// The body for one duty as it stands on a day.
pub fn body(kind: NoticeKind, contract: &Contract, terms: &Terms, line: &Line, on: NaiveDate) -> String {
    let consequence = match line.consequence.arithmetic.trim() {
        "" => "无应计金额".to_owned(),
        words if line.paid.is_zero() => words.to_owned(),
        words => format!("{words}；已缴{}元", grouped(line.paid.0, 2)),
    };
    filled(kind, contract, terms, &Values::of(line, &consequence, on))
}

/// The body with what was worked out, or decided.
pub fn filled(kind: NoticeKind, contract: &Contract, terms: &Terms, values: &Values<'_>) -> String {
    let line = values.line;
    let values = [
        ("{contract}", contract.number.clone()),
        ("{grantee}", terms.grantee.clone()),
        ("{parcels}", terms.parcels.join("、")),
        ("{duty}", line.duty.label()),
        ("{due}", line.due.to_string()),
        ("{days}", line.days.to_string()),
        ("{day}", values.on.to_string()),
        ("{decided_on}", values.decided_on.unwrap_or(values.on).to_string()),
        ("{amount}", line.yuan().map(|money| money.to_string()).unwrap_or_default()),
        ("{consequence}", values.consequence.to_owned()),
    ];
    values.iter().fold(of(kind).body.trim().to_owned(), |text, (name, value)| text.replace(name, value))
}
