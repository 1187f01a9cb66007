//! The embedded lists mirrored into their tables.

use chrono::NaiveDate;

use super::crosswalk::CrossWalk;
use super::list::{self, IndustryRow};
use crate::db::{PgConnection, PgPool, Scope};

/// Holds off a second program that starts on the same database.
const LOAD_LOCK: i64 = 0x6d68_636f_6465;

/// Brings the code tables to the embedded lists. Loading twice changes nothing; rows of other editions, schemes and
/// counties that were added later stay.
///
/// # Errors
/// When the database refuses, in particular when a row that changed is still referred to.
pub async fn load(pool: &PgPool) -> anyhow::Result<()> {
    let mut transaction = pool.begin().await?;
    sqlx::query!("SELECT pg_advisory_xact_lock($1)", LOAD_LOCK).execute(&mut *transaction).await?;
    add_industries(&mut transaction, list::industries()).await?;
    put_land_uses(&mut transaction).await?;
    put_subdistricts(&mut transaction).await?;
    put_successions(&mut transaction).await?;
    transaction.commit().await?;
    Ok(())
}

/// What a form lets its reader choose from: code and name.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Choice {
    pub code: String,
    pub name: String,
}

impl Choice {
    /// Whether it is the sub-district that somebody asks for by any code it ever had.
    pub fn stands_for(&self, asked: &str) -> bool {
        let present = |code: &str| CrossWalk::embedded().present_subdistrict(code);
        self.code == asked || present(&self.code) == present(asked)
    }
}

/// Sections of GB/T 4754, for choosing one; the newest edition names them.
pub async fn sections(pool: &PgPool) -> Result<Vec<Choice>, sqlx::Error> {
    sqlx::query_as!(
        Choice,
        "SELECT DISTINCT ON (code) code, name FROM industry WHERE level = 1 ORDER BY code, edition DESC"
    )
    .fetch_all(pool)
    .await
}

/// Sub-districts in force on a day in what is the district now, also those of a county that was merged into it later, by the
/// code list and, where that has none of the code, by the outlines that the district has loaded; of a clerk limited to one,
/// that one under its code of the day.
pub async fn subdistricts(pool: &PgPool, scope: &Scope, on: NaiveDate) -> Result<Vec<Choice>, sqlx::Error> {
    sqlx::query_as!(
        Choice,
        r#"WITH RECURSIVE line (code) AS (
               SELECT code FROM subdistrict WHERE left(code, 6) = $1 AND ($3::text IS NULL OR code = $3)
               UNION SELECT s.old_code FROM code_successor s JOIN line ON s.kind = 'subdistrict' AND s.new_code = line.code)
           SELECT s.code AS "code!", s.name AS "name!" FROM subdistrict s JOIN line ON line.code = s.code
           WHERE s.valid @> $2::date
           UNION ALL
           SELECT o.code, o.name FROM outline o
           WHERE o.district = $1 AND o.kind = 'subdistrict' AND o.superseded_at IS NULL AND o.valid @> $2::date
             AND ($3::text IS NULL OR o.code = $3) AND NOT EXISTS (SELECT FROM subdistrict s WHERE s.code = o.code)
           ORDER BY 1"#,
        scope.county(),
        on,
        scope.subdistrict_code()
    )
    .fetch_all(pool)
    .await
}

