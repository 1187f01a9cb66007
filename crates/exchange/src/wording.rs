//! Every sentence about a faulty file or record, in one place: what, where, what to do.

mod files;
mod shapes;
mod tables;

use std::fmt::Display;

use super::fault::{Candidate, Fault, FaultCode as Code, Question};
use super::option::FileOption;
use base::bounds::Bounds;
use base::conversion::Refused;
use base::text::{self, Unfit, is_stray};
pub use files::*;
pub use shapes::*;
pub use tables::*;

// ---- the file as a whole ----

pub fn cannot_open(error: &std::io::Error) -> Fault {
    let reason = match error.kind() {
        std::io::ErrorKind::NotFound => "文件不存在",
        std::io::ErrorKind::PermissionDenied => "没有读取权限",
        _ => "读取时出错",
    };
    Fault::error(Code::FileUnreadable, format!("无法打开文件：{reason}（{error}）。请检查路径与权限后重试。"))
}

pub fn empty_file() -> Fault {
    Fault::error(Code::FileEmpty, "文件没有内容。请重新导出后再导入。")
}

/// A table whose header is right, with nothing below it.
pub fn header_only() -> Fault {
    Fault::error(
        Code::HeaderOnly,
        "只有表头，没有数据行。请在表头下面每行填写一条记录后再导入；如文件由系统导出，请核对导出时的筛选条件。",
    )
}

pub fn format_unknown() -> Fault {
    Fault::error(
        Code::FormatUnknown,
        "无法识别文件格式。图形请用 GeoJSON、Shapefile（.shp 及其配套文件，或打成 zip）、GeoPackage 或勘测定界界址点文本；表格请用 .xlsx 或 .csv。",
    )
}

pub fn truncated(what: impl Display) -> Fault {
    Fault::error(Code::FileTruncated, format!("文件不完整：{what}。请重新取得完整的文件。"))
}

pub fn inconsistent(what: impl Display) -> Fault {
    Fault::error(Code::FileInconsistent, format!("文件自述与内容不符：{what}。请用原软件重新导出。"))
}

pub fn syntax(what: impl Display) -> Fault {
    Fault::error(Code::FileSyntax, format!("文件语法错误：{what}。请用原软件重新导出。"))
}

pub fn too_large(what: impl Display, limit: impl Display) -> Fault {
    Fault::error(Code::FileTooLarge, format!("{what}超出限度（{limit}），未予读取。请拆分文件或检查其是否损坏。"))
}

pub fn zip_bomb(what: impl Display) -> Fault {
    Fault::error(Code::ZipBomb, format!("压缩包{what}，未予解压。请只打包所需的文件。"))
}

pub fn file_missing(what: impl Display) -> Fault {
    Fault::error(Code::FileMissing, format!("缺少{what}。请连同配套文件一起提供，或打成一个 zip。"))
}

pub fn attributes_missing() -> Fault {
    Fault::warning(Code::AttributesMissing, "没有同名的 .dbf 文件，所有记录都没有属性。请补上 .dbf 后重新导入。")
}

pub fn encoding_question(why: impl Display) -> Question {
    Question {
        code: Code::EncodingDoubtful,
        message: format!("文字编码不明：{why}。"),
        option: FileOption::Encoding,
        candidates: vec![Candidate::new("gb18030", "GB18030（含 GBK、GB2312）"), Candidate::new("utf-8", "UTF-8")],
    }
}

pub fn encoding_unknown(name: &str) -> Fault {
    Fault::error(Code::EncodingWrong, format!("不认识编码“{name}”。可用 utf-8、gbk、gb18030、utf-16le、utf-16be。"))
}

pub fn encoding_wrong(name: &str, place: impl Display) -> Fault {
    if name == "BOM" {
        return Fault::error(
            Code::EncodingWrong,
            format!(
                "{place}开头有 Unicode 标记（BOM），内容却不是这种编码。请用记事本或 WPS 打开，确认文字无误后另存为 UTF-8 或 .xlsx。"
            ),
        );
    }
    Fault::error(
        Code::EncodingWrong,
        format!("按 {name} 解码时{place}有无效字节。请核对所指明的编码，或不指明编码，由系统检查。"),
    )
}

