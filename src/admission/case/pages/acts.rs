//! What people do to a case: each form names the version it was filled in on.

use axum::extract::{Path, RawForm, State};
use axum::response::Response;
use uuid::Uuid;

use super::edit::{days, find};
use super::form::Form;
use super::to_case;
use crate::account::Officer;
use crate::admission::case::check::examine;
use crate::admission::case::rules::Move;
use crate::admission::case::store::{beside, cases, moves, opinions, set_aside, submit};
use crate::admission::case::{Action, Case, Outcome, Recommends, Stance};
use crate::planning::LayerKind;
use crate::web::{AppState, Error, Result};

/// Everything the handling officer does: the field `action` says what.
pub async fn handle(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    RawForm(body): RawForm,
) -> Result<Response> {
    let form = Form::parse(&body);
    let version = form.version()?;
    let case = find(&state, &officer, id).await?;
    let act = officer.act(&state);
    match form.text("action") {
        "check" => recheck(&state, &officer, &case, version, "重新核查").await?,
        "judge" => {
            let conforms = match form.text("conforms") {
                "1" => true,
                "0" => false,
                _ => return Err(Error::BadRequest("请选择符合或不符合".into())),
            };
            set_aside::judge(&act, id, version, form.text("rule"), conforms, form.text("reason")).await?;
            recheck(&state, &officer, &case, version + 1, "人工判断后核查").await?;
        }
        "beside" => beside::record(&act, id, version, form.text("reason")).await?,
        "set_aside" => propose(&state, &officer, &case, version, &form).await?,
        _ => moves::make(&act, id, version, &handler_move(&form)?).await?,
    }
    Ok(to_case(id))
}

fn handler_move(form: &Form) -> Result<Move> {
    let reason = form.text("reason").to_owned();
    Ok(match Action::parse(form.text("action")) {
        Some(Action::Accept) => Move::Accept,
        Some(Action::Return) => Move::Return { reason },
        Some(Action::Consult) => Move::Consult,
        Some(Action::Recommend) => {
            let recommends = Recommends::parse(form.text("recommends"));
            let recommends = recommends.ok_or_else(|| Error::BadRequest("请选择建议准入或不予准入".into()))?;
            Move::Recommend { recommends, reason }
        }
        Some(Action::Notify) => Move::Notify,
        Some(Action::Withdraw) => Move::Withdraw { reason },
        _ => return Err(Error::BadRequest("没有这项操作".into())),
    })
}

/// Makes the check again under what is known now.
pub async fn recheck(state: &AppState, officer: &Officer, case: &Case, version: i32, occasion: &str) -> Result<()> {
    let application = cases::application(&state.pool, &officer.scope, case.id).await?;
    let days = days(state, Some(case));
    let examined = examine(&state.pool, &officer.scope, &application, Some(case.id), days).await?;
    let act = officer.act(state);
    submit::recheck(&act, case.id, version, &examined, occasion).await?;
    Ok(())
}

async fn propose(state: &AppState, officer: &Officer, case: &Case, version: i32, form: &Form) -> Result<()> {
    let layer = LayerKind::parse(form.text("layer")).ok_or_else(|| Error::BadRequest("没有这个规划图层".into()))?;
    let application = cases::application(&state.pool, &officer.scope, case.id).await?;
    let examined = examine(&state.pool, &officer.scope, &application, Some(case.id), days(state, Some(case))).await?;
    let hit = examined.reading.facts.spatial.iter().find(|result| result.layer == layer);
    let (Some(hit), Some(hash)) = (hit, examined.site.hash()) else {
        return Err(Error::BadRequest("没有可以排除的命中".into()));
    };
    let act = officer.act(state);
    set_aside::propose(&act, case.id, version, &hash, hit, form.text("reason")).await?;
    Ok(())
}

/// Another person agrees to set a hit aside, or not; the check is made again.
pub async fn answer_set_aside(
    State(state): State<AppState>,
    officer: Officer,
    Path((id, hit)): Path<(Uuid, Uuid)>,
    RawForm(body): RawForm,
) -> Result<Response> {
    let form = Form::parse(&body);
    let version = form.version()?;
    let case = find(&state, &officer, id).await?;
    let act = officer.act(&state);
    let agree = form.text("agree") == "1";
    set_aside::answer(&act, id, version, hit, agree).await?;
    if agree {
        recheck(&state, &officer, &case, version + 1, "排除命中后核查").await?;
    }
    Ok(to_case(id))
}

pub async fn opine(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    RawForm(body): RawForm,
) -> Result<Response> {
    let form = Form::parse(&body);
    let department = officer.department.ok_or(Error::Forbidden)?;
    let stance = Stance::parse(form.text("stance")).ok_or_else(|| Error::BadRequest("请选择意见".into()))?;
    let act = officer.act(&state);
    opinions::give(&act, id, form.version()?, department, stance, form.text("comment")).await?;
    Ok(to_case(id))
}

/// The decision, or sending the case back to who recommended it.
pub async fn decide(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    RawForm(body): RawForm,
) -> Result<Response> {
    let form = Form::parse(&body);
    let reason = form.text("reason").to_owned();
    let wanted = match form.text("outcome") {
        "send_back" => Move::SendBack { reason },
        text => match Outcome::parse(text) {
            Some(outcome) => Move::Decide { outcome, reason },
            None => return Err(Error::BadRequest("请选择决定".into())),
        },
    };
    let act = officer.act(&state);
    moves::make(&act, id, form.version()?, &wanted).await?;
    Ok(to_case(id))
}