/// Adds the list of an edition, as [`super::parse_industries`] read it.
///
/// # Errors
/// When the database refuses.
pub async fn add_industries(connection: &mut PgConnection, rows: &[IndustryRow]) -> Result<(), sqlx::Error> {
    let column = |of: fn(&IndustryRow) -> &str| rows.iter().map(|row| of(row).to_owned()).collect::<Vec<_>>();
    let levels: Vec<i16> = rows.iter().map(|row| row.level).collect();
    sqlx::query!(
        "INSERT INTO industry (edition, code, level, name, section)
         SELECT * FROM unnest($1::text[], $2::text[], $3::smallint[], $4::text[], $5::text[])
         ON CONFLICT (edition, code) DO UPDATE SET level = excluded.level, name = excluded.name, section = excluded.section
         WHERE (industry.level, industry.name, industry.section)
            IS DISTINCT FROM (excluded.level, excluded.name, excluded.section)",
        &column(|row| &row.edition),
        &column(|row| &row.code),
        &levels,
        &column(|row| &row.name),
        &column(|row| &row.section),
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn put_land_uses(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let rows = list::land_uses();
    let column = |of: fn(&list::LandUse) -> &str| rows.iter().map(|row| of(row).to_owned()).collect::<Vec<_>>();
    let industrial: Vec<bool> = rows.iter().map(|row| row.industrial).collect();
    sqlx::query!(
        "INSERT INTO land_use (scheme, code, name, industrial)
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::boolean[])
         ON CONFLICT (scheme, code) DO UPDATE SET name = excluded.name, industrial = excluded.industrial
         WHERE (land_use.name, land_use.industrial) IS DISTINCT FROM (excluded.name, excluded.industrial)",
        &column(|row| &row.scheme),
        &column(|row| &row.code),
        &column(|row| &row.name),
        &industrial,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A sub-district has no key but its code in time, so rows that the list no longer holds make room first.
async fn put_subdistricts(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let rows = list::subdistricts();
    let column = |of: fn(&list::Subdistrict) -> &str| rows.iter().map(|row| of(row).to_owned()).collect::<Vec<_>>();
    let (codes, names, sources) = (column(|row| &row.code), column(|row| &row.name), column(|row| &row.source));
    let from: Vec<Option<NaiveDate>> = rows.iter().map(|row| row.valid.from).collect();
    let until: Vec<Option<NaiveDate>> = rows.iter().map(|row| row.valid.until).collect();
    sqlx::query!(
        "DELETE FROM subdistrict WHERE code = ANY($1) AND NOT EXISTS (
             SELECT FROM unnest($1::text[], $2::text[], $3::date[], $4::date[], $5::text[]) AS l (code, name, since, until, source)
             WHERE (l.code, l.name, daterange(l.since, l.until), l.source)
                 = (subdistrict.code, subdistrict.name, subdistrict.valid, subdistrict.source))",
        &codes,
        &names,
        &from as &[Option<NaiveDate>],
        &until as &[Option<NaiveDate>],
        &sources,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "INSERT INTO subdistrict (code, name, valid, source)
         SELECT code, name, daterange(since, until), source
         FROM unnest($1::text[], $2::text[], $3::date[], $4::date[], $5::text[]) AS l (code, name, since, until, source)
         ON CONFLICT DO NOTHING",
        &codes,
        &names,
        &from as &[Option<NaiveDate>],
        &until as &[Option<NaiveDate>],
        &sources,
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn put_successions(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let rows = list::successions();
    let column = |of: fn(&list::Succession) -> &str| rows.iter().map(|row| of(row).to_owned()).collect::<Vec<_>>();
    let days: Vec<NaiveDate> = rows.iter().map(|row| row.on).collect();
    sqlx::query!(
        "INSERT INTO code_successor (kind, old_code, new_code, effective_on, source)
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::text[])
         ON CONFLICT (kind, old_code, new_code) DO UPDATE SET effective_on = excluded.effective_on, source = excluded.source
         WHERE (code_successor.effective_on, code_successor.source) IS DISTINCT FROM (excluded.effective_on, excluded.source)",
        &column(|row| row.kind.code()),
        &column(|row| &row.old),
        &column(|row| &row.new),
        &days,
        &column(|row| &row.source),
    )
    .execute(connection)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[sqlx::test(migrator = "crate::db::MIGRATOR")]
    async fn loading_twice_changes_nothing_and_a_changed_row_is_restored(pool: PgPool) {
        load(&pool).await.unwrap();
        let before = marks(&pool).await;
        load(&pool).await.unwrap();
        assert_eq!(marks(&pool).await, before, "no row was written again");

        sqlx::query!("UPDATE subdistrict SET name = '?' WHERE code = '330105012'").execute(&pool).await.unwrap();
        let other = "h\n2011\t0111\t4\tA\t稻谷种植\n";
        let mut connection = pool.acquire().await.unwrap();
        add_industries(&mut connection, &list::parse_industries(other).unwrap()).await.unwrap();
        load(&pool).await.unwrap();
        let name = sqlx::query_scalar!("SELECT name FROM subdistrict WHERE code = '330105012'");
        assert_eq!(name.fetch_one(&pool).await.unwrap(), "天水街道");
        let editions = sqlx::query_scalar!("SELECT count(DISTINCT edition) FROM industry").fetch_one(&pool);
        assert_eq!(editions.await.unwrap(), Some(2));
    }

    async fn offered(pool: &PgPool, scope: &Scope, on: &str) -> Vec<String> {
        let choices = subdistricts(pool, scope, on.parse().unwrap()).await.unwrap();
        choices.into_iter().map(|choice| choice.code).collect()
    }

    #[sqlx::test(migrator = "crate::db::MIGRATOR")]
    async fn a_district_that_is_in_no_list_has_the_sub_districts_of_its_outlines(pool: PgPool) {
        load(&pool).await.unwrap();
        sqlx::query("INSERT INTO district (code, name) VALUES ('330299', '别区')").execute(&pool).await.unwrap();
        sqlx::query(
            "INSERT INTO outline (district, kind, code, name, valid, geom, source, recorded_at, recorded_by)
             SELECT '330299', kind, code, name, daterange('2020-01-01', until),
                 ST_GeomFromText('MULTIPOLYGON(((120 30, 121 30, 121 31, 120 30)))', 4490), 'test', now(), 'test'
             FROM (VALUES ('subdistrict', '330299001', '甲街道', NULL), ('subdistrict', '330299002', '乙街道', '2022-01-01'::date),
                 ('district', '330299', '别区', NULL)) AS given (kind, code, name, until)",
        )
        .execute(&pool)
        .await
        .unwrap();
        let district = Scope::district("330299".parse().unwrap());
        assert_eq!(offered(&pool, &district, "2021-12-31").await, ["330299001", "330299002"]);
        assert_eq!(offered(&pool, &district, "2022-01-01").await, ["330299001"]);
        let clerk = Scope { subdistrict: Some("330299001".parse().unwrap()), ..district };
        assert_eq!(offered(&pool, &clerk, "2021-12-31").await, ["330299001"]);
    }

    #[sqlx::test(migrator = "crate::db::MIGRATOR")]
    async fn what_is_offered_was_in_force_on_the_day(pool: PgPool) {
        load(&pool).await.unwrap();
        let district = Scope::district("330105".parse().unwrap());
        let (before, after) =
            (offered(&pool, &district, "2021-04-08").await, offered(&pool, &district, "2021-04-09").await);
        assert_eq!(before.len(), after.len());
        assert!(before.contains(&"330103001".to_owned()) && !before.contains(&"330105014".to_owned()), "{before:?}");
        assert!(after.contains(&"330105014".to_owned()) && after.iter().all(|code| code.starts_with("330105")));
        let clerk = Scope { subdistrict: Some("330105014".parse().unwrap()), ..district };
        assert_eq!(offered(&pool, &clerk, "2021-04-08").await, ["330103001"]);
        assert_eq!(offered(&pool, &clerk, "2021-04-09").await, ["330105014"]);
    }

    #[test]
    fn a_choice_answers_to_every_code_it_had() {
        let choice = |code: &str| Choice { code: code.into(), name: String::new() };
        assert!(choice("330105014").stands_for("330103001") && choice("330103001").stands_for("330105014"));
        assert!(choice("330105014").stands_for("330105014") && !choice("330105014").stands_for("330103002"));
        assert!(!choice("330105014").stands_for(""));
    }

    async fn marks(pool: &PgPool) -> Vec<String> {
        let rows = sqlx::query_scalar!(
            r#"SELECT ctid::text || ' ' || code AS "mark!" FROM industry
               UNION ALL SELECT ctid::text || ' ' || code FROM land_use
               UNION ALL SELECT ctid::text || ' ' || code FROM subdistrict
               UNION ALL SELECT ctid::text || ' ' || new_code FROM code_successor ORDER BY 1"#
        );
        rows.fetch_all(pool).await.unwrap()
    }
}
