//! Forms with files. Their texts pass the same gate as all others; the files are for those who read them.

#![allow(clippy::disallowed_types, reason = "this is the one place where the framework's own is used")]

use axum::body::Bytes;
use axum::extract::multipart::{Field as RawField, Multipart as Raw, MultipartError, MultipartRejection};
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};

use super::error::Error;
use super::field::field_fault;
use super::sent_file;
use crate::base::text::{LINE, is_stray};

pub struct Multipart(Raw);

/// Why a form with files cannot be read on.
#[derive(Debug)]
pub enum MultipartFault {
    Broken(MultipartError),
    Text(Error),
}

impl MultipartFault {
    /// The fault of a text as it is; `too_large` and `cut_short` where the request itself broke.
    pub fn told(self, too_large: &str, cut_short: &str) -> Error {
        match self {
            MultipartFault::Text(error) => error,
            MultipartFault::Broken(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Error::TooLarge(too_large.to_owned())
            }
            MultipartFault::Broken(_) => Error::BadRequest(cut_short.to_owned()),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Multipart {
    type Rejection = MultipartRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, MultipartRejection> {
        Raw::from_request(request, state).await.map(Multipart)
    }
}

impl Multipart {
    /// The next field; its name is looked at.
    pub async fn next_field(&mut self) -> Result<Option<Field<'_>>, MultipartFault> {
        let field = self.0.next_field().await.map_err(MultipartFault::Broken)?;
        match field.as_ref().and_then(|field| field_fault(field.name().unwrap_or_default(), "")) {
            Some(fault) => Err(MultipartFault::Text(Error::Input(vec![fault]))),
            None => Ok(field.map(Field)),
        }
    }
}

pub struct Field<'a>(RawField<'a>);

impl Field<'_> {
    pub fn name(&self) -> Option<&str> {
        self.0.name()
    }

    /// Without what only steers machines, and no longer than a line. A name that is given only in the longer form of
    /// RFC 5987 counts too.
    pub fn file_name(&self) -> Option<String> {
        let name = match self.0.file_name().filter(|name| !name.is_empty()) {
            Some(name) => name.to_owned(),
            None => {
                let disposition = self.0.headers().get(header::CONTENT_DISPOSITION)?;
                sent_file::extended(&String::from_utf8_lossy(disposition.as_bytes()))?
            }
        };
        // The end of a name says what kind of file it is.
        let kept: Vec<char> = name.chars().filter(|character| !is_stray(*character)).collect();
        Some(kept[kept.len().saturating_sub(LINE)..].iter().collect())
    }

    /// The text of the field, when it may be kept.
    pub async fn text(self) -> Result<String, MultipartFault> {
        let name = self.0.name().unwrap_or_default().to_owned();
        let text = self.0.text().await.map_err(MultipartFault::Broken)?;
        match field_fault(&name, &text) {
            Some(fault) => Err(MultipartFault::Text(Error::Input(vec![fault]))),
            None => Ok(text),
        }
    }

    pub async fn bytes(self) -> Result<Bytes, MultipartFault> {
        self.0.bytes().await.map_err(MultipartFault::Broken)
    }

    pub async fn chunk(&mut self) -> Result<Option<Bytes>, MultipartFault> {
        self.0.chunk().await.map_err(MultipartFault::Broken)
    }
}
