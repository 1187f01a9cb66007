//! The register of enterprises changed by hand. Each is one transaction: what was known is superseded, what holds from
//! when is written anew, layer revision and audit entry stand or fall with it.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::form::{self, Paper};
use super::store::{self, Version, writing};
use super::{Facts, wording};
use crate::account::Act;
use crate::account::audit::Deed;
use crate::base::clock::china_minute;
use crate::base::period::Period;
use crate::db::{PgConnection, layer};
use crate::exchange::{Fault, FaultCode};
use crate::parcel::change::Grounds;
use crate::web;

#[derive(Debug, thiserror::Error)]
pub enum EditError {
    #[error("{0} is not on record")]
    NotFound(String),
    /// Somebody changed it after it was read.
    #[error("{what} was changed by {by}")]
    Stale { what: String, by: String, at: DateTime<Utc>, reason: String },
    /// With errors nothing can be done; with warnings alone somebody may vouch for it.
    #[error("{} faults", .0.len())]
    Faults(Vec<Fault>),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<Vec<Fault>> for EditError {
    fn from(faults: Vec<Fault>) -> Self {
        EditError::Faults(faults)
    }
}

impl From<EditError> for web::Error {
    fn from(error: EditError) -> Self {
        match error {
            EditError::NotFound(what) => web::Error::NotFound(format!("没有{what}")),
            EditError::Stale { what, by, at, reason } => {
                let at = china_minute(&at);
                web::Error::Conflict(format!(
                    "{what}已由{by}于 {at} 变更（{reason}），您看到的是变更前的记录。请返回查看后再办理。"
                ))
            }
            EditError::Faults(faults) => web::Error::Input(faults),
            EditError::Database(error) => error.into(),
        }
    }
}

pub type Outcome<T = ()> = Result<T, EditError>;

/// Errors refuse; warnings too, unless somebody vouches for them.
pub(super) fn refuse(faults: Vec<Fault>, vouched: bool) -> Outcome {
    if faults.iter().any(Fault::is_error) || (!vouched && !faults.is_empty()) {
        return Err(EditError::Faults(faults));
    }
    Ok(())
}

/// Enters an enterprise that nobody knew. `vouched`: the actor confirms that a code whose check digit fails was issued
/// like that, and is named in the register for it.
///
/// # Errors
/// Faults when the code cannot be one, or is on record; when the facts do not hold; the check digit when nobody vouches.
pub async fn create(act: &Act, uscc: &str, facts: &Facts, grounds: &Grounds, vouched: bool) -> Outcome<i64> {
    let (code, digit_holds) = form::uscc(uscc)?;
    let mut transaction = begin(act).await?;
    let mut faults = check(&mut transaction, act, facts).await?;
    faults.extend(in_future(act, grounds.effective_on));
    if writing::is_known(&mut transaction, &act.scope, &code).await? {
        faults.push(Fault::error(
            FaultCode::DuplicateRecord,
            format!("企业 {code} 已在企业名录中，请到该企业页面变更。"),
        ));
    }
    if !digit_holds {
        faults.push(wording::uscc_check_digit_to_confirm(&code));
    }
    refuse(faults, vouched)?;
    let confirmed_by = (!digit_holds).then_some(act.actor.name.as_str());
    let valid = Period::since(grounds.effective_on);
    let paper = Paper { source: grounds.source.clone(), reason: grounds.reason.clone() };
    let id = writing::insert_version(&mut transaction, act, &code, confirmed_by, valid, facts, &paper).await?;
    let detail = json!({
        "version": id, "facts": words(facts), "effective_on": grounds.effective_on, "reason": grounds.reason,
        "source": grounds.source, "check_digit_confirmed_by": confirmed_by,
    });
    seal(&mut transaction, act, "enterprise.create", &code, detail).await?;
    transaction.commit().await?;
    Ok(id)
}

/// From the day on other facts hold, as long as the version they are changed from; before it, what was known stays.
///
/// # Errors
/// When the version was superseded since it was read; faults when the day lies outside it or the facts do not hold.
pub async fn change(act: &Act, uscc: &str, base: i64, facts: &Facts, grounds: &Grounds) -> Outcome<i64> {
    let mut transaction = begin(act).await?;
    let version = current(act, uscc, base).await?;
    let mut faults = check(&mut transaction, act, facts).await?;
    faults.extend(own(act, &version));
    faults.extend(in_future(act, grounds.effective_on));
    faults.extend(outside(&version.valid, grounds.effective_on));
    faults.extend(same(&version, facts));
    refuse(faults, false)?;
    supersede(&mut transaction, act, &version).await?;
    let ended = Period { until: Some(grounds.effective_on), ..version.valid };
    let kept = Paper { source: version.source.clone(), reason: grounds.reason.clone() };
    let confirmed_by = version.uscc_confirmed_by.as_deref();
    writing::insert_version(&mut transaction, act, uscc, confirmed_by, ended, &Facts::of(&version), &kept).await?;
    let valid = Period { from: Some(grounds.effective_on), ..version.valid };
    let paper = Paper { source: grounds.source.clone(), reason: grounds.reason.clone() };
    let id = writing::insert_version(&mut transaction, act, uscc, confirmed_by, valid, facts, &paper).await?;
    let detail = json!({
        "version": id, "from": words(&Facts::of(&version)), "to": words(facts),
        "effective_on": grounds.effective_on, "reason": grounds.reason, "source": grounds.source,
    });
    seal(&mut transaction, act, "enterprise.change", uscc, detail).await?;
    transaction.commit().await?;
    Ok(id)
}

/// What was recorded was wrong from the start: the same period, other facts. The wrong row stays as what was known.
///
/// # Errors
/// As for [`change`].
pub async fn correct(act: &Act, uscc: &str, base: i64, facts: &Facts, paper: &Paper) -> Outcome<i64> {
    let mut transaction = begin(act).await?;
    let version = current(act, uscc, base).await?;
    let mut faults = check(&mut transaction, act, facts).await?;
    faults.extend(own(act, &version));
    faults.extend(same(&version, facts));
    refuse(faults, false)?;
    supersede(&mut transaction, act, &version).await?;
    let confirmed_by = version.uscc_confirmed_by.as_deref();
    let id = writing::insert_version(&mut transaction, act, uscc, confirmed_by, version.valid, facts, paper).await?;
    let detail = json!({
        "version": id, "from": words(&Facts::of(&version)), "to": words(facts),
        "reason": paper.reason, "source": paper.source,
    });
    seal(&mut transaction, act, "enterprise.correct", uscc, detail).await?;
    transaction.commit().await?;
    Ok(id)
}

/// Nothing else changes the register until this transaction ends.
async fn begin(act: &Act) -> Result<sqlx::Transaction<'static, sqlx::Postgres>, sqlx::Error> {
    let mut transaction = act.begin().await?;
    layer::take_turns(&mut transaction, &act.scope, layer::ENTERPRISES).await?;
    Ok(transaction)
}

