//! The columns of the enterprise table.

use crate::exchange::{ColumnSpec, Kind, TableSpec};
use crate::importing::table_stage::uscc;

pub static SPEC: TableSpec = TableSpec {
    title: "企业名录",
    columns: &[
        ColumnSpec::new("uscc", uscc::TITLES, Kind::Text)
            .required()
            .note("18 位；校验位不符的代码须在导入时由人确认后才能入库", "91110000600037341L"),
        ColumnSpec::new("name", uscc::NAME_TITLES, Kind::Text)
            .required()
            .note("营业执照上的全称", "示例机械有限公司"),
        ColumnSpec::new("industry", &["行业代码", "国民经济行业代码", "行业分类代码", "Industry code"], Kind::Text)
            .note("GB/T 4754 的代码，2 至 4 位数字，可带门类字母", "3311"),
        ColumnSpec::new(
            "edition",
            &["行业分类版本", "行业代码版本", "国民经济行业分类版本", "Industry edition"],
            Kind::Text,
        )
        .choices(&["2017", "2011", "2002"])
        .note("2017；2002 或 2011 版须先由管理员载入目录。有行业代码而未写版本的，按 2017 版核对并给出警告", "2017"),
        ColumnSpec::new("sector", &["行业门类", "门类", "行业类别", "产业类型", "Sector"], Kind::Text).choices(&["工业", "服务业", "其他"]).note(
            "工业、服务业或其他。不填的由 2017 版行业代码推定：B、C、D 为工业；G、I、J（货币金融、资本市场、保险除外）、\
             K（房地产开发除外）、L 至 R 为服务业；其余为其他",
            "工业",
        ),
        ColumnSpec::new("size_class", &["规模", "企业规模", "规上规下", "规上/规下", "是否规上", "Size class"], Kind::Text)
            .choices(&["规上", "规下"])
            .note("规上或规下；新企业必填", "规上"),
        ColumnSpec::new("high_tech", &["高新技术企业", "是否高新技术企业", "高企", "High tech"], Kind::Flag)
            .choices(&["是", "否"])
            .note("是或否", "是"),
        ColumnSpec::new("platform", &["所属平台", "产业平台", "所属产业平台", "Platform"], Kind::Text)
            .note("产业平台名称", ""),
        ColumnSpec::new("subdistrict", &["街道", "所属街道", "所在街道", "街道代码", "Subdistrict"], Kind::Text)
            .note("街道名称或九位代码；旧代码换算为现行代码", "330105012"),
        ColumnSpec::new("state", &["状态", "经营状态", "企业状态", "State"], Kind::Text)
            .choices(&["在营", "迁出", "注销"])
            .note("在营、迁出或注销；新企业不填为在营", "在营"),
        ColumnSpec::new("established_on", &["成立日期", "注册日期", "成立时间", "Established on"], Kind::Date)
            .note("", "2015-06-01"),
        ColumnSpec::new("above_size_since", &["升规日期", "升规时间", "新升规日期", "Above size since"], Kind::Date)
            .note("成为规模以上的第一天", "2023-01-01"),
        ColumnSpec::new(
            "project_since",
            &["重大项目开工日期", "重大项目建设期起始", "重大项目建设期起", "重大项目开工时间", "Project since"],
            Kind::Date,
        )
        .note("重大项目实际开工的日期；过渡期自开工起最多三年", ""),
        ColumnSpec::new(
            "project_until",
            &["重大项目建设期至", "重大项目建设期截止", "重大项目建设期截止日期", "Project until"],
            Kind::Date,
        )
        .note("主管部门认定的重大项目建设期结束日期；不写开工日期的，过渡期自该项目在册最早一日起算", ""),
        ColumnSpec::new("since", &["生效日期", "变更日期", "变更生效日期", "Valid from"], Kind::Date).note(
            "本行所说从哪一天起成立。不填的用导入时指明的日期；都没有的，新企业为成立日期，已在册的为导入当天",
            "2024-01-01",
        ),
    ],
    notes: &[
        "每家企业一行，同一信用代码只能出现一次。",
        "已在册的企业：空着的单元格沿用在册的值，不会清空；内容与在册相同的不作改动。",
        "生效日期与在册版本的起始日期相同的视为更正，晚于它的视为变更，变更前的情况照旧保留。",
    ],
};
