//! What the registers, contracts and obligations say of a parcel on a day. Whoever asks, the facts are those of the whole district: who
//! may see them is settled before.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use super::rules::{Facts, Found, Granted, Holder, IdleStanding, Registered, Yield};
use super::store::register::{self, KnownUser};
use super::uses::kinds_of;
use super::wording::SurveyError;
use crate::codelist::WorkCalendar;
use crate::contract::event::DutyKind;
use crate::contract::known::Contract;
use crate::contract::practice::Practice;
use crate::contract::stage::{Stage, standing};
use crate::contract::store as contracts;
use crate::db::{PgPool, Scope};
use crate::low_efficiency::list::Entry as Listed;
use crate::low_efficiency::store as list;
use crate::low_efficiency::{Inapplicable, Outcome};
use crate::obligations::check::judge;
use crate::obligations::{self, Line, State};
use crate::parcel::store::{self as parcels, Version};

/// A contract in force that holds the parcel.
#[derive(Clone, Debug)]
pub struct KnownContract {
    pub number: String,
    pub grantee: String,
    pub stage: Stage,
    pub idle: IdleStanding,
    /// As the obligations say it.
    pub words: Option<String>,
}

/// What is filled in and marked before anybody goes there.
#[derive(Clone, Debug)]
pub struct Known {
    pub register: Option<Version>,
    pub contracts: Vec<KnownContract>,
    pub users: Vec<KnownUser>,
    pub holders: Vec<Holder>,
    pub list_year: i32,
}

impl Known {
    pub fn facts(&self, found: Option<Found>) -> Facts {
        Facts {
            register: self.register.as_ref().map(registered),
            contracts: self.contracts.iter().map(granted).collect(),
            holders: self.holders.clone(),
            list_year: self.list_year,
            found,
        }
    }

    /// Whoever owns the land, where that is one.
    pub fn owner(&self) -> Option<&KnownUser> {
        let mut owners = self.users.iter().filter(|user| user.owns);
        owners.next().filter(|_| owners.next().is_none())
    }

    pub fn is_user(&self, uscc: &str) -> bool {
        self.users.iter().any(|user| user.uscc == uscc)
    }
}

fn registered(version: &Version) -> Registered {
    let land_use = version.land_use_scheme.clone().zip(version.land_use_code.clone());
    let kinds = land_use.as_ref().map_or_else(Vec::new, |(scheme, code)| kinds_of(scheme, code));
    Registered { supply: version.supply_status, land_use, kinds }
}

fn granted(contract: &KnownContract) -> Granted {
    Granted { number: contract.number.clone(), idle: contract.idle, words: contract.words.clone() }
}

/// # Errors
/// When no line was in force for the list's year, or the database does not answer.
pub async fn known(
    pool: &PgPool,
    scope: &Scope,
    code: &str,
    (day, now): (NaiveDate, DateTime<Utc>),
    list_year: i32,
) -> Result<Known, SurveyError> {
    let district = Scope::district(scope.district.clone());
    let users = register::users(pool, &district, code, day).await?;
    Ok(Known {
        register: parcels::version_on(pool, &district, code, day).await?,
        contracts: holding(pool, &district, code, (day, now)).await?,
        holders: holders(pool, &district, &users, list_year).await?,
        users,
        list_year,
    })
}

async fn holding(
    pool: &PgPool,
    district: &Scope,
    code: &str,
    (day, now): (NaiveDate, DateTime<Utc>),
) -> Result<Vec<KnownContract>, SurveyError> {
    let numbers = contracts::of_parcel(pool, district, code).await?;
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let practice = contracts::practice_on(pool, day).await?;
    let mut connection = pool.acquire().await?;
    let found = contracts::load_many(&mut connection, district, &numbers, now).await?;
    Ok(found.iter().filter_map(|contract| in_force(contract, code, day, &practice)).collect())
}

fn in_force(contract: &Contract, code: &str, day: NaiveDate, practice: &Practice) -> Option<KnownContract> {
    let stage = standing(contract, day)?.stage;
    let terms = contract.terms_on(day)?;
    if !stage.is_open() || !terms.parcels.iter().any(|parcel| parcel == code) {
        return None;
    }
    let lines = judge(contract, day, practice, WorkCalendar::embedded());
    let line = lines.iter().find(|line| line.duty.kind == DutyKind::IdleLand);
    let idle = idle(contract, day, line);
    let words = line.filter(|_| idle != IdleStanding::No).map(Line::wording);
    Some(KnownContract { number: contract.number.clone(), grantee: terms.grantee.clone(), stage, idle, words })
}

fn idle(contract: &Contract, day: NaiveDate, line: Option<&Line>) -> IdleStanding {
    match line.map(|line| line.state) {
        Some(State::Overdue) if obligations::is_confirmed(contract, day) => IdleStanding::Confirmed,
        Some(State::Overdue) => IdleStanding::Suspected,
        Some(State::NotDeterminable) => IdleStanding::NotDeterminable,
        _ => IdleStanding::No,
    }
}

/// Who holds ground, with what the list of the year says of each.
async fn holders(
    pool: &PgPool,
    district: &Scope,
    users: &[KnownUser],
    list_year: i32,
) -> Result<Vec<Holder>, SurveyError> {
    let holds = |user: &&KnownUser| user.holds_ground && user.mu.is_none_or(|mu| mu > Decimal::ZERO);
    let these: Vec<&KnownUser> = users.iter().filter(holds).collect();
    if these.is_empty() {
        return Ok(Vec::new());
    }
    let line = list::line_of(pool, list_year).await?;
    let codes = these.iter().map(|user| user.uscc.clone()).collect();
    let entries = list::entries_of(pool, district, list_year, &line, codes).await?;
    let of = |user: &KnownUser| entries.iter().find(|entry| entry.uscc == user.uscc).map_or(Yield::Unknown, yields);
    let holder =
        |user: &KnownUser| Holder { uscc: user.uscc.clone(), name: user.name.clone(), mu: user.mu, yields: of(user) };
    Ok(these.into_iter().map(holder).collect())
}

/// An enterprise that was not there in the year, and one in its transition, is not on the list.
fn yields(entry: &Listed) -> Yield {
    let judged = &entry.judgement;
    match judged.outcome {
        _ if judged.low_efficiency => Yield::Low,
        Outcome::Clear | Outcome::OnTheLine | Outcome::InTransition | Outcome::Flagged => Yield::NotLow,
        Outcome::NotApplicable if judged.inapplicable == Some(Inapplicable::NotYetEstablished) => Yield::NotLow,
        Outcome::NotApplicable | Outcome::NotDeterminable => Yield::Unknown,
    }
}
