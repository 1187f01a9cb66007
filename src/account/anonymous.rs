//! What a handler of a route that is open to all may take. An officer, or anything that holds a scope, is not among it, and such a
//! route does not compile.

use axum::extract::{Path, Query, Request, State};
use axum::http::HeaderMap;
use axum::{Extension, Form};

use super::gate::{Gate, Origin};
use super::officer::Officer;
use super::reader::{Public, Reader};
use crate::db::Scope;
use crate::web::AppState;

/// A part of a request that tells nothing of who is signed in.
pub trait Anonymous {}

impl Anonymous for Public {}
impl Anonymous for Gate {}
impl Anonymous for Origin {}
impl Anonymous for State<AppState> {}
impl Anonymous for HeaderMap {}
impl<T> Anonymous for Path<T> {}
impl<T> Anonymous for Query<T> {}
impl<T> Anonymous for Form<T> {}
impl<T: Anonymous, E> Anonymous for Result<T, E> {}

/// The parameters of a handler, as axum writes them: a mark, then each.
pub trait AllAnonymous {}

impl AllAnonymous for ((),) {}
impl<M, A: Anonymous> AllAnonymous for (M, A) {}
impl<M, A: Anonymous, B: Anonymous> AllAnonymous for (M, A, B) {}
impl<M, A: Anonymous, B: Anonymous, C: Anonymous> AllAnonymous for (M, A, B, C) {}
impl<M, A: Anonymous, B: Anonymous, C: Anonymous, D: Anonymous> AllAnonymous for (M, A, B, C, D) {}

/// Does not compile when one of them becomes anonymous: the compiler would not know which of the two is meant.
const _: () = {
    trait Not<Mark> {
        const HOLDS: () = ();
    }
    struct Either;
    impl<T> Not<()> for T {}
    impl<T: Anonymous> Not<Either> for T {}
    let _: [(); 6] = [
        <Officer as Not<_>>::HOLDS,
        <Option<Officer> as Not<_>>::HOLDS,
        <Extension<Officer> as Not<_>>::HOLDS,
        <Reader as Not<_>>::HOLDS,
        <Scope as Not<_>>::HOLDS,
        <Request as Not<_>>::HOLDS,
    ];
};
