//! A form as it was sent.

use axum::extract::{Form, FromRequest, RawForm, Request};
use serde::de::DeserializeOwned;

use super::Field;
use crate::base::text::Seen;
use crate::web::{Error, Result};

fn unreadable() -> Error {
    Error::BadRequest("表单内容无法读取，请刷新页面后重试".into())
}

/// A form with fields of its own.
pub struct Posted<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Posted<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let Form(form) = Form::from_request(request, state).await.map_err(|_| unreadable())?;
        Ok(Posted(form))
    }
}

/// Any form: names and texts in their order, byte for byte.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    fields: Vec<(String, String)>,
}

impl Sent {
    pub fn parse(body: &[u8]) -> Self {
        Sent { fields: form_urlencoded::parse(body).into_owned().collect() }
    }

    pub fn with(mut self, name: &str, text: impl Into<String>) -> Self {
        self.fields.push((name.to_owned(), text.into()));
        self
    }

    /// What was typed, an empty text included; none when the form had no such field.
    pub fn typed(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, text)| text.as_str())
    }

    /// As it is read: without white space and unseen characters at its ends; empty without the field.
    pub fn text(&self, name: &str) -> &str {
        self.typed(name).unwrap_or_default().seen()
    }

    /// Every text that was sent under a name, as they are read, the empty ones left out.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = self.fields.iter().filter(move |(field, _)| field == name);
        named.map(|(_, text)| text.seen()).filter(|text| !text.is_empty())
    }

    /// The version of what stood on the page.
    ///
    /// # Errors
    /// The page sent none.
    pub fn version(&self) -> Result<i32> {
        self.text("version").parse().map_err(|_| Error::BadRequest("表单缺少所依据的版本，请刷新页面后重试".into()))
    }

    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    /// A field to be read.
    pub fn field<'a>(&'a self, name: &'a str, label: &'a str) -> Field<'a> {
        Field::new(name, label, self.typed(name).unwrap_or_default())
    }
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let RawForm(body) = RawForm::from_request(request, state).await.map_err(|_| unreadable())?;
        Ok(Sent::parse(&body))
    }
}
