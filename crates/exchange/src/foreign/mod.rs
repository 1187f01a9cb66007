//! Files that people send and that are not read here, or not as what was asked for: told by their content, named as what they
//! are, with what to do.

mod list;

use super::encoding;

pub use list::{ALL, TABLES};

/// What the file was sent as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Shapes,
    Table,
}

/// A kind of file that is told.
#[derive(Debug)]
pub struct Foreign {
    /// Chinese, as a message names it.
    pub name: &'static str,
    /// Endings, for the list in the guide.
    pub endings: &'static str,
    told: Told,
    /// What to do when shapes were wanted, a whole sentence; nothing where files of the kind are read for shapes.
    shapes: Option<&'static str>,
    /// The same when a table was wanted.
    tables: Option<&'static str>,
}

impl Foreign {
    /// What to do instead, a whole sentence; nothing where files of the kind may be what was wanted.
    pub fn instead(&self, wanted: Wanted) -> Option<&'static str> {
        match wanted {
            Wanted::Shapes => self.shapes,
            Wanted::Table => self.tables,
        }
    }
}

/// By what it is told.
#[derive(Debug)]
enum Told {
    /// How the file begins.
    Bytes(&'static [&'static [u8]]),
    /// The old container of Office, whose directory names one of these; any, where none is asked for.
    Compound(&'static [&'static str]),
    /// How the text begins, in small letters.
    Begins(&'static str),
    /// A text in angle brackets that has one of these, in small letters.
    Tags(&'static [&'static str]),
    /// Words of a text, all of them, in small letters.
    Words(&'static [&'static str]),
    /// JSON with all of these words, in small letters.
    Json(&'static [&'static str]),
    /// The part, or the folder of parts, that a document made of several is told by.
    Part(&'static str),
    /// How names in an archive end, or a folder that stands in them: `.gdb/`, `.kml`.
    Inside(&'static [&'static str]),
}

const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0";

/// What a file that is no archive says by its beginning it is, if it is one of these.
pub fn of_head(head: &[u8], wanted: Wanted) -> Option<&'static Foreign> {
    of_bytes(head, wanted).or_else(|| of_text(head, wanted))
}

fn first(wanted: Wanted, told: impl Fn(&Told) -> bool) -> Option<&'static Foreign> {
    ALL.iter().find(|foreign| foreign.instead(wanted).is_some() && told(&foreign.told))
}

/// What the first bytes of a file say it is, if it is one of these.
pub fn of_bytes(head: &[u8], wanted: Wanted) -> Option<&'static Foreign> {
    let holds = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        head.windows(wide.len()).any(|window| window == wide)
    };
    first(wanted, |told| match told {
        Told::Bytes(all) => all.iter().any(|bytes| head.starts_with(bytes)),
        Told::Compound(names) => {
            head.starts_with(COMPOUND) && (names.is_empty() || names.iter().any(|name| holds(name)))
        }
        _ => false,
    })
}

/// What the beginning of a text says it is, if it is one of these. JSON is never taken for anything else for a word in it.
pub fn of_text(head: &[u8], wanted: Wanted) -> Option<&'static Foreign> {
    let encoding = encoding_rs::Encoding::for_bom(head).map(|(encoding, _)| encoding);
    if head.contains(&0) && !encoding.is_some_and(encoding::is_utf16) {
        return None;
    }
    let text = encoding.unwrap_or(encoding_rs::UTF_8).decode(head).0.to_lowercase();
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let json = text.starts_with(['{', '[']);
    first(wanted, |told| match told {
        Told::Begins(beginning) => text.starts_with(beginning),
        Told::Tags(tags) => text.starts_with('<') && tags.iter().any(|tag| text.contains(tag)),
        Told::Words(words) => !json && words.iter().all(|word| text.contains(word)),
        Told::Json(words) => begins_json(text) && words.iter().all(|word| text.contains(word)),
        _ => false,
    })
}

