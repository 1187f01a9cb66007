//! Rounds, parcels and differences for programs, and the sums that pages show.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Serialize;
use uuid::Uuid;

use super::known::Known;
use super::rules::{Ground, IdleStanding, Yield};
use super::store::differences::Difference;
use super::store::parcels::{Entry, Stood};
use super::store::photos::Photo;
use super::store::rounds::Round;
use super::store::totals::Sum;
use super::store::visits::{UserFound, Visit};
use super::{Class, DifferenceKind, DifferenceState, ListedBy, ParcelState, RoundState};
use crate::base::unit::SquareMetre;
use crate::parcel::SupplyStatus;

/// Exactly.
pub fn mu(area_m2: Decimal) -> Decimal {
    SquareMetre(area_m2).to_mu().0.normalize()
}

/// Parcels in number and land.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = SurveyAmount)]
pub struct Amount {
    pub parcels: i64,
    /// Of those with a registered area, exactly.
    #[schema(value_type = String)]
    pub mu: Decimal,
    /// Without a registered area: in the number and not in the land.
    pub unmeasured: i64,
}

impl Amount {
    fn add(&mut self, sum: &Sum) {
        self.parcels += sum.parcels;
        self.mu += mu(sum.area_m2);
        self.unmeasured += sum.unmeasured;
    }

    fn of<'a>(sums: impl IntoIterator<Item = &'a Sum>) -> Self {
        let mut amount = Amount::default();
        sums.into_iter().for_each(|sum| amount.add(sum));
        amount
    }
}

/// What stands alike in a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = SurveyTotal)]
pub struct OfStood {
    pub stood: Stood,
    #[serde(flatten)]
    pub amount: Amount,
}

/// How far a sub-district is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = SurveyProgress)]
pub struct Progress {
    pub subdistrict: String,
    pub surveyed: Amount,
    pub all: Amount,
    /// In the order of [`Stood`].
    pub by_class: Vec<OfStood>,
}

fn by_stood(sums: &[&Sum]) -> Vec<OfStood> {
    let of = |stood: &Stood| OfStood {
        stood: *stood,
        amount: Amount::of(sums.iter().copied().filter(|sum| Stood::of(sum.state, sum.class) == *stood)),
    };
    Stood::ALL.iter().map(of).collect()
}

/// A round with what it came to.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SurveyRound)]
pub struct RoundView {
    pub no: String,
    pub version: i32,
    pub name: String,
    pub subdistrict: Option<String>,
    pub list_year: i16,
    pub state: RoundState,
    pub opened_on: NaiveDate,
    pub opened_by: String,
    pub closed_on: Option<NaiveDate>,
    pub closed_by: Option<String>,
    pub closing_words: Option<String>,
    pub surveyed: Amount,
    pub all: Amount,
    pub by_class: Vec<OfStood>,
    pub progress: Vec<Progress>,
}

impl RoundView {
    pub fn of(round: &Round, sums: &[Sum]) -> Self {
        let mut places: Vec<&str> = sums.iter().map(|sum| sum.subdistrict.as_str()).collect();
        places.dedup();
        let progress = places.into_iter().map(|place| {
            let here: Vec<&Sum> = sums.iter().filter(|sum| sum.subdistrict == place).collect();
            Progress {
                subdistrict: place.to_owned(),
                surveyed: surveyed(&here),
                all: Amount::of(here.iter().copied()),
                by_class: by_stood(&here),
            }
        });
        let all: Vec<&Sum> = sums.iter().collect();
        RoundView {
            no: round.number().to_string(),
            version: round.version,
            name: round.name.clone(),
            subdistrict: round.subdistrict.clone(),
            list_year: round.list_year,
            state: round.state,
            opened_on: round.opened_on,
            opened_by: round.opened_by_name.clone(),
            closed_on: round.closed_on,
            closed_by: round.closed_by_name.clone(),
            closing_words: round.closing_words.clone(),
            surveyed: surveyed(&all),
            all: Amount::of(sums),
            by_class: by_stood(&all),
            progress: progress.collect(),
        }
    }
}

fn surveyed(sums: &[&Sum]) -> Amount {
    Amount::of(sums.iter().copied().filter(|sum| sum.state == ParcelState::Surveyed))
}

/// A parcel of a round in one line.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SurveyLine)]
pub struct Line {
    pub code: String,
    pub name: Option<String>,
    pub subdistrict: String,
    /// As registered when the round was opened; null without a registered area.
    #[schema(value_type = Option<String>)]
    pub area_m2: Option<Decimal>,
    #[schema(value_type = Option<String>)]
    pub area_mu: Option<Decimal>,
    pub land_use_scheme: Option<String>,
    pub land_use_code: Option<String>,
    pub supply_status: SupplyStatus,
    pub listed_by: ListedBy,
    pub state: ParcelState,
    pub visited_on: Option<NaiveDate>,
    /// Null while nobody was there, or when it is not determinable.
    pub class: Option<Class>,
    pub ground: Option<Ground>,
    pub version: i32,
}