/// The version named, if it is still what is known.
async fn current(act: &Act, uscc: &str, base: i64) -> Outcome<Version> {
    let all = store::versions(&act.pool, &act.scope, uscc).await?;
    let Some(found) = all.iter().find(|version| version.id == base) else {
        return Err(EditError::NotFound(format!("企业 {uscc} 的这条记录")));
    };
    if found.superseded_at.is_none() {
        return Ok(found.clone());
    }
    let last = all.iter().max_by_key(|version| (version.recorded_at, version.id)).unwrap_or(found);
    Err(stale(last))
}

fn stale(last: &Version) -> EditError {
    EditError::Stale {
        what: format!("企业 {}", last.uscc),
        by: last.recorded_by.clone(),
        at: last.recorded_at,
        reason: last.reason.clone(),
    }
}

async fn supersede(connection: &mut PgConnection, act: &Act, version: &Version) -> Outcome {
    match writing::supersede_version(connection, act, version.id).await? {
        1 => Ok(()),
        _ => Err(stale(version)),
    }
}

/// What the register says of the facts: the industry, the sub-district, and whether the clerk's area holds them.
async fn check(connection: &mut PgConnection, act: &Act, facts: &Facts) -> Result<Vec<Fault>, sqlx::Error> {
    let mut faults = Vec::new();
    if let Some((edition, code)) = &facts.industry {
        match writing::industry_standing(&mut *connection, edition, code).await? {
            writing::Standing::Known => {}
            writing::Standing::Unknown => faults.push(wording::industry_unknown(&format!("GB/T 4754-{edition}"), code)),
            writing::Standing::EditionMissing => faults.push(wording::edition_not_loaded(edition, code)),
        }
    }
    if let Some(code) = &facts.subdistrict
        && !writing::is_subdistrict(connection, &act.scope, code, act.today()).await?
    {
        faults.push(wording::subdistrict_unknown(code));
    }
    if let Some(own) = act.scope.subdistrict_code()
        && facts.subdistrict.as_deref() != Some(own)
    {
        faults.push(Fault::error(FaultCode::OutsideScope, format!("您只能办理街道 {own} 的企业，街道须为本街道。")));
    }
    Ok(faults)
}

