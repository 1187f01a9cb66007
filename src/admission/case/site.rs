//! Finds the land of a case: out of an offer, a drawing, a file or the register.

use rust_decimal::Decimal;
use rust_decimal_macros::dec;
use uuid::Uuid;

use super::application::{Application, SiteKind};
use super::land::Site;
use super::store::site as sql;
use crate::base::text::Seen;
use crate::base::unit::grouped;
use crate::db::geom::Geom;
use crate::db::{PgPool, Scope};
use crate::exchange::frame;
use crate::parcel::claims::{self, Land, Own, Standing};
use crate::parcel::shapes::{self, Unread};
use crate::permits::{self, Refused};

/// Parts further apart than a street and its verges are pointed out, m.
pub const FAR_APART_M: f64 = 60.0;

/// What may lie outside the district's outline without being more than the inaccuracy of outlines.
pub const OUTSIDE_TOLERANCE_M2: Decimal = dec!(10);

/// Finds the land an application names. `own` is the case itself, which does not overlap itself.
///
/// # Errors
/// Only when the database fails or there is no turn; what is wrong with the site is in its gaps.
pub async fn resolve(
    pool: &PgPool,
    scope: &Scope,
    application: &Application,
    own: Option<Uuid>,
    today: chrono::NaiveDate,
) -> anyhow::Result<Site> {
    let site = Site::default();
    let site = match application.site_kind() {
        None => site.wrong("site_kind", "site_missing", "请选择用地来源"),
        Some(SiteKind::Offer) => of_offer(pool, scope, application, today).await?,
        Some(SiteKind::Parcel) => of_parcel(pool, scope, &application.parcel, "parcel", today).await?,
        Some(SiteKind::Drawn | SiteKind::Uploaded) => of_shape(application).await?,
    };
    let Some(shape) = site.shape.clone() else { return Ok(site) };
    let _turn = permits::turn_if_crowded(application.shape.len()).await?;
    let site = survey(pool, scope, site, &shape, own, today).await?;
    Ok(if application.site_kind() == Some(SiteKind::Offer) { taken(site) } else { site })
}

/// Land on offer that was granted meanwhile is on offer no more, unless it is offered beside that grant.
fn taken(site: Site) -> Site {
    let grants: Vec<Standing> = site.standing.iter().filter(|it| it.is_contract()).cloned().collect();
    if grants.is_empty() || site.offered_beside {
        return site;
    }
    let message = format!("该地块已不再在供：已有{}", claims::listed(&grants));
    site.wrong("offer", "offer_taken", message)
}

async fn of_offer(
    pool: &PgPool,
    scope: &Scope,
    application: &Application,
    today: chrono::NaiveDate,
) -> Result<Site, sqlx::Error> {
    let site = Site::default();
    let Ok(id) = application.offer.parse::<Uuid>() else {
        return Ok(site.wrong("offer", "offer_missing", "请选择在供地块"));
    };
    let Some(offer) = super::store::offers::find(pool, scope, id).await? else {
        return Ok(site.wrong("offer", "offer_unknown", "没有这宗在供地块"));
    };
    let mut site = of_parcel(pool, scope, &offer.parcel_code, "offer", today).await?;
    site.offered_beside = offer.beside.is_some();
    let offered = offer.from.is_none_or(|from| from <= today) && offer.until.is_none_or(|until| today < until);
    if !offered {
        site = site.wrong("offer", "offer_over", format!("地块“{}”已不在供应期内", offer.title));
    }
    if !offer.sets.contains(&application.set) {
        site = site.wrong("set", "set_missing", "在供地块须选定一行“标准地”指标，竞得后受其约束");
    }
    if !application.land_kind.is_empty() && application.land_kind != offer.land_kind {
        site = site.wrong("land_kind", "land_kind_differs", "所填土地类型与在供地块不一致");
    }
    Ok(site)
}

async fn of_parcel(
    pool: &PgPool,
    scope: &Scope,
    code: &str,
    field: &str,
    today: chrono::NaiveDate,
) -> Result<Site, sqlx::Error> {
    let site = Site::default();
    if code.is_empty() {
        return Ok(site.wrong(field, "parcel_missing", "请填写宗地代码"));
    }
    match sql::parcel_shape(pool, scope, code, today).await? {
        Some(shape) => Ok(Site { shape: Some(shape), parcel: Some(code.to_owned()), ..site }),
        None => Ok(site.wrong(field, "parcel_unknown", format!("台账中没有现行有效的宗地 {code}"))),
    }
}

