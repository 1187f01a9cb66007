//! What can be done here: a run is computed and kept. Its way to an official result is [`case`](super::case).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use super::covered::is_exploration;
use super::document::{ActingVeto, Input};
use super::merge;
use super::population::{Coverage, Member, group_of};
use super::registers::entry::has_grade;
use super::registers::veto_kinds;
use super::run::{self, Frozen, Kept, RunError};
use super::store::members::Wanted;
use super::store::subjects::population;
use super::store::{registers, runs, uses};
use super::tenants::{self, Grades, Owners};
use crate::account::Act;
use crate::account::audit::Deed;
use crate::annual::store::snapshot;
use crate::annual::{Query, deciding_day};
use crate::base::code::CountyCode;
use crate::db::{PgPool, Scope};
use crate::enterprise::sums::{SumError, Sums};
use crate::low_efficiency::Line;
use crate::permits::{self, Step};
use crate::policy::scheme::Schemes;
use crate::policy::scheme::fact::unknown;
use crate::policy::veto::VetoKind;
use crate::policy::{self, ParameterError, Parameters};
use crate::scoring::Scheme;
use crate::scoring::benchmark::BaseError;
use crate::scoring::scheme::{Adoption, Binding, Bonus, Merge, SubjectKind};
use crate::scoring::subject::{Change, Claim, Subject};

