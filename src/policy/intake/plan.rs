//! What publishing an offer would do: what is new, what it succeeds, and whatever stands in its way.

use chrono::NaiveDate;

use super::Offer;
use crate::base::period::Period;
use crate::entitlement::Measure;
use crate::exchange::Fault;
use crate::policy::Document;
use crate::policy::catalogue::{Catalogue, CatalogueError};
use crate::policy::directory::DirectoryEntry;
use crate::policy::measures;
use crate::policy::scheme;
use crate::policy::standard::IndicatorSet;
use crate::policy::veto::VetoKind;
use crate::scoring::Scheme;

/// What a district has published for itself so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Local {
    pub documents: Vec<Document>,
    pub standards: Vec<IndicatorSet>,
    pub directory: Vec<DirectoryEntry>,
    pub schemes: Vec<Scheme>,
    pub veto_kinds: Vec<VetoKind>,
    pub measures: Vec<Measure>,
}

impl Local {
    /// In the order of the names by bytes, whatever the collation of a database.
    pub fn sorted(mut self) -> Self {
        self.documents.sort_by(|a, b| a.id.cmp(&b.id));
        self.standards.sort_by(|a, b| a.id.cmp(&b.id));
        self.directory.sort_by(|a, b| a.id.cmp(&b.id));
        self.schemes.sort_by(|a, b| a.id.cmp(&b.id));
        self.veto_kinds.sort_by(|a, b| (&a.code, a.valid.from).cmp(&(&b.code, b.valid.from)));
        self.measures.sort_by(|a, b| a.id.cmp(&b.id));
        self
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    NewDocument(Document),
    /// A published document without an end is given one; nothing else about it moves.
    EndDocument(Document),
    NewSet(Box<IndicatorSet>),
    /// A published set without an end gives way to its successor on that day.
    EndSet {
        id: String,
        until: NaiveDate,
    },
    NewEntry(Box<DirectoryEntry>),
    /// A published entry without an end is given one; nothing else about it moves.
    EndEntry {
        id: String,
        until: NaiveDate,
    },
    NewScheme(Box<Scheme>),
    /// A published scheme without a last year gives way to its successor.
    EndScheme {
        id: String,
        last_year: i32,
    },
    NewVetoKind(Box<VetoKind>),
    /// A published kind without an end gives way to its successor of the same code, or ends.
    EndVetoKind {
        code: String,
        until: NaiveDate,
    },
    NewMeasure(Box<Measure>),
    /// A published measure without a last day is given one; nothing else about it moves.
    EndMeasure {
        id: String,
        last: NaiveDate,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// The name of the row in the way's sentence belongs to.
    pub id: String,
    /// Chinese.
    pub message: String,
}

/// # Errors
/// Everything that stands in the way, not only the first.
pub fn plan(local: &Local, offer: &Offer) -> Result<Vec<Step>, Vec<Obstacle>> {
    let steps = follow(local, offer)?;
    match trial(local, &steps) {
        Ok(catalogue) => within_the_law(&catalogue, offer).map(|()| steps),
        Err(error) => Err(vec![Obstacle { id: String::new(), message: obstacle_of(&error) }]),
    }
}

/// The law is asked of schemes whenever they move, by the bounds that are published then.
fn within_the_law(catalogue: &Catalogue, offer: &Offer) -> Result<(), Vec<Obstacle>> {
    let mut obstacles = Vec::new();
    for offered in &offer.schemes {
        let errors = scheme::faults(offered, &catalogue.parameters).into_iter().filter(Fault::is_error);
        obstacles.extend(errors.map(|fault| Obstacle { id: offered.id.clone(), message: fault.message }));
    }
    let ended = offer.measures.iter().filter_map(|offered| measures::ground_ended(&catalogue.documents, offered));
    obstacles.extend(ended.map(|error| Obstacle { id: String::new(), message: measures::in_chinese(&error) }));
    if obstacles.is_empty() { Ok(()) } else { Err(obstacles) }
}

/// The steps against what the district has published, without a look at what the program brings.
///
/// # Errors
/// Everything that stands in the way.
pub fn follow(local: &Local, offer: &Offer) -> Result<Vec<Step>, Vec<Obstacle>> {
    let mut steps = Vec::new();
    let mut obstacles = Vec::new();
    for document in &offer.documents {
        match plan_document(local, document) {
            Ok(step) => steps.push(step),
            Err(obstacle) => obstacles.push(obstacle),
        }
    }
    // In the order of their first days, each after what the ones before it leave.
    let mut sets: Vec<&IndicatorSet> = offer.standards.iter().collect();
    sets.sort_by_key(|set| set.valid.from);
    let mut left = local.clone();
    for set in sets {
        match plan_set(&left, local, set) {
            Ok(planned) => {
                left = apply(&left, &planned);
                steps.extend(planned);
            }
            Err(obstacle) => obstacles.push(obstacle),
        }
    }
    for entry in &offer.directory {
        match plan_entry(local, entry) {
            Ok(step) => steps.push(step),
            Err(obstacle) => obstacles.push(obstacle),
        }
    }
    let mut schemes: Vec<&Scheme> = offer.schemes.iter().collect();
    schemes.sort_by_key(|scheme| scheme.from_year);
    for offered in schemes {
        match plan_scheme(&left, local, offered) {
            Ok(planned) => {
                left = apply(&left, &planned);
                steps.extend(planned);
            }
            Err(obstacle) => obstacles.push(obstacle),
        }
    }
    let mut kinds: Vec<&VetoKind> = offer.veto_kinds.iter().collect();
    kinds.sort_by_key(|kind| kind.valid.from);
    for offered in kinds {
        match plan_veto_kind(&left, local, offered) {
            Ok(planned) => {
                left = apply(&left, &planned);
                steps.extend(planned);
            }
            Err(obstacle) => obstacles.push(obstacle),
        }
    }
    for offered in &offer.measures {
        match plan_measure(local, offered) {
            Ok(step) => steps.push(step),
            Err(obstacle) => obstacles.push(obstacle),
        }
    }
    if obstacles.is_empty() { Ok(steps) } else { Err(obstacles) }
}

/// What the district will have published once the steps are taken.
pub fn apply(local: &Local, steps: &[Step]) -> Local {
    let mut after = local.clone();
    for step in steps {
        match step {
            Step::NewDocument(document) => after.documents.push(document.clone()),
            Step::EndDocument(document) => {
                after.documents.retain(|published| published.id != document.id);
                after.documents.push(document.clone());
            }
            Step::NewSet(set) => after.standards.push((**set).clone()),
            Step::EndSet { id, until } => {
                let ended = after.standards.iter_mut().filter(|set| set.id == *id);
                ended.for_each(|set| set.valid.until = Some(*until));
            }
            Step::NewEntry(entry) => after.directory.push((**entry).clone()),
            Step::EndEntry { id, until } => {
                let ended = after.directory.iter_mut().filter(|entry| entry.id == *id);
                ended.for_each(|entry| entry.valid.until = Some(*until));
            }
            Step::NewScheme(scheme) => after.schemes.push((**scheme).clone()),
            Step::EndScheme { id, last_year } => {
                let ended = after.schemes.iter_mut().filter(|scheme| scheme.id == *id);
                ended.for_each(|scheme| scheme.to_year = Some(*last_year));
            }
            Step::NewVetoKind(kind) => after.veto_kinds.push((**kind).clone()),
            Step::EndVetoKind { code, until } => {
                let open = after.veto_kinds.iter_mut().filter(|it| it.code == *code && it.valid.until.is_none());
                open.for_each(|kind| kind.valid.until = Some(*until));
            }
            Step::NewMeasure(measure) => after.measures.push((**measure).clone()),
            Step::EndMeasure { id, last } => {
                let ended = after.measures.iter_mut().filter(|measure| measure.id == *id);
                ended.for_each(|measure| measure.to = Some(*last));
            }
        }
    }
    after
}

/// The whole catalogue as it would be.
fn trial(local: &Local, steps: &[Step]) -> Result<Catalogue, CatalogueError> {
    let after = apply(local, steps);
    Catalogue::embedded()?
        .with(after.documents, after.standards, after.directory)?
        .with_schemes(after.schemes)?
        .with_veto_kinds(after.veto_kinds)?
        .with_measures(after.measures)
}

fn plan_document(local: &Local, offered: &Document) -> Result<Step, Obstacle> {
    let Some(published) = local.documents.iter().find(|document| document.id == offered.id) else {
        return Ok(Step::NewDocument(offered.clone()));
    };
    let obstacle = |message: &str| Obstacle { id: offered.id.clone(), message: message.to_owned() };
    if published == offered {
        return Err(obstacle("该文件已按同样内容发布，无须再次提交"));
    }
    let reopened = Document {
        ending: None,
        valid: Period { until: None, ..offered.valid },
        note: published.note.clone(),
        ..offered.clone()
    };
    if published.ending.is_none() && offered.ending.is_some() && *published == reopened {
        return Ok(Step::EndDocument(offered.clone()));
    }
    Err(obstacle(
        "同一编号的文件已经发布。已发布的内容不可改动，只能为未定期限的文件补充废止或有效期表述；如为新文件请另用编号",
    ))
}

fn plan_entry(local: &Local, offered: &DirectoryEntry) -> Result<Step, Obstacle> {
    let Some(published) = local.directory.iter().find(|entry| entry.id == offered.id) else {
        return Ok(Step::NewEntry(Box::new(offered.clone())));
    };
    let reopened = DirectoryEntry {
        valid: Period { until: None, ..offered.valid },
        checked_on: published.checked_on,
        ..offered.clone()
    };
    match offered.valid.until {
        Some(until) if *published == reopened => Ok(Step::EndEntry { id: offered.id.clone(), until }),
        _ => Err(Obstacle {
            id: offered.id.clone(),
            message: "同一编号的条目已经发布。已发布的内容不可改动，只能按原内容再提交一次并补上终止表述；如为新条目请另用编号".into(),
        }),
    }
}

/// Only what was published before the offer gives way to it; two rows of one offer say themselves where they end.
fn plan_set(left: &Local, before: &Local, offered: &IndicatorSet) -> Result<Vec<Step>, Obstacle> {
    let obstacle = |message: String| Obstacle { id: offered.id.clone(), message };
    if left.standards.iter().any(|set| set.id == offered.id) {
        return Err(obstacle("同一编号的指标已经发布，不可改动；新一期指标请另用编号".into()));
    }
    let mut steps = Vec::new();
    for published in left.standards.iter().filter(|set| same_place(set, offered) && set.valid.overlaps(&offered.valid))
    {
        match (published.valid.until, offered.valid.from) {
            (None, Some(from)) if published.valid.from < Some(from) && was_published(before, &published.id) => {
                steps.push(Step::EndSet { id: published.id.clone(), until: from });
            }
            _ => {
                let from = published.valid.from.map_or_else(|| "—".to_owned(), |day| day.to_string());
                return Err(obstacle(format!(
                    "与“{}”（{}，{from} 起）适用对象相同而有效期重叠",
                    published.title, published.id
                )));
            }
        }
    }
    steps.push(Step::NewSet(Box::new(offered.clone())));
    Ok(steps)
}

fn was_published(before: &Local, id: &str) -> bool {
    before.standards.iter().any(|set| set.id == id)
}

/// As for standards: only what was published before the offer gives way to it.
fn plan_scheme(left: &Local, before: &Local, offered: &Scheme) -> Result<Vec<Step>, Obstacle> {
    let obstacle = |message: String| Obstacle { id: offered.id.clone(), message };
    if left.schemes.iter().any(|scheme| scheme.id == offered.id) {
        return Err(obstacle("同一编号的方案已经发布，不可改动；新一期方案请另用编号".into()));
    }
    let mut steps = Vec::new();
    for published in left.schemes.iter().filter(|it| scheme::in_the_way(it, offered)) {
        let was_published = before.schemes.iter().any(|it| it.id == published.id);
        if published.to_year.is_some() || published.from_year >= offered.from_year || !was_published {
            let last = published.to_year.map_or_else(|| "起".to_owned(), |year| format!("至{year}"));
            return Err(obstacle(format!(
                "与“{}”（{}，{}{last}年度）同为{}的采用方案而适用年度重叠",
                published.title, published.id, published.from_year, published.category
            )));
        }
        steps.push(Step::EndScheme { id: published.id.clone(), last_year: offered.from_year - 1 });
    }
    steps.push(Step::NewScheme(Box::new(offered.clone())));
    Ok(steps)
}

/// A kind that is offered as it was published, with an end, ends; a later one of its code takes its place.
fn plan_veto_kind(left: &Local, before: &Local, offered: &VetoKind) -> Result<Vec<Step>, Obstacle> {
    let ends = offered.valid.until.filter(|_| {
        let open = Period { until: None, ..offered.valid };
        let same = |it: &VetoKind| *it == VetoKind { valid: open, checked_on: it.checked_on, ..offered.clone() };
        before.veto_kinds.iter().any(same)
    });
    if let Some(until) = ends {
        return Ok(vec![Step::EndVetoKind { code: offered.code.clone(), until }]);
    }
    let mut steps = Vec::new();
    let in_the_way = |it: &&VetoKind| it.code == offered.code && it.valid.overlaps(&offered.valid);
    for published in left.veto_kinds.iter().filter(in_the_way) {
        let was_published = before.veto_kinds.contains(published);
        match (published.valid.until, offered.valid.from) {
            (None, Some(from)) if published.valid.from < Some(from) && was_published => {
                steps.push(Step::EndVetoKind { code: published.code.clone(), until: from });
            }
            _ => {
                let message = format!("与已发布的“{}”（{}）代码相同而有效期重叠", published.title, published.code);
                return Err(Obstacle { id: offered.code.clone(), message });
            }
        }
    }
    steps.push(Step::NewVetoKind(Box::new(offered.clone())));
    Ok(steps)
}

/// As for entries of the directory: what is published stays as it is, and may be given its last day.
fn plan_measure(local: &Local, offered: &Measure) -> Result<Step, Obstacle> {
    let Some(published) = local.measures.iter().find(|measure| measure.id == offered.id) else {
        return Ok(Step::NewMeasure(Box::new(offered.clone())));
    };
    let reopened = Measure { to: None, ..offered.clone() };
    match offered.to {
        Some(last) if *published == reopened => Ok(Step::EndMeasure { id: offered.id.clone(), last }),
        _ => Err(Obstacle {
            id: offered.id.clone(),
            message: "同一编号的措施已经发布。已发布的内容不可改动，只能按原内容再提交一次并写明终止日（to）；如为新措施请另用编号".into(),
        }),
    }
}

/// The key of the exclusion constraint, without the days.
pub fn same_place(one: &IndicatorSet, other: &IndicatorSet) -> bool {
    let place =
        |set: &IndicatorSet| (set.land_kind, set.zone.clone(), set.industry.clone(), set.edition.clone(), set.adoption);
    place(one) == place(other)
}

/// In the words of the reader, with the rest as it is.
fn obstacle_of(error: &CatalogueError) -> String {
    match error {
        CatalogueError::DocumentTwice(id) => format!("文件编号“{id}”已被内置文件使用，请另用编号"),
        CatalogueError::NoSuchArticle { what, document, article } => {
            format!("“{what}”所依据的“{document}”“{article}”不存在；请先发布该文件，或改正文件编号与条款")
        }
        CatalogueError::UnknownRule { document, article, rule } => {
            format!("“{document}”“{article}”所写的规则“{rule}”不存在；请改用处理状态并写明理由")
        }
        CatalogueError::Standard(error) => super::wording::standard(error),
        CatalogueError::Directory(error) => super::wording::directory(error),
        CatalogueError::Scheme(error) => scheme::in_chinese(error),
        CatalogueError::Veto(error) => super::wording::veto_kind(error),
        CatalogueError::Measure(error) => measures::in_chinese(error),
        other => format!("与现行目录不能并存：{other}"),
    }
}
