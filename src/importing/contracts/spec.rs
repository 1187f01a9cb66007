//! The four tables of the contract import: agreements, instalments, commitments, events. A workbook may hold any of them
//! as sheets; a .csv is one of them, told by its header.

use crate::exchange::{ColumnSpec, Kind, TableSpec};

const NUMBER: ColumnSpec =
    ColumnSpec::new("number", &["合同编号", "出让合同编号", "合同号", "Contract number"], Kind::Text)
        .required()
        .note("出让合同的编号，各表以此对应", "3301052024A00001");

/// Of a supplement's own plan; the agreement's otherwise.
const OF_DOCUMENT: ColumnSpec = ColumnSpec::new("document", &["所属文本", "文本名称", "Document"], Kind::Text)
    .note("补充协议另有约定的填其文本名称；不填为合同", "");

const fn day(key: &'static str, names: &'static [&'static str], note: &'static str) -> ColumnSpec {
    ColumnSpec::new(key, names, Kind::Date).note(note, "2025-06-30")
}

const fn rate(key: &'static str, names: &'static [&'static str], note: &'static str) -> ColumnSpec {
    ColumnSpec::new(key, names, Kind::Ratio).unit("‰").assume("‰").note(note, "1")
}

pub static AGREEMENTS: TableSpec = TableSpec {
    title: "合同",
    columns: &[
        NUMBER,
        ColumnSpec::new("role", &["文本类别", "合同或补充协议", "Role"], Kind::Text)
            .choices(&["合同", "补充协议"])
            .note("合同或补充协议；不填为合同", "合同"),
        ColumnSpec::new("document", &["文本名称", "文本编号", "Document"], Kind::Text)
            .note("合同文本或补充协议的名称；不填为合同编号，补充协议必填", ""),
        ColumnSpec::new("signed_on", &["签订日期", "合同签订日期", "Signed on"], Kind::Date)
            .required()
            .note("合同或补充协议的签订日期", "2024-03-15"),
        day("effective_on", &["生效日期", "Effective on"], "补充协议自哪一天起改变约定；不填为签订日期"),
        ColumnSpec::new("kind", &["供地方式", "出让方式", "Kind"], Kind::Text)
            .choices(&["出让", "先租后让", "分阶段年期出让"])
            .note("出让、先租后让或分阶段年期出让；不填为出让", "分阶段年期出让"),
        ColumnSpec::new("parcels", &["宗地代码", "宗地", "Parcels"], Kind::Text)
            .note("19 位；多宗以顿号或分号隔开", "330105001001GB00001"),
        ColumnSpec::new("granted_area", &["出让面积", "合同面积", "Granted area"], Kind::Land)
            .unit("平方米")
            .note("合同约定的面积，不是宗地面积；以亩约定的改写表头单位，按所填亩数登记", "20000"),
        ColumnSpec::new("grantee", &["受让人信用代码", "受让人统一社会信用代码", "受让人", "Grantee"], Kind::Text)
            .note("统一社会信用代码", "91110000600037341L"),
        ColumnSpec::new("price", &["合同总价", "出让价款", "总价款", "Price"], Kind::Money)
            .unit("万元")
            .note("出让价款总额", "685"),
        day("paid_by", &["价款缴清日期", "一次性缴清日期", "Paid by"], "一次性缴清的期限；分期的请填“分期价款”表"),
        day("hand_over_on", &["约定交地日期", "交地日期", "Hand-over on"], ""),
        ColumnSpec::new("hand_over_after", &["交地条件", "Hand-over after"], Kind::Text).note(
            "约定交地日前应缴的价款已缴清、全部价款已缴清或不以缴款为条件；不填为第一种",
            "约定交地日前应缴的价款已缴清",
        ),
        day("start_on", &["约定开工日期", "开工日期", "Start on"], ""),
        day("completion_on", &["约定竣工日期", "竣工日期", "Completion on"], ""),
        day("production_on", &["约定投产日期", "投产日期", "Production on"], ""),
        day("output_review_on", &["约定达产复核日期", "达产复核日期", "Output review on"], ""),
        ColumnSpec::new("term_years", &["出让年限", "使用年限", "Term years"], Kind::Integer)
            .unit("年")
            .note("年", "50"),
        day("term_from", &["使用年限起算日", "起算日期", "Term from"], "不填的自实际交地之日起算"),
        ColumnSpec::new("construction_months", &["建设期", "建设期月数", "Construction months"], Kind::Integer)
            .unit("月")
            .note("月；分阶段年期出让必填", "24"),
        ColumnSpec::new("production_months", &["投产期", "投产期月数", "Production months"], Kind::Integer)
            .unit("月")
            .note("月；分阶段年期出让必填", "36"),
        ColumnSpec::new("day_count", &["期限计算", "期限计算方式", "Day count"], Kind::Text)
            .choices(&["日历日", "工作日"])
            .note("日历日或工作日；不填为日历日", "日历日"),
        ColumnSpec::new("planned_investment", &["约定投资总额", "开发投资总额", "Planned investment"], Kind::Money)
            .unit("万元")
            .note("不含价款和税费，闲置认定用", "14242"),
        rate("late_payment", &["逾期付款违约金", "Late payment"], "每日，以该期未缴价款为基数；表头写 ‰ 或 %"),
        ColumnSpec::new("rescind_after_days", &["可解除天数", "Rescind after days"], Kind::Integer)
            .unit("日")
            .note("逾期付款超过多少日可解除合同", "60"),
        rate("late_start", &["逾期开工违约金", "Late start"], "每日，以合同总价为基数"),
        rate("late_completion", &["逾期竣工违约金", "Late completion"], "每日，以合同总价为基数"),
        rate("late_production", &["逾期投产违约金", "Late production"], "每日，以合同总价为基数"),
        rate("late_hand_over", &["逾期交地违约金", "Late hand-over"], "由出让人承担；每日，以已缴价款为基数"),
        ColumnSpec::new("cap_percent", &["违约金上限", "Cap percent"], Kind::Ratio)
            .unit("%")
            .assume("%")
            .note("占合同总价的百分比（%）", "20"),
        ColumnSpec::new("investment_shortfall", &["投资不足违约金", "Investment shortfall"], Kind::Text)
            .note("按差额比例或未约定", "按差额比例"),
        ColumnSpec::new("far_shortfall", &["容积率不足违约金", "FAR shortfall"], Kind::Text)
            .note("按差额比例或未约定", "按差额比例"),
        ColumnSpec::new("admission_case", &["准入案件编号", "Admission case"], Kind::Text).note("承诺指标的来源", ""),
        ColumnSpec::new("beside", &["并存理由", "Beside"], Kind::Text)
            .note("宗地上已有有效合同或已准入项目而仍须登记的理由，如分期供地；记为导入人所填", ""),
    ],
    notes: &[
        "每份合同一行；补充协议另起一行，写明文本类别和生效日期，空着的单元格沿用此前的约定。",
        "违约金比例按表头所写的 ‰ 或 % 换算；表头未写的按 ‰ 理解。",
        "已在册的合同：内容相同的不作改动，不同的作为更正，原记录照旧保留。",
    ],
};

pub static INSTALMENTS: TableSpec = TableSpec {
    title: "分期价款",
    columns: &[
        NUMBER,
        OF_DOCUMENT,
        ColumnSpec::new("ordinal", &["期次", "期数", "Ordinal"], Kind::Integer).required().note("自 1 起连续", "1"),
        ColumnSpec::new("due", &["应缴日期", "缴款期限", "Due"], Kind::Date).required().note("", "2024-04-15"),
        ColumnSpec::new("amount", &["应缴金额", "本期价款", "Amount due"], Kind::Money)
            .required()
            .unit("万元")
            .note("各期之和须等于合同总价", "342.5"),
    ],
    notes: &["一份合同的各期须一次列全。"],
};

pub static COMMITMENTS: TableSpec = TableSpec {
    title: "承诺指标",
    columns: &[
        NUMBER,
        OF_DOCUMENT,
        ColumnSpec::new("indicator", &["指标", "承诺指标", "Indicator"], Kind::Text)
            .required()
            .note("标准地指标的名称或代码", "floor_area_ratio"),
        ColumnSpec::new("lower", &["下限", "不低于", "At least"], Kind::Decimal)
            .note("含本数；小数写不尽的写成分数，如 240000/599", "1.5"),
        ColumnSpec::new("upper", &["上限", "不高于", "At most"], Kind::Decimal).note("含本数；写法同下限", "2.5"),
        ColumnSpec::new("unit", &["计量单位", "单位", "Unit"], Kind::Text).note("比例填 1", "万元/亩"),
    ],
    notes: &["一份合同的各项承诺须一次列全；下限与上限至少填一个。"],
};

pub static EVENTS: TableSpec = TableSpec {
    title: "履约事件",
    columns: &[
        NUMBER,
        ColumnSpec::new("kind", &["事件", "履约事件", "Event"], Kind::Text).required().note(
            "交付土地、缴款、开工、竣工申报、竣工综合复核验收、投产、达产复核、中止、恢复、准予延期、免除等",
            "缴款",
        ),
        ColumnSpec::new("happened_on", &["发生日期", "事件日期", "Happened on"], Kind::Date)
            .required()
            .note("", "2024-04-10"),
        ColumnSpec::new("instalment", &["缴款期次", "Instalment"], Kind::Integer).note("缴款必填", "1"),
        ColumnSpec::new("amount", &["事件金额", "缴款金额", "金额", "Amount"], Kind::Money)
            .unit("万元")
            .note("缴款、缴纳违约金必填；闲置认定可填闲置费", "342.5"),
        ColumnSpec::new("duty", &["涉及义务", "义务", "Duty"], Kind::Text).note(
            "准予延期、免除、发出提醒、缴纳违约金必填：开工、竣工、投产、达产复核、闲置土地等，或 payment_1",
            "竣工",
        ),
        day("until", &["截止日期", "延期至", "整改期限", "Until"], "准予延期、限期整改必填；中止的为恢复计算之日"),
        ColumnSpec::new("outcome", &["复核结果", "结果", "Outcome"], Kind::Text).note("通过、限期整改或不通过", "通过"),
        ColumnSpec::new("cause", &["中止原因", "原因", "Cause"], Kind::Text)
            .note("政府原因、不可抗力或受让人原因", "政府原因"),
        ColumnSpec::new("covers", &["中止范围", "范围", "Covers"], Kind::Text)
            .note("建设投产期限或全部期限；不填为建设投产期限", "建设投产期限"),
        ColumnSpec::new("figure", &["数据项", "Figure"], Kind::Text)
            .note("核实数据必填：已动工开发面积、应动工开发面积、已投资额、固定资产投资总额或容积率", "容积率"),
        ColumnSpec::new("value", &["核实数值", "数值", "Value"], Kind::Decimal)
            .note("不填计量单位的，面积以平方米、金额以元计", "1.86"),
        ColumnSpec::new("value_unit", &["核实数值单位", "数值单位", "Value unit"], Kind::Text)
            .note("元、万元、亿元、平方米、公顷等，按单位精确换算", ""),
        day("reached_on", &["达到日期", "Reached on"], "核实数据：实际达到该数值之日；发生日期填核实之日"),
        ColumnSpec::new("basis", &["依据文件", "文件", "Document"], Kind::Text)
            .note("准予延期、免除、闲置认定、闲置处置完毕必填", ""),
    ],
    notes: &[
        "已在册的同一事件不重复登记；登记有误的请在合同页面更正。",
        "竣工综合复核验收、达产复核只收合同进入台账之前已经发生的，记为历史复核；此后的复核在系统内办理。",
    ],
};

pub static TABLES: [&TableSpec; 4] = [&AGREEMENTS, &INSTALMENTS, &COMMITMENTS, &EVENTS];
