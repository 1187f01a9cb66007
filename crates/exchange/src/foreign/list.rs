//! The kinds of files that are told and named: what each is, by what it is told, and what to do with it.

use super::{Foreign, Told};

const AS_SHAPES: &str = "请在 QGIS 或 ArcGIS 里把面图层导出为 Shapefile（连同配套文件打成 zip）或 GeoPackage。";
const REPACK: &str = "请解压后，把其中的文件重新打成 zip（存储或 Deflate 方式）再导入。";
const KML: &str = "KML 不是测绘成果；请取得原始测绘数据，或在 QGIS 里打开后导出为 GeoPackage 并核对坐标系。";
const ASK_FOR_SHAPES: &str = "请索取原始的图形或表格文件。";
const DXF: &str = "请在 QGIS 里打开，把闭合线转成面，导出为 Shapefile 或 GeoPackage，并核对坐标系。";
const OTHER_SHAPES: &str = "图形请用 GeoJSON、Shapefile、GeoPackage 或界址点文本；表格请选择企业、用地等内容导入。";

const OLD_WORKBOOK: &str = "图形请用 GeoJSON、Shapefile、GeoPackage 或界址点文本；表格请另存为 .xlsx。";
const WEB_PAGE: &str = "请在浏览器或 Excel、WPS 里打开，核对内容后另存为所需的格式。";
const HTML: &str = "网页（HTML）";

const AS_WORKBOOK: &str = "请用 Excel 或 WPS 打开，另存为 .xlsx 后导入。";
const COPY_TABLE: &str = "请把其中的表格复制到 Excel 或 WPS 表格，存为 .xlsx 后导入。";
const UNPACK_TABLE: &str = "请解压后导入其中的 .xlsx 或 .csv。";
/// What to do for whoever wanted a table of what holds none.
pub const TABLES: &str = "表格请用 .xlsx 或 .csv。";

/// A kind that is read neither as shapes nor as a table.
const fn neither(
    name: &'static str,
    endings: &'static str,
    told: Told,
    shapes: &'static str,
    tables: &'static str,
) -> Foreign {
    Foreign { name, endings, told, shapes: Some(shapes), tables: Some(tables) }
}

