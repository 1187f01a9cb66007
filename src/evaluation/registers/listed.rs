//! What is kept beside enterprises: platforms with their days, and the members of dated lists.

use rust_decimal::Decimal;

use crate::base::period::Period;
use crate::scoring::scheme::SubjectKind;

/// What the register of enterprises says itself.
pub const HIGH_TECH: &str = "high_tech";
/// What the register of platforms says itself.
pub const PLATFORMS: &str = "platform";
/// What the 10,000-yuan rule says itself.
pub const LOW_EFFICIENCY_LAND: &str = "low_efficiency_land";

/// How the name of a list begins that holds the members of one group of enterprises (企业集团), as `group_xinglong`.
pub const GROUP_PREFIX: &str = "group_";
/// Stars or level of a platform.
pub const LEVELS: std::ops::RangeInclusive<u8> = 1..=5;

crate::terms! {
    pub enum PlatformKind {
        DevelopmentZone = "development_zone" => "开发区",
        IndustrialPark = "industrial_park" => "产业园区",
        SmallEnterprisePark = "small_enterprise_park" => "小微企业园",
        CharacteristicTown = "characteristic_town" => "特色小镇",
        Incubator = "incubator" => "孵化器、众创空间",
        Building = "building" => "楼宇",
        Other = "other" => "其他平台",
    }
}

/// How a platform is named in files and addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformCode(String);

impl PlatformCode {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for PlatformCode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let sound = text.len() <= 40
            && text.starts_with(|it: char| it.is_ascii_alphanumeric())
            && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-' || it == b'_');
        if sound { Ok(PlatformCode(text.to_owned())) } else { Err(format!("“{text}” is no code of a platform")) }
    }
}

/// A platform as it is entered.
#[derive(Clone, Debug)]
pub struct NewPlatform {
    pub code: PlatformCode,
    pub name: String,
    pub kind: PlatformKind,
    /// Stars or level, 1 to 5.
    pub level: Option<u8>,
    /// mu.
    pub area_mu: Option<Decimal>,
    pub valid: Period,
    pub document: String,
}

/// The name of a list, as schemes write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListCode(String);

impl ListCode {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for ListCode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let sound = (1..=40).contains(&text.len())
            && text.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_');
        if sound { Ok(ListCode(text.to_owned())) } else { Err(format!("“{text}” is no name of a list")) }
    }
}

/// Members as they are entered, all on one document.
#[derive(Clone, Debug)]
pub struct NewMembers {
    pub list: ListCode,
    pub kind: SubjectKind,
    /// Credit codes, codes of platforms or of parcels.
    pub subjects: Vec<String>,
    pub valid: Period,
    pub document: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_can_stand_in_an_address() {
        for (text, sound) in [("XC-01", true), ("a", true), ("", false), ("-a", false), ("园区", false), ("a/b", false)]
        {
            assert_eq!(text.parse::<PlatformCode>().is_ok(), sound, "{text}");
        }
    }
}
