//! The check of a case: what is typed, the land, the layers, what people judged; then the one check there is.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use uuid::Uuid;

use super::application::Application;
use super::gap::Gap;
use super::land::Site;
use super::reading::{self, Reading};
use super::store::{offers, set_aside};
use super::{Case, Sight, StoredCheck, rules, site};
use crate::admission::check::check;
use crate::admission::shares::{self, Impossible};
use crate::admission::{Checked, Outcome as CheckOutcome};
use crate::db::{PgPool, Scope};
use crate::planning::{Asked, conformity};
use crate::policy::catalogue::Catalogue;
use crate::policy::standard::Adoption;
use crate::policy::verdict::{Aspect, Finding, Overall, Verdict};
use crate::{permits, policy};

/// The days of one examination: parameters are those of `as_of`, the land is that of `today`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    pub as_of: NaiveDate,
    pub today: NaiveDate,
}

/// What an application still lacks while it can be worked on; nothing of one that was handed in.
///
/// # Errors
/// Only when the database fails or there is no turn.
pub async fn gaps_of(
    pool: &PgPool,
    scope: &Scope,
    case: &Case,
    application: &Application,
    today: NaiveDate,
) -> anyhow::Result<Vec<Gap>> {
    if !rules::is_editable(case.stage) {
        return Ok(Vec::new());
    }
    let days = Days { as_of: case.applied_on.unwrap_or(today), today };
    Ok(examine(pool, scope, application, Some(case.id), days).await?.gaps().collect())
}

/// Everything that was found out about an application.
#[derive(Clone, Debug)]
pub struct Examined {
    pub site: Site,
    pub reading: Reading,
    pub checked: Checked,
    pub sights: BTreeMap<Sight, String>,
    /// Parts larger than their whole.
    pub impossible: Vec<Impossible>,
    pub as_of: NaiveDate,
    pub catalogue: Arc<Catalogue>,
}

impl Examined {
    /// What has to be put right before the application can be handed in.
    pub fn gaps(&self) -> impl Iterator<Item = Gap> + '_ {
        let typed = self.reading.gaps.iter().chain(&self.site.gaps).cloned();
        let asked =
            self.checked.results.iter().filter(|finding| is_standard(finding)).flat_map(|finding| &finding.missing);
        let facts = &self.catalogue.indicators.facts;
        let mut seen: Vec<&str> = Vec::new();
        let named = asked.filter_map(move |missing| {
            if seen.contains(&missing.as_str()) {
                return None;
            }
            seen.push(missing);
            let fact = facts.iter().find(|fact| missing.starts_with(&fact.label));
            let field = fact.map_or("floors".to_owned(), |fact| format!("figure.{}", fact.name));
            let told = self.reading.gaps.iter().chain(&self.site.gaps).any(|gap| gap.field == field);
            let ours = fact.is_some() || missing.starts_with("楼层清单");
            (ours && !told && field != "figure.site_area")
                .then(|| Gap::new(&field, "figure_missing", format!("所选指标要求填报：{missing}")))
        });
        let impossible =
            self.impossible.iter().map(|it| Gap::new(&format!("figure.{}", it.fact), shares::CODE.code(), &it.message));
        typed.chain(impossible).chain(named).chain(self.example())
    }

    /// An example can be tried out in a draft; what is handed in stands on what the district has adopted.
    fn example(&self) -> Option<Gap> {
        let set = self.checked.set.as_ref().filter(|set| set.adoption == Adoption::Example)?;
        let message = format!("所选指标“{}”是示例，本区未采用，不能作为准入依据；请选择本区采用的指标", set.title);
        Some(Gap::new("set", "example_set", message))
    }

    /// What is pointed out and stands in nobody's way.
    pub fn notes(&self) -> Vec<String> {
        let overlaps = self.site.overlaps.iter().map(|overlap| {
            let (number, project) = (&overlap.number, &overlap.project);
            format!("与在办案件 {number}“{project}”的用地重叠 {} 平方米", overlap.area_m2)
        });
        let standing = self.site.standing.iter().map(|it| format!("用地上已有{}", it.wording()));
        let warnings = self.checked.warnings.iter().map(|warning| warning.message.clone());
        let said = self.reading.notes.iter().chain(&self.site.notes).cloned();
        said.chain(overlaps).chain(standing).chain(warnings).collect()
    }
}

