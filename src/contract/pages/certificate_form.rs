//! Forms on which a stage is converted by the certificate of the next, and on which a certificate is put right.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;

use crate::account::{Access, Officer, Routes};
use crate::base::period::Period;
use crate::contract::certificate::{Certificate, CertificateStage, NewCertificate};
use crate::contract::days::days_after;
use crate::contract::fault::Fault;
use crate::contract::form::named::loaded;
use crate::contract::form::reply::{Typed, done, read, settled};
use crate::contract::form::typed::Reader;
use crate::contract::issuing::{next_stage, period, waiting};
use crate::contract::known::Contract;
use crate::contract::present::address_of;
use crate::contract::record::{self, Base, Grounds};
use crate::contract::stage::{Standing, standing};
use crate::web::list::given;
use crate::web::{self, AppState, Error, Shell};

pub fn routes() -> Routes {
    Routes::new()
        .get("/contracts/{number}/certificates/new", Access::WriteContracts, new_form)
        .post("/contracts/{number}/certificates/new", Access::WriteContracts, issue)
        .get("/contracts/{number}/certificates/{id}/correct", Access::WriteContracts, correct_form)
        .post("/contracts/{number}/certificates/{id}/correct", Access::WriteContracts, correct)
}

/// What the holder may do in a stage, as a first wording.
fn usual_wording(stage: CertificateStage) -> &'static str {
    match stage {
        CertificateStage::Construction => "按合同约定和规划条件进行开发建设",
        CertificateStage::Production => "按合同约定投产使用，不得转让",
        CertificateStage::Remaining => "按合同约定在剩余年限内使用",
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CertificateTyped {
    stage: String,
    parcel: String,
    certificate: String,
    from: String,
    /// The last day of its validity.
    last: String,
    allows: String,
    reason: String,
    source: String,
    version: String,
}

#[derive(Template)]
#[template(path = "contract/certificate.html")]
struct CertificatePage {
    shell: Shell,
    contract: Contract,
    standing: Option<Standing>,
    certificate: Option<Certificate>,
    parcels: Vec<String>,
    typed: CertificateTyped,
    faults: Vec<Fault>,
}

impl CertificatePage {
    fn href(&self) -> String {
        address_of(&self.contract.number)
    }

    fn stages(&self) -> &'static [CertificateStage] {
        CertificateStage::ALL
    }
}

impl CertificateTyped {
    /// The next certificate, beginning today, as long as the contract says.
    fn next(contract: &Contract, today: NaiveDate) -> Self {
        let Some(stage) = next_stage(contract, today) else { return CertificateTyped::default() };
        let last = period(contract, stage, today).and_then(|period| period.until).map(|until| days_after(until, -1));
        CertificateTyped {
            stage: stage.code().into(),
            parcel: waiting(contract, stage, today).into_iter().next().unwrap_or_default(),
            from: today.to_string(),
            last: last.map(|day| day.to_string()).unwrap_or_default(),
            allows: usual_wording(stage).into(),
            ..CertificateTyped::default()
        }
    }

    fn of(certificate: &Certificate) -> Self {
        let text = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        CertificateTyped {
            stage: certificate.stage.code().into(),
            parcel: certificate.parcel.clone(),
            certificate: certificate.number.clone(),
            from: text(certificate.valid.from),
            last: text(certificate.valid.until.map(|until| days_after(until, -1))),
            allows: certificate.allows.clone(),
            ..CertificateTyped::default()
        }
    }

    fn read(&self, number: &str) -> Result<(NewCertificate, Grounds, Base), Vec<Fault>> {
        let mut reader = Reader::default();
        let stage = reader.needs(&self.stage, "阶段", "列出的阶段");
        let parcel = reader.text(&self.parcel, "宗地代码");
        let certificate = reader.text(&self.certificate, "权证编号");
        let (from, last) = (reader.needs_day(&self.from, "起日"), reader.needs_day(&self.last, "止日"));
        let allows = reader.text(&self.allows, "准许事项");
        let (grounds, base) = (reader.grounds(&self.reason, &self.source), reader.base(number, &self.version));
        let new = (|| {
            let valid = Period::between(from?, days_after(last?, 1));
            let new = NewCertificate {
                parcel: parcel?,
                stage: stage?,
                number: certificate?,
                valid,
                allows: allows?,
                review: None,
            };
            Some((new, grounds?, base?))
        })();
        reader.settle(new)
    }
}

pub async fn new_form(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
) -> web::Result<Response> {
    page(&state, &officer, &number, None, None, Vec::new()).await
}

pub async fn issue(
    State(state): State<AppState>,
    officer: Officer,
    Path(number): Path<String>,
    typed: Typed<CertificateTyped>,
) -> web::Result<Response> {
    let typed = read(typed)?;
    let faults = match typed.read(&number) {
        Err(faults) => faults,
        Ok((new, grounds, base)) => {
            let act = officer.act(&state);
            settled(record::issue(&act, &base, &new, &grounds).await)?
        }
    };
    if faults.is_empty() {
        return Ok(done(&number, "certificate"));
    }
    page(&state, &officer, &number, None, Some(typed), faults).await
}

pub async fn correct_form(
    State(state): State<AppState>,
    officer: Officer,
    Path((number, id)): Path<(String, i64)>,
) -> web::Result<Response> {
    page(&state, &officer, &number, Some(id), None, Vec::new()).await
}

pub async fn correct(
    State(state): State<AppState>,
    officer: Officer,
    Path((number, id)): Path<(String, i64)>,
    typed: Typed<CertificateTyped>,
) -> web::Result<Response> {
    let typed = read(typed)?;
    let faults = match typed.read(&number) {
        Err(faults) => faults,
        Ok((new, grounds, base)) => {
            let act = officer.act(&state);
            settled(record::correct_certificate(&act, &base, id, &new, &grounds).await)?
        }
    };
    if faults.is_empty() {
        return Ok(done(&number, "certificate_corrected"));
    }
    page(&state, &officer, &number, Some(id), Some(typed), faults).await
}

async fn page(
    state: &AppState,
    officer: &Officer,
    number: &str,
    certificate: Option<i64>,
    typed: Option<CertificateTyped>,
    faults: Vec<Fault>,
) -> web::Result<Response> {
    let registered = loaded(state, officer, number, state.clock.now()).await?;
    let (contract, today) = (registered.contract, state.clock.today());
    let certificate = match certificate {
        Some(id) => Some(certificate_of(&contract, id)?),
        None => None,
    };
    let fresh = || certificate.as_ref().map_or_else(|| CertificateTyped::next(&contract, today), CertificateTyped::of);
    let mut typed = typed.unwrap_or_else(fresh);
    if given(&typed.version).is_none() {
        typed.version = registered.version.to_string();
    }
    let title = if certificate.is_some() { "更正权证" } else { "颁发权证" };
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = CertificatePage {
        shell: officer.shell(state, format!("{title}：{number}")),
        standing: standing(&contract, today),
        parcels: contract.terms_on(today).map(|terms| terms.parcels.clone()).unwrap_or_default(),
        contract,
        certificate,
        typed,
        faults,
    };
    Ok((status, Html(page.render()?)).into_response())
}

fn certificate_of(contract: &Contract, id: i64) -> web::Result<Certificate> {
    let found = contract.certificates.iter().find(|certificate| certificate.id == id).cloned();
    found.ok_or_else(|| Error::NotFound("这份权证记录不存在，或已被更正。请返回合同页面查看现行记录。".into()))
}
