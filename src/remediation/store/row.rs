//! What each step writes into the row of a file, unexecuted.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::account::Act;
use crate::remediation::State;
use crate::remediation::plan::Plan;
use crate::workflow::Statement;

/// A new state with its day, and nothing else.
pub fn move_on(act: &Act, file: Uuid, state: State, due: Option<NaiveDate>) -> Statement {
    sqlx::query!(
        "UPDATE remediation_file SET state = $3, due = $4, version = version + 1 WHERE district = $1 AND id = $2",
        act.scope.county(),
        file,
        state.code(),
        due
    )
}

/// What is kept beside the row changed.
pub fn touch(act: &Act, file: Uuid) -> Statement {
    sqlx::query!(
        "UPDATE remediation_file SET version = version + 1 WHERE district = $1 AND id = $2",
        act.scope.county(),
        file
    )
}

/// A plan is told anew, so what came of an earlier one is taken away.
pub fn plan(act: &Act, file: Uuid, plan: &Plan, (person, due): (Uuid, NaiveDate)) -> Statement {
    let departments: Vec<String> = plan.departments.iter().map(|department| department.code().to_owned()).collect();
    sqlx::query!(
        "UPDATE remediation_file SET state = 'planned', due = $3, way = $4, target = $5, target_year = $6, measures = $7,
             contract = $8, new_parcel = $9, plan_due = $10, plan_subdistrict = $11, lead = $12, departments = $13,
             planned_on = $14, planned_by = $15, planned_by_name = $16, noticed_on = NULL, notice_document = NULL, sampled = NULL,
             version = version + 1
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        file,
        due,
        plan.way.code(),
        plan.target,
        plan.target_year.map(|year| year as i16),
        plan.measures,
        plan.contract,
        plan.new_parcel,
        plan.due,
        plan.subdistrict,
        plan.lead.code(),
        &departments,
        act.today(),
        person,
        act.actor.name
    )
}

pub fn notify(act: &Act, file: Uuid, (on, document): (NaiveDate, &str), due: NaiveDate) -> Statement {
    sqlx::query!(
        "UPDATE remediation_file SET state = 'noticed', due = $3, noticed_on = $4, notice_document = $5, version = version + 1
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        file,
        due,
        on,
        document
    )
}

pub fn suspend(act: &Act, file: Uuid, on: NaiveDate) -> Statement {
    sqlx::query!(
        "UPDATE remediation_file SET state = 'suspended', suspended_on = $3, version = version + 1
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        file,
        on
    )
}

pub fn resume(act: &Act, file: Uuid, due: NaiveDate) -> Statement {
    sqlx::query!(
        "UPDATE remediation_file SET state = 'carrying_out', suspended_on = NULL, due = $3, plan_due = $3, version = version + 1
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        file,
        due
    )
}

pub fn escalate(act: &Act, file: Uuid, on: NaiveDate, to: &str) -> Statement {
    sqlx::query!(
        "UPDATE remediation_file SET escalated_on = $3, escalated_to = $4, version = version + 1
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        file,
        on,
        to
    )
}

/// Another round of acceptance.
pub fn ask_acceptance(act: &Act, file: Uuid, due: NaiveDate) -> Statement {
    sqlx::query!(
        "UPDATE remediation_file SET state = 'acceptance_asked', due = $3, round = round + 1, version = version + 1
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        file,
        due
    )
}

/// On a receipt, where it is an upgrade.
pub fn accept(act: &Act, file: Uuid, proof: Option<(i32, &str)>, due: NaiveDate) -> Statement {
    let (year, receipt) = proof.unzip();
    sqlx::query!(
        "UPDATE remediation_file SET state = 'accepted', due = $3, accepted_on = $4, proof_year = $5, proof_receipt = $6,
             version = version + 1
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        file,
        due,
        act.today(),
        year.map(|year| year as i16),
        receipt
    )
}

/// Given back until a day; what was accepted is not any more.
pub fn give_back(act: &Act, file: Uuid, due: NaiveDate) -> Statement {
    sqlx::query!(
        "UPDATE remediation_file SET state = 'carrying_out', due = $3, plan_due = $3, accepted_on = NULL, proof_year = NULL,
             proof_receipt = NULL, version = version + 1
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        file,
        due
    )
}

pub struct Striking<'a> {
    pub person: Uuid,
    pub on: NaiveDate,
    pub document: &'a str,
    pub mu_freed: Option<Decimal>,
    /// When it is looked at again.
    pub look_back: NaiveDate,
}

pub fn strike_off(act: &Act, file: Uuid, striking: &Striking<'_>) -> Statement {
    sqlx::query!(
        "UPDATE remediation_file SET state = 'struck_off', due = $3, struck_off_on = $4, struck_off_by = $5, struck_off_by_name = $6,
             strike_document = $7, mu_freed = $8, version = version + 1
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        file,
        striking.look_back,
        striking.on,
        striking.person,
        act.actor.name,
        striking.document,
        striking.mu_freed
    )
}

pub fn look_back(act: &Act, file: Uuid, on: NaiveDate) -> Statement {
    sqlx::query!(
        "UPDATE remediation_file SET state = 'looked_back', due = NULL, looked_back_on = $3, version = version + 1
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        file,
        on
    )
}

pub fn drop_file(act: &Act, file: Uuid) -> Statement {
    sqlx::query!(
        "UPDATE remediation_file SET state = 'dropped', due = NULL, suspended_on = NULL, version = version + 1
         WHERE district = $1 AND id = $2",
        act.scope.county(),
        file
    )
}
