//! What the forms share: who acts, and how a refusal is told.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::response::{IntoResponse, Redirect, Response};

use super::{address_of, moment};
use crate::account::Officer;
use crate::account::audit::Actor;
use crate::tenure::fault::{Fault, FaultCode, Place};
use crate::tenure::practice::Practice;
use crate::tenure::record::{Desk, RecordError};
use crate::tenure::store;
use crate::web::{self, AppState, Error};

/// Somebody at the desk, with the rules of the day.
pub struct Clerk {
    actor: Actor,
    practice: Practice,
}

impl Clerk {
    pub async fn of(state: &AppState, officer: &Officer) -> web::Result<Self> {
        let practice = store::practice_at(&state.pool, state.clock.now()).await?;
        Ok(Clerk { actor: officer.actor(), practice })
    }

    pub fn desk<'a>(&'a self, state: &'a AppState, officer: &'a Officer) -> Desk<'a> {
        Desk {
            pool: &state.pool,
            scope: &officer.scope,
            actor: &self.actor,
            now: state.clock.now(),
            practice: &self.practice,
        }
    }
}

pub type Typed<T> = Result<Form<T>, FormRejection>;

pub fn read<T>(typed: Typed<T>) -> web::Result<T> {
    typed.map(|Form(typed)| typed).map_err(|_| Error::BadRequest("表单内容无法读取，请刷新页面后重试".into()))
}

/// Back on the contract's page, which says what was done.
pub fn done(number: &str, what: &str) -> Response {
    Redirect::to(&format!("{}?done={what}", address_of(number))).into_response()
}

/// Nothing, or the faults to show on the form; a stale form and the like are pages of their own.
pub fn settled<T>(outcome: Result<T, RecordError>) -> web::Result<Vec<Fault>> {
    let fault = |code, message: &str| Ok(vec![Fault::error(code, Place::Contract, message)]);
    match outcome {
        Ok(_) => Ok(Vec::new()),
        Err(RecordError::Faults(faults)) => Ok(faults),
        Err(RecordError::Taken(number)) => {
            fault(FaultCode::DuplicateRecord, &format!("合同 {number} 已在台账中，请到该合同页面变更"))
        }
        Err(RecordError::HoldsCertificate(_)) => {
            fault(FaultCode::ConflictsWithRegister, "已有权证据此颁发，不能更正或撤回这一事件")
        }
        Err(RecordError::NotFound(number)) => Err(Error::NotFound(format!("没有编号为“{number}”的合同"))),
        Err(RecordError::NoSuchRow(_)) => {
            Err(Error::Conflict("这条记录已被更正或撤回，请返回合同页面查看现行记录".into()))
        }
        Err(RecordError::Stale { number, by, at, action }) => Err(Error::Conflict(format!(
            "合同 {number} 已由{by}于 {} 变更（{}），您看到的是变更前的内容。请返回合同页面查看后再办理。",
            moment(&at),
            deed(&action)
        ))),
        Err(RecordError::Store(store::StoreError::Database(error))) => match known(&error) {
            Some((code, message)) => fault(code, message),
            None => Err(error.into()),
        },
        Err(RecordError::Store(error)) => Err(Error::Internal(error.into())),
    }
}

/// What the database refuses, where a person can do something about it.
fn known(error: &sqlx::Error) -> Option<(FaultCode, &'static str)> {
    let constraint = error.as_database_error()?.constraint()?;
    match constraint {
        "contract_event_same" => Some((FaultCode::DuplicateRecord, "同样的事件已经登记过，不必再登记")),
        "contract_event_once" => Some((FaultCode::HappenedAlready, "这类事件已经登记过；如原登记有误请更正原记录")),
        "contract_terms_current" => Some((FaultCode::DuplicateRecord, "同一天已有生效的合同内容；如有误请更正原记录")),
        "staged_certificate_number" => Some((FaultCode::CodeDuplicate, "这个权证编号已经使用，请核对")),
        name if name.starts_with("staged_certificate") && name.ends_with("_excl") => {
            Some((FaultCode::CertificateOverlap, "同一宗地在这段期限内已有有效权证"))
        }
        _ => None,
    }
}

/// An entry of the audit log in words.
fn deed(action: &str) -> &str {
    match action {
        "contract.conclude" => "登记合同",
        "contract.supplement" => "登记补充协议",
        "contract.correct_terms" => "更正合同内容",
        "contract.event" => "登记事件",
        "contract.correct_event" => "更正或撤回事件",
        "contract.issue_certificate" => "颁发权证",
        "contract.correct_certificate" => "更正权证",
        other => other,
    }
}