/// In the order they are asked in: the particular before the general.
pub const ALL: &[Foreign] = &[
    neither("Word 文档（.docx）", ".docx", Told::Part("word/"), ASK_FOR_SHAPES, COPY_TABLE),
    neither("演示文稿（.pptx）", ".pptx", Told::Part("ppt/"), ASK_FOR_SHAPES, TABLES),
    neither("二进制工作簿（.xlsb）", ".xlsb", Told::Part("xl/workbook.bin"), OTHER_SHAPES, AS_WORKBOOK),
    Foreign {
        name: "电子表格（.xlsx）",
        endings: ".xlsx",
        told: Told::Part("xl/"),
        shapes: Some(OTHER_SHAPES),
        tables: None,
    },
    neither(
        "OpenDocument 文档（.ods、.odt）",
        ".ods、.odt",
        Told::Part("content.xml"),
        "请在 WPS 或 LibreOffice 里另存为 .xlsx。",
        AS_WORKBOOK,
    ),
    neither(
        "文件地理数据库（File Geodatabase）",
        ".gdb、.gdb.zip",
        Told::Inside(&[".gdb/", ".gdbtable"]),
        "请在 ArcGIS 里用“要素转 Shapefile”或在 QGIS 里把面图层导出为 Shapefile 或 GeoPackage。",
        TABLES,
    ),
    neither("KMZ（压缩的 KML）", ".kmz", Told::Inside(&[".kml"]), KML, TABLES),
    Foreign {
        name: "压缩包里的压缩包",
        endings: ".zip 里的 .zip、.rar、.7z",
        told: Told::Inside(&[".zip", ".rar", ".7z"]),
        shapes: Some("请先解开里层的压缩包，把其中的文件直接打成一个 zip 再导入。"),
        tables: None,
    },
    neither(
        "AutoCAD 图",
        ".dwg、.dxf（可在压缩包内）",
        Told::Inside(&[".dwg", ".dxf"]),
        "请在 CAD 或 QGIS 里转成面，并导出为 Shapefile 或 GeoPackage。",
        TABLES,
    ),
    neither("MapInfo 图层", ".tab、.mif（可在压缩包内）", Told::Inside(&[".mif", ".tab"]), AS_SHAPES, TABLES),
    neither("RAR 压缩包", ".rar", Told::Bytes(&[b"Rar!"]), REPACK, UNPACK_TABLE),
    neither("7z 压缩包", ".7z", Told::Bytes(&[b"7z\xBC\xAF"]), REPACK, UNPACK_TABLE),
    neither(
        "gzip、tar、xz 或 bzip2 压缩包",
        ".gz、.tar、.xz、.bz2",
        Told::Bytes(&[b"\x1F\x8B", b"\xFD7zXZ\x00", b"BZh9"]),
        REPACK,
        UNPACK_TABLE,
    ),
    neither(
        "AutoCAD 图（DWG）",
        ".dwg",
        Told::Bytes(&[b"AC10"]),
        "请在 CAD 或 QGIS 里把闭合多段线转成面，导出为 Shapefile 或 GeoPackage。",
        TABLES,
    ),
    neither("AutoCAD 交换文件（DXF）", ".dxf", Told::Bytes(&[b"AutoCAD Binary DXF"]), DXF, TABLES),
    neither(
        "Access 数据库（含个人地理数据库）",
        ".mdb、.accdb",
        Told::Bytes(&[b"\x00\x01\x00\x00Standard Jet DB", b"\x00\x01\x00\x00Standard ACE DB"]),
        AS_SHAPES,
        TABLES,
    ),
    Foreign {
        name: "数据库文件（GeoPackage、SQLite）",
        endings: ".gpkg、.sqlite",
        told: Told::Bytes(&[b"SQLite format 3"]),
        shapes: None,
        tables: Some(TABLES),
    },
    neither(
        "设了打开密码的工作簿",
        ".xlsx",
        Told::Compound(&["EncryptedPackage"]),
        OTHER_SHAPES,
        "请用 Excel 或 WPS 打开，取消密码后另存为 .xlsx 再导入。",
    ),
    neither("Word 文档（.doc）", ".doc", Told::Compound(&["WordDocument"]), ASK_FOR_SHAPES, COPY_TABLE),
    neither(
        "旧版 Excel 工作簿（.xls，97-2003）",
        ".xls",
        Told::Compound(&["Workbook", "Book"]),
        OLD_WORKBOOK,
        AS_WORKBOOK,
    ),
    neither("旧版 Office 文档或设了密码的工作簿", ".xls、.doc", Told::Compound(&[]), OLD_WORKBOOK, AS_WORKBOOK),
    neither("PDF 文档", ".pdf", Told::Bytes(&[b"%PDF-"]), ASK_FOR_SHAPES, "PDF 里的表格请先导出或录入为 .xlsx。"),
    neither(
        "图片",
        ".jpg、.png、.tif",
        Told::Bytes(&[b"\xFF\xD8\xFF", b"\x89PNG", b"II*\x00", b"MM\x00*"]),
        "请索取原始的图形文件；图片里没有界址点坐标。",
        TABLES,
    ),
    neither(
        "FlatGeobuf 或 GeoParquet",
        ".fgb、.parquet",
        Told::Bytes(&[b"fgb\x03", b"PAR1"]),
        "请在 QGIS 里导出为 GeoPackage。",
        TABLES,
    ),
    neither("MapGIS 文件", ".wp、.wl、.wt", Told::Bytes(&[b"WMAP`D"]), AS_SHAPES, TABLES),
    neither("网页（单个文件，.mht）", ".mht、.xls", Told::Begins("mime-version:"), WEB_PAGE, AS_WORKBOOK),
    neither("SYLK 表格", ".slk、.xls", Told::Begins("id;p"), OLD_WORKBOOK, AS_WORKBOOK),
    neither("RTF 文档", ".rtf", Told::Begins("{\\rtf"), ASK_FOR_SHAPES, COPY_TABLE),
    neither("KML", ".kml", Told::Tags(&["<kml"]), KML, TABLES),
    neither("GML", ".gml、.xml", Told::Tags(&["opengis.net/gml"]), AS_SHAPES, TABLES),
    neither(HTML, ".html，或名为 .xls 的网页", Told::Tags(&["<html", "<!doctype html"]), WEB_PAGE, AS_WORKBOOK),
    neither(
        "XML 电子表格 2003",
        ".xml、.xls",
        Told::Tags(&["urn:schemas-microsoft-com:office:spreadsheet"]),
        OLD_WORKBOOK,
        AS_WORKBOOK,
    ),
    neither(
        HTML,
        ".html，或名为 .xls 的网页",
        Told::Tags(&["<table", "<body", "<style", "<meta"]),
        WEB_PAGE,
        AS_WORKBOOK,
    ),
    neither("XML 文件", ".xml", Told::Tags(&["<?xml"]), AS_SHAPES, TABLES),
    neither(
        "国土 VCT 交换文件",
        ".vct",
        Told::Words(&["headbegin"]),
        "请用国土数据转换工具（如 ArcGIS 的 VCT 插件）转成 Shapefile 或 GeoPackage。",
        TABLES,
    ),
    neither("AutoCAD 交换文件（DXF）", ".dxf", Told::Words(&["section", "header", "$acadver"]), DXF, TABLES),
    neither("MapInfo 交换文件（MIF）", ".mif", Told::Words(&["version", "charset", "columns"]), AS_SHAPES, TABLES),
    neither(
        "Esri JSON",
        ".json",
        Told::Json(&["\"geometrytype\"", "esrigeometry"]),
        "请在 ArcGIS 里用“要素转 JSON”并勾选“输出为 GeoJSON”，或导出为 Shapefile。",
        TABLES,
    ),
    Foreign {
        name: "JSON 文件",
        endings: ".json",
        told: Told::Json(&[]),
        shapes: None,
        tables: Some("请让导出的系统改为导出 .xlsx 或 .csv。"),
    },
];
