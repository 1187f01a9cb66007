//! What the steps of a run write into its row.

use uuid::Uuid;

use crate::account::Act;
use crate::evaluation::RunState;
use crate::leading_group::Cited;
use crate::workflow::Statement;

pub fn propose(act: &Act, run: Uuid, person: Uuid) -> Statement {
    sqlx::query!(
        "UPDATE evaluation_run SET state = 'proposed', proposed_by = $3, proposed_by_name = $4, proposed_at = $5,
                version = version + 1 WHERE district = $1 AND id = $2",
        act.scope.county(),
        run,
        person,
        act.actor.name,
        act.now
    )
}

/// On a resolution, in the place of the run that was official before, where there was one.
pub fn sign(act: &Act, run: Uuid, person: Uuid, (cited, before): (&Cited, Option<Uuid>)) -> Statement {
    sqlx::query!(
        "UPDATE evaluation_run SET state = 'official', decided_by = $3, decided_by_name = $4, decided_at = $5,
                document = $6, resolution = $7, supersedes = $8, version = version + 1 WHERE district = $1 AND id = $2",
        act.scope.county(),
        run,
        person,
        act.actor.name,
        act.now,
        cited.number,
        cited.id,
        before
    )
}

pub fn give_back(act: &Act, run: Uuid) -> Statement {
    sqlx::query!(
        "UPDATE evaluation_run SET state = 'computed', proposed_by = NULL, proposed_by_name = NULL, proposed_at = NULL,
                version = version + 1 WHERE district = $1 AND id = $2",
        act.scope.county(),
        run
    )
}

/// Superseded or withdrawn.
pub fn end(act: &Act, run: Uuid, state: RunState) -> Statement {
    sqlx::query!(
        "UPDATE evaluation_run SET state = $3, version = version + 1 WHERE district = $1 AND id = $2",
        act.scope.county(),
        run,
        state.code()
    )
}
