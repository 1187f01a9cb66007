//! Forms on which a stage is converted by the certificate of the next, and on which a certificate is put right.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::account::{Access, Officer, Routes};
use crate::base::period::Period;
use crate::contract::certificate::{Certificate, CertificateStage, NewCertificate};
use crate::contract::days::days_after;
use crate::contract::fault::Fault;
use crate::contract::form::grounds::{base, grounds};
use crate::contract::form::named::loaded;
use crate::contract::form::reply::{done, faults_of};
use crate::contract::issuing::{next_stage, period, waiting};
use crate::contract::known::Contract;
use crate::contract::present::address_of;
use crate::contract::record::{self, Base, Grounds, RecordError};
use crate::contract::stage::{Standing, standing};
use crate::web::form::{self, Posted, Reader, Shown, field};
use crate::web::{self, AppState, Error, Shell};

pub fn routes() -> Routes {
    Routes::new()
        .get("/contracts/{number}/certificates/new", Access::WriteContracts, show)
        .post("/contracts/{number}/certificates/new", Access::WriteContracts, send)
        .get("/contracts/{number}/certificates/{id}/correct", Access::WriteContracts, show)
        .post("/contracts/{number}/certificates/{id}/correct", Access::WriteContracts, send)
}

/// What the holder may do in a stage, as a first wording.
fn usual_wording(stage: CertificateStage) -> &'static str {
    match stage {
        CertificateStage::Construction => "按合同约定和规划条件进行开发建设",
        CertificateStage::Production => "按合同约定投产使用，不得转让",
        CertificateStage::Remaining => "按合同约定在剩余年限内使用",
    }
}

/// Which certificate of a contract is put right; none for a new one.
#[derive(Debug, Deserialize)]
pub struct Named {
    number: String,
    id: Option<i64>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CertificateForm {
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
    form: Shown,
}

impl CertificatePage {
    fn href(&self) -> String {
        address_of(&self.contract.number)
    }

    fn parcels(&self) -> Vec<(&str, &str)> {
        self.parcels.iter().map(|code| (code.as_str(), code.as_str())).collect()
    }
}

impl CertificateForm {
    /// The next certificate, beginning today, as long as the contract says.
    fn next(contract: &Contract, today: NaiveDate) -> Self {
        let Some(stage) = next_stage(contract, today) else { return CertificateForm::default() };
        let last = period(contract, stage, today).and_then(|period| period.until).map(|until| days_after(until, -1));
        CertificateForm {
            stage: stage.code().into(),
            parcel: waiting(contract, stage, today).into_iter().next().unwrap_or_default(),
            from: today.to_string(),
            last: last.map(|day| day.to_string()).unwrap_or_default(),
            allows: usual_wording(stage).into(),
            ..CertificateForm::default()
        }
    }

    fn of(certificate: &Certificate) -> Self {
        let text = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        CertificateForm {
            stage: certificate.stage.code().into(),
            parcel: certificate.parcel.clone(),
            certificate: certificate.number.clone(),
            from: text(certificate.valid.from),
            last: text(certificate.valid.until.map(|until| days_after(until, -1))),
            allows: certificate.allows.clone(),
            ..CertificateForm::default()
        }
    }

    fn read(&self, number: &str) -> Result<(NewCertificate, Grounds, Base), Vec<Fault>> {
        let mut reader = Reader::default();
        let stage = reader.needs(field!(self.stage, "阶段"), "列出的阶段");
        let parcel = reader.text(field!(self.parcel, "宗地代码"));
        let certificate = reader.text(field!(self.certificate, "权证编号"));
        let (from, last) = (reader.needs_day(field!(self.from, "起日")), reader.needs_day(field!(self.last, "止日")));
        let allows = reader.text(field!(self.allows, "准许事项"));
        let grounds = grounds(&mut reader, &self.reason, &self.source);
        let base = base(&mut reader, number, &self.version);
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
        reader.finish(new)
    }
}

async fn write(state: &AppState, officer: &Officer, named: &Named, form: &CertificateForm) -> Result<(), RecordError> {
    let (new, grounds, base) = form.read(&named.number).map_err(RecordError::Faults)?;
    let act = officer.act(state);
    match named.id {
        None => record::issue(&act, &base, &new, &grounds).await?,
        Some(id) => record::correct_certificate(&act, &base, id, &new, &grounds).await?,
    };
    Ok(())
}

pub async fn show(State(state): State<AppState>, officer: Officer, Path(named): Path<Named>) -> web::Result<Response> {
    page(&state, &officer, &named, None).await
}

pub async fn send(
    State(state): State<AppState>,
    officer: Officer,
    Path(named): Path<Named>,
    Posted(form): Posted<CertificateForm>,
) -> web::Result<Response> {
    let faults = faults_of(write(&state, &officer, &named, &form).await)?;
    if faults.is_empty() {
        let what = if named.id.is_some() { "certificate_corrected" } else { "certificate" };
        return Ok(done(&named.number, what));
    }
    page(&state, &officer, &named, Some(Shown::of(&form).with_faults(faults))).await
}

/// A form to start from, or the one that comes back.
async fn page(state: &AppState, officer: &Officer, named: &Named, back: Option<Shown>) -> web::Result<Response> {
    let registered = loaded(state, officer, &named.number, state.clock.now()).await?;
    let (contract, today) = (registered.contract, state.clock.today());
    let certificate = named.id.map(|id| certificate_of(&contract, id)).transpose()?;
    let form = back.unwrap_or_else(|| {
        let fresh = certificate.as_ref().map_or_else(|| CertificateForm::next(&contract, today), CertificateForm::of);
        Shown::of(&CertificateForm { version: registered.version.to_string(), ..fresh })
    });
    let title = if certificate.is_some() { "更正权证" } else { "颁发权证" };
    let page = CertificatePage {
        shell: officer.shell(state, format!("{title}：{}", named.number)),
        standing: standing(&contract, today),
        parcels: contract.terms_on(today).map(|terms| terms.parcels.clone()).unwrap_or_default(),
        contract,
        certificate,
        form,
    };
    form::page(page.form.status(), &page)
}

fn certificate_of(contract: &Contract, id: i64) -> web::Result<Certificate> {
    let found = contract.certificates.iter().find(|certificate| certificate.id == id).cloned();
    found.ok_or_else(|| Error::NotFound("这份权证记录不存在，或已被更正。请返回合同页面查看现行记录。".into()))
}
