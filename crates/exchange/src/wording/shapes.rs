//! Sentences about shapes: where they are not sound, and what to do in the programs they are drawn with.

use std::fmt::Display;

use super::{Code, Fault};

pub fn too_much_work(most: usize) -> Fault {
    Fault::error(
        Code::GeometryTooLarge,
        format!(
            "图形过于密集：查完各边是否相交须比较 {most} 次以上，超出限度。请拆分或简化该记录（QGIS“简化”，ArcGIS“简化面”）。"
        ),
    )
}

pub fn self_touch(ring: impl Display, place: impl Display) -> Fault {
    Fault::error(
        Code::GeometrySelfIntersection,
        format!(
            "{ring}在{place}处自相接触（同一点经过两次）。里面的圈请画成内环（孔），相连的两块请画成两个部分；可用 QGIS“修正几何图形”或 ArcGIS“修复几何”（OGC 方式）后重新导出。"
        ),
    )
}

pub fn spike(ring: impl Display, place: impl Display) -> Fault {
    Fault::error(
        Code::GeometrySelfIntersection,
        format!(
            "{ring}在{place}处自相交：边线在此折返，成为没有面积的尖刺。请删去尖刺的顶点，或用 QGIS“修正几何图形”、ArcGIS“修复几何”后重新导出。"
        ),
    )
}

pub fn hole_in_hole(place: impl Display) -> Fault {
    Fault::error(Code::GeometryInvalid, format!("内环（起于{place}）落在另一个内环之内。孔里的地块请画成另一个部分。"))
}

pub fn inside_cut(place: impl Display) -> Fault {
    Fault::error(
        Code::GeometryInvalid,
        format!(
            "内环与外环（或内环之间）在{place}等处相接，把地块切成了几块。请把各块分别画成部分（多部件），可用 QGIS“修正几何图形”或 ArcGIS“修复几何”（OGC 方式）。"
        ),
    )
}

/// `place` is in the file's own frame.
pub fn bent(place: impl Display) -> Fault {
    Fault::error(
        Code::GeometryInvalid,
        format!(
            "图形转到登记所用的坐标系（CGCS2000 经纬度）后，在{place}处相交：此处边线几乎相贴。请把贴近的界址点捕捉到一起，或拉开后重新导出。"
        ),
    )
}

/// Another shape on the same ground, and what they share cannot be worked out.
pub fn overlap_not_computed(other: impl Display) -> Fault {
    Fault::error(
        Code::GeometryInvalid,
        format!("与{other}的重叠无法计算，图形可能几乎退化。请核对两者的界址点后重新导入。"),
    )
}

pub fn holes_by_place(count: usize) -> Fault {
    Fault::warning(
        Code::RingDirection,
        format!(
            "各环方向相同，按位置把套在里面的 {count} 个环读作孔，其面积未计入。请核对；ArcGIS“修复几何”可改正环的方向。"
        ),
    )
}

pub fn part_starts(place: usize) -> Fault {
    super::geometry_damaged(format!("第 {place} 个环的起点不对"))
}

pub fn arcs() -> Fault {
    Fault::error(
        Code::GeometryWrongType,
        "图形含有圆弧，不能按折线读取。请先转成折线再导出：QGIS“分段化（segmentize）”，ArcGIS“增密（Densify）”。",
    )
}

pub fn surfaces(kind: impl Display) -> Fault {
    Fault::error(
        Code::GeometryWrongType,
        format!("图形是{kind}，不是平面的面。请导出为面：QGIS“提升为多部件/降为二维”，ArcGIS“多面体要素投影范围”。"),
    )
}

/// A line whose ends meet is most likely an area drawn with the wrong tool.
pub fn closed_line(kind: impl Display) -> Fault {
    Fault::error(
        Code::GeometryWrongType,
        format!("图形是{kind}，不是面；线首尾相接，可先转成面再导出：QGIS“线转面”，ArcGIS“要素转面”。"),
    )
}
