//! What a run takes where each is judged alone, read from one moment of the database: each member of the year is sorted as it comes, and
//! the years of the base are summed up meanwhile on a connection of their own.

use std::sync::Arc;

use sqlx::{Postgres, Transaction};

use super::registers::{Registers, frozen};
use super::{ComputeError, Reading, base_years, coverage, each, fits, parameters_of};
use crate::annual::store::{same_snapshot, snapshot};
use crate::db::{PgPool, Scope};
use crate::evaluation::LeftOut;
use crate::evaluation::document::Input;
use crate::evaluation::population::{Belongs, Member, belongs};
use crate::evaluation::registers::veto_kinds;
use crate::evaluation::run::{self, BaseYear};
use crate::policy::Parameters;
use crate::scoring::Scheme;
use crate::scoring::benchmark::Benchmark;

/// A member of the category.
pub enum Sorted {
    Ranked(Box<Input>),
    LeftOut(Box<Member>, LeftOut),
}

/// Hands everybody of the category to `take`, and says what they are measured against.
///
/// # Errors
/// As [`freeze`](super::freeze).
pub async fn read(
    pool: &PgPool,
    scope: &Scope,
    scheme: &Arc<Scheme>,
    year: i32,
    mut take: impl FnMut(Sorted) + Send,
) -> Result<Vec<Benchmark>, ComputeError> {
    fits(scheme, year)?;
    let parameters = Arc::new(parameters_of(pool, year).await?);
    let coverage = coverage(&parameters, year)?;
    let kinds = veto_kinds(pool, scope).await?;
    let mut transaction = snapshot(pool).await?;
    let beside = same_snapshot(pool, &mut transaction).await?;
    let bases = tokio::spawn(bases(beside, scope.clone(), Arc::clone(scheme), Arc::clone(&parameters), year));
    let registers = Registers::read(&mut transaction, scope, (scheme, &kinds), year).await?;
    let reading = Reading::of(scheme, &parameters)?;
    let mut concerned = Vec::new();
    let sort = |member: Member| match belongs(scheme, coverage, &member) {
        Belongs::No => {}
        Belongs::LeftOut(why) => take(Sorted::LeftOut(Box::new(member), why)),
        Belongs::Ranked { group } => {
            let input = frozen(scheme, &registers, member, group);
            if registers.concern(&input.subject.key) {
                concerned.push(input.clone());
            }
            take(Sorted::Ranked(Box::new(input)));
        }
    };
    each(&mut transaction, scope, &reading, (year, true), sort).await?;
    let of_years = bases.await.map_err(|ended| sqlx::Error::Io(std::io::Error::other(ended)))??;
    transaction.commit().await?;
    let benchmarks = run::benchmarks(scheme, year, &of_years)?;
    concerned.sort_by(|one, other| one.subject.key.cmp(&other.subject.key));
    registers.hold_to(scheme, &concerned)?;
    Ok(benchmarks)
}

async fn bases(
    mut transaction: Transaction<'static, Postgres>,
    scope: Scope,
    scheme: Arc<Scheme>,
    parameters: Arc<Parameters>,
    year: i32,
) -> Result<Vec<BaseYear>, ComputeError> {
    let reading = Reading::of(&scheme, &parameters)?;
    let of_years = base_years(&mut transaction, &scope, &reading, year).await?;
    transaction.commit().await?;
    Ok(of_years)
}