impl From<&Entry> for Line {
    fn from(entry: &Entry) -> Self {
        Line {
            code: entry.code.clone(),
            name: entry.name.clone(),
            subdistrict: entry.subdistrict.clone(),
            area_m2: entry.area_m2,
            area_mu: entry.area_m2.map(mu),
            land_use_scheme: entry.land_use_scheme.clone(),
            land_use_code: entry.land_use_code.clone(),
            supply_status: entry.supply_status,
            listed_by: entry.listed_by,
            state: entry.state,
            visited_on: entry.visited_on,
            class: entry.class,
            ground: entry.ground,
            version: entry.version,
        }
    }
}

/// A contract in force as the survey sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SurveyContract)]
pub struct ContractView {
    pub number: String,
    pub grantee: String,
    pub stage: String,
    pub idle: IdleStanding,
    pub words: Option<String>,
}

/// Who is on record, and what the list says of those who hold ground.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SurveyKnownUser)]
pub struct UserView {
    pub uscc: String,
    pub name: Option<String>,
    pub owns: bool,
    #[schema(value_type = Option<String>)]
    pub mu: Option<Decimal>,
    #[schema(value_type = Option<String>)]
    pub floor_area_m2: Option<Decimal>,
    pub yields: Option<Yield>,
}

/// What the registers say today.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SurveyKnown)]
pub struct KnownView {
    /// False when the parcel is not on record any more.
    pub on_record: bool,
    pub supply_status: Option<SupplyStatus>,
    pub land_use: Option<String>,
    pub contracts: Vec<ContractView>,
    pub users: Vec<UserView>,
}

impl From<&Known> for KnownView {
    fn from(known: &Known) -> Self {
        let contract = |contract: &super::known::KnownContract| ContractView {
            number: contract.number.clone(),
            grantee: contract.grantee.clone(),
            stage: contract.stage.to_string(),
            idle: contract.idle,
            words: contract.words.clone(),
        };
        let yields = |uscc: &str| known.holders.iter().find(|holder| holder.uscc == uscc).map(|holder| holder.yields);
        let user = |user: &super::store::register::KnownUser| UserView {
            uscc: user.uscc.clone(),
            name: user.name.clone(),
            owns: user.owns,
            mu: user.mu.map(|mu| mu.normalize()),
            floor_area_m2: user.floor_area_m2,
            yields: yields(&user.uscc),
        };
        let register = known.register.as_ref();
        KnownView {
            on_record: register.is_some(),
            supply_status: register.map(|version| version.supply_status),
            land_use: register.and_then(|version| {
                let code = version.land_use_code.as_deref()?;
                Some(format!("{code} {}", version.land_use_name.as_deref().unwrap_or_default()))
            }),
            contracts: known.contracts.iter().map(contract).collect(),
            users: known.users.iter().map(user).collect(),
        }
    }
}

/// A visit with those who were found, and its photos.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SurveyVisitView)]
pub struct VisitView {
    #[serde(flatten)]
    pub visit: Visit,
    pub users: Vec<UserFound>,
    /// In the order in which they were taken.
    pub photos: Vec<Photo>,
}

pub fn visits(visits: Vec<Visit>, users: &[UserFound], photos: &[Photo]) -> Vec<VisitView> {
    let of = |visit: Visit| {
        let users = users.iter().filter(|user| user.visit == visit.id).cloned().collect();
        let photos = photos.iter().filter(|photo| photo.visit == visit.id).cloned().collect();
        VisitView { visit, users, photos }
    };
    visits.into_iter().map(of).collect()
}

/// A difference between register and ground.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SurveyDifference)]
pub struct DifferenceView {
    pub id: Uuid,
    pub version: i32,
    /// Of the round.
    pub no: String,
    pub code: String,
    pub kind: DifferenceKind,
    pub registered: String,
    pub found: String,
    pub state: DifferenceState,
    pub found_on: NaiveDate,
    pub found_by: String,
    pub decided_at: Option<DateTime<Utc>>,
    pub decided_by: Option<String>,
    pub reason: Option<String>,
}

impl From<&Difference> for DifferenceView {
    fn from(it: &Difference) -> Self {
        DifferenceView {
            id: it.id,
            version: it.version,
            no: crate::workflow::Number { year: it.round_year, serial: it.round_serial }.to_string(),
            code: it.code.clone(),
            kind: it.kind,
            registered: it.registered.clone(),
            found: it.found.clone(),
            state: it.state,
            found_on: it.found_on,
            found_by: it.found_by_name.clone(),
            decided_at: it.decided_at,
            decided_by: it.decided_by_name.clone(),
            reason: it.reason.clone(),
        }
    }
}

/// A parcel of a round with everything about it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SurveyParcel)]
pub struct Whole {
    /// Of the round.
    pub no: String,
    #[serde(flatten)]
    pub line: Line,
    pub known: KnownView,
    /// The newest first; earlier ones stay.
    pub visits: Vec<VisitView>,
    pub differences: Vec<DifferenceView>,
}
