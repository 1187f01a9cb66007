//! What a run is refused for, in Chinese.

use super::looking::what_if::Unfit;
use super::run::RunError;
use crate::scoring::benchmark::BaseError;

pub fn unfit(unfit: &Unfit) -> String {
    match unfit {
        Unfit::NoIndicator(name) => format!("方案没有指标“{name}”"),
        Unfit::NoBase(name) => format!("指标“{name}”不按与基准值之比计分，不能改基准值或封顶"),
        Unfit::NoQuota(grade) => format!("方案没有设比例的“{grade}”档"),
        Unfit::Category => "推演只能换用同一类别的方案".into(),
    }
}

pub fn run_error(error: &RunError) -> String {
    match error {
        RunError::Year { scheme, year } => format!("方案“{scheme}”不评价{year}年"),
        RunError::Fact { scheme, fact } => format!("方案“{scheme}”用到的数据项“{fact}”无处可取"),
        RunError::PartOfDistrict => "评价在全区范围内核算，请由不限于一个街道的人员办理".into(),
        RunError::Item { uscc, item } => format!("{uscc} 登记的加减分项“{item}”不在方案中，请更正登记或方案"),
        RunError::Grade { uscc, grade } => {
            format!("{uscc} 的调档“{grade}”不是方案中的档次，或该企业未参与排名，请更正")
        }
        RunError::Base(BaseError::NoFigures { indicator, first, last }) => {
            format!("指标“{indicator}”的基准值无从核算：{first}至{last}年没有可用数据，请先补齐这几年的数据")
        }
        RunError::Base(BaseError::NotPositive { indicator }) => {
            format!("指标“{indicator}”的基准值不大于零，不能据以计分，请核对基准年度的数据")
        }
        RunError::Json(_) | RunError::Inputs | RunError::Stopped => error.to_string(),
    }
}