/// A clerk of one sub-district does not take an enterprise from another.
fn own(act: &Act, version: &Version) -> Option<Fault> {
    let own = act.scope.subdistrict_code().filter(|own| version.subdistrict.as_deref() != Some(*own))?;
    let message = format!("企业 {} 登记在其他街道，您只能办理街道 {own} 的企业。", version.uscc);
    Some(Fault::error(FaultCode::OutsideScope, message))
}

fn in_future(act: &Act, day: NaiveDate) -> Option<Fault> {
    let late = day > act.today();
    late.then(|| Fault::error(FaultCode::PeriodInvalid, format!("生效日期 {day} 晚于今天。请改正。")))
}

fn outside(valid: &Period, day: NaiveDate) -> Option<Fault> {
    let inside = valid.from.is_none_or(|from| from < day) && valid.until.is_none_or(|until| day < until);
    let from = valid.from.map_or("最初".to_owned(), |from| from.to_string());
    (!inside).then(|| {
        let message =
            format!("生效日期 {day} 须晚于这条记录的起始日期（{from}）且在其期限内。原记录自始有误的，请用“更正”。");
        Fault::error(FaultCode::PeriodInvalid, message)
    })
}

fn same(version: &Version, facts: &Facts) -> Option<Fault> {
    let unchanged = Facts::of(version) == *facts;
    unchanged.then(|| Fault::error(FaultCode::DuplicateRecord, "内容与在册记录相同，没有要登记的变更。"))
}

async fn seal(
    connection: &mut PgConnection,
    act: &Act,
    action: &str,
    uscc: &str,
    detail: serde_json::Value,
) -> Outcome {
    layer::raise(connection, &act.scope, layer::ENTERPRISES).await?;
    let deed = Deed { action, subject_kind: "enterprise", subject: uscc, detail };
    act.record(connection, deed).await?;
    Ok(())
}

impl Facts {
    pub fn of(version: &Version) -> Self {
        Facts {
            name: version.name.clone(),
            industry: version.industry_edition.clone().zip(version.industry_code.clone()),
            sector: version.sector,
            size_class: version.size_class,
            high_tech: version.high_tech,
            platform: version.platform.clone(),
            subdistrict: version.subdistrict.clone(),
            state: version.state,
            established_on: version.established_on,
            above_size_since: version.above_size_since,
            project_since: version.project_since,
            project_until: version.project_until,
        }
    }
}

fn words(facts: &Facts) -> serde_json::Value {
    json!({
        "name": facts.name,
        "industry": facts.industry.as_ref().map(|(edition, code)| format!("{edition}:{code}")),
        "sector": facts.sector, "size_class": facts.size_class, "high_tech": facts.high_tech,
        "platform": facts.platform, "subdistrict": facts.subdistrict, "state": facts.state,
        "established_on": facts.established_on, "above_size_since": facts.above_size_since,
        "project_since": facts.project_since, "project_until": facts.project_until,
    })
}

#[cfg(test)]
pub(super) mod tests;
