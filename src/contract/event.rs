//! What happened under a contract, each event with its day and the moment it became known.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::base::conversion::{self as unit, Dimension};
use crate::base::unit::{Yuan, grouped};

crate::terms! {
    /// What somebody owes under the contract or under order no. 53.
    pub enum DutyKind {
        Payment = "payment" => "缴纳价款",
        /// The grantor's own.
        HandOver = "hand_over" => "交付土地",
        Start = "start" => "开工",
        Completion = "completion" => "竣工",
        Production = "production" => "投产",
        OutputReview = "output_review" => "达产复核",
        /// The bureau's: to remind 30 days before.
        NoticePayment = "notice_payment" => "缴款提醒",
        NoticeStart = "notice_start" => "开工提醒",
        NoticeCompletion = "notice_completion" => "竣工提醒",
        RectifyCompletion = "rectify_completion" => "竣工验收整改",
        RectifyOutput = "rectify_output" => "达产复核整改",
        Investment = "investment" => "固定资产投资",
        FloorAreaRatio = "floor_area_ratio" => "容积率",
        /// The next certificate before the one in force lapses.
        Certificate = "certificate" => "权证到期",
        TermEnd = "term_end" => "使用年期届满",
        Investigation = "investigation" => "闲置调查",
        Answer = "answer" => "闲置调查答复",
        IdleLand = "idle_land" => "闲置土地",
    }
}

impl DutyKind {
    /// Its breach may cost money, so a payment can be booked against it.
    pub fn may_cost(self) -> bool {
        use DutyKind as K;
        matches!(
            self,
            K::Payment
                | K::HandOver
                | K::Start
                | K::Completion
                | K::Production
                | K::Investment
                | K::FloorAreaRatio
                | K::IdleLand
        )
    }

    /// A reminder, which is the bureau's own.
    pub fn is_notice(self) -> bool {
        matches!(self, DutyKind::NoticePayment | DutyKind::NoticeStart | DutyKind::NoticeCompletion)
    }
}

/// A duty of one contract: `start`, or `payment_2` for the second instalment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Duty {
    pub kind: DutyKind,
    /// The number of the instalment, from 1; zero where there is only one.
    pub number: u16,
}

impl Duty {
    pub const fn one(kind: DutyKind) -> Self {
        Duty { kind, number: 0 }
    }

    pub const fn payment(number: u16) -> Self {
        Duty { kind: DutyKind::Payment, number }
    }

    /// For people: `缴纳价款（第2期）`.
    pub fn label(self) -> String {
        match self.number {
            0 => self.kind.label().to_owned(),
            number => format!("{}（第{number}期）", self.kind),
        }
    }

    fn is_numbered(kind: DutyKind) -> bool {
        matches!(kind, DutyKind::Payment | DutyKind::NoticePayment)
    }
}

impl fmt::Display for Duty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.code())?;
        if self.number > 0 { write!(f, "_{}", self.number) } else { Ok(()) }
    }
}

impl FromStr for Duty {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unknown = || format!("“{text}” is no duty of a contract");
        let text = text.trim();
        if let Some(kind) = DutyKind::parse(text).filter(|kind| !Duty::is_numbered(*kind)) {
            return Ok(Duty::one(kind));
        }
        let (kind, number) = text.rsplit_once('_').ok_or_else(unknown)?;
        let kind = DutyKind::parse(kind).filter(|kind| Duty::is_numbered(*kind)).ok_or_else(unknown)?;
        let number = number.parse().ok().filter(|number| *number > 0).ok_or_else(unknown)?;
        Ok(Duty { kind, number })
    }
}

impl From<Duty> for String {
    fn from(duty: Duty) -> String {
        duty.to_string()
    }
}

impl TryFrom<String> for Duty {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

crate::terms! {
    pub enum EventKind {
        HandedOver = "handed_over" => "交付土地",
        Paid = "paid" => "缴款",
        Started = "started" => "开工",
        CompletionDeclared = "completion_declared" => "竣工申报",
        CompletionReviewed = "completion_reviewed" => "竣工综合复核验收",
        ProductionStarted = "production_started" => "投产",
        OutputReviewed = "output_reviewed" => "达产复核",
        Suspended = "suspended" => "中止",
        Resumed = "resumed" => "恢复",
        Extended = "extended" => "准予延期",
        Waived = "waived" => "免除",
        Notified = "notified" => "发出提醒",
        Measured = "measured" => "核实数据",
        PenaltyPaid = "penalty_paid" => "缴纳违约金",
        InvestigationOpened = "investigation_opened" => "闲置调查通知",
        InvestigationAnswered = "investigation_answered" => "闲置调查答复",
        IdleConfirmed = "idle_confirmed" => "闲置认定",
        IdleSettled = "idle_settled" => "闲置处置完毕",
        Rescinded = "rescinded" => "解除合同",
        Terminated = "terminated" => "终止合同",
        TakenBack = "taken_back" => "收回土地",
    }
}

impl EventKind {
    /// What is granted, forgiven or decided stands on paper.
    pub fn needs_document(self) -> bool {
        matches!(self, EventKind::Extended | EventKind::Waived | EventKind::IdleConfirmed | EventKind::IdleSettled)
    }

