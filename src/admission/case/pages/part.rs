//! The check as a part of pages: in the form while somebody types, on the case, on the opinion.

use askama::Template;

use crate::admission::case::check::Examined;
use crate::admission::case::reading::Gap;
use crate::admission::{AppliedSet, Outcome};
use crate::policy::catalogue::Catalogue;
use crate::policy::standard::Adoption;
use crate::policy::verdict::{Aspect, Finding, Overall, Verdict};

#[derive(Template)]
#[template(path = "admission/case/check.html")]
struct CheckPart<'a> {
    verdict: Overall,
    set: Option<&'a AppliedSet>,
    groups: Vec<(Aspect, Vec<&'a Finding>)>,
}

#[derive(Template)]
#[template(path = "admission/case/live.html")]
struct LivePart<'a> {
    table: String,
    area: Option<String>,
    gaps: Vec<Gap>,
    notes: Vec<String>,
    overlaps: &'a [crate::admission::case::site::Overlap],
    verdict: Overall,
}

/// The table, grouped by kind.
pub fn table(outcome: &Outcome) -> askama::Result<String> {
    of(outcome.verdict, outcome.set.as_ref(), &outcome.results)
}

fn of(verdict: Overall, set: Option<&AppliedSet>, results: &[Finding]) -> askama::Result<String> {
    let group = |kind: Aspect| (kind, results.iter().filter(|finding| finding.kind == kind).collect::<Vec<_>>());
    let groups = Aspect::ALL.iter().map(|kind| group(*kind)).filter(|(_, lines)| !lines.is_empty()).collect();
    CheckPart { verdict, set, groups }.render()
}

pub fn live(examined: &Examined) -> askama::Result<String> {
    let checked = &examined.checked;
    LivePart {
        table: of(checked.verdict, checked.set.as_ref(), &checked.results)?,
        area: examined.site.area_m2.map(crate::admission::case::document::area_text),
        gaps: examined.gaps().collect(),
        notes: examined.notes(),
        overlaps: &examined.site.overlaps,
        verdict: checked.verdict,
    }
    .render()
}

/// Id and title of sets, for a choice; an example says that it is one.
pub fn titles(catalogue: &Catalogue, ids: &[String]) -> Vec<(String, String)> {
    let title = |id: &String| {
        let set = catalogue.standards.iter().find(|set| set.id == *id);
        set.map_or(id.clone(), |set| match set.adoption {
            Adoption::Example => format!("{}（{}）", set.title, set.adoption),
            Adoption::Adopted => set.title.clone(),
        })
    };
    ids.iter().map(|id| (id.clone(), title(id))).collect()
}

pub fn verdict_badge(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "bg-green-lt",
        Verdict::Fail => "bg-red-lt",
        Verdict::NotDeterminable | Verdict::NeedsJudgement => "bg-yellow-lt",
        Verdict::NotApplicable => "bg-secondary-lt",
    }
}

pub fn overall_badge(verdict: &Overall) -> &'static str {
    match verdict {
        Overall::Conforms => "bg-green-lt",
        Overall::DoesNotConform => "bg-red-lt",
        Overall::NotDeterminable => "bg-yellow-lt",
    }
}
