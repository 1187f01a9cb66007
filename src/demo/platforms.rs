//! The two invented platforms in their register: one was raised from three stars to four, the other was never rated before 2020.

use super::quarter::PLATFORMS;
use super::register::{SOURCE, day, noon};
use crate::base::period::Period;
use crate::db::PgConnection;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal_macros::dec;
use sqlx::postgres::types::PgRange;
use uuid::Uuid;

const OFFICE: &str = "区科技局数据管理员";

struct Entry {
    code: &'static str,
    name: &'static str,
    kind: &'static str,
    level: Option<i16>,
    area_mu: Decimal,
    valid: Period,
}

fn entries() -> Vec<Entry> {
    let since = |year| day(year, 1, 1);
    let [a, b] = PLATFORMS;
    let park =
        |level, valid| Entry { code: "SL-A", name: a, kind: "industrial_park", level, area_mu: dec!(240), valid };
    let small =
        |level, valid| Entry { code: "SL-B", name: b, kind: "small_enterprise_park", level, area_mu: dec!(210), valid };
    vec![
        park(Some(3), Period::between(since(2018), since(2022))),
        park(Some(4), Period::since(since(2022))),
        small(None, Period::between(since(2018), since(2020))),
        small(Some(2), Period::since(since(2020))),
    ]
}

/// Platforms, and which of them was a key platform in 2019.
pub async fn write(connection: &mut PgConnection, district: &str) -> Result<(), sqlx::Error> {
    for (number, entry) in (1..).zip(entries()) {
        let from: NaiveDate = entry.valid.from.unwrap_or_default();
        sqlx::query!(
            "INSERT INTO platform (district, id, code, name, kind, level, area_mu, valid, document, recorded_at, recorded_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            district as _,
            Uuid::from_u128(0x706c_6174_0000_0000 + number),
            entry.code,
            entry.name,
            entry.kind,
            entry.level,
            entry.area_mu,
            PgRange::from(entry.valid),
            SOURCE,
            noon(from),
            OFFICE
        )
        .execute(&mut *connection)
        .await?;
    }
    sqlx::query!(
        "INSERT INTO evaluation_list (district, id, list, subject_kind, subject, valid, document, recorded_at, recorded_by)
         VALUES ($1, $2, 'key_platform', 'platform', 'SL-A', daterange('2019-01-01', '2020-01-01'), $3, $4, $5)",
        district as _,
        Uuid::from_u128(0x6c69_7374_0000_0001),
        SOURCE,
        noon(day(2019, 1, 1)),
        OFFICE
    )
    .execute(connection)
    .await?;
    Ok(())
}
