//! What an address says: the same words for pages, exports and the API.

use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::Kind;
use super::store::{Place, Sought};
use crate::account::Department;
use crate::enterprise::Indicator;
use crate::web;
use crate::web::list::{Parameters, non_empty, read};

const YEAR: &str = "年度应为四位数字";

/// Every field may be absent or empty, which is the same: a form sends empty fields.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct MatrixParameters {
    /// The year of the annual return; the newest with figures when empty.
    pub year: String,
    /// Only figures that this department vouches for.
    pub department: String,
    /// Sub-district code, nine digits.
    pub subdistrict: String,
}

impl MatrixParameters {
    /// # Errors
    /// When it cannot be read.
    pub fn year(&self, default: i32) -> web::Result<i32> {
        Ok(read(&self.year, YEAR)?.unwrap_or(default))
    }

    /// # Errors
    /// When there is no such department.
    pub fn department(&self) -> web::Result<Option<Department>> {
        read(&self.department, "没有这样的部门")
    }
}

impl Parameters for MatrixParameters {}

/// Which enterprises stand behind a count.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    /// The year of the annual return; the newest with figures when empty.
    pub year: String,
    /// The code of the figure, such as `tax_paid`, which it is when empty.
    pub indicator: String,
    /// `missing` (also when empty), `reported`, `confirmed` or `doubtful`.
    pub kind: String,
    /// Sub-district code; `none` for enterprises that are registered in no sub-district; everywhere when empty.
    pub subdistrict: String,
    /// `next` of the page before.
    pub after: String,
    /// Lines a page, 1 to 500.
    pub size_of_page: String,
}

/// Stands for enterprises without a sub-district.
pub const NONE: &str = "none";

impl ListParameters {
    /// # Errors
    /// The first field that cannot be read.
    pub fn sought(&self, default_year: i32) -> web::Result<Sought> {
        Ok(Sought {
            year: read(&self.year, YEAR)?.unwrap_or(default_year),
            indicator: read(&self.indicator, "没有这样的指标")?.unwrap_or(Indicator::TaxPaid),
            kind: read(&self.kind, "应为缺报、已申报、已确认或存疑")?.unwrap_or(Kind::Missing),
            place: match non_empty(&self.subdistrict) {
                None => Place::Everywhere,
                Some(NONE) => Place::Unregistered,
                Some(code) => Place::Subdistrict(code.to_owned()),
            },
        })
    }
}

impl Parameters for ListParameters {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_fields_are_absent_and_wrong_ones_are_named() {
        let plain = ListParameters::default().sought(2024).unwrap();
        let tax = Sought { year: 2024, indicator: Indicator::TaxPaid, kind: Kind::Missing, place: Place::Everywhere };
        assert_eq!(plain, tax);
        let none = ListParameters { subdistrict: NONE.into(), kind: "doubtful".into(), ..Default::default() };
        let none = none.sought(2024).unwrap();
        assert_eq!((none.kind, none.place), (Kind::Doubtful, Place::Unregistered));
        let wrong = ListParameters { indicator: "luck".into(), ..Default::default() };
        assert_eq!(wrong.sought(2024).unwrap_err().to_string(), "没有这样的指标");
        assert!(MatrixParameters { year: "x".into(), ..Default::default() }.year(2024).is_err());
        let parameters = MatrixParameters { department: "税务".into(), ..Default::default() };
        assert_eq!(parameters.department().unwrap_err().to_string(), "没有这样的部门");
    }
}
