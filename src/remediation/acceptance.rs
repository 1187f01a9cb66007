//! Acceptance, striking-off and the look back. Departments accept together, each by another person, none of them the one who
//! planned; an upgrade is accepted on the receipt of a full year's figure alone.

use chrono::{Datelike, NaiveDate};
use serde_json::json;
use uuid::Uuid;

use super::deadlines::{days_on, deadlines};
use super::proof::{self, NotProven, Reached, upgrade_by};
use super::rules::{ACCEPTING, lacking, lacking_to_accept};
use super::steps::{Looked, Seen, Told, guard_day, guard_subject, guard_words, hold, look, take};
use super::store::agreements::{self, NewAgreement};
use super::store::files::File;
use super::store::{figures, row, samples};
use super::wording::{self, RemediationError};
use super::{Step, Way};
use crate::account::{Act, Deed, Department};
use crate::base::anniversary::months_after;
use crate::base::unit::Mu;
use crate::db::{PgConnection, Scope};
use crate::policy;
use crate::policy::store::receipts;
use crate::workflow::{Held, Number, four_eyes, sample};

/// # Errors
/// Everything the way still lacks; of an upgrade also that the year that is named is no full year with a confirmed figure.
pub async fn ask(act: &Act, seen: Seen, year: Option<i32>, told: Told<'_>) -> Result<(), RemediationError> {
    let today = act.today();
    let due = days_on(today, deadlines(&act.pool, today).await?.accept);
    let Looked { file, standing } = look(act, seen).await?;
    let named = match year.filter(|_| file.way == Some(Way::Upgrade)) {
        Some(year) => of_year(act, &file, year).await.map(|_| ()),
        None => Ok(()),
    };
    let mut transaction = act.begin().await?;
    let held = hold(&mut transaction, act, seen, Step::AskAcceptance).await?;
    guard_day(&held, told.on, today)?;
    guard_subject(&standing, held.way)?;
    named?;
    let lacking = lacking(&standing);
    if !lacking.is_empty() {
        return Err(RemediationError::Refused(wording::lacking(&lacking)));
    }
    let row = row::ask_acceptance(act, held.id, due);
    let detail = json!({ "round": held.round + 1, "year": year });
    take(&mut transaction, act, &held, (Step::AskAcceptance, row), (told, detail)).await?;
    Ok(transaction.commit().await?)
}

/// The year that somebody names for an upgrade, held against the line by itself.
async fn of_year(act: &Act, file: &File, year: i32) -> Result<Reached, RemediationError> {
    let (planned, this_year) = (file.planned_on.map_or(i32::MAX, |day| day.year()), act.today().year());
    if year >= this_year {
        return Err(wording::not_proven(&NotProven::Forecast(year)).into());
    }
    let asked = [(year, [file.subject.clone()].into())].into();
    let scope = Scope::district(act.scope.district.clone());
    let found = figures::of(&act.pool, &scope, &asked).await?;
    let figure = found.get(&file.subject).and_then(|years| years.first());
    let proven = match figure {
        Some((figure, line)) => upgrade_by(figure, planned, this_year, *line),
        None => Err(NotProven::Missing(year)),
    };
    Ok(proven.map_err(|why| wording::not_proven(&why))?)
}

