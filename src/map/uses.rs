//! Land use as the map shows it: nine classes instead of the hundred codes of two schemes. Land without a registered use
//! has none, and the map says so by itself.

use serde::Serialize;

use crate::codelist::{LAND_USE_PLANNING, LAND_USE_SURVEY};

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

pub const CLASSES: [Class; 9] = [
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

/// Columns for the query: scheme, beginning of the code, class.
pub fn prefixes() -> (Vec<String>, Vec<String>, Vec<String>) {
    let mut columns = (Vec::new(), Vec::new(), Vec::new());
    for class in CLASSES {
        for (scheme, prefixes) in [(LAND_USE_SURVEY, class.survey), (LAND_USE_PLANNING, class.planning)] {
            for prefix in prefixes {
                columns.0.push(scheme.to_owned());
                columns.1.push((*prefix).to_owned());
                columns.2.push(class.key.to_owned());
            }
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codelist::land_uses;

    #[test]
    fn every_land_use_of_both_schemes_has_a_class() {
        let (schemes, prefixes, _) = prefixes();
        let mut rows = schemes.iter().zip(&prefixes);
        for land_use in land_uses() {
            let known =
                rows.clone().any(|(scheme, prefix)| *scheme == land_use.scheme && land_use.code.starts_with(prefix));
            assert!(known, "{} {}", land_use.scheme, land_use.code);
        }
        assert!(rows.next().is_some());
    }
}
