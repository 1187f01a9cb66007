//! A site held against every planning layer: 四(一).

use chrono::NaiveDate;
use geo_types::MultiPolygon;

use super::store::{self, Want};
use super::{Asked, LayerKind, LayerResult, rules, uses};
use crate::db::{PgConnection, Scope};

/// What each of the six layers says of a site (EPSG:4490, longitude before latitude) on a day, in the order of
/// [`LayerKind::ALL`]. One statement; a layer that cannot be computed answers `failed` and leaves the others standing.
///
/// # Errors
/// When the database is gone. No layer is read as clear then, because none is read at all.
pub async fn examine(
    connection: &mut PgConnection,
    scope: &Scope,
    site: &MultiPolygon<f64>,
    asked: &Asked,
    as_of: NaiveDate,
) -> Result<Vec<LayerResult>, sqlx::Error> {
    if let Some(fault) = rules::site_fault(site) {
        return Ok(LayerKind::ALL.iter().map(|layer| rules::failed(*layer, &fault)).collect());
    }
    let want = Want { site, zone: rules::survey_zone(site), as_of, keys: &uses::keys(asked) };
    let overlaid = store::overlay(connection, scope, &want).await?;
    Ok(rules::results(overlaid, asked, as_of))
}

#[cfg(test)]
mod tests;