    /// A review is concluded in [`crate::review`], on its table and with a receipt, and recorded nowhere else.
    pub fn is_review(self) -> bool {
        matches!(self, EventKind::CompletionReviewed | EventKind::OutputReviewed)
    }
}

crate::terms! {
    /// Where a review among the events of a contract comes from.
    pub enum ReviewOrigin {
        Concluded = "concluded" => "本系统复核",
        /// From a file, of the time before the contract was entered here: no table, no receipt.
        Historic = "historic" => "历史复核（文件导入）",
    }
}

crate::terms! {
    /// How a review ended.
    pub enum ReviewOutcome {
        Passed = "passed" => "通过",
        /// Failed, with a period to put things right.
        Rectify = "rectify" => "限期整改",
        Failed = "failed" => "不通过",
    }
}

crate::terms! {
    /// Why work stood still. What is not the grantee's doing stops the clock.
    pub enum Cause {
        Government = "government" => "政府原因",
        ForceMajeure = "force_majeure" => "不可抗力",
        Grantee = "grantee" => "受让人原因",
    }
}

crate::terms! {
    /// Which deadlines a standstill concerns.
    pub enum Covers {
        /// Start, completion, production, output review, and the idle-land periods.
        Works = "works" => "建设投产期限",
        /// Payments too.
        All = "all" => "全部期限",
    }
}

crate::terms! {
    /// Figures that somebody went and established.
    pub enum Figure {
        /// m² of land on which building has begun.
        DevelopedLand = "developed_land_m2" => "已动工开发面积",
        /// m² of land that should be built on; the granted area while nobody says otherwise.
        LandToDevelop = "land_to_develop_m2" => "应动工开发面积",
        /// Yuan without land price and taxes: the idle-land test.
        Invested = "invested_yuan" => "已投资额（不含价款和税费）",
        /// Yuan with the land price: the commitment.
        FixedInvestment = "fixed_investment_yuan" => "固定资产投资总额（含价款）",
        /// A storey above 8 m counted twice.
        FloorAreaRatio = "floor_area_ratio" => "容积率",
    }
}

/// What an event says besides its day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    HandedOver,
    Paid {
        instalment: u16,
        amount: Yuan,
    },
    Started,
    CompletionDeclared,
    CompletionReviewed(Review),
    ProductionStarted,
    OutputReviewed(Review),
    /// From its day on; `until` is the first day the clock runs again, open until a [`Happening::Resumed`].
    Suspended {
        until: Option<NaiveDate>,
        cause: Cause,
        covers: Covers,
    },
    /// Ends every standstill that is open.
    Resumed,
    /// A new due day, granted on paper with its ground.
    Extended {
        duty: Duty,
        until: NaiveDate,
    },
    Waived {
        duty: Duty,
    },
    /// A reminder went out.
    Notified {
        duty: Duty,
    },
    /// Verified on the day of the event.
    Measured {
        figure: Figure,
        value: Decimal,
        /// When it stood so; `None` when nobody knows.
        reached_on: Option<NaiveDate>,
    },
    PenaltyPaid {
        duty: Duty,
        amount: Yuan,
    },
    InvestigationOpened,
    InvestigationAnswered,
    /// Stays until it is settled or waived on paper, whatever happens on the land.
    IdleConfirmed {
        /// As decided; `None`: what the rules of that day come to.
        fee: Option<Yuan>,
    },
    IdleSettled,
    Rescinded,
    Terminated,
    TakenBack,
}

/// How a review ended, and until when things may be put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Review {
    pub outcome: ReviewOutcome,
    pub rectify_until: Option<NaiveDate>,
}

