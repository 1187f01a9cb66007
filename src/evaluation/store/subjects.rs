//! The population of a year as a scheme names it: enterprises as they are, platforms and parcels with those they are made of.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::PgConnection;

use super::members::{Wanted, members};
use super::{lists, uses};
use crate::annual::{Partition, deciding_day};
use crate::db::Scope;
use crate::evaluation::covered::covered;
use crate::evaluation::kept::{LOW_EFFICIENCY_LAND, PLATFORMS};
use crate::evaluation::population::Member;
use crate::evaluation::portions::{Place, made_of, of_parcels, whole};
use crate::low_efficiency::{Line, store as low_efficiency};
use crate::scoring::made::Part;
use crate::scoring::scheme::SubjectKind;

/// Everybody of a year, by key. `line`: the 10,000-yuan line of the year, where one was in force.
pub async fn population(
    connection: &mut PgConnection,
    scope: &Scope,
    wanted: &Wanted<'_>,
    line: Option<&Line>,
) -> Result<Vec<Member>, sqlx::Error> {
    match wanted.scheme.population.subject {
        SubjectKind::Enterprise => members(connection, scope, wanted).await,
        SubjectKind::Platform => platforms(connection, scope, wanted).await,
        SubjectKind::Parcel => parcels(connection, scope, wanted, line).await,
    }
}

/// Members with these credit codes alone.
async fn members_of(
    connection: &mut PgConnection,
    scope: &Scope,
    wanted: &Wanted<'_>,
    usccs: Vec<String>,
) -> Result<Vec<Member>, sqlx::Error> {
    let query = wanted.query.within(Partition::These(usccs));
    members(connection, scope, &Wanted { query: &query, ..*wanted }).await
}

struct PlatformRow {
    code: String,
    name: String,
    level: Option<i16>,
    area_mu: Option<Decimal>,
}

async fn platforms(
    connection: &mut PgConnection,
    scope: &Scope,
    wanted: &Wanted<'_>,
) -> Result<Vec<Member>, sqlx::Error> {
    let year = wanted.query.year;
    let rows = sqlx::query_as!(
        PlatformRow,
        "SELECT code, name, level, area_mu FROM platform
         WHERE district = $1 AND withdrawn_at IS NULL AND valid @> $2::date ORDER BY code",
        scope.county(),
        deciding_day(year)
    )
    .fetch_all(&mut *connection)
    .await?;
    let of = belonging(connection, scope, year).await?;
    let everybody = members_of(connection, scope, wanted, of.iter().map(|(uscc, _)| uscc.clone()).collect()).await?;
    let mut parts: BTreeMap<&str, Vec<Part>> = BTreeMap::new();
    let named: BTreeMap<&str, &str> = of.iter().map(|(uscc, named)| (uscc.as_str(), named.as_str())).collect();
    for member in &everybody {
        parts.entry(named[member.uscc.as_str()]).or_default().push(whole(member));
    }
    let listed = Listed::read(connection, scope, wanted, SubjectKind::Platform).await?;
    let member = |row: PlatformRow| {
        let names = BTreeSet::from([row.code.as_str(), row.name.as_str()]);
        let of: Vec<Part> = names.into_iter().filter_map(|named| parts.get(named)).flatten().cloned().collect();
        let place = Place {
            lists: listed.of(&row.code, Some(PLATFORMS)),
            uncovered: listed.uncovered(&row.code),
            subdistrict: None,
            level: row.level.and_then(|level| u8::try_from(level).ok()),
            area_mu: row.area_mu.map(|area| area.normalize()),
            code: row.code,
            name: row.name,
        };
        made_of(SubjectKind::Platform, wanted.scheme, place, of)
    };
    Ok(rows.into_iter().map(member).collect())
}

/// Who names which platform, by code or by name, in the version that counts for the year.
async fn belonging(
    connection: &mut PgConnection,
    scope: &Scope,
    year: i32,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT uscc, btrim(platform) AS "platform!" FROM (
               SELECT DISTINCT ON (v.uscc) v.uscc, v.platform FROM enterprise_version v
               WHERE v.district = $1 AND v.superseded_at IS NULL AND v.valid && daterange($2, $3, '[]') AND v.uscc IN (
                   SELECT n.uscc FROM enterprise_version n
                   WHERE n.district = $1 AND n.superseded_at IS NULL AND n.platform IS NOT NULL)
               ORDER BY v.uscc, lower(v.valid) DESC) chosen
           WHERE btrim(platform) <> '' ORDER BY uscc"#,
        scope.county(),
        NaiveDate::from_ymd_opt(year, 1, 1),
        deciding_day(year)
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.uscc, row.platform)).collect())
}

