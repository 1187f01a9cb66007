//! What a run takes, read from one moment of the database: each member of the year is sorted as it comes, and the years of the base are
//! summed up meanwhile on a connection of their own.

use std::collections::HashMap;
use std::sync::Arc;

use sqlx::{PgConnection, Postgres, Transaction};

use super::{ComputeError, Reading, coverage, parameters_of};
use crate::annual::Query;
use crate::annual::store::{same_snapshot, snapshot};
use crate::db::{PgPool, Scope};
use crate::evaluation::LeftOut;
use crate::evaluation::document::{ActingVeto, Input};
use crate::evaluation::population::{Belongs, Member, belongs};
use crate::evaluation::run::{self, BaseYear, RunError};
use crate::evaluation::store::members::{self, Wanted};
use crate::evaluation::store::registers;
use crate::policy::Parameters;
use crate::policy::scheme::fact::unknown;
use crate::scoring::Scheme;
use crate::scoring::benchmark::Benchmark;
use crate::scoring::scheme::{Bonus, SubjectKind};
use crate::scoring::subject::{Change, Claim, Subject};

/// A member of the category.
pub enum Sorted {
    Ranked(Box<Input>),
    LeftOut(Box<Member>, LeftOut),
}

/// Hands everybody of the category to `take`, and says what they are measured against.
///
/// # Errors
/// When the scheme does not evaluate the year, asks for what nobody knows, or a base has no figures.
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
    let mut transaction = snapshot(pool).await?;
    let beside = same_snapshot(pool, &mut transaction).await?;
    let bases = tokio::spawn(base_years(beside, scope.clone(), Arc::clone(scheme), Arc::clone(&parameters), year));
    let registers = Registers::read(&mut transaction, scope, scheme, year).await?;
    let reading = Reading::of(scheme, &parameters)?;
    let mut concerned = Vec::new();
    let sort = |member: Member| match belongs(scheme, coverage, &member) {
        Belongs::No => {}
        Belongs::LeftOut(why) => take(Sorted::LeftOut(Box::new(member), why)),
        Belongs::Ranked { group } => {
            let input = registers.input(member, group);
            if registers.concern(&input.subject.key) {
                concerned.push(input.clone());
            }
            take(Sorted::Ranked(Box::new(input)));
        }
    };
    each(&mut transaction, scope, &reading, year, true, sort).await?;
    let of_years = bases.await.map_err(|ended| sqlx::Error::Io(std::io::Error::other(ended)))??;
    transaction.commit().await?;
    concerned.sort_by(|one, other| one.subject.key.cmp(&other.subject.key));
    registers.hold_to(scheme, &concerned)?;
    Ok(run::benchmarks(scheme, year, &of_years)?)
}

async fn base_years(
    mut transaction: Transaction<'static, Postgres>,
    scope: Scope,
    scheme: Arc<Scheme>,
    parameters: Arc<Parameters>,
    year: i32,
) -> Result<Vec<BaseYear>, ComputeError> {
    let reading = Reading::of(&scheme, &parameters)?;
    let mut of_years = Vec::new();
    for base_year in run::base_years(&scheme, year) {
        let mut sums = BaseYear::new(Arc::clone(&scheme), base_year);
        each(&mut transaction, &scope, &reading, base_year, false, |member| sums.add(&member)).await?;
        of_years.push(sums);
    }
    transaction.commit().await?;
    Ok(of_years)
}

async fn each(
    connection: &mut PgConnection,
    scope: &Scope,
    reading: &Reading<'_>,
    year: i32,
    places: bool,
    take: impl FnMut(Member) + Send,
) -> Result<(), sqlx::Error> {
    let query = Query::of_year(year);
    let Reading { scheme, transition_years, sums } = reading;
    let wanted = Wanted { query: &query, scheme, transition_years: *transition_years, sums, places };
    members::each(connection, scope, &wanted, take).await
}

pub(super) fn fits(scheme: &Scheme, year: i32) -> Result<(), RunError> {
    let id = || scheme.id.clone();
    if !scheme.holds_for(year) {
        return Err(RunError::Year { scheme: id(), year });
    }
    let subject = scheme.population.subject;
    if subject != SubjectKind::Enterprise {
        return Err(RunError::Subject { scheme: id(), kind: subject.code().to_owned() });
    }
    match unknown(scheme).first() {
        Some(fact) => Err(RunError::Fact { scheme: id(), fact: (*fact).to_owned() }),
        None => Ok(()),
    }
}

