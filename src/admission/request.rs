//! What the stateless check is asked: facts about the project and, drawn or by parcel code, the site.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::error::Category;

use super::{Facts, Figure, Floor, IndustryCode, Judgement, LandSource};
use crate::base::code::ParcelCode;
use crate::exchange::{Fault, FaultCode};
use crate::policy::receipt::CheckVersion;
use crate::policy::standard::LandKind;
use crate::web::entry;
use crate::web::serde_words::in_chinese;

/// Whatever is left out is missing, which is never zero.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckRequest {
    /// The day of application, whose tables are asked; today without it.
    pub as_of: Option<NaiveDate>,
    /// The site as GeoJSON (polygon, multi-polygon or a feature of one) in EPSG:4490, longitude before latitude.
    #[schema(value_type = Option<Object>)]
    pub site: Option<serde_json::Value>,
    /// Or the code of a parcel of the district.
    #[schema(value_type = Option<String>)]
    pub parcel: Option<ParcelCode>,
    /// A code of 用地用海分类2023, when the use is known more exactly than by its kind.
    pub land_use: Option<String>,
    pub land_kind: Option<LandKind>,
    pub land_source: Option<LandSource>,
    /// The industrial platform or planning zone the site lies in, the narrower after a slash.
    pub zone: Option<String>,
    pub industry: Option<IndustryCode>,
    /// The rows a parcel on offer carries, as the caller has them. The register of offers decides; a difference is said.
    #[serde(default)]
    pub offered: Vec<String>,
    /// The row the applicant binds itself to: one that the register of offers lists for this site.
    pub bound_to: Option<String>,
    /// Declared figures by name; the declared area of the site counts while there is neither shape nor parcel: `{"fixed_investment": {"value": "12000", "unit": "万元"}}`.
    #[serde(default)]
    pub figures: BTreeMap<String, Figure>,
    #[serde(default)]
    pub floors: Vec<Floor>,
    /// What a person said where a rule cannot decide, by the rule's name.
    #[serde(default)]
    pub judgements: BTreeMap<String, Judgement>,
}

impl CheckRequest {
    /// # Errors
    /// One fault that says where the text stops being a request.
    pub fn read(text: &[u8]) -> Result<Self, Fault> {
        // Also what comes without a word of its kind, or from the command line.
        if let Some(fault) = entry::faults_of_json(text).into_iter().next() {
            return Err(fault);
        }
        serde_json::from_slice(text).map_err(|error| {
            let place = format!("第 {} 行第 {} 列", error.line(), error.column());
            let what = match error.classify() {
                Category::Eof => "内容没有写完",
                Category::Syntax => "不是 JSON",
                Category::Data | Category::Io => "有的项目名称或填法不对",
            };
            let reason = match error.classify() {
                Category::Data => format!("请求无法读取，{what}：{}", in_chinese(&error.to_string())),
                _ => format!("请求无法读取，{what}（{place}）"),
            };
            Fault::error(FaultCode::Unreadable, reason).at_field(place)
        })
    }

    /// What the rules see before the registers are asked: which rows the land is offered with, and what its size is, are not
    /// the caller's to say.
    pub fn facts(&self) -> Facts {
        Facts {
            land_kind: self.land_kind,
            land_source: self.land_source,
            zone: self.zone.clone(),
            industry: self.industry.clone(),
            offered: Vec::new(),
            bound_to: self.bound_to.clone(),
            figures: self.figures.clone(),
            floors: self.floors.clone(),
            spatial: Vec::new(),
            set_aside: Default::default(),
            judgements: self.judgements.clone(),
            unproven: Vec::new(),
            version: CheckVersion::default(),
        }
    }
}
