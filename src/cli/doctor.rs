//! `muheng doctor`: what is wrong with this installation, in words.
#![allow(clippy::print_stdout, reason = "the findings are what the command is for")]

use std::process::ExitCode;

use super::config::Config;
use super::database::Database;
use crate::account::audit::{self, Verification};
use crate::db::health::{self, Health};
use crate::db::version::Version;
use crate::db::{PgPool, Scope};
use crate::home;
use crate::inspection::{self, store::PhotoFault};
use crate::policy::store::receipts;
use crate::policy::{self, recheck};
use crate::print::Press;

/// Below this an import of a large file may not find room.
const LEAST_FREE_BYTES: u64 = 2 * 1024 * 1024 * 1024;
const OLDEST_POSTGIS: (u32, u32) = (3, 3);

pub async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let mut findings = Findings::default();
    match Database::connect(config).await {
        Err(error) => findings.wrong(format!("the database cannot be used: {error:#}")),
        Ok(database) => {
            if let Some(place) = database.place() {
                findings.well(format!("the database lies in {}", place.display()));
            }
            if is_ready(&database.pool, &mut findings).await? {
                examine(&database.pool, config, &mut findings).await?;
            }
        }
    }
    examine_access(config, &mut findings);
    examine_press(&mut findings).await;
    examine_disk(config, &mut findings);
    findings.print();
    Ok(if findings.wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[derive(Default)]
struct Findings {
    well: Vec<String>,
    wrong: Vec<String>,
}

impl Findings {
    fn well(&mut self, text: impl Into<String>) {
        self.well.push(text.into());
    }

    fn wrong(&mut self, text: impl Into<String>) {
        self.wrong.push(text.into());
    }

    /// One line either way.
    fn judge(&mut self, count: i64, well: &str, wrong: impl FnOnce(i64) -> String) {
        if count == 0 { self.well(well) } else { self.wrong(wrong(count)) }
    }

    fn print(&self) {
        for line in &self.well {
            println!("ok     {line}");
        }
        for line in &self.wrong {
            println!("WRONG  {line}");
        }
    }
}

/// Nothing is migrated here, so that a database of another version is named and not changed.
async fn is_ready(pool: &PgPool, findings: &mut Findings) -> anyhow::Result<bool> {
    let foundation = health::foundation(pool).await?;
    if !foundation.has_postgis {
        findings.wrong("PostGIS is not installed; install postgresql-15-postgis-3 or newer");
        return Ok(false);
    }
    match foundation.version {
        Version { foreign: Some(foreign), .. } => findings.wrong(foreign.to_string()),
        Version { missing: 0, foreign: None } => {
            findings.well("every migration is applied, and none of another program");
            return Ok(true);
        }
        Version { missing, foreign: None } => {
            findings.wrong(format!("{missing} migrations are not applied; run muheng migrate"));
        }
    }
    Ok(false)
}

async fn examine(pool: &PgPool, config: &Config, findings: &mut Findings) -> anyhow::Result<()> {
    let scope = Scope::district(config.district.clone());
    let health: Health = health::examine(pool, &scope).await?;
    findings.well(format!("PostgreSQL {}", health.postgres));
    if health.postgis_version() >= Some(OLDEST_POSTGIS) {
        findings.well(format!("PostGIS {}", health.postgis));
    } else {
        findings
            .wrong(format!("PostGIS {} is older than 3.3; install postgresql-15-postgis-3 or newer", health.postgis));
    }
    findings.judge(health.invalid_parcels, "every parcel has a valid geometry", |n| {
        format!("{n} parcel versions have an invalid geometry; correct them by import")
    });
    findings.judge(health.overlapping_parcels, "no two versions of a parcel hold on the same day", |n| {
        format!("{n} pairs of parcel versions overlap in validity")
    });
    findings.judge(health.overlapping_enterprises, "no two versions of an enterprise hold on the same day", |n| {
        format!("{n} pairs of enterprise versions overlap in validity")
    });
    findings.judge(health.demonstration_accounts, "no account has a demonstration password", |n| format!("{n} active accounts still have the published demonstration password; change or disable them before real use"));
    findings.judge(health.invalid_indexes.len() as i64, "every index is valid", |_| {
        let names = health.invalid_indexes.join(", ");
        format!("indexes that are being built, or were left by a build that failed: {names}; migrations/README.md says what to do")
    });
    match policy::store::agrees(pool, &config.district).await {
        Ok(true) => findings.well("the published policy is what its tables say"),
        Ok(false) => findings.wrong("the tables of the policy were changed without a publication"),
        Err(error) => findings.wrong(format!("the published policy cannot be used: {error}")),
    }
    examine_receipts(pool, &scope, findings).await?;
    examine_photos(pool, &scope, config, findings).await?;
    match audit::verify(pool, &scope).await? {
        Verification::Intact { entries } => findings.well(format!("the audit log is intact ({entries} entries)")),
        Verification::Broken { seq, what } => findings.wrong(format!("the audit log is broken at entry {seq}: {what}")),
    }
    Ok(())
}

async fn examine_receipts(pool: &PgPool, scope: &Scope, findings: &mut Findings) -> anyhow::Result<()> {
    let (mut count, mut after) = (0, String::new());
    loop {
        let numbers = receipts::numbers_after(pool, scope, "", &after, 500).await?;
        let Some(last) = numbers.last().cloned() else { break };
        for number in &numbers {
            if receipts::find(pool, scope, number).await?.as_ref().and_then(recheck::tampered).is_some() {
                findings.wrong(format!("the receipt {number} was changed after it was written"));
            }
        }
        count += numbers.len();
        after = last;
    }
    findings.well(format!("{count} receipts were held against their numbers"));
    Ok(())
}

/// Whether documents can be made into PDF, with Chinese letters.
async fn examine_press(findings: &mut Findings) {
    let Some(press) = Press::find() else {
        let what = "WeasyPrint is not installed, so no document can be made into PDF; run scripts/install run, or \
                    apt-get install weasyprint fonts-noto-cjk";
        return findings.wrong(what);
    };
    match press.version().await {
        Ok(version) => findings.well(format!("WeasyPrint {version}")),
        Err(error) => return findings.wrong(format!("WeasyPrint does not start: {error:#}")),
    }
    let fonts = tokio::process::Command::new("fc-list").args([":lang=zh-cn", "family"]).output().await;
    if fonts.is_ok_and(|listed| listed.stdout.trim_ascii().is_empty()) {
        findings.wrong("no font has Chinese letters, so documents would show boxes; apt-get install fonts-noto-cjk");
    }
}

/// How many are wrong, and the first few by their number.
async fn examine_photos(pool: &PgPool, scope: &Scope, config: &Config, findings: &mut Findings) -> anyhow::Result<()> {
    let found = inspection::store::examine_photos(pool, scope, &config.home).await?;
    if found.missing + found.changed == 0 {
        findings.well(format!("{} inspection photos lie where they should and are unchanged", found.photos));
    }
    if found.missing > 0 {
        findings.wrong(format!(
            "{} of {} inspection photos are missing in {}: {}; restore the data directory from a backup",
            found.missing,
            found.photos,
            config.home.display(),
            found.names(PhotoFault::Missing)
        ));
    }
    if found.changed > 0 {
        findings.wrong(format!(
            "{} of {} inspection photos cannot be read or are not the pictures that were recorded: {}",
            found.changed,
            found.photos,
            found.names(PhotoFault::Changed)
        ));
    }
    Ok(())
}

/// Whether anybody else on the machine may read what lies in the home.
fn examine_access(config: &Config, findings: &mut Findings) {
    const NAMED: usize = 5;
    let loose = home::loose(&config.home);
    if loose.is_empty() {
        return findings.well(format!("nobody else may read what lies in {}", config.home.display()));
    }
    let named: Vec<String> = loose.iter().take(NAMED).map(|path| path.display().to_string()).collect();
    findings.wrong(format!(
        "{} files or directories can be read or entered by others on this machine: {}; take the rights of group and others away (chmod go=)",
        loose.len(),
        named.join(", ")
    ));
}

fn examine_disk(config: &Config, findings: &mut Findings) {
    let home = if config.home.exists() { config.home.as_path() } else { std::path::Path::new(".") };
    match nix::sys::statvfs::statvfs(home) {
        Ok(disk) => {
            let free = disk.blocks_available() * disk.fragment_size();
            let gibibytes = free / (1024 * 1024 * 1024);
            if free >= LEAST_FREE_BYTES {
                findings.well(format!("{gibibytes} GiB free in the data directory"));
            } else {
                findings.wrong(format!(
                    "only {gibibytes} GiB free in {}; at least 2 GiB are wanted",
                    config.home.display()
                ));
            }
        }
        Err(error) => {
            findings.wrong(format!("the data directory {} cannot be examined: {error}", config.home.display()));
        }
    }
}
