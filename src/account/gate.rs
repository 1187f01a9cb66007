//! Who is behind a request, and whether they may. Sits on every route.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequestParts, Request};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use moka::future::Cache;

use super::access::Access;
use super::officer::Officer;
use super::reader::{Public, Reader};
use super::session::{self, TokenHash};
use super::store;
use crate::base::clock::Clock;
use crate::base::code::CountyCode;
use crate::db::{PgPool, Scope};
use crate::permits::{self, Who};
use crate::web::{Error, Shell};

/// A session or token that was found good is trusted this long without asking the database; what ends it here
/// (sign-out, a change of the account) also empties the cache, so this only bounds what another process ended.
const TRUSTED_FOR: Duration = Duration::from_secs(15);

/// Knows how to recognise people. One for the whole server.
#[derive(Clone)]
pub struct Gate {
    inner: Arc<Inner>,
}

struct Inner {
    pool: PgPool,
    clock: Clock,
    district: CountyCode,
    shell: Shell,
    known: Cache<TokenHash, Officer>,
}

impl Gate {
    /// `shell` carries the district's name and label for pages shown by the gate itself.
    pub fn new(pool: PgPool, clock: Clock, district: CountyCode, shell: Shell) -> Self {
        let known = Cache::builder().max_capacity(10_000).time_to_live(TRUSTED_FOR).build();
        Gate { inner: Arc::new(Inner { pool, clock, district, shell, known }) }
    }

    /// Forgets everybody: what was changed in the database counts from the next request on.
    pub fn forget_all(&self) {
        self.inner.known.invalidate_all();
    }

    pub(super) fn pool(&self) -> &PgPool {
        &self.inner.pool
    }

    pub(super) fn clock(&self) -> Clock {
        self.inner.clock
    }

    /// Of the accounts themselves: who signs in is of no scope yet.
    pub(super) fn scope(&self) -> Scope {
        Scope::district(self.inner.district.clone())
    }

    fn public(&self) -> Public {
        Public::new(self.inner.district.clone(), self.inner.shell.clone())
    }

    async fn reader(&self, headers: &HeaderMap) -> Result<Reader, Error> {
        let officer = self.recognise(headers).await?;
        Ok(officer.map_or_else(|| Reader::Public(self.public()), Reader::Officer))
    }

    async fn recognise(&self, headers: &HeaderMap) -> Result<Option<Officer>, Error> {
        let Some(credential) = session::credential(headers) else { return Ok(None) };
        let hash = credential.hash();
        if let Some(officer) = self.inner.known.get(&hash).await {
            return Ok(Some(officer));
        }
        let found =
            store::find_officer(&self.inner.pool, &self.inner.district, &credential, self.inner.clock.now()).await?;
        if let Some(officer) = &found {
            self.inner.known.insert(hash, officer.clone()).await;
        }
        Ok(found)
    }
}

/// The middleware of a route that asks for `access`.
pub(super) async fn admit(access: Access, mut request: Request, next: Next) -> Response {
    let Some(gate) = request.extensions().get::<Gate>().cloned() else {
        return Error::Internal(anyhow::anyhow!("the gate is not installed")).into_response();
    };
    let reader = match gate.reader(request.headers()).await {
        Ok(reader) => reader,
        Err(error) => return error.into_response(),
    };
    if let Err(error) = let_in(&gate, &reader, access, request.extensions_mut()) {
        return with_shell(&gate, &reader, error.into_response());
    }
    let who = match &reader {
        Reader::Officer(officer) => Who::Account(officer.account),
        Reader::Public(_) => Who::Origin(origin(request.extensions(), request.headers())),
    };
    let response = permits::on_behalf_of(who, next.run(request)).await;
    if response.status().is_success() { response } else { with_shell(&gate, &reader, response) }
}

/// Hands the request the one whom its route is answered for: an officer who may, or, where it is open to all, the public even when
/// an officer asks.
fn let_in(gate: &Gate, reader: &Reader, access: Access, extensions: &mut axum::http::Extensions) -> Result<(), Error> {
    match (access, reader) {
        (Access::Public, Reader::Public(public)) => drop(extensions.insert(public.clone())),
        (Access::Public, Reader::Officer(_)) => drop(extensions.insert(gate.public().signed_in())),
        (_, Reader::Public(_)) => return Err(Error::NotSignedIn),
        (access, Reader::Officer(officer)) if !officer.may(access) => return Err(Error::Forbidden),
        (_, Reader::Officer(officer)) => drop(extensions.insert(officer.clone())),
    }
    Ok(())
}

/// So that a page about a problem still has its frame.
fn with_shell(gate: &Gate, reader: &Reader, mut response: Response) -> Response {
    let shell = match reader {
        Reader::Officer(officer) => officer.shell_on(&gate.inner.shell),
        Reader::Public(_) => gate.inner.shell.clone(),
    };
    response.extensions_mut().insert(shell);
    response
}

impl<S: Send + Sync> FromRequestParts<S> for Gate {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        parts.extensions.get::<Gate>().cloned().ok_or_else(|| anyhow::anyhow!("the gate is not installed").into())
    }
}

/// The address a request came from, for throttling and the audit log.
pub struct Origin(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Origin {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Origin(origin(&parts.extensions, &parts.headers)))
    }
}

pub(super) fn origin(parts: &axum::http::Extensions, headers: &HeaderMap) -> String {
    use std::net::{IpAddr, SocketAddr};

    use axum::extract::ConnectInfo;
    let peer = parts.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
    let forwarded = forwarded.and_then(|list| list.rsplit(',').next()?.trim().parse::<IpAddr>().ok());
    match (peer, forwarded) {
        // A proxy in front of us runs on this machine; nobody else's word is taken for it, and no word that is no address.
        (Some(ip), Some(forwarded)) if ip.is_loopback() => forwarded.to_string(),
        (Some(ip), _) => ip.to_string(),
        (None, _) => "unknown".to_owned(),
    }
}
