//! A new task by hand: parcels by code or picked from a list, one task each.

use askama::Template;
use axum::extract::{Query, RawForm, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use crate::account::{Access, Officer, Routes};
use crate::base::code::ParcelCode;
use crate::base::text::Seen;
use crate::codelist;
use crate::db::keyset::Position;
use crate::inspection::store::{self, Assigned, Inspector};
use crate::inspection::{Assignment, Stage};
use crate::parcel::{self, Row, SupplyStatus};
use crate::web::{self, AppState, Error, Shell};

const MOST_AT_ONCE: usize = 100;
const MOST_OFFERED: u16 = 100;
const LONGEST_PURPOSE: usize = 500;

pub fn routes() -> Routes {
    Routes::new().get("/inspections/new", Access::AssignInspections, form).post(
        "/inspections",
        Access::AssignInspections,
        create,
    )
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// Codes taken over from another page, by commas or spaces.
    parcels: String,
    /// What to pick from.
    subdistrict: String,
    supply: String,
    q: String,
    stage: String,
}

#[derive(Template)]
#[template(path = "inspection/new.html")]
struct NewPage {
    shell: Shell,
    asked: Asked,
    offered: Vec<Row>,
    /// More parcels fit than are offered.
    more: bool,
    subdistricts: Vec<codelist::Choice>,
    inspectors: Vec<Inspector>,
    today: NaiveDate,
    typed: Typed,
    fault: Option<String>,
}

/// What was typed, so that a refused form comes back as it was.
#[derive(Clone, Debug, Default)]
struct Typed {
    parcels: String,
    stage: String,
    purpose: String,
    due: String,
    assignee: String,
}

impl NewPage {
    fn stages(&self) -> &'static [Stage] {
        Stage::ALL
    }

    fn supplies(&self) -> &'static [SupplyStatus] {
        SupplyStatus::ALL
    }
}

async fn form(
    State(state): State<AppState>,
    officer: Officer,
    Query(asked): Query<Asked>,
) -> web::Result<Html<String>> {
    let typed = Typed { parcels: asked.parcels.clone(), stage: asked.stage.clone(), ..Typed::default() };
    page(&state, &officer, asked, typed, None).await
}

async fn page(
    state: &AppState,
    officer: &Officer,
    asked: Asked,
    typed: Typed,
    fault: Option<String>,
) -> web::Result<Html<String>> {
    let (pool, scope, today) = (&state.pool, &officer.scope, state.clock.today());
    let chosen = [&asked.subdistrict, &asked.supply, &asked.q].iter().any(|text| !text.is_blank());
    let (offered, more) = if chosen {
        let wanted = parcel::ListParameters {
            subdistrict: asked.subdistrict.clone(),
            supply: asked.supply.clone(),
            q: asked.q.clone(),
            ..Default::default()
        };
        let page =
            parcel::store::page(pool, scope, &wanted.query(today)?, &Position::Start, MOST_OFFERED, false).await?;
        (page.rows, page.next.is_some())
    } else {
        (Vec::new(), false)
    };
    let page = NewPage {
        shell: officer.shell(state, "下达检查任务"),
        asked,
        offered,
        more,
        subdistricts: codelist::subdistricts(pool, scope, today).await?,
        inspectors: store::inspectors(pool, scope).await?,
        today,
        typed,
        fault,
    };
    Ok(Html(page.render()?))
}

async fn create(State(state): State<AppState>, officer: Officer, RawForm(body): RawForm) -> web::Result<Response> {
    let fields: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    let all = |name: &str| {
        fields.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(" ")
    };
    let typed = Typed {
        parcels: format!("{} {}", all("parcels"), all("parcel")).seen().to_owned(),
        stage: all("stage"),
        purpose: all("purpose"),
        due: all("due"),
        assignee: all("assignee"),
    };
    match made(&state, &officer, &typed).await {
        Ok(ids) if ids.len() == 1 => Ok(Redirect::to(&format!("/inspections/{}", ids[0])).into_response()),
        Ok(_) => Ok(Redirect::to("/inspections?state=open").into_response()),
        Err(Error::BadRequest(fault)) => {
            let page = page(&state, &officer, Asked::default(), typed, Some(fault)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other),
    }
}

/// All tasks or none.
async fn made(state: &AppState, officer: &Officer, typed: &Typed) -> web::Result<Vec<Uuid>> {
    let refuse = |words: &str| Error::BadRequest(words.to_owned());
    let stage = Stage::parse(&typed.stage).ok_or_else(|| refuse("请选择检查阶段"))?;
    let due: NaiveDate = typed.due.seen().parse().map_err(|_| refuse("请填写检查期限"))?;
    if due < state.clock.today() {
        return Err(refuse("检查期限不能早于今天"));
    }
    let purpose = typed.purpose.seen();
    if purpose.is_empty() || purpose.chars().count() > LONGEST_PURPOSE {
        return Err(refuse("请说明检查内容，不超过 500 字"));
    }
    let assignee = match typed.assignee.seen() {
        "" => None,
        text => Some(text.parse().map_err(|_| refuse("请选择巡查员"))?),
    };
    let parcels = codes(&typed.parcels)?;
    let act = officer.act(state);
    let mut transaction = act.begin().await?;
    let mut ids = Vec::new();
    for parcel in parcels {
        let what = Assignment { parcel, stage, purpose: purpose.to_owned(), due, assignee, subject: None };
        let (Assigned::Created(id) | Assigned::Already(id)) = store::assign(&mut transaction, &act, &what).await?;
        ids.push(id);
    }
    transaction.commit().await?;
    Ok(ids)
}

/// Each code once, in the order given.
fn codes(text: &str) -> web::Result<Vec<ParcelCode>> {
    let mut codes: Vec<ParcelCode> = Vec::new();
    let pieces = text.split(|c: char| c.is_whitespace() || ",，;；、".contains(c)).filter(|piece| !piece.is_empty());
    for piece in pieces {
        let wrong = || Error::BadRequest(format!("“{piece}”不是宗地代码（19 位）"));
        let code = piece.to_uppercase().parse().map_err(|_| wrong())?;
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    match codes.len() {
        0 => Err(Error::BadRequest("请填写或勾选宗地".into())),
        many if many > MOST_AT_ONCE => Err(Error::BadRequest(format!("一次最多下达 {MOST_AT_ONCE} 宗"))),
        _ => Ok(codes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_come_apart_at_anything_and_each_once() {
        let text = "330105001001GB00001，330105001001gb00002\n330105001001GB00001";
        assert_eq!(codes(text).unwrap().len(), 2);
        assert!(codes("  ").is_err());
        assert!(codes("330105").is_err());
    }
}
