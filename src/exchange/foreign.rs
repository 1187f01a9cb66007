//! Files that people send and that are not read here: told by their content, named as what they are, with what to do.

use super::encoding;

/// A kind of file that is not read.
#[derive(Debug)]
pub struct Foreign {
    /// Chinese, as a message names it.
    pub name: &'static str,
    /// Endings, for the list in the guide.
    pub endings: &'static str,
    /// A whole sentence.
    pub instead: &'static str,
    told: Told,
}

/// By what it is told.
#[derive(Debug)]
enum Told {
    /// How the file begins.
    Bytes(&'static [&'static [u8]]),
    /// Words among the beginning of a text, all of them, in small letters.
    Words(&'static [&'static str]),
    /// How names in an archive end, or what stands in them: `.gdb/`, `.kml`.
    Inside(&'static [&'static str]),
}

const EXPORT_SHAPES: &str = "请在 QGIS 或 ArcGIS 里把面图层导出为 Shapefile（连同配套文件打成 zip）或 GeoPackage。";
const REPACK: &str = "请解压后，把其中的文件重新打成 zip（存储或 Deflate 方式）再导入。";

const JSON: &str = ".json";

/// In the order they are asked in: what stands inside an archive or a text is told before what the archive or text is.
pub const ALL: &[Foreign] = &[
    Foreign {
        name: "文件地理数据库（File Geodatabase）",
        endings: ".gdb、.gdb.zip",
        instead: "请在 ArcGIS 里用“要素转 Shapefile”或在 QGIS 里把面图层导出为 Shapefile 或 GeoPackage。",
        told: Told::Inside(&[".gdb/", ".gdbtable"]),
    },
    Foreign {
        name: "KMZ（压缩的 KML）",
        endings: ".kmz",
        instead: "KML 不是测绘成果；请取得原始测绘数据，或在 QGIS 里打开后导出为 GeoPackage 并核对坐标系。",
        told: Told::Inside(&[".kml"]),
    },
    Foreign {
        name: "Word 文档",
        endings: ".docx、.doc",
        instead: "请索取原始的图形或表格文件。",
        told: Told::Inside(&["word/document.xml"]),
    },
    Foreign {
        name: "电子表格（.xlsx）",
        endings: ".xlsx",
        instead: "图形请用 GeoJSON、Shapefile、GeoPackage 或界址点文本；表格请选择企业、用地等内容导入。",
        told: Told::Inside(&["xl/workbook.xml", "xl/workbook.bin"]),
    },
    Foreign {
        name: "OpenDocument 文档（.ods、.odt）",
        endings: ".ods、.odt",
        instead: "请在 WPS 或 LibreOffice 里另存为 .xlsx。",
        told: Told::Inside(&["content.xml"]),
    },
    Foreign {
        name: "压缩包里的压缩包",
        endings: ".zip 里的 .zip、.rar、.7z",
        instead: "请先解开里层的压缩包，把其中的文件直接打成一个 zip 再导入。",
        told: Told::Inside(&[".zip", ".rar", ".7z"]),
    },
    Foreign {
        name: "AutoCAD 图",
        endings: ".dwg、.dxf（可在压缩包内）",
        instead: "请在 CAD 或 QGIS 里转成面，并导出为 Shapefile 或 GeoPackage。",
        told: Told::Inside(&[".dwg", ".dxf"]),
    },
    Foreign {
        name: "MapInfo 图层",
        endings: ".tab、.mif（可在压缩包内）",
        instead: EXPORT_SHAPES,
        told: Told::Inside(&[".mif", ".tab"]),
    },
    Foreign { name: "RAR 压缩包", endings: ".rar", instead: REPACK, told: Told::Bytes(&[b"Rar!\x1A\x07"]) },
    Foreign { name: "7z 压缩包", endings: ".7z", instead: REPACK, told: Told::Bytes(&[b"7z\xBC\xAF\x27\x1C"]) },
    Foreign {
        name: "gzip、tar、xz 或 bzip2 压缩包",
        endings: ".gz、.tar、.xz、.bz2",
        instead: REPACK,
        told: Told::Bytes(&[b"\x1F\x8B\x08", b"\xFD7zXZ\x00", b"BZh9"]),
    },
    Foreign {
        name: "AutoCAD 图（DWG）",
        endings: ".dwg",
        instead: "请在 CAD 或 QGIS 里把闭合多段线转成面，导出为 Shapefile 或 GeoPackage。",
        told: Told::Bytes(&[b"AC10"]),
    },
    Foreign {
        name: "AutoCAD 交换文件（DXF）",
        endings: ".dxf",
        instead: "请在 QGIS 里打开，把闭合线转成面，导出为 Shapefile 或 GeoPackage，并核对坐标系。",
        told: Told::Bytes(&[b"AutoCAD Binary DXF"]),
    },
    Foreign {
        name: "Access 数据库（含个人地理数据库）",
        endings: ".mdb、.accdb",
        instead: EXPORT_SHAPES,
        told: Told::Bytes(&[b"\x00\x01\x00\x00Standard Jet DB", b"\x00\x01\x00\x00Standard ACE DB"]),
    },
    Foreign {
        name: "旧版 Office 文档（.xls、.doc）",
        endings: ".xls、.doc",
        instead: "图形请用 GeoJSON、Shapefile、GeoPackage 或界址点文本；表格请另存为 .xlsx。",
        told: Told::Bytes(&[b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"]),
    },
    Foreign {
        name: "PDF 文档",
        endings: ".pdf",
        instead: "请索取原始的图形或表格文件。",
        told: Told::Bytes(&[b"%PDF-"]),
    },
    Foreign {
        name: "图片",
        endings: ".jpg、.png、.tif",
        instead: "请索取原始的图形文件；图片里没有界址点坐标。",
        told: Told::Bytes(&[b"\xFF\xD8\xFF", b"\x89PNG\r\n", b"II*\x00", b"MM\x00*"]),
    },
    Foreign {
        name: "FlatGeobuf 或 GeoParquet",
        endings: ".fgb、.parquet",
        instead: "请在 QGIS 里导出为 GeoPackage。",
        told: Told::Bytes(&[b"fgb\x03", b"PAR1"]),
    },
    Foreign {
        name: "MapGIS 文件", endings: ".wp、.wl、.wt", instead: EXPORT_SHAPES, told: Told::Bytes(&[b"WMAP`D"])
    },
    Foreign {
        name: "KML",
        endings: ".kml",
        instead: "KML 不是测绘成果；请取得原始测绘数据，或在 QGIS 里打开后导出为 GeoPackage 并核对坐标系。",
        told: Told::Words(&["<kml"]),
    },
    Foreign { name: "GML", endings: ".gml、.xml", instead: EXPORT_SHAPES, told: Told::Words(&["opengis.net/gml"]) },
    Foreign {
        name: "网页（HTML）",
        endings: ".html，或名为 .xls 的网页",
        instead: "请在浏览器或 Excel、WPS 里打开，核对内容后另存为所需的格式。",
        told: Told::Words(&["<html"]),
    },
    Foreign { name: "XML 文件", endings: ".xml", instead: EXPORT_SHAPES, told: Told::Words(&["<?xml"]) },
    Foreign {
        name: "国土 VCT 交换文件",
        endings: ".vct",
        instead: "请用国土数据转换工具（如 ArcGIS 的 VCT 插件）转成 Shapefile 或 GeoPackage。",
        told: Told::Words(&["headbegin"]),
    },
    Foreign {
        name: "AutoCAD 交换文件（DXF）",
        endings: ".dxf",
        instead: "请在 QGIS 里打开，把闭合线转成面，导出为 Shapefile 或 GeoPackage，并核对坐标系。",
        told: Told::Words(&["section", "header", "$acadver"]),
    },
    Foreign {
        name: "MapInfo 交换文件（MIF）",
        endings: ".mif",
        instead: EXPORT_SHAPES,
        told: Told::Words(&["version", "charset", "columns"]),
    },
    Foreign {
        name: "Esri JSON",
        endings: JSON,
        instead: "请在 ArcGIS 里用“要素转 JSON”并勾选“输出为 GeoJSON”，或导出为 Shapefile。",
        told: Told::Words(&["\"geometrytype\"", "esrigeometry"]),
    },
];

/// What the first bytes of a file say it is, if it is one of these.
pub fn of_bytes(head: &[u8]) -> Option<&'static Foreign> {
    let begins =
        |foreign: &&Foreign| matches!(foreign.told, Told::Bytes(all) if all.iter().any(|b| head.starts_with(b)));
    ALL.iter().find(begins)
}

/// What the beginning of a text says it is, if it is one of these. JSON is never taken for anything else for a word in it.
pub fn of_text(head: &[u8]) -> Option<&'static Foreign> {
    let encoding = encoding_rs::Encoding::for_bom(head).map(|(encoding, _)| encoding);
    if head.contains(&0) && !encoding.is_some_and(encoding::is_utf16) {
        return None;
    }
    let text = encoding.unwrap_or(encoding_rs::UTF_8).decode(head).0.to_lowercase();
    let json = text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']);
    ALL.iter().find(|foreign| match foreign.told {
        Told::Words(words) => (!json || foreign.endings == JSON) && words.iter().all(|word| text.contains(word)),
        _ => false,
    })
}