#[derive(Debug, thiserror::Error)]
pub enum ComputeError {
    #[error(transparent)]
    Run(#[from] RunError),
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    #[error(transparent)]
    Sum(#[from] SumError),
    #[error(transparent)]
    Published(#[from] policy::store::PublishError),
    #[error(transparent)]
    Receipt(#[from] policy::store::receipts::ReceiptError),
    #[error(transparent)]
    Refused(#[from] permits::Refused),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<BaseError> for ComputeError {
    fn from(error: BaseError) -> Self {
        ComputeError::Run(error.into())
    }
}

/// The first year of the governing text; what it says of the year before is published with it.
const FIRST_YEAR: i32 = 2019;

/// The parameters of a year: those of its 31 December.
///
/// # Errors
/// When the database does not answer.
pub async fn parameters_of(pool: &PgPool, year: i32) -> Result<Parameters, sqlx::Error> {
    policy::store::parameters_on(pool, deciding_day(year.max(FIRST_YEAR))).await
}

/// From how much land industry is evaluated in a year, 一(二).
///
/// # Errors
/// When the parameter was not published.
pub fn coverage(parameters: &Parameters, year: i32) -> Result<Coverage, ParameterError> {
    let name =
        if year < FIRST_YEAR { "evaluation_industry_land_at_least_2018" } else { "evaluation_industry_land_at_least" };
    Ok(Coverage { industry_land_at_least: parameters.decimal(name)? })
}

/// What a district may evaluate by.
///
/// # Errors
/// When the database does not answer.
pub async fn schemes(pool: &PgPool, district: &CountyCode) -> Result<Schemes, policy::store::PublishError> {
    Ok(policy::store::current(pool, district).await?.schemes.clone())
}

/// Facts, benchmarks and registers of a year as a run freezes them; all from one moment of the database.
///
/// # Errors
/// When the scheme does not evaluate the year, asks for what nobody knows, or a base has no figures.
pub async fn freeze(pool: &PgPool, scope: &Scope, scheme: &Scheme, year: i32) -> Result<Frozen, ComputeError> {
    fits(scheme, year)?;
    let parameters = parameters_of(pool, year).await?;
    let coverage = coverage(&parameters, year)?;
    let reading = Reading::of(scheme, &parameters)?.with_lines(pool, year).await?;
    let kinds = veto_kinds(pool, scope).await?;
    let mut transaction = snapshot(pool).await?;
    let mut of_years = BTreeMap::new();
    for base_year in run::base_years(scheme, year) {
        of_years.insert(base_year, read(&mut transaction, scope, &reading, base_year).await?);
    }
    let benchmarks = run::benchmarks(scheme, year, &of_years)?;
    drop(of_years);
    let everybody = read(&mut transaction, scope, &reading, year).await?;
    let registers = Registers::read(&mut transaction, scope, (scheme, &kinds), year).await?;
    let (tenants, everybody) = tenants::apart(scheme, everybody);
    let input = |member: Member, group: String| frozen(scheme, &registers, member, group);
    let (mut inputs, mut left_out) = run::sort(scheme, coverage, everybody, input);
    if scheme.population.merge == Merge::Parcel {
        let keys: Vec<String> = inputs.iter().map(|input| input.subject.key.clone()).collect();
        merge::merge(scheme, &mut inputs, &uses::holding(&mut transaction, scope, year, &keys).await?);
    }
    if !tenants.is_empty() {
        let known = owners(&mut transaction, scope, scheme, year, &tenants).await?;
        let input = |member: Member| {
            let group = group_of(scheme, &member);
            frozen(scheme, &registers, member, group)
        };
        let (following, without) = tenants::settle(scheme, tenants, &inputs, (&known.0, &known.1), input);
        inputs.extend(following);
        left_out.extend(without);
        inputs.sort_by(|one, other| one.subject.key.cmp(&other.subject.key));
        left_out.sort_by(|(one, _), (other, _)| one.uscc.cmp(&other.uscc));
    }
    transaction.commit().await?;
    registers.hold_to(scheme, &inputs)?;
    Ok(Frozen { year, scheme: scheme.clone(), benchmarks, inputs, left_out })
}

/// What a run freezes of one: what it is made of, and the grade that is given to it outside population and quota.
fn frozen(scheme: &Scheme, registers: &Registers, mut member: Member, group: String) -> Input {
    let made = member.made.take();
    let fixed = scheme.population.fixed_grade(member.level, |list| member.lists.contains(list)).map(str::to_owned);
    let mut input = registers.input(member, group);
    input.subject.made = made;
    input.subject.fixed = fixed;
    input
}

/// Whose parcels the tenants occupy, and what grades those have elsewhere.
async fn owners(
    connection: &mut PgConnection,
    scope: &Scope,
    scheme: &Scheme,
    year: i32,
    tenants: &[Member],
) -> Result<(Owners, Grades), sqlx::Error> {
    let keys: Vec<String> = tenants.iter().map(|tenant| tenant.uscc.clone()).collect();
    let owners = uses::owners(connection, scope, year, &keys).await?;
    let of: BTreeSet<&String> = owners.values().flatten().collect();
    let of: Vec<String> = of.into_iter().cloned().collect();
    let grades = uses::grades(connection, scope, year, (scheme.category, &of)).await?;
    Ok((owners, grades))
}

/// How the members of a year are read for a scheme.
pub struct Reading<'a> {
    scheme: &'a Scheme,
    transition_years: u32,
    sums: Sums,
    /// The 10,000-yuan lines, where parcels are evaluated; a year before there was one has none.
    lines: BTreeMap<i32, Line>,
}

impl<'a> Reading<'a> {
    /// # Errors
    /// When a parameter is not in force in the year that is evaluated.
    pub fn of(scheme: &'a Scheme, parameters: &Parameters) -> Result<Self, ComputeError> {
        Ok(Reading {
            scheme,
            transition_years: parameters.count("transition_years_at_most")?,
            sums: Sums::from_parameters(parameters)?,
            lines: BTreeMap::new(),
        })
    }

    /// With what parcels of the year and of the years of its base are chosen by.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn with_lines(mut self, pool: &PgPool, year: i32) -> Result<Self, sqlx::Error> {
        if self.scheme.population.subject == SubjectKind::Parcel {
            for of in run::base_years(self.scheme, year).into_iter().chain([year]) {
                let parameters = policy::store::parameters_on(pool, deciding_day(of)).await?;
                self.lines.extend(Line::from_parameters(&parameters).ok().map(|line| (of, line)));
            }
        }
        Ok(self)
    }
}

/// Everybody of a year, as a run with this scheme sees them.
///
/// # Errors
/// When the database does not answer.
pub async fn read(
    connection: &mut PgConnection,
    scope: &Scope,
    reading: &Reading<'_>,
    year: i32,
) -> Result<Vec<Member>, sqlx::Error> {
    let query = Query::of_year(year);
    let Reading { scheme, transition_years, sums, lines } = reading;
    let wanted = Wanted { query: &query, scheme, transition_years: *transition_years, sums };
    let line = match scheme.population.subject {
        SubjectKind::Parcel => lines.get(&year),
        SubjectKind::Enterprise | SubjectKind::Platform => None,
    };
    population(connection, scope, &wanted, line).await
}

pub(super) fn fits(scheme: &Scheme, year: i32) -> Result<(), RunError> {
    let id = || scheme.id.clone();
    if !scheme.holds_for(year) {
        return Err(RunError::Year { scheme: id(), year });
    }
    match unknown(scheme).first() {
        Some(fact) => Err(RunError::Fact { scheme: id(), fact: (*fact).to_owned() }),
        None => Ok(()),
    }
}

/// What the registers say of a year, by enterprise.
struct Registers {
    vetoes: HashMap<String, Vec<ActingVeto>>,
    claims: HashMap<String, registers::Claims>,
    coefficients: HashMap<String, Decimal>,
    changes: HashMap<String, Change>,
}

impl Registers {
    async fn read(
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

    /// Nothing is lost without a word: neither what [`all_known`] asks, nor a change of grade of somebody who is not ranked.
    fn hold_to(&self, scheme: &Scheme, ranked: &[Input]) -> Result<(), RunError> {
        all_known(scheme, ranked)?;
        let is_ranked = |uscc: &String| ranked.binary_search_by(|input| input.subject.key.cmp(uscc)).is_ok();
        let lost = self.changes.iter().find(|(uscc, _)| !is_ranked(uscc));
        lost.map_or(Ok(()), |(uscc, change)| Err(RunError::Grade { uscc: uscc.clone(), grade: change.grade.clone() }))
    }

    fn input(&self, member: Member, group: String) -> Input {
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
pub(super) fn all_known(scheme: &Scheme, ranked: &[Input]) -> Result<(), RunError> {
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

/// Whether a run with a scheme binds nobody: where it is asked for, and always by a trial scheme or an example.
pub fn is_trial(scheme: &Scheme, asked: bool) -> bool {
    asked || scheme.binding == Binding::Trial || scheme.adoption == Adoption::Example
}

/// Computes a run of a year and keeps it: results, frozen inputs and receipt in one transaction.
///
/// # Errors
/// As [`freeze`], or when it cannot be kept.
pub async fn compute(act: &Act, scheme: &Scheme, year: i32, trial: bool) -> Result<Kept, ComputeError> {
    // Bases, ranks and quotas are of the whole district.
    if act.scope.subdistrict.is_some() {
        return Err(RunError::PartOfDistrict.into());
    }
    let frozen = freeze(&act.pool, &act.scope, scheme, year).await?;
    let catalogue = policy::store::current(&act.pool, &act.scope.district).await?.sha256();
    let (frozen, computed) = permits::blocking(Step::Evaluation, move || {
        let computed = run::compute(&frozen, &catalogue);
        (frozen, computed)
    })
    .await?;
    let trial = is_trial(scheme, trial || is_exploration(scheme, year));
    let kept = Kept { id: Uuid::now_v7(), trial, computed: computed?, frozen };
    keep(act, scheme, &kept).await?;
    Ok(kept)
}

async fn keep(act: &Act, scheme: &Scheme, kept: &Kept) -> Result<(), ComputeError> {
    let Kept { id, trial, computed, frozen } = kept;
    let mut transaction = act.begin().await?;
    policy::store::receipts::save(&mut transaction, act, &computed.receipt).await?;
    runs::keep(&mut transaction, act, kept).await?;
    let detail = serde_json::json!({
        "category": scheme.category.code(), "year": frozen.year, "scheme": scheme.id, "trial": trial,
        "receipt": computed.receipt.id, "ranked": computed.lines.len(), "left_out": frozen.left_out.len(),
    });
    let subject = id.to_string();
    let deed = Deed { action: "evaluation.compute", subject_kind: "evaluation_run", subject: &subject, detail };
    act.record(&mut transaction, deed).await?;
    Ok(transaction.commit().await?)
}

#[cfg(test)]
mod tests {
    use rust_decimal_macros::dec;

    use super::*;
    use crate::evaluation::document;
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
        let year = |of: i32, tax| (of, vec![member("1", of, Some(dec!(3)), Some(tax))]);
        let of_years = [year(2019, dec!(60000)), year(2020, dec!(80000)), year(2021, dec!(100000))].into();
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
    fn an_example_and_a_trial_scheme_bind_nobody_whatever_is_asked() {
        let own = scheme();
        assert!(!is_trial(&own, false) && is_trial(&own, true));
        assert!(is_trial(&Scheme { adoption: Adoption::Example, ..scheme() }, false));
        assert!(is_trial(&Scheme { binding: Binding::Trial, ..scheme() }, false));
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
