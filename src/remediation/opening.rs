//! Files are opened by hand or for everybody of a list in one go, by the same statements. A subject has one open file: a further
//! ground goes into it, and the same ground twice is refused with the file that has it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::proof::{self, EntryInputs, Found, LineOf, YearFigure};
use super::store::files::File;
use super::store::opening::{self as rows, Alike, NewFiles, NewGrounds, OnRecord};
use super::store::subjects;
use super::store::{batches, row, steps};
use super::wording::{self, RemediationError, address};
use super::{Ground, State, Step, SubjectKind};
use crate::account::{Act, Deed, Department};
use crate::base::code::{CountyCode, ParcelCode, Uscc};
use crate::db::{PgConnection, PgPool, layer};
use crate::enterprise::EnterpriseState;
use crate::low_efficiency::list::ListQuery;
use crate::low_efficiency::rules::counts_as_low;
use crate::low_efficiency::{Outcome, store as list};
use crate::policy;
use crate::policy::receipt::Receipt;
use crate::policy::store::receipts;
use crate::workflow::{self, Left, Number};

/// The grade of 二(一)4 that is put right or given up.
pub const LOWEST: &str = "D";
/// Openings of a district take turns, so that what was found is what is written.
const TURN: &str = "remediation";

/// Days of the local choice, by the parameters in force on a day.
#[derive(Clone, Copy, Debug)]
pub struct Deadlines {
    pub verify: u32,
    pub plan: u32,
    pub hearing: u32,
    pub accept: u32,
    pub look_back_months: u32,
}

/// # Errors
/// When one was not in force.
pub async fn deadlines(pool: &PgPool, day: NaiveDate) -> Result<Deadlines, RemediationError> {
    let parameters = policy::store::parameters_on(pool, day).await?;
    Ok(Deadlines {
        verify: parameters.count("remediation_days_to_verify")?,
        plan: parameters.count("remediation_days_to_plan")?,
        hearing: parameters.count("remediation_days_to_be_heard")?,
        accept: parameters.count("remediation_days_to_accept")?,
        look_back_months: parameters.count("remediation_months_to_look_back")?,
    })
}

/// So many days on.
pub fn days_on(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(days.into())).unwrap_or(NaiveDate::MAX)
}

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

/// Somebody to be entered, with everything that is frozen.
#[derive(Clone, Debug)]
struct Candidate {
    subject: String,
    name: String,
    subdistrict: Option<String>,
    ground: Ground,
    year: Option<i32>,
    document: Option<String>,
    words: String,
    receipt: Receipt,
    /// In the words of the register, where it is no more.
    left: Option<EnterpriseState>,
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
    Left,
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
    if candidate.left.is_some() {
        return Settled::Left;
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
    if let Some(state) = candidate.left {
        return Err(wording::has_left(&candidate.name, state.label()).into());
    }
    let mut transaction = act.begin().await?;
    layer::take_turns(&mut transaction, &act.scope, TURN).await?;
    let subjects = [candidate.subject.clone()];
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
            let alike = alike(act, new.subject_kind, None).await?;
            let numbers = insert(&mut transaction, act, &alike, &[(&candidate, relapse_of)]).await?;
            let number = numbers.into_iter().next().ok_or_else(|| anyhow::anyhow!("nothing was opened"))?;
            let detail = json!({ "subject": candidate.subject, "ground": candidate.ground.code(),
                "year": candidate.year, "receipt": candidate.receipt.id, "relapse_of": relapse_of });
            let subject = number.to_string();
            workflow::opened::<File>(&mut transaction, act, ("remediation.open", &subject), None, detail).await?;
            number
        }
        Settled::Left => return Err(wording::has_left(&candidate.name, "已迁出或注销").into()),
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
    rows::insert_grounds(connection, act, &grounds([(candidate, file)])).await?;
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

fn grounds<'a>(of: impl IntoIterator<Item = (&'a Candidate, Uuid)>) -> NewGrounds {
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
    let last = rows::numbers(connection, act, alike.year, count).await?;
    let mut files = NewFiles { ids: new.iter().map(|_| Uuid::now_v7()).collect(), ..NewFiles::default() };
    for (serial, (candidate, relapse)) in (last - count + 1..).zip(new) {
        files.serials.push(serial);
        files.subjects.push(candidate.subject.clone());
        files.names.push(candidate.name.clone());
        files.subdistricts.push(candidate.subdistrict.clone());
        files.relapses.push(*relapse);
    }
    let kept: Vec<&Receipt> = new.iter().map(|(candidate, _)| &candidate.receipt).collect();
    let words: Vec<String> = new.iter().map(|(candidate, _)| candidate.words.clone()).collect();
    receipts::save_many(connection, act, &kept).await?;
    rows::insert(connection, act, alike, &files).await?;
    let each = new.iter().map(|(candidate, _)| *candidate).zip(files.ids.iter().copied());
    rows::insert_grounds(connection, act, &grounds(each)).await?;
    rows::insert_first_steps(connection, act, alike.on, &files.ids, &words).await?;
    Ok(files.serials.iter().map(|serial| Number { year: alike.year, serial: *serial }).collect())
}

