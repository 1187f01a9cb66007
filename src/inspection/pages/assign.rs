//! A new task by hand: parcels by code or picked from a list, one task each.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use crate::account::{Access, Officer, Routes};
use crate::base::code::ParcelCode;
use crate::base::text::Seen;
use crate::codelist;
use crate::db::keyset::Position;
use crate::exchange::{Fault, FaultCode};
use crate::inspection::store::{self, Assigned, Inspector};
use crate::inspection::{Assignment, Stage};
use crate::parcel::{self, Row, SupplyStatus};
use crate::web::form::{self, Field, Reader, Sent, Shown, faults_of};
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
    form: Shown,
}

impl NewPage {
    fn inspectors(&self) -> Vec<(Uuid, String)> {
        self.inspectors.iter().map(|each| (each.id, format!("{}（{}）", each.name, each.login))).collect()
    }
}

async fn form(State(state): State<AppState>, officer: Officer, Query(asked): Query<Asked>) -> web::Result<Response> {
    let fresh = Sent::default().with("parcels", asked.parcels.as_str()).with("stage", asked.stage.as_str());
    page(&state, &officer, asked, fresh.into()).await
}

async fn page(state: &AppState, officer: &Officer, asked: Asked, form: Shown) -> web::Result<Response> {
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
        form,
    };
    form::page(page.form.status(), &page)
}

async fn create(State(state): State<AppState>, officer: Officer, sent: Sent) -> web::Result<Response> {
    let made = made(&state, &officer, &sent).await;
    match &made {
        Ok(ids) if ids.len() == 1 => return Ok(Redirect::to(&format!("/inspections/{}", ids[0])).into_response()),
        Ok(_) => return Ok(Redirect::to("/inspections?state=open").into_response()),
        Err(_) => {}
    }
    let back = Shown::from(with_picked(sent)).with_faults(faults_of(made)?);
    page(&state, &officer, Asked::default(), back).await
}

/// What was picked from the list joins what was typed: the list is not drawn again.
fn with_picked(sent: Sent) -> Sent {
    let picked: Vec<&str> = sent.all("parcel").collect();
    if picked.is_empty() {
        return sent;
    }
    let parcels = [&[sent.text("parcels")][..], &picked].concat().join(" ");
    let joined = Sent::default().with("parcels", parcels.seen());
    let others = sent.fields().iter().filter(|(name, _)| !name.starts_with("parcel"));
    others.fold(joined, |joined, (name, text)| joined.with(name, text.as_str()))
}

/// All tasks or none.
async fn made(state: &AppState, officer: &Officer, sent: &Sent) -> web::Result<Vec<Uuid>> {
    let tasks = read(sent, state.clock.today()).map_err(Error::Input)?;
    let act = officer.act(state);
    let mut transaction = act.begin().await?;
    let mut ids = Vec::new();
    for what in &tasks {
        let (Assigned::Created(id) | Assigned::Already(id)) = store::assign(&mut transaction, &act, what).await?;
        ids.push(id);
    }
    transaction.commit().await?;
    Ok(ids)
}

fn read(sent: &Sent, today: NaiveDate) -> Result<Vec<Assignment>, Vec<Fault>> {
    let mut reader = Reader::default();
    let typed: Vec<&str> = sent.all("parcels").chain(sent.all("parcel")).collect();
    let parcels = codes(&mut reader, sent.field("parcels", "宗地代码"), &typed.join(" "));
    let stage = reader.needs(sent.field("stage", "检查阶段"), "列出的阶段");
    let field = sent.field("due", "检查期限");
    let due = reader.needs_day(field);
    if due.is_some_and(|due| due < today) {
        reader.push(field.fault(FaultCode::BadRequest, "检查期限不能早于今天"));
    }
    let field = sent.field("purpose", "检查内容");
    let purpose = reader.text(field);
    if purpose.as_ref().is_some_and(|text| text.chars().count() > LONGEST_PURPOSE) {
        reader.push(field.fault(FaultCode::TextTooLong, format!("检查内容不超过 {LONGEST_PURPOSE} 字")));
    }
    let assignee = reader.may(sent.field("assignee", "巡查员"), "列出的巡查员");
    let tasks = (|| {
        let (stage, due, purpose) = (stage?, due?, purpose?);
        let task = |parcel| Assignment { parcel, stage, purpose: purpose.clone(), due, assignee, subject: None };
        Some(parcels.into_iter().map(task).collect())
    })();
    reader.finish(tasks)
}

/// Each code once, in the order given.
fn codes(reader: &mut Reader, field: Field<'_>, text: &str) -> Vec<ParcelCode> {
    let mut codes: Vec<ParcelCode> = Vec::new();
    let pieces = text.split(|c: char| c.is_whitespace() || ",，;；、".contains(c)).filter(|piece| !piece.is_empty());
    for piece in pieces {
        match piece.to_uppercase().parse() {
            Ok(code) if codes.contains(&code) => {}
            Ok(code) => codes.push(code),
            Err(_) => reader.push(field.fault(FaultCode::CodeInvalid, format!("“{piece}”不是宗地代码（19 位）"))),
        }
    }
    if text.is_blank() {
        reader.push(field.fault(FaultCode::ValueMissing, "请填写或勾选宗地"));
    }
    if codes.len() > MOST_AT_ONCE {
        reader.push(field.fault(FaultCode::BadRequest, format!("一次最多下达 {MOST_AT_ONCE} 宗")));
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<usize, Vec<(String, FaultCode)>> {
        let read = super::read(&Sent::parse(body.as_bytes()), "2026-11-23".parse().unwrap());
        read.map(|tasks| tasks.len()).map_err(|faults| faults.into_iter().map(|it| (it.place, it.code)).collect())
    }

    const REST: &str = "&stage=construction&due=2026-11-23&purpose=a";

    #[test]
    fn codes_come_apart_at_anything_and_each_once() {
        let typed = "parcels=330105001001GB00001，330105001001gb00002%0A330105001001GB00001";
        assert_eq!(read(&format!("{typed}{REST}")), Ok(2));
        assert_eq!(read(&format!("{typed}&parcel=330105001001GB00003{REST}")), Ok(3));
        let at = |code| Err(vec![("parcels".to_owned(), code)]);
        assert_eq!(read(&format!("parcels=++{REST}")), at(FaultCode::ValueMissing));
        assert_eq!(read(&format!("parcels=330105{REST}")), at(FaultCode::CodeInvalid));
    }

    #[test]
    fn everything_wrong_is_told_at_once_and_what_was_picked_comes_back() {
        let places = |body| read(body).unwrap_err().into_iter().map(|(place, _)| place).collect::<Vec<_>>();
        assert_eq!(places("due=2026-11-22&assignee=x"), ["parcels", "stage", "due", "purpose", "assignee"]);
        let back = with_picked(Sent::parse(b"parcels=A&parcel=B&parcel=C&purpose=+a+"));
        assert_eq!((back.typed("parcels"), back.typed("purpose")), (Some("A B C"), Some(" a ")));
    }
}
