//! How much a file may make us hold or do. A file beyond a bound is refused, never half read.

/// The bounds of one reading. Sizes are in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// One feature as text (GeoJSON) or as bytes (Shapefile, GeoPackage, one plot of boundary text).
    pub feature_bytes: usize,
    /// One line of a text file.
    pub line_bytes: usize,
    pub rings_per_feature: usize,
    pub points_per_feature: usize,
    pub attributes: usize,
    pub zip_entries: usize,
    /// All entries of a zip together, inflated.
    pub zip_inflated: u64,
    /// Inflated to deflated, looked at once more than [`Limits::zip_ratio_from`] bytes came out.
    pub zip_ratio: u64,
    pub zip_ratio_from: u64,
    /// What a workbook holds beside its sheets, inflated: its shared texts are kept in memory.
    pub workbook_shared: u64,
    pub table_columns: usize,
    pub table_rows: u64,
    pub cell_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: usize = 1 << 20;
        Limits {
            feature_bytes: 64 * MIB,
            line_bytes: MIB,
            rings_per_feature: 10_000,
            points_per_feature: 2_000_000,
            attributes: 1_000,
            zip_entries: 1_000,
            zip_inflated: 2 << 30,
            zip_ratio: 300,
            zip_ratio_from: 16 << 20,
            workbook_shared: 256 << 20,
            table_columns: 512,
            table_rows: 2_000_000,
            cell_bytes: 32 * 1024,
        }
    }
}
