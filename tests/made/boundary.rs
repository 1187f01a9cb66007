//! Boundary-point exchange text (勘测定界): invented plots in zone 38, and one whose second column is a part number.

pub const NAMES: [&str; 2] = ["plot_a.txt", "plot_b.txt"];

/// The hectares that the heads of the two plots declare; the plane areas round to them.
pub const HECTARES: [&str; 2] = ["1.9716", "1.2772"];

/// A plot as an export leaves it: the names of its fields where their values should stand, and no parcel code.
pub fn plot(name: &str) -> String {
    match name {
        "plot_a.txt" => text(38, &[&format!("6,{},FID_0,DKMC,面,TFH,DKYT,DLBM,@", HECTARES[0])], &points(&A)),
        "plot_b.txt" => text(38, &[&format!("9,{},FID_0,DKMC,面,TFH,DKYT,DLBM,@", HECTARES[1])], &points(&B)),
        other => panic!("no plot {other}"),
    }
}

/// The head of such a text, a plot row, and its points.
pub fn text(zone: u32, plot_rows: &[&str], points: &str) -> String {
    let head = format!(
        "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号={zone}\n精度=0.001\n\
         转换参数=,,,,,,\n[地块坐标]\n"
    );
    format!("{head}{}\n{points}", plot_rows.join("\n"))
}

/// Two triangles under one plot row of eight fields: the second column counts parts, the figures are no coordinates of
/// China, and nothing follows the last point.
pub fn parts() -> String {
    let rows = "J1,1,15.000,15.000\nJ2,1,15.000,27.000\nJ3,1,27.000,27.000\nJ1,1,15.000,15.000\n\
                J1,2,45.000,45.000\nJ2,2,45.000,57.000\nJ3,2,57.000,57.000\nJ1,2,45.000,45.000";
    text(38, &["8,1,FID_0,两部分的地块,面,,,@"], rows)
}

/// Northing and easting, as they stand in the file.
type Point = (&'static str, &'static str);

/// 19715.6238495 m².
const A: [Point; 5] = [
    ("2560318.204", "38437521.650"),
    ("2560327.915", "38437588.037"),
    ("2560089.462", "38437622.914"),
    ("2560043.371", "38437640.108"),
    ("2560037.026", "38437560.873"),
];

/// 12772.4737525 m².
const B: [Point; 8] = [
    ("2560602.517", "38438105.332"),
    ("2560588.940", "38438233.716"),
    ("2560541.083", "38438228.655"),
    ("2560534.226", "38438293.508"),
    ("2560478.619", "38438287.627"),
    ("2560491.305", "38438167.681"),
    ("2560549.774", "38438173.865"),
    ("2560557.658", "38438099.348"),
];

/// Numbered from `J1`; the first closes the ring under its own label.
fn points(points: &[Point]) -> String {
    let numbered = points.iter().enumerate().chain([(0, &points[0])]);
    numbered.map(|(place, (north, east))| format!("J{},1,{north},{east}\n", place + 1)).collect()
}
