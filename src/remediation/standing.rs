//! How files stand today: what is on record around them, put together for the rules.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use super::proof::{self, LineOf, YearFigure};
use super::rules::{ContractStanding, Sampling, Standing, Subject, overdue_days};
use super::store::figures;
use super::store::files::File;
use super::store::standing::{Around, around};
use super::wording::RemediationError;
use super::{EvidenceKind, State, SubjectKind, Way};
use crate::account::Department;
use crate::db::{PgPool, Scope};
use crate::enterprise::EnterpriseState;

/// Years of figures that are looked at, at most.
const YEARS: i32 = 10;

/// Each of some files, in their order.
///
/// # Errors
/// When the database does not answer.
pub async fn of(
    pool: &PgPool,
    scope: &Scope,
    files: &[&File],
    today: NaiveDate,
) -> Result<Vec<Standing>, RemediationError> {
    let ids: Vec<_> = files.iter().map(|file| file.id).collect();
    let mut connection = pool.acquire().await?;
    let found = around(&mut connection, scope, &ids, today).await?;
    drop(connection);
    let found: BTreeMap<_, _> = found.into_iter().map(|around| (around.id, around)).collect();
    let mut asked: BTreeMap<i32, BTreeSet<String>> = BTreeMap::new();
    for file in files {
        for year in years(file, today) {
            asked.entry(year).or_default().insert(file.subject.clone());
        }
    }
    // Whoever may see the file may see what decides it.
    let figures = figures::of(pool, &Scope::district(scope.district.clone()), &asked).await?;
    let standing = |file: &&File| {
        let figures = figures.get(&file.subject).map_or(&[][..], Vec::as_slice);
        found.get(&file.id).map(|around| standing(file, around, figures, today))
    };
    files.iter().map(standing).collect::<Option<_>>().ok_or_else(|| sqlx::Error::RowNotFound.into())
}

/// One file.
///
/// # Errors
/// When the database does not answer.
pub async fn of_one(pool: &PgPool, scope: &Scope, file: &File, today: NaiveDate) -> Result<Standing, RemediationError> {
    let mut all = of(pool, scope, &[file], today).await?;
    all.pop().ok_or_else(|| sqlx::Error::RowNotFound.into())
}

/// Years whose figures say something of a file: those that may prove an upgrade, and those after it was struck off.
fn years(file: &File, today: NaiveDate) -> Vec<i32> {
    let last = today.year() - 1;
    let first = match (file.state, file.way) {
        _ if file.subject_kind == SubjectKind::Parcel => None,
        (State::CarryingOut | State::AcceptanceAsked | State::Suspended, Some(Way::Upgrade)) => {
            file.planned_on.map(proof::first_full_year)
        }
        (State::StruckOff | State::LookedBack, _) => after(file),
        _ => None,
    };
    first.map_or_else(Vec::new, |first| (first.max(last - YEARS + 1)..=last).collect())
}

/// The first year in which somebody struck off could fall back.
fn after(file: &File) -> Option<i32> {
    let proven = file.proof_year.map(i32::from);
    Some(proven.or(file.struck_off_on.map(|day| day.year()))? + 1)
}

fn standing(file: &File, around: &Around, figures: &[(YearFigure, LineOf)], today: NaiveDate) -> Standing {
    let is_working = matches!(file.state, State::CarryingOut | State::AcceptanceAsked);
    let upgrade = file.planned_on.filter(|_| file.way == Some(Way::Upgrade) && is_working);
    let below = |(figure, line): &&(YearFigure, LineOf)| {
        figure.confirmed && proof::is_below(figure, *line) && after(file).is_some_and(|first| figure.year >= first)
    };
    let is_over = matches!(file.state, State::StruckOff | State::LookedBack);
    Standing {
        state: file.state,
        way: file.way,
        due: file.due,
        subject: subject(file, around),
        evidence: around.evidence.iter().filter_map(|kind| EvidenceKind::parse(kind)).collect(),
        open_tasks: count(around.open_tasks),
        late_tasks: count(around.late_tasks),
        open_findings: count(around.open_findings),
        contract: match (file.contract.is_some() && around.contract_known, around.contract_ended) {
            (false, _) => None,
            (true, true) => Some(ContractStanding::Ended),
            (true, false) => Some(ContractStanding::Open),
        },
        new_parcel: around.new_parcel,
        register_changed: around.register_changed,
        upgrade: upgrade.map(|planned_on| proof::upgrade(figures, planned_on, today)),
        sampling: match file.sampled.as_deref() {
            Some("drawn") => Sampling::Drawn,
            Some(_) => Sampling::NotDrawn,
            None => Sampling::Waiting,
        },
        agreed: around.agreed.iter().filter_map(|code| Department::parse(code)).collect(),
        hearing_until: file.due.filter(|_| file.state == State::Noticed),
        below_again: figures.iter().filter(|_| is_over).find(below).map(|(figure, _)| figure.year),
        relapsed: around.relapsed,
    }
}

fn count(rows: i64) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}

fn subject(file: &File, around: &Around) -> Subject {
    match file.subject_kind {
        SubjectKind::Enterprise => match around.enterprise_state {
            Some(EnterpriseState::Moved | EnterpriseState::Cancelled) => Subject::Left,
            Some(EnterpriseState::Operating) | None => Subject::There,
        },
        SubjectKind::Parcel if around.parcel_there => Subject::There,
        SubjectKind::Parcel => Subject::Gone(around.successors.clone()),
    }
}

/// Days that a file is late.
pub fn late(file: &File, today: NaiveDate) -> i64 {
    overdue_days(file.state, file.due, today)
}
