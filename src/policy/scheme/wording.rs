//! The sentences about schemes, in one place.

use super::SchemeError;
use crate::exchange::{Fault, FaultCode};
use crate::policy::ParameterError;
use crate::scoring::scheme::{Scheme, SchemeFault};
use crate::web::serde_words;

/// What makes a scheme none.
pub fn unsound(fault: &SchemeFault) -> String {
    match fault {
        SchemeFault::Years => "截止年度早于起始年度".into(),
        SchemeFault::NoIndicator => "没有任何指标".into(),
        SchemeFault::Twice(name) => format!("“{name}”出现两次；指标、加减分项和档次各用不同的名称"),
        SchemeFault::Name(name) => format!("名称“{name}”为空，或用了小写字母、数字和下划线以外的字符"),
        SchemeFault::Weight(name) => format!("指标“{name}”的权重为负"),
        SchemeFault::Quotient(name) => format!("指标“{name}”缺少分子或分母，或有系数为零的数据项"),
        SchemeFault::Base(name) => format!("指标“{name}”的基准值或封顶倍数须大于零"),
        SchemeFault::Benchmark(name) => format!("指标“{name}”的基准值没有所用年数，或倍数不大于零"),
        SchemeFault::NoStandard(name) => format!("指标“{name}”按与基准值之比计分，却没有基准值"),
        SchemeFault::Table(name) => format!("指标“{name}”的分段表没有行、有空段，或同一数值落在两段"),
        SchemeFault::Points(name) => format!("“{name}”的分值或上限为负；减分也填正数"),
        SchemeFault::Coefficient => "调整系数须大于零".into(),
        SchemeFault::Rounding(places) => format!("得分保留{places}位小数，最多12位"),
        SchemeFault::Remainder(count) => format!("须恰有一档不设比例、容纳其余企业，现有{count}档"),
        SchemeFault::Order(grade) => format!("{grade}档的比例取自错误的一端：好于其余档的自前取，差于其余档的自后取"),
        SchemeFault::Quota(grade) => format!("{grade}档的比例不在0至100%之间，或累计比例小于其前各档之和"),
        SchemeFault::NoSuchGrade(grade) => format!("一票否决或直接定档提到的“{grade}”不是本方案的档次"),
        SchemeFault::FixedForAll(grade) => {
            format!("直接定为{grade}档的，须写明所依据的名单 list 或星级 level_at_least")
        }
        SchemeFault::VetoBars(grade) => format!("一票否决后列入{grade}档，而该档又不得列入"),
        SchemeFault::Steps => "步骤须各写一次，先加分、减分，再排名定档，后一票否决、调档".into(),
    }
}

pub fn unreadable(record: u64, said: &str) -> Fault {
    Fault::error(FaultCode::FileSyntax, format!("第{record}个方案无法读取：{}", serde_words::in_chinese(said)))
        .at(Some(record), None)
}

pub fn no_bounds(scheme: &Scheme, error: &ParameterError) -> Fault {
    let message = match error {
        ParameterError::NotInForce { on, .. } => {
            format!("方案“{}”：{on} 没有已发布的评价界限（权重、比例、基准值），不能核对；请改正起始年度", scheme.id)
        }
        ParameterError::Unreadable { name, value, .. } => {
            format!("方案“{}”：参数 {name} 的数值“{value}”无法识别，不能核对", scheme.id)
        }
    };
    Fault::error(FaultCode::YearOutOfRange, message)
}

pub fn error(error: &SchemeError) -> String {
    match error {
        SchemeError::Json(message) => format!("无法读取：{}", serde_words::in_chinese(message)),
        SchemeError::Twice(id) => format!("方案编号“{id}”重复"),
        SchemeError::Unsound { id, fault } => format!("方案“{id}”：{}", unsound(fault)),
        SchemeError::Ground { id, fault } => format!("方案“{id}”：{fault}"),
        SchemeError::Overlap { one, other } => format!("方案“{one}”与“{other}”类别相同而适用年度重叠"),
        SchemeError::Law { message, .. } => message.clone(),
        SchemeError::Parameter(_) => "没有已发布的评价界限，不能核对；请改正起始年度".into(),
    }
}
