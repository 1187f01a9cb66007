//! Files for programs: a line of the list, and one with everything in it.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use super::rules::{Standing, blockers};
use super::standing;
use super::store::agreements::{self, Agreement};
use super::store::evidence::{self, Evidence};
use super::store::figures;
use super::store::files::{self, File};
use super::store::grounds::{self, Entered};
use super::store::listing::Listed;
use super::store::steps::{self, StepTaken};
use super::store::tasks::{self, Task};
use super::wording::RemediationError;
use super::{Ground, State, SubjectKind, Way};
use crate::account::Department;
use crate::db::{PgPool, Scope};

/// A file in one line.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = RemediationLine)]
pub struct Line {
    pub no: String,
    /// Credit code of the enterprise, or code of the parcel.
    pub subject: String,
    pub grounds: Vec<Ground>,
    pub way: Option<Way>,
    pub state: State,
    /// Of the next step; none when it is closed.
    pub due: Option<NaiveDate>,
    pub overdue_days: i64,
    /// In Chinese, the most pressing first.
    pub blockers: Vec<String>,
    /// Of what it was entered for first.
    pub receipt: String,
}

impl Line {
    pub fn of(listed: &Listed, standing: &Standing, today: NaiveDate) -> Self {
        let file = &listed.file;
        Line {
            no: file.number().to_string(),
            subject: file.subject.clone(),
            grounds: listed.grounds.iter().filter_map(|code| Ground::parse(code)).collect(),
            way: file.way,
            state: file.state,
            due: file.due,
            overdue_days: standing::late(file, today),
            blockers: blockers(standing, today),
            receipt: listed.receipt.clone(),
        }
    }
}

/// Files with what is holding each up.
///
/// # Errors
/// When the database does not answer.
pub async fn lines(
    pool: &PgPool,
    scope: &Scope,
    listed: Vec<Listed>,
    today: NaiveDate,
) -> Result<Vec<(Listed, Line)>, RemediationError> {
    let of: Vec<&File> = listed.iter().map(|listed| &listed.file).collect();
    let standing = standing::of(pool, scope, &of, today).await?;
    let line = |(listed, standing): (Listed, Standing)| {
        let line = Line::of(&listed, &standing, today);
        (listed, line)
    };
    Ok(listed.into_iter().zip(standing).map(line).collect())
}

/// What a plan says.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = RemediationPlan)]
pub struct PlanView {
    pub way: Way,
    /// 元/亩.
    #[schema(value_type = Option<String>)]
    pub target: Option<Decimal>,
    pub target_year: Option<i16>,
    pub measures: Option<String>,
    pub contract: Option<String>,
    pub new_parcel: Option<String>,
    pub due: Option<NaiveDate>,
    pub subdistrict: Option<String>,
    pub lead: Option<Department>,
    pub departments: Vec<Department>,
    pub planned_on: Option<NaiveDate>,
    pub planned_by: Option<String>,
}

/// A year against line and target.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = RemediationYear)]
pub struct YearView {
    pub year: i32,
    /// 元.
    pub tax_yuan: Option<String>,
    /// The tax office vouches for it.
    pub confirmed: bool,
    /// 元/亩, rounded to 4 decimals; what follows was decided without rounding.
    pub tax_per_mu: Option<String>,
    pub line: String,
    pub below: bool,
    /// Of the plan, once its year has begun.
    pub target: Option<String>,
}

/// Another file of the same subject.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = RemediationEarlier)]
pub struct Earlier {
    pub no: String,
    pub state: State,
    pub way: Option<Way>,
    pub opened_on: NaiveDate,
    pub struck_off_on: Option<NaiveDate>,
}

/// A file with everything on record.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = RemediationFile)]
pub struct Whole {
    #[serde(flatten)]
    pub line: Line,
    pub subject_kind: SubjectKind,
    pub name: String,
    pub subdistrict: Option<String>,
    pub version: i32,
    pub opened_on: NaiveDate,
    pub opened_by: String,
    pub relapse: bool,
    pub entered: Vec<Entered>,
    pub plan: Option<PlanView>,
    pub years: Vec<YearView>,
    pub tasks: Vec<Task>,
    pub evidence: Vec<Evidence>,
    pub agreements: Vec<Agreement>,
    /// Of the figure on which an upgrade was accepted.
    pub proof_receipt: Option<String>,
    pub accepted_on: Option<NaiveDate>,
    pub struck_off_on: Option<NaiveDate>,
    pub strike_document: Option<String>,
    #[schema(value_type = Option<String>)]
    pub mu_freed: Option<Decimal>,
    /// Earlier and later files, the newest first.
    pub history: Vec<Earlier>,
    pub timeline: Vec<StepTaken>,
}

