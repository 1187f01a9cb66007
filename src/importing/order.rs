//! What is to be imported, from where, by whom.

use std::path::PathBuf;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::account::{Actor, Department};
use crate::allocation::reports::Reporter;
use crate::db::Scope;
use crate::exchange::table::Figures;
use crate::planning::{Demand, LayerKind};

crate::terms! {
    pub enum ImportKind {
        Parcels = "parcels" => "宗地",
        Outlines = "outlines" => "区划界线",
        Planning = "planning" => "规划图层",
        Enterprises = "enterprises" => "企业",
        Occupancies = "occupancies" => "用地情况",
        Returns = "returns" => "年度数据",
        Contracts = "contracts" => "合同",
        Vetoes = "vetoes" => "一票否决名单",
        Exemptions = "exemptions" => "免评和保护期名单",
        Claims = "claims" => "加减分名单",
        Coefficients = "coefficients" => "修正系数名单",
        Platforms = "platforms" => "产业平台",
        Members = "lists" => "评价名单",
        Accounts = "accounts" => "用能用水户号",
        Reports = "reports" => "措施执行报告",
    }
}

/// What the user said about the file; kept with the run, so that a commit repeats its preview.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportOptions {
    /// An EPSG code, or [`crate::exchange::frame::GCJ02`].
    pub srid: Option<i32>,
    pub encoding: Option<String>,
    pub layer: Option<String>,
    /// From which day what the file says holds; today when not named.
    pub as_of: Option<NaiveDate>,
    /// The year of annual returns, claims or coefficients, for files without a year column.
    pub year: Option<i32>,
    /// Which planning layer the file is an edition of.
    pub planning_layer: Option<LayerKind>,
    /// The edition's name, such as 2023版.
    pub edition: Option<String>,
    /// The last day on which the edition may be relied on without a review.
    pub review_by: Option<NaiveDate>,
    /// What the layer asks of a site, when it is not what it usually asks.
    pub demand: Option<Demand>,
    /// Which figure counts where a cell of a workbook shows one and holds another.
    #[serde(default)]
    pub figures: Option<Figures>,
    /// Takes records that have warnings only a person can wave through, such as a credit code whose check digit fails.
    pub accept_warnings: bool,
    /// The steward's own department, when the file may confirm its figures. The command line may confirm every one's.
    #[serde(default)]
    pub confirm: Option<Department>,
    /// For whom the bringer of reports speaks. The command line speaks for every body.
    #[serde(default)]
    pub reporter: Reporter,
}

#[derive(Clone, Debug)]
pub struct Order {
    pub kind: ImportKind,
    pub path: PathBuf,
    /// As the user knows it; the file at `path` may be called otherwise.
    pub file_name: String,
    pub options: ImportOptions,
    pub scope: Scope,
    pub actor: Actor,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Everything is done and then rolled back.
    Preview,
    Commit,
}

/// Told how far an import has come: a terminal's bar, a job's row.
pub trait Progress: Send + Sync {
    /// `total` is `None` while it is not known. Called often; must return at once.
    fn at(&self, step: &'static str, done: u64, total: Option<u64>);
}

impl Progress for () {
    fn at(&self, _: &'static str, _: u64, _: Option<u64>) {}
}
