//! What can be asked of the list of imports: the same words for the page, the exports and the API.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use uuid::Uuid;

use super::ImportKind;
use crate::web;
use crate::web::list::{Parameters, is_descending, non_empty, read};

crate::terms! {
    #[schema(as = ImportSortKey)]
    pub enum SortKey {
        Time = "time" => "时间",
        File = "file" => "文件",
    }
}

#[derive(Clone, Debug)]
pub struct ListQuery {
    pub kind: Option<ImportKind>,
    /// Some records were refused.
    pub refused: bool,
    /// Part of the file's name or of its bringer's.
    pub text: Option<String>,
    pub sort: SortKey,
    pub descending: bool,
}

/// Where a page ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    #[serde(rename = "t")]
    pub created_at: DateTime<Utc>,
    #[serde(rename = "f")]
    pub file_name: String,
    #[serde(rename = "i")]
    pub id: Uuid,
}

/// Every field may be absent or empty, which is the same: a form sends empty fields.
#[derive(Clone, Debug, Default, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    /// `parcels`, `outlines`, `planning`, `enterprises`, `occupancies`, `returns`, `contracts`, `vetoes`,
    /// `exemptions`, `claims` or `coefficients`.
    pub kind: String,
    /// `1`: only imports that refused records.
    pub refused: String,
    /// Part of the file's name or of its bringer's.
    pub q: String,
    /// `time` or `file`.
    pub sort: String,
    /// `asc` or `desc`; newest first when neither this nor `sort` is said.
    pub order: String,
    /// `next` of the page before.
    pub after: String,
    /// Lines a page, 1 to 500.
    pub size_of_page: String,
}

impl ListParameters {
    /// # Errors
    /// The first field that cannot be read.
    pub fn query(&self) -> web::Result<ListQuery> {
        Ok(ListQuery {
            kind: read(&self.kind, "没有这类导入")?,
            refused: non_empty(&self.refused).is_some(),
            text: non_empty(&self.q).map(str::to_owned),
            sort: read(&self.sort, "不能按此列排序")?.unwrap_or(SortKey::Time),
            descending: is_descending(&self.sorting().1)?,
        })
    }
}

impl Parameters for ListParameters {
    const SORTED_BY: &'static str = "time";
    const ORDERED: &'static str = "desc";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_come_first_unless_another_order_is_asked_for() {
        let unsaid = ListParameters::default();
        assert!(unsaid.query().unwrap().descending);
        assert_eq!((unsaid.direction("time"), unsaid.sorted("time").as_str()), ("descending", "?sort=time&order=asc"));
        let by_file = ListParameters { sort: "file".into(), kind: "parcels".into(), ..Default::default() };
        assert!(!by_file.query().unwrap().descending);
        assert_eq!(by_file.sorted("file"), "?kind=parcels&sort=file&order=desc");
        assert!(ListParameters { kind: "x".into(), ..Default::default() }.query().is_err());
    }
}
