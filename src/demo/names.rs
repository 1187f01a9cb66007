//! Names and codes of invented enterprises. Every name says 示例, and no organisation code begins like these.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::random::Dice;
use super::usage::Usage;
use crate::base::code::{Uscc, uscc_with_check_digit};
use crate::codelist::{Edition, Industry, industries};
use crate::enterprise::Sector;

const FIRST: [char; 30] = [
    '云', '启', '恒', '瑞', '华', '晨', '远', '卓', '新', '安', '博', '鼎', '飞', '广', '海', '金', '康', '立', '明',
    '宁', '鹏', '青', '荣', '盛', '天', '万', '祥', '雅', '正', '中',
];
const SECOND: [char; 30] = [
    '帆', '航', '达', '泰', '源', '光', '景', '越', '程', '信', '雅', '诚', '翔', '通', '悦', '辉', '业', '创', '德',
    '和', '图', '松', '科', '世', '成', '联', '润', '尚', '方', '合',
];

/// How many different names there are.
pub const NAMES: usize = FIRST.len() * SECOND.len();

pub fn name(number: usize, industry: &Industry) -> String {
    let place = number * 37 % NAMES;
    let (first, second) = (FIRST[place / SECOND.len()], SECOND[place % SECOND.len()]);
    let ending = if number.is_multiple_of(11) { "股份有限公司" } else { "有限公司" };
    format!("杭州示例{first}{second}{}{ending}", trade(industry))
}

fn trade(industry: &Industry) -> &'static str {
    match industry.division().map_or("", |division| division.code) {
        "13" | "14" => "食品",
        "17" => "纺织",
        "18" | "19" => "服饰",
        "22" | "23" => "印刷包装",
        "24" => "文体用品",
        "26" => "化工",
        "27" => "医药",
        "29" => "橡塑",
        "30" => "建材",
        "33" => "金属制品",
        "34" | "35" => "机械",
        "36" | "37" => "汽车部件",
        "38" => "电气",
        "39" => "电子",
        "40" => "仪器仪表",
        "59" => "仓储",
        "51" | "52" => "商贸",
        "62" => "餐饮管理",
        "64" => "网络科技",
        "65" => "软件",
        "70" => "置业",
        "72" => "商务服务",
        "73" => "研究开发",
        "74" => "技术检测",
        "75" => "科技推广",
        _ => "实业",
    }
}

/// A four-digit class of a division that fits the use of the land.
pub fn industry_for(usage: Usage, dice: &mut Dice) -> Industry {
    let divisions: &[&str] = match usage {
        Usage::Storage => &["59"],
        Usage::Shops => &["51", "52", "62"],
        Usage::Offices => &["64", "65", "72", "70"],
        Usage::Research => &["65", "73", "74", "75"],
        _ => &[
            "13", "14", "17", "18", "19", "22", "23", "24", "26", "27", "29", "30", "33", "34", "34", "35", "35", "36",
            "37", "38", "38", "39", "39", "40",
        ],
    };
    let division = *dice.pick(divisions);
    let class = *dice.pick(&CLASSES[division]);
    Industry::parse(Edition::E2017.code(), class).expect("the list holds its own codes")
}

/// The four-digit classes of each two-digit division.
static CLASSES: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let mut classes: HashMap<&str, Vec<&str>> = HashMap::new();
    for row in industries().iter().filter(|row| row.level == 4) {
        classes.entry(&row.code[..2]).or_default().push(&row.code);
    }
    classes
});

/// The evaluation leaves wholesale, retail, catering and real estate aside (一(二) of the governing text).
pub fn sector_of(industry: &Industry) -> Sector {
    match industry.section {
        "C" => Sector::Industry,
        "F" | "H" | "J" | "K" => Sector::Other,
        _ => Sector::Service,
    }
}

pub fn uscc(number: usize) -> Uscc {
    let county = if number.is_multiple_of(4) { "330103" } else { "330105" };
    uscc_with_check_digit(&format!("91{county}DEM{number:06}")).expect("every character is in the alphabet")
}

/// A code of the kind that early pilot areas issued: the check digit fails.
pub fn pilot_uscc(number: usize) -> Uscc {
    let right = uscc(number);
    let (body, digit) = right.as_str().split_at(17);
    let wrong = if digit == "0" { '1' } else { '0' };
    Uscc::confirmed(&format!("{body}{wrong}")).expect("only the check digit fails")
}
