//! Land on offer.

use chrono::NaiveDate;
use serde_json::json;
use sqlx::postgres::types::PgRange;
use sqlx::{Postgres, QueryBuilder};
use uuid::Uuid;

use super::{CaseError, Result};
use crate::account::{Act, Deed};
use crate::admission::case::Offer;
use crate::base::period::Period;
use crate::db::count::{Total, total as count};
use crate::db::keyset::{Page, Position};
use crate::db::{PgConnection, PgPool, Scope, layer};
use crate::parcel::claims::{self, Land, Own, Standing};

/// What is put on offer.
#[derive(Clone, Debug)]
pub struct NewOffer {
    pub parcel_code: String,
    pub title: String,
    pub land_kind: crate::policy::standard::LandKind,
    pub zone: Option<String>,
    pub sets: Vec<String>,
    pub offered: Period,
    /// Why it is offered although something stands against its land.
    pub beside: Option<String>,
}

/// Offers that run on a day, by title.
pub async fn running(pool: &PgPool, scope: &Scope, on: NaiveDate) -> Result<Vec<Offer>, sqlx::Error> {
    sqlx::query_as!(
        Offer,
        r#"SELECT id, parcel_code, title, land_kind, zone, sets, lower(offered) AS "from", upper(offered) AS until, version, recorded_by,
                beside_ground AS beside
           FROM admission_offer WHERE district = $1 AND offered @> $2::date ORDER BY title, id"#,
        scope.county(),
        on
    )
    .fetch_all(pool)
    .await
}

/// First day and number of the last offer of a page.
pub type Cursor = (NaiveDate, Uuid);

/// One page of at most `size` of all offers there ever were, those that began last first.
pub async fn page(
    pool: &PgPool,
    scope: &Scope,
    position: &Position<Cursor>,
    size: u16,
) -> Result<Page<Offer, Cursor>, sqlx::Error> {
    let mut sql = QueryBuilder::<Postgres>::new(
        "SELECT id, parcel_code, title, land_kind, zone, sets, lower(offered) AS \"from\", upper(offered) AS until, version,
                recorded_by, beside_ground AS beside FROM admission_offer WHERE district = ",
    );
    sql.push_bind(scope.county().to_owned());
    position.push_page(&mut sql, ["lower(offered)", "id"], true, size);
    let offers = sql.build_query_as().fetch_all(pool).await?;
    // An offer always has its first day.
    Ok(position.paginate(offers, size.into(), |offer: &Offer| (offer.from.unwrap_or_default(), offer.id)))
}

/// How many offers there ever were, as far as that is quickly said.
pub async fn total(pool: &PgPool, scope: &Scope) -> Result<Total, sqlx::Error> {
    count(pool, |sql| {
        sql.push("SELECT FROM admission_offer WHERE district = ").push_bind(scope.county().to_owned());
    })
    .await
}

pub async fn find(pool: &PgPool, scope: &Scope, id: Uuid) -> Result<Option<Offer>, sqlx::Error> {
    let row = sqlx::query!(
        "SELECT id, parcel_code, title, land_kind, zone, sets, offered, version, recorded_by, beside_ground FROM admission_offer
         WHERE district = $1 AND id = $2",
        scope.county(),
        id
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| {
        let period = Period::from(row.offered);
        Offer {
            id: row.id,
            parcel_code: row.parcel_code,
            title: row.title,
            land_kind: row.land_kind,
            zone: row.zone,
            sets: row.sets,
            from: period.from,
            until: period.until,
            version: row.version,
            recorded_by: row.recorded_by,
            beside: row.beside_ground,
        }
    }))
}

pub(super) async fn exists(
    connection: &mut PgConnection,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!("SELECT id FROM admission_offer WHERE district = $1 AND id = $2", scope.county(), id)
        .fetch_optional(connection)
        .await
}

