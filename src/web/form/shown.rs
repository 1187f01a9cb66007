//! A form as a page shows it. `templates/web/form.html` draws its fields.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

use super::Sent;
use crate::exchange::fault::wants_vouching;
use crate::exchange::{Fault, FaultCode};
use crate::web::Result;

/// What stands in its fields, and what is wrong with them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Apart from the other forms of a page.
    part: String,
    sent: Sent,
    faults: Vec<Fault>,
}

impl From<Sent> for Shown {
    fn from(sent: Sent) -> Self {
        Shown { sent, ..Shown::default() }
    }
}

impl Shown {
    /// The fields of a form that has a type of its own, all of them texts or numbers.
    pub fn of(form: &impl Serialize) -> Self {
        let Ok(Value::Object(fields)) = serde_json::to_value(form) else { return Shown::default() };
        let text = |value: Value| match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        fields.into_iter().fold(Sent::default(), |sent, (name, value)| sent.with(&name, text(value))).into()
    }

    pub fn with_faults(self, faults: Vec<Fault>) -> Self {
        Shown { faults, ..self }
    }

    /// One of several forms on a page; its fields are told apart by this name.
    pub fn part(self, part: &str) -> Self {
        Shown { part: part.to_owned(), ..self }
    }

    pub fn as_part(&self, part: &str) -> Self {
        self.clone().part(part)
    }

    pub fn is_part(&self, part: &str) -> bool {
        self.part == part
    }

    /// The text of a field, byte for byte as it was typed.
    pub fn value(&self, name: &str) -> &str {
        self.sent.typed(name).unwrap_or_default()
    }

    /// The same inside a field of several lines, where a browser drops an end of line that comes first.
    pub fn lines(&self, name: &str) -> String {
        let value = self.value(name);
        if value.starts_with(['\n', '\r']) { format!("\n{value}") } else { value.to_owned() }
    }

    /// Whether a box or a choice of several is chosen.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.sent.fields().iter().any(|(field, text)| field == name && text == value)
    }

    pub fn is(&self, name: &str, value: impl ToString) -> bool {
        self.value(name) == value.to_string()
    }

    pub fn id(&self, name: &str) -> String {
        if self.part.is_empty() { name.to_owned() } else { format!("{name}-{}", self.part) }
    }

    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    pub fn faults_at(&self, name: &str) -> Vec<&Fault> {
        self.faults.iter().filter(|fault| fault.place == name).collect()
    }

    pub fn is_refused(&self) -> bool {
        !self.faults.is_empty()
    }

    /// Only a person stands between it and the register.
    pub fn can_vouch(&self) -> bool {
        wants_vouching(&self.faults)
    }

    pub fn status(&self) -> StatusCode {
        match self.faults.first() {
            None => StatusCode::OK,
            Some(fault) if fault.code == FaultCode::Conflict => StatusCode::CONFLICT,
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }
}

/// The page with its form; refused with its faults when it comes back.
///
/// # Errors
/// When the template fails.
pub fn page(status: StatusCode, page: &impl Template) -> Result<Response> {
    Ok((status, Html(page.render()?)).into_response())
}
