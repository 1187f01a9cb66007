//! The sentences of this intake, in one place.

use crate::exchange::{Fault, FaultCode as Code};
use crate::policy::catalogue::CatalogueError;
use crate::policy::directory::DirectoryError;
use crate::policy::standard::StandardError;
use crate::policy::veto::VetoKindError;

pub fn standard(error: &StandardError) -> String {
    match error {
        StandardError::Toml(error) => format!("无法读取：{}", error.message()),
        StandardError::Day(text) => format!("“{text}”不是日期（年-月-日）"),
        StandardError::Twice(id) => format!("指标编号“{id}”重复"),
        StandardError::Empty(id) => format!("“{id}”没有任何指标要求"),
        StandardError::Period(id) => format!("“{id}”的终止日不晚于起始日"),
        StandardError::Industry { set, source } => format!("“{set}”的行业代码或版本有误：{source}"),
        StandardError::Edition(id) => format!("“{id}”的行业代码与行业版本须同时填写"),
        StandardError::NoSuchIndicator { set, indicator } => format!("“{set}”的指标“{indicator}”不在指标目录中"),
        StandardError::Unit { set, indicator, unit } => format!("“{set}”的“{indicator}”不能用“{unit}”作单位"),
        StandardError::Overlap { one, other } => {
            format!("“{one}”与“{other}”适用对象相同而有效期重叠")
        }
    }
}

pub fn standard_code(error: &StandardError) -> Code {
    match error {
        StandardError::Toml(_) => Code::FileSyntax,
        StandardError::Day(_) | StandardError::Period(_) => Code::PeriodInvalid,
        StandardError::Twice(_) => Code::CodeDuplicate,
        StandardError::Empty(_) => Code::ValueMissing,
        StandardError::Industry { .. } | StandardError::Edition(_) => Code::IndustryEditionMismatch,
        StandardError::NoSuchIndicator { .. } => Code::ValueUnknown,
        StandardError::Unit { .. } => Code::UnitUnknown,
        StandardError::Overlap { .. } => Code::ConflictsWithRegister,
    }
}

pub fn directory(error: &DirectoryError) -> String {
    match error {
        DirectoryError::Twice(id) => format!("条目编号“{id}”重复"),
        DirectoryError::Period(id) => format!("“{id}”的终止日不晚于起始日"),
        DirectoryError::Empty(id) => format!("“{id}”没有写明目录表述，或没有行业代码"),
        DirectoryError::Industry { entry, source } => format!("“{entry}”的行业代码或版本有误：{source}"),
    }
}

pub fn veto_kind(error: &VetoKindError) -> String {
    match error {
        VetoKindError::Toml(said) => format!("无法读取：{said}"),
        VetoKindError::Overlap(code) => {
            format!("事由“{code}”在同一日有两条有效；内置的事由不能另行发布，请另用代码")
        }
        VetoKindError::Period(code) => format!("事由“{code}”的终止日不晚于起始日"),
        VetoKindError::Unnamed(code) => format!("事由“{code}”的代码须由小写字母和下划线组成，并须写明名称"),
        VetoKindError::Lasting(code) => {
            format!("事由“{code}”的默认期限须为1至600个月，或1至50个年度；没有默认期限的不写 lasts")
        }
    }
}

pub fn veto_kind_fault(error: &VetoKindError) -> Fault {
    let code = match error {
        VetoKindError::Toml(_) => Code::FileSyntax,
        VetoKindError::Overlap(_) => Code::CodeDuplicate,
        VetoKindError::Period(_) => Code::PeriodInvalid,
        VetoKindError::Unnamed(_) | VetoKindError::Lasting(_) => Code::ValueUnreadable,
    };
    Fault::error(code, veto_kind(error))
}

pub fn veto_kinds_are_toml() -> Fault {
    Fault::error(Code::FormatUnknown, "一票否决事由只接受 .toml 文件；请下载模板，修改后上传")
}

pub fn entry(error: &DirectoryError) -> Fault {
    let code = match error {
        DirectoryError::Twice(_) => Code::CodeDuplicate,
        DirectoryError::Period(_) => Code::PeriodInvalid,
        DirectoryError::Empty(_) => Code::ValueMissing,
        DirectoryError::Industry { .. } => Code::IndustryEditionMismatch,
    };
    Fault::error(code, directory(error))
}