/// What the registers say of a year, by enterprise.
pub(super) struct Registers {
    vetoes: HashMap<String, Vec<ActingVeto>>,
    claims: HashMap<String, registers::Claims>,
    changes: HashMap<String, Change>,
}

impl Registers {
    pub(super) async fn read(
        connection: &mut PgConnection,
        scope: &Scope,
        scheme: &Scheme,
        year: i32,
    ) -> Result<Self, sqlx::Error> {
        Ok(Registers {
            vetoes: registers::vetoes(connection, scope, year).await?,
            claims: registers::claims(connection, scope, year).await?,
            changes: registers::changes(connection, scope, scheme.category.code(), year).await?,
        })
    }

    /// Whether one of them could be refused.
    fn concern(&self, uscc: &str) -> bool {
        self.claims.contains_key(uscc) || self.changes.contains_key(uscc)
    }

    /// A claim that the scheme does not know, and a change of grade of somebody who is not ranked or to no grade, would be lost
    /// without a word. `ranked` are those whom claims and changes concern, by key.
    pub(super) fn hold_to(&self, scheme: &Scheme, ranked: &[Input]) -> Result<(), RunError> {
        ranked.iter().try_for_each(|input| claims_known(scheme, input))?;
        let is_ranked = |uscc: &String| ranked.binary_search_by(|input| input.subject.key.cmp(uscc)).is_ok();
        let is_grade = |grade: &String| scheme.grades.iter().any(|band| band.grade == *grade);
        let lost = self.changes.iter().find(|(uscc, change)| !is_ranked(uscc) || !is_grade(&change.grade));
        match lost {
            Some((uscc, change)) => Err(RunError::Grade { uscc: uscc.clone(), grade: change.grade.clone() }),
            None => Ok(()),
        }
    }

    pub(super) fn input(&self, member: Member, group: String) -> Input {
        let vetoes = self.vetoes.get(&member.uscc).cloned().unwrap_or_default();
        let claims = self.claims.get(&member.uscc).cloned().unwrap_or_default();
        Input {
            subject: Subject {
                group,
                facts: member.facts,
                coefficient: None,
                bonus: claims.bonus,
                deduction: claims.deduction,
                vetoed: !vetoes.is_empty(),
                fixed: None,
                change: self.changes.get(&member.uscc).cloned(),
                key: member.uscc,
            },
            name: member.name,
            subdistrict: member.subdistrict,
            industry: member.industry.map(|place| place.code),
            vetoes,
        }
    }
}

fn claims_known(scheme: &Scheme, input: &Input) -> Result<(), RunError> {
    let unknown = |claims: &[Claim], items: &[Bonus]| {
        claims.iter().find(|claim| items.iter().all(|own| own.item != claim.item)).map(|claim| claim.item.clone())
    };
    let subject = &input.subject;
    match unknown(&subject.bonus, &scheme.bonus).or_else(|| unknown(&subject.deduction, &scheme.deduction)) {
        Some(item) => Err(RunError::Item { uscc: subject.key.clone(), item }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal_macros::dec;

    use super::*;
    use crate::evaluation::samples::{member, scheme};

    fn claim(item: &str) -> Claim {
        Claim { item: item.to_owned(), times: dec!(1), document: "合成文件".to_owned() }
    }

    fn registers(uscc: &str, item: &str, grade: &str) -> Registers {
        let claims = registers::Claims { bonus: vec![claim(item)], deduction: Vec::new() };
        let change = Change { grade: grade.to_owned(), document: "合成文件".to_owned(), why: "核实".to_owned() };
        Registers {
            vetoes: HashMap::new(),
            claims: [(uscc.to_owned(), claims)].into(),
            changes: [(uscc.to_owned(), change)].into(),
        }
    }

    fn held(registers: &Registers) -> Result<(), RunError> {
        let ranked = vec![registers.input(member("1", 2022, Some(dec!(1)), Some(dec!(1))), "其他".to_owned())];
        registers.hold_to(&scheme(), &ranked)
    }

    #[test]
    fn what_the_scheme_does_not_know_of_the_ranked_is_refused_and_what_is_of_others_is_theirs() {
        assert!(held(&registers("1", "patent", "B")).is_ok());
        assert!(matches!(held(&registers("1", "luck", "B")), Err(RunError::Item { .. })));
        assert!(matches!(held(&registers("1", "patent", "E")), Err(RunError::Grade { .. })));
        assert!(matches!(held(&registers("2", "luck", "B")), Err(RunError::Grade { .. })), "a change of nobody ranked");
        let others = Registers { changes: HashMap::new(), ..registers("2", "luck", "B") };
        assert!(held(&others).is_ok(), "claims of another category are for its scheme");
    }
}
