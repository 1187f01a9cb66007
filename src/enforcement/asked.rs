//! What an address says of findings, the same for page, file and program.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::store::finding_list::FindingFilter;
use crate::account::Officer;
use crate::web;
use crate::web::list::{Parameters, non_empty, read};
use crate::workflow::Number;

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct FindingParameters {
    /// Number of a campaign, as `2026-0003`.
    pub campaign: String,
    /// Code of a department.
    pub department: String,
    /// `1`: only those of one's own department.
    pub own: String,
    /// Code of a state.
    pub state: String,
    /// `1`: only those that are not at their end.
    pub open: String,
    /// `1`: only those whose next step is late.
    pub late: String,
    /// `1`: only those with a veto that waits to be decided.
    pub veto: String,
    /// The whole credit code.
    pub q: String,
    /// `next` of the page before.
    pub after: String,
    /// Findings a page, 1 to 500.
    pub size_of_page: String,
}

impl Parameters for FindingParameters {}

/// # Errors
/// It is no number of a campaign.
pub fn number(text: &str) -> web::Result<Option<Number>> {
    let number = non_empty(text).map(|text| text.parse::<Number>());
    number.transpose().map_err(|()| web::Error::BadRequest(format!("“{text}”不是联合执法行动的编号")))
}

impl FindingParameters {
    /// # Errors
    /// The first that cannot be read.
    pub fn filter(&self, officer: &Officer, today: NaiveDate) -> web::Result<FindingFilter> {
        let own = non_empty(&self.own).and(officer.department);
        Ok(FindingFilter {
            campaign: number(&self.campaign)?,
            department: own.or(read(&self.department, "没有这个部门")?),
            state: read(&self.state, "没有这种状态")?,
            open: non_empty(&self.open).is_some(),
            late_on: non_empty(&self.late).map(|_| today),
            veto: non_empty(&self.veto).is_some(),
            uscc: non_empty(&self.q).map(str::to_uppercase),
        })
    }
}
