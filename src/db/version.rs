//! Whether a database was brought to its state by this program's migrations.

use std::fmt;

use super::{MIGRATOR, PgPool};

/// How a database stands to the migrations of this program.
#[derive(Debug, PartialEq, Eq)]
pub struct Version {
    /// Not applied yet.
    pub missing: usize,
    /// What was applied and is not of this program.
    pub foreign: Option<Foreign>,
}

/// Why this program leaves a database alone.
#[derive(Debug, PartialEq, Eq)]
pub enum Foreign {
    /// Everything this program knows was applied as it knows it, and so many more.
    Newer { count: usize },
    /// This migration was applied with other content than the program's, or is none of its.
    Other { version: i64 },
}

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Foreign::Newer { count } => {
                write!(f, "{count} migrations are of a newer program than this one; run the newer program")
            }
            Foreign::Other { version } => write!(
                f,
                "migration {version} was applied by a program whose migrations are not this one's: from before they were \
                 published, or changed since. Such a database cannot be brought to this version and was left as it is. Run \
                 the program that made it, or name an empty database (DATABASE_URL, or another MUHENG_HOME) and import the \
                 registers into it"
            ),
        }
    }
}

/// Migrations by their number, with their content's checksum.
type Numbered<'a> = (i64, &'a [u8]);

fn compare(applied: &[Numbered<'_>], known: &[Numbered<'_>]) -> Version {
    let newest = known.iter().map(|(version, _)| *version).max().unwrap_or(0);
    let is_newer = |(version, _): &&Numbered<'_>| *version > newest;
    let other = applied.iter().find(|migration| !is_newer(migration) && !known.contains(migration));
    let foreign = match (other, applied.iter().filter(is_newer).count()) {
        (Some((version, _)), _) => Some(Foreign::Other { version: *version }),
        (None, 0) => None,
        (None, count) => Some(Foreign::Newer { count }),
    };
    let is_applied = |version: i64| applied.iter().any(|(number, _)| *number == version);
    Version { missing: known.iter().filter(|(version, _)| !is_applied(*version)).count(), foreign }
}

/// Holds what was applied to a database against the migrations of this program; changes nothing.
pub async fn of(pool: &PgPool) -> Result<Version, sqlx::Error> {
    let has_migrations =
        sqlx::query_scalar!(r#"SELECT to_regclass('_sqlx_migrations') IS NOT NULL AS "has_migrations!""#)
            .fetch_one(pool)
            .await?;
    let applied = match has_migrations {
        true => {
            sqlx::query!("SELECT version, checksum FROM _sqlx_migrations WHERE success ORDER BY version")
                .fetch_all(pool)
                .await?
        }
        false => Vec::new(),
    };
    let applied: Vec<Numbered<'_>> = applied.iter().map(|row| (row.version, row.checksum.as_slice())).collect();
    let known: Vec<Numbered<'_>> =
        MIGRATOR.iter().map(|migration| (migration.version, migration.checksum.as_ref())).collect();
    Ok(compare(&applied, &known))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::migrate;

    const KNOWN: [Numbered<'static>; 3] = [(1, b"one"), (2, b"two"), (3, b"three")];

    #[test]
    fn what_is_not_applied_is_missing_and_no_more() {
        assert_eq!(compare(&[], &KNOWN), Version { missing: 3, foreign: None });
        assert_eq!(compare(&KNOWN[..2], &KNOWN), Version { missing: 1, foreign: None });
        assert_eq!(compare(&KNOWN, &KNOWN), Version { missing: 0, foreign: None });
    }

    #[test]
    fn a_newer_program_knows_all_of_these_and_others() {
        let newer = [KNOWN[0], KNOWN[1], KNOWN[2], (4, b"four"), (6, b"six")];
        assert_eq!(compare(&newer, &KNOWN), Version { missing: 0, foreign: Some(Foreign::Newer { count: 2 }) });
    }

    #[test]
    fn other_content_under_a_known_number_is_no_newer_program() {
        let changed = [KNOWN[0], (2, b"2".as_slice()), KNOWN[2], (4, b"four")];
        assert_eq!(compare(&changed, &KNOWN).foreign, Some(Foreign::Other { version: 2 }));
        // A number that this program left out lies below its newest.
        let left_out = [KNOWN[0], (2, b"two".as_slice()), KNOWN[2]];
        assert_eq!(compare(&left_out, &[KNOWN[0], KNOWN[2]]).foreign, Some(Foreign::Other { version: 2 }));
    }

    async fn answer(pool: &PgPool) -> String {
        format!("{:#}", migrate(pool).await.unwrap_err())
    }

    #[sqlx::test(migrator = "crate::db::MIGRATOR")]
    async fn a_database_of_other_migrations_is_named_and_left_alone(pool: PgPool) {
        assert_eq!(of(&pool).await.unwrap(), Version { missing: 0, foreign: None });
        migrate(&pool).await.unwrap();

        sqlx::raw_sql(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                       VALUES (9999, 'later', true, '\\x00', 0)",
        )
        .execute(&pool)
        .await
        .unwrap();
        assert_eq!(answer(&pool).await, "1 migrations are of a newer program than this one; run the newer program");

        sqlx::raw_sql("UPDATE _sqlx_migrations SET checksum = '\\x00' WHERE version = 1; DELETE FROM _sqlx_migrations WHERE version = 2")
            .execute(&pool).await.unwrap();
        let answer = answer(&pool).await;
        assert!(
            answer.starts_with("migration 1 was applied by a program whose migrations are not this one's"),
            "{answer}"
        );
        assert!(answer.contains("was left as it is") && answer.contains("name an empty database"), "{answer}");
        let missing = of(&pool).await.unwrap().missing;
        assert_eq!(missing, 1, "nothing was applied after all");
    }
}
