//! When what a notice is about is over.

use chrono::NaiveDate;

use crate::contract::stage::Stage;
use crate::obligations::line::State;

/// Why a notice is not sent any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Over {
    Ended(Stage),
    Settled(State),
    /// The day that was to be reminded of lies behind.
    Passed(NaiveDate),
    /// The day has moved: to be reminded of later.
    TooEarly(NaiveDate),
    /// Not late any more: the due day has moved.
    NotLate(NaiveDate),
    /// It was told of by another notice.
    Told,
    /// The check knows nothing of it any more.
    Gone,
    NotDecided,
    /// How the file ended.
    Closed(&'static str),
    Paid,
}

impl std::fmt::Display for Over {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Over::Ended(stage) => write!(f, "合同已“{stage}”"),
            Over::Settled(state) => write!(f, "所涉事项{state}"),
            Over::Passed(due) => write!(f, "所提醒的日期 {due} 已过"),
            Over::TooEarly(from) => write!(f, "期限已顺延，{from}起才需提醒"),
            Over::NotLate(due) => write!(f, "期限已变更为 {due}，目前没有逾期"),
            Over::Told => f.write_str("已另行通知"),
            Over::Gone => f.write_str("核查已不见所涉事项"),
            Over::NotDecided => f.write_str("没有已批准的处理决定"),
            Over::Closed(how) => write!(f, "案卷{how}"),
            Over::Paid => f.write_str("违约金已缴清"),
        }
    }
}
