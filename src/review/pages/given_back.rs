//! A form of a review that was not taken: what was typed goes back with it, and why.

use axum::http::StatusCode;

use crate::review::FigureForm;
use crate::web::Error;

/// The forms of the page, by the last part of their address.
pub const FIGURES: &str = "figures";
pub const OPINION: &str = "opinion";
pub const CONCLUSION: &str = "conclusion";

/// As it was sent, in the order of its fields.
pub type Sent = Vec<(String, String)>;

pub fn read(body: &[u8]) -> Sent {
    form_urlencoded::parse(body).into_owned().collect()
}

/// The text of a field; empty without it.
pub fn text<'a>(sent: &'a Sent, field: &str) -> &'a str {
    sent.iter().find(|(name, _)| name == field).map_or("", |(_, text)| text)
}

#[derive(Clone, Debug)]
pub struct GivenBack {
    form: &'static str,
    sent: Sent,
    pub status: StatusCode,
    fault: String,
}

impl GivenBack {
    /// # Errors
    /// What is no fault of the form: nobody may send it, or the program failed.
    pub fn new(form: &'static str, sent: Sent, error: Error) -> Result<Self, Error> {
        let status = match &error {
            Error::BadRequest(_) | Error::Input(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Conflict(_) => StatusCode::CONFLICT,
            _ => return Err(error),
        };
        Ok(GivenBack { form, sent, status, fault: error.to_string() })
    }

    /// Where the form is not on the page any more.
    pub fn told(&self) -> &str {
        &self.fault
    }

    pub fn fault(&self, form: &str) -> Option<&str> {
        (self.form == form).then_some(self.fault.as_str())
    }

    /// What was typed into a field of a form; nothing when another form came back.
    pub fn typed(&self, form: &str, field: &str) -> Option<&str> {
        (self.form == form).then(|| text(&self.sent, field))
    }

    /// The figures as they were typed.
    pub fn overlay(&self, fields: Vec<FigureForm>) -> Vec<FigureForm> {
        let typed = |field: FigureForm| match self.typed(FIGURES, &field.field) {
            Some(value) => FigureForm { value: value.to_owned(), ..field },
            None => field,
        };
        fields.into_iter().map(typed).collect()
    }
}
