//! Figures that cannot well be: a slip of the unit is ten thousand times. They stay out until a person waves them through.

use crate::db::PgConnection;
use crate::enterprise::Indicator;
use crate::exchange::Fault;
use crate::importing::Order;
use crate::importing::table_stage::placed;
use crate::importing::table_wording as wording;

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

pub async fn check(connection: &mut PgConnection, order: &Order) -> Result<Vec<Fault>, sqlx::Error> {
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
