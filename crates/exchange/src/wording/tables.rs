//! What is said about tables: their sheets, headers, rows and cells.

use std::fmt::Display;

use super::{figure_refused_at, short, truncated};
use crate::fault::{Candidate, Fault, FaultCode as Code, Question};
use crate::option::FileOption;
use crate::table::passed_over::Kind as PassedOver;
use base::conversion::Refused;
use base::text::{self, Unfit};

pub fn sheet_question(names: &[String]) -> Question {
    Question {
        code: Code::LayerUnknown,
        message: format!("工作簿里有 {} 张工作表都像是要导入的表，不知道是哪一张。", names.len()),
        option: FileOption::Layer,
        candidates: names.iter().map(|name| Candidate::new(name, name)).collect(),
    }
}

pub fn header_missing<'a>(titles: impl Iterator<Item = &'a str>) -> Fault {
    let titles = titles.collect::<Vec<_>>().join("、");
    Fault::error(Code::HeaderMissing, format!("前十行里找不到表头（必有的列：{titles}）。请使用下载的模板。"))
}

pub fn column_missing(title: &str) -> Fault {
    Fault::error(Code::ColumnMissing, format!("缺少“{title}”列。请补上该列或使用下载的模板。"))
}

pub fn column_unknown(header: &str) -> Fault {
    Fault::warning(Code::ColumnUnknown, format!("不认识“{}”列，未导入。如需导入请改用模板中的列名。", short(header)))
}

pub fn row_too_wide(cells: usize, header: usize, surplus: &str) -> Fault {
    let message = format!(
        "本行有 {cells} 格，表头只有 {header} 格（多出“{}”），各列可能错位，未采用。数字中有逗号的请加引号或去掉逗号。",
        short(surplus)
    );
    Fault::error(Code::RowTooWide, message)
}

pub fn column_duplicate(header: &str) -> Fault {
    Fault::error(Code::ColumnDuplicate, format!("“{}”列与前面的列重复。请只保留一列。", short(header)))
}

pub fn unit_missing(header: &str, example: &str) -> Fault {
    Fault::error(
        Code::UnitMissing,
        format!("“{0}”列的表头没有写单位。请在表头写明，如“{0}（{1}）”。", short(header), example),
    )
}

pub fn unit_unknown(header: &str, unit: &str, example: &str) -> Fault {
    Fault::error(
        Code::UnitUnknown,
        format!("“{}”列的单位“{}”无法识别。请改用常用单位，如{}。", short(header), short(unit), example),
    )
}

/// A cell as people find it: the title of its column, its address where cells have one, its sheet where there are several.
pub struct Place<'a> {
    pub header: &'a str,
    pub cell: Option<String>,
    pub sheet: Option<&'a str>,
}

impl std::fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "“{}”列", short(self.header))?;
        match (self.sheet, &self.cell) {
            (Some(sheet), Some(cell)) => write!(f, "（工作表“{}”的 {cell}）", short(sheet)),
            (None, Some(cell)) => write!(f, "（{cell}）"),
            _ => Ok(()),
        }
    }
}

impl<'a> From<&'a str> for Place<'a> {
    fn from(header: &'a str) -> Self {
        Place { header, cell: None, sheet: None }
    }
}

/// A figure that is none of the quantity its column is of.
pub fn cell_figure_refused(place: &Place<'_>, text: &str, refused: Refused) -> Fault {
    figure_refused_at(place, text, refused)
}

/// A cell with characters that only steer machines, or with too many.
pub fn cell_unfit(place: &Place<'_>, wrong: Unfit) -> Fault {
    Fault::error(Code::TextUnfit, format!("{place}的内容{wrong}。请在原文件中改正后重新导入。"))
}

pub fn value_missing(place: &Place<'_>) -> Fault {
    Fault::error(Code::ValueMissing, format!("必填的{place}为空。请补填。"))
}

pub fn value_unreadable(place: &Place<'_>, text: &str, expected: &str) -> Fault {
    Fault::error(Code::ValueUnreadable, format!("{place}的“{}”无法识别，应为{expected}。请改正。", short(text)))
}

// ---- cells of a workbook ----

pub fn workbook_broken(error: impl Display) -> Fault {
    truncated(format!("工作簿无法读取（{error}）"))
}

