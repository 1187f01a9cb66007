//! The table of a check, for every page that shows one: the form, the case, the printed opinion, the completion review.

use askama::Template;

use super::{AppliedSet, Outcome, Warning};
use crate::base::unit::rounded;
use crate::planning::{Answer, LayerResult};
use crate::policy::verdict::{Aspect, Finding, Overall, Verdict};

/// Renders by itself: a page holds one and writes `{{ table|safe }}`.
#[derive(Clone, Debug, Template)]
#[template(path = "admission/check_table.html")]
pub struct CheckTable {
    pub verdict: Overall,
    pub set: Option<AppliedSet>,
    pub spatial: Vec<SpatialLine>,
    pub industry: Vec<Finding>,
    /// Kinds without a line are left out.
    pub groups: Vec<Group>,
    /// Everything that has to be known before it can be decided, each once.
    pub missing: Vec<String>,
    pub warnings: Vec<Warning>,
}

/// The lines of one kind of standard.
#[derive(Clone, Debug)]
pub struct Group {
    pub kind: Aspect,
    pub lines: Vec<Finding>,
}

#[derive(Clone, Debug)]
pub struct SpatialLine {
    pub finding: Finding,
    /// What the layer said; missing when it said nothing.
    pub result: Option<LayerResult>,
}

impl CheckTable {
    /// `spatial` is what the facts of the check held.
    pub fn new(outcome: &Outcome, spatial: &[LayerResult]) -> Self {
        let of = |kind: Aspect| outcome.results.iter().filter(move |finding| finding.kind == kind).cloned();
        let kinds = Aspect::ALL.iter().copied().filter(|kind| !matches!(kind, Aspect::Spatial | Aspect::Industry));
        let groups = kinds.map(|kind| Group { kind, lines: of(kind).collect() });
        let mut missing: Vec<String> = Vec::new();
        for name in outcome.results.iter().flat_map(|finding| &finding.missing) {
            if !missing.contains(name) {
                missing.push(name.clone());
            }
        }
        CheckTable {
            verdict: outcome.verdict,
            set: outcome.set.clone(),
            spatial: of(Aspect::Spatial).map(|finding| SpatialLine::new(finding, spatial)).collect(),
            industry: of(Aspect::Industry).collect(),
            groups: groups.filter(|group| !group.lines.is_empty()).collect(),
            missing,
            warnings: outcome.warnings.clone(),
        }
    }

    fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    fn verdict_class(&self) -> &'static str {
        match self.verdict {
            Overall::Conforms => "alert-success",
            Overall::DoesNotConform => "alert-danger",
            Overall::NotDeterminable => "alert-warning",
        }
    }
}

impl SpatialLine {
    fn new(finding: Finding, spatial: &[LayerResult]) -> Self {
        let result = spatial.iter().find(|result| finding.rule.ends_with(&format!("/{}", result.layer.code())));
        SpatialLine { result: result.cloned(), finding }
    }

    fn edition(&self) -> &str {
        self.result.as_ref().and_then(|result| result.edition.as_deref()).unwrap_or("—")
    }

    /// A hit that two people agreed is none: it is told though it passes.
    fn is_set_aside(&self) -> bool {
        self.finding.verdict == Verdict::Pass && self.result.as_ref().is_some_and(|it| it.answer == Answer::Hit)
    }

    /// Areas are only shown where the layer could be held against the site.
    fn overlap(&self) -> Option<(String, String)> {
        let result = self.result.as_ref().filter(|it| matches!(it.answer, Answer::Hit | Answer::Clear))?;
        Some((rounded(result.overlap_m2, 2), rounded(result.share_percent, 2)))
    }

    fn slivers(&self) -> Option<String> {
        let slivers = self.result.as_ref().map(|result| result.sliver_m2).filter(|area| !area.is_zero())?;
        Some(rounded(slivers, 2))
    }
}

fn badge(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "bg-green-lt",
        Verdict::Fail => "bg-red-lt",
        Verdict::NotApplicable => "bg-secondary-lt",
        Verdict::NotDeterminable => "bg-yellow-lt",
        Verdict::NeedsJudgement => "bg-purple-lt",
    }
}

/// The unit as a table shows it after a figure; a plain ratio has none.
fn unit(finding: &Finding) -> &str {
    if finding.unit == "1" { "" } else { &finding.unit }
}

fn or_dash(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or("—")
}
