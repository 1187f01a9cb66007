//! Opening the database that the settings name, ready for use.

use std::str::FromStr;

use anyhow::Context;
use sqlx::postgres::PgConnectOptions;

use super::config::Config;
use crate::db::cluster::Cluster;
use crate::db::{self, PgPool};
use crate::policy;

/// The pool, and the private cluster it may stand on, which must outlive it.
pub struct Database {
    pub pool: PgPool,
    _cluster: Option<Cluster>,
}

impl Database {
    /// Uses `DATABASE_URL` when it is set, else starts or joins the private cluster; migrates.
    ///
    /// # Errors
    /// In words what is missing: PostgreSQL, PostGIS, a database that answers.
    pub async fn open(config: &Config) -> anyhow::Result<Self> {
        let (options, cluster) = match &config.database_url {
            Some(url) => (PgConnectOptions::from_str(url).context("DATABASE_URL cannot be read")?, None),
            None => {
                let (home, program) = (config.home.clone(), std::env::current_exe()?);
                let cluster = tokio::task::spawn_blocking(move || Cluster::open(&home, &program)).await??;
                (cluster.connect_options(), Some(cluster))
            }
        };
        let pool = db::connect(options).await.context("the database does not answer")?;
        db::migrate(&pool).await.context("the database could not be brought to this program's version")?;
        policy::store::load(&pool).await.context("the policy catalogue could not be published")?;
        Ok(Database { pool, _cluster: cluster })
    }
}
