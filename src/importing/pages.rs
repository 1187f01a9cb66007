//! The pages of imports: the list, an upload, its preview with the question it may raise, its commit and its result.

mod draft;
pub(super) mod list;
mod template;
mod upload;

#[cfg(test)]
mod tests;

use askama::Template;
use axum::response::Response;

use super::{Report, report_sheet, uploads};
use crate::account::{Access, Routes};
use crate::exchange::{Fault, Severity};
use crate::web::download::XLSX;
use crate::web::{self, Result};

const FAULTS_SHOWN: usize = 300;

pub fn routes() -> Routes {
    Routes::new()
        .list::<list::ImportList>(Access::ImportFiles)
        .get("/imports/new", Access::ImportFiles, upload::form)
        .upload("/imports", Access::ImportFiles, uploads::LARGEST, upload::receive)
        .get("/imports/drafts/{id}", Access::ImportFiles, draft::show)
        .get("/imports/drafts/{id}/progress", Access::ImportFiles, draft::progress)
        .post("/imports/drafts/{id}/preview", Access::ImportFiles, draft::preview)
        .post("/imports/drafts/{id}/commit", Access::ImportFiles, draft::commit)
        .post("/imports/drafts/{id}/discard", Access::ImportFiles, draft::discard)
        .get("/imports/drafts/{id}/report.json", Access::ImportFiles, draft::report)
        .get("/imports/drafts/{id}/report.xlsx", Access::ImportFiles, draft::report_sheet)
        .get("/imports/templates/{kind}", Access::ImportFiles, template::workbook)
        .get("/imports/{id}", Access::ImportFiles, list::show)
        .get("/imports/{id}/report.json", Access::ImportFiles, list::report)
        .get("/imports/{id}/report.xlsx", Access::ImportFiles, list::report_sheet)
}

/// What an import answers in short, as a part of a page.
#[derive(Template)]
#[template(path = "importing/report.html")]
struct ReportPart<'a> {
    report: &'a Report,
    errors: usize,
    warnings: usize,
}

impl<'a> ReportPart<'a> {
    fn new(report: &'a Report) -> Self {
        let errors = report.faults.iter().filter(|fault| fault.is_error()).count();
        ReportPart { report, errors, warnings: report.faults.len() - errors }
    }
}

/// The list of what is wrong with the records, as a part of a page; empty when nothing is.
#[derive(Template)]
#[template(path = "importing/faults.html")]
struct FaultsPart<'a> {
    faults: &'a [Fault],
    more_faults: usize,
}

impl<'a> FaultsPart<'a> {
    fn new(report: &'a Report) -> Self {
        let shown = report.faults.len().min(FAULTS_SHOWN);
        FaultsPart { faults: &report.faults[..shown], more_faults: report.faults.len() - shown }
    }
}

/// The short part and the list under it.
fn in_full(report: &Report) -> askama::Result<String> {
    Ok(ReportPart::new(report).render()? + &FaultsPart::new(report).render()?)
}

/// The report as a workbook: what was refused, to be put right and sent again.
fn download_sheet(report: &Report, file_name: &str) -> Result<Response> {
    let bytes = report_sheet::workbook(report)?;
    let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
    Ok(web::download_named("import-report.xlsx", &format!("{stem}-导入报告.xlsx"), XLSX, bytes))
}

/// The report as a file to keep.
fn download(report: Report, name: &str) -> Result<Response> {
    let body = serde_json::to_vec_pretty(&Report { preview: None, ..report }).map_err(anyhow::Error::from)?;
    Ok(web::download(&format!("{name}.json"), "application/json", body))
}
