//! Staged certificates (分阶段权证), 四(一)3.

use chrono::{DateTime, Utc};

use crate::base::period::Period;

crate::terms! {
    /// The stages a certificate is issued for.
    pub enum CertificateStage {
        Construction = "construction" => "建设期",
        Production = "production" => "投产期",
        Remaining = "remaining" => "剩余年限使用期",
    }
}

/// A certificate on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    pub id: i64,
    pub parcel: String,
    pub stage: CertificateStage,
    pub number: String,
    /// First day and the first day on which it is no longer valid.
    pub valid: Period,
    /// What the holder may do, as printed on it.
    pub allows: String,
    /// The event of the review that passed; none for the first stage.
    pub review: Option<i64>,
    pub recorded_at: DateTime<Utc>,
    pub superseded_at: Option<DateTime<Utc>>,
}

/// A certificate to be entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCertificate {
    pub parcel: String,
    pub stage: CertificateStage,
    pub number: String,
    pub valid: Period,
    pub allows: String,
    /// The event of the review that passed; none for the first stage.
    pub review: Option<i64>,
}
