//! Paper: pages of our own as PDF, and sketches of land that look the same on screen and on paper.
//!
//! The layout is WeasyPrint's, a program of the machine. It is given one HTML text and may read nothing else but fonts.

mod press;
pub mod sketch;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;

pub use press::{Press, PrintError};
pub use sketch::Sketch;

use crate::permits::{self, Step};
use crate::web;

/// The style sheet of every document on paper; those of the screen are not read.
const PAPER: &str = include_str!("paper.css");
/// One of our pages as a PDF document of A4 pages, dated `of`. The same page and day give the same bytes from the same
/// version of WeasyPrint and the same fonts.
///
/// # Errors
/// When WeasyPrint is not there, is busy, takes too long or fails, or when the page is too long.
pub async fn pdf(page: &str, of: NaiveDate) -> Result<Vec<u8>, PrintError> {
    let press = tokio::task::spawn_blocking(Press::find).await.ok().flatten().ok_or(PrintError::NotInstalled)?;
    // It takes a processor and some hundred megabytes while it lasts, and ends when it is not waited for any more.
    permits::during(Step::Paper, press.print(&styled(page), of)).await?
}

/// The answer to a request for a document: `name` without its ending, shown by the browser and saved under that name.
///
/// # Errors
/// See [`pdf`].
pub async fn answer(page: &str, name: &str, of: NaiveDate) -> web::Result<Response> {
    let bytes = pdf(page, of).await?;
    let headers =
        [(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, disposition(name))];
    Ok((headers, bytes).into_response())
}

fn disposition(name: &str) -> String {
    // For programs that do not read the full name: what of it is plain letters.
    let plain: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let full: String = form_urlencoded::byte_serialize(format!("{name}.pdf").as_bytes()).collect();
    format!("inline; filename=\"muheng-{plain}.pdf\"; filename*=UTF-8''{}", full.replace('+', "%20"))
}

/// The page with the style sheet of paper at the end of its head.
fn styled(page: &str) -> String {
    let (head, body) = page.split_once("</head>").unwrap_or(("", page));
    format!("{head}<style>{PAPER}</style></head>{body}")
}

#[cfg(test)]
mod tests;
