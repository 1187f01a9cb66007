//! Which row of the standard-land tables is asked of a project.

use chrono::NaiveDate;

use super::branch::Branch;
use super::{Facts, LandSource, STANDARD_SET, explain};
use crate::base::period::Period;
use crate::policy::catalogue::Catalogue;
use crate::policy::standard::{Adoption, IndicatorSet, LandKind};
use crate::policy::verdict::{Aspect, Finding, Verdict};

/// The row, when there is one to ask, and the line that says which or why none.
pub struct Choice<'a> {
    pub set: Option<&'a IndicatorSet>,
    pub bound: bool,
    /// Whether what the row asks decides; else it is only tried.
    pub decides: bool,
    pub finding: Finding,
}

impl<'a> Choice<'a> {
    fn none(bound: bool, obstacle: Obstacle) -> Self {
        Choice { set: None, bound, decides: false, finding: stopped(obstacle) }
    }

    fn tried(set: &'a IndicatorSet, bound: bool, obstacle: Obstacle) -> Self {
        let finding = Finding { parameter_period: Some(set.valid), ..stopped(obstacle) };
        Choice { set: Some(set), bound, decides: false, finding }
    }
}

/// Why there is no row, or why it is not the applicant's: a sentence, and what would have to be known.
struct Obstacle {
    verdict: Verdict,
    missing: Option<String>,
    sentence: String,
}

/// A row named by the applicant overrides the search if it is offered for this site, adopted, and in force on the day. The
/// search takes adopted rows in force on the day; the narrower zone goes before the wider, in it the narrower industry.
pub fn choose<'a>(facts: &Facts, catalogue: &'a Catalogue, as_of: NaiveDate) -> Choice<'a> {
    let choice = chosen(facts, catalogue, as_of);
    match (doubt(facts), choice.set) {
        (Some(obstacle), Some(set)) => Choice::tried(set, choice.bound, obstacle),
        (Some(obstacle), None) => Choice::none(choice.bound, obstacle),
        (None, _) => choice,
    }
}

fn chosen<'a>(facts: &Facts, catalogue: &'a Catalogue, as_of: NaiveDate) -> Choice<'a> {
    let named = match (&facts.bound_to, facts.offered.as_slice()) {
        (Some(id), _) => Ok(Some(id)),
        (None, []) => Ok(None),
        (None, [only]) => Ok(Some(only)),
        (None, several) => {
            Err(open("所适用的标准行", format!("出让地块列有 {} 组标准，申请人须选定其中一组。", several.len())))
        }
    };
    match named {
        Err(obstacle) => Choice::none(false, obstacle),
        Ok(Some(id)) => named_row(id, facts, catalogue, as_of),
        Ok(None) => match search(facts, &catalogue.standards, as_of) {
            Ok(set) => Choice { set: Some(set), bound: false, decides: true, finding: found(set, facts, false) },
            Err(obstacle) => Choice::none(false, obstacle),
        },
    }
}

/// What was said of the site without anything on record standing behind it.
fn doubt(facts: &Facts) -> Option<Obstacle> {
    let what = facts.unproven.first()?.what.clone();
    let reasons: String = facts.unproven.iter().map(|it| it.reason.as_str()).collect();
    Some(open(&what, format!("{reasons}不能据此确定适用的标准。")))
}

fn named_row<'a>(id: &str, facts: &Facts, catalogue: &'a Catalogue, as_of: NaiveDate) -> Choice<'a> {
    let Some(set) = catalogue.standards.iter().find(|set| set.id == id) else {
        return Choice::none(true, open("所选标准行", format!("没有名为“{id}”的标准。")));
    };
    match entitled(set, facts, as_of) {
        Err(obstacle) if facts.version.is_first() => Choice::none(true, obstacle),
        Err(obstacle) => Choice::tried(set, true, obstacle),
        Ok(()) => {
            let finding = match fits(set, facts) {
                Ok(()) => found(set, facts, true),
                Err(obstacle) => Finding { parameter_period: Some(set.valid), ..stopped(obstacle) },
            };
            Choice { set: Some(set), bound: true, decides: true, finding }
        }
    }
}

