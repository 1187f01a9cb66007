//! What contracts hold, as they say it now.

use crate::db::{PgConnection, Scope};

/// Writes anew what these contracts hold, as they say it now. The table refuses land that another live grant holds, unless
/// a ground is on record for the contract.
pub async fn settle(connection: &mut PgConnection, scope: &Scope, contracts: &[String]) -> Result<(), sqlx::Error> {
    let county = scope.county();
    // Grants beside others keep third ones out once those are over, so they move when those do.
    let beside = sqlx::query_scalar!(
        r#"WITH land AS (
               SELECT parcel_code FROM contract_land WHERE district = $1 AND contract = ANY ($2)
               UNION SELECT parcel_code FROM contract_claim WHERE district = $1 AND contract = ANY ($2))
           SELECT contract AS "contract!" FROM contract_beside WHERE district = $1 AND contract = ANY ($2)
           UNION
           SELECT l.contract FROM land JOIN contract_land l ON l.district = $1 AND l.parcel_code = land.parcel_code
           WHERE l.beside IS NOT NULL
           ORDER BY 1"#,
        county,
        contracts
    )
    .fetch_all(&mut *connection)
    .await?;
    sqlx::query!(
        "UPDATE contract_land SET bars = NULL WHERE district = $1 AND contract = ANY ($2) AND beside IS NOT NULL",
        county,
        &beside
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!("DELETE FROM contract_land WHERE district = $1 AND contract = ANY ($2)", county, contracts)
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "INSERT INTO contract_land (district, contract, parcel_code, relation, share, held, beside, bars)
         SELECT c.district, c.contract, c.parcel_code, c.relation, c.share, c.held, b.id, CASE WHEN b.id IS NULL THEN c.held END
         FROM contract_claim c LEFT JOIN (
             SELECT contract, max(id) AS id FROM contract_beside WHERE district = $1 AND contract = ANY ($2) GROUP BY contract) AS b
           ON b.contract = c.contract
         WHERE c.district = $1 AND c.contract = ANY ($2)",
        county,
        contracts
    )
    .execute(&mut *connection)
    .await?;
    for contract in &beside {
        bar_afterwards(connection, scope, contract).await?;
    }
    Ok(())
}

/// A grant beside others keeps third ones out from the day on which the last of those is over.
async fn bar_afterwards(connection: &mut PgConnection, scope: &Scope, contract: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE contract_land l SET bars = (
             SELECT CASE WHEN coalesce(bool_or(upper_inf(o.bars)), false) THEN NULL
                         WHEN NOT upper_inf(l.held) AND greatest(lower(l.held), max(upper(o.bars))) >= upper(l.held) THEN NULL
                         ELSE daterange(greatest(lower(l.held), max(upper(o.bars))), upper(l.held)) END
             FROM contract_land o
             WHERE o.district = l.district AND o.parcel_code = l.parcel_code AND o.contract <> l.contract
               AND o.bars && l.held AND o.share && l.share)
         WHERE l.district = $1 AND l.contract = $2 AND l.beside IS NOT NULL",
        scope.county(),
        contract
    )
    .execute(connection)
    .await?;
    Ok(())
}
