//! The register of industrial platforms (产业平台): what each was from when to when, with its stars or level of that time, on a
//! document. What changes is a new entry from that day on; nothing is deleted.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::store::platforms;
use crate::account::Act;
use crate::account::audit::Deed;
use crate::base::period::Period;

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

#[derive(Debug, thiserror::Error)]
pub enum PlatformError {
    #[error("同一编号或名称的平台在这一期间已有登记；等级、名称有变化的，请先终止原登记，再自变化之日登记")]
    Twice,
    #[error("没有这条平台登记，或已撤销")]
    NotFound,
    #[error("请写明理由")]
    NoReason,
    #[error("终止日期须在原起始日期之后、原终止日期之前")]
    End,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// # Errors
/// The code or the name stands in these days.
pub async fn enter(act: &Act, new: &NewPlatform) -> Result<Uuid, PlatformError> {
    let id = Uuid::now_v7();
    let mut transaction = act.begin().await?;
    platforms::insert(&mut transaction, act, id, new).await.map_err(refused)?;
    let detail = json!({
        "platform": id, "name": new.name, "kind": new.kind.code(), "level": new.level, "document": new.document,
    });
    act.record(&mut transaction, deed("evaluation.platform", new.code.as_str(), detail)).await?;
    transaction.commit().await?;
    Ok(id)
}

/// Withdraws an entry from the beginning; or, with a day, ends it there: the entry then stands as one that ends.
///
/// # Errors
/// No reason, a day outside its days, or somebody withdrew it before.
pub async fn withdraw(act: &Act, id: Uuid, last: Option<NaiveDate>, reason: &str) -> Result<(), PlatformError> {
    if reason.is_empty() {
        return Err(PlatformError::NoReason);
    }
    let mut transaction = act.begin().await?;
    let found = platforms::withdraw(&mut transaction, act, id, reason).await?;
    let (code, valid) = found.ok_or(PlatformError::NotFound)?;
    if let Some(last) = last {
        let shorter = ended(valid, last).ok_or(PlatformError::End)?;
        platforms::again(&mut transaction, act, id, shorter).await?;
    }
    let detail = json!({ "platform": id, "until": last, "reason": reason });
    act.record(&mut transaction, deed("evaluation.platform_withdrawn", &code, detail)).await?;
    Ok(transaction.commit().await?)
}

/// A period that ends with a day within it, sooner than before.
pub fn ended(valid: Period, last: NaiveDate) -> Option<Period> {
    let until = last.succ_opt()?;
    let within = valid.from.is_none_or(|from| from < until) && valid.until.is_none_or(|end| until < end);
    within.then_some(Period { until: Some(until), ..valid })
}

fn refused(error: sqlx::Error) -> PlatformError {
    let constraint = match &error {
        sqlx::Error::Database(error) => error.constraint(),
        _ => None,
    };
    match constraint {
        Some("platform_once" | "platform_named_once") => PlatformError::Twice,
        _ => error.into(),
    }
}

fn deed<'a>(action: &'a str, subject: &'a str, detail: serde_json::Value) -> Deed<'a> {
    Deed { action, subject_kind: "platform", subject, detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_ends_within_its_days_and_sooner_than_before() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let open = Period::since(day("2020-01-01"));
        assert_eq!(ended(open, day("2019-12-31")), None);
        assert_eq!(ended(open, day("2020-01-01")), Some(Period::between(day("2020-01-01"), day("2020-01-02"))));
        let closed = Period::between(day("2020-01-01"), day("2021-01-01"));
        assert_eq!(ended(closed, day("2020-12-31")), None, "it ends then already");
        assert_eq!(ended(closed, day("2020-12-30")).unwrap().until, Some(day("2020-12-31")));
    }

    #[test]
    fn a_code_can_stand_in_an_address() {
        for (text, sound) in [("XC-01", true), ("a", true), ("", false), ("-a", false), ("园区", false), ("a/b", false)]
        {
            assert_eq!(text.parse::<PlatformCode>().is_ok(), sound, "{text}");
        }
    }
}