/// One department's; with the second the file is accepted. Says whether it is.
///
/// # Errors
/// The person who planned, a department or person that has spoken, or what acceptance lacks.
pub async fn agree(
    act: &Act,
    seen: Seen,
    department: Option<Department>,
    opinion: &str,
) -> Result<bool, RemediationError> {
    let (person, today) = (act.person()?, act.today());
    let department = department.ok_or_else(wording::no_department)?;
    guard_words(opinion, "请填写验收意见")?;
    let due = days_on(today, deadlines(&act.pool, today).await?.accept);
    let catalogue = policy::store::current(&act.pool, &act.scope.district).await?.sha256();
    let found = look(act, seen).await?.standing;
    let mut transaction = act.begin().await?;
    let held = hold(&mut transaction, act, seen, Step::Agree).await?;
    four_eyes(held.planned_by, person).map_err(|_| wording::same_person("制定方案的人不能验收；请由其他人办理"))?;
    guard_subject(&found, held.way)?;
    let lacking = lacking_to_accept(&found);
    if !lacking.is_empty() {
        return Err(RemediationError::Refused(wording::lacking(&lacking)));
    }
    let planned_by = held.planned_by.ok_or_else(|| anyhow::anyhow!("a file without plan asks for acceptance"))?;
    let new = NewAgreement { round: held.round, department, person, planned_by, opinion };
    if !agreements::insert(&mut transaction, act, held.id, &new).await? {
        return Err(wording::said_already(department).into());
    }
    let told = Told { on: today, words: opinion, document: None };
    let detail = json!({ "department": department.code(), "round": held.round });
    let is_enough = found.agreed.len() + 1 >= ACCEPTING;
    if is_enough {
        let reached = found.upgrade.as_ref().and_then(|proven| proven.as_ref().ok());
        accept(&mut transaction, act, &held, (due, &catalogue, reached), (told, detail)).await?;
    } else {
        take(&mut transaction, act, &held, (Step::Agree, row::touch(act, held.id)), (told, detail)).await?;
    }
    transaction.commit().await?;
    Ok(is_enough)
}

