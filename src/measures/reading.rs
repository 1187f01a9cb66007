//! A district on one day: whom a grade acts on, and what its measures come to, enterprise by enterprise in batches.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use sqlx::PgConnection;

use super::judge::{self, Inputs};
use super::list::{Filter, Judged, Key, Row};
use super::store::{accounts, exemptions, facts};
use super::utility::{OnDay, Utility};
use crate::account::Act;
use crate::db::keyset::{Page, Position};
use crate::db::{PgPool, Scope};
use crate::enterprise::sums::{SumError, Sums};
use crate::entitlement::{Answers, BaseYear, Condition, Exemption, Measure};
use crate::evaluation::acting::{Acting, Precedence, acting_grades, graded_year};
use crate::evaluation::commands::parameters_of;
use crate::evaluation::store::acting::{self, Binding, ReadFrom, Subject, SubjectFilter};
use crate::policy::catalogue::Catalogue;
use crate::policy::measures::ground;
use crate::policy::receipt::Receipt;
use crate::policy::store::receipts::{self, ReceiptError};
use crate::policy::store::{self, PublishError};
use crate::policy::{ParameterError, Parameters};
use crate::web;

/// Enterprises that are judged at once.
pub const BATCH: u16 = 500;

/// Enterprises that a page looks at, at most: a page of what is rare may be short, and goes on where it ended.
const LOOKED_AT: usize = 20_000;

#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Before the governing text nothing acts.
    #[error("{0}没有施行的差别化措施参数：{1}")]
    Parameter(NaiveDate, ParameterError),
    #[error(transparent)]
    Sum(#[from] SumError),
    #[error(transparent)]
    Published(#[from] PublishError),
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<ReadError> for web::Error {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Parameter(..) => web::Error::BadRequest(error.to_string()),
            other => anyhow::Error::from(other).into(),
        }
    }
}

/// What holds on a day.
pub struct Reading {
    pub day: NaiveDate,
    pub catalogue: Arc<Catalogue>,
    /// What can act on it.
    pub measures: Vec<Measure>,
    precedence: Precedence,
    /// The runs that bind up to the year before.
    binding: Vec<Binding>,
    sums: BTreeMap<i32, Sums>,
    transition_years: u32,
}

impl Reading {
    /// # Errors
    /// When no parameters were in force on the day.
    pub async fn of(pool: &PgPool, scope: &Scope, day: NaiveDate) -> Result<Self, ReadError> {
        let catalogue = store::current(pool, &scope.district).await?;
        let missing = |error| ReadError::Parameter(day, error);
        let parameters = store::parameters_on(pool, day).await?;
        let precedence = Precedence::from_parameters(&parameters).map_err(missing)?;
        let transition_years = parameters.count("transition_years_at_most").map_err(missing)?;
        let measures = judge::acting(&catalogue, day);
        let mut sums = BTreeMap::new();
        for year in years_asked(&measures, day) {
            let of_year: Parameters = parameters_of(pool, year).await?;
            sums.insert(year, Sums::from_parameters(&of_year)?);
        }
        let binding = acting::binding(&mut *pool.acquire().await?, scope, graded_year(day)).await?;
        Ok(Reading { day, catalogue, measures, precedence, binding, sums, transition_years })
    }

    /// The runs whose grades act on the day, the one that acts first in front.
    fn runs(&self) -> Vec<Binding> {
        let graded = graded_year(self.day);
        let of_year = self.binding.iter().filter(|run| run.year == graded);
        let mut runs: Vec<(usize, Binding)> =
            of_year.filter_map(|run| Some((self.precedence.place(run.category)?, *run))).collect();
        runs.sort_by_key(|(place, _)| *place);
        runs.into_iter().map(|(_, run)| run).collect()
    }

    /// The categories in which a binding result of the year before is on record.
    pub fn graded(&self) -> Vec<crate::scoring::scheme::Category> {
        self.runs().into_iter().map(|run| run.category).collect()
    }

    /// The title of the document that a measure rests on, and the place in it; empty of one that does not act on the day.
    pub fn source(&self, measure: &str) -> String {
        let measure = self.measures.iter().find(|it| it.id == measure);
        let rests = |measure: &Measure| {
            let document = ground(&self.catalogue.documents, measure)?;
            Some(format!("《{}》{}", document.title, measure.article))
        };
        measure.and_then(rests).unwrap_or_default()
    }

    pub(super) fn wanted(&self, filter: &Filter) -> BTreeMap<&str, &Measure> {
        let wanted = self.measures.iter().filter(|measure| filter.takes_measure(measure));
        wanted.map(|measure| (measure.id.as_str(), measure)).collect()
    }

