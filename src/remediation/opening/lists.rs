//! Everybody of a list is entered in one go: the list of a year below the line, or the lowest grade of an official result.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::candidate::{Candidate, Candidates, Named};
use super::grounds::{LOWEST, below_the_line, lowest_grade};
use super::{Item, Opened, Settled, TURN, alike, ground_rows, insert, settle};
use crate::account::{Act, Deed};
use crate::base::code::Uscc;
use crate::db::{PgConnection, layer};
use crate::enterprise::EnterpriseState;
use crate::low_efficiency::list::ListQuery;
use crate::low_efficiency::rules::counts_as_low;
use crate::low_efficiency::{Outcome, store as list};
use crate::policy::receipt::Receipt;
use crate::policy::store::receipts;
use crate::remediation::store::opening::{self as rows, OnRecord};
use crate::remediation::store::{batches, subjects};
use crate::remediation::wording::{self, RemediationError};
use crate::remediation::{Ground, SubjectKind};
use crate::workflow::Number;

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
    let (mut candidates, run) = everybody(act, order).await?;
    if candidates.is_empty() {
        return Err(wording::not_borne_out("year", format!("{}年度的名单上没有企业，无须列入", order.year)).into());
    }
    let batch = Uuid::now_v7();
    let alike = alike(act, SubjectKind::Enterprise, Some(batch)).await?;
    let mut transaction = act.begin().await?;
    layer::take_turns(&mut transaction, &act.scope, TURN).await?;
    mark_those_who_left(&mut transaction, act, &mut candidates).await?;
    let settled = settled(&mut transaction, act, &candidates).await?;
    let new: Vec<(&Candidate, Option<Uuid>)> = settled
        .iter()
        .filter_map(|(candidate, settled)| match settled {
            Settled::New { relapse_of } => Some((*candidate, *relapse_of)),
            _ => None,
        })
        .collect();
    let kept = batches::NewBatch {
        id: batch,
        name: &order.name,
        ground: order.ground,
        year: order.year as i16,
        run,
        asked: count(candidates.len())?,
        opened: count(new.len())?,
    };
    batches::insert(&mut transaction, act, &kept).await?;
    let numbers = insert(&mut transaction, act, &alike, &new).await?;
    add_all(&mut transaction, act, &settled).await?;
    if !new.is_empty() {
        layer::raise(&mut transaction, &act.scope, layer::REMEDIATION).await?;
    }
    let opening = Opening::of(batch, order, items(&settled, numbers));
    record(&mut transaction, act, order, run, &opening).await?;
    transaction.commit().await?;
    Ok(opening)
}

/// Each candidate, held against what is on record.
async fn settled<'a>(
    connection: &mut PgConnection,
    act: &Act,
    candidates: &'a [Candidate],
) -> Result<Vec<(&'a Candidate, Settled)>, RemediationError> {
    let subjects: Vec<String> = candidates.iter().map(|candidate| candidate.named.subject.clone()).collect();
    let on_record = rows::on_record(connection, &act.scope, (SubjectKind::Enterprise, &subjects)).await?;
    let mut of_each: BTreeMap<&str, Vec<&OnRecord>> = BTreeMap::new();
    for found in &on_record {
        of_each.entry(&found.subject).or_default().push(found);
    }
    let own = |candidate: &Candidate| of_each.get(candidate.named.subject.as_str()).map_or(&[][..], Vec::as_slice);
    Ok(candidates.iter().map(|candidate| (candidate, settle(candidate, own(candidate)))).collect())
}

/// What became of each; `numbers` are those of the new files, in their order.
fn items(settled: &[(&Candidate, Settled)], numbers: Vec<Number>) -> Vec<Item> {
    let mut numbers = numbers.into_iter();
    let mut item = |(candidate, settled): &(&Candidate, Settled)| {
        let (outcome, number) = match settled {
            Settled::New { .. } => (Opened::Opened, numbers.next()),
            Settled::Add { number, .. } => (Opened::Added, Some(*number)),
            Settled::Already { number, .. } => (Opened::Already, Some(*number)),
            Settled::Left(_) => (Opened::Left, None),
        };
        let no = number.map(|number| number.to_string());
        Item { subject: candidate.named.subject.clone(), name: candidate.named.name.clone(), outcome, no }
    };
    settled.iter().map(&mut item).collect()
}

impl Opening {
    fn of(batch: Uuid, order: &ListOrder, items: Vec<Item>) -> Self {
        let of = |outcome| items.iter().filter(|item| item.outcome == outcome).count();
        Opening {
            batch,
            name: order.name.clone(),
            opened: of(Opened::Opened),
            added: of(Opened::Added),
            already: of(Opened::Already),
            left: of(Opened::Left),
            items,
        }
    }
}

