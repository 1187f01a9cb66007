//! What stands against land: live grants on a parcel, on those it came of or that came of it, or on land that overlaps it,
//! and admitted projects that have no contract yet. Whoever offers, admits or grants land is shown it and says why all the
//! same.

pub mod store;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::base::unit::grouped;
use crate::db::geom::Geom;

crate::terms! {
    /// What holds the land.
    pub enum Holder {
        Contract = "contract" => "有效合同",
        Case = "case" => "已准入项目",
    }
}

/// Something that stands against land.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Standing {
    pub holder: Holder,
    /// Of the contract or the case.
    pub number: String,
    /// Of the case.
    pub case: Option<Uuid>,
    /// The project, or the grantee's code.
    pub who: String,
    /// The parcel it holds, when it is known by its code.
    pub parcel: Option<String>,
    /// What is shared with drawn land, m².
    #[schema(value_type = Option<String>)]
    pub area_m2: Option<Decimal>,
    /// Since when.
    pub since: Option<NaiveDate>,
}

impl Standing {
    /// `contract:NUMBER` or `case:ID`: what a recorded ground covers.
    pub fn key(&self) -> String {
        match self.case {
            Some(case) => format!("{}:{case}", self.holder.code()),
            None => format!("{}:{}", self.holder.code(), self.number),
        }
    }

    pub fn is_contract(&self) -> bool {
        self.holder == Holder::Contract
    }

    /// Its page.
    pub fn href(&self) -> String {
        match self.case {
            Some(case) => format!("/admission/cases/{case}"),
            None => {
                let number: String = form_urlencoded::byte_serialize(self.number.as_bytes()).collect();
                format!("/contracts/{}", number.replace('+', "%20"))
            }
        }
    }

    /// `有效合同 C1（受让人 9133…，宗地 3301…，自 2022-01-10）`.
    pub fn wording(&self) -> String {
        let who = match self.holder {
            Holder::Contract => format!("受让人 {}", self.who),
            Holder::Case => format!("“{}”", self.who),
        };
        let parcel = self.parcel.as_ref().map(|code| format!("，宗地 {code}")).unwrap_or_default();
        let area = self.area_m2.map(|area| format!("，重叠 {} 平方米", grouped(area, 2))).unwrap_or_default();
        let since = self.since.map(|day| format!("，自 {day}")).unwrap_or_default();
        format!("{} {}（{who}{parcel}{area}{since}）", self.holder, self.number)
    }
}

/// All of it in one sentence.
pub fn listed(standing: &[Standing]) -> String {
    standing.iter().map(Standing::wording).collect::<Vec<_>>().join("；")
}

/// The land that is asked about, by code, by shape (EPSG:4490), or both.
#[derive(Clone, Debug, Default)]
pub struct Land {
    pub parcels: Vec<String>,
    pub shape: Option<Geom>,
}

/// Who asks: neither stands against itself.
#[derive(Clone, Debug, Default)]
pub struct Own {
    pub contract: Option<String>,
    pub case: Option<Uuid>,
    /// The case that a contract is made of, by its number.
    pub case_number: Option<String>,
}

/// What overlaps by less, or nowhere wider, is where two surveys differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tolerance {
    pub area_m2: Decimal,
    pub width_m: Decimal,
}

#[cfg(test)]
mod tests;
