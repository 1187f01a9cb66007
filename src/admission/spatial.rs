//! Conformity with plans: 四(一). A layer that was not checked is never read as clear.

use super::{Facts, SPATIAL_CONFORMITY};
use crate::base::unit::rounded;
use crate::planning::{Answer, LayerKind, LayerResult};
use crate::policy::verdict::{Aspect, Finding, Verdict};

/// One line for each layer there is, whether it answered or not.
pub fn lines(facts: &Facts) -> Vec<Finding> {
    LayerKind::ALL.iter().flat_map(|layer| lines_of(*layer, facts)).collect()
}

fn lines_of(layer: LayerKind, facts: &Facts) -> Vec<Finding> {
    let answered: Vec<_> =
        facts.spatial.iter().filter(|result| result.layer == layer).map(|result| decide(result, facts)).collect();
    if !answered.is_empty() {
        return answered;
    }
    let explanation = format!("{layer}：没有核查结果，不等于没有冲突。");
    vec![Finding { missing: vec![format!("{layer}核查结果")], explanation, ..line(layer) }]
}

fn decide(result: &LayerResult, facts: &Facts) -> Finding {
    let (layer, demand) = (result.layer, result.demand);
    let edition = result.edition.as_deref().map(|name| format!("（{name}）")).unwrap_or_default();
    let overlap = format!("{} 平方米（占 {}%）", rounded(result.overlap_m2, 2), rounded(result.share_percent, 2));
    let finding = Finding {
        required: Some(demand.label().to_owned()),
        parameter_period: result.edition_valid,
        actual: Some(result.answer.label().to_owned()),
        ..line(layer)
    };
    let set_aside = facts.set_aside.get(&layer).filter(|it| it.edition_id == result.edition_id);
    match result.answer {
        Answer::Hit if set_aside.is_some() => Finding {
            verdict: Verdict::Pass,
            actual: Some(overlap.clone()),
            explanation: set_aside.map_or(String::new(), |it| {
                format!(
                    "{layer}{edition}{demand}，用地有 {overlap} 与之重叠；该命中经{}提出、{}确认予以排除：{}。原命中保留。",
                    it.proposed_by, it.confirmed_by, it.reason
                )
            }),
            ..finding
        },
        Answer::Hit => Finding {
            verdict: Verdict::Fail,
            actual: Some(overlap.clone()),
            explanation: format!("{layer}{edition}：{demand}；用地有 {overlap}与之冲突，不符合规划。"),
            ..finding
        },
        Answer::Clear => Finding {
            verdict: Verdict::Pass,
            explanation: format!("{layer}{edition}：{demand}；已核查，没有冲突。"),
            ..finding
        },
        Answer::NotChecked | Answer::Failed => {
            let reason = result
                .reason
                .as_deref()
                .map(|reason| format!("（{}）", reason.trim_end_matches('。')))
                .unwrap_or_default();
            let explanation = format!("{layer}{edition}：{}{reason}；不等于没有冲突。", result.answer);
            Finding { missing: vec![format!("{layer}核查结果")], explanation, ..finding }
        }
    }
}

fn line(layer: LayerKind) -> Finding {
    Finding {
        rule: format!("{SPATIAL_CONFORMITY}/{}", layer.code()),
        indicator: layer.label().to_owned(),
        kind: Aspect::Spatial,
        verdict: Verdict::NotDeterminable,
        required: Some(layer.usual_demand().label().to_owned()),
        actual: None,
        unit: String::new(),
        margin: None,
        document: super::DOCUMENT.to_owned(),
        article: super::ARTICLE_CONFORMITY.to_owned(),
        parameter_period: None,
        missing: Vec::new(),
        remedies: Vec::new(),
        explanation: String::new(),
    }
}
