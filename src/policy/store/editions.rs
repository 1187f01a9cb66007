//! The states of the catalogue: each is kept by its hash, and a district works under the newest of its own.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use sqlx::PgConnection;

use super::{PublishError, local};
use crate::base::code::CountyCode;
use crate::db::{self, PgPool};
use crate::policy::catalogue::Catalogue;

/// How many states are kept parsed. They never change, so only memory bounds them.
const KEPT: usize = 32;

static PARSED: LazyLock<Mutex<HashMap<String, Arc<Catalogue>>>> = LazyLock::new(Mutex::default);

/// What the district works under now: one small query, as long as nothing was published since.
///
/// # Errors
/// When the database does not answer, or what it holds is not what its hash says.
pub async fn current(pool: &PgPool, district: &CountyCode) -> Result<Arc<Catalogue>, PublishError> {
    let newest = newest(&mut *pool.acquire().await?, district.as_str()).await?;
    let named = match newest {
        Some(named) => named,
        None => {
            // A district that is asked about for the first time since the program started.
            db::ensure_district(pool, district).await?;
            let mut transaction = pool.begin().await?;
            let named = renew(&mut transaction, district).await?;
            transaction.commit().await?;
            named
        }
    };
    let found = catalogue(pool, &named).await?;
    found.ok_or_else(|| sqlx::Error::RowNotFound.into())
}

/// A published state by its hash, whatever was published since.
///
/// # Errors
/// When the database does not answer, or what it holds is not what its hash says.
pub async fn catalogue(pool: &PgPool, sha256: &str) -> Result<Option<Arc<Catalogue>>, PublishError> {
    if let Some(kept) = PARSED.lock().unwrap_or_else(PoisonError::into_inner).get(sha256) {
        return Ok(Some(Arc::clone(kept)));
    }
    let Some(content) = content(pool, sha256).await? else { return Ok(None) };
    let parsed = Arc::new(Catalogue::from_content(sha256, &content)?);
    let mut kept = PARSED.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= KEPT {
        kept.clear();
    }
    kept.insert(sha256.to_owned(), Arc::clone(&parsed));
    Ok(Some(parsed))
}

/// The text that is stored under a hash, not yet held against it.
pub async fn content(pool: &PgPool, sha256: &str) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!("SELECT content FROM policy_catalogue WHERE sha256 = $1", sha256).fetch_optional(pool).await
}

/// Puts together what the program brings and what the district published, and makes it the newest state if it differs.
/// The district's row is held until the transaction ends. The hash is returned.
///
/// # Errors
/// When both together say two things of one day.
pub async fn renew(connection: &mut PgConnection, district: &CountyCode) -> Result<String, PublishError> {
    renew_of(connection, district.as_str()).await
}

pub(super) async fn renew_all(connection: &mut PgConnection) -> Result<(), PublishError> {
    let districts = sqlx::query_scalar!(r#"SELECT code AS "code!: String" FROM district ORDER BY code"#);
    for district in districts.fetch_all(&mut *connection).await? {
        let published = local::local(connection, &district).await?;
        if local::replayed(connection, &district).await? != Some(published) {
            return Err(PublishError::RowsChanged { district });
        }
        renew_of(connection, &district).await?;
    }
    Ok(())
}

async fn renew_of(connection: &mut PgConnection, district: &str) -> Result<String, PublishError> {
    hold(connection, district).await?;
    let state = composed(connection, district).await?;
    let content = state.content();
    let named = state.sha256();
    if newest(&mut *connection, district).await?.as_ref() == Some(&named) {
        return Ok(named);
    }
    sqlx::query!(
        "INSERT INTO policy_catalogue (sha256, content) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        named,
        content
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "INSERT INTO policy_edition (district, number, catalogue)
         SELECT $1::text, COALESCE(max(number), 0) + 1, $2::text FROM policy_edition WHERE district = $1::text",
        district,
        named
    )
    .execute(connection)
    .await?;
    Ok(named)
}

/// What the program brings with what the district published.
async fn composed(connection: &mut PgConnection, district: &str) -> Result<Catalogue, PublishError> {
    let published = local::local(connection, district).await?;
    let brought = Catalogue::embedded()?.with(published.documents, published.standards, published.directory)?;
    Ok(brought
        .with_schemes(published.schemes)?
        .with_veto_kinds(published.veto_kinds)?
        .with_measures(published.measures)?)
}

/// Whether the district's rows are what its published submissions make: false when somebody changed one behind the
/// program.
///
/// # Errors
/// When the database does not answer.
pub async fn agrees(pool: &PgPool, district: &CountyCode) -> Result<bool, PublishError> {
    let mut connection = pool.acquire().await?;
    Ok(local::replayed(&mut connection, district.as_str()).await?
        == Some(local::local(&mut connection, district.as_str()).await?))
}

/// Holds the district's row until the transaction ends: publications follow each other.
pub(super) async fn hold(connection: &mut PgConnection, district: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("SELECT code FROM district WHERE code = $1 FOR NO KEY UPDATE", district).fetch_one(connection).await?;
    Ok(())
}

async fn newest(connection: &mut PgConnection, district: &str) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "SELECT catalogue FROM policy_edition WHERE district = $1 ORDER BY number DESC LIMIT 1",
        district
    )
    .fetch_optional(connection)
    .await
}
