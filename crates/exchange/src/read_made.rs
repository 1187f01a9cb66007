//! Files made for tests: shapefiles, packages and archives, by their bytes.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::{FeatureFile, FeatureRecord, ReadOptions, ReadSummary, Unreadable};

pub type Read = Result<(Vec<FeatureRecord>, ReadSummary), Unreadable>;
type Ring = Vec<[f64; 2]>;

/// A plane frame without a zone number before its eastings: EPSG 4549.
pub const PRJ: &str = r#"PROJCS["CGCS2000_3_Degree_GK_CM_120E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#;

pub fn read_path(path: &Path, options: &ReadOptions) -> Read {
    let mut records = Vec::new();
    let mut file = FeatureFile::open(path, options)?;
    let summary = file.read(&mut |record| {
        records.push(record);
        ControlFlow::Continue(())
    })?;
    assert_eq!(summary.read, records.len() as u64);
    Ok((records, summary))
}

/// Clockwise, as an outline of a shapefile runs.
pub fn square(x: f64, y: f64, side: f64) -> Ring {
    vec![[x, y], [x, y + side], [x + side, y + side], [x + side, y], [x, y]]
}

/// The content of one shape of a .shp.
pub fn polygon(rings: &[Ring]) -> Vec<u8> {
    let mut bytes = 5u32.to_le_bytes().to_vec();
    bytes.extend([0; 32]);
    bytes.extend((rings.len() as u32).to_le_bytes());
    bytes.extend((rings.iter().map(Vec::len).sum::<usize>() as u32).to_le_bytes());
    let mut start = 0u32;
    for ring in rings {
        bytes.extend(start.to_le_bytes());
        start += ring.len() as u32;
    }
    bytes.extend(rings.iter().flatten().flatten().flat_map(|figure| figure.to_le_bytes()));
    bytes
}

/// A column of a .dbf: name, type, width.
pub type Column<'b> = (&'b [u8], u8, usize);

pub fn dbf(version: u8, driver: u8, columns: &[Column<'_>], rows: &[Vec<Vec<u8>>]) -> Vec<u8> {
    let width = 1 + columns.iter().map(|column| column.2).sum::<usize>();
    let mut bytes = vec![version, 124, 1, 1];
    bytes.extend((rows.len() as u32).to_le_bytes());
    bytes.extend((33 + 32 * columns.len() as u16).to_le_bytes());
    bytes.extend((width as u16).to_le_bytes());
    bytes.extend([0; 17]);
    bytes.push(driver);
    bytes.extend([0; 2]);
    for (name, kind, width) in columns {
        let mut field = [0; 32];
        let length = name.len().min(11);
        field[..length].copy_from_slice(&name[..length]);
        (field[11], field[16]) = (*kind, *width as u8);
        bytes.extend(field);
    }
    bytes.push(0x0D);
    for row in rows {
        bytes.push(b' ');
        for (cell, (_, kind, width)) in row.iter().zip(columns) {
            let padding = vec![b' '; width.saturating_sub(cell.len())];
            if *kind == b'N' {
                bytes.extend(padding.iter().chain(cell))
            } else {
                bytes.extend(cell.iter().chain(&padding))
            }
        }
    }
    bytes.push(0x1A);
    bytes
}

/// A folder with the parts of one shapefile.
pub struct Shapefile {
    folder: tempfile::TempDir,
}

impl Shapefile {
    /// Shapes one after the other, numbered from 1, with an index.
    pub fn of(shapes: &[Vec<u8>], dbf: &[u8]) -> Self {
        let records: Vec<_> =
            shapes.iter().enumerate().map(|(place, shape)| (place as u32 + 1, shape.clone())).collect();
        let order: Vec<usize> = (0..shapes.len()).collect();
        Shapefile::ordered(&records, &order, dbf)
    }

    /// Shapes with their numbers as they lie in the .shp, and which of them the index names first, second …
    pub fn ordered(records: &[(u32, Vec<u8>)], index: &[usize], dbf: &[u8]) -> Self {
        let mut shp = vec![0, 0, 0x27, 0x0A];
        shp.resize(100, 0);
        (shp[28], shp[32]) = (0xE8, 5);
        let mut entries = Vec::new();
        for (number, shape) in records {
            entries.push([(shp.len() as u32 / 2).to_be_bytes(), (shape.len() as u32 / 2).to_be_bytes()].concat());
            shp.extend(number.to_be_bytes());
            shp.extend((shape.len() as u32 / 2).to_be_bytes());
            shp.extend(shape);
        }
        let length = (shp.len() as u32 / 2).to_be_bytes();
        shp[24..28].copy_from_slice(&length);
        let mut shx = shp[..100].to_vec();
        index.iter().for_each(|place| shx.extend(&entries[*place]));
        let file = Shapefile { folder: tempfile::tempdir().unwrap() };
        file.put("shp", &shp);
        file.put("shx", &shx);
        file.put("dbf", dbf);
        file.put("prj", PRJ.as_bytes());
        file
    }

    pub fn put(&self, ending: &str, bytes: &[u8]) {
        std::fs::write(self.part(ending), bytes).unwrap();
    }

    pub fn take_away(&self, ending: &str) {
        std::fs::remove_file(self.part(ending)).unwrap();
    }

    pub fn part(&self, ending: &str) -> PathBuf {
        self.folder.path().join(format!("宗地.{ending}"))
    }

    pub fn read(&self, options: &ReadOptions) -> Read {
        read_path(&self.part("shp"), options)
    }
}

/// Entries of an archive: name and bytes.
pub fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub fn read_bytes(name: &str, bytes: &[u8], options: &ReadOptions) -> Read {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    read_path(&path, options)
}

pub fn refused(read: Read) -> super::Fault {
    match read {
        Err(Unreadable::Refused(fault)) => *fault,
        Err(Unreadable::Question(question)) => panic!("a question: {question:?}"),
        Ok((records, _)) => panic!("{} records were read", records.len()),
    }
}

pub fn asked(read: Read) -> super::Question {
    match read {
        Err(Unreadable::Question(question)) => *question,
        Err(Unreadable::Refused(fault)) => panic!("refused: {fault:?}"),
        Ok((records, _)) => panic!("{} records were read", records.len()),
    }
}
