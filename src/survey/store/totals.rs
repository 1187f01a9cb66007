//! Sums of a round by place, state and class: progress, and what the land comes to.

use rust_decimal::Decimal;
use uuid::Uuid;

use crate::db::{PgConnection, Scope};
use crate::survey::{Class, ParcelState};

/// Parcels of a sub-district that stand alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    pub subdistrict: String,
    pub state: ParcelState,
    pub class: Option<Class>,
    pub parcels: i64,
    /// m², of those with a registered area.
    pub area_m2: Decimal,
    /// Without one.
    pub unmeasured: i64,
}

pub async fn of_round(connection: &mut PgConnection, scope: &Scope, round: Uuid) -> Result<Vec<Sum>, sqlx::Error> {
    sqlx::query_as!(
        Sum,
        r#"SELECT subdistrict, state AS "state: _", class AS "class: _", count(*) AS "parcels!",
                  COALESCE(sum(area_m2), 0) AS "area_m2!", count(*) - count(area_m2) AS "unmeasured!"
           FROM survey_parcel WHERE district = $1 AND round = $2 AND ($3::text IS NULL OR subdistrict = $3)
           GROUP BY subdistrict, state, class ORDER BY subdistrict, state, class"#,
        scope.county(),
        round,
        scope.subdistrict_code()
    )
    .fetch_all(connection)
    .await
}
