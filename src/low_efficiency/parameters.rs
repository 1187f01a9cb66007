//! What an address of the list says: the same words for the page, the export and the API.

use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::list::{Cursor, ListQuery, SortKey};
use crate::annual::{Filter, Query};
use crate::base::clock::end_of_day;
use crate::codelist::CrossWalk;
use crate::web;
use crate::web::list::{Parameters, is_descending, non_empty, read};

/// Every field may be absent or empty, which is the same: a form sends empty fields.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    /// The year of the annual return.
    pub year: String,
    /// Sub-district code, nine digits.
    pub subdistrict: String,
    /// Section of GB/T 4754, a capital letter.
    pub section: String,
    /// Division of GB/T 4754, two digits.
    pub division: String,
    /// `above` or `below` designated size.
    pub size: String,
    /// `industry`, `service` or `other`.
    pub sector: String,
    /// Outcomes by code, separated by commas; all of them when empty.
    pub outcome: String,
    /// Part of the name or of the credit code.
    pub q: String,
    /// `outcome`, `tax_per_mu`, `tax`, `land` or `name`.
    pub sort: String,
    /// `asc` or `desc`.
    pub order: String,
    /// What was on record at the end of this day (YYYY-MM-DD).
    pub as_of: String,
    /// `next` of the page before.
    pub after: String,
    /// Lines a page, 1 to 500.
    pub size_of_page: String,
}

impl ListParameters {
    /// # Errors
    /// The first field that cannot be read.
    pub fn query(&self, default_year: i32) -> web::Result<ListQuery> {
        let outcomes = self.outcome.split(',').filter_map(non_empty).map(|outcome| read(outcome, "没有这样的认定结果"));
        let as_of = read(&self.as_of, "日期应写成 YYYY-MM-DD")?;
        let year = read(&self.year, "年度应为四位数字")?.unwrap_or(default_year);
        let filter = Filter {
            subdistrict: non_empty(&self.subdistrict).map(|code| CrossWalk::embedded().present_subdistrict(code)),
            industry_section: non_empty(&self.section).map(str::to_owned),
            industry_division: non_empty(&self.division).map(str::to_owned),
            size_class: read(&self.size, "规模应为规上或规下")?,
            sector: read(&self.sector, "没有这样的企业类别")?,
            text: non_empty(&self.q).map(str::to_owned),
        };
        let known_before = as_of.and_then(end_of_day);
        Ok(ListQuery {
            facts: Query { known_before, filter, ..Query::of_year(year) },
            outcomes: outcomes.filter_map(web::Result::transpose).collect::<web::Result<_>>()?,
            sort: read(&self.sort, "不能按此列排序")?.unwrap_or(SortKey::Outcome),
            descending: is_descending(&self.order)?,
        })
    }

    /// # Errors
    /// When the text was not given out by an earlier page.
    pub fn after(&self) -> web::Result<Option<Cursor>> {
        Ok(self.position::<Cursor>()?.key().cloned())
    }
}

impl Parameters for ListParameters {
    const SORTED_BY: &'static str = "outcome";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::low_efficiency::Outcome;

    #[test]
    fn empty_fields_are_absent_and_wrong_ones_are_named() {
        let query = ListParameters::default().query(2024).unwrap();
        assert_eq!((query.facts.year, query.sort, query.facts.filter), (2024, SortKey::Outcome, Filter::default()));
        let outcome = |text: &str| ListParameters { outcome: text.into(), ..Default::default() }.query(2024);
        assert_eq!(outcome("flagged,clear").unwrap().outcomes, [Outcome::Flagged, Outcome::Clear]);
        assert_eq!(outcome("flagged,bad").unwrap_err().to_string(), "没有这样的认定结果");
        let old = ListParameters { subdistrict: "330103001".into(), ..Default::default() };
        assert_eq!(
            old.query(2024).unwrap().facts.filter.subdistrict.as_deref(),
            Some("330105014"),
            "renumbered in 2021"
        );
        let page = |text: &str| ListParameters { size_of_page: text.into(), ..Default::default() }.page_size();
        assert_eq!((page("").unwrap(), page("500").unwrap()), (50, 500));
        assert!(page("0").is_err() && page("501").is_err());
        assert!(ListParameters { after: "!".into(), ..Default::default() }.after().is_err());
    }

    #[test]
    fn an_address_keeps_the_filters_and_drops_the_page() {
        let here = ListParameters { year: "2024".into(), q: "杭 州".into(), after: "x".into(), ..Default::default() };
        assert_eq!(here.address(&[("sort", "tax")]), "?year=2024&q=%E6%9D%AD+%E5%B7%9E&sort=tax");
        assert_eq!(here.address(&[("after", "y")]), "?year=2024&q=%E6%9D%AD+%E5%B7%9E&after=y");
    }
}
