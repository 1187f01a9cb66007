//! A finding that bars from A and B (二(一)4) is proposed by its department, and entered into the register of vetoes by somebody else who
//! keeps it.

use serde_json::json;
use uuid::Uuid;

use super::store::findings::Finding;
use super::store::vetoes::{self, NewProposal, Proposal};
use super::wording::{self, EnforcementError, missing};
use super::{State, VetoStep};
use crate::account::{Act, Department};
use crate::enterprise::store::is_visible;
use crate::evaluation::registers::form::VetoForm;
use crate::evaluation::registers::{RegisterError, enter_within, entry::NewVeto, veto_kinds};
use crate::workflow::{self, Left, four_eyes};

/// What the register would be told, by the kinds in force.
async fn veto_of(
    act: &Act,
    (uscc, department): (&str, Department),
    new: &NewProposal,
) -> Result<NewVeto, EnforcementError> {
    let kinds = veto_kinds(&act.pool, &act.scope).await?;
    let form = VetoForm {
        uscc: uscc.to_owned(),
        kind: new.kind.clone(),
        happened_on: new.happened_on.to_string(),
        department: department.code().to_owned(),
        document: new.document.clone(),
        ..VetoForm::default()
    };
    form.read(&kinds, act.today()).map_err(EnforcementError::Refused)
}

/// Proposes a veto out of a finding.
///
/// # Errors
/// A kind that was not in force on the day, a finding of another department or not upheld, or the same proposed before.
pub async fn propose(
    act: &Act,
    (finding, department): (&Finding, Option<Department>),
    new: &NewProposal,
) -> Result<Uuid, EnforcementError> {
    let person = act.person()?;
    if department != Some(finding.department) {
        return Err(wording::of_another(finding.department).into());
    }
    veto_of(act, (&finding.uscc, finding.department), new).await?;
    let id = Uuid::now_v7();
    let mut transaction = act.begin().await?;
    let held = workflow::hold_any::<Finding>(&mut transaction, &act.scope, finding.id).await?;
    if held.state == State::NotUpheld {
        return Err(wording::not_upheld().into());
    }
    if !vetoes::insert(&mut transaction, act, (id, &held, person), new).await? {
        return Err(wording::proposed_before().into());
    }
    let detail = json!({ "enforcement_veto": id, "finding": held.number().to_string(), "kind": new.kind,
        "happened_on": new.happened_on, "document": new.document });
    let action = ("enforcement.veto", held.uscc.as_str());
    workflow::opened::<Proposal>(&mut transaction, act, action, None, detail).await?;
    transaction.commit().await?;
    Ok(id)
}

/// A proposal in the version that somebody saw.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub id: Uuid,
    pub version: i32,
}

/// Enters what is proposed into the register, in the same transaction.
///
/// # Errors
/// Its proposer, an enterprise that is gone, the same on record, or somebody was faster.
pub async fn enter(act: &Act, finding: &Finding, seen: Seen) -> Result<(), EnforcementError> {
    let person = act.person()?;
    let proposal = vetoes::find(&mut *act.pool.acquire().await?, &act.scope, seen.id).await?;
    let proposal = proposal.ok_or(workflow::Refused::NotFound(super::case::VETO.missing))?;
    let new = NewProposal {
        kind: proposal.kind,
        happened_on: proposal.happened_on,
        document: proposal.document,
        words: proposal.words,
    };
    let veto = veto_of(act, (&proposal.uscc, finding.department), &new).await?;
    if !is_visible(&act.pool, &act.scope, &proposal.uscc).await? {
        return Err(RegisterError::NoSuchEnterprise(veto.uscc).into());
    }
    let mut transaction = act.begin().await?;
    let held = workflow::hold::<Proposal>(&mut transaction, &act.scope, seen.id, seen.version).await?;
    workflow::after(&*held, VetoStep::Enter)?;
    four_eyes(Some(held.proposed_by), person).map_err(|_| wording::decided_by_its_proposer())?;
    let entry = enter_within(&mut transaction, act, &veto).await?;
    let row = vetoes::decided(act, seen.id, person, Ok(entry));
    let detail = json!({ "enforcement_veto": seen.id, "veto": entry });
    workflow::take(&mut transaction, act, &held, VetoStep::Enter, Left { row, timeline: None, detail }).await?;
    Ok(transaction.commit().await?)
}

/// # Errors
/// No reason, its proposer, or somebody was faster.
pub async fn refuse(act: &Act, seen: Seen, reason: &str) -> Result<(), EnforcementError> {
    let person = act.person()?;
    if reason.is_empty() {
        return Err(missing("reason", "请填写不予登记的理由").into());
    }
    let mut transaction = act.begin().await?;
    let held = workflow::hold::<Proposal>(&mut transaction, &act.scope, seen.id, seen.version).await?;
    workflow::after(&*held, VetoStep::Refuse)?;
    four_eyes(Some(held.proposed_by), person).map_err(|_| wording::decided_by_its_proposer())?;
    let row = vetoes::decided(act, seen.id, person, Err(reason));
    let detail = json!({ "enforcement_veto": seen.id, "reason": reason });
    workflow::take(&mut transaction, act, &held, VetoStep::Refuse, Left { row, timeline: None, detail }).await?;
    Ok(transaction.commit().await?)
}