/// Looks one up, and holds the ground against the registers.
async fn find(act: &Act, new: &NewEntry, department: Option<Department>) -> Result<Candidate, RemediationError> {
    let today = act.today();
    let mut candidate = match new.subject_kind {
        SubjectKind::Enterprise => enterprise(act, new, today).await?,
        SubjectKind::Parcel => parcel(act, new, today).await?,
    };
    let catalogue = catalogue(&act.pool, &act.scope.district).await?;
    let (found, words, line) = match new.ground {
        Ground::BelowLine => on_the_list(act, new).await?,
        Ground::GradeD => in_the_result(act, new).await?,
        Ground::IdleLand | Ground::LowEfficiencyLand => of_land(act, new, department, today).await?,
        _ => stated(new, department)?,
    };
    let inputs =
        EntryInputs { ground: new.ground, subject_kind: new.subject_kind, subject: new.subject.clone(), found };
    candidate.words = words;
    candidate.receipt = proof::entry_receipt(&catalogue, today, &inputs, line)?;
    Ok(candidate)
}

async fn catalogue(pool: &PgPool, district: &CountyCode) -> Result<String, RemediationError> {
    Ok(policy::store::current(pool, district).await?.sha256())
}

fn empty_receipt() -> Receipt {
    let (id, text) = (String::new(), String::new());
    Receipt {
        id,
        check: text.clone(),
        as_of: NaiveDate::MIN,
        program: text.clone(),
        catalogue: text.clone(),
        inputs: text.clone(),
        results: text,
    }
}

fn unproven(new: &NewEntry, name: String, subdistrict: Option<String>) -> Candidate {
    Candidate {
        subject: new.subject.clone(),
        name,
        subdistrict,
        ground: new.ground,
        year: new.year.filter(|_| new.ground.is_found_by_rule()),
        document: new.document.clone().filter(|_| !new.ground.is_found_by_rule()),
        words: String::new(),
        receipt: empty_receipt(),
        left: None,
    }
}

async fn enterprise(act: &Act, new: &NewEntry, today: NaiveDate) -> Result<Candidate, RemediationError> {
    let no_such = || wording::no_such_enterprise(&new.subject);
    let code: Uscc = Uscc::confirmed(&new.subject).map_err(|_| no_such())?;
    let codes = [code.as_str().to_owned()];
    let mut connection = act.pool.acquire().await?;
    let found = subjects::enterprises(&mut connection, &act.scope, &codes, today).await?;
    let found = found.into_iter().next().ok_or_else(no_such)?;
    let left = Some(found.state).filter(|state| *state != EnterpriseState::Operating);
    Ok(Candidate { left, ..unproven(new, found.name, found.subdistrict) })
}

async fn parcel(act: &Act, new: &NewEntry, today: NaiveDate) -> Result<Candidate, RemediationError> {
    let no_such = || wording::no_such_parcel(&new.subject);
    let code: ParcelCode = new.subject.parse().map_err(|_| no_such())?;
    let mut connection = act.pool.acquire().await?;
    let found = subjects::parcel(&mut connection, &act.scope, code.as_str(), today).await?;
    let Some(found) = found else {
        let into = subjects::successors(&mut connection, &act.scope, code.as_str()).await?;
        if into.is_empty() {
            return Err(no_such().into());
        }
        return Err(wording::subject_is_gone(&super::rules::Subject::Gone(into)).into());
    };
    let name = found.name.unwrap_or_else(|| new.subject.clone());
    Ok(unproven(new, name, Some(found.subdistrict)))
}

/// What a ground rests on, its words, and the line where it is held against one.
type Borne = (Found, String, Option<LineOf>);

