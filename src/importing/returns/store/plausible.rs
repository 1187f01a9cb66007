//! Figures that cannot well be: a slip of the unit is ten thousand times. They stay out until a person waves them through.

use crate::annual::deciding_day;
use crate::db::PgConnection;
use crate::enterprise::Indicator;
use crate::enterprise::sums::{Sum, SumError, Sums};
use crate::exchange::Fault;
use crate::importing::Order;
use crate::importing::table_stage::placed;
use crate::importing::table_wording as wording;
use crate::policy::{Parameter, ParameterError, Parameters};
use crate::scoring::subject::Fact;

use rust_decimal::Decimal;
use rust_decimal_macros::dec;

/// How many times last year's figure, or how small a part of it, is hardly the same enterprise's. Local choices.
const FROM_LAST_YEAR: Decimal = dec!(1000);
const FROM_PEERS: Decimal = dec!(10000);
/// Fewer figures of one kind and year in the file have no middle worth the name; the register's is taken then.
const PEERS: i64 = 10;

/// One figure with what it is held against.
struct Doubtful {
    record: i64,
    line: i64,
    indicator: Indicator,
    value: Decimal,
    other: Decimal,
}

pub async fn check(
    connection: &mut PgConnection,
    order: &Order,
    published: &[Parameter],
) -> anyhow::Result<Vec<Fault>> {
    let actor = order.options.accept_warnings.then_some(order.actor.name.as_str());
    let mut found: Vec<(i64, i64, Fault)> = Vec::new();
    for it in against_last_year(connection, order).await? {
        let (of, unit) = (it.indicator.label(), it.indicator.unit());
        found.push((it.record, it.line, wording::far_from_last_year(of, it.value, it.other, unit)));
    }
    for it in against_peers(connection, order).await? {
        let (of, unit) = (it.indicator.label(), it.indicator.unit());
        found.push((it.record, it.line, wording::far_from_peers(of, it.value, it.other, unit)));
    }
    for it in tax_above_revenue(connection, order).await? {
        found.push((it.record, it.line, wording::tax_above_revenue(it.value, it.other)));
    }
    for it in sums_beside_their_parts(connection, order, published).await? {
        let (of, unit) = (it.indicator.label(), it.indicator.unit());
        found.push((it.record, it.line, wording::differs_from_its_parts(of, it.value, it.other, unit)));
    }
    if actor.is_none() {
        let records: Vec<i64> = found.iter().map(|(record, ..)| *record).collect();
        sqlx::query!("UPDATE staging_return SET rejected = true WHERE record = ANY($1)", &records)
            .execute(connection)
            .await?;
    }
    let said = |(record, line, fault)| placed(wording::to_be_waved_through(fault, actor), record, line);
    Ok(found.into_iter().map(said).collect())
}

/// Last year's figure is the register's, or that of the same file.
async fn against_last_year(connection: &mut PgConnection, order: &Order) -> Result<Vec<Doubtful>, sqlx::Error> {
    sqlx::query_as!(
        Doubtful,
        r#"SELECT s.record, s.line, f.indicator AS "indicator: Indicator", f.value, coalesce(t.value, r.value) AS "other!"
           FROM staging_figure f JOIN staging_return s USING (record)
           LEFT JOIN staging_figure t ON t.uscc = f.uscc AND t.year = f.year - 1 AND t.indicator = f.indicator
           LEFT JOIN return_figure r ON r.district = $1 AND r.year = f.year - 1 AND r.indicator = f.indicator
                AND r.uscc = f.uscc AND r.superseded_at IS NULL
           WHERE NOT f.unchanged AND NOT s.rejected AND f.value > 0 AND coalesce(t.value, r.value) > 0
             AND (f.value >= coalesce(t.value, r.value) * $2 OR coalesce(t.value, r.value) >= f.value * $2)
           ORDER BY s.record, f.indicator"#,
        order.scope.county(),
        FROM_LAST_YEAR
    )
    .fetch_all(connection)
    .await
}

async fn against_peers(connection: &mut PgConnection, order: &Order) -> Result<Vec<Doubtful>, sqlx::Error> {
    sqlx::query_as!(
        Doubtful,
        r#"WITH told AS (
               SELECT year, indicator, count(*) AS many, percentile_disc(0.5) WITHIN GROUP (ORDER BY value) AS middle
               FROM staging_figure WHERE value > 0 GROUP BY year, indicator
           ), peers AS (
               SELECT year, indicator, CASE WHEN many >= $2 THEN middle ELSE (
                   SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY r.value) FROM return_figure r
                   WHERE r.district = $1 AND r.year IN (told.year, told.year - 1) AND r.indicator = told.indicator
                     AND r.superseded_at IS NULL AND r.value > 0 HAVING count(*) >= $2) END AS middle
               FROM told
           )
           SELECT s.record, s.line, f.indicator AS "indicator: Indicator", f.value, p.middle AS "other!"
           FROM staging_figure f JOIN peers p USING (year, indicator) JOIN staging_return s ON s.record = f.record
           WHERE NOT f.unchanged AND NOT s.rejected AND f.value >= p.middle * $3
           ORDER BY s.record, f.indicator"#,
        order.scope.county(),
        PEERS,
        FROM_PEERS
    )
    .fetch_all(connection)
    .await
}

