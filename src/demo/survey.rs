//! A survey of industrial land in the invented town: one round over one sub-district, in which some parcels were visited and some differences
//! decided, by the same functions that officers' pages call. All of it is synthetic.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::cases::people::{People, morning};
use super::register::day;
use crate::account::{self, Act};
use crate::db::keyset::Position;
use crate::db::{PgPool, Scope};
use crate::survey::differences::{self, Decision};
use crate::survey::store::differences as difference_store;
use crate::survey::store::parcels::{self, Entry, Filter};
use crate::survey::store::register;
use crate::survey::store::rounds::NewRound;
use crate::survey::store::visits::{NewUser, NewVisit};
use crate::survey::visits::{self, Seen};
use crate::survey::{Licence, Standing, UseKind, rounds};
use crate::workflow::Number;

/// Where it is made.
const SUBDISTRICT: &str = "330105019";
const OPENS: &str = "contract";
const GOES_THERE: &str = "inspector";
const SETTLES: &str = "contract";

/// What a load has made, in rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    pub parcels: usize,
    pub visited: usize,
    pub differences: usize,
}

/// Loads it into the demonstration district, whose accounts must be there.
///
/// # Errors
/// When the database refuses, or a step is not allowed.
pub async fn load(pool: &PgPool, scope: &Scope) -> anyhow::Result<Counts> {
    let people = People { accounts: account::store::list(pool, scope).await? };
    let office = Office { pool, scope, people };
    let opened = day(2026, 10, 12);
    let number = office.open(opened).await?;
    let round = rounds::of_number(&office.act(OPENS, opened, 0)?, &number.to_string()).await?;
    let filter = Filter { round: round.id, ..Filter::default() };
    let entries = parcels::page(pool, scope, &filter, &Position::Start, 500).await?.rows;
    let mut counts = Counts { parcels: entries.len(), visited: 0, differences: 0 };
    for (place, entry) in entries.iter().enumerate().take(entries.len() * 2 / 3) {
        office.visit(place, entry).await?;
        counts.visited += 1;
    }
    counts.differences = office.settle(&entries).await?;
    Ok(counts)
}

struct Office<'a> {
    pool: &'a PgPool,
    scope: &'a Scope,
    people: People,
}

impl Office<'_> {
    fn act(&self, login: &str, on: NaiveDate, minutes: i64) -> anyhow::Result<Act> {
        let at: DateTime<Utc> = morning(on, 0) + chrono::Duration::minutes(minutes);
        self.people.act(self.pool, self.scope, login, at)
    }

    async fn open(&self, on: NaiveDate) -> anyhow::Result<Number> {
        let new = NewRound {
            name: "2026年工业用地摸底调查（示例）".into(),
            subdistrict: Some(SUBDISTRICT.into()),
            list_year: 2024,
            on,
        };
        Ok(rounds::open(&self.act(OPENS, on, 0)?, &new).await?)
    }

    /// Most parcels are used as registered; some are not, so that each class is there.
    async fn visit(&self, place: usize, entry: &Entry) -> anyhow::Result<()> {
        let on = day(2026, 10, 13) + chrono::Days::new(place as u64 / 8);
        let (standing, used_for) = match place % 12 {
            3 => (Standing::Vacant, None),
            5 => (Standing::Building, None),
            7 => (Standing::StandingEmpty, None),
            9 => (Standing::Used, Some(UseKind::Commerce)),
            _ => (Standing::Used, Some(UseKind::Industry)),
        };
        let known = register::users(self.pool, self.scope, &entry.code, on).await?;
        let mut users: Vec<NewUser> = match standing {
            Standing::Used => known
                .iter()
                .map(|user| NewUser {
                    uscc: Some(user.uscc.clone()),
                    name: user.name.clone(),
                    floor_area_m2: user.floor_area_m2,
                })
                .collect(),
            _ => Vec::new(),
        };
        if place % 12 == 10 {
            users
                .push(NewUser { uscc: None, name: Some("合成无证作坊（示例）".into()), floor_area_m2: None });
        }
        let new = NewVisit {
            id: Uuid::now_v7(),
            visited_on: on,
            standing,
            used_for,
            land_use: None,
            buildings: (standing != Standing::Vacant).then_some(1 + (place % 4) as i16),
            floor_area_m2: None,
            licence: (standing == Standing::Used).then_some(Licence::Shown),
            licence_words: None,
            note: Some("示例，虚构数据".into()),
            users,
        };
        let seen = Seen { entry: entry.id, version: entry.version };
        visits::record(&self.act(GOES_THERE, on, place as i64 % 8 * 40)?, seen, &new).await?;
        Ok(())
    }

    /// The first difference is refused, the second taken over; the others wait. How many there are.
    async fn settle(&self, entries: &[Entry]) -> anyhow::Result<usize> {
        let (mut found, on) = (Vec::new(), day(2026, 11, 9));
        for entry in entries {
            found.extend(difference_store::of_parcel(self.pool, self.scope, entry.id).await?);
        }
        for (place, difference) in found.iter().enumerate().take(2) {
            let act = self.act(SETTLES, on, place as i64 * 10)?;
            let seen = differences::Seen { difference: difference.id, version: difference.version };
            match place {
                0 => differences::refuse(&act, seen, "现场情况属临时状态，台账不变（示例）").await?,
                _ => differences::take_over(&act, seen, Decision { reason: "核对属实（示例）", vouched: true }).await?,
            }
        }
        Ok(found.len())
    }
}
