//! Who is behind a request, and whether they may. Sits on every route.

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
use super::session::{self, TokenHash};
use super::store;
use crate::base::clock::Clock;
use crate::base::code::CountyCode;
use crate::db::PgPool;
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
    let officer = match gate.recognise(request.headers()).await {
        Ok(officer) => officer,
        Err(error) => return error.into_response(),
    };
    if access != Access::Public {
        match &officer {
            None => return Error::NotSignedIn.into_response(),
            Some(officer) if !officer.may(access) => {
                return with_shell(&gate, Some(officer), Error::Forbidden.into_response());
            }
            Some(_) => {}
        }
    }
    let who = match &officer {
        Some(officer) => Who::Account(officer.account),
        None => Who::Origin(origin(request.extensions(), request.headers())),
    };
    if let Some(officer) = officer.clone() {
        request.extensions_mut().insert(officer);
    }
    let response = permits::on_behalf_of(who, next.run(request)).await;
    if response.status().is_success() { response } else { with_shell(&gate, officer.as_ref(), response) }
}

/// So that a page about a problem still has its frame.
fn with_shell(gate: &Gate, officer: Option<&Officer>, mut response: Response) -> Response {
    let shell = match officer {
        Some(officer) => officer.shell_on(&gate.inner.shell),
        None => gate.inner.shell.clone(),
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
pub fn origin(parts: &axum::http::Extensions, headers: &HeaderMap) -> String {
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
