//! The columns of the tables officers fill in.

use super::IntakeKind;
use crate::exchange::{ColumnSpec, Kind, TableSpec};

/// None for what is no table: a scheme or a measure is written as JSON, a kind of veto as TOML.
pub fn of(kind: IntakeKind) -> Option<&'static TableSpec> {
    match kind {
        IntakeKind::Standards => Some(&STANDARDS),
        IntakeKind::Documents => Some(&DOCUMENTS),
        IntakeKind::Directory => Some(&DIRECTORY),
        IntakeKind::Schemes | IntakeKind::VetoKinds | IntakeKind::Measures => None,
    }
}

pub static STANDARDS: TableSpec = TableSpec {
    title: "标准地指标",
    columns: &[
        ColumnSpec::new("id", &["编号", "指标编号", "Id"], Kind::Text)
            .required()
            .note("每组指标一个编号，全区不重复；同一组的各行编号相同", "sample-2027/equipment"),
        ColumnSpec::new("title", &["名称", "指标名称", "Title"], Kind::Text).note("每组第一行必填", "装备制造 2027 版"),
        ColumnSpec::new("land_kind", &["用地类型", "土地用途", "Land kind"], Kind::Text)
            .note("工业用地、商业服务业设施用地或物流仓储用地；每组第一行必填", "工业用地"),
        ColumnSpec::new("zone", &["平台或片区", "产业平台", "片区", "Zone"], Kind::Text)
            .note("只适用于某一平台或片区的填写；不填适用全区", ""),
        ColumnSpec::new("industry", &["行业代码", "Industry"], Kind::Text)
            .note("GB/T 4754 的门类字母或 2 至 4 位代码；不填适用各行业", "35"),
        ColumnSpec::new("edition", &["行业分类版本", "行业版本", "Edition"], Kind::Text)
            .note("填了行业代码的必填：2002、2011 或 2017", "2017"),
        ColumnSpec::new("valid_from", &["起始日期", "施行日期", "Valid from"], Kind::Date)
            .note("不填的用上传时指明的起始日", "2027-01-01"),
        ColumnSpec::new("ending", &["终止表述", "有效期", "Ending"], Kind::Text).note(
            "照文件原文：“自某年某月某日起废止”（该日不再有效）或“有效期至某年某月某日”（该日仍有效）；没有的不填",
            "有效期至2029年12月31日",
        ),
        ColumnSpec::new("adoption", &["采用", "采用状态", "Adoption"], Kind::Text)
            .note("本区采用，或示例（未采用）；每组第一行必填", "本区采用"),
        ColumnSpec::new("document", &["依据文件", "文件编号", "Document"], Kind::Text)
            .note("规则目录中的文件编号；每组第一行必填", "xiacheng-2019"),
        ColumnSpec::new("article", &["依据条款", "条款", "Article"], Kind::Text).note("每组第一行必填", "四(一)2"),
        ColumnSpec::new("source", &["出处", "来源", "Source"], Kind::Text)
            .note("每组第一行必填", "某次会议纪要或公告的名称"),
        ColumnSpec::new("checked_on", &["核对日期", "Checked on"], Kind::Date)
            .note("与出处核对的日期；不填为上传当天", "2026-11-23"),
        ColumnSpec::new("indicator", &["指标", "Indicator"], Kind::Text)
            .required()
            .note("规则目录所列的指标名称或代码", "亩均税收"),
        ColumnSpec::new("requirement", &["要求", "Requirement"], Kind::Text)
            .required()
            .note("≥150、>150、≤0.52、<0.52、1.5～2.5（含两端）或 [1.5,2.5)", "≥20"),
        ColumnSpec::new("unit", &["单位", "Unit"], Kind::Text).note("不填为该指标的常用单位", "万元/亩"),
    ],
    notes: &[
        "一组指标有几项要求就写几行；除编号、指标、要求、单位外，同组后续各行可以不填，填的须与第一行相同。",
        "与已发布指标适用对象相同（用地类型、片区、行业、采用状态都相同）的，新的一组从起始日起接续旧的一组；旧的一组已定终止日而重叠的不予接受。",
    ],
};