pub fn no_sheet() -> Fault {
    Fault::error(Code::LayerUnknown, "工作簿里没有数据工作表（只有图表或宏表）。请把数据放在普通工作表里再导入。")
}

pub fn row_twice(line: u64) -> Fault {
    let what = format!("工作表里第 {line} 行出现两次或次序颠倒，两行会并成一行");
    Fault::error(Code::FileInconsistent, format!("{what}。请用 Excel 或 WPS 打开核对，另存为 .xlsx 后再导入。"))
        .at(None, Some(line))
}

pub fn cell_twice(cell: &str) -> Fault {
    Fault::error(
        Code::FileInconsistent,
        format!(
            "单元格 {cell} 在文件里出现两次或次序颠倒，不知以哪个为准。请用 Excel 或 WPS 打开核对，另存为 .xlsx 后再导入。"
        ),
    )
}

pub fn formula_not_computed(place: &Place<'_>) -> Fault {
    Fault::error(
        Code::FormulaNotComputed,
        format!("{place}是公式，文件里没有算出的结果。请用 Excel 或 WPS 打开，核对后保存，再导入。"),
    )
}

pub fn formula_may_be_open(place: &Place<'_>) -> Fault {
    Fault::warning(
        Code::FormulaNotComputed,
        format!(
            "{place}是公式，结果为 0，而文件要求打开时重算，可能从未算过；照 0 读取。请用 Excel 或 WPS 打开，核对后保存，再导入。"
        ),
    )
}

pub fn cell_error(place: &Place<'_>, error: &str) -> Fault {
    Fault::error(Code::ValueUnreadable, format!("{place}是公式错误“{}”。请改正公式或直接填写数值。", short(error)))
}

pub fn figure_merged(place: &Place<'_>, text: &str) -> Fault {
    Fault::error(
        Code::CellMerged,
        format!("{place}是合并单元格，“{}”一个数对应几行或几列，不知如何分摊。请取消合并，各格分别填写。", short(text)),
    )
}

pub fn garbled(place: &Place<'_>, text: &str, encoding: &str) -> Fault {
    Fault::error(
        Code::EncodingWrong,
        format!(
            "{place}的文字与整个文件的编码（{encoding}）不同，读出来是乱码“{}”。请在 Excel 或 WPS 里改正这一格，整个文件存为同一种编码。",
            short(text)
        ),
    )
}

pub fn became_a_date(place: &Place<'_>, day: chrono::NaiveDate) -> Fault {
    Fault::error(
        Code::CodeDamaged,
        format!(
            "{place}是日期 {day}，不是所需的内容，可能是 Excel 把“{}”之类的编号变成了日期。请把该列设为文本格式后重新填写。",
            day.format("%Y-%-m")
        ),
    )
}

pub fn is_yes_or_no(place: &Place<'_>) -> Fault {
    Fault::error(Code::ValueUnreadable, format!("{place}是逻辑值（TRUE 或 FALSE），不是文字。请改为文字后重新导入。"))
}

pub fn digits_lost(place: &Place<'_>, text: &str) -> Fault {
    Fault::error(
        Code::ValueUnreadable,
        format!(
            "{place}的“{}”是被 Excel 改成数值的长编号，超过 15 位的部分已经丢失。请把该列设为文本格式后重新填写。",
            short(text)
        ),
    )
}

pub fn serial_not_a_day(place: &Place<'_>, text: &str) -> Fault {
    Fault::error(
        Code::ValueUnreadable,
        format!(
            "{place}的“{}”是数值，不是日期，可能是日期的序号。请在 Excel 或 WPS 里把该列设为日期格式，核对显示的日期后再导入。",
            short(text)
        ),
    )
}

pub fn shown_otherwise(place: &Place<'_>, stored: &str, shown: &str) -> Fault {
    Fault::error(
        Code::FigureShownOtherwise,
        format!(
            "{place}存储的是 {stored}，按单元格格式显示为“{}”，不知以哪个为准。请把该列改为“常规”格式，核对后再导入。",
            short(shown)
        ),
    )
}

/// The figure a cell shows is another power of ten than the one it holds.
pub fn figures_question(header: &str, cell: &str, stored: &str, shown: &str) -> Question {
    let message = format!(
        "“{}”列（{cell}）存储的是 {stored}，按单元格格式显示为“{}”，两者相差若干个零，不知以哪个为准。",
        short(header),
        short(shown)
    );
    Question {
        code: Code::FigureShownOtherwise,
        message,
        option: FileOption::Figures,
        candidates: vec![
            Candidate::new("shown", format!("按显示的数（{shown}，不作四舍五入）")),
            Candidate::new("stored", format!("按存储的数（{stored}，单位按表头）")),
        ],
    }
}

