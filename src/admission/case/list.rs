//! What can be asked of the list of cases: the same words for the page, the export and the API.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use uuid::Uuid;

use super::{Case, Outcome, Stage};
use crate::policy::verdict::Overall;
use crate::web;
use crate::web::list::{Parameters, non_empty, read};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub stage: Option<Stage>,
    pub outcome: Option<Outcome>,
    pub verdict: Option<Overall>,
    /// Part of number, project, investor or credit code.
    pub text: Option<String>,
    /// Filed or handled by this person.
    pub mine: Option<Uuid>,
    /// Only cases nobody has decided or withdrawn.
    pub open: bool,
}

/// Where a page ended: newest change first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    #[serde(rename = "t")]
    pub changed_at: DateTime<Utc>,
    #[serde(rename = "i")]
    pub id: Uuid,
}

impl Cursor {
    pub fn of(case: &Case) -> Self {
        Cursor { changed_at: case.changed_at, id: case.id }
    }
}

/// Every field may be absent or empty, which is the same: a form sends empty fields.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    /// `draft`, `submitted`, `returned`, `accepted`, `opinions`, `recommended`, `decided`, `notified` or `withdrawn`.
    pub stage: String,
    /// `admitted` or `refused`.
    pub outcome: String,
    /// `conforms`, `does_not_conform` or `not_determinable`.
    pub verdict: String,
    /// Part of number, project, investor or credit code.
    pub q: String,
    /// `1`: only what I filed or handle.
    pub mine: String,
    /// `1`: only what is not decided yet.
    pub open: String,
    /// `next` of the page before.
    pub after: String,
}

impl ListParameters {
    /// # Errors
    /// The first field that cannot be read.
    pub fn filter(&self, person: Uuid) -> web::Result<Filter> {
        Ok(Filter {
            stage: read(&self.stage, "没有这样的办理状态")?,
            outcome: read(&self.outcome, "没有这样的决定")?,
            verdict: read(&self.verdict, "没有这样的核查结论")?,
            text: non_empty(&self.q).map(str::to_owned),
            mine: non_empty(&self.mine).map(|_| person),
            open: non_empty(&self.open).is_some(),
        })
    }
}

impl Parameters for ListParameters {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_its_filters_and_an_unknown_one_is_refused() {
        let asked = ListParameters { q: "a&b".into(), open: "1".into(), ..Default::default() };
        assert_eq!(asked.address(&[("stage", "opinions")]), "?stage=opinions&q=a%26b&open=1");
        assert!(asked.filter(Uuid::nil()).unwrap().open);
        assert!(ListParameters { stage: "x".into(), ..Default::default() }.filter(Uuid::nil()).is_err());
    }
}
