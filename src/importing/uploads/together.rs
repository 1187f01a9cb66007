//! Files that are sent together: one of them is meant, the others belong to it.

/// Endings of what only belongs to a file of the same name.
const BESIDE: [&str; 15] = [
    ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qpj", ".qmd", ".qml", ".xml", ".lyr", "-wal", "-shm",
    "-journal",
];

/// The file that is to be opened.
///
/// # Errors
/// None was sent, or several that each stand for themselves, so that all but one would be passed over.
pub fn main_of(files: &[String]) -> Result<&str, String> {
    let stands_alone = |file: &&String| !BESIDE.iter().any(|ending| file.to_lowercase().ends_with(ending));
    let mut alone: Vec<&String> = files.iter().filter(stands_alone).collect();
    alone.sort();
    alone.dedup();
    match (alone.as_slice(), files) {
        ([main], _) => Ok(main),
        ([], [first, ..]) => Ok(first),
        ([], []) => Err("请选择要导入的文件".to_owned()),
        ([first, second, ..], _) => Err(format!(
            "一次只导入一个文件（Shapefile 连同它的 .dbf、.shx、.prj、.cpg），所选的却有“{first}”和“{second}”{}。请分次导入。",
            if alone.len() > 2 { "等" } else { "" }
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn main(files: &[&str]) -> Result<String, String> {
        let files: Vec<String> = files.iter().map(|file| (*file).to_owned()).collect();
        main_of(&files).map(str::to_owned)
    }

    #[test]
    fn what_stands_alone_is_opened_whatever_came_first() {
        assert_eq!(main(&["宗地.dbf", "宗地.SHX", "宗地.SHP", "宗地.shp.xml"]).unwrap(), "宗地.SHP");
        assert_eq!(main(&["a.gpkg-shm", "a.gpkg-wal", "a.gpkg"]).unwrap(), "a.gpkg");
        assert_eq!(main(&["税收.csv"]).unwrap(), "税收.csv");
        assert_eq!(main(&["宗地.dbf"]).unwrap(), "宗地.dbf", "the reader says what is missing");
        assert_eq!(main(&["a.geojson", "a.geojson"]).unwrap(), "a.geojson");
    }

    #[test]
    fn two_files_at_once_are_never_one() {
        for files in [["甲.shp", "乙.shp"], ["a.geojson", "b.geojson"], ["a.zip", "a.shp"]] {
            let said = main(&files).unwrap_err();
            assert!(files.iter().all(|file| said.contains(file)), "{said}");
        }
        assert!(main(&[]).is_err());
    }
}