async fn on_the_list(act: &Act, new: &NewEntry) -> Result<Borne, RemediationError> {
    let year = year_of(new)?;
    let line = list::line_of(&act.pool, year).await?;
    let query = ListQuery::of_year(year);
    let entry = list::entry(&act.pool, &act.scope, &query, &line, &new.subject).await?;
    let entry = entry.ok_or_else(|| {
        wording::not_borne_out("year", format!("{year}年度的清单中没有这家企业，不能以此事由列入；请核对年度"))
    })?;
    if !entry.judgement.low_efficiency {
        let words =
            format!("{}；不能以此事由列入，请核对年度或数据", entry.judgement.explanation.trim_end_matches('。'));
        return Err(wording::not_borne_out("year", words).into());
    }
    let words = entry.judgement.explanation.clone();
    Ok((Found::List(YearFigure::of(&entry)), words, Some(LineOf::from(&line))))
}

async fn in_the_result(act: &Act, new: &NewEntry) -> Result<Borne, RemediationError> {
    let year = year_of(new)?;
    let mut connection = act.pool.acquire().await?;
    let found = subjects::graded(&mut connection, &act.scope, (&new.subject, year as i16, LOWEST)).await?;
    let Some((run, graded)) = found.into_iter().next() else {
        let words = format!("{year}年度的正式评价结果没有将该企业列为{LOWEST}档，不能以此事由列入；请核对年度");
        return Err(wording::not_borne_out("year", words).into());
    };
    Ok((result(year, &run, &graded), graded_words(year, &graded), None))
}

fn result(year: i32, run: &subjects::Official, graded: &subjects::Graded) -> Found {
    Found::Result {
        year,
        category: run.category.clone(),
        grade: graded.grade.clone(),
        run: run.id.to_string(),
        receipt: run.receipt.clone(),
    }
}

fn graded_words(year: i32, graded: &subjects::Graded) -> String {
    format!("{year}年度亩均效益综合评价正式结果为{}档，得分{}", graded.grade, graded.score)
}

/// Land that the register of parcels calls idle or low-efficiency needs no document.
async fn of_land(
    act: &Act,
    new: &NewEntry,
    department: Option<Department>,
    today: NaiveDate,
) -> Result<Borne, RemediationError> {
    let mut connection = act.pool.acquire().await?;
    if new.subject_kind == SubjectKind::Parcel && new.document.is_none() {
        let found = subjects::parcel(&mut connection, &act.scope, &new.subject, today).await?;
        let status = found.map(|parcel| parcel.supply_status).unwrap_or_default();
        let asked = if new.ground == Ground::IdleLand { "idle" } else { "low_efficiency" };
        if status != asked {
            let words = format!("宗地台账没有将该宗地登记为“{}”；请填写认定文件，或先变更宗地信息", new.ground);
            return Err(wording::not_borne_out("document", words).into());
        }
        let words = format!("宗地台账登记为“{}”", new.ground);
        return Ok((Found::Register { supply_status: status }, words, None));
    }
    stated(new, department)
}

fn stated(new: &NewEntry, department: Option<Department>) -> Result<Borne, RemediationError> {
    let document = new.document.clone();
    let words = new.words.clone();
    let mut faults = Vec::new();
    if document.is_none() {
        faults.push(wording::missing("document", "请填写列入所依据的文件（文号）"));
    }
    if words.is_none() {
        faults.push(wording::missing("words", "请填写列入的事实：何时、由谁发现了什么"));
    }
    let (Some(document), Some(words)) = (document, words) else { return Err(RemediationError::Refused(faults)) };
    let department = department.map(|department| department.code().to_owned());
    Ok((Found::Stated { department, document, words: words.clone() }, words, None))
}

fn year_of(new: &NewEntry) -> Result<i32, RemediationError> {
    if new.subject_kind == SubjectKind::Parcel {
        return Err(wording::wrong("subject_kind", format!("“{}”是企业的事由，请以企业列入", new.ground)).into());
    }
    Ok(new.year.ok_or_else(|| wording::missing("year", "请填写所属年度"))?)
}

/// Everybody of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListOrder {
    /// [`Ground::BelowLine`], or [`Ground::GradeD`] of a category.
    pub ground: Ground,
    pub year: i32,
    /// Of the official result.
    pub category: Option<String>,
    pub name: String,
}

/// What came of a list, one by one.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = RemediationOpening)]
pub struct Opening {
    pub batch: Uuid,
    pub name: String,
    pub opened: usize,
    pub added: usize,
    pub already: usize,
    pub left: usize,
    pub items: Vec<Item>,
}

