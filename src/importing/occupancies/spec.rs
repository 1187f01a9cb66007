//! The columns of the table of occupancies.

use crate::exchange::{ColumnSpec, Kind, TableSpec};
use crate::importing::table_stage::uscc;

pub static SPEC: TableSpec = TableSpec {
    title: "企业用地情况",
    columns: &[
        ColumnSpec::new("uscc", uscc::TITLES, Kind::Text)
            .required()
            .note("18 位，企业须已在名录中", "91110000600037341L"),
        ColumnSpec::new("name", uscc::NAME_TITLES, Kind::Text).note("方便填表的人辨认，不导入", ""),
        ColumnSpec::new("parcel", &["宗地代码", "宗地编码", "宗地号", "地块代码", "Parcel code"], Kind::Text)
            .note("19 位；起始日期时须有效", "330105001001GB00001"),
        ColumnSpec::new("side", &["使用方式", "用地方式", "用地性质", "取得方式", "Side"], Kind::Text)
            .required()
            .choices(&["自有", "租入", "租出", "其他"])
            .note("自有、租入、租出或其他", "租入"),
        ColumnSpec::new("area", &["用地面积", "土地面积", "占地面积", "Land area"], Kind::Land).unit("平方米").note(
            "以亩填报的改写表头单位，按所填亩数登记、不作换算；租入、租出的填租赁的土地面积；只租厂房、不占土地的留空",
            "3200.5",
        ),
        ColumnSpec::new("floor_area", &["建筑面积", "使用建筑面积", "厂房面积", "Floor area"], Kind::Area)
            .unit("平方米")
            .note("", "5100"),
        ColumnSpec::new(
            "counterpart",
            &["对方信用代码", "对方统一社会信用代码", "出租方或承租方信用代码", "Counterpart"],
            Kind::Text,
        )
        .note("租入的填出租方，租出的填承租方；对方在区外或是个人的可留空", ""),
        ColumnSpec::new("counterpart_name", &["对方名称", "对方企业名称", "Counterpart name"], Kind::Text)
            .note("方便填表的人辨认，不导入", ""),
        ColumnSpec::new("since", &["起始日期", "开始日期", "起租日期", "Since"], Kind::Date)
            .note("使用的第一天；不填的用导入时指明的生效日期", "2023-01-01"),
        ColumnSpec::new("last", &["截止日期", "结束日期", "终止日期", "到期日期", "Last day"], Kind::Date)
            .open_ended()
            .note(
                "使用的最后一天，当天仍计算在内；没有期限的写“长期”。留空的：新记录没有期限，在册的沿用原来的截止日期",
                "2025-12-31",
            ),
    ],
    notes: &[
        "一家企业使用一宗地的一部分，每种使用方式一行。",
        "同一租赁由双方各填一行的，只记一条；双方所填不一致的，后一行不导入。",
        "宗地、双方和起始日期都与在册相同的，视为同一条：空着的单元格沿用在册的值，面积或截止日期不同的视为更正。",
        "更正在册租赁的面积，导入时须有人确认。",
    ],
};
