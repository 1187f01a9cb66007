//! An application as it is typed: every field a text, so that a draft keeps what somebody wrote even when it cannot be
//! read yet. [`super::reading`] reads it.

use crate::base::text::Seen;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

crate::terms! {
    /// How the land is named.
    pub enum SiteKind {
        Offer = "offer" => "在供地块",
        Drawn = "drawn" => "在地图上画出",
        Uploaded = "uploaded" => "上传或粘贴界址",
        Parcel = "parcel" => "既有土地或厂房",
    }
}

/// A declared figure as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = ApplicationFigure)]
pub struct Figure {
    /// A decimal; commas between thousands are fine.
    pub value: String,
    /// A unit of what is measured; the usual one when empty.
    pub unit: String,
}

/// One storey as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = ApplicationFloor)]
pub struct Floor {
    pub name: String,
    /// m².
    pub area: String,
    /// Storey height, metres.
    pub height: String,
}

/// Every field may be empty in a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Application {
    pub project: String,
    /// What is to be built and made.
    pub summary: String,
    /// Name of the investor as on its papers.
    pub investor: String,
    /// Unified social credit code; may be unknown until the company is founded.
    pub uscc: String,
    /// Edition of GB/T 4754: `2017`.
    pub edition: String,
    /// Industry code in that edition.
    pub industry: String,
    /// `industrial`, `commercial_service` or `logistics`.
    pub land_kind: String,
    /// A code of 用地用海分类2023 when known more exactly.
    pub land_use: String,
    /// Platform or planning zone.
    pub zone: String,
    /// `offer`, `drawn`, `uploaded` or `parcel`.
    pub site_kind: String,
    /// Id of the offer.
    pub offer: String,
    /// Id of the standard-land set the applicant binds itself to; only with an offer.
    pub set: String,
    /// Code of a parcel on record.
    pub parcel: String,
    /// GeoJSON, or boundary points as people paste them.
    pub shape: String,
    /// EPSG code for a pasted or uploaded shape that does not say its frame.
    pub srid: String,
    /// By the name of the fact.
    pub figures: BTreeMap<String, Figure>,
    pub floors: Vec<Floor>,
}

impl Application {
    /// Out of the fields of the form. Fields that are not part of an application are left out.
    pub fn from_fields(fields: &[(String, String)]) -> Self {
        let mut application = Application::default();
        let mut floors: [Vec<String>; 3] = Default::default();
        for (name, value) in fields {
            let value = value.seen().to_owned();
            if let Some(fact) = name.strip_prefix("figure.") {
                application.figures.entry(fact.to_owned()).or_default().value = value;
            } else if let Some(fact) = name.strip_prefix("unit.") {
                application.figures.entry(fact.to_owned()).or_default().unit = value;
            } else if let Some(place) = ["floor_name", "floor_area", "floor_height"].iter().position(|it| it == name) {
                floors[place].push(value);
            } else if let Some(field) = application.field_mut(name) {
                *field = value;
            }
        }
        let [names, areas, heights] = floors;
        let longest = names.len().max(areas.len()).max(heights.len());
        let at = |list: &[String], place: usize| list.get(place).cloned().unwrap_or_default();
        application.floors = (0..longest)
            .map(|place| Floor { name: at(&names, place), area: at(&areas, place), height: at(&heights, place) })
            .filter(|floor| !floor.is_empty())
            .collect();
        application.figures.retain(|_, figure| !figure.value.is_empty());
        application
    }

    fn field_mut(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "project" => &mut self.project,
            "summary" => &mut self.summary,
            "investor" => &mut self.investor,
            "uscc" => &mut self.uscc,
            "edition" => &mut self.edition,
            "industry" => &mut self.industry,
            "land_kind" => &mut self.land_kind,
            "land_use" => &mut self.land_use,
            "zone" => &mut self.zone,
            "site_kind" => &mut self.site_kind,
            "offer" => &mut self.offer,
            "set" => &mut self.set,
            "parcel" => &mut self.parcel,
            "shape" => &mut self.shape,
            "srid" => &mut self.srid,
            _ => return None,
        })
    }

    pub fn site_kind(&self) -> Option<SiteKind> {
        SiteKind::parse(&self.site_kind)
    }

    pub fn figure(&self, fact: &str) -> Figure {
        self.figures.get(fact).cloned().unwrap_or_default()
    }
}

impl Floor {
    pub fn is_empty(&self) -> bool {
        self.name.is_empty() && self.area.is_empty() && self.height.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_becomes_an_application_as_typed() {
        let fields = [
            ("project", " 示例项目 "),
            ("figure.annual_tax", "八百"),
            ("unit.annual_tax", "万元"),
            ("unit.annual_rd", "万元"),
            ("floor_area", "100"),
            ("floor_height", "9"),
            ("floor_area", ""),
            ("floor_height", ""),
            ("version", "3"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let application = Application::from_fields(&fields);
        assert_eq!(application.project, "示例项目");
        assert_eq!(application.figure("annual_tax"), Figure { value: "八百".into(), unit: "万元".into() });
        assert!(!application.figures.contains_key("annual_rd"), "a unit alone is no figure");
        assert_eq!(application.floors.len(), 1);
        let json = serde_json::to_value(&application).unwrap();
        assert_eq!(serde_json::from_value::<Application>(json).unwrap(), application);
    }
}
