//! Which planned uses something may stand on, as `policy/planning_uses.toml` has it.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{AllowedUses, Asked, LayerKind};
use crate::codelist::LAND_USE_PLANNING;
use crate::policy::standard::LandKind;

/// The three classes of 生态环境分区管控.
pub const CONTROL_UNIT_SCHEME: &str = "生态环境管控单元";
pub const CONTROL_UNITS: [&str; 3] = ["优先保护", "重点管控", "一般管控"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    r#use: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    layer: LayerKind,
    asked: String,
    allowed: Vec<String>,
    #[serde(rename = "note")]
    _note: String,
}

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../../policy/planning_uses.toml"))
        .expect("the embedded planning_uses.toml is well formed");
    file.r#use
});

/// What a new edition of the layer is recorded with.
pub fn allowed_on(layer: LayerKind) -> AllowedUses {
    let of_layer = ENTRIES.iter().filter(|entry| entry.layer == layer);
    of_layer.map(|entry| (entry.asked.clone(), entry.allowed.clone())).collect()
}

/// In which scheme a layer writes its uses; layers that only draw a line have none.
pub fn scheme_of(layer: LayerKind) -> Option<&'static str> {
    match layer {
        LayerKind::ControlPlanLandUse => Some(LAND_USE_PLANNING),
        LayerKind::EnvironmentalControlUnit => Some(CONTROL_UNIT_SCHEME),
        _ => None,
    }
}

/// Under which keys of [`AllowedUses`] to look, the most specific first.
pub fn keys(asked: &Asked) -> Vec<String> {
    let code = asked.land_use.as_deref().unwrap_or("");
    let ends = (1..=code.len()).rev().filter(|end| end.is_multiple_of(2));
    let codes = ends.filter_map(|end| code.get(..end)).map(str::to_owned);
    codes.chain([asked.land_kind.code().to_owned()]).collect()
}

/// Whether a code of 用地用海分类2023 is a use of this kind of land; a code that is still wider than the kind may be.
pub fn is_of_kind(kind: LandKind, code: &str) -> bool {
    let allowed = allowed_on(LayerKind::ControlPlanLandUse);
    let of_kind = allowed.get(kind.code()).into_iter().flatten();
    of_kind.into_iter().any(|wide| code.starts_with(wide.as_str()) || wide.starts_with(code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codelist;

    #[test]
    fn a_use_belongs_to_its_kind_of_land() {
        for (kind, code, is) in [
            (LandKind::Industrial, "100102", true),
            (LandKind::Industrial, "1001", true),
            (LandKind::Industrial, "10", true),
            (LandKind::Industrial, "0901", false),
            (LandKind::CommercialService, "0901", true),
            (LandKind::Logistics, "100101", false),
        ] {
            assert_eq!(is_of_kind(kind, code), is, "{kind} {code}");
        }
    }

    #[test]
    fn every_entry_names_codes_that_exist() {
        for entry in ENTRIES.iter() {
            let planned = |code: &str| {
                codelist::land_uses().iter().any(|row| row.scheme == LAND_USE_PLANNING && row.code == code)
            };
            assert!(LandKind::parse(&entry.asked).is_some() || planned(&entry.asked), "{}", entry.asked);
            for code in &entry.allowed {
                let known = match entry.layer {
                    LayerKind::EnvironmentalControlUnit => CONTROL_UNITS.contains(&code.as_str()),
                    _ => planned(code),
                };
                assert!(known, "{code}");
            }
        }
    }

    #[test]
    fn every_kind_of_land_is_spoken_of() {
        for layer in [LayerKind::ControlPlanLandUse, LayerKind::EnvironmentalControlUnit] {
            let allowed = allowed_on(layer);
            assert!(LandKind::ALL.iter().all(|kind| allowed.contains_key(kind.code())), "{layer}");
        }
        assert!(allowed_on(LayerKind::PermanentBasicFarmland).is_empty());
    }

    #[test]
    fn the_longest_code_counts_first() {
        let asked = |code: Option<&str>| Asked { land_kind: LandKind::Industrial, land_use: code.map(str::to_owned) };
        assert_eq!(keys(&asked(Some("100102"))), ["100102", "1001", "10", "industrial"]);
        assert_eq!(keys(&asked(None)), ["industrial"]);
    }
}
