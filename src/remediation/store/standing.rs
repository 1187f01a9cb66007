//! What is on record around some files, in one statement however many they are.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::db::{PgConnection, Scope};
use crate::enterprise::EnterpriseState;

#[derive(Clone, Debug)]
pub struct Around {
    pub id: Uuid,
    pub evidence: Vec<String>,
    pub open_tasks: i64,
    pub late_tasks: i64,
    pub open_findings: i64,
    pub agreed: Vec<String>,
    /// Of an enterprise that is on record.
    pub enterprise_state: Option<EnterpriseState>,
    pub parcel_there: bool,
    pub successors: Vec<String>,
    pub contract_known: bool,
    pub contract_ended: bool,
    pub new_parcel: bool,
    pub register_changed: bool,
    pub relapsed: bool,
}

pub async fn around(
    connection: &mut PgConnection,
    scope: &Scope,
    files: &[Uuid],
    today: NaiveDate,
) -> Result<Vec<Around>, sqlx::Error> {
    sqlx::query_as!(
        Around,
        r#"SELECT f.id,
               ARRAY(SELECT DISTINCT e.kind FROM remediation_evidence e
                     WHERE e.district = f.district AND e.file = f.id) AS "evidence!",
               (SELECT count(*) FROM remediation_task t WHERE t.district = f.district AND t.file = f.id
                  AND t.done_on IS NULL AND t.dropped_at IS NULL) AS "open_tasks!",
               (SELECT count(*) FROM remediation_task t WHERE t.district = f.district AND t.file = f.id
                  AND t.done_on IS NULL AND t.dropped_at IS NULL AND t.due < $3) AS "late_tasks!",
               CASE f.subject_kind
                   WHEN 'enterprise' THEN (SELECT count(*) FROM enforcement_finding n WHERE n.district = f.district
                       AND n.uscc = f.subject AND n.due IS NOT NULL)
                   ELSE (SELECT count(*) FROM enforcement_finding n WHERE n.district = f.district
                       AND n.parcel = f.subject AND n.due IS NOT NULL) END AS "open_findings!",
               ARRAY(SELECT a.department FROM remediation_agreement a
                     WHERE a.district = f.district AND a.file = f.id AND a.round = f.round) AS "agreed!",
               CASE WHEN f.subject_kind = 'enterprise' THEN
                   (SELECT v.state FROM enterprise_version v WHERE v.district = f.district AND v.uscc = f.subject
                      AND v.superseded_at IS NULL AND (lower_inf(v.valid) OR lower(v.valid) <= $3)
                    ORDER BY lower(v.valid) DESC NULLS LAST LIMIT 1) END AS "enterprise_state: EnterpriseState",
               (f.subject_kind = 'parcel' AND EXISTS (SELECT FROM parcel_version p WHERE p.district = f.district
                   AND p.code = f.subject AND p.valid @> $3::date AND p.superseded_at IS NULL)) AS "parcel_there!",
               CASE WHEN f.subject_kind = 'parcel' THEN
                   ARRAY(SELECT DISTINCT l.successor FROM parcel_lineage l WHERE l.district = f.district
                           AND l.predecessor = f.subject AND l.successor <> f.subject ORDER BY l.successor)
                   ELSE '{}' END AS "successors!",
               EXISTS (SELECT FROM contract c WHERE c.district = f.district AND c.number = f.contract) AS "contract_known!",
               EXISTS (SELECT FROM contract_event e WHERE e.district = f.district AND e.contract = f.contract
                   AND e.kind IN ('rescinded', 'terminated', 'taken_back') AND e.superseded_at IS NULL
                   AND e.happened_on <= $3) AS "contract_ended!",
               EXISTS (SELECT FROM parcel_version p WHERE p.district = f.district AND p.code = f.new_parcel
                   AND p.valid @> $3::date AND p.superseded_at IS NULL) AS "new_parcel!",
               (f.subject_kind = 'enterprise' AND EXISTS (SELECT FROM enterprise_version v WHERE v.district = f.district
                   AND v.uscc = f.subject AND v.superseded_at IS NULL AND lower(v.valid) >= f.planned_on
                   AND lower(v.valid) <= $3)) AS "register_changed!",
               EXISTS (SELECT FROM remediation_file r WHERE r.district = f.district AND r.relapse_of = f.id) AS "relapsed!"
           FROM remediation_file f WHERE f.district = $1 AND f.id = ANY ($2)"#,
        scope.county(),
        files,
        today
    )
    .fetch_all(connection)
    .await
}
