//! The check: pure, so that the form, the case, the stateless API and a receipt run again all say the same.

use chrono::NaiveDate;

use rust_decimal_macros::dec;

use super::known::{self, Known};
use super::{AppliedSet, Checked, Facts, Outcome, Warning, choice, industry, spatial, standard};
use crate::base::ratio::Ratio;
use crate::policy::catalogue::Catalogue;
use crate::policy::receipt::Receipt;
use crate::policy::standard::{Adoption, IndicatorSet};
use crate::policy::verdict::{Aspect, Finding, Verdict, overall};

/// The name under which a receipt is run again.
pub const CHECK: &str = "admission";

/// The five kinds of 四(一)2.
const KINDS: [Aspect; 5] =
    [Aspect::Investment, Aspect::Output, Aspect::Energy, Aspect::Environment, Aspect::Construction];

/// Holds the facts against plans, industrial policy and standard land as they stood on `as_of`, the day of application.
pub fn check(facts: &Facts, catalogue: &Catalogue, as_of: NaiveDate) -> Checked {
    let facts = in_order(facts);
    let outcome = decide(&facts, catalogue, as_of);
    let receipt = Receipt::new(CHECK, as_of, &catalogue.sha256(), &facts, &outcome);
    let receipt = receipt.expect("facts and findings are plain JSON");
    let Outcome { verdict, set, results, warnings } = outcome;
    Checked { verdict, set, results, warnings, receipt }
}

/// Everything but the receipt: what a sweep over many projects needs.
pub fn decide(facts: &Facts, catalogue: &Catalogue, as_of: NaiveDate) -> Outcome {
    let known = Known::read(facts, catalogue, as_of);
    let choice = choice::choose(facts, catalogue, as_of);
    let mut results = spatial::lines(facts);
    results.extend(industry::lines(facts, catalogue, as_of));
    results.push(choice.finding);
    let asked = choice.set.into_iter().flat_map(|set| standard::lines(set, &known, catalogue));
    results.extend(asked.map(|line| if choice.decides { line } else { tried(line) }));
    results.sort_by_key(|finding| finding.kind);

    let mut warnings = standard::implausible(&known, &catalogue.indicators);
    warnings.extend(site_differs(facts, &known));
    warnings.extend(known::contradictions(facts, &catalogue.indicators, &known));
    warnings.extend(industry::examples(facts, catalogue, as_of));
    warnings.extend(choice.set.into_iter().flat_map(|set| about(set, &results)));
    Outcome {
        verdict: overall(results.iter().map(|finding| &finding.verdict)),
        set: choice.set.map(|set| applied(set, choice.bound)),
        results,
        warnings,
    }
}

/// A line of a row that may not decide: what it comes to is said, and neither kept nor missed.
fn tried(line: Finding) -> Finding {
    let missing =
        if line.missing.is_empty() { vec!["可以作为依据的标准行".to_owned()] } else { line.missing };
    Finding {
        verdict: Verdict::NotDeterminable,
        missing,
        remedies: Vec::new(),
        explanation: format!("仅为试算，不作为判定依据：{}", line.explanation),
        ..line
    }
}

/// The order in which storeys and layers were written down says nothing.
pub(super) fn in_order(facts: &Facts) -> Facts {
    let mut facts = facts.clone();
    facts.floors.sort();
    facts.offered.sort();
    facts.spatial.sort_by_key(|result| (result.layer, result.edition_id));
    facts
}

fn applied(set: &IndicatorSet, bound: bool) -> AppliedSet {
    let (id, title, source) = (set.id.clone(), set.title.clone(), set.source.clone());
    AppliedSet { id, title, adoption: set.adoption, source, bound }
}

/// Declared against measured: beyond 1 m² and one in a thousand somebody should look.
fn site_differs(facts: &Facts, known: &Known<'_>) -> Option<Warning> {
    let measured = known::measured_site(facts)?;
    let declared = known.figure(known::SITE_AREA).ok()?;
    let apart =
        if declared > &measured { declared.clone() - measured.clone() } else { measured.clone() - declared.clone() };
    let beyond = apart > Ratio::from(dec!(1)) && apart > measured.clone() * dec!(0.001);
    let square_metres = |area: &Ratio| area.rounded(2).map(|area| area.to_string()).unwrap_or_default();
    beyond.then(|| Warning {
        code: "site_area_differs".into(),
        place: "/figures/site_area".into(),
        message: format!(
            "填报的用地面积为 {} 平方米，图形面积为 {} 平方米，相差超过 1 平方米和千分之一；核查采用填报面积。",
            square_metres(declared),
            square_metres(&measured)
        ),
    })
}

fn about(set: &IndicatorSet, results: &[Finding]) -> Vec<Warning> {
    let warning = |code: &str, message: String| Warning { code: code.into(), place: "/bound_to".into(), message };
    let example = (set.adoption == Adoption::Example).then(|| {
        warning("example_set", format!("“{}”是示例指标（{}），本区未采用，不作为准入依据。", set.title, set.source))
    });
    let silent: Vec<_> = KINDS.iter().filter(|kind| !results.iter().any(|it| it.kind == **kind)).collect();
    let kinds = silent.iter().map(|kind| kind.label()).collect::<Vec<_>>().join("、");
    let silent = (!silent.is_empty()).then(|| {
        warning("kind_not_asked", format!("“{}”没有规定{kinds}标准，条文要求五类标准均列入出让条件。", set.title))
    });
    example.into_iter().chain(silent).collect()
}
