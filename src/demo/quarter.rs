//! The eight sub-districts and two platforms of the invented town.

/// What is invented about a sub-district: its grain, and how much of it is industry.
pub struct Quarter {
    pub name: &'static str,
    pub code: &'static str,
    pub former_code: &'static str,
    pub block_m2: f64,
    pub lot_m2: f64,
    pub industry: f64,
}

const fn quarter(
    name: &'static str,
    (code, former_code): (&'static str, &'static str),
    (block_m2, lot_m2): (f64, f64),
    industry: f64,
) -> Quarter {
    Quarter { name, code, former_code, block_m2, lot_m2, industry }
}

/// The eight sub-districts of the former 下城区, in the order in which the plan is cut.
pub const QUARTERS: [Quarter; 8] = [
    quarter("天水街道", ("330105012", "330103003"), (66_000.0, 22_000.0), 0.06),
    quarter("朝晖街道", ("330105016", "330103006"), (105_000.0, 33_000.0), 0.20),
    quarter("东新街道", ("330105018", "330103008"), (160_000.0, 52_000.0), 0.62),
    quarter("武林街道", ("330105013", "330103002"), (60_000.0, 18_000.0), 0.04),
    quarter("长庆街道", ("330105014", "330103001"), (54_000.0, 15_000.0), 0.05),
    quarter("潮鸣街道", ("330105015", "330103005"), (66_000.0, 21_000.0), 0.10),
    quarter("文晖街道", ("330105017", "330103007"), (98_000.0, 32_000.0), 0.34),
    quarter("石桥街道", ("330105019", "330103009"), (180_000.0, 60_000.0), 0.68),
];

pub const PLATFORMS: [&str; 2] = ["示例产业园A", "示例产业园B"];
