//! A database of its own for a measurement that has to commit, beside the one that `DATABASE_URL` names.

use std::error::Error;
use std::str::FromStr;

use muheng::db::{MIGRATOR, PgPool};
use sqlx::postgres::PgConnectOptions;

pub struct Scratch {
    server: PgPool,
    name: String,
    pub pool: PgPool,
}

impl Scratch {
    pub async fn make(url: &str) -> Result<Self, Box<dyn Error>> {
        let server = PgPool::connect(url).await?;
        let name = format!("muheng_bench_{}", std::process::id());
        sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&server).await?;
        let pool = PgPool::connect_with(PgConnectOptions::from_str(url)?.database(&name)).await?;
        MIGRATOR.run(&pool).await?;
        Ok(Scratch { server, name, pool })
    }

    pub async fn drop(self) -> Result<(), Box<dyn Error>> {
        self.pool.close().await;
        let sql = format!("DROP DATABASE {}", self.name);
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&self.server).await?;
        Ok(())
    }
}
