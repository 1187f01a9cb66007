//! What an address of the list says: the same words for the page, the export and the API.

use serde::Deserialize;
use utoipa::IntoParams;

use super::list::{Among, Cursor, Filter, ListQuery, SortKey, end_of_day};

/// Every field may be absent or empty, which is the same: a form sends empty fields.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
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

/// What cannot be read in an address: the field, and the sentence for the reader.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParameterFault {
    pub field: &'static str,
    pub message: &'static str,
}

fn fault(field: &'static str, message: &'static str) -> ParameterFault {
    ParameterFault { field, message }
}

fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn term<T: std::str::FromStr>(text: &str, fault: ParameterFault) -> Result<Option<T>, ParameterFault> {
    given(text).map(|text| text.parse().map_err(|_| fault)).transpose()
}

impl ListParameters {
    /// # Errors
    /// The first field that cannot be read.
    pub fn query(&self, default_year: i32) -> Result<ListQuery, ParameterFault> {
        let year = term(&self.year, fault("year", "年度应为四位数字"))?.unwrap_or(default_year);
        let outcomes = self.outcome.split(',').filter_map(given).map(|outcome| outcome.parse());
        let as_of = term(&self.as_of, fault("as_of", "日期应写成 YYYY-MM-DD"))?;
        Ok(ListQuery {
            year,
            known_before: as_of.and_then(end_of_day),
            filter: Filter {
                among: Among::All,
                subdistrict: given(&self.subdistrict).map(str::to_owned),
                industry_section: given(&self.section).map(str::to_owned),
                industry_division: given(&self.division).map(str::to_owned),
                size_class: term(&self.size, fault("size", "规模应为规上或规下"))?,
                sector: term(&self.sector, fault("sector", "没有这样的企业类别"))?,
                outcomes: outcomes.collect::<Result<_, _>>().map_err(|_| fault("outcome", "没有这样的认定结果"))?,
                text: given(&self.q).map(str::to_owned),
            },
            sort: term(&self.sort, fault("sort", "不能按此列排序"))?.unwrap_or(SortKey::Outcome),
            descending: match self.order.as_str() {
                "" | "asc" => false,
                "desc" => true,
                _ => return Err(fault("order", "排序方向应为 asc 或 desc")),
            },
        })
    }

    /// # Errors
    /// When the text was not given out by an earlier page.
    pub fn after(&self) -> Result<Option<Cursor>, ParameterFault> {
        given(&self.after)
            .map(|text| Cursor::decode(text).ok_or(fault("after", "翻页位置无效，请从第一页重新查看")))
            .transpose()
    }

    pub fn page_size(&self) -> Result<u16, ParameterFault> {
        let wrong = fault("size_of_page", "每页行数应为1至500");
        match term(&self.size_of_page, wrong.clone())? {
            None => Ok(50),
            Some(size @ 1..=500) => Ok(size),
            Some(_) => Err(wrong),
        }
    }

    /// `?year=…` with one field changed. Any change but of the page starts again at the first page.
    pub fn address(&self, field: &str, value: &str) -> String {
        let after = if field == "after" { value } else { "" };
        let fields = [
            ("year", &self.year),
            ("subdistrict", &self.subdistrict),
            ("section", &self.section),
            ("division", &self.division),
            ("size", &self.size),
            ("sector", &self.sector),
            ("outcome", &self.outcome),
            ("q", &self.q),
            ("sort", &self.sort),
            ("order", &self.order),
            ("as_of", &self.as_of),
            ("size_of_page", &self.size_of_page),
        ];
        let kept = fields.iter().map(|(name, kept)| (*name, if *name == field { value } else { kept.as_str() }));
        let pairs: Vec<String> = kept
            .chain([("after", after)])
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        format!("?{}", pairs.join("&"))
    }
}

/// Percent-encoding of everything but letters, digits, and `-_.~`.
fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(byte.into()),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remediation::Outcome;

    #[test]
    fn empty_fields_are_absent_and_wrong_ones_are_named() {
        let query = ListParameters::default().query(2024).unwrap();
        assert_eq!((query.year, query.sort, query.filter), (2024, SortKey::Outcome, Filter::default()));
        let outcome = |text: &str| ListParameters { outcome: text.into(), ..Default::default() }.query(2024);
        assert_eq!(outcome("flagged,clear").unwrap().filter.outcomes, [Outcome::Flagged, Outcome::Clear]);
        assert_eq!(outcome("bad").unwrap_err().field, "outcome");
        let page = |text: &str| ListParameters { size_of_page: text.into(), ..Default::default() }.page_size();
        assert_eq!((page(""), page("500")), (Ok(50), Ok(500)));
        assert!(page("0").is_err() && page("501").is_err());
    }

    #[test]
    fn an_address_keeps_the_filters_and_drops_the_page() {
        let here = ListParameters { year: "2024".into(), q: "杭 州".into(), after: "x".into(), ..Default::default() };
        assert_eq!(here.address("sort", "tax"), "?year=2024&q=%E6%9D%AD%20%E5%B7%9E&sort=tax");
        assert_eq!(here.address("after", "y"), "?year=2024&q=%E6%9D%AD%20%E5%B7%9E&after=y");
    }
}
