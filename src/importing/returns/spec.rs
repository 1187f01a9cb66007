//! The columns of the annual return. The keys of the figures are the codes of the indicators.

use crate::exchange::{ColumnSpec, Kind, TableSpec};
use crate::importing::table_stage::uscc;

const TAX_PAID: &[&str] = &[
    "实缴税收",
    "实缴税金",
    "税收",
    "入库税收",
    "税收合计",
    "实缴税款",
    "实缴税收合计",
    "实缴税金合计",
    "入库税收合计",
    "入库税款",
    "实际入库税收",
    "实际入库税收合计",
    "税收总额",
    "Tax paid",
];

pub static SPEC: TableSpec = TableSpec {
    title: "企业年度数据",
    columns: &[
        ColumnSpec::new("uscc", uscc::TITLES, Kind::Text)
            .required()
            .note("18 位，企业须已在名录中", "91110000600037341L"),
        ColumnSpec::new("name", uscc::NAME_TITLES, Kind::Text).note("方便填表的人辨认，不导入", ""),
        ColumnSpec::new("year", &["年度", "年份", "数据年度", "所属年度", "Year"], Kind::Year)
            .note("1990 至今年；没有此列的表导入时须另外指明年度", "2024"),
        ColumnSpec::new("tax_paid", TAX_PAID, Kind::Money).unit("万元").note("当年实际缴纳的税收", "123.45"),
        ColumnSpec::new("revenue", &["主营业务收入", "营业收入", "Revenue"], Kind::Money).unit("万元").note("", "5600"),
        ColumnSpec::new("value_added", &["增加值", "工业增加值", "Value added"], Kind::Money)
            .unit("万元")
            .note("可以为负", "1200"),
        ColumnSpec::new("energy", &["综合能耗", "综合能源消费量", "能耗", "总能耗", "Energy"], Kind::Energy)
            .unit("吨标准煤")
            .note("", "86.5"),
        ColumnSpec::new("emission", &["污染物排放当量", "排污当量", "主要污染物排放量", "Emission"], Kind::Mass)
            .unit("吨")
            .note("污染当量，以吨计", "0.35"),
        ColumnSpec::new(
            "headcount",
            &["年平均从业人数", "年平均职工人数", "平均从业人数", "平均用工人数", "从业人员平均人数", "Headcount"],
            Kind::Persons,
        )
        .unit("人")
        .assume("人")
        .note("", "48"),
        ColumnSpec::new(
            "research_spending",
            &["研发经费支出", "研发费用", "R&D经费支出", "R&D经费", "研究与试验发展经费支出", "Research spending"],
            Kind::Money,
        )
        .unit("万元")
        .note("", "210"),
        ColumnSpec::new("electricity", &["用电量", "全年用电量", "电力消费量", "Electricity"], Kind::Electricity)
            .unit("万千瓦时")
            .note("", "32.6"),
        ColumnSpec::new("state", &["数据状态", "状态", "State"], Kind::Text)
            .choices(&["已申报", "已确认"])
            .note("已申报或已确认；不填为已申报", "已申报"),
    ],
    notes: &[
        "每家企业每年一行；没有的数据留空，留空的不改动在册的数据。",
        "与在册不同的数据作为更正导入，原数据保留备查。",
        "已确认的数据只能由“已确认”的数据更正；以“已申报”更正的，导入时须有人确认。",
        "除增加值外，数据不能为负。",
    ],
};
