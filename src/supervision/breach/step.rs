//! Steps of a breach file, each with its guard; what concerns the contract is written to it in the same transaction.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::blockers::is_healed;
use super::decision::{self, Decided};
use super::store::{self, After, Breach};
use super::{BreachState, BreachStep, Remedy};
use crate::account::Act;
use crate::base::text::Seen;
use crate::base::unit::{Yuan, grouped};
use crate::contract::event::{Duty, Happening, NewEvent};
use crate::contract::known::Contract;
use crate::contract::record::{self, Base, Grounds, RecordError};
use crate::contract::stage::{Stage, standing};
use crate::contract::store::{self as register, Registered, StoreError};
use crate::db::{PgConnection, PgPool, Scope};
use crate::obligations::line::{Line, State};
use crate::obligations::sweep::Question;
use crate::supervision::notice::propose::{Proposal, is_grantees};
use crate::supervision::notice::store as notices;
use crate::supervision::notice::template::{self, Values};
use crate::supervision::notice::{NoticeKind, NoticeState};
use crate::workflow::{self, Left, Refused, SamePerson, four_eyes};

#[derive(Debug, thiserror::Error)]
pub enum BreachError {
    #[error("没有这个违约案卷，或不在您的辖区内")]
    NotFound,
    #[error(transparent)]
    Case(#[from] Refused),
    #[error("“{0}”没有逾期，不能立案")]
    NotOverdue(String),
    #[error("{0}")]
    Guard(String),
    #[error("提出人不能审批自己的处理意见")]
    SamePerson(#[from] SamePerson),
    /// What was seen, and what it comes to today.
    #[error("按今日核查应收违约金为{}元，与您看到的{}元不同，请核对现在的金额后再办理", grouped(*.1, 2), grouped(*.0, 2))]
    Changed(Decimal, Decimal),
    #[error(transparent)]
    Record(#[from] RecordError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

/// One step as somebody asks for it.
#[derive(Clone, Debug)]
pub struct Asked {
    pub step: BreachStep,
    /// The version that was looked at.
    pub version: i32,
    pub on: NaiveDate,
    pub reason: String,
    /// Rectify.
    pub until: Option<NaiveDate>,
    /// Propose.
    pub remedy: Option<Remedy>,
    /// The amount that was seen: compulsory where a penalty is decided on.
    pub amount: Option<Decimal>,
    /// Pay and take back: the paper.
    pub document: Option<String>,
}

/// A contract and its check today.
pub async fn checked(
    pool: &PgPool,
    scope: &Scope,
    number: &str,
    day: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(Registered, Vec<Line>), BreachError> {
    let question = Question::ask(pool, day, now, None).await?;
    let mut connection = pool.acquire().await?;
    let registered = register::load(&mut connection, scope, number, now).await?.ok_or(BreachError::NotFound)?;
    let lines = question.answer(&registered.contract).lines;
    Ok((registered, lines))
}

/// Opens a file on an overdue duty, and prepares its notice.
pub async fn open(act: &Act, number: &str, duty: Duty, day: NaiveDate) -> Result<Uuid, BreachError> {
    let (registered, lines) = checked(&act.pool, &act.scope, number, day, act.now).await?;
    let overdue = |line: &&Line| line.duty == duty && line.state == State::Overdue && is_grantees(duty.kind);
    let line = lines.iter().find(overdue).ok_or_else(|| BreachError::NotOverdue(duty.label()))?;
    let mut transaction = act.begin().await?;
    let about = (number, duty, line.due);
    let (id, made) = store::open(&mut transaction, act, about).await?;
    if made {
        let reason = (line.consequence.arithmetic.as_str(), day);
        let reason = if reason.0.is_empty() { ("核查发现逾期", day) } else { reason };
        let timeline = store::line(act, id, ("open", &After::opened()), reason);
        let proposal = proposal(&registered.contract, line, NoticeKind::Breach, day, None);
        if let Some(proposal) = proposal {
            notices::prepare(&mut transaction, act, &proposal).await?;
        }
        let detail = json!({ "breach": id, "duty": duty, "due": line.due });
        let told = ("contract.open_breach", number);
        workflow::opened::<Breach>(&mut transaction, act, told, Some(timeline), detail).await?;
    }
    transaction.commit().await?;
    Ok(id)
}

/// The stage in which a contract has ended, when it has. What was owed by then is still asked for.
pub fn ended(contract: &Contract, day: NaiveDate) -> Option<Stage> {
    standing(contract, day).map(|it| it.stage).filter(|stage| !stage.is_open())
}

fn proposal(
    contract: &Contract,
    line: &Line,
    kind: NoticeKind,
    day: NaiveDate,
    decided: Option<&str>,
) -> Option<Proposal> {
    let terms = contract.terms_on(day)?;
    let body = match decided {
        Some(words) => template::filled(kind, contract, terms, &Values::of(line, words, day)),
        None => template::body(kind, contract, terms, line, day),
    };
    let (contract, addressee) = (contract.number.clone(), terms.grantee.clone());
    Some(Proposal { contract, kind, duty: line.duty, due: line.due, addressee, body })
}

/// The notice of a file, when there is one.
pub async fn notice_of(pool: &PgPool, scope: &Scope, file: &Breach) -> Result<Option<notices::Notice>, BreachError> {
    let wanted = notices::listing::Wanted {
        kind: Some(NoticeKind::Breach),
        contract: Some(&file.contract),
        size: 100,
        ..Default::default()
    };
    let all = notices::listing::list(pool, scope, &wanted).await?;
    Ok(all.into_iter().find(|notice| notice.duty == file.duty && notice.due == file.due))
}

/// Takes a step.
///
/// # Errors
/// When it is not possible from here, its guard refuses, or the proposer would decide.
pub async fn take(act: &Act, file: &Breach, asked: &Asked) -> Result<BreachState, BreachError> {
    workflow::unchanged(&mut *act.pool.acquire().await?, &act.scope, file, asked.version).await?;
    let state = workflow::after(file, asked.step)?;
    if asked.reason.is_blank() {
        return Err(BreachError::Guard("请填写理由或情况".into()));
    }
    let today = act.today();
    if asked.on > today {
        return Err(BreachError::Guard("日期不能晚于今天".into()));
    }
    let opened = crate::base::clock::china_day(file.opened_at);
    if asked.on < opened {
        return Err(BreachError::Guard(format!("日期 {} 早于立案日期 {opened}", asked.on)));
    }
    let (registered, lines) = checked(&act.pool, &act.scope, &file.contract, today, act.now).await?;
    let line = lines.iter().find(|line| Some(line.duty) == file.duty());
    let mut after = unchanged(file, state);
    let dated = matches!(asked.step, BreachStep::Propose | BreachStep::Decide);
    if dated && asked.on != today {
        return Err(BreachError::Guard("提出和批准处理意见按当日核查，日期应为今天".into()));
    }
    let remedy = asked.remedy.or(file.remedy).filter(|_| dated);
    if let Some(stage) = ended(&registered.contract, today).filter(|_| remedy == Some(Remedy::TakingBack)) {
        return Err(BreachError::Guard(format!("合同已“{stage}”，不能再据此收回土地；可收取违约金或撤案")));
    }
    guard(act, file, asked, line, &mut after).await?;
    let happening = match (asked.step, file.remedy) {
        (BreachStep::Pay, Some(Remedy::Penalty)) => {
            let unreadable = || BreachError::Guard(format!("案卷的事项“{}”无法识别", file.duty));
            let duty = file.duty().ok_or_else(unreadable)?;
            let (amount, last) = still_to_book(act, file, duty, &registered.contract).await?;
            after.event = last;
            (amount > Yuan::ZERO).then_some(Happening::PenaltyPaid { duty, amount })
        }
        (BreachStep::TakeBack, Some(Remedy::TakingBack)) => Some(Happening::TakenBack),
        (BreachStep::Pay | BreachStep::TakeBack, ..) => {
            return Err(BreachError::Guard("与已批准的处理方式不符".into()));
        }
        _ => None,
    };
    match happening {
        Some(happening) => on_contract(act, file, asked, &registered, happening, after).await?,
        None => {
            let mut transaction = act.begin().await?;
            written(&mut transaction, act, file, asked, &after).await?;
            if let Some(line) = line.filter(|_| asked.step == BreachStep::Decide) {
                decision(&mut transaction, act, &registered.contract, line, &after, today).await?;
            }
            transaction.commit().await?;
        }
    }
    Ok(state)
}

fn unchanged(file: &Breach, state: BreachState) -> After {
    After {
        state,
        remedy: file.remedy,
        amount_yuan: file.amount_yuan,
        arithmetic: file.arithmetic.clone(),
        notice: file.notice,
        rectify_until: file.rectify_until,
        proposed: file.proposed_by.zip(file.proposed_by_name.clone()),
        decided: None,
        event: None,
    }
}

/// What each step asks for, and what it changes.
async fn guard(
    act: &Act,
    file: &Breach,
    asked: &Asked,
    line: Option<&Line>,
    after: &mut After,
) -> Result<(), BreachError> {
    let refuse = |words: &str| Err(BreachError::Guard(words.to_owned()));
    match asked.step {
        BreachStep::Notify => match notice_of(&act.pool, &act.scope, file).await? {
            Some(notice) if matches!(notice.state, NoticeState::Sent | NoticeState::Delivered) => {
                after.notice = Some(notice.id);
            }
            _ => return refuse("违约告知书尚未发送"),
        },
        BreachStep::Answer => {
            let notice = notice_of(&act.pool, &act.scope, file).await?;
            if notice.is_none_or(|notice| notice.state != NoticeState::Delivered) {
                return refuse("违约告知书尚未登记送达");
            }
        }
        BreachStep::Rectify => match asked.until.filter(|until| *until > asked.on) {
            Some(until) => after.rectify_until = Some(until),
            None => return refuse("请填写晚于今天的整改期限"),
        },
        BreachStep::Propose => propose(act, asked, line, after)?,
        BreachStep::Decide => {
            four_eyes(file.proposed_by, act.person()?)?;
            decide(asked, line, after)?;
            after.decided = Some((act.person()?, act.actor.name.clone()));
        }
        BreachStep::Return => {
            (after.remedy, after.amount_yuan, after.arithmetic, after.proposed) = (None, None, None, None);
        }
        BreachStep::Heal if !is_healed(line) => return refuse("核查显示该事项仍未履行，不能确认纠正"),
        BreachStep::TakeBack if asked.document.is_none() => return refuse("请填写收回决定文号"),
        BreachStep::Heal | BreachStep::Pay | BreachStep::TakeBack | BreachStep::Drop => {}
    }
    Ok(())
}

/// What is decided is what the approver saw, by the check of the day; the figure of the proposal stays with its step.
fn decide(asked: &Asked, line: Option<&Line>, after: &mut After) -> Result<(), BreachError> {
    let refuse = |words: &str| Err(BreachError::Guard(words.to_owned()));
    if after.remedy == Some(Remedy::TakingBack) {
        return if is_healed(line) { refuse("今日核查该事项已履行或免除，请退回") } else { Ok(()) };
    }
    let Some((owed, arithmetic)) = decision::owed(line) else {
        return refuse("今日核查已没有应收的违约金，请退回");
    };
    match asked.amount {
        None => return refuse("请带上所见的违约金金额"),
        Some(seen) if seen != owed.0 => return Err(BreachError::Changed(seen, owed.0)),
        Some(_) => {}
    }
    (after.amount_yuan, after.arithmetic) = (Some(owed.0), Some(arithmetic));
    Ok(())
}

/// What of a decided penalty was not booked yet, and the last payment since the decision.
async fn still_to_book(
    act: &Act,
    file: &Breach,
    duty: Duty,
    contract: &Contract,
) -> Result<(Yuan, Option<i64>), BreachError> {
    let mut connection = act.pool.acquire().await?;
    let decided_at = store::decided_at(&mut connection, &act.scope, file.id).await?;
    let decided = file.amount_yuan.unwrap_or_default();
    Ok(decision::outstanding(contract, duty, decided, decided_at.unwrap_or(file.opened_at)))
}

/// The amount is the check's, with its arithmetic; nobody types it.
fn propose(act: &Act, asked: &Asked, line: Option<&Line>, after: &mut After) -> Result<(), BreachError> {
    let remedy = asked.remedy.ok_or_else(|| BreachError::Guard("请选择处理方式".into()))?;
    let owed = decision::owed(line).filter(|_| remedy == Remedy::Penalty);
    if remedy == Remedy::Penalty && owed.is_none() {
        return Err(BreachError::Guard("按合同没有可计的违约金，或已缴清".into()));
    }
    if let (Some(seen), Some((owed, _))) = (asked.amount, &owed)
        && seen != owed.0
    {
        return Err(BreachError::Changed(seen, owed.0));
    }
    after.remedy = Some(remedy);
    after.amount_yuan = owed.as_ref().map(|(money, _)| money.0);
    after.arithmetic = owed.map(|(_, arithmetic)| arithmetic).or(line.map(|line| line.consequence.arithmetic.clone()));
    after.proposed = Some((act.person()?, act.actor.name.clone()));
    Ok(())
}

async fn written(
    connection: &mut PgConnection,
    act: &Act,
    file: &Breach,
    asked: &Asked,
    after: &After,
) -> Result<(), BreachError> {
    let held = workflow::hold::<Breach>(connection, &act.scope, file.id, asked.version).await?;
    let reason = asked.reason.seen();
    let left = Left {
        row: store::row(act, file.id, after),
        timeline: Some(store::line(act, file.id, (asked.step.code(), after), (reason, asked.on))),
        detail: json!({ "breach": file.id, "step": asked.step, "state": after.state, "reason": reason }),
    };
    workflow::take(connection, act, &held, asked.step, left).await?;
    Ok(())
}

async fn on_contract(
    act: &Act,
    file: &Breach,
    asked: &Asked,
    registered: &Registered,
    happening: Happening,
    mut after: After,
) -> Result<(), BreachError> {
    let event =
        NewEvent { on: asked.on, happening, document: asked.document.clone(), note: format!("案卷 {}", file.id) };
    let base = Base { number: file.contract.clone(), version: registered.version };
    let grounds = Grounds { reason: asked.reason.seen().to_owned(), source: "履约清理".into() };
    let mut recorded = record::event_within(act, &base, &event, &grounds).await?;
    after.event = Some(recorded.id);
    written(recorded.connection(), act, file, asked, &after).await?;
    recorded.commit().await?;
    Ok(())
}

/// The decision goes out as a notice, which is prepared with it.
async fn decision(
    connection: &mut PgConnection,
    act: &Act,
    contract: &Contract,
    line: &Line,
    after: &After,
    day: NaiveDate,
) -> Result<(), BreachError> {
    let decided = Decided {
        on: day,
        state: after.state,
        remedy: after.remedy,
        amount: after.amount_yuan,
        arithmetic: after.arithmetic.clone(),
        at: act.now,
    };
    let words = decided.words();
    if let Some(proposal) = proposal(contract, line, NoticeKind::Decision, day, Some(&words)) {
        notices::prepare(connection, act, &proposal).await?;
    }
    Ok(())
}
