//! Industrial policy: 四(一). What is prohibited or restricted is refused; what only a person can tell is left to one.

use chrono::NaiveDate;

use super::branch::Branch;
use super::{Facts, INDUSTRIAL_POLICY, IndustryCode, Judgement, Warning, explain};
use crate::policy::catalogue::Catalogue;
use crate::policy::directory::{DirectoryClass, DirectoryEntry};
use crate::policy::standard::Adoption;
use crate::policy::verdict::{Aspect, Finding, Verdict};

/// One line for each entry that concerns the industry, or one that says none does. Examples are never the ground.
pub fn lines(facts: &Facts, catalogue: &Catalogue, as_of: NaiveDate) -> Vec<Finding> {
    let Some(industry) = &facts.industry else {
        let sentence = "缺少所属行业，无法判定是否符合产业政策。".to_owned();
        return vec![Finding { missing: vec!["所属行业".into()], explanation: sentence, ..line() }];
    };
    let branch = match Branch::read(industry) {
        Ok(branch) => branch,
        Err(reason) => {
            let explanation = format!("{reason}，无法判定是否符合产业政策。");
            return vec![Finding { missing: vec!["有效的行业代码".into()], explanation, ..line() }];
        }
    };
    let bars: Vec<_> = bars(catalogue, as_of).collect();
    if bars.is_empty() {
        let sentence = format!("{as_of} 本区没有采用产业目录，是否符合产业政策须由人工判断。");
        return vec![left_to_a_person(line(), sentence, facts)];
    }
    let concerned: Vec<_> = bars.iter().filter_map(|entry| line_of(entry, &branch, facts)).collect();
    if concerned.is_empty() {
        let explanation = "申请行业未列入限制类、淘汰类目录，符合产业政策。".to_owned();
        return vec![Finding { verdict: Verdict::Pass, explanation, ..line() }];
    }
    concerned
}

/// Examples that concern the industry are pointed out.
pub fn examples(facts: &Facts, catalogue: &Catalogue, as_of: NaiveDate) -> Vec<Warning> {
    let Some(branch) = facts.industry.as_ref().and_then(|industry| Branch::read(industry).ok()) else {
        return Vec::new();
    };
    let shown = catalogue.directory.iter().filter(|entry| {
        entry.adoption == Adoption::Example
            && entry.class != DirectoryClass::Encouraged
            && entry.valid.contains(as_of)
            && touch(entry, &branch) == Touch::Whole
    });
    shown
        .map(|entry| Warning {
            code: "example_directory_entry".into(),
            place: "/industry".into(),
            message: format!("示例目录（未采用）将该行业列为{}：{}。", entry.class, entry.wording),
        })
        .collect()
}

/// An entry by which the whole of an industry is to be given up on a day. Examples are never the ground.
pub fn prohibited<'a>(
    catalogue: &'a Catalogue,
    industry: &IndustryCode,
    as_of: NaiveDate,
) -> Option<&'a DirectoryEntry> {
    let branch = Branch::read(industry).ok()?;
    bars(catalogue, as_of).find(|entry| {
        entry.class == DirectoryClass::Prohibited && entry.whole_industry && touch(entry, &branch) == Touch::Whole
    })
}

fn bars(catalogue: &Catalogue, as_of: NaiveDate) -> impl Iterator<Item = &DirectoryEntry> {
    catalogue.directory.iter().filter(move |entry| entry.is_adopted_bar() && entry.valid.contains(as_of))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Touch {
    /// The whole industry of the applicant lies under the entry.
    Whole,
    /// Some of it does, or the codes are of another edition.
    Perhaps,
    None,
}

fn touch(entry: &DirectoryEntry, applicant: &Branch) -> Touch {
    let codes: Vec<_> = entry.industries.iter().filter_map(|code| Branch::of(code, &entry.edition).ok()).collect();
    if codes.iter().any(|code| applicant.lies_in(code)) {
        Touch::Whole
    } else if codes.iter().any(|code| code.lies_in(applicant) || code.edition != applicant.edition) {
        Touch::Perhaps
    } else {
        Touch::None
    }
}

fn line_of(entry: &DirectoryEntry, applicant: &Branch, facts: &Facts) -> Option<Finding> {
    let touch = touch(entry, applicant);
    if touch == Touch::None {
        return None;
    }
    let finding = Finding {
        rule: format!("{INDUSTRIAL_POLICY}/{}", entry.id),
        actual: Some(format!("{}：{}", entry.class, entry.wording)),
        document: entry.document.clone(),
        article: entry.article.clone(),
        parameter_period: Some(entry.valid),
        ..line()
    };
    if touch == Touch::Whole && entry.whole_industry {
        let explanation = format!("申请行业属于{}“{}”，不符合产业政策，不予准入。", entry.class, entry.wording);
        return Some(Finding { verdict: Verdict::Fail, explanation, ..finding });
    }
    let why = if touch == Touch::Whole { "" } else { "行业代码不足以确定，" };
    let sentence = format!("{}列有“{}”，{why}项目是否属于该情形须由人工判断。", entry.class, entry.wording);
    Some(left_to_a_person(finding, sentence, facts))
}

/// The person's word decides where there is one.
fn left_to_a_person(finding: Finding, sentence: String, facts: &Facts) -> Finding {
    match facts.judgements.get(&finding.rule) {
        None => Finding { verdict: Verdict::NeedsJudgement, explanation: sentence, ..finding },
        Some(Judgement { conforms, reason, by }) => {
            let (verdict, word) = if *conforms { (Verdict::Pass, "符合") } else { (Verdict::Fail, "不符合") };
            let explanation = format!("{sentence}{by}判断为{word}：{reason}。");
            Finding { verdict, explanation, ..finding }
        }
    }
}

fn line() -> Finding {
    Finding {
        rule: INDUSTRIAL_POLICY.to_owned(),
        indicator: "产业政策".to_owned(),
        kind: Aspect::Industry,
        verdict: Verdict::NotDeterminable,
        required: Some("不属于限制类、淘汰类".to_owned()),
        actual: None,
        unit: String::new(),
        margin: None,
        document: super::DOCUMENT.to_owned(),
        article: super::ARTICLE_CONFORMITY.to_owned(),
        parameter_period: None,
        missing: Vec::new(),
        remedies: Vec::new(),
        explanation: explain::CONFORMITY.to_owned(),
    }
}
