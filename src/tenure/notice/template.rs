//! Wordings as data: `policy/notice_templates.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::NoticeKind;
use crate::tenure::contract::Contract;
use crate::tenure::line::Line;
use crate::tenure::terms::Terms;

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

/// The body for one duty as it stands.
pub fn body(kind: NoticeKind, contract: &Contract, terms: &Terms, line: &Line) -> String {
    let consequence = match line.consequence.arithmetic.trim() {
        "" => "无应计金额",
        words => words,
    };
    filled(kind, contract, terms, line, consequence)
}

/// The body with another consequence: what was decided.
pub fn filled(kind: NoticeKind, contract: &Contract, terms: &Terms, line: &Line, consequence: &str) -> String {
    let values = [
        ("{contract}", contract.number.clone()),
        ("{grantee}", terms.grantee.clone()),
        ("{parcels}", terms.parcels.join("、")),
        ("{duty}", line.duty.label()),
        ("{due}", line.due.to_string()),
        ("{days}", line.days.to_string()),
        ("{amount}", line.yuan().map(|money| money.to_string()).unwrap_or_default()),
        ("{consequence}", consequence.to_owned()),
    ];
    values.iter().fold(of(kind).body.trim().to_owned(), |text, (name, value)| text.replace(name, value))
}
