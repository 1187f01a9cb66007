//! The admission cases that contracts name as what they come of.

use std::collections::BTreeSet;

use crate::db::{PgConnection, Scope};

/// Of numbers that contracts name: those of cases of this register that were not admitted. A number that is not of this
/// register, such as one on older paper, stands as it is.
pub async fn not_admitted(
    connection: &mut PgConnection,
    scope: &Scope,
    named: &[String],
) -> Result<BTreeSet<String>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        r#"SELECT named.number AS "number!" FROM (
               SELECT number, CASE WHEN number ~ '^[0-9]{4}-[0-9]{1,9}$' THEN split_part(number, '-', 1)::smallint END AS year,
                      CASE WHEN number ~ '^[0-9]{4}-[0-9]{1,9}$' THEN split_part(number, '-', 2)::integer END AS serial
               FROM unnest($2::text[]) AS asked(number)) AS named
           JOIN admission_case c ON c.district = $1 AND c.year = named.year AND c.serial = named.serial
           WHERE c.outcome IS DISTINCT FROM 'admitted'"#,
        scope.county(),
        named
    )
    .fetch_all(connection)
    .await?;
    Ok(found.into_iter().collect())
}
