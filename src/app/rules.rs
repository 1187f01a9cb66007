//! Every rule and every repeatable check of the house, from the rooms that have them.

use crate::policy::catalogue::Catalogue;
use crate::policy::coverage::{self, CoverageFault};
use crate::policy::recheck::Check;
use crate::policy::rule::Rule;
use crate::{admission, contract, evaluation, low_efficiency, obligations, policy, review};

pub fn rules() -> Vec<Rule> {
    let rooms: [&[Rule]; 6] = [
        policy::scheme::RULES,
        low_efficiency::RULES,
        admission::RULES,
        contract::RULES,
        obligations::RULES,
        review::rules::RULES,
    ];
    rooms.concat()
}

/// The checks that leave receipts, by the names in them.
pub fn checks() -> Vec<Check> {
    let mut checks = vec![admission::RECHECK];
    checks.extend(review::rules::RECHECKS);
    checks.extend(evaluation::recheck::RECHECKS);
    checks
}

/// Stops the start when rules and articles do not agree.
///
/// # Errors
/// All that is wrong, one line each.
pub fn check_coverage() -> anyhow::Result<()> {
    let catalogue = Catalogue::embedded()?;
    let faults = coverage::faults(&catalogue, &rules());
    if faults.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = faults.iter().map(CoverageFault::to_string).collect();
    anyhow::bail!("the rules and the articles of the policy catalogue do not agree:\n{}", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;

    #[test]
    fn every_article_has_its_rule_or_a_reason_and_every_rule_its_article() {
        check_coverage().unwrap();
    }

    #[test]
    fn every_rule_names_tests_that_exist() {
        let sources = sources();
        for rule in rules() {
            assert!(!rule.tests.is_empty(), "{} is proved by nothing", rule.name);
            for test in rule.tests {
                assert!(exists(&sources, test), "{} names the test {test}, which is not there", rule.name);
            }
        }
        assert!(!exists(&sources, "low_efficiency::rules::tests::no_such_test"));
    }

    /// Paths of the sources with their text.
    fn sources() -> Vec<(PathBuf, String)> {
        let mut found = Vec::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut open = vec![root.join("src"), root.join("crates"), root.join("tests")];
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    found.push((path.strip_prefix(root).unwrap().to_owned(), std::fs::read_to_string(&path).unwrap()));
                }
            }
        }
        found
    }

    /// A function of that name in a file of that room: `low_efficiency::rules::tests::name` is somewhere in
    /// `src/low_efficiency`, `base::ratio::tests::name` in `crates/base`, `it::account::name` in `tests/it`.
    fn exists(sources: &[(PathBuf, String)], test: &str) -> bool {
        let (room, _) = test.split_once("::").unwrap();
        let name = test.rsplit("::").next().unwrap();
        let place = match room {
            "it" => PathBuf::from("tests/it"),
            "base" | "exchange" | "scoring" => Path::new("crates").join(room),
            _ => Path::new("src").join(room),
        };
        let function = format!("fn {name}(");
        sources.iter().any(|(path, text)| {
            (path.starts_with(&place) || *path == place.with_extension("rs")) && text.contains(&function)
        })
    }
}
