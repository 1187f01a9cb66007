//! Sentences about what files are and how their parts fail to fit.

use std::fmt::Display;

use super::{Code, Fault, Question, short};
use crate::foreign::{Foreign, TABLES, Wanted};

pub fn dbase_7() -> Fault {
    Fault::error(
        Code::FormatUnknown,
        "属性表（.dbf）是 dBase 7 格式，不能读取。请另存为 dBase III 或 dBase IV（QGIS、ArcGIS 导出 Shapefile 即是）。",
    )
}

pub fn encoding_label_unknown(name: &str) -> Question {
    let name = short(name.trim().trim_start_matches('\u{feff}').trim());
    Question { message: format!("不认识 .cpg 文件里写的编码“{name}”。"), ..super::encoding_question("") }
}

pub fn text_undecodable(column: &str, text: &str, encoding: &str) -> Fault {
    let text = short(&text.replace('\u{fffd}', "□"));
    Fault::error(
        Code::EncodingWrong,
        format!(
            "“{column}”列的文字“{text}”里有不成字的字节（按 {encoding}；□ 处），该条未采用。请在原软件里重新填写这一格。"
        ),
    )
}

pub fn text_in_utf8(column: &str, text: &str, encoding: &str) -> Fault {
    Fault::warning(
        Code::TextForeign,
        format!(
            "“{column}”列的文字是 UTF-8，与全文件的 {encoding} 不同，已读作“{}”。请核对，并用同一软件重新保存全表。",
            short(text)
        ),
    )
}

pub fn field_overflow(column: &str, width: usize) -> Fault {
    Fault::warning(
        Code::FieldOverflow,
        format!("“{column}”列是星号：数值超出字段宽度（{width} 位），没有存下来，按未填处理。请加宽字段后重新填写。"),
    )
}

pub fn field_no_number(column: &str, text: &str) -> Fault {
    Fault::warning(
        Code::ValueUnreadable,
        format!("“{column}”列的“{}”不是数值（小数点请用“.”，不用逗号），按未填处理。请改正。", short(text)),
    )
}

pub fn field_type(column: &str, kind: char) -> Fault {
    Fault::warning(
        Code::FieldType,
        format!("“{column}”列是 {kind} 型字段（备注、图片等），不读取。如需导入请改为文本或数值字段。"),
    )
}

pub fn columns_of_one_name(column: &str, count: usize) -> Fault {
    Fault::warning(
        Code::ColumnDuplicate,
        format!(
            "有 {count} 列都叫“{column}”（列名最多 10 字节，可能截断后相同），不知道用哪一列，都未采用。请改名后重新导出。"
        ),
    )
}

pub fn name_completed(written: &str, name: &str) -> Fault {
    Fault::warning(Code::NameCut, format!("列名“{written}”被截断（.dbf 列名最多 10 字节），按“{name}”读取。请核对。"))
}

pub fn unit_cut(written: &str) -> Fault {
    Fault::warning(
        Code::NameCut,
        format!(
            "列名“{written}”被截断（.dbf 列名最多 10 字节），看不出单位，该列未采用。请改用短列名（如 ZDMJ，单位平方米）后重新导出。"
        ),
    )
}

pub fn index_differs(what: impl Display) -> Fault {
    Fault::error(
        Code::FileInconsistent,
        format!("图形与索引对不上：{what}，图形可能配错属性。请用 QGIS 或 ArcGIS 打开核对后重新导出。"),
    )
}

pub fn geopackage_open(beside: &str) -> Fault {
    Fault::error(
        Code::EditsMissing,
        format!(
            "GeoPackage 旁边有 {beside} 文件：它还在别的程序（如 QGIS）里打开，最近的修改不在主文件里。请关闭该程序后重新取文件。"
        ),
    )
}

