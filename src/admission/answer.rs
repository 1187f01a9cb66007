//! The stateless check: a request in, the whole answer out. Nothing is kept.

use chrono::NaiveDate;
use geo_types::MultiPolygon;
use serde::Serialize;

use super::ground::{self, Located};
use super::request::CheckRequest;
use super::shares::{self, Impossible};
use super::{AppliedSet, Facts, Warning, check, fault, site, store};
use crate::db::{PgConnection, PgPool, Scope};
use crate::exchange::{Fault, FaultCode};
use crate::parcel;
use crate::planning::{Asked, LayerResult, conformity};
use crate::policy::catalogue::Catalogue;
use crate::policy::verdict::{Finding, Overall};

/// The answer as programs read it. Figures are decimals written as text.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct CheckAnswer {
    pub verdict: Overall,
    pub as_of: NaiveDate,
    /// SHA-256 of the policy catalogue that was asked.
    pub catalogue: String,
    /// The number under which the same facts give the same answer.
    pub receipt: String,
    pub set: Option<AppliedSet>,
    pub results: Vec<Finding>,
    pub warnings: Vec<Warning>,
    /// What each planning layer answers, with the pieces in conflict; empty without a site.
    pub spatial: Vec<LayerResult>,
}

#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The request cannot be checked as it is.
    #[error("{}", .0.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join("；"))]
    Input(Vec<Fault>),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Of `today`; `as_of` is the day whose rules and registers are asked.
///
/// # Errors
/// Everything that is wrong with the request, or a database that does not answer.
pub async fn answer(
    pool: &PgPool,
    scope: &Scope,
    request: &CheckRequest,
    catalogue: &Catalogue,
    as_of: NaiveDate,
    today: NaiveDate,
) -> Result<CheckAnswer, CheckError> {
    let facts = request.facts();
    let mut faults = fault::faults(&facts, &catalogue.indicators);
    faults.extend(fault::of_land_use(request));
    let located = match locate(pool, scope, request, catalogue, as_of).await {
        Ok(located) => located,
        Err(CheckError::Input(more)) => {
            faults.extend(more);
            None
        }
        Err(error) => return Err(error),
    };
    if !faults.is_empty() {
        return Err(CheckError::Input(faults));
    }
    let mut answer = hold(&mut *pool.acquire().await?, scope, request, facts, located, catalogue, as_of).await?;
    answer.warnings.extend(ground::another_day(as_of, today));
    answer.warnings.extend(ground::judged_by_the_caller(request));
    Ok(answer)
}

/// Holds facts and a located site against registers, plans, policy and standards: one connection, a few statements.
///
/// # Errors
/// A site outside the district, a part larger than its whole, or a database that does not answer.
pub async fn hold(
    connection: &mut PgConnection,
    scope: &Scope,
    request: &CheckRequest,
    mut facts: Facts,
    located: Option<Located>,
    catalogue: &Catalogue,
    as_of: NaiveDate,
) -> Result<CheckAnswer, CheckError> {
    let mut warnings = Vec::new();
    if let Some(located) = &located {
        warnings.extend(in_the_district(connection, scope, &located.shape, as_of).await?);
        warnings.extend(ground::establish(connection, scope, located, catalogue, as_of, &mut facts).await?);
        facts.spatial = examine(connection, scope, &located.shape, &facts, request, as_of).await?;
    }
    warnings.extend(ground::offered_otherwise(request, &facts));
    let impossible = shares::impossible(&facts, catalogue, as_of);
    if !impossible.is_empty() {
        return Err(CheckError::Input(impossible.into_iter().map(Impossible::fault).collect()));
    }
    let checked = check::check(&facts, catalogue, as_of);
    warnings.extend(checked.warnings);
    Ok(CheckAnswer {
        verdict: checked.verdict,
        as_of,
        catalogue: checked.receipt.catalogue,
        receipt: checked.receipt.id,
        set: checked.set,
        results: checked.results,
        warnings,
        spatial: facts.spatial,
    })
}

/// Without a kind of land no layer can say whether the use is allowed, so none is asked.
async fn examine(
    connection: &mut PgConnection,
    scope: &Scope,
    shape: &MultiPolygon<f64>,
    facts: &Facts,
    request: &CheckRequest,
    as_of: NaiveDate,
) -> Result<Vec<LayerResult>, sqlx::Error> {
    let Some(land_kind) = facts.land_kind else { return Ok(Vec::new()) };
    let asked = Asked { land_kind, land_use: request.land_use.clone() };
    conformity::examine(connection, scope, shape, &asked, as_of).await
}

/// The site: drawn, or a parcel with what the register says its size is.
async fn locate(
    pool: &PgPool,
    scope: &Scope,
    request: &CheckRequest,
    catalogue: &Catalogue,
    as_of: NaiveDate,
) -> Result<Option<Located>, CheckError> {
    let wrong = |code, place: &str, reason: String| CheckError::Input(vec![Fault::error(code, reason).at_field(place)]);
    match (&request.site, &request.parcel) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => {
            Err(wrong(FaultCode::SiteTwice, "/parcel", "用地图形（site）和宗地代码（parcel）只能填报一项".into()))
        }
        (Some(value), None) => {
            let (value, parameters) = (value.clone(), catalogue.parameters_on(as_of));
            let reading = tokio::task::spawn_blocking(move || site::read(&value, &parameters));
            let shape = reading.await.map_err(|ended| sqlx::Error::Io(std::io::Error::other(ended)))?;
            shape.map(|shape| Some(Located::drawn(shape))).map_err(|fault| CheckError::Input(vec![fault]))
        }
        (None, Some(code)) => {
            let unknown = || wrong(FaultCode::ParcelUnknown, "/parcel", format!("本区在 {as_of} 没有宗地 {code}"));
            let version = parcel::store::version_on(pool, scope, code.as_str(), as_of).await?.ok_or_else(unknown)?;
            let shape = store::shape_of(pool, scope, version.id).await?.ok_or_else(unknown)?;
            let area = version.official_area_m2.unwrap_or(version.plane_area_m2);
            Ok(Some(Located { shape, parcel: Some(code.as_str().to_owned()), registered_m2: Some(area) }))
        }
    }
}

/// A site that lies outside is refused, one that reaches over the border is pointed out.
async fn in_the_district(
    connection: &mut PgConnection,
    scope: &Scope,
    shape: &MultiPolygon<f64>,
    as_of: NaiveDate,
) -> Result<Option<Warning>, CheckError> {
    let warning = |code: &str, message: String| Warning { code: code.into(), place: "/site".into(), message };
    match store::lies(connection, scope, shape, as_of).await? {
        store::Lies::Inside => Ok(None),
        store::Lies::Outside => {
            let fault = Fault::error(FaultCode::SiteOutsideDistrict, "用地不在本区范围内").at_field("/site");
            Err(CheckError::Input(vec![fault]))
        }
        store::Lies::Across { outside_m2 } => {
            let message = format!("用地有 {outside_m2} 平方米超出本区界线，请核对图形。");
            Ok(Some(warning("site_across_border", message)))
        }
        store::Lies::Unknown => {
            let message = "没有载入本区界线，未核对用地是否在本区范围内。".to_owned();
            Ok(Some(warning("district_outline_missing", message)))
        }
    }
}