/// That the row may decide at all, whoever names it.
fn entitled(set: &IndicatorSet, facts: &Facts, as_of: NaiveDate) -> Result<(), Obstacle> {
    let first = facts.version.is_first();
    if !first && set.adoption == Adoption::Example {
        let sentence = format!("“{}”是示例指标，本区未采用，不能据以判定。", set.title);
        return Err(open("本区采用的标准行", sentence));
    }
    if facts.offered.is_empty() && !first {
        let sentence =
            format!("该用地没有列出“{}”的在供地块，不能选定；未选定的，按用地类型、区域和行业确定。", set.title);
        return Err(open("该用地在供时所列的标准行", sentence));
    }
    if !facts.offered.is_empty() && !facts.offered.contains(&set.id) {
        return Err(open("所选标准行", format!("“{}”不在该出让地块所列的标准之内。", set.id)));
    }
    if !set.valid.contains(as_of) {
        let sentence = format!("“{}”{}，{as_of} 不在有效期内。", set.title, days(&set.valid));
        return Err(open("在有效期内的标准", sentence));
    }
    Ok(())
}

/// That the applicant may bind itself to this row.
fn fits(set: &IndicatorSet, facts: &Facts) -> Result<(), Obstacle> {
    if let Some(kind) = facts.land_kind.filter(|kind| *kind != set.land_kind) {
        return Err(fails(format!("“{}”适用于{}，申请用地为{kind}。", set.title, set.land_kind)));
    }
    let applicant = applicant(facts)?;
    let Some(asked) = branch_of(set) else { return Ok(()) };
    if asked.edition != applicant.edition {
        return Err(other_edition(set, &applicant));
    }
    if applicant.lies_in(&asked) {
        Ok(())
    } else if asked.lies_in(&applicant) {
        Err(too_coarse(set))
    } else {
        let code = set.industry.as_deref().unwrap_or_default();
        Err(fails(format!("“{}”适用于行业 {code}，申请行业不在其内。", set.title)))
    }
}

fn search<'a>(facts: &Facts, sets: &'a [IndicatorSet], as_of: NaiveDate) -> Result<&'a IndicatorSet, Obstacle> {
    let kind = facts.land_kind.ok_or_else(|| open("用地类型", "缺少用地类型，无法确定适用的标准。".into()))?;
    let applicant = applicant(facts)?;
    let here = |set: &&IndicatorSet| {
        set.land_kind == kind && set.valid.contains(as_of) && zone_depth(set, facts.zone.as_deref()).is_some()
    };
    let mut in_force: Vec<_> = sets.iter().filter(here).collect();
    let examples = in_force.iter().filter(|set| set.adoption == Adoption::Example).count();
    in_force.retain(|set| set.adoption == Adoption::Adopted);
    in_force.sort_by_key(|set| std::cmp::Reverse(zone_depth(set, facts.zone.as_deref())));
    for zone in in_force.chunk_by(|one, other| one.zone == other.zone) {
        if let Some(set) = narrowest(zone, &applicant)? {
            return Ok(set);
        }
    }
    Err(none_in_force(kind, as_of, examples))
}

/// Among rows of one zone. A row of another edition might be the applicant's, so the general row does not stand in for it.
fn narrowest<'a>(zone: &[&'a IndicatorSet], applicant: &Branch) -> Result<Option<&'a IndicatorSet>, Obstacle> {
    let comparable = |set: &&&IndicatorSet| branch_of(set).is_some_and(|branch| branch.edition == applicant.edition);
    if let Some(finer) = zone
        .iter()
        .filter(comparable)
        .find(|set| branch_of(set).is_some_and(|branch| &branch != applicant && branch.lies_in(applicant)))
    {
        return Err(too_coarse(finer));
    }
    let covering = zone.iter().filter(comparable).filter_map(|set| {
        let branch = branch_of(set).filter(|branch| applicant.lies_in(branch))?;
        Some((branch.depth(), *set))
    });
    if let Some((_, set)) = covering.max_by_key(|(depth, _)| *depth) {
        return Ok(Some(set));
    }
    match zone.iter().find(|set| branch_of(set).is_some_and(|branch| branch.edition != applicant.edition)) {
        Some(other) => Err(other_edition(other, applicant)),
        None => Ok(zone.iter().find(|set| set.industry.is_none()).copied()),
    }
}