/// Reads a drawn, pasted or uploaded shape; several are one site of several parts.
async fn of_shape(application: &Application) -> Result<Site, Refused> {
    let site = Site::default();
    if application.shape.is_blank() {
        return Ok(site.wrong("shape", "shape_missing", "请画出、粘贴或上传用地范围"));
    }
    let srid = match application.srid.seen() {
        "" => None,
        text => match frame::parse_srid(text) {
            Some(srid) => Some(srid),
            None => return Ok(site.wrong("srid", "srid_unknown", "坐标系应为 EPSG 代码，如 4490 或 4528")),
        },
    };
    let text = as_geojson(&application.shape).unwrap_or_else(|| application.shape.clone());
    let read = shapes::read_or_ask(text.into_bytes(), String::new(), srid).await?;
    Ok(match read.map_err(Unread::into_faults) {
        Ok(read) => match united(read) {
            Some(shape) => Site { shape: Some(shape), ..site },
            None => site.wrong("shape", "shape_frames", "几个图形的坐标系不一致"),
        },
        Err(faults) => faults.into_iter().fold(site, |site, fault| site.wrong("shape", "shape_invalid", fault.message)),
    })
}

/// Lines of `longitude,latitude` as people type them are a ring; anything else is left to the readers of files.
pub fn as_geojson(text: &str) -> Option<String> {
    let mut ring: Vec<[f64; 2]> = Vec::new();
    for line in text.lines().map(Seen::seen).filter(|line| !line.is_empty()) {
        let parts: Vec<&str> = line.split([',', '，', '\t', ' ']).filter(|part| !part.is_empty()).collect();
        let [x, y] = parts.as_slice() else { return None };
        ring.push([x.parse().ok()?, y.parse().ok()?]);
    }
    if ring.len() < 3 {
        return None;
    }
    if ring.first() != ring.last() {
        ring.push(ring[0]);
    }
    Some(serde_json::json!({ "type": "Polygon", "coordinates": [ring] }).to_string())
}

fn united(read: Vec<shapes::ReadShape>) -> Option<Geom> {
    let srid = read.first()?.shape.srid;
    let mut parts = Vec::new();
    for each in read {
        if each.shape.srid != srid {
            return None;
        }
        parts.extend(each.shape.into_multi_polygon()?.0);
    }
    Some(Geom::new(geo_types::MultiPolygon(parts), srid))
}

async fn survey(
    pool: &PgPool,
    scope: &Scope,
    mut site: Site,
    shape: &Geom,
    own: Option<Uuid>,
    today: chrono::NaiveDate,
) -> Result<Site, sqlx::Error> {
    let Some(measured) = sql::measure(pool, scope, shape, today).await? else {
        site.shape = None;
        return Ok(site.wrong("shape", "shape_invalid", "图形自相交或各部分重叠，请改正后重新填写"));
    };
    site.survey_srid = measured.survey_srid;
    site.area_m2 = Some(measured.area_m2);
    site.subdistrict = measured.subdistrict;
    if measured.area_m2 <= Decimal::ZERO {
        site.shape = None;
        return Ok(site.wrong("shape", "area_zero", "用地面积为零"));
    }
    site.shape = Some(measured.shape);
    if let Some(gap) = measured.gap_m.filter(|gap| *gap > FAR_APART_M) {
        site.notes.push(format!(
            "用地由 {} 块组成，最近处相距 {gap:.0} 米；请核实是否应作为一个项目、一次供地",
            measured.parts
        ));
    }
    match measured.outside_m2 {
        Some(outside) if outside >= measured.area_m2 => {
            return Ok(site.wrong("shape", "outside_district", "用地全部位于本区范围之外，请核对坐标"));
        }
        Some(outside) if outside > OUTSIDE_TOLERANCE_M2 => {
            let message = format!("用地有 {} 平方米位于本区范围之外", grouped(outside, 2));
            site = site.wrong("shape", "outside_district", message);
        }
        Some(_) => {}
        None => site.notes.push("本区界线尚未导入，未能核对用地是否位于区内".into()),
    }
    if let Some(shape) = &site.shape {
        site.overlaps = sql::overlaps(pool, scope, shape, site.survey_srid, own).await?;
        let land = Land { parcels: site.parcel.iter().cloned().collect(), shape: Some(shape.clone()) };
        let own = Own { case: own, ..Own::default() };
        let tolerance = claims::store::tolerance(pool, today).await?;
        let mut connection = pool.acquire().await?;
        site.standing = claims::store::against(&mut connection, scope, &land, &own, tolerance, today).await?;
    }
    Ok(site)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_corners_are_a_ring_and_nothing_else_is() {
        let ring = as_geojson("120.1,30.3\n120.2，30.3\n\n120.2 30.4").unwrap();
        assert!(ring.contains("[120.1,30.3]]]"), "closed: {ring}");
        assert_eq!(as_geojson("120.1,30.3\n120.2,30.3"), None);
        assert_eq!(as_geojson("J1,1,3361000,40515000"), None);
        assert_eq!(as_geojson("{}"), None);
    }

    #[tokio::test]
    async fn a_shape_that_crosses_itself_is_said_and_kept() {
        let application = Application {
            site_kind: "drawn".into(),
            shape: "120.10,30.30\n120.20,30.40\n120.20,30.30\n120.10,30.40".into(),
            ..Application::default()
        };
        let site = of_shape(&application).await.unwrap();
        assert!(site.shape.is_none());
        assert!(site.gaps[0].message.contains("相交"), "{:?}", site.gaps);
    }
}
