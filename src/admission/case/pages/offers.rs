//! Land on offer: which parcel, under which rows of standard land, since when and until when.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, RawForm, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::edit::OfferChoice;
use super::form::Form;
use super::part;
use crate::account::{Access, Officer};
use crate::admission::case::store::offers::{self, NewOffer};
use crate::base::period::Period;
use crate::parcel::claims::{self, Standing};
use crate::policy;
use crate::policy::catalogue::Catalogue;
use crate::policy::standard::{Adoption, LandKind};
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
    /// What was typed into the form, when it was refused.
    typed: Form,
    fault: Option<String>,
}

impl OffersPage {
    /// Today until somebody typed a day.
    fn from(&self) -> String {
        if self.fault.is_some() { self.typed.text("from").to_owned() } else { self.today.to_string() }
    }

    fn is_kind(&self, kind: &LandKind) -> bool {
        self.typed.text("land_kind") == kind.code()
    }

    fn is_chosen(&self, set: &str) -> bool {
        self.typed.fields.iter().any(|(name, value)| name == "set" && value == set)
    }

    fn land_kinds(&self) -> &'static [LandKind] {
        LandKind::ALL
    }

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
) -> Result<Html<String>> {
    page(&state, &officer, &parameters, Form::default(), None).await
}

/// The list, and under it the form as it was typed, with what is wrong with it.
async fn page(
    state: &AppState,
    officer: &Officer,
    parameters: &ListParameters,
    typed: Form,
    fault: Option<String>,
) -> Result<Html<String>> {
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
        typed,
        fault,
    };
    Ok(Html(page.render()?))
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
pub async fn open(State(state): State<AppState>, officer: Officer, RawForm(body): RawForm) -> Result<Response> {
    let form = Form::parse(&body);
    match put_on_offer(&state, &officer, &form).await {
        Ok(()) => Ok(to_list()),
        Err(Error::BadRequest(fault)) => {
            let page = page(&state, &officer, &ListParameters::default(), form, Some(fault)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other),
    }
}

async fn put_on_offer(state: &AppState, officer: &Officer, form: &Form) -> Result<()> {
    let catalogue = policy::store::current(&state.pool, &officer.scope.district).await?;
    let offer = new_offer(form, &catalogue).map_err(Error::BadRequest)?;
    offers::open(&officer.act(state), &offer).await?;
    Ok(())
}

fn new_offer(form: &Form, catalogue: &Catalogue) -> std::result::Result<NewOffer, String> {
    let day = |name: &str| match form.text(name) {
        "" => Ok(None),
        text => text.parse::<NaiveDate>().map(Some).map_err(|_| format!("日期“{text}”应写成 YYYY-MM-DD")),
    };
    let from = day("from")?.ok_or("请填写开始供应的日期")?;
    let until = day("until")?;
    if until.is_some_and(|until| until <= from) {
        return Err("结束日期须晚于开始日期".into());
    }
    let sets = form.all("set");
    if let Some(example) = example_among(catalogue, &sets) {
        return Err(format!("“{example}”是示例指标，本区未采用，不能作为出让条件；请先由本区采用后再选"));
    }
    if sets.is_empty() || sets.iter().any(|id| !catalogue.standards.iter().any(|set| set.id == *id)) {
        return Err("请至少选择一行“标准地”指标".into());
    }
    let title = form.text("title");
    if title.is_empty() {
        return Err("请填写地块名称".into());
    }
    Ok(NewOffer {
        parcel_code: form.text("parcel").to_uppercase(),
        title: title.to_owned(),
        land_kind: LandKind::parse(form.text("land_kind")).ok_or("请选择土地类型")?,
        zone: Some(form.text("zone").to_owned()).filter(|zone| !zone.is_empty()),
        sets,
        offered: Period { from: Some(from), until },
        beside: Some(form.text("beside").to_owned()).filter(|ground| !ground.is_empty()),
    })
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
