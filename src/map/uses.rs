//! Land use as the map shows it: nine classes instead of the hundred codes of two schemes. Land without a registered use
//! has none, and the map says so by itself.

use std::sync::LazyLock;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::codelist::{LAND_USE_PLANNING, LAND_USE_SURVEY, land_uses};

/// A colour of the legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Class {
    pub key: &'static str,
    pub label: &'static str,
    pub color: &'static str,
    /// How the codes of GB/T 21010-2017 begin that belong to it.
    #[serde(skip)]
    survey: &'static [&'static str],
    /// The same for the planning scheme.
    #[serde(skip)]
    planning: &'static [&'static str],
}

const fn class(
    key: &'static str,
    label: &'static str,
    color: &'static str,
    survey: &'static [&'static str],
    planning: &'static [&'static str],
) -> Class {
    Class { key, label, color, survey, planning }
}

pub static CLASSES: [Class; 9] = [
    class("industry", "工矿", "#9c755f", &["06"], &["10"]),
    class("storage", "仓储", "#b07aa1", &["0604"], &["11"]),
    class("commerce", "商业服务", "#e15759", &["05"], &["09"]),
    class("housing", "居住", "#f1ce63", &["07"], &["07"]),
    class("public", "公共管理与服务", "#ff9da7", &["08"], &["08"]),
    class("utility", "公用设施", "#4e79a7", &["0809"], &["13"]),
    class("transport", "交通运输", "#79706e", &["10"], &["12"]),
    class("green", "绿地与开敞空间", "#59a14f", &["0810"], &["14"]),
    class(
        "other",
        "其他用途",
        "#d7b5a6",
        &["01", "02", "03", "04", "09", "11", "12"],
        &["01", "02", "03", "04", "05", "06", "15", "16", "17", "18", "19", "20", "21", "22", "23", "24"],
    ),
];

/// For the query: the class of every land use, by scheme and code.
pub fn by_code() -> &'static Value {
    static BY_CODE: LazyLock<Value> = LazyLock::new(|| {
        let mut classes = Map::new();
        for land_use in land_uses() {
            if let Some(class) = class_of(&land_use.scheme, &land_use.code) {
                classes.entry(&land_use.scheme).or_insert_with(|| json!({}))[&land_use.code] = class.key.into();
            }
        }
        Value::Object(classes)
    });
    &BY_CODE
}

/// The class with the longest beginning that fits.
fn class_of(scheme: &str, code: &str) -> Option<&'static Class> {
    let prefixes = |class: &'static Class| match scheme {
        LAND_USE_SURVEY => class.survey,
        LAND_USE_PLANNING => class.planning,
        _ => &[],
    };
    let fitting = CLASSES.iter().flat_map(|class| prefixes(class).iter().map(move |prefix| (prefix, class)));
    let longest = fitting.filter(|(prefix, _)| code.starts_with(**prefix)).max_by_key(|(prefix, _)| prefix.len());
    longest.map(|(_, class)| class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_land_use_of_both_schemes_has_a_class() {
        for land_use in land_uses() {
            let class = class_of(&land_use.scheme, &land_use.code);
            assert!(class.is_some(), "{} {}", land_use.scheme, land_use.code);
            assert_eq!(by_code()[&land_use.scheme][&land_use.code], class.unwrap().key);
        }
    }

    #[test]
    fn the_longest_beginning_wins() {
        assert_eq!(class_of(LAND_USE_SURVEY, "0601").unwrap().key, "industry");
        assert_eq!(class_of(LAND_USE_SURVEY, "0604").unwrap().key, "storage");
        assert_eq!(class_of(LAND_USE_PLANNING, "0604").unwrap().key, "other");
    }
}
