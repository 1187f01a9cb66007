//! What the registers add to those who are ranked: vetoes, claims, coefficients and changes of grade.

use std::collections::HashMap;

use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::db::Scope;
use crate::evaluation::document::{ActingVeto, Input};
use crate::evaluation::population::Member;
use crate::evaluation::registers::entry::has_grade;
use crate::evaluation::run::RunError;
use crate::evaluation::store::registers;
use crate::policy::veto::VetoKind;
use crate::scoring::Scheme;
use crate::scoring::scheme::Bonus;
use crate::scoring::subject::{Change, Claim, Subject};

/// What a run freezes of one: what it is made of, and the grade that is given to it outside population and quota.
pub(super) fn frozen(scheme: &Scheme, registers: &Registers, mut member: Member, group: String) -> Input {
    let made = member.made.take();
    let fixed = scheme.population.fixed_grade(member.level, |list| member.lists.contains(list)).map(str::to_owned);
    let mut input = registers.input(member, group);
    input.subject.made = made;
    input.subject.fixed = fixed;
    input
}

/// What the registers say of a year, by enterprise.
pub(super) struct Registers {
    vetoes: HashMap<String, Vec<ActingVeto>>,
    claims: HashMap<String, registers::Claims>,
    coefficients: HashMap<String, Decimal>,
    changes: HashMap<String, Change>,
}

impl Registers {
    pub(super) async fn read(
        connection: &mut PgConnection,
        scope: &Scope,
        (scheme, kinds): (&Scheme, &[VetoKind]),
        year: i32,
    ) -> Result<Self, sqlx::Error> {
        let category = scheme.category.code();
        Ok(Registers {
            vetoes: registers::vetoes(connection, scope, year, (kinds, &scheme.veto)).await?,
            claims: registers::claims(connection, scope, category, year).await?,
            coefficients: registers::coefficients(connection, scope, category, year).await?,
            changes: registers::changes(connection, scope, category, year).await?,
        })
    }

    /// Whether one of them could be refused.
    pub(super) fn concern(&self, uscc: &str) -> bool {
        self.claims.contains_key(uscc) || self.changes.contains_key(uscc)
    }

    /// Nothing is lost without a word: neither what [`all_known`] asks, nor a change of grade of somebody who is not ranked.
    /// `ranked` are all who are ranked, or all of them whom these [concern](Registers::concern), by key.
    pub(super) fn hold_to(&self, scheme: &Scheme, ranked: &[Input]) -> Result<(), RunError> {
        all_known(scheme, ranked)?;
        let is_ranked = |uscc: &String| ranked.binary_search_by(|input| input.subject.key.cmp(uscc)).is_ok();
        let lost = self.changes.iter().find(|(uscc, _)| !is_ranked(uscc));
        lost.map_or(Ok(()), |(uscc, change)| Err(RunError::Grade { uscc: uscc.clone(), grade: change.grade.clone() }))
    }

    pub(super) fn input(&self, member: Member, group: String) -> Input {
        let vetoes = self.vetoes.get(&member.uscc).cloned().unwrap_or_default();
        let claims = self.claims.get(&member.uscc).cloned().unwrap_or_default();
        Input {
            subject: Subject {
                group,
                facts: member.facts,
                coefficient: self.coefficients.get(&member.uscc).copied(),
                bonus: claims.bonus,
                deduction: claims.deduction,
                vetoed: !vetoes.is_empty(),
                fixed: None,
                change: self.changes.get(&member.uscc).cloned(),
                key: member.uscc,
                made: None,
                follows: None,
            },
            name: member.name,
            subdistrict: member.subdistrict,
            industry: member.industry.map(|place| place.code),
            vetoes,
        }
    }
}

/// Whether the scheme knows every claim of the ranked, and every grade that one was changed to.
///
/// # Errors
/// It does not.
pub(in crate::evaluation) fn all_known(scheme: &Scheme, ranked: &[Input]) -> Result<(), RunError> {
    ranked.iter().try_for_each(|input| {
        claims_known(scheme, input)?;
        let unknown = input.subject.change.as_ref().filter(|change| !has_grade(scheme, &change.grade));
        let refuse = |change: &Change| RunError::Grade { uscc: input.subject.key.clone(), grade: change.grade.clone() };
        unknown.map_or(Ok(()), |change| Err(refuse(change)))
    })
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
    use std::sync::Arc;

    use rust_decimal_macros::dec;

    use super::*;
    use crate::evaluation::document;
    use crate::evaluation::run::{self, BaseYear, Frozen};
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
            coefficients: HashMap::new(),
            changes: [(uscc.to_owned(), change)].into(),
        }
    }

    fn held(registers: &Registers) -> Result<(), RunError> {
        let ranked = vec![registers.input(member("1", 2022, Some(dec!(1)), Some(dec!(1))), "其他".to_owned())];
        registers.hold_to(&scheme(), &ranked)
    }

    /// One of 40,000 yuan of tax on one mu against a base of as much: 100 points.
    fn printed(registers: &Registers) -> document::ResultDocument {
        let mut scheme = scheme();
        scheme.bonus[0].cap = None;
        let shared = Arc::new(scheme.clone());
        let year = |of: i32, tax| BaseYear::of(&shared, of, &[member("1", of, Some(dec!(3)), Some(tax))]);
        let of_years = [year(2019, dec!(60000)), year(2020, dec!(80000)), year(2021, dec!(100000))];
        let benchmarks = run::benchmarks(&scheme, 2022, &of_years).unwrap();
        let inputs = vec![registers.input(member("1", 2022, Some(dec!(1)), Some(dec!(40000))), "其他".to_owned())];
        let frozen = Frozen { year: 2022, scheme, benchmarks, inputs, left_out: Vec::new() };
        run::compute(&frozen, "catalogue").unwrap().lines.remove(0).result
    }

    #[test]
    fn an_own_coefficient_multiplies_the_sum_and_leaves_the_bonus_as_it_is() {
        let none = || Registers { changes: HashMap::new(), claims: HashMap::new(), ..registers("1", "patent", "B") };
        let plain = printed(&none());
        assert_eq!((plain.sum.as_str(), plain.coefficient.as_str(), plain.score.as_str()), ("100", "1", "100"));
        let bonus = registers::Claims { bonus: vec![Claim { times: dec!(2.5), ..claim("patent") }], deduction: vec![] };
        let coefficients = || [("1".to_owned(), dec!(0.9))].into();
        let both =
            printed(&Registers { claims: [("1".to_owned(), bonus)].into(), coefficients: coefficients(), ..none() });
        assert_eq!((both.sum.as_str(), both.coefficient.as_str(), both.score.as_str()), ("100", "0.9", "95"));
        assert_eq!(printed(&Registers { coefficients: coefficients(), ..none() }).score, "90");
        let others = Registers { coefficients: [("2".to_owned(), dec!(0.9))].into(), ..none() };
        assert_eq!(printed(&others).score, "100", "somebody else's");
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
