//! `muheng industries FILE`: the list of an older edition of GB/T 4754, which the program does not carry.
#![allow(clippy::print_stdout, reason = "what was loaded is what the command is for")]

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use serde_json::json;

use super::config::Config;
use super::database::Database;
use crate::account::Actor;
use crate::account::audit::{self, Deed};
use crate::base::clock::Clock;
use crate::codelist::{self, Edition, IndustryRow};
use crate::db::Scope;

#[derive(clap::Args)]
pub struct Industries {
    /// Tab-separated, UTF-8, one header line: edition (2002 or 2011), code, level (1 section to 4 class), section, name.
    file: PathBuf,
}

/// # Errors
/// The first line that does not fit, an edition that is not an older one, or a database that does not answer; nothing is
/// loaded then.
pub async fn run(command: Industries, config: &Config) -> anyhow::Result<ExitCode> {
    let text = std::fs::read_to_string(&command.file).with_context(|| command.file.display().to_string())?;
    let rows = codelist::parse_industries(&text)?;
    let edition = edition_of(&rows)?;
    let database = Database::open(config).await?;
    database.district(&config.district).await?;
    let mut transaction = database.pool.begin().await?;
    codelist::add_industries(&mut transaction, &rows).await?;
    let deed = Deed {
        action: "industries.load",
        subject_kind: "industry_edition",
        subject: edition.code(),
        detail: json!({ "file": command.file.file_name().map(|name| name.to_string_lossy()), "codes": rows.len() }),
    };
    let scope = Scope::district(config.district.clone());
    audit::record(&mut transaction, &scope, &Actor::command_line(), deed, Clock::System.now()).await?;
    transaction.commit().await?;
    println!("{}: {} codes", edition.label(), rows.len());
    Ok(ExitCode::SUCCESS)
}

/// The one older edition that all rows name; 2017 is the program's own.
fn edition_of(rows: &[IndustryRow]) -> anyhow::Result<Edition> {
    let named: BTreeSet<&str> = rows.iter().map(|row| row.edition.as_str()).collect();
    let [only] = Vec::from_iter(named)[..] else { bail!("the file should hold one edition, not none or several") };
    match Edition::parse(only) {
        Some(Edition::E2017) => bail!("the list of GB/T 4754-2017 comes with the program and is not replaced"),
        Some(edition) => Ok(edition),
        None => bail!("“{only}” is not an edition of GB/T 4754"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edition(text: &str) -> anyhow::Result<Edition> {
        edition_of(&codelist::parse_industries(text).unwrap())
    }

    #[test]
    fn one_older_edition_at_a_time() {
        let old = "h\n2011\tA\t1\tA\t农、林、牧、渔业\n2011\t0111\t4\tA\t稻谷种植\n";
        assert_eq!(edition(old).unwrap(), Edition::E2011);
        assert!(edition("h\n").is_err());
        assert!(edition("h\n2017\t0111\t4\tA\t稻谷种植\n").is_err(), "the program's own is not replaced");
        assert!(edition("h\n1994\t0111\t4\tA\t稻谷种植\n").is_err());
        assert!(edition(&format!("{old}2002\t0111\t4\tA\t谷物的种植\n")).is_err());
    }
}
