//! Shapes of new parcels out of what was uploaded or pasted: any file of shapes that imports read.

use std::io::Write;
use std::ops::ControlFlow;

use rust_decimal::Decimal;

use crate::db::geom::Geom;
use crate::exchange::frame::{self, GCJ02, WEB_MERCATOR};
use crate::exchange::table::figure::without_noise;
use crate::exchange::{Fault, FaultCode};
use crate::exchange::{
    FeatureFile, FeatureRecord, FileOption, FrameDecision, FrameEvidence, Purpose, Question, ReadOptions, Unreadable,
    validity,
};
use crate::permits::{self, Refused, Step};

/// More pieces than anybody makes of a parcel in one go.
const MOST: usize = 200;

const CODE_KEYS: [&str; 6] = ["宗地代码", "code", "parcel_code", "ZDDM", "zddm", "地块编号"];
const AREA_KEYS: [&str; 5] = ["official_area_m2", "登记面积", "宗地面积", "ZDMJ", "zdmj"];

/// One shape as it was read.
#[derive(Clone, Debug)]
pub struct ReadShape {
    pub code: Option<String>,
    /// m².
    pub official: Option<Decimal>,
    pub shape: Geom,
}

/// Why there are no shapes: what is wrong with them, or what only a person can say.
#[derive(Clone, Debug)]
pub enum Unread {
    Faults(Vec<Fault>),
    Question(Question),
}

impl Unread {
    /// The question as a fault, for forms that ask by a field of their own.
    pub fn into_faults(self) -> Vec<Fault> {
        match self {
            Unread::Faults(faults) => faults,
            Unread::Question(question) => {
                vec![fault(format!("{}请在“坐标系”中选定后重新提交", question.message))]
            }
        }
    }
}

impl From<Unreadable> for Unread {
    fn from(why: Unreadable) -> Self {
        match why {
            Unreadable::Question(question) if question.option == FileOption::Srid => Unread::Question(*question),
            other => Unread::Faults(vec![fault(other.to_string())]),
        }
    }
}

/// Reads every shape, or says everything that is wrong with them, or asks. `name` only helps to recognise the format. It takes a turn: a
/// file is written and read, and one crowded polygon keeps a processor for long.
///
/// # Errors
/// The outer one when there is no turn.
pub async fn read_or_ask(
    bytes: Vec<u8>,
    name: String,
    srid: Option<i32>,
) -> Result<Result<Vec<ReadShape>, Unread>, Refused> {
    permits::blocking(Step::Shape, move || read(&bytes, &name, srid)).await
}

fn read(bytes: &[u8], name: &str, srid: Option<i32>) -> Result<Vec<ReadShape>, Unread> {
    let aside = |error| Unread::Faults(vec![fault(format!("文件无法暂存：{error}"))]);
    let (directory, path) = put_aside(bytes, name).map_err(aside)?;
    let mut file = FeatureFile::open(&path, &ReadOptions::default())?;
    let mut records: Vec<FeatureRecord> = Vec::new();
    let summary = file.read(&mut |record| {
        records.push(record);
        if records.len() > MOST { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    drop(directory);
    if records.len() > MOST {
        return Err(Unread::Faults(vec![fault(format!("一次变更最多 {MOST} 宗，请核对文件"))]));
    }
    let mut faults: Vec<Fault> =
        summary.faults.iter().filter(|fault| fault.is_error()).map(|wrong| fault(&wrong.message)).collect();
    let srid = match frame_of(&summary, srid) {
        Ok(srid) => srid,
        Err(Unread::Faults(wrong)) => return Err(Unread::Faults(faults.into_iter().chain(wrong).collect())),
        Err(question) if faults.is_empty() => return Err(question),
        Err(_) => return Err(Unread::Faults(faults)),
    };
    let mut shapes = Vec::new();
    for record in records {
        match shape_of(&record, srid) {
            Ok(shape) => shapes.push(shape),
            Err(message) => faults.push(fault(format!("第 {} 个图形：{message}", record.record))),
        }
    }
    if shapes.is_empty() && faults.is_empty() {
        faults.push(fault("文件中没有图形"));
    }
    if faults.is_empty() { Ok(shapes) } else { Err(Unread::Faults(faults)) }
}

fn fault(message: impl Into<String>) -> Fault {
    Fault::error(FaultCode::Shape, message)
}

/// The file reader wants a path; the ending of the name is kept because a zip of shapefiles is told by it.
fn put_aside(bytes: &[u8], name: &str) -> std::io::Result<(tempfile::TempDir, std::path::PathBuf)> {
    let directory = tempfile::tempdir()?;
    let ending: String = name
        .rsplit_once('.')
        .map_or(String::new(), |(_, ending)| ending.chars().filter(char::is_ascii_alphanumeric).take(8).collect());
    let path = directory.path().join(format!("shapes.{}", if ending.is_empty() { "txt" } else { &ending }));
    std::fs::File::create(&path)?.write_all(bytes)?;
    Ok((directory, path))
}

fn frame_of(summary: &crate::exchange::ReadSummary, named: Option<i32>) -> Result<i32, Unread> {
    let evidence =
        FrameEvidence { declared: summary.declared.clone(), extent: summary.extent, named, purpose: Purpose::Parcels };
    let refused = |message: String| Err(Unread::Faults(vec![fault(message)]));
    match frame::decide(&evidence) {
        FrameDecision::Decided { srid: GCJ02 | WEB_MERCATOR, .. } => {
            refused("这里只接受测绘坐标（CGCS2000），不接受网络地图坐标".into())
        }
        FrameDecision::Decided { srid, .. } => Ok(srid),
        FrameDecision::Question(question) => Err(Unread::Question(question)),
        FrameDecision::Refused { message, .. } => refused(message),
    }
}

fn shape_of(record: &FeatureRecord, srid: i32) -> Result<ReadShape, String> {
    let shape = match &record.geometry {
        Ok(Some(shape)) => shape.clone(),
        Ok(None) => return Err("没有图形".into()),
        Err(wrong) => return Err(wrong.message.clone()),
    };
    let shape = validity::examine(shape).map_err(|wrong| wrong.message)?.shape;
    let official = AREA_KEYS.iter().find_map(|key| record.text(key));
    let figure = |text: String| text.parse().map(without_noise).map_err(|_| format!("登记面积“{text}”不是数字"));
    let official = official.map(figure).transpose()?;
    Ok(ReadShape { code: CODE_KEYS.iter().find_map(|key| record.text(key)), official, shape: Geom::new(shape, srid) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"330105001001GB00001",
        "official_area_m2":"100.5"},"geometry":{"type":"Polygon","coordinates":[[[120.1,30.3],[120.2,30.3],[120.2,30.4],[120.1,30.3]]]}}]}"#;

    #[test]
    fn code_area_and_shape_are_read() {
        let shapes = read(SQUARE.as_bytes(), "", None).unwrap();
        assert_eq!(shapes[0].code.as_deref(), Some("330105001001GB00001"));
        assert_eq!(shapes[0].official, Some(rust_decimal_macros::dec!(100.5)));
        assert_eq!(shapes[0].shape.srid, frame::WGS84);
    }

    #[test]
    fn what_cannot_be_used_is_said_in_chinese() {
        let flat = SQUARE.replace("[120.2,30.4]", "[120.15,30.3]");
        for (text, word) in [("", "没有内容"), ("hello", "格式"), (&flat, "第 1 个图形")] {
            let faults = read(text.as_bytes(), "a.txt", None).unwrap_err().into_faults();
            assert!(faults[0].message.contains(word), "{faults:?}");
        }
    }
}
