//! Land uses as the survey reads them: which codes are industrial land, and of which kind a code is, as `policy/survey_uses.toml` has it.

use std::sync::LazyLock;

use serde::Deserialize;

use super::UseKind;
use crate::codelist::{LAND_USE_PLANNING, LAND_USE_SURVEY, land_uses};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    r#use: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    kind: UseKind,
    survey: Vec<String>,
    planning: Vec<String>,
    #[serde(rename = "note")]
    _note: String,
}

impl Entry {
    fn codes(&self, scheme: &str) -> &[String] {
        match scheme {
            LAND_USE_SURVEY => &self.survey,
            LAND_USE_PLANNING => &self.planning,
            _ => &[],
        }
    }
}

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let file: File = toml::from_str(include_str!("../../policy/survey_uses.toml"))
        .expect("the embedded survey_uses.toml is well formed");
    file.r#use
});

/// Of which kinds a registered land use may be: one, or all that stand under a code that is wider than they are. None where the
/// scheme or the code is not known.
pub fn kinds_of(scheme: &str, code: &str) -> Vec<UseKind> {
    let written = || ENTRIES.iter().flat_map(|entry| entry.codes(scheme).iter().map(move |wide| (wide, entry.kind)));
    let mut kinds: Vec<UseKind> =
        match written().filter(|(wide, _)| code.starts_with(wide.as_str())).max_by_key(|(wide, _)| wide.len()) {
            Some((_, kind)) => vec![kind],
            None => Vec::new(),
        };
    kinds.extend(written().filter(|(wide, _)| wide.len() > code.len() && wide.starts_with(code)).map(|(_, kind)| kind));
    kinds.sort_by_key(|kind| UseKind::ALL.iter().position(|other| other == kind));
    kinds.dedup();
    kinds
}

/// Land uses that are industrial land, and those wider than them: schemes and codes side by side.
pub fn industrial() -> (Vec<String>, Vec<String>) {
    let holds = |scheme: &str, code: &str| {
        land_uses().iter().any(|row| row.industrial && row.scheme == scheme && row.code.starts_with(code))
    };
    let all = land_uses().iter().filter(|row| row.industrial || holds(&row.scheme, &row.code));
    all.map(|row| (row.scheme.clone(), row.code.clone())).unzip()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_land_use_of_both_schemes_is_of_a_kind_and_every_code_exists() {
        for row in land_uses() {
            assert!(!kinds_of(&row.scheme, &row.code).is_empty(), "{} {}", row.scheme, row.code);
        }
        assert_eq!(kinds_of("another", "0601"), []);
        for entry in ENTRIES.iter() {
            for code in &entry.survey {
                assert!(land_uses().iter().any(|row| row.scheme == LAND_USE_SURVEY && row.code == *code), "{code}");
            }
        }
    }

    #[test]
    fn a_code_is_of_one_kind_and_one_wider_than_the_kinds_of_all_of_them() {
        assert_eq!(kinds_of(LAND_USE_SURVEY, "0601"), [UseKind::Industry]);
        assert_eq!(kinds_of(LAND_USE_PLANNING, "100102"), [UseKind::Industry]);
        assert_eq!(kinds_of(LAND_USE_SURVEY, "06"), [UseKind::Industry, UseKind::Mining, UseKind::Storage]);
        assert_eq!(kinds_of(LAND_USE_SURVEY, "0809"), [UseKind::Transport], "the longest counts");
        assert_eq!(kinds_of(LAND_USE_SURVEY, "08"), [UseKind::Public, UseKind::Transport, UseKind::Other]);
    }

    #[test]
    fn industrial_land_is_what_the_code_list_calls_so_and_what_may_be_it() {
        let (schemes, codes) = industrial();
        let listed: Vec<(&str, &str)> =
            schemes.iter().zip(&codes).map(|(scheme, code)| (&scheme[..], &code[..])).collect();
        for code in ["06", "0601"] {
            assert!(listed.contains(&(LAND_USE_SURVEY, code)), "{code}");
        }
        for code in ["10", "1001", "100101", "100102", "100103"] {
            assert!(listed.contains(&(LAND_USE_PLANNING, code)), "{code}");
        }
        assert_eq!(listed.len(), 7, "{listed:?}");
    }
}