/// Years before the file that are shown.
const BEFORE: i32 = 3;

/// # Errors
/// When the database does not answer.
pub async fn whole(pool: &PgPool, scope: &Scope, file: &File, today: NaiveDate) -> Result<Whole, RemediationError> {
    let mut connection = pool.acquire().await?;
    let entered = grounds::of_file(&mut connection, scope, file.id).await?;
    let timeline = steps::of_file(&mut connection, scope, file.id).await?;
    let tasks = tasks::of_file(&mut connection, scope, file.id).await?;
    let evidence = evidence::of_file(&mut connection, scope, file.id).await?;
    let agreements = agreements::of_file(&mut connection, scope, file.id).await?;
    let others = files::of_subject(&mut connection, scope, &file.subject).await?;
    drop(connection);
    let years = years(pool, scope, file, today).await?;
    let standing = standing::of_one(pool, scope, file, today).await?;
    let codes = entered.iter().map(|entered| entered.ground.code().to_owned()).collect();
    let receipt = entered.first().map(|entered| entered.receipt.clone()).unwrap_or_default();
    let line = Line::of(&Listed { file: file.clone(), grounds: codes, receipt }, &standing, today);
    Ok(Whole {
        line,
        subject_kind: file.subject_kind,
        name: file.name.clone(),
        subdistrict: file.subdistrict.clone(),
        version: file.version,
        opened_on: file.opened_on,
        opened_by: file.opened_by_name.clone(),
        relapse: file.relapse_of.is_some(),
        entered,
        plan: file.way.map(|way| plan(file, way)),
        years,
        tasks,
        evidence,
        agreements,
        proof_receipt: file.proof_receipt.clone(),
        accepted_on: file.accepted_on,
        struck_off_on: file.struck_off_on,
        strike_document: file.strike_document.clone(),
        mu_freed: file.mu_freed,
        history: others.iter().filter(|other| other.id != file.id).map(earlier).collect(),
        timeline,
    })
}

fn plan(file: &File, way: Way) -> PlanView {
    PlanView {
        way,
        target: file.target,
        target_year: file.target_year,
        measures: file.measures.clone(),
        contract: file.contract.clone(),
        new_parcel: file.new_parcel.clone(),
        due: file.plan_due,
        subdistrict: file.plan_subdistrict.clone(),
        lead: file.lead,
        departments: file.in_charge().into_iter().filter(|department| Some(*department) != file.lead).collect(),
        planned_on: file.planned_on,
        planned_by: file.planned_by_name.clone(),
    }
}

fn earlier(file: &File) -> Earlier {
    Earlier {
        no: file.number().to_string(),
        state: file.state,
        way: file.way,
        opened_on: file.opened_on,
        struck_off_on: file.struck_off_on,
    }
}

/// From some years before the file to the last full one.
async fn years(pool: &PgPool, scope: &Scope, file: &File, today: NaiveDate) -> Result<Vec<YearView>, RemediationError> {
    if file.subject_kind == SubjectKind::Parcel {
        return Ok(Vec::new());
    }
    let (opened, last) = (i32::from(file.year), chrono::Datelike::year(&today) - 1);
    let first = (opened - BEFORE).max(last - 2 * BEFORE - 4);
    let asked = (first..=last).map(|year| (year, [file.subject.clone()].into())).collect();
    let found = figures::of(pool, &Scope::district(scope.district.clone()), &asked).await?;
    let year = |(figure, line): &(super::proof::YearFigure, super::proof::LineOf)| YearView {
        year: figure.year,
        tax_yuan: figure.tax_yuan.map(|tax| tax.normalize().to_string()),
        confirmed: figure.confirmed,
        tax_per_mu: figure.shown(),
        line: line.floor.to_string(),
        below: super::proof::is_below(figure, *line),
        target: file
            .target
            .filter(|_| file.target_year.is_some_and(|year| figure.year >= i32::from(year)))
            .map(|it| it.to_string()),
    };
    Ok(found.get(&file.subject).map(|years| years.iter().map(year).collect()).unwrap_or_default())
}
