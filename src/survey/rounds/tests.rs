use std::collections::BTreeMap;

use rust_decimal::Decimal;
use uuid::Uuid;

use super::*;
use crate::account::Actor;
use crate::db::PgPool;
use crate::demo;
use crate::survey::differences::{self, Decision};
use crate::survey::rules::Ground;
use crate::survey::store::comparing;
use crate::survey::store::differences::{self as difference_store, Difference, Filter as Differing};
use crate::survey::store::parcels::{self, Entry, Filter};
use crate::survey::store::visits::{self as visit_store, NewUser, NewVisit};
use crate::survey::view::{RoundView, mu};
use crate::survey::visits::{self, Received, Seen};
use crate::survey::{Class, DifferenceKind, DifferenceState, RoundState, Standing, UseKind, uses};

const TODAY: &str = "2026-11-23";
