//! Settings: the environment over an optional TOML file over the defaults. An unknown key is an error.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Deserialize;

use crate::base::code::CountyCode;

pub const DEMONSTRATION_DISTRICT: &str = "330105";

#[derive(Clone, Debug)]
pub struct Config {
    /// The data directory: private cluster, uploads, documents.
    pub home: PathBuf,
    pub listen: SocketAddr,
    /// Somebody else's PostgreSQL; without it the private cluster is used.
    pub database_url: Option<String>,
    /// The county code that the system is run under.
    pub district: CountyCode,
    /// An optional raster base map aligned with CGCS2000/WGS 84: a `{z}/{x}/{y}` address.
    pub basemap: Option<String>,
    /// Where the public reaches the pages, `https://…` without a slash at its end; printed on paper.
    pub public_address: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    home: Option<PathBuf>,
    listen: Option<String>,
    database_url: Option<String>,
    district: Option<String>,
    basemap: Option<String>,
    public_address: Option<String>,
}

const VARIABLES: [&str; 7] = [
    "MUHENG_CONFIG",
    "MUHENG_HOME",
    "MUHENG_LISTEN",
    "MUHENG_DISTRICT",
    "MUHENG_BASEMAP",
    "MUHENG_PUBLIC_ADDRESS",
    "MUHENG_LOG",
];

impl Config {
    /// Reads the environment, and the file that `MUHENG_CONFIG` names.
    ///
    /// # Errors
    /// An unknown `MUHENG_…` variable, an unknown key in the file, or a value that cannot be read.
    pub fn load() -> anyhow::Result<Self> {
        Self::from_environment(std::env::vars().collect())
    }

    fn from_environment(environment: Vec<(String, String)>) -> anyhow::Result<Self> {
        for (name, _) in &environment {
            if name.starts_with("MUHENG_") && !VARIABLES.contains(&name.as_str()) {
                anyhow::bail!("unknown setting {name}; known are {} and DATABASE_URL", VARIABLES.join(", "));
            }
        }
        let variable = |name: &str| {
            environment.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.clone())
        };
        let file = variable("MUHENG_CONFIG").map(|path| File::read(Path::new(&path))).transpose()?.unwrap_or_default();
        let listen = variable("MUHENG_LISTEN").or(file.listen).unwrap_or_else(|| "127.0.0.1:8080".into());
        let district = variable("MUHENG_DISTRICT").or(file.district).unwrap_or_else(|| DEMONSTRATION_DISTRICT.into());
        Ok(Config {
            home: variable("MUHENG_HOME").map(PathBuf::from).or(file.home).unwrap_or_else(|| ".muheng".into()),
            listen: listen.parse().with_context(|| format!("MUHENG_LISTEN “{listen}” is not an address and port"))?,
            database_url: variable("DATABASE_URL").or(file.database_url),
            district: district.parse()?,
            basemap: variable("MUHENG_BASEMAP").or(file.basemap),
            public_address: variable("MUHENG_PUBLIC_ADDRESS")
                .or(file.public_address)
                .map(public_address)
                .transpose()?,
        })
    }
}

fn public_address(text: String) -> anyhow::Result<String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    anyhow::ensure!(
        !host.is_empty() && !host.starts_with('/') && !text.contains(char::is_whitespace),
        "MUHENG_PUBLIC_ADDRESS “{text}” is not an address like https://muheng.example.gov.cn"
    );
    Ok(text.trim_end_matches('/').to_owned())
}

impl File {
    fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("in {}", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
    }

    #[test]
    fn defaults() {
        let config = Config::from_environment(vec![]).unwrap();
        assert_eq!(config.home, Path::new(".muheng"));
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.district.as_str(), "330105");
    }

    #[test]
    fn an_unknown_variable_or_key_is_an_error() {
        let error = Config::from_environment(environment(&[("MUHENG_LISTN", "x")])).unwrap_err();
        assert!(error.to_string().contains("MUHENG_LISTN"));

        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("muheng.toml");
        std::fs::write(&path, "listn = '127.0.0.1:1'").unwrap();
        let error = Config::from_environment(environment(&[("MUHENG_CONFIG", path.to_str().unwrap())])).unwrap_err();
        assert!(format!("{error:#}").contains("unknown field `listn`"));
    }

    #[test]
    fn the_public_address_is_a_whole_one() {
        let read = |text: &str| Config::from_environment(environment(&[("MUHENG_PUBLIC_ADDRESS", text)]));
        assert_eq!(read("https://a.example/").unwrap().public_address.as_deref(), Some("https://a.example"));
        assert_eq!(read("").unwrap().public_address, None);
        for wrong in ["a.example", "https://", "https:///x", "https://a b"] {
            assert!(read(wrong).unwrap_err().to_string().contains("MUHENG_PUBLIC_ADDRESS"), "{wrong}");
        }
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("muheng.toml");
        std::fs::write(&path, "listen = '127.0.0.1:1'\nhome = '/tmp/a'").unwrap();
        let environment = environment(&[("MUHENG_CONFIG", path.to_str().unwrap()), ("MUHENG_LISTEN", "127.0.0.1:2")]);
        let config = Config::from_environment(environment).unwrap();
        assert_eq!(config.listen.port(), 2);
        assert_eq!(config.home, Path::new("/tmp/a"));
    }
}
