//! What the contract import asks of the registers, and its hand-over to the contracts' own store.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sqlx::Connection;

use super::plan::{Change, Known, OnRecord, Plan};
use super::rows::Rows;
use super::wording;
use crate::base::clock::china_day;
use crate::contract::event::NewEvent;
use crate::contract::known::{Contract, Paper};
use crate::contract::store::{self as contracts, Batch, Written};
use crate::db::{PgConnection, Scope};
use crate::exchange::Fault;
use crate::importing::Order;
use crate::importing::table_stage::{reason_changed, reason_new};
use crate::parcel::claims::store::Ground;
use crate::parcel::claims::{self, Tolerance};

/// What is on record of the contracts a file names, held until the transaction ends.
pub async fn known(
    connection: &mut PgConnection,
    order: &Order,
    rows: &Rows,
    now: DateTime<Utc>,
) -> anyhow::Result<Known> {
    let terms = rows.terms.iter().map(|it| &it.row.number);
    let instalments = rows.instalments.iter().map(|it| &it.row.number);
    let commitments = rows.commitments.iter().map(|it| &it.row.number);
    let events = rows.events.iter().map(|it| &it.row.number);
    let numbers: BTreeSet<&String> = terms.chain(instalments).chain(commitments).chain(events).collect();
    let numbers: Vec<String> = numbers.into_iter().cloned().collect();
    let entered = hold(connection, &order.scope, &numbers).await?;
    let registered = contracts::load_many(connection, &order.scope, &numbers, now).await?;
    let with_day = |contract: Contract| {
        let at = entered.get(&contract.number).copied().unwrap_or(now);
        (contract.number.clone(), OnRecord { contract, entered_on: china_day(at) })
    };
    let named: BTreeSet<String> = rows.terms.iter().filter_map(|it| it.row.stated.admission_case.clone()).collect();
    let named: Vec<String> = named.into_iter().collect();
    let not_admitted = claims::store::not_admitted(connection, &order.scope, &named).await?;
    Ok(Known { contracts: registered.into_iter().map(with_day).collect(), not_admitted })
}

/// When each of them was entered.
async fn hold(
    connection: &mut PgConnection,
    scope: &Scope,
    numbers: &[String],
) -> Result<BTreeMap<String, DateTime<Utc>>, sqlx::Error> {
    let held = sqlx::query!(
        "SELECT number, created_at FROM contract WHERE district = $1 AND number = ANY ($2) ORDER BY number FOR UPDATE",
        scope.county(),
        numbers
    )
    .fetch_all(connection)
    .await?;
    Ok(held.into_iter().map(|row| (row.number, row.created_at)).collect())
}

/// Parcels and grantees that the registers do not know: worth a warning, since the map cannot show them.
pub async fn not_registered(
    connection: &mut PgConnection,
    order: &Order,
    plan: &Plan,
) -> Result<Vec<Fault>, sqlx::Error> {
    let stated =
        || plan.changes.iter().flat_map(|change| change.terms.iter().map(move |terms| (change, &terms.version)));
    let parcels: BTreeSet<String> = stated().flat_map(|(_, version)| version.terms.parcels.clone()).collect();
    let grantees: BTreeSet<String> = stated().map(|(_, version)| version.terms.grantee.clone()).collect();
    let missing_parcels = sqlx::query_scalar!(
        r#"SELECT code AS "code!" FROM unnest($2::text[]) AS stated(code)
           WHERE NOT EXISTS (SELECT FROM parcel_version v
               WHERE v.district = $1 AND v.code = stated.code AND v.superseded_at IS NULL)"#,
        order.scope.county(),
        &parcels.into_iter().collect::<Vec<_>>()
    )
    .fetch_all(&mut *connection)
    .await?;
    let missing_grantees = sqlx::query_scalar!(
        r#"SELECT uscc AS "uscc!" FROM unnest($2::text[]) AS stated(uscc)
           WHERE NOT EXISTS (SELECT FROM enterprise_version v
               WHERE v.district = $1 AND v.uscc = stated.uscc AND v.superseded_at IS NULL)"#,
        order.scope.county(),
        &grantees.into_iter().collect::<Vec<_>>()
    )
    .fetch_all(connection)
    .await?;
    let mut faults = Vec::new();
    for (Change { number, .. }, version) in stated() {
        let record = u64::try_from(-version.id).ok();
        let parcels = version.terms.parcels.iter().filter(|code| missing_parcels.contains(code));
        faults.extend(parcels.map(|code| wording::parcel_not_registered(number, code).at(record, None)));
        if missing_grantees.contains(&version.terms.grantee) {
            faults.push(wording::grantee_not_registered(number, &version.terms.grantee).at(record, None));
        }
    }
    Ok(faults)
}

/// Writes the plan. Contracts whose land is held by another live grant, or asked for by an admitted case, are taken out of it
/// unless the file says why they may stand beside it; the faults say so.
pub async fn write(
    connection: &mut PgConnection,
    order: &Order,
    plan: &mut Plan,
    tolerance: Tolerance,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    loop {
        let mut attempt = connection.begin().await?;
        put(&mut attempt, order, plan, now).await?;
        let numbers: Vec<String> = plan.changes.iter().map(|change| change.number.clone()).collect();
        let mut taken = claims::store::conflicts(&mut attempt, &order.scope, &numbers).await?;
        if taken.is_empty() {
            let takings = claims::store::takings(&mut attempt, &order.scope, &numbers).await?;
            claims::store::settle(&mut attempt, &order.scope, &numbers).await?;
            let on = china_day(now);
            taken = claims::store::taken_in_vain(&mut attempt, &order.scope, &takings, tolerance, on).await?;
        }
        if taken.is_empty() {
            return attempt.commit().await;
        }
        attempt.rollback().await?;
        plan.refuse(&taken);
    }
}

async fn put(connection: &mut PgConnection, order: &Order, plan: &Plan, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let (imported, corrected) = (reason_new(order), reason_changed(order));
    let mut batch = Batch::default();
    for change in &plan.changes {
        let written =
            Written { at: now, by: &order.actor.name, reason: &imported, source: &order.file_name, corrects: None };
        batch.contract(&order.scope, &change.number, change.new, written);
        for terms in &change.terms {
            let reason = if terms.corrects.is_some() { &corrected } else { &imported };
            let version = &terms.version;
            let paper = Paper {
                role: version.role,
                document: version.document.clone(),
                signed_on: version.signed_on,
                effective_on: version.effective_on,
            };
            let written = Written { reason, corrects: terms.corrects, ..written };
            batch.terms(&order.scope, &change.number, &paper, &version.terms, written);
        }
        for event in &change.events {
            let event = NewEvent {
                on: event.on,
                happening: event.happening.clone(),
                document: event.document.clone(),
                note: String::new(),
            };
            batch.event(&order.scope, &change.number, &event, written);
        }
    }
    batch.write(connection, &order.scope, now).await?;
    for change in &plan.changes {
        let Some(ground) = change.beside.clone().filter(|_| change.new || !change.terms.is_empty()) else { continue };
        let (recorded_by, recorded_on) = (order.actor.name.clone(), china_day(now));
        let ground = Ground { ground, recorded_by, recorded_on, against: Vec::new() };
        claims::store::stand_beside(connection, &order.scope, &change.number, &ground, now).await?;
    }
    Ok(())
}
