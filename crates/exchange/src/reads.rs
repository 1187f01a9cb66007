//! Which files are read and which are not: the one list, from which the guide's table is made.

use super::foreign::{self, Wanted};
use super::limits::Limits;

/// A kind of file that is read.
pub struct Taken {
    pub name: &'static str,
    pub endings: &'static str,
    /// What of it is read, and how it has to come.
    pub note: &'static str,
}

/// Files of shapes.
pub const SHAPES: &[Taken] = &[
    Taken {
        name: "Shapefile",
        endings: ".shp、.dbf、.shx、.prj、.cpg",
        note: "一组文件一起选，或打成一个 zip。属性表为 dBase III、IV 或 FoxPro；按 .shx 取图形，编号对不上的不读",
    },
    Taken {
        name: "GeoPackage",
        endings: ".gpkg",
        note: "面图层，含不带圆弧的 MultiSurface、CurvePolygon；几个图层时会问是哪一个。视图、只有瓦片的不读",
    },
    Taken {
        name: "GeoJSON",
        endings: ".geojson、.json",
        note: "FeatureCollection、Feature 或单个图形；UTF-8，或带标记的 UTF-16，其他编码须指明",
    },
    Taken { name: "勘测定界界址点文本", endings: ".txt", note: "GBK、UTF-8 或 UTF-16" },
    Taken {
        name: "压缩包",
        endings: ".zip",
        note: "其中一个图层；几个时会问，同名的带上文件夹。存储或 Deflate 方式，不设密码",
    },
];

/// Tables.
pub const TABLES: &[Taken] = &[
    Taken { name: "Excel 工作簿", endings: ".xlsx", note: "企业、用地情况、年度数据、合同" },
    Taken { name: "CSV 文本", endings: ".csv", note: "企业、用地情况、年度数据、合同" },
];

/// The table of the guide, in Markdown.
pub fn as_markdown() -> String {
    let limits = Limits::default();
    let mut lines = vec!["| 文件 | 扩展名 | 读不读 | 说明 |".to_owned(), "|---|---|---|---|".to_owned()];
    let row = |name: &str, endings: &str, taken: &str, note: &str| format!("| {name} | {endings} | {taken} | {note} |");
    for taken in SHAPES.iter().chain(TABLES) {
        lines.push(row(taken.name, taken.endings, "读", taken.note));
    }
    for foreign in foreign::ALL {
        // What is read as one of the two stands above.
        let Some((shapes, table)) = foreign.instead(Wanted::Shapes).zip(foreign.instead(Wanted::Table)) else {
            continue;
        };
        let line = row(foreign.name, foreign.endings, "不读", &format!("要导入图形的，{shapes}要导入表格的，{table}"));
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.push(String::new());
    lines.push(format!(
        "限度：一条记录最多 {} 个环、{} 个点；一个压缩包最多 {} 个文件，解开后不超过 {} GiB；表格最多 {} 行、{} 列。",
        limits.rings_per_feature,
        limits.points_per_feature,
        limits.zip_entries,
        limits.zip_inflated >> 30,
        limits.table_rows,
        limits.table_columns,
    ));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const BEGIN: &str = "<!-- reads -->\n";
    const END: &str = "\n<!-- /reads -->";

    /// With `MUHENG_WRITE_GUIDE=1` it writes the table instead.
    #[test]
    fn the_table_of_the_guide_is_this_list() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().join("docs/guide.zh.md");
        let guide = std::fs::read_to_string(&path).unwrap();
        let (before, rest) = guide.split_once(BEGIN).unwrap();
        let (written, after) = rest.split_once(END.trim_start()).unwrap();
        if std::env::var("MUHENG_WRITE_GUIDE").is_ok() {
            std::fs::write(&path, format!("{before}{BEGIN}{}{END}{after}", as_markdown())).unwrap();
            return;
        }
        assert_eq!(
            written.trim_end(),
            as_markdown(),
            "MUHENG_WRITE_GUIDE=1 cargo test the_table_of_the_guide writes it"
        );
    }
}
