//! The decision itself.

use super::declaration::{Reading, read_declaration};
use super::range::{Contradiction, agrees, are_swapped, candidates_for, looks_plane};
use super::*;
use crate::fault::Candidate;
use crate::option::FileOption;

pub fn decide(evidence: &FrameEvidence) -> FrameDecision {
    let Some(extent) = evidence.extent else {
        return refused(FaultCode::GeometryEmpty, "没有读到任何有效坐标，无法判断坐标系。请检查文件。");
    };
    match evidence.named {
        Some(named) => decide_named(named, evidence, &extent),
        None => decide_declared(evidence, &extent),
    }
}

fn decide_named(named: i32, evidence: &FrameEvidence, extent: &Extent) -> FrameDecision {
    if !is_supported(named) {
        return unsupported(&format!("指定的坐标系 EPSG:{named}"));
    }
    if let Err(contradiction) = agrees(named, extent) {
        return contradiction.refuse("指定");
    }
    let mut notes = Vec::new();
    match read_declaration(&evidence.declared, extent) {
        Reading::Frame { srid, .. } if !is_supported(srid) => {
            return contradicts(&format!("文件声明的坐标系 {}", elsewhere::label(srid)), named);
        }
        Reading::Frame { srid, .. } if srid != named => {
            if agrees(srid, extent).is_ok() && !both_geographic(srid, named) {
                return refused(
                    FaultCode::FrameContradicted,
                    format!(
                        "指定的是{}，文件声明的却是{}，且坐标与文件声明相符。请核对：以文件为准的，不要另外指明坐标系；否则请先改正文件。",
                        frame_label(named),
                        frame_label(srid)
                    ),
                );
            }
            notes.push(format!("文件声明{}，已按指定的{}读取。", frame_label(srid), frame_label(named)));
        }
        Reading::Frame { .. } => {}
        Reading::Unsupported(what) => return contradicts(&what, named),
        Reading::Doubtful { .. } => notes.push(format!("坐标系由用户指定：{}。", frame_label(named))),
    }
    decided(named, notes)
}

/// What the file says it is cannot become something else because somebody names another frame over it.
fn contradicts(what: &str, named: i32) -> FrameDecision {
    let label = frame_label(named);
    refused(
        FaultCode::FrameContradicted,
        format!("{what}不受支持，不能改按{label}读取。请先用测绘软件转换到 CGCS2000；如声明有误，请改正文件的声明。"),
    )
}

fn both_geographic(a: i32, b: i32) -> bool {
    let geographic = |srid| matches!(srid, CGCS2000 | WGS84 | GCJ02);
    geographic(a) && geographic(b)
}

fn decide_declared(evidence: &FrameEvidence, extent: &Extent) -> FrameDecision {
    match read_declaration(&evidence.declared, extent) {
        Reading::Unsupported(what) => unsupported(&what),
        Reading::Doubtful { code, reason, candidates } => question(code, &reason, candidates),
        Reading::Frame { srid, .. } if !is_supported(srid) => {
            unsupported(&format!("文件声明的坐标系 {}", elsewhere::label(srid)))
        }
        Reading::Frame { srid: WGS84, .. } if is_plane_by_default(evidence, extent) => question(
            FaultCode::FrameMissing,
            "GeoJSON 没有 crs，按标准应为经纬度，但坐标是以米计的平面坐标",
            candidates_for(extent),
        ),
        Reading::Frame { srid, notes } => match agrees(srid, extent) {
            Err(contradiction) => contradiction.refuse("文件声明"),
            Ok(()) if srid == WEB_MERCATOR && evidence.purpose == Purpose::Parcels => question(
                FaultCode::FrameNotSurvey,
                "文件是 Web 墨卡托投影，面积失真，不是测绘坐标；宗地不能默认接受",
                vec![WEB_MERCATOR],
            ),
            Ok(()) => decided(srid, notes),
        },
    }
}

/// A GeoJSON that says nothing of its frame, with coordinates that are no degrees in either order.
fn is_plane_by_default(evidence: &FrameEvidence, extent: &Extent) -> bool {
    evidence.declared == Declared::GeoJsonDefault && looks_plane(extent) && !are_swapped(WGS84, extent)
}

fn decided(srid: i32, mut notes: Vec<String>) -> FrameDecision {
    let survey_truth = !matches!(srid, WEB_MERCATOR | GCJ02);
    if !survey_truth {
        notes.push(format!("{}不是测绘坐标，图形只供查看，标记为“非测绘成果”。", frame_label(srid)));
    }
    if srid == WGS84 {
        notes.push(
            "按 WGS 84 经纬度读取，视同 CGCS2000（相差不到一米）；若数据来自网络地图，请指明坐标系为 GCJ-02（gcj02）。"
                .into(),
        );
    }
    FrameDecision::Decided { srid, survey_truth, notes }
}

fn refused(code: FaultCode, message: impl Into<String>) -> FrameDecision {
    FrameDecision::Refused { code, message: message.into() }
}

fn unsupported(what: &str) -> FrameDecision {
    refused(
        FaultCode::FrameUnsupported,
        format!(
            "{what}不受支持。只接受 CGCS2000 经纬度（4490）、CGCS2000 3°分带（4513–4554）、WGS 84（4326），以及指名的 Web 墨卡托（3857）与 GCJ-02（gcj02）。请先用测绘软件转换。"
        ),
    )
}

fn question(code: FaultCode, reason: &str, candidates: Vec<i32>) -> FrameDecision {
    let value = |srid: i32| if srid == GCJ02 { "gcj02".to_owned() } else { srid.to_string() };
    FrameDecision::Question(Question {
        code,
        message: format!("{reason}。"),
        option: FileOption::Srid,
        candidates: candidates.into_iter().map(|srid| Candidate::new(value(srid), frame_label(srid))).collect(),
    })
}

impl Contradiction {
    fn refuse(self, who: &str) -> FrameDecision {
        let message =
            format!("{who}的坐标系是{}，但{}。请核对坐标系与坐标后重新导入。", frame_label(self.srid), self.reason);
        refused(self.code, message)
    }
}
