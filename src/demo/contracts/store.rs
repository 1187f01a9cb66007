//! Contracts into their tables: terms and events by COPY, then the certificates that point at reviews.

use chrono::{DateTime, NaiveDate, Utc};

use super::ContractRow;
use crate::contract::store::{Batch, Written};
use crate::db::{PgConnection, Scope};
use crate::demo::register::{SOURCE, noon};
use crate::parcel::claims;

const CLERK: &str = "区国土分局合同管理员";
const REASON: &str = "合成";

fn written(at: DateTime<Utc>) -> Written<'static> {
    Written { at, by: CLERK, reason: REASON, source: SOURCE, corrects: None }
}

/// Each row is recorded on the day it tells of.
pub async fn write(connection: &mut PgConnection, scope: &Scope, contracts: &[ContractRow]) -> Result<(), sqlx::Error> {
    let mut batch = Batch::default();
    let mut latest = noon(super::last_day());
    for contract in contracts {
        let signed = noon(contract.versions[0].0.signed_on);
        batch.contract(scope, &contract.number, true, written(signed));
        for (paper, terms) in &contract.versions {
            batch.terms(scope, &contract.number, paper, terms, written(noon(paper.signed_on)));
        }
        for event in &contract.events {
            batch.event(scope, &contract.number, event, written(noon(event.on)));
        }
        latest = latest.max(signed);
    }
    batch.write(connection, scope, latest).await?;
    let numbers: Vec<String> = contracts.iter().map(|contract| contract.number.clone()).collect();
    claims::store::settle(connection, scope, &numbers).await?;
    for contract in contracts {
        put_certificates(connection, scope, contract).await?;
    }
    Ok(())
}

async fn put_certificates(
    connection: &mut PgConnection,
    scope: &Scope,
    contract: &ContractRow,
) -> Result<(), sqlx::Error> {
    for certificate in &contract.certificates {
        let (from, until): (Option<NaiveDate>, Option<NaiveDate>) = (certificate.valid.from, certificate.valid.until);
        let recorded = noon(from.unwrap_or_else(super::last_day));
        sqlx::query!(
            "INSERT INTO staged_certificate (district, contract, parcel_code, stage, number, valid, allows, review, reason, source,
                 recorded_at, recorded_by)
             SELECT $1::text, $2::text, $3, $4, $5, daterange($6, $7), $8,
                 (SELECT id FROM contract_event WHERE district = $1::text AND contract = $2::text AND passes = $9
                  ORDER BY happened_on DESC LIMIT 1), $10, $11, $12, $13",
            scope.county(),
            contract.number,
            certificate.parcel,
            certificate.stage.code(),
            certificate.number,
            from,
            until,
            certificate.allows,
            ContractRow::rests_on(certificate.stage),
            REASON,
            SOURCE,
            recorded,
            CLERK
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
