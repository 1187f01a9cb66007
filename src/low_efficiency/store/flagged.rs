//! Who stands on the list of a year, by credit code alone.

use sqlx::PgConnection;

use crate::annual::Query;
use crate::annual::store::{Sql, push_judged};
use crate::db::Scope;
use crate::low_efficiency::rules::counts_as_low;
use crate::low_efficiency::{Line, Outcome};

/// Everybody on the low-efficiency list of a year, in the order of the credit code.
pub async fn flagged(
    connection: &mut PgConnection,
    scope: &Scope,
    year: i32,
    line: &Line,
) -> Result<Vec<String>, sqlx::Error> {
    let low = Outcome::ALL.iter().filter(|outcome| counts_as_low(**outcome, line.comparison));
    let codes: Vec<String> = low.map(|outcome| outcome.code().to_owned()).collect();
    let mut sql = Sql::new("");
    push_judged(&mut sql, scope, &Query::of_year(year), line);
    sql.push(" SELECT uscc FROM judged WHERE outcome = ANY(").push_bind(codes).push(") ORDER BY uscc");
    sql.build_query_scalar().fetch_all(connection).await
}