/// What the names in an archive say it holds, if it is one of these.
pub fn of_names<'n>(names: impl Iterator<Item = &'n [u8]>) -> Option<&'static Foreign> {
    let names: Vec<String> =
        names.map(|name| String::from_utf8_lossy(name).replace('\\', "/").to_lowercase()).collect();
    let holds = |part: &str| {
        names.iter().any(|name| if part.ends_with('/') { name.contains(part) } else { name.ends_with(part) })
    };
    ALL.iter().find(|foreign| matches!(foreign.told, Told::Inside(parts) if parts.iter().any(|part| holds(part))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_told_by_its_beginning() {
        let cases: [(&[u8], &str); 16] = [
            (b"Rar!\x1A\x07\x01\x00", "RAR"),
            (b"7z\xBC\xAF\x27\x1C\x00\x04", "7z"),
            (b"\x1F\x8B\x08\x00", "gzip"),
            (b"AC1032\x00\x00", "DWG"),
            (b"  0\nSECTION\n  2\nHEADER\n  9\n$ACADVER\n", "DXF"),
            (b"<?xml version=\"1.0\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\">", "KML"),
            (b"<?xml version=\"1.0\"?><a xmlns:gml=\"http://www.opengis.net/gml\"/>", "GML"),
            (b"<html><table>", "HTML"),
            (b"HeadBegin\nDatamark: LANDUSE-VCT\n", "VCT"),
            (b"Version 300\nCharset \"WindowsSimpChinese\"\nColumns 2\n", "MIF"),
            (b"{\"geometryType\": \"esriGeometryPolygon\", \"features\": []}", "Esri JSON"),
            (b"\x00\x01\x00\x00Standard Jet DB\x00", "Access"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\x00", "Office"),
            (b"%PDF-1.7", "PDF"),
            (b"\x89PNG\r\n\x1A\n", "图片"),
            (b"PAR1\x15\x04", "GeoParquet"),
        ];
        for (head, name) in cases {
            let found = of_bytes(head).or_else(|| of_text(head)).unwrap_or_else(|| panic!("{name}"));
            assert!(found.name.contains(name), "{} for {name}", found.name);
        }
        assert!(of_text(b"{\"type\":\"FeatureCollection\",\"features\":[{\"note\":\"<html>\"}]}").is_none());
        let utf16: Vec<u8> =
            [0xFFu8, 0xFE].into_iter().chain("<kml>".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(of_text(&utf16).unwrap().name, "KML");
    }

    #[test]
    fn archives_are_told_by_what_they_hold() {
        let told = |names: &[&str]| of_names(names.iter().map(|name| name.as_bytes())).map(|foreign| foreign.name);
        assert!(told(&["宗地.gdb/a00000001.gdbtable"]).unwrap().contains("Geodatabase"));
        assert!(told(&["data\\x.gdb\\timestamps"]).unwrap().contains("Geodatabase"));
        assert!(told(&["doc.kml", "images/a.png"]).unwrap().contains("KMZ"));
        assert!(told(&["[Content_Types].xml", "word/document.xml"]).unwrap().contains("Word"));
        assert!(told(&["交付/宗地.ZIP"]).unwrap().contains("压缩包里的压缩包"));
        assert!(told(&["mimetype", "content.xml"]).unwrap().contains("OpenDocument"));
        assert_eq!(told(&["a.shp", "a.dbf"]), None);
    }
}
