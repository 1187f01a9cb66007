//! What is wrong with a measure, said to whoever brings it.

use super::MeasureError;
use crate::entitlement::MeasureFault;
use crate::exchange::{Fault, FaultCode as Code};
use crate::web::serde_words;

pub fn fault(error: &MeasureError) -> Fault {
    Fault::error(code(error), self::error(error))
}

fn code(error: &MeasureError) -> Code {
    match error {
        MeasureError::Json(_) => Code::FileSyntax,
        MeasureError::NoSuchFact { .. } => Code::FactUnknown,
        MeasureError::Named(_) => Code::ValueUnreadable,
        MeasureError::GroundEnded { .. } => Code::MeasureGround,
        MeasureError::Unsound(fault) => match fault {
            MeasureFault::Twice(_) => Code::CodeDuplicate,
            MeasureFault::Blank { .. } => Code::ValueMissing,
            MeasureFault::Days(_) => Code::PeriodInvalid,
            MeasureFault::NoRate(_) => Code::MeasureRate,
            MeasureFault::NoBase(_) => Code::MeasureBase,
            MeasureFault::Negative(_) | MeasureFault::Relief(_) => Code::FigureOutOfRange,
            MeasureFault::Asked { .. } => Code::MeasureCondition,
            MeasureFault::Overlap { .. } => Code::MeasureOverlap,
        },
    }
}

/// The measure that an error is about.
pub fn subject(error: &MeasureError) -> Option<&str> {
    match error {
        MeasureError::Json(_) => None,
        MeasureError::NoSuchFact { id, .. } | MeasureError::GroundEnded { id, .. } | MeasureError::Named(id) => {
            Some(id)
        }
        MeasureError::Unsound(fault) => Some(match fault {
            MeasureFault::Twice(id)
            | MeasureFault::Days(id)
            | MeasureFault::NoRate(id)
            | MeasureFault::NoBase(id)
            | MeasureFault::Negative(id)
            | MeasureFault::Relief(id)
            | MeasureFault::Blank { id, .. }
            | MeasureFault::Asked { id, .. } => id,
            MeasureFault::Overlap { other, .. } => other,
        }),
    }
}

pub fn error(error: &MeasureError) -> String {
    match error {
        MeasureError::Json(said) => format!("随附的措施无法读取：{said}"),
        MeasureError::NoSuchFact { id, fact } => {
            format!(
                "措施“{id}”的计算基数“{fact}”不是年度数据项；可用的数据项见评价方案的说明，如 electricity_grid_kwh、land_m2"
            )
        }
        MeasureError::Named(id) => {
            format!("措施编号“{id}”须由小写字母、数字、连字符和斜线组成，不超过80个字符，如 district-2027/power")
        }
        MeasureError::GroundEnded { id, document } => {
            format!(
                "措施“{id}”所依据的《{document}》在措施的期间内均不生效，措施永远不会执行；请改写现行有效的依据文件"
            )
        }
        MeasureError::Unsound(fault) => unsound(fault),
    }
}

fn unsound(fault: &MeasureFault) -> String {
    match fault {
        MeasureFault::Twice(id) => format!("措施编号“{id}”重复"),
        MeasureFault::Blank { id, what } => format!("措施“{id}”没有写明{}", blank(what)),
        MeasureFault::Days(id) => format!("措施“{id}”的终止日早于起始日"),
        MeasureFault::NoRate(id) => format!("措施“{id}”有计算基数而没有标准（clock），请写明标准"),
        MeasureFault::NoBase(id) => {
            format!("措施“{id}”有标准而没有计算基数；支持、限制类措施不写标准，收费、减免类措施须写明基数（base）")
        }
        MeasureFault::Negative(id) => format!("措施“{id}”的标准或单价为负数"),
        MeasureFault::Relief(id) => format!("措施“{id}”的减免比例超过100%"),
        MeasureFault::Asked { id, key } => {
            format!("措施“{id}”的核实事项“{key}”与另一措施的问法不同；同一事项须用同一问法，或另用代码")
        }
        MeasureFault::Overlap { one, other } => format!(
            "措施“{one}”与“{other}”由同一单位在同一期间对同一类别、档次的同一基数计算，且都写明叠加；\
             请先为其中之一写明终止日，或写明同类只执行最高的一项（stacking）"
        ),
    }
}

fn blank(what: &str) -> &'static str {
    match what {
        "title" => "名称（title）",
        "grade" => "档次（grades）",
        "category" => "评价类别（categories）",
        "document" => "依据文件（document）",
        "article" => "依据条款（article）",
        "source" => "出处（source）",
        _ => "核实事项的代码或问题（conditions）",
    }
}

pub fn unreadable(record: u64, said: &str) -> Fault {
    let said = serde_words::in_chinese(said);
    Fault::error(Code::FileSyntax, format!("第{record}项措施无法读取：{said}")).at(Some(record), None)
}
