//! What can be asked of the list of tasks: the same words for the page, the exports and the API.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use uuid::Uuid;

use super::{Stage, TaskState};
use crate::codelist::CrossWalk;
use crate::web::list::{Parameters, non_empty};
use crate::web::{self, Error};

/// Which tasks, by where they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Any,
    /// Open or under way.
    Waiting,
    /// Waiting, and past the due date.
    Overdue,
    Is(TaskState),
}

#[derive(Clone, Debug)]
pub struct ListQuery {
    /// Only tasks of this person.
    pub assignee: Option<Uuid>,
    pub standing: Standing,
    pub stage: Option<Stage>,
    pub subdistrict: Option<String>,
    /// Part of the parcel code, or of the subject.
    pub text: Option<String>,
    pub today: NaiveDate,
}

/// Where a page ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    #[serde(rename = "d")]
    pub due: NaiveDate,
    #[serde(rename = "i")]
    pub id: Uuid,
}

/// Every field may be absent or empty, which is the same: a form sends empty fields.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    /// `1`: only tasks assigned to the reader.
    pub mine: String,
    /// `waiting`, `overdue`, or a state: `open`, `under_way`, `reported`, `closed`, `cancelled`.
    pub state: String,
    /// `construction`, `production`, `remaining_term`, `idle_suspicion` or `low_efficiency`.
    pub stage: String,
    /// Sub-district code, nine digits.
    pub subdistrict: String,
    /// Part of the parcel code, or of the subject (a contract number).
    pub q: String,
    /// `next` of the page before.
    pub after: String,
    /// Lines a page, 1 to 500.
    pub size_of_page: String,
}

impl ListParameters {
    /// # Errors
    /// The first field that cannot be read.
    pub fn query(&self, reader: Uuid, today: NaiveDate) -> web::Result<ListQuery> {
        let standing = match non_empty(&self.state) {
            None => Standing::Any,
            Some("waiting") => Standing::Waiting,
            Some("overdue") => Standing::Overdue,
            Some(state) => {
                Standing::Is(TaskState::parse(state).ok_or_else(|| Error::BadRequest("没有这样的任务状态".into()))?)
            }
        };
        let stage = non_empty(&self.stage)
            .map(|text| Stage::parse(text).ok_or_else(|| Error::BadRequest("没有这样的检查阶段".into())));
        Ok(ListQuery {
            assignee: non_empty(&self.mine).map(|_| reader),
            standing,
            stage: stage.transpose()?,
            subdistrict: non_empty(&self.subdistrict).map(|code| CrossWalk::embedded().present_subdistrict(code)),
            text: non_empty(&self.q).map(str::to_owned),
            today,
        })
    }
}

impl Parameters for ListParameters {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_read_and_kept_in_the_address() {
        let reader = Uuid::from_u128(7);
        let today = "2026-11-23".parse().unwrap();
        let asked = ListParameters { mine: "1".into(), state: "overdue".into(), ..Default::default() };
        let query = asked.query(reader, today).unwrap();
        assert_eq!((query.assignee, query.standing), (Some(reader), Standing::Overdue));
        assert_eq!(asked.address(&[("stage", "production")]), "?mine=1&state=overdue&stage=production");
        let wrong = ListParameters { state: "late".into(), ..Default::default() };
        assert!(wrong.query(reader, today).is_err());
    }
}
