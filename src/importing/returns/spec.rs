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

const COD: &[&str] = &[
    "化学需氧量排放量",
    "化学需氧量",
    "COD排放量",
    "COD",
    "化学需氧量(COD)",
    "化学需氧量(COD)排放量",
    "化学需氧量COD",
    "COD(化学需氧量)",
    "废水化学需氧量",
];
const AMMONIA_NITROGEN: &[&str] = &[
    "氨氮排放量",
    "氨氮",
    "NH3-N排放量",
    "NH3-N",
    "NH₃-N",
    "氨氮(NH3-N)",
    "氨氮(NH3-N)排放量",
    "废水氨氮",
    "Ammonia nitrogen",
];
const SULFUR_DIOXIDE: &[&str] = &[
    "二氧化硫排放量",
    "二氧化硫",
    "SO2排放量",
    "SO2",
    "SO₂",
    "二氧化硫(SO2)",
    "二氧化硫(SO2)排放量",
    "废气二氧化硫",
    "Sulfur dioxide",
];
const NITROGEN_OXIDES: &[&str] = &[
    "氮氧化物排放量",
    "氮氧化物",
    "NOx排放量",
    "NOx",
    "氮氧化物(NOx)",
    "氮氧化物(NOx)排放量",
    "废气氮氧化物",
    "Nitrogen oxides",
];
const NONE_LET_OUT: &str = "不排放的填 0，即登记为不排放；留空即缺报";
const ELECTRICITY_GRID: &[&str] =
    &["网购电量", "购网电量", "电网购电量", "电网用电量", "网供电量", "网上用电量", "外购电量", "Grid electricity"];
const ELECTRICITY_OWN: &[&str] = &[
    "自发自用电量",
    "自发电量",
    "自备电厂用电量",
    "光伏自发自用电量",
    "自发自用",
    "企业自发电量",
    "自用电量",
    "Own electricity",
];
const HEADCOUNT_INSURED: &[&str] = &[
    "社保参保人数",
    "参保人数",
    "社会保险参保人数",
    "年平均参保人数",
    "平均参保人数",
    "参保职工人数",
    "缴纳社保人数",
    "养老保险参保人数",
    "Insured",
];
const WATER: &[&str] = &["用水量", "全年用水量", "用水总量", "取水量", "年用水量", "自来水用量", "Water"];
const GAS: &[&str] =
    &["用气量", "全年用气量", "天然气用量", "天然气用气量", "天然气消费量", "燃气用量", "年用气量", "Gas"];

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
        ColumnSpec::new("cod", COD, Kind::Discharge).unit("千克").note(NONE_LET_OUT, "10"),
        ColumnSpec::new("ammonia_nitrogen", AMMONIA_NITROGEN, Kind::Discharge).unit("千克").note(NONE_LET_OUT, "1"),
        ColumnSpec::new("sulfur_dioxide", SULFUR_DIOXIDE, Kind::Discharge).unit("千克").note(NONE_LET_OUT, "0"),
        ColumnSpec::new("nitrogen_oxides", NITROGEN_OXIDES, Kind::Discharge).unit("千克").note(NONE_LET_OUT, "3"),
        ColumnSpec::new("electricity_grid", ELECTRICITY_GRID, Kind::Electricity)
            .unit("万千瓦时")
            .note("与自发自用电量都有时，用电量按两项之和", "30"),
        ColumnSpec::new("electricity_own", ELECTRICITY_OWN, Kind::Electricity)
            .unit("万千瓦时")
            .note("没有自发电的填 0；留空即缺报", "2.6"),
        ColumnSpec::new("headcount_insured", HEADCOUNT_INSURED, Kind::Persons)
            .unit("人")
            .assume("人")
            .note("缴纳社会保险的人数，与年平均从业人数分别统计", "45"),
        ColumnSpec::new("profit", &["利润总额", "利润", "全年利润总额", "Profit"], Kind::Money)
            .unit("万元")
            .note("可以为负", "320"),
        ColumnSpec::new("water", WATER, Kind::Water).unit("吨").note("1 立方米按 1 吨", "5200"),
        ColumnSpec::new("gas", GAS, Kind::Volume).unit("立方米").note("", "8000"),
        ColumnSpec::new("state", &["数据状态", "状态", "State"], Kind::Text)
            .choices(&["已申报", "已确认"])
            .note("已申报或已确认；不填为已申报", "已申报"),
    ],
    notes: &[
        "每家企业每年一行；没有的数据留空，留空的不改动在册的数据。",
        "与在册不同的数据作为更正导入，原数据保留备查。",
        "已确认的数据只能由“已确认”的数据更正；以“已申报”更正的，导入时须有人确认。",
        "除增加值和利润总额外，数据不能为负。",
        "四项污染物都有的，排放当量按四项折算；另填的合计与折算结果不符的，导入时须有人确认。",
    ],
};