async fn accept(
    connection: &mut PgConnection,
    act: &Act,
    held: &Held<File>,
    (due, catalogue, reached): (NaiveDate, &str, Option<&Reached>),
    (told, mut detail): (Told<'_>, serde_json::Value),
) -> Result<(), RemediationError> {
    let mut proof = None;
    if held.way == Some(Way::Upgrade) {
        let (Some(reached), Some(planned_on)) = (reached, held.planned_on) else {
            return Err(anyhow::anyhow!("an upgrade without a full year's figure").into());
        };
        let receipt = proof::upgrade_receipt(catalogue, &held.subject, (planned_on, act.today()), reached)?;
        receipts::save(connection, act, &receipt).await?;
        detail["receipt"] = receipt.id.clone().into();
        detail["year"] = reached.figure.year.into();
        proof = Some((reached.figure.year, receipt.id));
    }
    let proof = proof.as_ref().map(|(year, receipt)| (*year, receipt.as_str()));
    let row = row::accept(act, held.id, proof, due);
    take(connection, act, held, (Step::Accept, row), (told, detail)).await?;
    Ok(())
}

/// Back to work until a day, with the reason.
///
/// # Errors
/// No reason, a day that has passed, the person who planned, or somebody was faster.
pub async fn give_back(act: &Act, seen: Seen, due: Option<NaiveDate>, told: Told<'_>) -> Result<(), RemediationError> {
    let person = act.person()?;
    guard_words(told.words, "请填写退回的理由")?;
    let due = due.ok_or_else(|| wording::missing("due", "请填写重新整治的期限"))?;
    if due <= act.today() {
        return Err(wording::wrong("due", "重新整治的期限应晚于今天").into());
    }
    let mut transaction = act.begin().await?;
    let held = hold(&mut transaction, act, seen, Step::Return).await?;
    four_eyes(held.planned_by, person).map_err(|_| wording::same_person("制定方案的人不能办理验收；请由其他人办理"))?;
    guard_day(&held, told.on, act.today())?;
    let row = row::give_back(act, held.id, due);
    let detail = json!({ "due": due, "round": held.round });
    take(&mut transaction, act, &held, (Step::Return, row), (told, detail)).await?;
    Ok(transaction.commit().await?)
}

/// # Errors
/// No document that makes it public, the person who planned, or somebody was faster.
pub async fn strike_off(act: &Act, seen: Seen, mu_freed: Option<Mu>, told: Told<'_>) -> Result<(), RemediationError> {
    let (person, today) = (act.person()?, act.today());
    let document = told.document.ok_or_else(|| wording::missing("document", "请填写销号并公示的文号"))?;
    let months = deadlines(&act.pool, today).await?.look_back_months;
    let mut transaction = act.begin().await?;
    let held = hold(&mut transaction, act, seen, Step::StrikeOff).await?;
    four_eyes(held.planned_by, person).map_err(|_| wording::same_person("制定方案的人不能销号；请由其他人办理"))?;
    guard_day(&held, told.on, today)?;
    if held.accepted_on.is_some_and(|accepted| told.on < accepted) {
        return Err(wording::wrong("on", "销号日期早于验收日期；请核对").into());
    }
    let mu_freed = mu_freed.map(|mu| mu.0);
    let striking = row::Striking { person, on: told.on, document, mu_freed, look_back: months_after(told.on, months) };
    let detail = json!({ "document": document, "mu_freed": mu_freed, "look_back": striking.look_back });
    let row = row::strike_off(act, held.id, &striking);
    take(&mut transaction, act, &held, (Step::StrikeOff, row), (told, detail)).await?;
    Ok(transaction.commit().await?)
}

/// Somebody went there again; the file is closed.
///
/// # Errors
/// No words, or somebody was faster.
pub async fn look_back(act: &Act, seen: Seen, told: Told<'_>) -> Result<(), RemediationError> {
    guard_words(told.words, "请填写回访情况")?;
    let mut transaction = act.begin().await?;
    let held = hold(&mut transaction, act, seen, Step::LookBack).await?;
    guard_day(&held, told.on, act.today())?;
    if held.struck_off_on.is_some_and(|struck| told.on < struck) {
        return Err(wording::wrong("on", "回访日期早于销号日期；请核对").into());
    }
    let row = row::look_back(act, held.id, told.on);
    take(&mut transaction, act, &held, (Step::LookBack, row), (told, json!({}))).await?;
    Ok(transaction.commit().await?)
}

/// Draws among all that ask for acceptance in another way than closing; anybody can draw them again from the seed.
///
/// # Errors
/// No seed, or nobody among whom to draw.
pub async fn draw(act: &Act, seed: &str) -> Result<samples::Sample, RemediationError> {
    if seed.is_empty() {
        return Err(wording::missing("seed", "请填写抽样种子（如当期彩票号码或会议纪要文号），以便复核抽样").into());
    }
    let today = act.today();
    let percent = policy::store::parameters_on(&act.pool, today).await?.decimal("remediation_sample_percent")?;
    let mut transaction = act.begin().await?;
    let waiting = samples::waiting(&mut transaction, &act.scope).await?;
    if waiting.is_empty() {
        return Err(wording::wrong("seed", "没有等待抽样的档案（关停的一律现场验收，无须抽样）").into());
    }
    let number = |year, serial| Number { year, serial }.to_string();
    let among: Vec<String> = waiting.iter().map(|(_, year, serial)| number(*year, *serial)).collect();
    let drawn = sample::drawn(seed, &among, percent);
    let is_drawn = |(_, year, serial): &&(Uuid, i16, i32)| drawn.contains(&number(*year, *serial));
    let (taken, others): (Vec<_>, Vec<_>) = waiting.iter().partition(is_drawn);
    let ids = |files: Vec<&(Uuid, i16, i32)>| files.into_iter().map(|(id, ..)| *id).collect::<Vec<_>>();
    let (taken, others) = (ids(taken), ids(others));
    let sample = samples::Sample {
        id: Uuid::now_v7(),
        seed: seed.to_owned(),
        percent,
        among,
        drawn,
        drawn_on: today,
        drawn_at: act.now,
        drawn_by: act.actor.name.clone(),
    };
    samples::keep(&mut transaction, act, &sample, (&taken, &others)).await?;
    let detail = json!({ "seed": seed, "percent": percent, "among": sample.among, "drawn": sample.drawn });
    let subject = sample.id.to_string();
    let deed = Deed { action: "remediation.sample", subject_kind: "remediation_sample", subject: &subject, detail };
    act.record(&mut transaction, deed).await?;
    transaction.commit().await?;
    Ok(sample)
}
