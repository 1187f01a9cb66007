//! The facts of a year that measures are laid on, and who is in transition.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sqlx::PgConnection;

use crate::annual::fact::{figures_behind, named};
use crate::annual::store::{FactRow, Sql, complete, push_fact_columns, push_facts};
use crate::annual::transition::transition;
use crate::annual::{EnterpriseYear, Partition, Query};
use crate::db::Scope;
use crate::enterprise::Indicator;
use crate::enterprise::sums::Sums;
use crate::scoring::subject::Fact;

/// Which facts of which year.
pub struct Asked<'a> {
    pub year: i32,
    pub names: &'a BTreeSet<&'a str>,
    pub sums: &'a Sums,
}

pub type OfEnterprises = HashMap<String, BTreeMap<String, Fact>>;

/// By enterprise and name; what is missing, or on record and cannot be right, is not there.
pub async fn of_year(
    connection: &mut PgConnection,
    scope: &Scope,
    these: &[String],
    asked: &Asked<'_>,
) -> Result<OfEnterprises, sqlx::Error> {
    let figures = figures_behind(asked.names, asked.sums);
    let years = enterprises(connection, scope, these, asked.year, &figures).await?;
    let facts = |year: EnterpriseYear| {
        let known = named(&year, asked.sums).into_iter().filter(|(name, _)| asked.names.contains(name));
        (year.uscc, known.map(|(name, fact)| (name.to_owned(), fact)).collect())
    };
    Ok(years.into_iter().map(facts).collect())
}

/// Those of whom 二(一)3 says so on 31 December of the year.
pub async fn in_transition(
    connection: &mut PgConnection,
    scope: &Scope,
    these: &[String],
    (year, years_at_most): (i32, u32),
) -> Result<Vec<String>, sqlx::Error> {
    let found = enterprises(connection, scope, these, year, &[]).await?;
    let in_transition = found.into_iter().filter(|year| transition(&year.facts, years_at_most).is_some());
    Ok(in_transition.map(|year| year.uscc).collect())
}

async fn enterprises(
    connection: &mut PgConnection,
    scope: &Scope,
    these: &[String],
    year: i32,
    figures: &[Indicator],
) -> Result<Vec<EnterpriseYear>, sqlx::Error> {
    let query = Query::of_year(year).within(Partition::These(these.to_vec()));
    // Whoever is graded is seen as a whole, wherever the reader's own sub-district lies.
    let whole = Scope::district(scope.district.clone());
    let mut sql = Sql::new("WITH fact AS (");
    push_facts(&mut sql, &whole, &query, figures);
    sql.push(") SELECT ");
    push_fact_columns(&mut sql, figures);
    sql.push(" FROM fact");
    let rows = sql.build().fetch_all(&mut *connection).await?;
    let rows = rows.iter().map(|row| FactRow::read(row, figures)).collect::<Result<Vec<_>, _>>()?;
    complete(connection, &whole, &query, rows).await
}