    /// Whoever a measure that is asked for may concern.
    pub(super) async fn subjects(
        &self,
        connection: &mut PgConnection,
        scope: &Scope,
        filter: &Filter,
        from: &ReadFrom,
        limit: u16,
    ) -> Result<Vec<Subject>, sqlx::Error> {
        let wanted = self.wanted(filter);
        let grades: BTreeSet<&String> = wanted.values().flat_map(|measure| &measure.grades).collect();
        let grades = grades.into_iter().filter(|grade| filter.grade.as_ref().is_none_or(|one| one == *grade));
        let categories: BTreeSet<_> = wanted.values().flat_map(|measure| measure.categories.clone()).collect();
        let of = SubjectFilter {
            grades: Some(grades.cloned().collect()),
            categories: categories.into_iter().collect(),
            subdistrict: filter.subdistrict.clone(),
            text: filter.text.clone(),
            uscc: None,
        };
        acting::subjects(connection, scope, (&self.runs(), &of), from, limit).await
    }

    /// One enterprise on which a grade acts, whatever its grade.
    async fn one(
        &self,
        connection: &mut PgConnection,
        scope: &Scope,
        uscc: &str,
    ) -> Result<Option<Subject>, sqlx::Error> {
        let categories = self.precedence.categories().to_vec();
        let of = SubjectFilter { categories, uscc: Some(uscc.to_owned()), ..SubjectFilter::default() };
        Ok(acting::subjects(connection, scope, (&self.runs(), &of), &ReadFrom::default(), 1).await?.pop())
    }

    /// What every measure comes to for one enterprise; none where no grade acts on it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn ask(
        &self,
        pool: &PgPool,
        scope: &Scope,
        uscc: &str,
        answers: &Answers,
    ) -> Result<Option<(Judged, Inputs)>, ReadError> {
        let mut connection = pool.acquire().await?;
        let Some(subject) = self.one(&mut connection, scope, uscc).await? else { return Ok(None) };
        let mut inputs = self.inputs(&mut connection, scope, std::slice::from_ref(&subject), answers).await?;
        let Some(inputs) = inputs.remove(&subject.uscc) else { return Ok(None) };
        Ok(Some((self.judge(subject, &inputs, Vec::new())?, inputs)))
    }

    /// A batch of them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn batch(
        &self,
        connection: &mut PgConnection,
        scope: &Scope,
        subjects: Vec<Subject>,
    ) -> Result<Vec<Judged>, ReadError> {
        let inputs = self.inputs(connection, scope, &subjects, &Answers::new()).await?;
        let these: Vec<String> = inputs.keys().cloned().collect();
        let mut accounts = match self.measures.iter().any(|measure| Utility::of(measure.executing).is_some()) {
            true => accounts::on(connection, scope, &these, self.day).await?,
            false => HashMap::new(),
        };
        let judged = subjects.into_iter().filter_map(|subject| {
            let inputs = inputs.get(&subject.uscc)?;
            let own = accounts.remove(&subject.uscc).unwrap_or_default();
            Some(self.judge(subject, inputs, own))
        });
        judged.collect()
    }

    fn judge(&self, subject: Subject, inputs: &Inputs, accounts: Vec<OnDay>) -> Result<Judged, ReadError> {
        let results = judge::results(&self.measures, self.day, inputs);
        let receipt = judge::receipt(&self.catalogue, self.day, inputs, &results)?;
        Ok(Judged { subject, results, receipt: Arc::new(receipt), accounts })
    }

    async fn inputs(
        &self,
        connection: &mut PgConnection,
        scope: &Scope,
        subjects: &[Subject],
        answers: &Answers,
    ) -> Result<BTreeMap<String, Inputs>, ReadError> {
        let these: Vec<String> = subjects.iter().map(|subject| subject.uscc.clone()).collect();
        let standing = acting_grades(connection, scope, (&these, self.day), (&self.precedence, &self.binding)).await?;
        let mut of_years = BTreeMap::new();
        for (year, sums) in &self.sums {
            let asked = facts::Asked { year: *year, names: &self.names(*year), sums };
            of_years.insert(*year, facts::of_year(connection, scope, &these, &asked).await?);
        }
        let exempt = match self.measures.iter().any(|measure| !measure.exemptions.is_empty()) {
            true => self.exemptions(connection, scope, &these).await?,
            false => BTreeMap::new(),
        };
        let inputs = |(uscc, acting): (String, Acting)| {
            let facts = of_years.iter().filter_map(|(year, of)| Some((*year, of.get(&uscc)?.clone()))).collect();
            let exemptions = exempt.get(&uscc).cloned().unwrap_or_default();
            let Acting { category, grading, runs, .. } = acting;
            let answers = answers.clone();
            (uscc.clone(), Inputs { uscc, category, grading, runs, facts, exemptions, answers })
        };
        Ok(standing.into_iter().map(inputs).collect())
    }

    /// What keeps measures from acting: protection and exemption on the day, transition on 31 December of the graded year.
    async fn exemptions(
        &self,
        connection: &mut PgConnection,
        scope: &Scope,
        these: &[String],
    ) -> Result<BTreeMap<String, BTreeSet<Exemption>>, sqlx::Error> {
        let mut found = exemptions::on(connection, scope, these, self.day).await?;
        if self.measures.iter().any(|measure| measure.exemptions.contains(&Exemption::Transition)) {
            let graded = graded_year(self.day);
            for uscc in facts::in_transition(connection, scope, these, (graded, self.transition_years)).await? {
                found.entry(uscc).or_default().insert(Exemption::Transition);
            }
        }
        Ok(found)
    }

    /// The facts of a year that a measure is laid on.
    fn names(&self, year: i32) -> BTreeSet<&str> {
        let laid = self.measures.iter().filter_map(Measure::base);
        laid.filter(|(_, of)| year_of(*of, self.day) == year).map(|(fact, _)| fact).collect()
    }

    /// A page of lines by credit code and measure.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn page(
        &self,
        pool: &PgPool,
        scope: &Scope,
        filter: &Filter,
        position: Position<Key>,
        size: u16,
    ) -> Result<Page<Row, Key>, ReadError> {
        let mut connection = pool.acquire().await?;
        let (wanted, back) = (self.wanted(filter), position.is_back());
        // The one at which the last page ended may have lines left.
        let mut from = ReadFrom { position: position.by(|key| key.uscc.clone()), itself: true };
        let (mut rows, mut looked_at, mut ended_at) = (Vec::new(), 0, None);
        'pages: loop {
            let subjects = self.subjects(&mut connection, scope, filter, &from, BATCH).await?;
            let is_last = subjects.len() < usize::from(BATCH);
            looked_at += subjects.len();
            let furthest = subjects.last().map(|subject| subject.uscc.clone());
            for judged in self.batch(&mut connection, scope, subjects).await? {
                let mut of_one = rows_of(judged, &wanted, filter);
                if back {
                    of_one.reverse();
                }
                rows.extend(of_one.into_iter().filter(|row| position.lies_beyond(&row.key())));
                if rows.len() > usize::from(size) {
                    break 'pages;
                }
            }
            let Some(furthest) = furthest.filter(|_| !is_last) else { break };
            if looked_at >= LOOKED_AT {
                // Names of measures end before the tilde.
                let measure = if back { String::new() } else { "~".to_owned() };
                ended_at = Some(Key { uscc: furthest, measure });
                break;
            }
            let position = if back { Position::Before(furthest) } else { Position::After(furthest) };
            from = ReadFrom { position, itself: false };
        }
        let mut page = position.paginate(rows, size.into(), Row::key);
        if let Some(key) = ended_at {
            if back { page.previous = Some(key) } else { page.next = Some(key) }
        }
        Ok(page)
    }
}