pub fn layer_question(names: &[String]) -> Question {
    Question {
        code: Code::LayerUnknown,
        message: format!("文件里有 {} 个图层，不知道要导入哪一个。", names.len()),
        option: FileOption::Layer,
        candidates: names.iter().map(|name| Candidate::new(name, name)).collect(),
    }
}

pub fn layer_unknown(name: &str, names: &[String]) -> Fault {
    Fault::error(Code::LayerUnknown, format!("文件里没有名为“{name}”的图层。现有：{}。", names.join("、")))
}

pub fn no_layer() -> Fault {
    Fault::error(Code::LayerUnknown, "文件里没有可读的图形图层。请确认导出的是面图层。")
}

// ---- geometry ----

pub fn wrong_type(kind: impl Display) -> Fault {
    Fault::error(Code::GeometryWrongType, format!("图形是{kind}，不是面。请只导入面（Polygon、MultiPolygon）。"))
}

pub fn not_finite(place: impl Display) -> Fault {
    Fault::error(Code::CoordinateNotFinite, format!("{place}的坐标不是有效数字。请改正坐标。"))
}

pub fn geometry_damaged(what: impl Display) -> Fault {
    Fault::error(Code::GeometryInvalid, format!("图形数据损坏：{what}。请重新导出该记录。"))
}

pub fn geometry_too_large(what: impl Display) -> Fault {
    Fault::error(Code::GeometryTooLarge, format!("图形{what}，超出限度。请拆分或简化该记录。"))
}

pub fn too_few_points(place: impl Display) -> Fault {
    Fault::error(Code::GeometryTooFewPoints, format!("{place}不足三个不同的界址点，不成面。请补齐界址点。"))
}

pub fn ring_not_closed(place: impl Display) -> Fault {
    Fault::warning(Code::RingNotClosed, format!("{place}首尾不重合，已按首点闭合。请核对是否缺点。"))
}

pub fn feature_unreadable(reason: impl Display) -> Fault {
    Fault::error(Code::FileSyntax, format!("该要素无法识别：{reason}。请改正后重新导入。"))
}

// ---- boundary-point text ----

pub fn coordinate_unreadable(label: &str, text: &str) -> Fault {
    Fault::error(
        Code::CoordinateUnreadable,
        format!("界址点 {label} 的坐标“{}”不是有效数字。请改正坐标。", short(text)),
    )
}

pub fn point_row_unreadable(text: &str) -> Fault {
    Fault::error(Code::CoordinateUnreadable, format!("“{}”不是界址点行（点号,圈号,X,Y）。请改正该行。", short(text)))
}

pub fn axes_swapped() -> Fault {
    Fault::warning(Code::AxesSwapped, "X（北）与 Y（东）颠倒，已按坐标大小换回。请核对。")
}

pub fn axes_mixed(north: usize, east: usize) -> Fault {
    Fault::error(
        Code::AxesSwapped,
        format!("{north} 个界址点 X（北）在前，{east} 个却是 Y（东）在前，无法判断。请统一后重新导入。"),
    )
}

pub fn points_lost(declared: usize, written: usize) -> Fault {
    Fault::error(
        Code::PointCountMismatch,
        format!("地块声明有 {declared} 个界址点，只有 {written} 个且未闭合，文件可能不完整。请重新取得完整的文件。"),
    )
}

pub fn point_count_mismatch(declared: usize, written: usize) -> Fault {
    Fault::warning(
        Code::PointCountMismatch,
        format!("地块声明有 {declared} 个界址点，实际写有 {written} 个，各环完整。请核对声明的点数。"),
    )
}

pub fn closing_point_differs(label: &str) -> Fault {
    Fault::error(Code::RingNotClosed, format!("界址点 {label} 首尾两次出现，坐标却不同，环未闭合。请核对该点坐标。"))
}

pub fn declared_area_unreadable(text: &str) -> Fault {
    Fault::warning(Code::ValueUnreadable, format!("地块面积“{}”不是有效数字，按未填处理。请改正。", short(text)))
}