fn applicant(facts: &Facts) -> Result<Branch, Obstacle> {
    let industry = facts.industry.as_ref();
    let industry = industry.ok_or_else(|| open("所属行业", "缺少所属行业，无法确定适用的标准。".into()))?;
    Branch::read(industry).map_err(|reason| open("有效的行业代码", format!("{reason}，无法确定适用的标准。")))
}

fn branch_of(set: &IndicatorSet) -> Option<Branch> {
    Branch::of(set.industry.as_deref()?, set.edition.as_deref()?).ok()
}

/// How narrow the row's zone is, when the site lies in it.
fn zone_depth(set: &IndicatorSet, zone: Option<&str>) -> Option<usize> {
    let Some(asked) = set.zone.as_deref() else { return Some(0) };
    let rest = zone?.strip_prefix(asked)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(asked.len())
}

fn none_in_force(kind: LandKind, as_of: NaiveDate, examples: usize) -> Obstacle {
    let examples = match examples {
        0 => String::new(),
        number => format!("现有 {number} 组示例指标未经采用，不作为依据。"),
    };
    let sentence = format!("本区在 {as_of} 没有适用于该{kind}项目的“标准地”指标，无法判定。{examples}");
    open("本区采用的“标准地”指标", sentence)
}

fn other_edition(set: &IndicatorSet, applicant: &Branch) -> Obstacle {
    let edition = set.edition().map_or("其他版本", |edition| edition.label());
    let own = applicant.edition.label();
    open(
        &format!("按{edition}填报的行业代码"),
        format!("“{}”的行业代码按{edition}，申请行业按{own}；两版代码含义不同，不能直接对应。", set.title),
    )
}

fn too_coarse(set: &IndicatorSet) -> Obstacle {
    let code = set.industry.as_deref().unwrap_or_default();
    open("更具体的行业代码", format!("“{}”只适用于行业 {code}，申请行业代码过粗，无法确定是否适用。", set.title))
}

fn open(missing: &str, sentence: String) -> Obstacle {
    Obstacle { verdict: Verdict::NotDeterminable, missing: Some(missing.to_owned()), sentence }
}

fn fails(sentence: String) -> Obstacle {
    Obstacle { verdict: Verdict::Fail, missing: None, sentence: format!("{sentence}{}。", explain::REFUSED) }
}

fn days(valid: &Period) -> String {
    let from = valid.from.map(|day| format!("自 {day} 起")).unwrap_or_default();
    let until = valid.until.and_then(|day| day.pred_opt()).map(|day| format!("至 {day} 止")).unwrap_or_default();
    format!("{from}{until}有效")
}

fn found(set: &IndicatorSet, facts: &Facts, bound: bool) -> Finding {
    let existing = facts.land_source == Some(LandSource::Existing);
    Finding {
        verdict: Verdict::Pass,
        required: Some(set.land_kind.label().to_owned()),
        actual: Some(set.title.clone()),
        parameter_period: Some(set.valid),
        document: set.document.clone(),
        article: set.article.clone(),
        explanation: explain::applies(set, bound, existing),
        ..line()
    }
}

fn stopped(obstacle: Obstacle) -> Finding {
    let missing = obstacle.missing.into_iter().collect();
    Finding { verdict: obstacle.verdict, missing, explanation: obstacle.sentence, ..line() }
}

fn line() -> Finding {
    Finding {
        rule: STANDARD_SET.to_owned(),
        indicator: "适用的标准".to_owned(),
        kind: Aspect::Industry,
        verdict: Verdict::NotDeterminable,
        required: None,
        actual: None,
        unit: String::new(),
        margin: None,
        document: super::DOCUMENT.to_owned(),
        article: super::ARTICLE_STANDARD.to_owned(),
        parameter_period: None,
        missing: Vec::new(),
        remedies: Vec::new(),
        explanation: String::new(),
    }
}
