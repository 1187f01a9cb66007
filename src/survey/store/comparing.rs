//! Two rounds side by side: how parcels stood in the one and in the other.

use rust_decimal::Decimal;
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::db::{PgPool, Scope};

/// Parcels that stood alike in each of two rounds.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Moved {
    /// A code of [`super::parcels::Stood`], or `absent`.
    pub before: String,
    pub after: String,
    pub parcels: i64,
    /// m², as frozen in the later round, or in the earlier one for what is not in it.
    pub area_m2: Decimal,
    pub unmeasured: i64,
}

pub type MovedKey = (String, String);

impl Moved {
    pub fn key(&self) -> MovedKey {
        (self.before.clone(), self.after.clone())
    }
}

const STOOD: &str = "SELECT code, area_m2, CASE WHEN state = 'awaiting' THEN 'awaiting' ELSE COALESCE(class, 'not_determinable') END AS stood
     FROM survey_parcel WHERE district = ";

fn push_round(sql: &mut QueryBuilder<Postgres>, scope: &Scope, round: Uuid) {
    sql.push(STOOD).push_bind(scope.county().to_owned()).push(" AND round = ").push_bind(round);
    if let Some(subdistrict) = scope.subdistrict_code() {
        sql.push(" AND subdistrict = ").push_bind(subdistrict.to_owned());
    }
}

/// Every pair of ways to stand, in the order of their codes: some dozens. A parcel that was split or merged in between is another one:
/// absent in one of the two.
pub async fn moved(pool: &PgPool, scope: &Scope, (earlier, later): (Uuid, Uuid)) -> Result<Vec<Moved>, sqlx::Error> {
    let mut sql = QueryBuilder::new("WITH earlier AS (");
    push_round(&mut sql, scope, earlier);
    sql.push("), later AS (");
    push_round(&mut sql, scope, later);
    sql.push(
        "), moved AS (SELECT COALESCE(e.stood, 'absent') AS before, COALESCE(l.stood, 'absent') AS after,
             CASE WHEN l.code IS NULL THEN e.area_m2 ELSE l.area_m2 END AS area_m2
           FROM earlier e FULL JOIN later l ON l.code = e.code)
         SELECT before, after, count(*) AS parcels, COALESCE(sum(area_m2), 0) AS area_m2, count(*) - count(area_m2) AS unmeasured
         FROM moved GROUP BY before, after ORDER BY before COLLATE \"C\", after COLLATE \"C\"",
    );
    sql.build_query_as().fetch_all(pool).await
}