async fn record(
    connection: &mut PgConnection,
    act: &Act,
    order: &ListOrder,
    run: Option<Uuid>,
    opening: &Opening,
) -> Result<(), RemediationError> {
    let opened = opening.items.iter().filter(|item| item.outcome == Opened::Opened);
    let numbers: Vec<&Option<String>> = opened.map(|item| &item.no).collect();
    let detail = json!({ "name": order.name, "ground": order.ground.code(), "year": order.year, "run": run,
        "opened": opening.opened, "added": opening.added, "already": opening.already, "left": opening.left,
        "numbers": numbers });
    let subject = opening.batch.to_string();
    let deed = Deed { action: "remediation.open_list", subject_kind: "remediation_batch", subject: &subject, detail };
    act.record(connection, deed).await?;
    Ok(())
}

fn count(of: usize) -> Result<i32, RemediationError> {
    Ok(i32::try_from(of).map_err(anyhow::Error::from)?)
}

/// The ground goes into the files that are open; which, the entry of the list in the audit log counts.
async fn add_all(
    connection: &mut PgConnection,
    act: &Act,
    settled: &[(&Candidate, Settled)],
) -> Result<(), RemediationError> {
    let added: Vec<(&Candidate, Uuid)> = settled
        .iter()
        .filter_map(|(candidate, settled)| match settled {
            Settled::Add { file, .. } => Some((*candidate, *file)),
            _ => None,
        })
        .collect();
    if added.is_empty() {
        return Ok(());
    }
    let kept: Vec<&Receipt> = added.iter().map(|(candidate, _)| &candidate.receipt).collect();
    receipts::save_many(connection, act, &kept).await?;
    let grounds = ground_rows(added);
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
    let codes: Vec<String> = candidates.iter().map(|candidate| candidate.named.subject.clone()).collect();
    let found = subjects::enterprises(connection, &act.scope, &codes, act.today()).await?;
    let now: BTreeMap<String, EnterpriseState> =
        found.into_iter().map(|enterprise| (enterprise.uscc, enterprise.state)).collect();
    for candidate in candidates {
        candidate.named.left =
            now.get(&candidate.named.subject).copied().filter(|state| *state != EnterpriseState::Operating);
    }
    Ok(())
}

/// Who stands on the list, and the run that it is of.
async fn everybody(act: &Act, order: &ListOrder) -> Result<(Vec<Candidate>, Option<Uuid>), RemediationError> {
    match order.ground {
        Ground::BelowLine => Ok((everybody_below(act, order.year).await?, None)),
        Ground::GradeD => {
            let (candidates, run) = everybody_graded(act, order).await?;
            Ok((candidates, Some(run)))
        }
        _ => Err(wording::wrong("ground", "只有亩均税收清单和正式评价结果可以整批列入").into()),
    }
}

fn enterprise(subject: String, name: String, subdistrict: Option<String>) -> Named {
    Named { kind: SubjectKind::Enterprise, subject, name, subdistrict, left: None }
}

async fn everybody_below(act: &Act, year: i32) -> Result<Vec<Candidate>, RemediationError> {
    let line = list::line_of(&act.pool, year).await?;
    let low = Outcome::ALL.iter().copied().filter(|outcome| counts_as_low(*outcome, line.comparison)).collect();
    let query = ListQuery { outcomes: low, ..ListQuery::of_year(year) };
    let of_today = Candidates::of(&act.pool, &act.scope.district, act.today()).await?;
    let mut chunks = list::stream(act.pool.clone(), act.scope.clone(), query, line.clone());
    let mut candidates = Vec::new();
    while let Some(chunk) = chunks.recv().await {
        for entry in chunk? {
            let named = enterprise(entry.uscc.clone(), entry.name.clone(), entry.subdistrict.clone());
            candidates.push(of_today.candidate(named, below_the_line(&entry, &line))?);
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
    drop(connection);
    let of_today = Candidates::of(&act.pool, &act.scope.district, act.today()).await?;
    // Platforms and parcels that are graded as such are no enterprises.
    let enterprises = graded.into_iter().filter(|graded| Uscc::confirmed(&graded.key).is_ok());
    let candidate = |graded: subjects::Graded| {
        let borne = lowest_grade(year, &run, &graded);
        of_today.candidate(enterprise(graded.key, graded.name, graded.subdistrict), borne)
    };
    Ok((enterprises.map(candidate).collect::<anyhow::Result<_>>()?, run.id))
}