pub static DOCUMENTS: TableSpec = TableSpec {
    title: "政策文件",
    columns: &[
        ColumnSpec::new("id", &["文件编号", "编号", "Id"], Kind::Text)
            .required()
            .note("全区不重复；同一文件各行相同", "district-2027-3"),
        ColumnSpec::new("title", &["标题", "文件标题", "Title"], Kind::Text).note("每个文件第一行必填", "关于……的通知"),
        ColumnSpec::new("number", &["文号", "Number"], Kind::Text).note("没有的不填", "某政发〔2027〕3号"),
        ColumnSpec::new("issuer", &["印发机关", "发文机关", "Issuer"], Kind::Text)
            .note("每个文件第一行必填", "某区人民政府"),
        ColumnSpec::new("valid_from", &["施行日期", "起始日期", "Valid from"], Kind::Date)
            .note("不填的用上传时指明的起始日", "2027-01-01"),
        ColumnSpec::new("ending", &["终止表述", "有效期", "Ending"], Kind::Text)
            .note("照文件原文：“自某年某月某日起废止”或“有效期至某年某月某日”；没有的不填", ""),
        ColumnSpec::new("note", &["说明", "备注", "Note"], Kind::Text),
        ColumnSpec::new("article", &["条款", "条款号", "Article"], Kind::Text)
            .note("如 四(一)2；只登记文件、不收正文的不填", "一"),
        ColumnSpec::new("wording", &["正文", "条文", "Wording"], Kind::Text).note("逐字照录；有条款的必填", ""),
        ColumnSpec::new("rules", &["执行规则", "规则", "Rules"], Kind::Text)
            .note("规则目录中的规则名，多个用逗号隔开；与“处理状态”二者择一", ""),
        ColumnSpec::new("status", &["处理状态", "Status"], Kind::Text)
            .note("须人工判断、无法由系统核查或不在本系统范围", "须人工判断"),
        ColumnSpec::new("reason", &["理由", "Reason"], Kind::Text).note("写了处理状态的必填", "由经办科室逐项审查"),
    ],
    notes: &[
        "一个文件有几条就写几行；除文件编号和条款各列外，后续各行可以不填，填的须与第一行相同。",
        "已发布而未定期限的文件，可以按原内容再提交一次并补上终止表述，以登记其废止或有效期；其他内容不可改动。",
    ],
};

pub static DIRECTORY: TableSpec = TableSpec {
    title: "产业目录",
    columns: &[
        ColumnSpec::new("id", &["编号", "条目编号", "Id"], Kind::Text)
            .required()
            .note("每条一个编号，全区不重复", "district-2027/restricted-1"),
        ColumnSpec::new("class", &["类别", "目录类别", "Class"], Kind::Text)
            .required()
            .note("鼓励类、限制类或淘汰类", "限制类"),
        ColumnSpec::new("wording", &["目录表述", "表述", "内容", "Wording"], Kind::Text)
            .required()
            .note("照目录原文逐字填写", "单线5万立方米/年以下的普通刨花板生产装置"),
        ColumnSpec::new("industries", &["行业代码", "Industries"], Kind::Text)
            .required()
            .note("GB/T 4754 的门类字母或 2 至 4 位代码，多个用顿号或逗号隔开", "2022、2023"),
        ColumnSpec::new("edition", &["行业分类版本", "行业版本", "Edition"], Kind::Text)
            .required()
            .note("2002、2011 或 2017", "2017"),
        ColumnSpec::new("whole_industry", &["整个行业", "Whole industry"], Kind::Flag)
            .required()
            .note("是：这些行业的项目一律属于该条；否：是否属于由人逐项判断", "否"),
        ColumnSpec::new("valid_from", &["起始日期", "施行日期", "Valid from"], Kind::Date)
            .note("不填的用上传时指明的起始日", "2027-01-01"),
        ColumnSpec::new("ending", &["终止表述", "有效期", "Ending"], Kind::Text)
            .note("照文件原文：“自某年某月某日起废止”或“有效期至某年某月某日”；没有的不填", ""),
        ColumnSpec::new("adoption", &["采用", "采用状态", "Adoption"], Kind::Text)
            .required()
            .note("本区采用，或示例（未采用）", "本区采用"),
        ColumnSpec::new("document", &["依据文件", "文件编号", "Document"], Kind::Text)
            .required()
            .note("规则目录中的文件编号", "ndrc-2024"),
        ColumnSpec::new("article", &["依据条款", "条款", "Article"], Kind::Text)
            .required()
            .note("目录中的位置", "限制类 一、农林牧渔业 2"),
        ColumnSpec::new("source", &["出处", "来源", "Source"], Kind::Text)
            .required()
            .note("目录或公告的名称", "产业结构调整指导目录（2024年本）"),
        ColumnSpec::new("checked_on", &["核对日期", "Checked on"], Kind::Date)
            .note("与出处核对的日期；不填为上传当天", "2026-11-23"),
    ],
    notes: &[
        "一条一行。采用的目录一经施行，未列入限制类、淘汰类的行业即视为符合产业政策，请提交完整的目录。",
        "已发布而未定期限的条目，可以按原内容再提交一次并补上终止表述；其他内容不可改动。",
    ],
};