pub fn invisible_removed(place: &Place<'_>, characters: &[char]) -> Fault {
    Fault::warning(
        Code::InvisibleCharacters,
        format!("{place}里有看不见的字符（{}），已去掉。", text::named(characters)),
    )
}

// ---- rows and columns ----

pub fn passed_over(kind: PassedOver, lines: &[u64]) -> String {
    const NAMED: usize = 5;
    let named: Vec<String> = lines.iter().take(NAMED).map(u64::to_string).collect();
    let more = if lines.len() > NAMED { format!(" 等 {} 行", lines.len()) } else { " 行".to_owned() };
    let what = match kind {
        PassedOver::Total => "是合计行",
        PassedOver::Note => "是备注、签名等说明",
        PassedOver::Codes => "是栏目代码",
        PassedOver::Empty => "没有可识别的数据（如只有序号）",
        PassedOver::Example => "是模板里的示例",
    };
    format!("第 {}{more}{what}", named.join("、"))
}

pub fn rows_passed_over(said: &[String]) -> Fault {
    Fault::warning(Code::RowsPassedOver, format!("{}，未作为记录读取。", said.join("；")))
}

pub fn rows_hidden(lines: &[u64]) -> Fault {
    const NAMED: usize = 5;
    let named: Vec<String> = lines.iter().take(NAMED).map(u64::to_string).collect();
    let more = if lines.len() > NAMED { " 等" } else { "" };
    Fault::warning(
        Code::RowsHidden,
        format!(
            "有 {} 行是隐藏的（第 {}{more} 行），也照样读取。如不应导入，请在 Excel 或 WPS 里取消隐藏或筛选，删去后再导入。",
            lines.len(),
            named.join("、")
        ),
    )
}

pub fn columns_hidden(headers: &[&str]) -> Fault {
    Fault::warning(
        Code::RowsHidden,
        format!("“{}”列是隐藏的，也照样读取。如不应导入，请取消隐藏后删去。", headers.join("”“")),
    )
}

pub fn sheet_hidden(sheet: &str) -> Fault {
    Fault::warning(
        Code::RowsHidden,
        format!("隐藏的工作表“{}”也像是要导入的表，未读取。如应导入请取消隐藏。", short(sheet)),
    )
}

pub fn hidden_sheet_question(names: &[String]) -> Question {
    Question {
        code: Code::RowsHidden,
        message: "像是要导入的表都在隐藏的工作表里。请确认要导入哪一张。".into(),
        option: FileOption::Layer,
        candidates: names.iter().map(|name| Candidate::new(name, format!("{name}（隐藏）"))).collect(),
    }
}

/// Several columns stand under the title of one, and none of them says that it is the one.
pub fn column_divided(title: &str, parts: &[&str]) -> Fault {
    let parts: Vec<String> = parts.iter().map(|part| format!("“{}”", short(part))).collect();
    Fault::error(
        Code::ColumnDivided,
        format!(
            "“{title}”下面分为{}等列，不知取哪一列。请把要取的一列改名为“{title}”（带单位），或在其下写“合计”。",
            parts.join("")
        ),
    )
}

// ---- text tables ----

pub fn separator_full_width(separator: char) -> Fault {
    Fault::error(
        Code::FileSyntax,
        format!("文件像是用全角的“{separator}”分隔各列。请改用半角逗号，或用 Excel、WPS 存为 .xlsx 后导入。"),
    )
}

pub fn encoding_wide_question() -> Question {
    Question {
        code: Code::EncodingDoubtful,
        message: "文件像是没有标记的 UTF-16（Unicode）文本。".into(),
        option: FileOption::Encoding,
        candidates: vec![Candidate::new("utf-16le", "UTF-16（小端，Windows 的“Unicode 文本”）")],
    }
}

pub fn year_out_of_range(year: i32, range: std::ops::RangeInclusive<i32>) -> Fault {
    Fault::error(
        Code::YearOutOfRange,
        format!("年份 {year} 超出 {} 至 {} 的范围。请核对。", range.start(), range.end()),
    )
}