pub(super) fn rows_of(judged: Judged, wanted: &BTreeMap<&str, &Measure>, filter: &Filter) -> Vec<Row> {
    let Judged { subject, results, receipt, accounts } = judged;
    let rows = results.lines.into_iter().filter_map(|line| {
        let measure = wanted.get(line.measure.as_str()).filter(|_| filter.takes(&line))?;
        Some(Row {
            subject: subject.clone(),
            title: measure.title.clone(),
            kind: measure.kind(),
            per_unit: line.rate.as_deref().and_then(|rate| measure.per_unit(rate.parse().ok()?)),
            executing: measure.executing,
            receipt: Arc::clone(&receipt),
            accounts: with(&accounts, Utility::of(measure.executing)),
            line,
        })
    });
    rows.collect()
}

/// The accounts with one of them.
fn with(accounts: &[OnDay], utility: Option<Utility>) -> Vec<OnDay> {
    accounts.iter().filter(|account| Some(account.utility) == utility).cloned().collect()
}

/// Everything that is asked of somebody by the measures of a day, each question once.
pub fn questions(measures: &[Measure]) -> Vec<&Condition> {
    let mut seen = BTreeSet::new();
    measures.iter().flat_map(|it| &it.conditions).filter(|it| seen.insert(it.key.as_str())).collect()
}

fn year_of(base_year: BaseYear, day: NaiveDate) -> i32 {
    match base_year {
        BaseYear::Acting => day.year(),
        BaseYear::Graded => graded_year(day),
    }
}

fn years_asked(measures: &[Measure], day: NaiveDate) -> BTreeSet<i32> {
    measures.iter().filter_map(Measure::base).map(|(_, of)| year_of(of, day)).collect()
}

/// Keeps receipts, each once: the lines of an enterprise share theirs.
///
/// # Errors
/// When the database does not answer.
pub async fn keep(connection: &mut PgConnection, act: &Act, receipts: &[&Receipt]) -> Result<(), ReadError> {
    let mut receipts = receipts.to_vec();
    receipts.dedup_by(|one, other| one.id == other.id);
    receipts::save_many(connection, act, &receipts).await?;
    Ok(())
}
