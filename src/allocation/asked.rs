//! What an address says of the lines of a reconciliation, the same for page, file and program; and for whom somebody reports.

use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use uuid::Uuid;

use super::reports::Reporter;
use super::store::reconciled::ReconciledFilter;
use super::store::reconciliations::{self, ReconciliationRow};
use super::wording::AllocationError;
use crate::account::{Access, Officer};
use crate::db::PgPool;
use crate::web::list::{Parameters, non_empty, read};
use crate::web::{self, Error};

/// For which bodies somebody reports.
pub fn reporter(officer: &Officer) -> Reporter {
    if officer.may(Access::HandOverMeasures) { Reporter::Office } else { Reporter::Of(officer.department) }
}

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ReconciledParameters {
    /// Number of the reconciliation; the newest without it.
    pub of: String,
    /// Code of an executing body.
    pub body: String,
    /// Code of a finding.
    pub finding: String,
    /// `1`: only what somebody has to put right.
    pub gaps: String,
    /// Whose turn it is: `executing` or `figures`.
    pub turn: String,
    /// A grade, as `D`.
    pub grade: String,
    /// Sub-district code, nine digits.
    pub subdistrict: String,
    /// The whole credit code.
    pub q: String,
    /// `next` of the page before.
    pub after: String,
    /// Lines a page, 1 to 500.
    pub size_of_page: String,
}

impl Parameters for ReconciledParameters {}

impl ReconciledParameters {
    /// Which reconciliation, and which of its lines.
    ///
    /// # Errors
    /// What cannot be read, or a reconciliation that is not there.
    pub async fn read(&self, pool: &PgPool, officer: &Officer) -> web::Result<(ReconciliationRow, ReconciledFilter)> {
        let missing = || Error::from(AllocationError::NoReconciliation);
        let mut connection = pool.acquire().await?;
        let of = match read::<Uuid>(&self.of, "没有这次核对")? {
            Some(of) => of,
            None => reconciliations::newest(&mut connection, &officer.scope).await?.ok_or_else(missing)?,
        };
        let found = reconciliations::find(&mut connection, &officer.scope, of).await?.ok_or_else(missing)?;
        let filter = ReconciledFilter {
            body: read(&self.body, "没有这种执行单位")?,
            finding: read(&self.finding, "没有这种核对结果")?,
            gaps: non_empty(&self.gaps).is_some(),
            turn: read(&self.turn, "没有这种办理方")?,
            grade: non_empty(&self.grade).map(str::to_owned),
            subdistrict: non_empty(&self.subdistrict).map(str::to_owned),
            uscc: non_empty(&self.q).map(str::to_uppercase),
            ..ReconciledFilter::all(of)
        };
        Ok((found, filter))
    }
}