/// Dated lists of a year, as the scheme and the coverage of the year ask for them.
struct Listed {
    on: BTreeMap<String, BTreeSet<String>>,
    covered: crate::evaluation::covered::Covered,
}

impl Listed {
    async fn read(
        connection: &mut PgConnection,
        scope: &Scope,
        wanted: &Wanted<'_>,
        kind: SubjectKind,
    ) -> Result<Self, sqlx::Error> {
        let year = wanted.query.year;
        let covered = covered(wanted.scheme.category, year);
        let asked = wanted.scheme.population.lists().into_iter().chain(covered.list()).map(str::to_owned).collect();
        Ok(Listed { on: lists::members(connection, scope, kind, asked, deciding_day(year)).await?, covered })
    }

    /// With what the register itself says.
    fn of(&self, key: &str, own: Option<&str>) -> BTreeSet<String> {
        self.on.get(key).cloned().unwrap_or_default().into_iter().chain(own.map(str::to_owned)).collect()
    }

    fn uncovered(&self, key: &str) -> bool {
        !self.covered.holds(|list| self.on.get(key).is_some_and(|lists| lists.contains(list)))
    }
}

struct ParcelRow {
    code: String,
    name: Option<String>,
    subdistrict: String,
}

async fn parcels(
    connection: &mut PgConnection,
    scope: &Scope,
    wanted: &Wanted<'_>,
    line: Option<&Line>,
) -> Result<Vec<Member>, sqlx::Error> {
    let year = wanted.query.year;
    let listed = Listed::read(connection, scope, wanted, SubjectKind::Parcel).await?;
    let list = wanted.scheme.population.list.as_deref();
    let codes: Vec<String> = match (list, line) {
        (None, _) => uses::all_parcels(connection, scope, year).await?,
        (Some(LOW_EFFICIENCY_LAND), None) => Vec::new(),
        (Some(LOW_EFFICIENCY_LAND), Some(line)) => {
            let flagged = low_efficiency::flagged(connection, scope, year, line).await?;
            uses::parcels_of(connection, scope, year, &flagged).await?
        }
        (Some(list), _) => {
            listed.on.iter().filter(|(_, lists)| lists.contains(list)).map(|(code, _)| code.clone()).collect()
        }
    };
    let rows = sqlx::query_as!(
        ParcelRow,
        r#"SELECT DISTINCT ON (code) code, name, COALESCE(subdistrict, registered_subdistrict) AS "subdistrict!"
           FROM parcel_version WHERE district = $1 AND superseded_at IS NULL AND valid && daterange($2, $3, '[]') AND code = ANY($4)
           ORDER BY code, lower(valid) DESC"#,
        scope.county(),
        NaiveDate::from_ymd_opt(year, 1, 1),
        deciding_day(year),
        &codes
    )
    .fetch_all(&mut *connection)
    .await?;
    let uses = uses::of_users(connection, scope, year, &codes).await?;
    let users: BTreeSet<String> = uses.iter().map(|one| one.uscc.clone()).collect();
    let members = members_of(connection, scope, wanted, users.into_iter().collect()).await?;
    let mut parts = of_parcels(&codes.into_iter().collect(), &uses, &members, year);
    let own = list.filter(|list| *list == LOW_EFFICIENCY_LAND);
    let member = |row: ParcelRow| {
        let of = parts.remove(&row.code).unwrap_or_default();
        let place = Place {
            lists: listed.of(&row.code, own),
            uncovered: listed.uncovered(&row.code),
            name: row.name.unwrap_or_else(|| row.code.clone()),
            code: row.code,
            subdistrict: Some(row.subdistrict),
            level: None,
            area_mu: None,
        };
        made_of(SubjectKind::Parcel, wanted.scheme, place, of)
    };
    Ok(rows.into_iter().map(member).collect())
}
