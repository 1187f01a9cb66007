//! `muheng evaluation scheme`: the schemes by which a year is evaluated.

use anyhow::Context;
use clap::{Args, ValueEnum};

use crate::base::code::CountyCode;
use crate::cli::config::Config;
use crate::cli::database::Database;
use crate::policy::scheme::{Origin, Schemes};
use crate::policy::store;
use crate::scoring::Scheme;
use crate::scoring::scheme::{Adoption, Category};

#[derive(Args)]
pub struct Named {
    /// The name of a scheme, or a category: industry_above, industry_below, services_above, platform, high_tech,
    /// low_efficiency_land.
    #[arg(value_name = "ID|CATEGORY")]
    scheme: String,
    /// The year that is evaluated; needed with a category.
    #[arg(long)]
    year: Option<i32>,
    /// County code; the configured district without it.
    #[arg(long)]
    district: Option<CountyCode>,
    #[arg(long, value_enum, default_value = "json")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Json,
}

/// # Errors
/// When there is no such scheme, none holds in the year, or the database does not answer.
pub async fn run(command: &Named, config: &Config) -> anyhow::Result<()> {
    let database = Database::open(config).await?;
    let district = command.district.as_ref().unwrap_or(&config.district);
    database.district(district).await?;
    let catalogue = store::current(&database.pool, district).await?;
    let scheme = find(&catalogue.schemes, &command.scheme, command.year)?;
    match command.format {
        Format::Json => println!("{}", serde_json::to_string_pretty(scheme)?),
    }
    Ok(())
}

/// The scheme that is meant; what must be known of it before it is taken for the district's own is said on standard error.
pub fn find<'a>(schemes: &'a Schemes, named: &str, year: Option<i32>) -> anyhow::Result<&'a Scheme> {
    let (origin, scheme) = meant(schemes, named, year)?;
    if let Some(note) = note(origin, scheme) {
        eprintln!("muheng: {note}");
    }
    Ok(scheme)
}

fn meant<'a>(schemes: &'a Schemes, named: &str, year: Option<i32>) -> anyhow::Result<(Origin, &'a Scheme)> {
    if let Some(year) = year {
        let found = schemes.meant(named, year);
        return found
            .with_context(|| format!("no scheme {named} evaluates {year}; muheng policy list names all of them"));
    }
    anyhow::ensure!(Category::parse(named).is_none(), "say of which year with --year");
    schemes.named(named).with_context(|| format!("there is no scheme {named}; muheng policy list names all of them"))
}

/// What the reader must know before it is taken for the district's own.
fn note(origin: Origin, scheme: &Scheme) -> Option<String> {
    match (scheme.adoption, origin) {
        (Adoption::Example, _) => Some(format!("{} is an example; nothing is evaluated by it", scheme.id)),
        (Adoption::Adopted, Origin::Shipped) => {
            Some(format!("{} comes with the program; the district has published none of its own", scheme.id))
        }
        (Adoption::Adopted, Origin::Own) => None,
    }
}