/// Enters everybody of a list in one transaction, by a handful of statements however many they are.
///
/// # Errors
/// A ground that has no list, a year without line or official result, or a list on which nobody stands.
pub async fn open_all(act: &Act, order: &ListOrder) -> Result<Opening, RemediationError> {
    let (mut candidates, run) = match order.ground {
        Ground::BelowLine => (everybody_below(act, order.year).await?, None),
        Ground::GradeD => {
            let (candidates, run) = everybody_graded(act, order).await?;
            (candidates, Some(run))
        }
        _ => return Err(wording::wrong("ground", "只有亩均税收清单和正式评价结果可以整批列入").into()),
    };
    if candidates.is_empty() {
        return Err(wording::not_borne_out("year", format!("{}年度的名单上没有企业，无须列入", order.year)).into());
    }
    let batch = Uuid::now_v7();
    let mut transaction = act.begin().await?;
    layer::take_turns(&mut transaction, &act.scope, TURN).await?;
    mark_those_who_left(&mut transaction, act, &mut candidates).await?;
    let subjects: Vec<String> = candidates.iter().map(|candidate| candidate.subject.clone()).collect();
    let on_record = rows::on_record(&mut transaction, &act.scope, (SubjectKind::Enterprise, &subjects)).await?;
    let mut of_each: BTreeMap<&str, Vec<&OnRecord>> = BTreeMap::new();
    for found in &on_record {
        of_each.entry(&found.subject).or_default().push(found);
    }
    let settled: Vec<Settled> = candidates
        .iter()
        .map(|candidate| settle(candidate, of_each.get(candidate.subject.as_str()).map_or(&[][..], Vec::as_slice)))
        .collect();
    let new: Vec<(&Candidate, Option<Uuid>)> = candidates
        .iter()
        .zip(&settled)
        .filter_map(|(candidate, settled)| match settled {
            Settled::New { relapse_of } => Some((candidate, *relapse_of)),
            _ => None,
        })
        .collect();
    let (asked, opened) = (count(candidates.len())?, count(new.len())?);
    let kept = batches::NewBatch {
        id: batch,
        name: &order.name,
        ground: order.ground,
        year: order.year as i16,
        run,
        asked,
        opened,
    };
    batches::insert(&mut transaction, act, &kept).await?;
    let alike = alike(act, SubjectKind::Enterprise, Some(batch)).await?;
    let mut numbers = insert(&mut transaction, act, &alike, &new).await?.into_iter();
    add_all(&mut transaction, act, candidates.iter().zip(&settled)).await?;
    let items: Vec<Item> = candidates
        .iter()
        .zip(&settled)
        .map(|(candidate, settled)| {
            let (outcome, number) = match settled {
                Settled::New { .. } => (Opened::Opened, numbers.next()),
                Settled::Add { number, .. } => (Opened::Added, Some(*number)),
                Settled::Already { number, .. } => (Opened::Already, Some(*number)),
                Settled::Left => (Opened::Left, None),
            };
            let no = number.map(|number| number.to_string());
            Item { subject: candidate.subject.clone(), name: candidate.name.clone(), outcome, no }
        })
        .collect();
    let of = |outcome| items.iter().filter(|item| item.outcome == outcome).count();
    let opening = Opening {
        batch,
        name: order.name.clone(),
        opened: of(Opened::Opened),
        added: of(Opened::Added),
        already: of(Opened::Already),
        left: of(Opened::Left),
        items,
    };
    let detail = json!({ "name": order.name, "ground": order.ground.code(), "year": order.year, "run": run,
        "opened": opening.opened, "added": opening.added, "already": opening.already, "left": opening.left,
        "numbers": opening.items.iter().filter(|item| item.outcome == Opened::Opened).map(|item| &item.no).collect::<Vec<_>>() });
    let subject = batch.to_string();
    let deed = Deed { action: "remediation.open_list", subject_kind: "remediation_batch", subject: &subject, detail };
    act.record(&mut transaction, deed).await?;
    transaction.commit().await?;
    Ok(opening)
}

fn count(of: usize) -> Result<i32, RemediationError> {
    Ok(i32::try_from(of).map_err(anyhow::Error::from)?)
}

