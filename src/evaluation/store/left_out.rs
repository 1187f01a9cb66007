//! Whoever a run leaves out, as a list.

use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use crate::db::count::{Total, total as count};
use crate::db::keyset::{self, Position};
use crate::db::like::containing;
use crate::db::{PgPool, Scope};
use crate::evaluation::LeftOut;
use crate::evaluation::document::LeftOutDocument;

type Sql = QueryBuilder<Postgres>;

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LeftOutLine {
    pub key: String,
    pub name: String,
    pub subdistrict: Option<String>,
    pub why: LeftOut,
    pub detail: Json<LeftOutDocument>,
}

#[derive(Clone, Debug, Default)]
pub struct LeftOutFilter {
    pub run: Uuid,
    pub why: Option<LeftOut>,
    pub subdistrict: Option<String>,
    pub text: Option<String>,
}

/// Reason and key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOutKey {
    #[serde(rename = "w")]
    pub why: String,
    #[serde(rename = "k")]
    pub key: String,
}

/// By reason and key.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    filter: &LeftOutFilter,
    position: &Position<LeftOutKey>,
    size: u16,
) -> Result<keyset::Page<LeftOutLine, LeftOutKey>, sqlx::Error> {
    let mut sql = Sql::new("SELECT key, name, subdistrict, why, detail");
    push(&mut sql, scope, filter);
    let reading = position.reading(false);
    if let Some(at) = position.key() {
        sql.push(" AND (why, key)").push(reading.beyond).push("(");
        sql.push_bind(at.why.clone()).push(", ").push_bind(at.key.clone()).push(")");
    }
    sql.push(" ORDER BY why").push(reading.direction).push(", key").push(reading.direction);
    sql.push(" LIMIT ").push_bind(i64::from(size) + 1);
    let rows: Vec<LeftOutLine> = sql.build_query_as().fetch_all(pool).await?;
    let key = |line: &LeftOutLine| LeftOutKey { why: line.why.code().to_owned(), key: line.key.clone() };
    Ok(position.paginate(rows, size.into(), key))
}

pub async fn total(pool: &PgPool, scope: &Scope, filter: &LeftOutFilter) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT");
        push(sql, scope, filter);
    })
    .await
}

fn push(sql: &mut Sql, scope: &Scope, filter: &LeftOutFilter) {
    sql.push(" FROM evaluation_left_out WHERE district = ").push_bind(scope.county().to_owned());
    sql.push(" AND run = ").push_bind(filter.run);
    if let Some(why) = filter.why {
        sql.push(" AND why = ").push_bind(why.code());
    }
    let places = [scope.subdistrict_code(), filter.subdistrict.as_deref()];
    for code in places.into_iter().flatten() {
        sql.push(" AND subdistrict = ").push_bind(code.to_owned());
    }
    if let Some(text) = &filter.text {
        sql.push(" AND (name ILIKE ").push_bind(containing(text));
        sql.push(" OR key LIKE ").push_bind(containing(&text.to_uppercase())).push(")");
    }
}