pub fn geopackage_journal_alone() -> Fault {
    Fault::warning(
        Code::EditsMissing,
        "GeoPackage 是在别的程序（如 QGIS）里打开时复制的（WAL 方式），旁边没有 -wal 文件：最近的修改可能不在其中。请核对；不放心的，关闭该程序后重新取文件。",
    )
}

pub fn geopackage_without_features(holds: &str) -> Fault {
    Fault::error(
        Code::LayerUnknown,
        format!("这个 GeoPackage 里只有{holds}，没有矢量图层。请在 QGIS 或 ArcGIS 里把面图层导出为 GeoPackage。"),
    )
}

pub fn layer_is_view(layer: &str) -> Fault {
    Fault::error(
        Code::FileInconsistent,
        format!("图层“{layer}”不是普通数据表（是视图或虚拟表），不能读取。请在 QGIS 里另存为新的 GeoPackage 图层。"),
    )
}

pub fn text_not_utf8(column: &str) -> Fault {
    Fault::error(
        Code::EncodingWrong,
        format!("“{column}”列的文字不是有效的 UTF-8，该条未采用。请在原软件里重新填写这一格，或重新导出。"),
    )
}

pub fn encrypted() -> Fault {
    Fault::error(Code::FileUnreadable, "压缩包设有密码，不能读取。请去掉密码重新压缩。")
}

pub fn compression(method: impl Display) -> Fault {
    Fault::error(
        Code::FormatUnknown,
        format!(
            "压缩包用 {method} 方式压缩，不能读取。请用“存储”或“Deflate（标准）”方式压缩成 zip（Windows“发送到压缩文件夹”即是）。"
        ),
    )
}

/// A kind of file that is told, with what to do where it is not what was wanted.
pub fn foreign(is: &Foreign, wanted: Wanted) -> Fault {
    wrong_kind(is.name, is.instead(wanted).unwrap_or_default())
}

/// An archive for whoever wanted a table.
pub fn archive_of_tables(tables: usize) -> Fault {
    match tables {
        0 => wrong_kind("压缩包", TABLES),
        many => wrong_kind(&format!("压缩包（里面有 {many} 个表格）"), "请解压后逐个导入其中的 .xlsx 或 .csv。"),
    }
}

pub fn wrong_kind(is: &str, instead: &str) -> Fault {
    let gap = if is.starts_with(|first: char| first.is_ascii()) { " " } else { "" };
    Fault::error(Code::FormatUnknown, format!("这是{gap}{is}，不能在此导入。{instead}"))
}

pub fn between_features(what: &str, line: u64) -> Fault {
    Fault::error(Code::FileSyntax, format!("第 {line} 行：要素之间{what}，可能漏掉了一条记录。请用原软件重新导出。"))
        .at(None, Some(line))
}

/// A record among records of which most are in the encoding.
pub fn feature_not_in(encoding: &str) -> Fault {
    Fault::error(
        Code::EncodingWrong,
        format!("该要素里有不成字的字节（按 {encoding}），未采用。请在原软件里重新填写后导出。"),
    )
}

pub fn no_feature(what: &str) -> Fault {
    Fault::error(Code::FileSyntax, format!("features 里的这一项是{what}，不是要素。请核对是否丢失了记录。"))
}

pub fn not_a_feature(kind: &str) -> Fault {
    Fault::error(
        Code::FileSyntax,
        format!("features 里的这一项类型是“{}”，不是 Feature。请用原软件重新导出。", short(kind)),
    )
}

pub fn second_mark(line: u64) -> Fault {
    super::syntax(format!("第 {line} 行又有一个字节序标记（像是几个文件接在了一起）")).at(None, Some(line))
}

pub fn line_undecodable(text: &str) -> Fault {
    let text = short(&text.replace(char::REPLACEMENT_CHARACTER, "□"));
    Fault::error(
        Code::EncodingWrong,
        format!("“{text}”里有不成字的字节（□ 处），该地块未采用。请在原软件里重新填写这一行。"),
    )
}