/// Puts a parcel on offer. The same parcel is never on offer twice at a time.
pub async fn open(act: &Act, offer: &NewOffer) -> Result<Uuid> {
    let mut transaction = act.begin().await?;
    let known = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM parcel_version WHERE district = $1 AND code = $2 AND superseded_at IS NULL AND valid @> $3::date) AS "known!""#,
        act.scope.county(),
        offer.parcel_code,
        offer.offered.from
    )
    .fetch_one(&mut *transaction)
    .await?;
    if !known {
        return Err(CaseError::Invalid(format!("台账中没有现行有效的宗地 {}", offer.parcel_code)));
    }
    let standing = against(&mut transaction, act, &offer.parcel_code).await?;
    if !standing.is_empty() && offer.beside.is_none() {
        let standing = claims::listed(&standing);
        return Err(CaseError::Invalid(format!(
            "宗地 {} 上已有：{standing}。仍须供应的（如只供应其中部分），请填写“并存理由”",
            offer.parcel_code
        )));
    }
    let beside = offer.beside.as_ref();
    let id = Uuid::now_v7();
    let written = sqlx::query!(
        "INSERT INTO admission_offer (district, id, parcel_code, title, land_kind, zone, sets, offered, recorded_at, recorded_by,
             beside_ground, beside_by, beside_on)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        act.scope.county(),
        id,
        offer.parcel_code,
        offer.title,
        offer.land_kind.code(),
        offer.zone,
        &offer.sets,
        PgRange::from(offer.offered),
        act.now,
        act.actor.name,
        beside,
        beside.map(|_| act.actor.name.as_str()),
        beside.map(|_| act.today())
    )
    .execute(&mut *transaction)
    .await;
    match written {
        Ok(_) => {}
        // 23P01: the exclusion constraint on periods.
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("23P01") => {
            return Err(CaseError::Invalid("该宗地在此期间已经在供".into()));
        }
        Err(error) => return Err(error.into()),
    }
    let deed = Deed {
        action: "admission.offer",
        subject_kind: "parcel",
        subject: &offer.parcel_code,
        detail: json!({
            "offer": id, "sets": offer.sets, "offered": offer.offered, "beside": offer.beside,
            "against": standing.iter().map(Standing::key).collect::<Vec<_>>(),
        }),
    };
    layer::raise(&mut transaction, &act.scope, layer::CASES).await?;
    act.record(&mut transaction, deed).await?;
    transaction.commit().await?;
    Ok(id)
}

/// What stands against a parcel today.
async fn against(connection: &mut PgConnection, act: &Act, parcel: &str) -> Result<Vec<Standing>> {
    let on = act.today();
    let tolerance = claims::store::tolerance(&act.pool, on).await?;
    let land = Land { parcels: vec![parcel.to_owned()], shape: None };
    Ok(claims::store::against(connection, &act.scope, &land, &Own::default(), tolerance, on).await?)
}

/// Ends an offer on `until`, the first day on which it no longer runs.
pub async fn close(act: &Act, id: Uuid, version: i32, until: NaiveDate) -> Result<()> {
    let mut transaction = act.begin().await?;
    let closed = sqlx::query_scalar!(
        "UPDATE admission_offer SET offered = daterange(lower(offered), $4), version = version + 1
         WHERE district = $1 AND id = $2 AND version = $3 AND lower(offered) < $4 AND (upper_inf(offered) OR upper(offered) > $4)
         RETURNING parcel_code",
        act.scope.county(),
        id,
        version,
        until
    )
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(parcel) = closed else {
        return Err(CaseError::Invalid("地块的供应信息已被他人修改，或结束日期不在供应期内，请刷新页面".into()));
    };
    let deed = Deed {
        action: "admission.offer_end",
        subject_kind: "parcel",
        subject: &parcel,
        detail: json!({ "offer": id, "until": until }),
    };
    act.record(&mut transaction, deed).await?;
    transaction.commit().await?;
    Ok(())
}
