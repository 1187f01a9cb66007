//! What can be wrong with a contract, its events and its certificates. The same codes by hand and by file.

use serde::Serialize;

use crate::exchange::fault::Severity;

crate::terms! {
    /// Stable codes.
    pub enum FaultCode {
        NoAgreement = "no_agreement" => "没有合同正文",
        ParcelCodeInvalid = "parcel_code_invalid" => "宗地代码无效",
        ParcelTwice = "parcel_twice" => "宗地重复",
        GranteeInvalid = "grantee_invalid" => "受让人信用代码无效",
        GranteeDoubtful = "grantee_doubtful" => "受让人信用代码校验位不符",
        InstalmentsSum = "instalments_sum" => "分期价款之和与总价不符",
        InstalmentAmount = "instalment_amount" => "分期价款不是正数",
        DatesOrder = "dates_order" => "约定日期先后颠倒",
        DateBeforeContract = "date_before_contract" => "约定日期早于合同",
        RateDoubtful = "rate_doubtful" => "违约金比例可疑",
        RateInvalid = "rate_invalid" => "违约金比例无效",
        FigureOutOfRange = "figure_out_of_range" => "数值超出范围",
        TermYears = "term_years" => "使用年期无效",
        SupplementTwice = "supplement_twice" => "补充协议重复",
        EventIncomplete = "event_incomplete" => "事件要素不全",
        StageLengths = "stage_lengths" => "分阶段年期超过使用年期",
        SupplementBeforeContract = "supplement_before_contract" => "补充协议早于合同",
        LeapDay = "leap_day" => "自2月29日起算",
        EventBeforeContract = "event_before_contract" => "事件早于合同",
        EventInFuture = "event_in_future" => "事件日期在将来",
        HandedOverTwice = "handed_over_twice" => "重复交地",
        HappenedAlready = "happened_already" => "重复登记",
        StageNotReached = "stage_not_reached" => "阶段未到",
        CompletionBeforeStart = "completion_before_start" => "竣工早于开工",
        AfterTheEnd = "after_the_end" => "合同已经终止",
        FailedForGood = "failed_for_good" => "复核已最终不通过",
        InstalmentUnknown = "instalment_unknown" => "没有这一期价款",
        Overpaid = "overpaid" => "缴款超过该期价款",
        ExtensionTooLong = "extension_too_long" => "延期超过一年",
        ExtensionNotLater = "extension_not_later" => "延期未晚于原定日期",
        ExtensionImpossible = "extension_impossible" => "该期限不能延期",
        CertificateStageNotReached = "certificate_stage_not_reached" => "权证阶段未到",
        CertificateParcel = "certificate_parcel" => "权证宗地不在合同内",
        CertificateOverlap = "certificate_overlap" => "同一宗地两证同时有效",
        CertificatePastTerm = "certificate_past_term" => "权证超出使用年期",
        CertificatePeriod = "certificate_period" => "权证期限无效",
    }
}

/// The record at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    Contract,
    Terms(i64),
    Event(i64),
    Certificate(i64),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    pub code: FaultCode,
    pub severity: Severity,
    pub place: Place,
    /// One sentence in Chinese: what is wrong, with the figures, and what to do.
    pub message: String,
}

impl Fault {
    pub fn error(code: FaultCode, place: Place, message: impl Into<String>) -> Self {
        Fault { code, severity: Severity::Error, place, message: message.into() }
    }

    pub fn warning(code: FaultCode, place: Place, message: impl Into<String>) -> Self {
        Fault { code, severity: Severity::Warning, place, message: message.into() }
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
