//! Receipts: what a check was asked, under which catalogue, and what it answered, so that it can be run again.
//!
//! A receipt is named by its content. The same check of the same facts under the same catalogue has the same number, to
//! whoever asks and whenever.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The version of this program, as receipts and pages name it.
pub const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// Which version of a check made a receipt, kept among its inputs. What a check was put right about does not reach back: a
/// receipt that names no version is of the first, and comes out again as it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckVersion {
    First,
    Second,
    /// Before it, figures that differ could be written alike, and land of no extent passed as no more than was granted.
    #[default]
    Third,
}

impl CheckVersion {
    /// Of receipts that name none.
    pub fn first() -> Self {
        CheckVersion::First
    }

    pub fn is_first(&self) -> bool {
        *self == CheckVersion::First
    }

    /// Figures that differ are written so that they differ.
    pub fn tells_apart(&self) -> bool {
        *self >= CheckVersion::Third
    }
}

/// Inputs and results are JSON texts exactly as they were hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// SHA-256 over everything below except the texts, whose hashes stand for them.
    pub id: String,
    /// Which check: the name under which it is run again.
    pub check: String,
    /// The day whose parameters were used.
    pub as_of: NaiveDate,
    pub program: String,
    /// SHA-256 of the catalogue.
    pub catalogue: String,
    pub inputs: String,
    pub results: String,
}

#[derive(Serialize)]
struct Head<'a> {
    check: &'a str,
    as_of: NaiveDate,
    program: &'a str,
    catalogue: &'a str,
    inputs: &'a str,
    results: &'a str,
}

impl Receipt {
    /// # Errors
    /// When inputs or results cannot be written as JSON (a map whose keys are no strings).
    pub fn new(
        check: &str,
        as_of: NaiveDate,
        catalogue: &str,
        inputs: &impl Serialize,
        results: &impl Serialize,
    ) -> Result<Self, serde_json::Error> {
        let mut receipt = Receipt {
            id: String::new(),
            check: check.to_owned(),
            as_of,
            program: PROGRAM.to_owned(),
            catalogue: catalogue.to_owned(),
            inputs: serde_json::to_string(inputs)?,
            results: serde_json::to_string(results)?,
        };
        receipt.id = receipt.number()?;
        Ok(receipt)
    }

    /// The number its content gives; differs from `id` when somebody changed a stored receipt.
    pub fn number(&self) -> Result<String, serde_json::Error> {
        let head = serde_json::to_string(&Head {
            check: &self.check,
            as_of: self.as_of,
            program: &self.program,
            catalogue: &self.catalogue,
            inputs: &sha256(&self.inputs),
            results: &sha256(&self.results),
        })?;
        Ok(sha256(&head))
    }

    /// The number as people write it down: its first 16 digits.
    pub fn short(&self) -> &str {
        &self.id[..16]
    }
}

/// The first place where two JSON texts differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Where, as a JSON pointer: `/results/3/verdict`.
    pub place: String,
    pub before: String,
    pub after: String,
}

/// The first difference between what was answered and what is answered now; nothing when the bytes are equal.
pub fn first_difference(before: &str, after: &str) -> Option<Difference> {
    if before == after {
        return None;
    }
    let parsed = serde_json::from_str(before).ok().zip(serde_json::from_str(after).ok());
    let found = parsed.and_then(|(before, after)| descend(String::new(), &before, &after));
    Some(found.unwrap_or_else(|| Difference {
        place: String::new(),
        before: before.to_owned(),
        after: after.to_owned(),
    }))
}

fn descend(place: String, before: &serde_json::Value, after: &serde_json::Value) -> Option<Difference> {
    use serde_json::Value::{Array, Null, Object};
    if before == after {
        return None;
    }
    match (before, after) {
        (Object(one), Object(other)) => {
            let added = other.keys().filter(|key| !one.contains_key(*key));
            let mut keys = one.keys().chain(added);
            keys.find_map(|key| {
                descend(format!("{place}/{key}"), one.get(key).unwrap_or(&Null), other.get(key).unwrap_or(&Null))
            })
        }
        (Array(one), Array(other)) => (0..one.len().max(other.len())).find_map(|index| {
            let at = |list: &[serde_json::Value]| list.get(index).cloned().unwrap_or(Null);
            descend(format!("{place}/{index}"), &at(one), &at(other))
        }),
        _ => Some(Difference { place, before: before.to_string(), after: after.to_string() }),
    }
}

pub fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_number_names_the_content() {
        let day = "2026-11-23".parse().unwrap();
        let make = |figure: &str| Receipt::new("admission", day, "c", &json!({"tax": figure}), &json!([1])).unwrap();
        assert_eq!(make("8").id, make("8").id);
        assert_ne!(make("8").id, make("8.0").id);
        let mut touched = make("8");
        touched.results = "[2]".into();
        assert_ne!(touched.number().unwrap(), touched.id);
    }

    #[test]
    fn the_first_difference_has_its_place() {
        assert_eq!(first_difference("[1]", "[1]"), None);
        let before = json!({"results": [{"verdict": "pass"}, {"verdict": "pass"}]}).to_string();
        let after = json!({"results": [{"verdict": "pass"}, {"verdict": "fail"}]}).to_string();
        let difference = first_difference(&before, &after).unwrap();
        assert_eq!(difference.place, "/results/1/verdict");
        assert_eq!(first_difference("[1]", "[1,2]").unwrap().place, "/1");
        assert!(first_difference("[1]", "[ 1]").is_some(), "bytes count");
    }
}
