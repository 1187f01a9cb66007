//! What a review is decided on, and its conclusion: receipt, event and review stand or fall together.

use chrono::{Datelike, NaiveDate};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::panel::Panel;
use super::store::{self, Ending, Review};
use super::{Agreed, AgreedDay, AsBuilt, Inputs, ReviewKind, ReviewStep, rules};
use crate::account::{Act, Department};
use crate::admission::Outcome;
use crate::base::text::Seen;
use crate::codelist::WorkCalendar;
use crate::contract::event::{Duty, DutyKind, Happening, NewEvent, Review as Result_, ReviewOutcome};
use crate::contract::practice::Practice;
use crate::contract::record::{self, Base, Grounds, RecordError};
use crate::contract::stage::{Stage, standing};
use crate::contract::store::{self as register, Registered, StoreError};
use crate::db::{PgConnection, Scope};
use crate::obligations::check;
use crate::policy::catalogue::Catalogue;
use crate::policy::receipt::{CheckVersion, Receipt};
use crate::policy::store::receipts::{self, ReceiptError};
use crate::policy::verdict::Overall;
use crate::workflow::{self, Left, Refused};

#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    #[error("没有这次复核，或不在您的辖区内")]
    NotFound,
    #[error(transparent)]
    Case(#[from] Refused),
    #[error("复核结论为“{0}”，不能登记为通过")]
    DoesNotConform(Overall),
    #[error("限期整改须填写晚于复核日的整改期限；其他结论不填")]
    Until,
    /// The table of the day of the review is not the one that was seen.
    #[error("核查表按复核日{0}核算，与您看到的不同，请核对现在的核查表后再作结论")]
    Changed(NaiveDate),
    #[error("请填写结论理由")]
    NoReason,
    #[error("您所在部门不参加本次复核")]
    NotYourDepartment,
    #[error("当前阶段“{0}”不能开展{1}")]
    NotReached(Stage, ReviewKind),
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

/// Gathers what a review is decided on, as known now.
pub async fn inputs(
    connection: &mut PgConnection,
    scope: &Scope,
    (review, panel): (&Review, &Panel),
    registered: &Registered,
    practice: &Practice,
    on: NaiveDate,
) -> Result<Inputs, ReviewError> {
    let contract = &registered.contract;
    let lines = check::judge(contract, on, practice, WorkCalendar::embedded());
    let wanted: &[DutyKind] = match review.kind {
        ReviewKind::Completion => &[DutyKind::Start, DutyKind::Completion],
        ReviewKind::Output => &[DutyKind::Production],
    };
    let days = lines.iter().filter(|line| wanted.contains(&line.duty.kind)).map(|line| AgreedDay {
        duty: line.duty,
        due: line.due,
        state: line.state,
        days: line.days,
        owed_yuan: line.yuan().map(|money| money.0.normalize()),
        paid_yuan: line.paid.0.normalize(),
    });
    let terms = contract.terms_on(on).ok_or(ReviewError::NotFound)?;
    let years = match review.kind {
        ReviewKind::Completion => Default::default(),
        ReviewKind::Output => {
            let years = agreed_years(contract.day_of(on, &Happening::ProductionStarted), on);
            store::returns(connection, scope, &terms.grantee, &years).await?
        }
    };
    Ok(Inputs {
        kind: review.kind,
        contract: contract.number.clone(),
        agreed: Agreed {
            granted_area_m2: terms.granted_area.shown_square_metres().unwrap_or_default(),
            granted_area_mu: Some(terms.granted_area.0.normalize()),
            planned_investment_yuan: terms.planned_investment.map(|money| money.0.normalize()),
            commitments: terms.commitments.clone(),
        },
        as_built: review.as_built.clone(),
        days: days.collect(),
        years,
        opinions: store::opinions(connection, scope, review.id).await?,
        panel: panel.members.clone(),
        version: CheckVersion::default(),
    })
}

/// The whole calendar years between the start of production and the review.
pub fn agreed_years(production: Option<NaiveDate>, on: NaiveDate) -> Vec<i32> {
    production.map(|started| (started.year() + 1..on.year()).collect()).unwrap_or_default()
}

/// Opens a review on a contract that has come so far.
pub async fn open(act: &Act, registered: &Registered, kind: ReviewKind) -> Result<Uuid, ReviewError> {
    let number = &registered.contract.number;
    let stage = standing(&registered.contract, act.today()).map(|it| it.stage);
    let reached = match kind {
        ReviewKind::Completion => Stage::Construction,
        ReviewKind::Output => Stage::Production,
    };
    if stage != Some(reached) {
        return Err(ReviewError::NotReached(stage.unwrap_or(Stage::Granted), kind));
    }
    let mut transaction = act.begin().await?;
    let (id, made) = store::open(&mut transaction, act, number, kind).await?;
    if made {
        let detail = json!({ "review": id, "kind": kind });
        workflow::opened::<Review>(&mut transaction, act, ("contract.open_review", number), None, detail).await?;
    }
    transaction.commit().await?;
    Ok(id)
}

/// Keeps what was found on the ground. Opinions were given on the figures that were there: where those change, they are
/// asked for again, and stay on record.
pub async fn keep(act: &Act, review: &Review, as_built: &AsBuilt) -> Result<(), ReviewError> {
    let mut transaction = act.begin().await?;
    let held = workflow::hold::<Review>(&mut transaction, &act.scope, review.id, review.version).await?;
    let overtaken = match *as_built == held.as_built {
        true => 0,
        false => store::overtake(&mut transaction, act, held.id, None).await?,
    };
    let row = store::figures(act, held.id, as_built);
    let detail = json!({ "review": held.id, "as_built": as_built, "opinions_overtaken": overtaken });
    workflow::take(&mut transaction, act, &held, ReviewStep::Figures, Left { row, timeline: None, detail }).await?;
    transaction.commit().await?;
    Ok(())
}

/// A department's part, by its own people, on the figures that they saw.
pub async fn say(
    act: &Act,
    department: Option<Department>,
    review: &Review,
    (agrees, reason): (bool, &str),
) -> Result<(), ReviewError> {
    let panel = review.panel(&act.pool, &act.scope).await?;
    let department = department.filter(|it| panel.has(*it)).ok_or(ReviewError::NotYourDepartment)?;
    if reason.is_blank() {
        return Err(ReviewError::NoReason);
    }
    let person = act.person()?;
    let mut transaction = act.begin().await?;
    let held = workflow::hold_for::<Review>(&mut transaction, &act.scope, review.id, ReviewStep::Opinion).await?;
    store::say(&mut transaction, act, held.id, (person, department), (agrees, reason.seen())).await?;
    let row = store::spoken(act, held.id);
    let detail = json!({ "review": held.id, "department": department, "agrees": agrees, "reason": reason });
    workflow::take(&mut transaction, act, &held, ReviewStep::Opinion, Left { row, timeline: None, detail }).await?;
    transaction.commit().await?;
    Ok(())
}

/// Of a table: whoever concludes hands it back, to show that this is what they saw.
pub fn mark(inputs: &Inputs, outcome: &Outcome) -> String {
    let text = serde_json::to_string(&(inputs, outcome)).expect("inputs and findings are plain JSON");
    hex::encode(Sha256::digest(text))
}

/// What somebody concludes.
pub struct Conclusion {
    /// Versions of review and contract that were looked at.
    pub version: i32,
    pub contract_version: i32,
    /// The mark of the table that was seen; a program that names the versions may leave it out.
    pub shown: Option<String>,
    pub on: NaiveDate,
    pub outcome: ReviewOutcome,
    pub rectify_until: Option<NaiveDate>,
    pub document: Option<String>,
    pub reason: String,
}

/// Concludes: the receipt, the event of the contract and the review in one transaction.
///
/// # Errors
/// A table that does not conform is never recorded as passed; the table of reviews refuses it too.
pub async fn conclude(
    act: &Act,
    review: &Review,
    registered: &Registered,
    catalogue: &Catalogue,
    conclusion: &Conclusion,
) -> Result<(Outcome, Receipt), ReviewError> {
    workflow::unchanged(&mut *act.pool.acquire().await?, &act.scope, review, conclusion.version).await?;
    workflow::after(review, ReviewStep::Conclude)?;
    let rectify = conclusion.outcome == ReviewOutcome::Rectify;
    if rectify != conclusion.rectify_until.is_some_and(|until| until > conclusion.on)
        || (!rectify && conclusion.rectify_until.is_some())
    {
        return Err(ReviewError::Until);
    }
    if conclusion.reason.is_blank() {
        return Err(ReviewError::NoReason);
    }
    let panel = review.panel(&act.pool, &act.scope).await?;
    let practice = register::practice_on(&act.pool, conclusion.on).await?;
    let mut connection = act.pool.acquire().await?;
    let about = (review, &panel);
    let inputs = inputs(&mut connection, &act.scope, about, registered, &practice, conclusion.on).await?;
    drop(connection);
    let (outcome, receipt) = rules::check(&inputs, catalogue, conclusion.on);
    if conclusion.shown.as_ref().is_some_and(|shown| *shown != mark(&inputs, &outcome)) {
        return Err(ReviewError::Changed(conclusion.on));
    }
    if conclusion.outcome == ReviewOutcome::Passed && outcome.verdict != Overall::Conforms {
        return Err(ReviewError::DoesNotConform(outcome.verdict));
    }
    let result = Result_ { outcome: conclusion.outcome, rectify_until: conclusion.rectify_until };
    let happening = match review.kind {
        ReviewKind::Completion => Happening::CompletionReviewed(result),
        ReviewKind::Output => Happening::OutputReviewed(result),
    };
    let event = NewEvent {
        on: conclusion.on,
        happening,
        document: conclusion.document.clone(),
        note: format!("核查凭据 {}", receipt.short()),
    };
    let base = Base { number: review.contract.clone(), version: conclusion.contract_version };
    let grounds = Grounds { reason: conclusion.reason.seen().to_owned(), source: review.kind.label().to_owned() };
    let mut recorded = record::review_within(act, &base, &event, &grounds).await?;
    receipts::save(recorded.connection(), act, &receipt).await?;
    let ending = Ending {
        on: conclusion.on,
        outcome: conclusion.outcome,
        rectify_until: conclusion.rectify_until,
        receipt: &receipt.id,
        verdict: outcome.verdict.code(),
        event: recorded.id,
        reason: &grounds.reason,
    };
    let row = store::concluded(act, review.id, &ending);
    let detail =
        json!({ "review": review.id, "outcome": conclusion.outcome, "receipt": receipt.id, "reason": grounds.reason });
    let connection = recorded.connection();
    let held = workflow::hold::<Review>(connection, &act.scope, review.id, conclusion.version).await?;
    workflow::take(connection, act, &held, ReviewStep::Conclude, Left { row, timeline: None, detail }).await?;
    recorded.commit().await?;
    Ok((outcome, receipt))
}

/// The duty that a review of this kind heals.
pub fn duty(kind: ReviewKind) -> Duty {
    Duty::one(match kind {
        ReviewKind::Completion => DutyKind::RectifyCompletion,
        ReviewKind::Output => DutyKind::OutputReview,
    })
}
