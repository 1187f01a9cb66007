//! Who reads: an officer, or the public.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::officer::Officer;
use crate::base::code::CountyCode;
use crate::web::{Error, Shell};

/// Whoever is behind a request, as the gate finds them.
#[derive(Clone, Debug)]
pub enum Reader {
    Officer(Officer),
    Public(Public),
}

/// Somebody of whom nothing is asked: a route that is open to all is answered for them, whoever they are. What they may see is
/// published and frozen; no [`Scope`](crate::db::Scope) comes of them, so no register can be read on their behalf.
#[derive(Clone, Debug)]
pub struct Public {
    county: CountyCode,
    shell: Shell,
    signed_in: bool,
}

impl Public {
    /// `shell` is the frame of a page that names nobody.
    pub fn new(county: CountyCode, shell: Shell) -> Self {
        Public { county, shell, signed_in: false }
    }

    /// The same page for somebody who is signed in: it tells them no more.
    pub(super) fn signed_in(self) -> Self {
        Public { signed_in: true, ..self }
    }

    /// Whose published things are read: for the first column of keys.
    pub fn county(&self) -> &str {
        self.county.as_str()
    }

    /// Whether the sign-in would be for nothing.
    pub fn is_signed_in(&self) -> bool {
        self.signed_in
    }

    /// The frame of a page, without a menu and without a name.
    pub fn shell(&self, title: impl Into<String>) -> Shell {
        self.shell.clone().titled(title)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Public {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let public = parts.extensions.get::<Public>().cloned();
        public.ok_or_else(|| anyhow::anyhow!("only a route that is open to all is answered for the public").into())
    }
}
