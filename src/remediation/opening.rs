//! Files are opened by hand or for everybody of a list in one go, by the same statements. A subject has one open file: a further
//! ground goes into it, and the same ground twice is refused with the file that has it.
//!
//! Whom a file is about and why is a [`candidate`]; [`grounds`] holds one that is entered by hand against the registers, [`lists`]
//! takes everybody of a list.

mod candidate;
mod grounds;
mod lists;

use chrono::Datelike;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::deadlines::{days_on, deadlines};
use super::store::files::File;
use super::store::opening::{self as rows, Alike, NewFiles, NewGrounds, OnRecord};
use super::store::{row, steps};
use super::wording::{self, RemediationError, address};
use super::{Ground, State, Step, SubjectKind};
use crate::account::{Act, Department};
use crate::db::{PgConnection, layer};
use crate::enterprise::EnterpriseState;
use crate::policy::receipt::Receipt;
use crate::policy::store::receipts;
use crate::workflow::{self, Left, Number};
use candidate::Candidate;
use grounds::find;
pub use lists::{ListOrder, Opening, open_all};

/// Openings of a district take turns, so that what was found is what is written.
const TURN: &str = "remediation";

/// One entered by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    pub subject_kind: SubjectKind,
    /// Credit code or parcel code.
    pub subject: String,
    pub ground: Ground,
    /// Of the list or the result.
    pub year: Option<i32>,
    /// On which it stands, where the registers do not say it.
    pub document: Option<String>,
    pub words: Option<String>,
}

crate::terms! {
    /// What became of one that was to be entered.
    #[schema(as = RemediationOpened)]
    pub enum Opened {
        /// A new file.
        Opened = "opened" => "新建档案",
        /// Another ground of the file that is open.
        Added = "added" => "并入在办档案",
        /// On record for the same ground.
        Already = "already" => "已列入",
        /// The enterprise is no more.
        Left = "left" => "已迁出或注销，未列入",
    }
}

/// One of a list.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = RemediationItem)]
pub struct Item {
    pub subject: String,
    pub name: String,
    pub outcome: Opened,
    /// Of the file, where there is one.
    pub no: Option<String>,
}

impl Item {
    pub fn address(&self) -> Option<String> {
        Some(address(self.no.as_ref()?.parse().ok()?))
    }
}

/// What is settled of each candidate before anything is written.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Settled {
    New { relapse_of: Option<Uuid> },
    Add { file: Uuid, number: Number },
    Already { number: Number, state: State },
    Left(EnterpriseState),
}

/// Held against what is on record, the newest file first.
fn settle(candidate: &Candidate, on_record: &[&OnRecord]) -> Settled {
    let same = |found: &&&OnRecord| {
        found.ground == candidate.ground
            && found.year.map(i32::from) == candidate.year
            && found.document == candidate.document
    };
    if let Some(found) = on_record.iter().find(same) {
        return Settled::Already { number: found.number, state: found.state };
    }
    if let Some(state) = candidate.named.left {
        return Settled::Left(state);
    }
    match on_record.iter().find(|found| found.state.is_open()) {
        Some(open) => Settled::Add { file: open.file, number: open.number },
        None => Settled::New { relapse_of: on_record.first().map(|last| last.file) },
    }
}

/// Enters one; its number.
///
/// # Errors
/// A subject that is not on record or has left, a ground that the registers do not bear out, or one that is on record already.
pub async fn open(act: &Act, new: &NewEntry, department: Option<Department>) -> Result<Number, RemediationError> {
    let candidate = find(act, new, department).await?;
    let alike = alike(act, new.subject_kind, None).await?;
    let mut transaction = act.begin().await?;
    layer::take_turns(&mut transaction, &act.scope, TURN).await?;
    let subjects = [candidate.named.subject.clone()];
    let on_record = rows::on_record(&mut transaction, &act.scope, (new.subject_kind, &subjects)).await?;
    let number = match settle(&candidate, &on_record.iter().collect::<Vec<_>>()) {
        Settled::Already { number, state } => {
            return Err(wording::entered_already(new.ground, (number, state)).into());
        }
        Settled::Add { file, number } => {
            add(&mut transaction, act, &candidate, file).await?;
            number
        }
        Settled::New { relapse_of } => {
            let numbers = insert(&mut transaction, act, &alike, &[(&candidate, relapse_of)]).await?;
            let number = numbers.into_iter().next().ok_or_else(|| anyhow::anyhow!("nothing was opened"))?;
            let detail = json!({ "subject": candidate.named.subject, "ground": candidate.ground.code(),
                "year": candidate.year, "receipt": candidate.receipt.id, "relapse_of": relapse_of });
            let subject = number.to_string();
            workflow::opened::<File>(&mut transaction, act, ("remediation.open", &subject), None, detail).await?;
            number
        }
        Settled::Left(state) => return Err(wording::has_left(&candidate.named.name, state.label()).into()),
    };
    transaction.commit().await?;
    Ok(number)
}