fn is_standard(finding: &Finding) -> bool {
    finding.verdict == Verdict::NotDeterminable && !matches!(finding.kind, Aspect::Spatial | Aspect::Industry)
}

/// Examines an application. `case` names the case whose judgements and hits that were set aside count.
///
/// # Errors
/// When the database fails or the catalogue cannot be had; what is wrong with the application is in the answer.
pub async fn examine(
    pool: &PgPool,
    scope: &Scope,
    application: &Application,
    case: Option<Uuid>,
    days: Days,
) -> anyhow::Result<Examined> {
    let catalogue = policy::store::current(pool, &scope.district).await?;
    let site = site::resolve(pool, scope, application, case, days.today).await?;
    let offered = match application.offer.parse::<Uuid>() {
        Ok(id) => offers::find(pool, scope, id).await?.map(|offer| offer.sets).unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    let mut reading = reading::read(application, &catalogue.indicators, &site, &offered);
    if let (Some(shape), Some(land_kind)) = (&site.shape, reading.facts.land_kind) {
        let land_use = Some(application.land_use.clone()).filter(|code| !code.is_empty());
        let asked = Asked { land_kind, land_use };
        if let Some(shape) = shape.clone().into_multi_polygon() {
            let _turn = permits::turn_if_crowded(application.shape.len()).await?;
            let mut connection = pool.acquire().await?;
            reading.facts.spatial = conformity::examine(&mut connection, scope, &shape, &asked, days.as_of).await?;
        }
    }
    if let Some(case) = case {
        reading.facts.judgements = set_aside::judgements(pool, scope, case).await?;
        if let Some(hash) = site.hash() {
            reading.facts.set_aside = set_aside::confirmed(pool, scope, case, &hash).await?;
        }
    }
    let sights = reading::sights(application, &reading, &catalogue.indicators, &site);
    let checked = check(&reading.facts, &catalogue, days.as_of);
    let impossible = shares::impossible(&reading.facts, &catalogue, days.as_of);
    Ok(Examined { site, reading, checked, sights, impossible, as_of: days.as_of, catalogue })
}

impl StoredCheck {
    /// What was answered, as it was kept.
    pub fn outcome(&self) -> anyhow::Result<CheckOutcome> {
        Ok(serde_json::from_str(&self.results)?)
    }
}

/// What the findings say is missing, each once.
pub fn missing(results: &[Finding]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for missing in results.iter().filter(|it| it.verdict == Verdict::NotDeterminable).flat_map(|it| &it.missing) {
        if !all.contains(missing) {
            all.push(missing.clone());
        }
    }
    all
}

/// Names of the indicators that are not met.
pub fn failing(results: &[Finding]) -> Vec<String> {
    results.iter().filter(|it| it.verdict == Verdict::Fail).map(|it| it.indicator.clone()).collect()
}

/// The current check as JSON: the shape of the stateless check, and who made it when.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct StoredOutcome {
    pub verdict: Overall,
    pub as_of: NaiveDate,
    pub receipt: String,
    pub results: Vec<Finding>,
    /// Pointed out, in the way of nothing.
    pub notes: Vec<String>,
    pub checked_at: chrono::DateTime<chrono::Utc>,
    pub checked_by: String,
}

impl StoredCheck {
    pub fn stored(&self) -> anyhow::Result<StoredOutcome> {
        Ok(StoredOutcome {
            verdict: self.verdict,
            as_of: self.as_of,
            receipt: self.receipt.clone(),
            results: self.outcome()?.results,
            notes: self.warnings.clone(),
            checked_at: self.checked_at,
            checked_by: self.checked_by.clone(),
        })
    }
}