/// An object or a list; a table may begin with a bracket as well.
fn begins_json(text: &str) -> bool {
    let mut packed = text.chars().filter(|c| !c.is_whitespace());
    matches!((packed.next(), packed.next()), (Some('{'), Some('"' | '}')) | (Some('['), Some('{' | '[' | ']' | '"')))
}

/// What the names in an archive say it is or holds, if it is one of these. What lies within a document says nothing of it.
pub fn of_names<'n>(names: impl Iterator<Item = &'n [u8]>, wanted: Wanted) -> Option<&'static Foreign> {
    let names: Vec<String> =
        names.map(|name| String::from_utf8_lossy(name).replace('\\', "/").to_lowercase()).collect();
    let document = is_document(&names);
    let inside = |part: &str| {
        names.iter().any(|name| if part.ends_with('/') { name.contains(part) } else { name.ends_with(part) })
    };
    first(wanted, |told| match told {
        Told::Part(part) if part.ends_with('/') => names.iter().any(|name| name.starts_with(part)),
        Told::Part(part) => names.iter().any(|name| name == part),
        Told::Inside(parts) => !document && parts.iter().any(|part| inside(part)),
        _ => false,
    })
}

/// A document of Office is an archive that lists the kinds of its parts.
pub fn is_document(names: &[String]) -> bool {
    names.iter().any(|name| name == "[content_types].xml")
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
            let found = of_head(head, Wanted::Shapes).unwrap_or_else(|| panic!("{name}"));
            assert!(found.name.contains(name), "{} for {name}", found.name);
        }
        assert!(
            of_text(b"{\"type\":\"FeatureCollection\",\"features\":[{\"note\":\"<html>\"}]}", Wanted::Shapes).is_none()
        );
        for (head, shapes, table) in [
            (&b"SQLite format 3\0"[..], false, true),
            (b"{\"type\":\"FeatureCollection\"}", false, true),
            (b"[ {\"uscc\":1} ]", false, true),
            ("[编号],名称\n1,甲\n".as_bytes(), false, false),
            (b"<Table ss:x=\"1\">", true, true),
        ] {
            let told = |wanted| of_head(head, wanted).is_some();
            assert_eq!(
                (told(Wanted::Shapes), told(Wanted::Table)),
                (shapes, table),
                "{}",
                String::from_utf8_lossy(head)
            );
        }
        let utf16: Vec<u8> =
            [0xFFu8, 0xFE].into_iter().chain("<kml>".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(of_text(&utf16, Wanted::Shapes).unwrap().name, "KML");
    }

    #[test]
    fn archives_are_told_by_what_they_hold() {
        let of =
            |names: &[&str], wanted| of_names(names.iter().map(|name| name.as_bytes()), wanted).map(|found| found.name);
        let told = |names: &[&str]| of(names, Wanted::Shapes);
        assert!(told(&["宗地.gdb/a00000001.gdbtable"]).unwrap().contains("Geodatabase"));
        assert!(told(&["data\\x.gdb\\timestamps"]).unwrap().contains("Geodatabase"));
        assert!(told(&["doc.kml", "images/a.png"]).unwrap().contains("KMZ"));
        assert!(told(&["[Content_Types].xml", "word/document.xml"]).unwrap().contains("Word"));
        assert!(told(&["交付/宗地.ZIP"]).unwrap().contains("压缩包里的压缩包"));
        assert!(told(&["mimetype", "content.xml"]).unwrap().contains("OpenDocument"));
        assert_eq!(told(&["a.shp", "a.dbf"]), None);
        let workbook = ["[Content_Types].xml", "xl/workbook.xml", "xl/embeddings/旧表.zip"];
        assert!(told(&workbook).unwrap().contains("电子表格"));
        assert_eq!(of(&workbook, Wanted::Table), None, "a workbook is what was asked for, whatever lies within");
        assert!(of(&["[Content_Types].xml", "xl/workbook.bin"], Wanted::Table).unwrap().contains(".xlsb"));
    }
}