/// A further ground of a file that is open.
async fn add(
    connection: &mut PgConnection,
    act: &Act,
    candidate: &Candidate,
    file: Uuid,
) -> Result<(), RemediationError> {
    let held = workflow::hold_for::<File>(connection, &act.scope, file, Step::AddGround).await?;
    receipts::save(connection, act, &candidate.receipt).await?;
    rows::insert_grounds(connection, act, &ground_rows([(candidate, file)])).await?;
    let detail = json!({ "ground": candidate.ground.code(), "year": candidate.year, "receipt": candidate.receipt.id });
    let said =
        steps::Said { reason: &candidate.words, document: candidate.document.as_deref(), detail: detail.clone() };
    let timeline = Some(steps::line(act, file, (Step::AddGround, held.state), act.today(), &said));
    let left = Left { row: row::touch(act, file), timeline, detail };
    workflow::take(connection, act, &held, Step::AddGround, left).await?;
    Ok(())
}

async fn alike(act: &Act, kind: SubjectKind, batch: Option<Uuid>) -> Result<Alike, RemediationError> {
    let today = act.today();
    let due = days_on(today, deadlines(&act.pool, today).await?.verify);
    Ok(Alike { kind, year: today.year() as i16, batch, on: today, due })
}

fn ground_rows<'a>(of: impl IntoIterator<Item = (&'a Candidate, Uuid)>) -> NewGrounds {
    let mut grounds = NewGrounds::default();
    for (candidate, file) in of {
        grounds.files.push(file);
        grounds.grounds.push(candidate.ground.code().to_owned());
        grounds.years.push(candidate.year.map(|year| year as i16));
        grounds.words.push(candidate.words.clone());
        grounds.documents.push(candidate.document.clone());
        grounds.receipts.push(candidate.receipt.id.clone());
    }
    grounds
}

/// New files with their grounds, receipts and first steps; their numbers, in the same order.
async fn insert(
    connection: &mut PgConnection,
    act: &Act,
    alike: &Alike,
    new: &[(&Candidate, Option<Uuid>)],
) -> Result<Vec<Number>, RemediationError> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let count = i32::try_from(new.len()).map_err(anyhow::Error::from)?;
    let Number { year, serial: first } = rows::SERIES.several(connection, act, alike.on, count).await?;
    let mut files = NewFiles { ids: new.iter().map(|_| Uuid::now_v7()).collect(), ..NewFiles::default() };
    for (serial, (candidate, relapse)) in (first..).zip(new) {
        files.serials.push(serial);
        files.subjects.push(candidate.named.subject.clone());
        files.names.push(candidate.named.name.clone());
        files.subdistricts.push(candidate.named.subdistrict.clone());
        files.relapses.push(*relapse);
    }
    let kept: Vec<&Receipt> = new.iter().map(|(candidate, _)| &candidate.receipt).collect();
    let words: Vec<String> = new.iter().map(|(candidate, _)| candidate.words.clone()).collect();
    receipts::save_many(connection, act, &kept).await?;
    rows::insert(connection, act, alike, &files).await?;
    let each = new.iter().map(|(candidate, _)| *candidate).zip(files.ids.iter().copied());
    rows::insert_grounds(connection, act, &ground_rows(each)).await?;
    rows::insert_first_steps(connection, act, alike.on, &files.ids, &words).await?;
    Ok(files.serials.iter().map(|serial| Number { year, serial: *serial }).collect())
}

#[cfg(test)]
mod tests;
