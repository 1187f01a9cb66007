//! What is wrong with an application before it is handed in.

use serde::Serialize;

/// Something that has to be put right before an application can be submitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Gap {
    /// The field of the form.
    pub field: String,
    /// Stable, for programs.
    pub code: &'static str,
    pub message: String,
}

impl Gap {
    pub fn new(field: &str, code: &'static str, message: impl Into<String>) -> Self {
        Gap { field: field.to_owned(), code, message: message.into() }
    }
}