/// The ground goes into the files that are open; which, the entry of the list in the audit log counts.
async fn add_all<'a>(
    connection: &mut PgConnection,
    act: &Act,
    settled: impl Iterator<Item = (&'a Candidate, &'a Settled)>,
) -> Result<(), RemediationError> {
    let added: Vec<(&Candidate, Uuid)> = settled
        .filter_map(|(candidate, settled)| match settled {
            Settled::Add { file, .. } => Some((candidate, *file)),
            _ => None,
        })
        .collect();
    if added.is_empty() {
        return Ok(());
    }
    let kept: Vec<&Receipt> = added.iter().map(|(candidate, _)| &candidate.receipt).collect();
    receipts::save_many(connection, act, &kept).await?;
    let grounds = grounds(added);
    rows::insert_grounds(connection, act, &grounds).await?;
    rows::touch_all(connection, act, &grounds.files, &grounds.words).await?;
    Ok(())
}

/// Whoever was on the list of a year and is no more today.
async fn mark_those_who_left(
    connection: &mut PgConnection,
    act: &Act,
    candidates: &mut [Candidate],
) -> Result<(), RemediationError> {
    let codes: Vec<String> = candidates.iter().map(|candidate| candidate.subject.clone()).collect();
    let found = subjects::enterprises(connection, &act.scope, &codes, act.today()).await?;
    let now: BTreeMap<String, EnterpriseState> =
        found.into_iter().map(|enterprise| (enterprise.uscc, enterprise.state)).collect();
    for candidate in candidates {
        candidate.left = now.get(&candidate.subject).copied().filter(|state| *state != EnterpriseState::Operating);
    }
    Ok(())
}

async fn everybody_below(act: &Act, year: i32) -> Result<Vec<Candidate>, RemediationError> {
    let line = list::line_of(&act.pool, year).await?;
    let low = Outcome::ALL.iter().copied().filter(|outcome| counts_as_low(*outcome, line.comparison)).collect();
    let query = ListQuery { outcomes: low, ..ListQuery::of_year(year) };
    let catalogue = catalogue(&act.pool, &act.scope.district).await?;
    let mut chunks = list::stream(act.pool.clone(), act.scope.clone(), query, line.clone());
    let mut candidates = Vec::new();
    while let Some(chunk) = chunks.recv().await {
        for entry in chunk? {
            let inputs = EntryInputs {
                ground: Ground::BelowLine,
                subject_kind: SubjectKind::Enterprise,
                subject: entry.uscc.clone(),
                found: Found::List(YearFigure::of(&entry)),
            };
            let receipt = proof::entry_receipt(&catalogue, act.today(), &inputs, Some(LineOf::from(&line)))?;
            candidates.push(Candidate {
                subject: entry.uscc.clone(),
                name: entry.name.clone(),
                subdistrict: entry.subdistrict.clone(),
                ground: Ground::BelowLine,
                year: Some(year),
                document: None,
                words: entry.judgement.explanation.clone(),
                receipt,
                left: None,
            });
        }
    }
    Ok(candidates)
}

async fn everybody_graded(act: &Act, order: &ListOrder) -> Result<(Vec<Candidate>, Uuid), RemediationError> {
    let category = order.category.as_deref().ok_or_else(|| wording::missing("category", "请选择评价类别"))?;
    let year = order.year;
    let mut connection = act.pool.acquire().await?;
    let run = subjects::official(&mut connection, &act.scope, (category, year as i16)).await?;
    let run = run
        .ok_or_else(|| wording::not_borne_out("year", format!("{year}年度该类别还没有正式评价结果；请先核算并签发")))?;
    let graded = subjects::of_grade(&mut connection, &act.scope, (run.id, LOWEST)).await?;
    let catalogue = catalogue(&act.pool, &act.scope.district).await?;
    let mut candidates = Vec::new();
    let mut seen = BTreeSet::new();
    // Platforms and parcels that are graded as such are no enterprises.
    for graded in graded.into_iter().filter(|graded| Uscc::confirmed(&graded.key).is_ok()) {
        if !seen.insert(graded.key.clone()) {
            continue;
        }
        let inputs = EntryInputs {
            ground: Ground::GradeD,
            subject_kind: SubjectKind::Enterprise,
            subject: graded.key.clone(),
            found: result(year, &run, &graded),
        };
        candidates.push(Candidate {
            receipt: proof::entry_receipt(&catalogue, act.today(), &inputs, None)?,
            subject: graded.key.clone(),
            words: graded_words(year, &graded),
            name: graded.name,
            subdistrict: graded.subdistrict,
            ground: Ground::GradeD,
            year: Some(year),
            document: None,
            left: None,
        });
    }
    Ok((candidates, run.id))
}

#[cfg(test)]
mod tests;