impl Happening {
    pub fn kind(&self) -> EventKind {
        match self {
            Happening::HandedOver => EventKind::HandedOver,
            Happening::Paid { .. } => EventKind::Paid,
            Happening::Started => EventKind::Started,
            Happening::CompletionDeclared => EventKind::CompletionDeclared,
            Happening::CompletionReviewed(_) => EventKind::CompletionReviewed,
            Happening::ProductionStarted => EventKind::ProductionStarted,
            Happening::OutputReviewed(_) => EventKind::OutputReviewed,
            Happening::Suspended { .. } => EventKind::Suspended,
            Happening::Resumed => EventKind::Resumed,
            Happening::Extended { .. } => EventKind::Extended,
            Happening::Waived { .. } => EventKind::Waived,
            Happening::Notified { .. } => EventKind::Notified,
            Happening::Measured { .. } => EventKind::Measured,
            Happening::PenaltyPaid { .. } => EventKind::PenaltyPaid,
            Happening::InvestigationOpened => EventKind::InvestigationOpened,
            Happening::InvestigationAnswered => EventKind::InvestigationAnswered,
            Happening::IdleConfirmed { .. } => EventKind::IdleConfirmed,
            Happening::IdleSettled => EventKind::IdleSettled,
            Happening::Rescinded => EventKind::Rescinded,
            Happening::Terminated => EventKind::Terminated,
            Happening::TakenBack => EventKind::TakenBack,
        }
    }
}

/// An event on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub id: i64,
    pub on: NaiveDate,
    pub happening: Happening,
    /// The paper it rests on.
    pub document: Option<String>,
    /// Where a review comes from; none for any other event.
    pub review: Option<ReviewOrigin>,
    pub recorded_at: DateTime<Utc>,
    /// When it was corrected or withdrawn; `None` while it stands.
    pub superseded_at: Option<DateTime<Utc>>,
}

/// What is written of an event besides who and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    pub on: NaiveDate,
    pub happening: Happening,
    /// The paper it rests on: compulsory where [`EventKind::needs_document`] says so.
    pub document: Option<String>,
    pub note: String,
}

impl Happening {
    /// For people, with amounts and days.
    pub fn wording(&self) -> String {
        let kind = self.kind();
        match self {
            Happening::Paid { instalment, amount } => format!("第{instalment}期缴款{}元", grouped(amount.0, 2)),
            Happening::CompletionReviewed(review) | Happening::OutputReviewed(review) => match review.rectify_until {
                Some(until) => format!("{kind}：{}至{until}", review.outcome),
                None => format!("{kind}：{}", review.outcome),
            },
            Happening::Suspended { until, cause, covers } => match until {
                Some(until) => format!("{kind}（{cause}，{covers}），{until}起恢复计算"),
                None => format!("{kind}（{cause}，{covers}）"),
            },
            Happening::Extended { duty, until } => format!("{}{kind}至{until}", duty.label()),
            Happening::Waived { duty } | Happening::Notified { duty } => format!("{kind}：{}", duty.label()),
            Happening::Measured { figure, value, reached_on } => {
                let reached = reached_on.map(|day| format!("（{day}达到）")).unwrap_or_default();
                format!("{kind}：{figure} {}{}{reached}", value.normalize(), figure.unit())
            }
            Happening::IdleConfirmed { fee: Some(fee) } => format!("{kind}，闲置费{}元", grouped(fee.0, 2)),
            Happening::PenaltyPaid { duty, amount } => {
                format!("{kind}{}元（{}）", grouped(amount.0, 2), duty.label())
            }
            _ => kind.label().to_owned(),
        }
    }
}

impl Figure {
    fn dimension(self) -> Dimension {
        match self {
            Figure::DevelopedLand | Figure::LandToDevelop => Dimension::Area,
            Figure::Invested | Figure::FixedInvestment => Dimension::Money,
            Figure::FloorAreaRatio => Dimension::Ratio,
        }
    }

    /// In the unit it is kept in, exactly; without a unit it is in that one. Nothing when the unit does not measure it, or
    /// no decimal can write what it comes to.
    pub fn stored(self, value: Decimal, unit: &str) -> Option<Decimal> {
        if unit.trim().is_empty() {
            return Some(value);
        }
        (unit::find(self.dimension(), unit)?.scale() * value).as_decimal()
    }

    /// Why [`Figure::stored`] gives nothing.
    pub fn not_its_unit(self, unit: &str) -> String {
        let kept = if self.unit().is_empty() { "比值" } else { self.unit() };
        format!("“{unit}”不是{self}的计量单位，或不能精确换算成{kept}。请改填其他单位。")
    }

    pub fn unit(self) -> &'static str {
        match self {
            Figure::DevelopedLand | Figure::LandToDevelop => "平方米",
            Figure::Invested | Figure::FixedInvestment => "元",
            Figure::FloorAreaRatio => "",
        }
    }
}
