//! `muheng serve`: the web application until Ctrl-C or SIGTERM.
#![allow(clippy::print_stdout, reason = "the address and the accounts are what one starts it for")]

use std::future::IntoFuture;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};

use super::config::Config;
use super::database::Database;
use crate::account::{self, DEMONSTRATION_PASSWORD};
use crate::base::clock::Clock;
use crate::db::Scope;
use crate::web::AppState;
use crate::web::state::Settings;
use crate::{app, jobs};

#[derive(clap::Args)]
pub struct Serve {
    /// Load the invented district 330105 first, if it is empty, and print its accounts.
    #[arg(long)]
    demonstration: bool,
}

pub async fn serve(command: Serve, config: &Config) -> anyhow::Result<ExitCode> {
    let database = Database::open(config).await?;
    if command.demonstration && config.district.as_str() == crate::demo::DISTRICT {
        if !crate::demo::has_parcels(&database.pool, &config.district).await? {
            super::demo::load(&database, &config.home).await?;
        }
        println!("演示账号（密码均为 {DEMONSTRATION_PASSWORD}）：");
        for (login, name) in account::demonstration_accounts() {
            println!("  {login:<20}{name}");
        }
    }
    let (district_name, synthetic) = database.district(&config.district).await?;
    let settings = Settings {
        district: config.district.clone(),
        district_name,
        synthetic,
        home: config.home.clone(),
        basemap: config.basemap.clone(),
        public_address: config.public_address.clone(),
    };
    app::work(&jobs::Context {
        pool: database.pool.clone(),
        clock: Clock::System,
        scope: Scope::district(config.district.clone()),
        home: config.home.clone(),
    });
    let state = AppState { pool: database.pool.clone(), clock: Clock::System, settings: Arc::new(settings) };
    let listener = tokio::net::TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}; set MUHENG_LISTEN to another address", config.listen))?;
    tracing::info!(address = %listener.local_addr()?, "serving");
    println!("亩衡已启动：http://{}/", listener.local_addr()?);
    let service = app::router(state).into_make_service_with_connect_info::<SocketAddr>();
    tokio::select! {
        served = axum::serve(listener, service).with_graceful_shutdown(asked_to_stop()).into_future() => served?,
        // Nothing can be answered any more: whoever looks after this process learns it by its end.
        reason = database.lost() => return Err(reason.context("the database is gone, and so the server ends")),
    }
    database.pool.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn asked_to_stop() {
    let mut terminate = signal(SignalKind::terminate()).expect("signals can be listened to");
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
