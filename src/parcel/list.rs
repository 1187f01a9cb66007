//! What can be asked of the list of parcels: the same words for the page, the exports and the API.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::SupplyStatus;
use crate::base::period::Period;
use crate::codelist::CrossWalk;
use crate::web::list::{Parameters, is_descending, non_empty, read};
use crate::web::{self, Error};

crate::terms! {
    #[schema(as = ParcelSortKey)]
    pub enum SortKey {
        Code = "code" => "宗地代码",
        /// Parcels without a registered area come last either way.
        Area = "area" => "登记面积",
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub subdistrict: Option<String>,
    pub supply: Option<SupplyStatus>,
    /// Scheme and code: a code means something only within its scheme.
    pub land_use: Option<(String, String)>,
    /// Part of the code or of the name.
    pub text: Option<String>,
    /// Also parcels that had ended by the day, each by its last version.
    pub with_ended: bool,
}

#[derive(Clone, Debug)]
pub struct ListQuery {
    pub on: NaiveDate,
    pub filter: Filter,
    pub sort: SortKey,
    pub descending: bool,
}

/// Where a page ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// m²; none when the last parcel has no registered area.
    #[serde(rename = "a")]
    pub area: Option<Decimal>,
    #[serde(rename = "c")]
    pub code: String,
}

/// One line of the list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    pub id: i64,
    pub code: String,
    pub name: Option<String>,
    #[sqlx(try_from = "sqlx::postgres::types::PgRange<NaiveDate>")]
    pub valid: Period,
    /// m².
    pub official_area_m2: Option<Decimal>,
    pub plane_area_m2: Decimal,
    pub geodesic_area_m2: Decimal,
    pub survey_srid: i32,
    pub survey_truth: bool,
    pub land_use_scheme: Option<String>,
    pub land_use_code: Option<String>,
    pub land_use_name: Option<String>,
    pub supply_status: SupplyStatus,
    /// Where it lies; none while no outline covers it.
    pub subdistrict: Option<String>,
    /// What its code says.
    pub registered_subdistrict: String,
    pub subdistrict_name: Option<String>,
    /// GeoJSON, longitude first; only when asked for.
    pub shape: Option<String>,
}

impl Row {
    /// The code says another sub-district than the place.
    pub fn misplaced(&self) -> bool {
        self.subdistrict.as_ref().is_some_and(|place| *place != self.registered_subdistrict)
    }

    pub fn cursor(&self) -> Cursor {
        Cursor { area: self.official_area_m2, code: self.code.clone() }
    }
}

/// Every field may be absent or empty, which is the same: a form sends empty fields.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    /// Sub-district code, nine digits.
    pub subdistrict: String,
    /// `approved_not_supplied`, `supplied_not_used`, `in_use`, `idle` or `low_efficiency`.
    pub supply: String,
    /// Land use as `scheme:code`, for example `GB/T 21010-2017:0601`.
    pub land_use: String,
    /// Part of the code or of the name.
    pub q: String,
    /// `1`: also parcels that have ended.
    pub all: String,
    /// What held on this day (YYYY-MM-DD); today when empty.
    pub as_of: String,
    /// `code` or `area`.
    pub sort: String,
    /// `asc` or `desc`.
    pub order: String,
    /// `next` of the page before.
    pub after: String,
    /// Lines a page, 1 to 500.
    pub size_of_page: String,
    /// `geojson` for a FeatureCollection (API only).
    #[serde(skip_serializing_if = "is_for_programs")]
    pub format: String,
}

/// No address on a page says it.
fn is_for_programs(_: &str) -> bool {
    true
}

impl ListParameters {
    /// # Errors
    /// The first field that cannot be read.
    pub fn query(&self, today: NaiveDate) -> web::Result<ListQuery> {
        let land_use = non_empty(&self.land_use).map(|text| {
            let (scheme, code) = text.rsplit_once(':')?;
            Some((scheme.to_owned(), code.to_owned()))
        });
        let land_use = match land_use {
            Some(None) => return Err(Error::BadRequest("土地用途应写成“分类标准:代码”".into())),
            other => other.flatten(),
        };
        Ok(ListQuery {
            on: read(&self.as_of, "日期应写成 YYYY-MM-DD")?.unwrap_or(today),
            filter: Filter {
                subdistrict: non_empty(&self.subdistrict).map(|code| CrossWalk::embedded().present_subdistrict(code)),
                supply: read(&self.supply, "没有这样的供应状态")?,
                land_use,
                text: non_empty(&self.q).map(str::to_owned),
                with_ended: non_empty(&self.all).is_some(),
            },
            sort: read(&self.sort, "不能按此列排序")?.unwrap_or(SortKey::Code),
            descending: is_descending(&self.order)?,
        })
    }
}

impl Parameters for ListParameters {
    const SORTED_BY: &'static str = "code";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_land_use_keeps_its_scheme_and_an_address_its_filters() {
        let today = "2024-12-31".parse().unwrap();
        let asked = ListParameters { land_use: "GB/T 21010-2017:0601".into(), q: "=a&b".into(), ..Default::default() };
        let query = asked.query(today).unwrap();
        assert_eq!(query.filter.land_use, Some(("GB/T 21010-2017".into(), "0601".into())));
        assert_eq!(query.on, today);
        assert_eq!(asked.address(&[("sort", "area")]), "?land_use=GB%2FT+21010-2017%3A0601&q=%3Da%26b&sort=area");
        assert!(ListParameters { land_use: "0601".into(), ..Default::default() }.query(today).is_err());
        assert!(ListParameters { order: "up".into(), ..Default::default() }.query(today).is_err());
    }
}
