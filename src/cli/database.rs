//! Opening the database that the settings name, ready for use.

use std::path::Path;
use std::str::FromStr;

use anyhow::{Context, ensure};
use sqlx::postgres::PgConnectOptions;

use super::config::Config;
use crate::base::clock::Clock;
use crate::base::code::{CountyCode, SubdistrictCode};
use crate::codelist::{self, CrossWalk};
use crate::db::cluster::Cluster;
use crate::db::{self, PgPool, Scope};
use crate::{home, policy};

/// The pool, and the private cluster it may stand on.
pub struct Database {
    pub pool: PgPool,
    /// In use until this process ends: the guard stops the server only when nobody is left who could be cut off and complain.
    cluster: Option<&'static Cluster>,
}

impl Database {
    /// Uses `DATABASE_URL` when it is set, else starts or joins the private cluster; migrates and loads the code lists.
    ///
    /// # Errors
    /// In words what is missing: PostgreSQL, PostGIS, a database that answers.
    pub async fn open(config: &Config) -> anyhow::Result<Self> {
        crate::app::check_coverage()?;
        let database = Self::connect(config).await?;
        let pool = &database.pool;
        db::migrate(pool).await.context("the database could not be brought to this program's version")?;
        codelist::load(pool).await.context("the code lists could not be loaded")?;
        policy::store::load(pool).await.context("the policy catalogue could not be published")?;
        Ok(database)
    }

    /// As [`Self::open`], and leaves the database as it stands.
    ///
    /// # Errors
    /// In words what is missing: PostgreSQL, a database that answers.
    pub async fn connect(config: &Config) -> anyhow::Result<Self> {
        home::tighten(&config.home)
            .with_context(|| format!("what lies in {} cannot be closed to others", config.home.display()))?;
        let (options, cluster) = match &config.database_url {
            Some(url) => (PgConnectOptions::from_str(url).context("DATABASE_URL cannot be read")?, None),
            None => {
                let (home, program) = (config.home.clone(), std::env::current_exe()?);
                let cluster = tokio::task::spawn_blocking(move || Cluster::open(&home, &program)).await??;
                let cluster: &'static Cluster = Box::leak(Box::new(cluster));
                (cluster.connect_options(), Some(cluster))
            }
        };
        let pool = db::connect(options).await.context("the database does not answer")?;
        Ok(Database { pool, cluster })
    }

    /// Where the private database lies; none for somebody else's.
    pub fn place(&self) -> Option<&'static Path> {
        self.cluster.map(Cluster::root)
    }

    /// Resolves when the private database is gone and does not come back, with the reason. Until then its guard is looked after.
    pub async fn lost(&self) -> anyhow::Error {
        let Some(cluster) = self.cluster else { return std::future::pending().await };
        let (tell, told) = tokio::sync::oneshot::channel();
        // A thread of its own: it may wait as long as the program runs, which the runtime would wait for at its end.
        std::thread::spawn(move || {
            let reason = std::env::current_exe().map_or_else(Into::into, |program| cluster.watch(&program));
            tell.send(reason)
        });
        told.await.unwrap_or_else(|_| anyhow::anyhow!("nobody looks after the database any more"))
    }

    /// Name of the district and whether it is invented; a district not seen before is entered under its code.
    pub async fn district(&self, code: &CountyCode) -> Result<(String, bool), sqlx::Error> {
        db::ensure_district(&self.pool, code).await
    }

    /// The area that a command names, the configured district when it names none. Codes that were renumbered stand for what
    /// has their place now.
    ///
    /// # Errors
    /// A district that is not kept here, or a sub-district that the district does not have.
    pub async fn scope(
        &self,
        config: &Config,
        district: Option<&CountyCode>,
        subdistrict: Option<&SubdistrictCode>,
    ) -> anyhow::Result<Scope> {
        let (crosswalk, today) = (CrossWalk::embedded(), Clock::System.today());
        let mut scope = Scope::district(config.district.clone());
        if let Some(named) = district {
            scope.district =
                crosswalk.resolve_county(named.as_str(), today).code().unwrap_or(named.as_str()).parse()?;
            ensure!(db::has_district(&self.pool, &scope.district).await?, "there is no district {named} here");
        }
        if let Some(named) = subdistrict {
            let known = codelist::subdistricts(&self.pool, &scope, today).await?;
            // Before a district has loaded its outlines nobody knows which sub-districts it has.
            let fits = known.is_empty() || known.iter().any(|choice| choice.stands_for(named.as_str()));
            ensure!(fits, "district {} has no sub-district {named}", scope.district);
            scope.subdistrict = Some(crosswalk.present_subdistrict(named.as_str()).parse()?);
        }
        Ok(scope)
    }
}
