//! Contracts that come by many at once, and what they take of what is taken.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Question, against_each};
use crate::base::period::Period;
use crate::db::{PgConnection, Scope};
use crate::parcel::claims::{Land, Own, Standing, Tolerance};

/// Of contracts that are written and not settled: those that the table would refuse, since they hold a parcel or its kin at
/// the same time as another, with what the other is. Of two that are both among them the later one is told. Contracts with a
/// ground on record are left out.
pub async fn conflicts(
    connection: &mut PgConnection,
    scope: &Scope,
    contracts: &[String],
) -> Result<BTreeMap<String, Vec<String>>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"WITH claim AS MATERIALIZED (
               SELECT c.*, (SELECT min(t.effective_on) FROM contract_terms t
                   WHERE t.district = c.district AND t.contract = c.contract AND t.superseded_at IS NULL) AS signed
               FROM contract_claim c WHERE c.district = $1 AND c.contract = ANY ($2))
           SELECT DISTINCT found.contract AS "contract!", found.other AS "other!", found.parcel_code AS "parcel!" FROM (
               SELECT c.contract, '有效合同 ' || o.contract AS other, c.parcel_code FROM claim c
               JOIN contract_land o ON o.district = $1 AND o.parcel_code = c.parcel_code AND o.contract <> c.contract
                AND o.held && c.held AND o.share && c.share
               WHERE o.contract <> ALL ($2)
               UNION ALL
               SELECT c.contract, '有效合同 ' || o.contract, c.parcel_code FROM claim c
               JOIN claim o ON o.parcel_code = c.parcel_code AND (o.signed, o.contract) < (c.signed, c.contract)
                AND o.held && c.held AND o.share && c.share) AS found
           WHERE NOT EXISTS (SELECT FROM contract_beside b WHERE b.district = $1 AND b.contract = found.contract)
           ORDER BY 1, 2, 3"#,
        scope.county(),
        contracts
    )
    .fetch_all(connection)
    .await?;
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows {
        found.entry(row.contract).or_default().push(format!("{}（宗地 {}）", row.other, row.parcel));
    }
    Ok(found)
}

/// A contract that is written and takes land that it did not hold when it was last settled.
#[derive(Clone, Debug)]
pub struct Taking {
    pub contract: String,
    /// The day its first paper takes effect: of two that come at once the later one has to say why.
    pub effective_on: NaiveDate,
    pub parcels: Vec<String>,
    pub held: Period,
    pub admission_case: Option<String>,
    /// Somebody said why it may stand beside others.
    pub grounded: bool,
}

/// What these contracts, written and not settled, take.
pub async fn takings(
    connection: &mut PgConnection,
    scope: &Scope,
    contracts: &[String],
) -> Result<Vec<Taking>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT c.contract AS "contract!", array_agg(c.parcel_code ORDER BY c.parcel_code) AS "parcels!", range_merge(range_agg(c.held)) AS "held!",
                  (SELECT min(t.effective_on) FROM contract_terms t
                   WHERE t.district = $1 AND t.contract = c.contract AND t.superseded_at IS NULL) AS "effective_on!",
                  (SELECT t.admission_case FROM contract_terms t WHERE t.district = $1 AND t.contract = c.contract
                   AND t.superseded_at IS NULL ORDER BY t.effective_on DESC, t.id DESC LIMIT 1) AS admission_case,
                  EXISTS (SELECT FROM contract_beside b WHERE b.district = $1 AND b.contract = c.contract) AS "grounded!"
           FROM contract_claim c
           WHERE c.district = $1 AND c.contract = ANY ($2) AND c.relation = 'self'
             AND NOT EXISTS (SELECT FROM contract_land l WHERE l.district = $1 AND l.contract = c.contract
                 AND l.parcel_code = c.parcel_code AND l.relation = 'self')
           GROUP BY c.contract ORDER BY c.contract"#,
        scope.county(),
        contracts
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Taking {
            contract: row.contract,
            effective_on: row.effective_on,
            parcels: row.parcels,
            held: Period::from(row.held),
            admission_case: row.admission_case,
            grounded: row.grounded,
        })
        .collect())
}

/// Of contracts that are settled: those that took land on which something stands, also where only the shapes say so. Asked as
/// whoever enters one contract by hand is asked.
pub async fn taken_in_vain(
    connection: &mut PgConnection,
    scope: &Scope,
    takings: &[Taking],
    tolerance: Tolerance,
    on: NaiveDate,
) -> Result<BTreeMap<String, Vec<String>>, sqlx::Error> {
    let asking: Vec<&Taking> = takings.iter().filter(|taking| !taking.grounded).collect();
    let question = |taking: &&Taking| Question {
        land: Land { parcels: taking.parcels.clone(), shape: None },
        own: Own { contract: Some(taking.contract.clone()), case: None, case_number: taking.admission_case.clone() },
        held: taking.held,
    };
    let questions: Vec<Question> = asking.iter().map(question).collect();
    let answers = against_each(connection, scope, &questions, tolerance, on).await?;
    let told = asking.into_iter().zip(answers).map(|(taking, mut standing)| {
        standing.retain(|other| !yields_to(other, taking, takings));
        (taking.contract.clone(), standing.iter().map(Standing::wording).collect::<Vec<_>>())
    });
    Ok(told.filter(|(_, standing)| !standing.is_empty()).collect())
}

/// Of two that come at once the later one has to say why, and not the earlier.
fn yields_to(other: &Standing, taking: &Taking, takings: &[Taking]) -> bool {
    let at_once = takings.iter().filter(|other_taking| other.is_contract() && other_taking.contract == other.number);
    at_once.into_iter().any(|it| (it.effective_on, &it.contract) > (taking.effective_on, &taking.contract))
}
