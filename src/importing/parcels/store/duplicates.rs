//! Records of a file that share a code or a shape.

use crate::db::PgConnection;

/// A record that shares something with others of the file.
pub struct Shared {
    pub record: i64,
    pub line: Option<i64>,
    pub what: String,
    pub others: Vec<i64>,
}

/// Records with the same parcel code.
pub async fn same_codes(connection: &mut PgConnection) -> Result<Vec<Shared>, sqlx::Error> {
    sqlx::query_as!(
        Shared,
        r#"SELECT a.record, a.line, a.code AS "what!", array_agg(b.record ORDER BY b.record) AS "others!"
           FROM staging_parcel AS a JOIN staging_parcel AS b ON b.code = a.code AND b.record <> a.record
           WHERE a.code IN (SELECT code FROM staging_parcel WHERE code IS NOT NULL GROUP BY code HAVING count(*) > 1)
           GROUP BY a.record, a.line, a.code ORDER BY a.record"#
    )
    .fetch_all(connection)
    .await
}

/// Records with the same shape.
pub async fn same_shapes(connection: &mut PgConnection) -> Result<Vec<Shared>, sqlx::Error> {
    sqlx::query_as!(
        Shared,
        r#"SELECT a.record, a.line, coalesce(a.given_code, '') AS "what!", array_agg(b.record ORDER BY b.record) AS "others!"
           FROM staging_parcel AS a JOIN staging_parcel AS b ON b.shape_hash = a.shape_hash AND b.record <> a.record
           WHERE a.shape_hash IN (SELECT shape_hash FROM staging_parcel GROUP BY shape_hash HAVING count(*) > 1)
           GROUP BY a.record, a.line, a.given_code ORDER BY a.record"#
    )
    .fetch_all(connection)
    .await
}
