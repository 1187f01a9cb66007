//! The database: the private cluster, the pool, migrations, geometry on the wire.

pub mod cluster;
pub mod copy;
pub mod count;
pub mod distinct;
pub mod geom;
pub mod health;
pub mod keyset;
pub mod layer;
pub mod like;
pub mod statistics;
pub mod version;
pub mod versioned;
pub mod withdrawal;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sqlx::Connection;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
pub use sqlx::{PgConnection, PgPool};
use sqlx::{Postgres, QueryBuilder};

use crate::base::code::{CountyCode, SubdistrictCode};

pub static MIGRATOR: Migrator = sqlx::migrate!();

/// Whose rows a query may see. Every store function takes one, so that no lookup leaks across districts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Scope {
    pub district: CountyCode,
    /// Set for a sub-district clerk, who sees that area only.
    pub subdistrict: Option<SubdistrictCode>,
}

impl Scope {
    pub fn district(code: CountyCode) -> Self {
        Scope { district: code, subdistrict: None }
    }

    /// The district code, for the first column of every key.
    pub fn county(&self) -> &str {
        self.district.as_str()
    }

    pub fn subdistrict_code(&self) -> Option<&str> {
        self.subdistrict.as_ref().map(SubdistrictCode::as_str)
    }

    /// Begins the condition of a statement over a table, by its alias, whose rows carry district and sub-district.
    pub fn push_where(&self, sql: &mut QueryBuilder<Postgres>, alias: &'static str) {
        sql.push(" WHERE ").push(alias).push(".district = ").push_bind(self.county().to_owned());
        if let Some(subdistrict) = self.subdistrict_code() {
            sql.push(" AND ").push(alias).push(".subdistrict = ").push_bind(subdistrict.to_owned());
        }
    }
}

/// A connection that was used just now is taken for alive; only after resting is it asked.
const RESTED: Duration = Duration::from_secs(1);

/// Lists ask with filters that may be absent; a plan made once for all of them would walk the register for each. Planning takes a
/// fraction of a millisecond.
pub const PLANNED_EACH_TIME: &str = "SET plan_cache_mode = force_custom_plan";

/// Opens a pool on a database that may still lack its tables.
pub async fn connect(options: PgConnectOptions) -> Result<PgPool, sqlx::Error> {
    PgPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(Duration::from_secs(10))
        .test_before_acquire(false)
        .before_acquire(|connection, about| {
            Box::pin(async move {
                if about.idle_for >= RESTED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .after_connect(|connection, _| {
            Box::pin(async move {
                sqlx::raw_sql(PLANNED_EACH_TIME).execute(connection).await?;
                Ok(())
            })
        })
        .connect_with(options.application_name("muheng"))
        .await
}

/// Brings the tables to this program's version.
///
/// # Errors
/// When PostGIS cannot be had, or the database was migrated by another program, which it then stays as it was.
pub async fn migrate(pool: &PgPool) -> anyhow::Result<()> {
    if let Some(foreign) = version::of(pool).await?.foreign {
        anyhow::bail!("{foreign}");
    }
    MIGRATOR.run(pool).await?;
    Ok(())
}

/// Name of the district and whether it is invented; a district not seen before is entered under its code.
pub async fn ensure_district(pool: &PgPool, code: &CountyCode) -> Result<(String, bool), sqlx::Error> {
    sqlx::query!("INSERT INTO district (code, name) SELECT code, code FROM (SELECT $1::text AS code) AS it ON CONFLICT DO NOTHING", code.as_str())
        .execute(pool)
        .await?;
    let row =
        sqlx::query!("SELECT name, synthetic FROM district WHERE code = $1", code.as_str()).fetch_one(pool).await?;
    Ok((row.name, row.synthetic))
}

pub async fn has_district(pool: &PgPool, code: &CountyCode) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM district WHERE code = $1) AS "known!""#, code.as_str())
        .fetch_one(pool)
        .await
}
