//! Photos of the survey, in the photo store of the inspections.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::db::{PgPool, Scope};

/// A photo of a visit.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SurveyPhoto)]
pub struct Photo {
    pub id: Uuid,
    #[serde(skip)]
    pub visit: Uuid,
    /// By the clock of the phone.
    pub device_at: DateTime<Utc>,
}

/// Of all visits to a parcel that are on record, each from whoever made the visit, in the order in which they were taken.
pub async fn of_parcel(pool: &PgPool, scope: &Scope, entry: Uuid) -> Result<Vec<Photo>, sqlx::Error> {
    sqlx::query_as!(
        Photo,
        "SELECT p.id, p.visit, p.device_at FROM survey_visit v JOIN inspection_photo p
             ON p.district = v.district AND p.visit = v.id AND p.surveyed = v.parcel AND p.account = v.recorded_by
         WHERE v.district = $1 AND v.parcel = $2 ORDER BY p.device_at, p.id",
        scope.county(),
        entry
    )
    .fetch_all(pool)
    .await
}

/// Whether a visit is on record and a photo is not: it comes too late.
pub async fn is_too_late(pool: &PgPool, scope: &Scope, (visit, photo): (Uuid, Uuid)) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM survey_visit WHERE district = $1 AND id = $2)
               AND NOT EXISTS (SELECT FROM inspection_photo WHERE district = $1 AND id = $3) AS "late!""#,
        scope.county(),
        visit,
        photo
    )
    .fetch_one(pool)
    .await
}

/// The hash a photo is kept under, when the reader may see its parcel and its visit is on record.
pub async fn picture(pool: &PgPool, scope: &Scope, id: Uuid) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT p.sha256 FROM inspection_photo p JOIN survey_visit v ON v.district = p.district AND v.id = p.visit
             AND v.parcel = p.surveyed AND v.recorded_by = p.account
             JOIN survey_parcel s ON s.district = p.district AND s.id = p.surveyed
         WHERE p.district = $1 AND p.id = $2 AND ($3::text IS NULL OR s.subdistrict = $3)",
        scope.county(),
        id,
        scope.subdistrict_code()
    )
    .fetch_optional(pool)
    .await
}
