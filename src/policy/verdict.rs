//! What a rule answers: a verdict with the article it rests on, what was asked, what was found, and a sentence.

use serde::{Deserialize, Serialize};

use crate::base::period::Period;

crate::terms! {
    pub enum Verdict {
        Pass = "pass" => "符合",
        Fail = "fail" => "不符合",
        NotApplicable = "not_applicable" => "不适用",
        /// A fact is missing; the finding names it.
        NotDeterminable = "not_determinable" => "无法判定",
        /// A person has to decide; the finding says what about.
        NeedsJudgement = "needs_judgement" => "须人工判断",
    }
}

crate::terms! {
    /// The five kinds of standard of 四(一)2, and the conformity of 四(一) that comes before them.
    pub enum Aspect {
        Spatial = "spatial" => "规划符合性",
        Industry = "industry" => "产业政策",
        Investment = "investment" => "投资",
        Output = "output" => "亩产",
        Energy = "energy" => "能耗",
        Environment = "environment" => "环境",
        Construction = "construction" => "建设",
        /// Agreed days, in a completion review.
        Schedule = "schedule" => "期限",
        /// What the departments of a joint review say.
        Joint = "joint" => "部门联合复核",
    }
}

crate::terms! {
    pub enum Overall {
        Conforms = "conforms" => "符合",
        DoesNotConform = "does_not_conform" => "不符合",
        NotDeterminable = "not_determinable" => "无法判定",
    }
}

crate::terms! {
    /// What a receipt sums up to: the verdict of a check, or that something was computed, which has none.
    pub enum Summary {
        Conforms = "conforms" => "符合",
        DoesNotConform = "does_not_conform" => "不符合",
        NotDeterminable = "not_determinable" => "无法判定",
        Computed = "computed" => "已核算",
    }
}

/// One line of a check. Figures are decimals written as text in `unit`, so that the same check gives the same bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Finding {
    /// The rule's name in the catalogue.
    pub rule: String,
    /// The indicator's Chinese name, as the table shows it.
    pub indicator: String,
    pub kind: Aspect,
    pub verdict: Verdict,
    /// What was asked, in the signs people write: `≥150`.
    pub required: Option<String>,
    /// What was declared or found, rounded for the eye; the decision was made on the exact figure.
    pub actual: Option<String>,
    pub unit: String,
    /// Distance to the nearer end of what was asked: positive inside, negative outside.
    pub margin: Option<String>,
    pub document: String,
    pub article: String,
    /// The days for which the value that was asked is published.
    #[schema(value_type = Object)]
    pub parameter_period: Option<Period>,
    /// What has to be known before this can be decided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// What would have to change to conform, one way each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remedies: Vec<String>,
    /// A sentence in the policy's own words.
    pub explanation: String,
}

/// One failing line decides; then whatever is not known, or waits for a person, keeps the whole open.
pub fn overall<'a>(verdicts: impl IntoIterator<Item = &'a Verdict>) -> Overall {
    let mut open = false;
    let mut decided = false;
    for verdict in verdicts {
        match verdict {
            Verdict::Fail => return Overall::DoesNotConform,
            Verdict::NotDeterminable | Verdict::NeedsJudgement => open = true,
            Verdict::Pass => decided = true,
            Verdict::NotApplicable => {}
        }
    }
    if open || !decided { Overall::NotDeterminable } else { Overall::Conforms }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_checked_is_not_conformity() {
        assert_eq!(overall([]), Overall::NotDeterminable);
        assert_eq!(overall([&Verdict::NotApplicable]), Overall::NotDeterminable);
        assert_eq!(overall([&Verdict::Pass, &Verdict::NotApplicable]), Overall::Conforms);
    }

    proptest! {
        #[test]
        fn one_failure_decides_and_one_gap_never_conforms(picks in proptest::collection::vec(0..5usize, 0..12)) {
            let verdicts: Vec<Verdict> = picks.into_iter().map(|pick| Verdict::ALL[pick]).collect();
            let result = overall(&verdicts);
            prop_assert_eq!(result == Overall::DoesNotConform, verdicts.contains(&Verdict::Fail));
            let gap = verdicts.iter().any(|v| matches!(v, Verdict::NotDeterminable | Verdict::NeedsJudgement));
            prop_assert!(!gap || result != Overall::Conforms);
        }
    }
}