pub fn area_unit_doubtful(text: &str) -> Fault {
    Fault::warning(
        Code::AreaUnitDoubtful,
        format!("地块面积“{}”按公顷或平方米都与图形不符，暂按公顷读取。请核对面积与单位。", short(text)),
    )
}

// ---- validity ----

pub fn geometry_empty() -> Fault {
    Fault::error(Code::GeometryEmpty, "图形为空。请补充图形。")
}

pub fn self_intersection(ring: impl Display, place: impl Display) -> Fault {
    Fault::error(Code::GeometrySelfIntersection, format!("{ring}在{place}处自相交。请修正界址点次序或坐标。"))
}

pub fn rings_cross(place: impl Display) -> Fault {
    Fault::error(Code::GeometryRingsCross, format!("两个环在{place}处相交或重合。请修正图形。"))
}

pub fn duplicate_points(count: usize, place: impl Display) -> Fault {
    Fault::warning(
        Code::GeometryDuplicatePoint,
        format!("有 {count} 个连续重复的界址点（首个在{place}），已合并。请核对。"),
    )
}

pub fn zero_area(ring: impl Display, place: impl Display) -> Fault {
    Fault::error(Code::GeometryInvalid, format!("{ring}面积为零（{place}附近）。请修正界址点。"))
}

pub fn hole_outside(place: impl Display) -> Fault {
    Fault::error(Code::GeometryInvalid, format!("内环（起于{place}）不在外环之内。请修正图形。"))
}

pub fn parts_overlap(place: impl Display) -> Fault {
    Fault::error(Code::GeometryInvalid, format!("图形的各部分在{place}附近相互重叠。请修正图形。"))
}

/// The beginning of a text from the file, for a message. Characters nobody sees are named.
pub fn short(text: &str) -> String {
    const LENGTH: usize = 40;
    let mut seen = String::new();
    for character in text.chars().take(LENGTH) {
        match text::is_invisible(character) {
            true => seen += &format!("<{}>", text::named(&[character])),
            false => seen.push(character),
        }
    }
    seen + if text.chars().nth(LENGTH).is_some() { "…" } else { "" }
}

// ---- figures and texts ----

/// A text with characters that only steer machines, or one that is too long. The name may be what is wrong.
pub fn text_unfit(name: &str, wrong: Unfit) -> Fault {
    let name: String = name.chars().filter(|character| !is_stray(*character)).take(40).collect();
    Fault::error(Code::TextUnfit, format!("“{name}”{wrong}。请在原文件中改正后重新导入。"))
}

/// What nobody sees in an attribute was taken out.
pub fn attribute_invisible_removed(key: &str, characters: &[char]) -> Fault {
    let message = format!("“{}”里有看不见的字符（{}），已去掉。", short(key), text::named(characters));
    Fault::warning(Code::InvisibleCharacters, message)
}

/// A figure that is no figure of its quantity; `what` is the column, field or attribute it stands in.
pub fn figure_refused(what: &str, text: &str, refused: Refused) -> Fault {
    figure_refused_at(format_args!("“{what}”"), text, refused)
}

pub fn figure_too_large(what: &str, text: &str, bounds: &Bounds) -> Fault {
    figure_too_large_at(format_args!("“{what}”"), text, bounds)
}

fn figure_refused_at(place: impl Display, text: &str, refused: Refused) -> Fault {
    match refused {
        Refused::Endless => Fault::error(
            Code::ValueUnreadable,
            format!("{place}的“{}”换算成平方米除不尽，不能如实登记。请改填平方米数。", short(text)),
        ),
        Refused::TooLarge(bounds) => figure_too_large_at(place, text, &bounds),
        Refused::TooFine(bounds) => Fault::error(
            Code::FigureOutOfRange,
            format!(
                "{place}的“{}”小数位数过多：以{}计，小数不超过 {} 位。请按原始数据保留应有的位数。",
                short(text),
                bounds.unit_or_one(),
                bounds.places
            ),
        ),
    }
}

fn figure_too_large_at(place: impl Display, text: &str, bounds: &Bounds) -> Fault {
    Fault::error(
        Code::FigureOutOfRange,
        format!("{place}的“{}”超出可信范围，应{}。请核对数值和单位。", short(text), bounds.wording()),
    )
}