async fn tax_above_revenue(connection: &mut PgConnection, order: &Order) -> Result<Vec<Doubtful>, sqlx::Error> {
    sqlx::query_as!(
        Doubtful,
        r#"WITH told AS (
               SELECT record, max(value) FILTER (WHERE indicator = 'tax_paid') AS tax,
                      max(value) FILTER (WHERE indicator = 'revenue') AS revenue
               FROM staging_figure WHERE indicator IN ('tax_paid', 'revenue')
               GROUP BY record HAVING NOT bool_and(unchanged)
           )
           SELECT s.record, s.line, 'tax_paid' AS "indicator!: Indicator", coalesce(told.tax, t.value) AS "value!",
                  coalesce(told.revenue, r.value) AS "other!"
           FROM told JOIN staging_return s USING (record)
           LEFT JOIN return_figure t ON t.district = $1 AND t.year = s.year AND t.indicator = 'tax_paid'
                AND t.uscc = s.uscc AND t.superseded_at IS NULL
           LEFT JOIN return_figure r ON r.district = $1 AND r.year = s.year AND r.indicator = 'revenue'
                AND r.uscc = s.uscc AND r.superseded_at IS NULL
           WHERE NOT s.rejected AND coalesce(told.tax, t.value) > coalesce(told.revenue, r.value)
           ORDER BY s.record"#,
        order.scope.county()
    )
    .fetch_all(connection)
    .await
}

/// A sum that is told, or on record, beside all of its parts and differs from them. For years in which no conversion was in force
/// there is no sum.
async fn sums_beside_their_parts(
    connection: &mut PgConnection,
    order: &Order,
    published: &[Parameter],
) -> anyhow::Result<Vec<Doubtful>> {
    let years = sqlx::query_scalar!("SELECT DISTINCT year FROM staging_figure ORDER BY year");
    let mut found = Vec::new();
    for year in years.fetch_all(&mut *connection).await? {
        let in_force = Parameters::on(deciding_day(year.into()), published.iter().cloned());
        let sums = match Sums::from_parameters(&in_force) {
            Err(SumError::Parameter(ParameterError::NotInForce { .. })) => continue,
            sums => sums?,
        };
        for sum in sums.all() {
            found.extend(apart(connection, order, year, sum).await?);
        }
    }
    Ok(found)
}

async fn apart(
    connection: &mut PgConnection,
    order: &Order,
    year: i16,
    sum: &Sum,
) -> Result<Vec<Doubtful>, sqlx::Error> {
    let parts: Vec<String> = sum.parts.iter().map(|(part, _)| part.code().to_owned()).collect();
    let weights: Vec<Decimal> = sum.parts.iter().map(|(_, weight)| *weight).collect();
    let rows = sqlx::query!(
        r#"WITH told AS (
               SELECT DISTINCT record, uscc FROM staging_figure
               WHERE year = $2 AND NOT unchanged AND (indicator = $3 OR indicator = ANY($4))
           ), part AS (
               SELECT t.record, i.weight, coalesce(f.value, r.value) AS value
               FROM told t CROSS JOIN (SELECT * FROM unnest($4::text[], $5::numeric[]) UNION ALL SELECT $3, NULL) AS i (indicator, weight)
               LEFT JOIN staging_figure f ON f.record = t.record AND f.indicator = i.indicator
               LEFT JOIN return_figure r ON r.district = $1 AND r.year = $2 AND r.indicator = i.indicator AND r.uscc = t.uscc
                    AND r.superseded_at IS NULL
           ), stated AS (
               SELECT record, max(value) FILTER (WHERE weight IS NULL) AS value, sum(value * weight) AS amount
               FROM part GROUP BY record HAVING count(value) = count(*)
           )
           SELECT s.record, s.line, stated.value AS "value!", stated.amount AS "amount!"
           FROM stated JOIN staging_return s USING (record)
           WHERE NOT s.rejected AND abs(stated.value * $6 - stated.amount) * 100 > stated.amount * $7
           ORDER BY s.record"#,
        order.scope.county(),
        year,
        sum.of.code(),
        &parts,
        &weights,
        Decimal::from(sum.over),
        sum.tolerance
    )
    .fetch_all(connection)
    .await?;
    let shown = |amount| Fact { amount, over: sum.over }.exact().rounded(6).unwrap_or(amount);
    Ok(rows
        .into_iter()
        .map(|row| Doubtful {
            record: row.record,
            line: row.line,
            indicator: sum.of,
            value: row.value,
            other: shown(row.amount),
        })
        .collect())
}
