//! Land on offer: which parcel, under which rows of standard land, since when and until when.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, RawForm, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::edit::OfferChoice;
use super::form::Form;
use super::part;
use crate::account::{Access, Officer};
use crate::admission::case::store::offers::{self, NewOffer};
use crate::base::period::Period;
use crate::exchange::{Fault, FaultCode};
use crate::parcel::claims::{self, Standing};
use crate::policy;
use crate::policy::catalogue::Catalogue;
use crate::policy::standard::{Adoption, LandKind};
use crate::web::form::{self, Reader, Sent, Shown, faults_of};
use crate::web::list::{Parameters, View};
use crate::web::{AppState, Error, Result, Shell};

#[derive(Template)]
#[template(path = "admission/case/offers.html")]
struct OffersPage {
    shell: Shell,
    offers: Vec<OfferChoice>,
    /// What stands against the land of a running offer, by its parcel.
    standing: BTreeMap<String, Vec<Standing>>,
    /// Id and title of every set that the district has adopted and that is in force today.
    sets: Vec<(String, String)>,
    may_manage: bool,
    today: NaiveDate,
    /// The pages beside it.
    view: View,
    /// For a new one, or as it was typed when it was refused.
    form: Shown,
}

impl OffersPage {
    fn against(&self, choice: &OfferChoice) -> &[Standing] {
        self.standing.get(&choice.offer.parcel_code).map_or(&[], Vec::as_slice)
    }

    fn runs(&self, choice: &OfferChoice) -> bool {
        choice.offer.from.is_none_or(|from| from <= self.today)
            && choice.offer.until.is_none_or(|until| self.today < until)
    }
}

fn kind_name(code: &str) -> String {
    LandKind::parse(code).map_or(code.to_owned(), |kind| kind.label().to_owned())
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ListParameters {
    after: String,
}

impl Parameters for ListParameters {}

pub async fn list(
    State(state): State<AppState>,
    officer: Officer,
    Query(parameters): Query<ListParameters>,
) -> Result<Response> {
    let fresh = Sent::default().with("from", state.clock.today().to_string());
    page(&state, &officer, &parameters, fresh.into()).await
}

/// The list, and under it the form as it was typed, with what is wrong with it.
async fn page(state: &AppState, officer: &Officer, parameters: &ListParameters, form: Shown) -> Result<Response> {
    let catalogue = policy::store::current(&state.pool, &officer.scope.district).await?;
    let (position, size) = (parameters.position()?, parameters.page_size()?);
    let found = offers::page(&state.pool, &officer.scope, &position, size).await?;
    let total = offers::total(&state.pool, &officer.scope).await?;
    let view = View::new("/admission/offers", (&(), &[]), parameters, &found, total);
    let offers = found.rows;
    let today = state.clock.today();
    let in_force =
        catalogue.standards.iter().filter(|set| set.adoption == Adoption::Adopted && set.valid.contains(today));
    let in_force: Vec<String> = in_force.map(|set| set.id.clone()).collect();
    let running = offers.iter().filter(|offer| offer.until.is_none_or(|until| today < until));
    let codes: Vec<String> = running.map(|offer| offer.parcel_code.clone()).collect();
    let page = OffersPage {
        standing: claims::store::of_parcels(&state.pool, &officer.scope, &codes, today).await?,
        shell: officer.shell(state, "在供地块"),
        offers: offers
            .into_iter()
            .map(|offer| OfferChoice { sets: part::titles(&catalogue, &offer.sets), offer })
            .collect(),
        sets: part::titles(&catalogue, &in_force),
        may_manage: officer.may(Access::ManageOffers),
        today,
        view,
        form,
    };
    form::page(page.form.status(), &page)
}

/// The title of a set that nobody here has adopted.
fn example_among<'a>(catalogue: &'a Catalogue, sets: &[String]) -> Option<&'a str> {
    let mut chosen = catalogue.standards.iter().filter(|set| sets.contains(&set.id));
    chosen.find(|set| set.adoption == Adoption::Example).map(|set| set.title.as_str())
}

fn to_list() -> Response {
    Redirect::to("/admission/offers").into_response()
}

/// Puts a parcel on offer. What cannot be taken comes back with all that was typed.
pub async fn open(State(state): State<AppState>, officer: Officer, sent: Sent) -> Result<Response> {
    let faults = faults_of(put_on_offer(&state, &officer, &sent).await)?;
    if faults.is_empty() {
        return Ok(to_list());
    }
    page(&state, &officer, &ListParameters::default(), Shown::from(sent).with_faults(faults)).await
}

async fn put_on_offer(state: &AppState, officer: &Officer, sent: &Sent) -> Result<()> {
    let catalogue = policy::store::current(&state.pool, &officer.scope.district).await?;
    let offer = new_offer(sent, &catalogue).map_err(Error::Input)?;
    offers::open(&officer.act(state), &offer).await?;
    Ok(())
}

fn new_offer(sent: &Sent, catalogue: &Catalogue) -> std::result::Result<NewOffer, Vec<Fault>> {
    let mut reader = Reader::default();
    let parcel_code = reader.text(sent.field("parcel", "宗地代码")).map(|code| code.to_uppercase());
    let title = reader.text(sent.field("title", "地块名称"));
    let land_kind = reader.needs(sent.field("land_kind", "土地类型"), "列出的类型");
    let zone = reader.may_text(sent.field("zone", "产业平台或规划区"));
    let until = sent.field("until", "结束日期");
    let (from, last) = (reader.needs_day(sent.field("from", "开始供应的日期")), reader.day(until));
    if from.zip(last).is_some_and(|(from, until)| until <= from) {
        reader.push(until.fault(FaultCode::PeriodInvalid, "结束日期须晚于开始日期"));
    }
    let beside = reader.may_text(sent.field("beside", "并存理由"));
    let chosen = sent.field("set", "标准地指标");
    let sets: Vec<String> = sent.all("set").map(str::to_owned).collect();
    if let Some(example) = example_among(catalogue, &sets) {
        let message = format!("“{example}”是示例指标，本区未采用，不能作为出让条件；请先由本区采用后再选");
        reader.push(chosen.fault(FaultCode::ValueUnknown, message));
    } else if sets.is_empty() || sets.iter().any(|id| !catalogue.standards.iter().any(|set| set.id == *id)) {
        reader.push(chosen.fault(FaultCode::ValueMissing, "请至少选择一行“标准地”指标"));
    }
    let offer = (|| {
        let offered = Period { from: Some(from?), until: last };
        Some(NewOffer { parcel_code: parcel_code?, title: title?, land_kind: land_kind?, zone, sets, offered, beside })
    })();
    reader.finish(offer)
}

pub async fn close(
    State(state): State<AppState>,
    officer: Officer,
    Path(id): Path<Uuid>,
    RawForm(body): RawForm,
) -> Result<Response> {
    let form = Form::parse(&body);
    let until = form.text("until").parse().map_err(|_| Error::BadRequest("请填写结束日期".into()))?;
    offers::close(&officer.act(&state), id, form.version()?, until).await?;
    Ok(to_list())
}