pub fn document(error: &CatalogueError) -> Fault {
    match error {
        CatalogueError::Toml(error) => Fault::error(Code::FileSyntax, format!("文件无法读取：{}", error.message())),
        CatalogueError::Day(text) => Fault::error(Code::PeriodInvalid, format!("“{text}”不是日期（年-月-日）")),
        CatalogueError::Ending { problem, .. } => ending(&problem.0),
        CatalogueError::Wording { actual, .. } => Fault::error(
            Code::FileInconsistent,
            format!("正文与所写的 sha256 不符（实际为 {actual}）；请核对正文，或删去 sha256 一行由系统计算"),
        ),
        CatalogueError::ArticleTwice { article, .. } => {
            Fault::error(Code::CodeDuplicate, format!("条款“{article}”出现两次"))
        }
        CatalogueError::ArticleUncovered { article, .. } => article_bare(article),
        CatalogueError::Period(id) => Fault::error(Code::PeriodInvalid, format!("“{id}”的终止日不晚于施行日")),
        other => Fault::error(Code::ValueUnreadable, other.to_string()),
    }
}

pub fn article_bare(article: &str) -> Fault {
    Fault::error(
        Code::ValueMissing,
        format!(
            "条款“{article}”须写明执行它的规则，或写明处理状态（须人工判断、无法由系统核查、不在本系统范围）及理由，二者择一"
        ),
    )
}

pub fn ending(text: &str) -> Fault {
    Fault::error(
        Code::PeriodInvalid,
        format!(
            "终止表述“{text}”看不出哪一天是最后一天；请写作“自2024年6月1日起废止”（该日不再有效）或“有效期至2024年6月1日”（该日仍有效）"
        ),
    )
}

pub fn interval(text: &str) -> Fault {
    Fault::error(
        Code::ValueUnreadable,
        format!("要求“{text}”无法识别；请写作 ≥150、>150、≤0.52、<0.52、1.5～2.5（含两端）或 [1.5,2.5)"),
    )
}

pub fn indicator_unknown(text: &str) -> Fault {
    Fault::error(Code::ValueUnknown, format!("指标“{text}”不在指标目录中；请用目录里的名称或代码"))
}

pub fn term_unknown(column: &str, text: &str, choices: &str) -> Fault {
    Fault::error(Code::ValueUnknown, format!("{column}“{text}”不在范围内；可用：{choices}"))
}

pub fn row_differs(column: &str, id: &str) -> Fault {
    Fault::error(Code::FileInconsistent, format!("编号“{id}”各行的“{column}”不一致；同一编号各行应相同"))
}

pub fn requirement_twice(indicator: &str, id: &str) -> Fault {
    Fault::error(Code::DuplicateRecord, format!("编号“{id}”的指标“{indicator}”出现两次"))
}

pub fn nothing() -> Fault {
    Fault::error(Code::FileEmpty, "文件里没有可用的内容")
}

pub fn unexpected(kind: &str) -> Fault {
    Fault::error(Code::FormatUnknown, format!("文件里没有{kind}；请核对所选的内容与文件"))
}

pub fn format_unknown() -> Fault {
    Fault::error(Code::FormatUnknown, "只接受 .xlsx、.csv 或 .toml 文件")
}

pub fn schemes_are_json() -> Fault {
    Fault::error(Code::FormatUnknown, "综合评价方案只接受 .json 文件；可在“评价方案”页面下载现行方案，修改后上传")
}

pub fn measures_are_json() -> Fault {
    Fault::error(Code::FormatUnknown, "差别化措施只接受 .json 文件；可在“差别化措施”页面下载现行措施或示例，修改后上传")
}

pub fn json_syntax(said: &str) -> Fault {
    Fault::error(Code::FileSyntax, format!("JSON 无法读取：{}", crate::web::serde_words::in_chinese(said)))
}

pub fn scheme_twice(id: &str) -> Fault {
    Fault::error(Code::CodeDuplicate, format!("方案编号“{id}”在文件中出现两次"))
}

pub fn not_text() -> Fault {
    Fault::error(Code::EncodingWrong, "文件不是 UTF-8 文本，请另存为 UTF-8 后再试")
}

pub fn toml_syntax(message: &str) -> Fault {
    Fault::error(Code::FileSyntax, format!("TOML 语法错误：{message}"))
}

pub fn starts_in_the_past(starts_on: chrono::NaiveDate) -> Fault {
    Fault::warning(
        Code::PeriodInvalid,
        format!("起始日 {starts_on} 早于今天：此后申请而尚未判定的项目也将适用；已经判定的不受影响"),
    )
}
