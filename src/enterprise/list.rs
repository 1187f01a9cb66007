//! What can be asked of the list of enterprises: the same words for the page, the exports and the API.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::{EnterpriseState, Sector, SizeClass};
use crate::codelist::CrossWalk;
use crate::web::list::{Parameters, is_descending, non_empty, read};
use crate::web::{self, Error};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub sector: Option<Sector>,
    pub size: Option<SizeClass>,
    /// A section (one capital letter) or the first digits of a code of GB/T 4754.
    pub industry: Option<String>,
    pub subdistrict: Option<String>,
    pub state: Option<EnterpriseState>,
    /// Part of a name it has or had, or of its credit code.
    pub text: Option<String>,
}

crate::terms! {
    #[schema(as = EnterpriseSortKey)]
    pub enum SortKey {
        Name = "name" => "企业名称",
        Uscc = "uscc" => "统一社会信用代码",
    }
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
    #[serde(rename = "n")]
    pub name: String,
    #[serde(rename = "u")]
    pub uscc: String,
}

/// One line of the list: the version in force on the day, else the last before it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Row {
    pub uscc: String,
    pub name: String,
    /// A name it had before that the search found.
    pub former_name: Option<String>,
    pub industry_edition: Option<String>,
    pub industry_code: Option<String>,
    pub industry_name: Option<String>,
    pub sector: Sector,
    pub size_class: SizeClass,
    pub high_tech: Option<bool>,
    pub platform: Option<String>,
    pub subdistrict: Option<String>,
    pub subdistrict_name: Option<String>,
    pub state: EnterpriseState,
    pub established_on: Option<NaiveDate>,
    pub above_size_since: Option<NaiveDate>,
    pub project_since: Option<NaiveDate>,
    pub project_until: Option<NaiveDate>,
}

/// Every field may be absent or empty, which is the same: a form sends empty fields.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    /// `industry`, `service` or `other`.
    pub sector: String,
    /// `above` or `below` designated size.
    pub size: String,
    /// Section (one capital letter) or leading digits of a code of GB/T 4754.
    pub industry: String,
    /// Sub-district code, nine digits.
    pub subdistrict: String,
    /// `operating`, `moved` or `cancelled`.
    pub state: String,
    /// Part of a present or former name, or of the credit code.
    pub q: String,
    /// What held on this day (YYYY-MM-DD); today when empty.
    pub as_of: String,
    /// `name` or `uscc`.
    pub sort: String,
    /// `asc` or `desc`.
    pub order: String,
    /// `next` of the page before.
    pub after: String,
    /// Lines a page, 1 to 500.
    pub size_of_page: String,
}

impl ListParameters {
    /// # Errors
    /// The first field that cannot be read.
    pub fn query(&self, today: NaiveDate) -> web::Result<ListQuery> {
        let industry = non_empty(&self.industry).map(str::to_ascii_uppercase);
        let fits = |code: &String| code.len() <= 4 && code.bytes().all(|b| b.is_ascii_alphanumeric());
        if industry.as_ref().is_some_and(|code| !fits(code)) {
            return Err(Error::BadRequest("行业应为门类字母或行业代码".into()));
        }
        Ok(ListQuery {
            on: read(&self.as_of, "日期应写成 YYYY-MM-DD")?.unwrap_or(today),
            filter: Filter {
                sector: read(&self.sector, "没有这样的企业类别")?,
                size: read(&self.size, "规模应为规上或规下")?,
                industry,
                subdistrict: non_empty(&self.subdistrict).map(|code| CrossWalk::embedded().present_subdistrict(code)),
                state: read(&self.state, "没有这样的经营状态")?,
                text: non_empty(&self.q).map(str::to_owned),
            },
            sort: read(&self.sort, "不能按此列排序")?.unwrap_or(SortKey::Name),
            descending: is_descending(&self.order)?,
        })
    }
}

impl Parameters for ListParameters {
    const SORTED_BY: &'static str = "name";
}
