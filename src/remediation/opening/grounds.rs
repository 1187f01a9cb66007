//! One that is entered by hand: looked up, and its ground held against the registers.

use chrono::NaiveDate;

use super::NewEntry;
use super::candidate::{Borne, Candidate, Candidates, Named};
use crate::account::{Act, Department};
use crate::admission::{IndustryCode, prohibited};
use crate::base::code::{ParcelCode, Uscc};
use crate::enforcement;
use crate::enforcement::store::findings::{Finding, of_subject as findings_of};
use crate::enterprise::EnterpriseState;
use crate::low_efficiency::list::{Entry, ListQuery};
use crate::low_efficiency::{Line, store as list};
use crate::policy;
use crate::policy::catalogue::Catalogue;
use crate::remediation::proof::{EnforcementFound, Found, LineOf, YearFigure};
use crate::remediation::rules::Subject;
use crate::remediation::store::subjects;
use crate::remediation::wording::{self, RemediationError};
use crate::remediation::{Ground, SubjectKind};

/// The grade of 二(一)4 that is put right or given up.
pub const LOWEST: &str = "D";

pub async fn find(act: &Act, new: &NewEntry, department: Option<Department>) -> Result<Candidate, RemediationError> {
    let today = act.today();
    let named = match new.subject_kind {
        SubjectKind::Enterprise => enterprise(act, new, today).await?,
        SubjectKind::Parcel => parcel(act, new, today).await?,
    };
    let borne = match new.ground {
        Ground::BelowLine => on_the_list(act, new).await?,
        Ground::GradeD => in_the_result(act, new).await?,
        Ground::IdleLand | Ground::LowEfficiencyLand => of_land(act, new, department, today).await?,
        // Whatever the registers do not bear out is stated on a document.
        Ground::Breach | Ground::OutputReviewFailed | Ground::BackwardCapacity | Ground::JointEnforcement
            if new.document.is_none() =>
        {
            borne_by_registers(act, new, today).await?
        }
        _ => stated(new, department)?,
    };
    let candidates = Candidates::of(&act.pool, &act.scope.district, today).await?;
    Ok(candidates.candidate(named, borne)?)
}

async fn enterprise(act: &Act, new: &NewEntry, today: NaiveDate) -> Result<Named, RemediationError> {
    let no_such = || wording::no_such_enterprise(&new.subject);
    let code: Uscc = Uscc::confirmed(&new.subject).map_err(|_| no_such())?;
    let codes = [code.as_str().to_owned()];
    let mut connection = act.pool.acquire().await?;
    let found = subjects::enterprises(&mut connection, &act.scope, &codes, today).await?;
    let found = found.into_iter().next().ok_or_else(no_such)?;
    let left = Some(found.state).filter(|state| *state != EnterpriseState::Operating);
    let (kind, subject) = (SubjectKind::Enterprise, new.subject.clone());
    Ok(Named { kind, subject, name: found.name, subdistrict: found.subdistrict, left })
}

async fn parcel(act: &Act, new: &NewEntry, today: NaiveDate) -> Result<Named, RemediationError> {
    let no_such = || wording::no_such_parcel(&new.subject);
    let code: ParcelCode = new.subject.parse().map_err(|_| no_such())?;
    let mut connection = act.pool.acquire().await?;
    let found = subjects::parcel(&mut connection, &act.scope, code.as_str(), today).await?;
    let Some(found) = found else {
        let into = subjects::successors(&mut connection, &act.scope, code.as_str()).await?;
        if into.is_empty() {
            return Err(no_such().into());
        }
        return Err(wording::subject_is_gone(&Subject::Gone(into)).into());
    };
    let (kind, subject) = (SubjectKind::Parcel, new.subject.clone());
    let name = found.name.unwrap_or_else(|| subject.clone());
    Ok(Named { kind, subject, name, subdistrict: Some(found.subdistrict), left: None })
}

async fn on_the_list(act: &Act, new: &NewEntry) -> Result<Borne, RemediationError> {
    let year = year_of(new)?;
    let line = list::line_of(&act.pool, year).await?;
    let query = ListQuery::of_year(year);
    let entry = list::entry(&act.pool, &act.scope, &query, &line, &new.subject).await?;
    let entry = entry.ok_or_else(|| {
        wording::not_borne_out("year", format!("{year}年度的清单中没有这家企业，不能以此事由列入；请核对年度"))
    })?;
    if !entry.judgement.low_efficiency {
        let words =
            format!("{}；不能以此事由列入，请核对年度或数据", entry.judgement.explanation.trim_end_matches('。'));
        return Err(wording::not_borne_out("year", words).into());
    }
    Ok(below_the_line(&entry, &line))
}

/// What the list of a year says of somebody.
pub fn below_the_line(entry: &Entry, line: &Line) -> Borne {
    Borne {
        ground: Ground::BelowLine,
        year: Some(entry.facts.year),
        document: None,
        found: Found::List(YearFigure::of(entry)),
        words: entry.judgement.explanation.clone(),
        line: Some(LineOf::from(line)),
    }
}

async fn in_the_result(act: &Act, new: &NewEntry) -> Result<Borne, RemediationError> {
    let year = year_of(new)?;
    let mut connection = act.pool.acquire().await?;
    let found = subjects::graded(&mut connection, &act.scope, (&new.subject, year as i16, LOWEST)).await?;
    let Some((run, graded)) = found.into_iter().next() else {
        let words = format!("{year}年度的正式评价结果没有将该企业列为{LOWEST}档，不能以此事由列入；请核对年度");
        return Err(wording::not_borne_out("year", words).into());
    };
    Ok(lowest_grade(year, &run, &graded))
}

/// What the official result of a year says of somebody.
pub fn lowest_grade(year: i32, run: &subjects::Official, graded: &subjects::Graded) -> Borne {
    let found = Found::Result {
        year,
        category: run.category.clone(),
        grade: graded.grade.clone(),
        run: run.id.to_string(),
        receipt: run.receipt.clone(),
    };
    let words = format!("{year}年度亩均效益综合评价正式结果为{}档，得分{}", graded.grade, graded.score);
    Borne { ground: Ground::GradeD, year: Some(year), document: None, found, words, line: None }
}

/// Land that the register of parcels calls idle or low-efficiency needs no document.
async fn of_land(
    act: &Act,
    new: &NewEntry,
    department: Option<Department>,
    today: NaiveDate,
) -> Result<Borne, RemediationError> {
    let mut connection = act.pool.acquire().await?;
    if new.subject_kind == SubjectKind::Parcel && new.document.is_none() {
        let found = subjects::parcel(&mut connection, &act.scope, &new.subject, today).await?;
        let status = found.map(|parcel| parcel.supply_status).unwrap_or_default();
        let asked = if new.ground == Ground::IdleLand { "idle" } else { "low_efficiency" };
        if status != asked {
            let words = format!("宗地台账没有将该宗地登记为“{}”；请填写认定文件，或先变更宗地信息", new.ground);
            return Err(wording::not_borne_out("document", words).into());
        }
        let words = format!("宗地台账登记为“{}”", new.ground);
        let found = Found::Register { supply_status: status };
        return Ok(Borne { ground: new.ground, year: None, document: None, found, words, line: None });
    }
    stated(new, department)
}

/// By the contracts that somebody holds, or by the industry.
async fn borne_by_registers(act: &Act, new: &NewEntry, today: NaiveDate) -> Result<Borne, RemediationError> {
    if new.subject_kind == SubjectKind::Parcel {
        return Err(wording::missing("document", "以宗地列入的，请填写认定文件").into());
    }
    let mut connection = act.pool.acquire().await?;
    let (scope, uscc) = (&act.scope, new.subject.as_str());
    let found = match new.ground {
        Ground::Breach => subjects::breach(&mut connection, scope, uscc).await?.map(of_breach),
        Ground::OutputReviewFailed => subjects::failed_review(&mut connection, scope, uscc).await?.map(of_review),
        Ground::JointEnforcement => of_enforcement(findings_of(&mut connection, scope, uscc).await?),
        _ => {
            let industry = subjects::industry(&mut connection, scope, uscc, today).await?;
            drop(connection);
            let catalogue = policy::store::current(&act.pool, &scope.district).await?;
            industry.and_then(|industry| of_directory(&catalogue, industry, today))
        }
    };
    let Some((found, words)) = found else {
        let words = format!("台账没有该企业“{}”的记录；请填写认定文件和事实，或先在相应台账中登记", new.ground);
        return Err(wording::not_borne_out("document", words).into());
    };
    Ok(Borne { ground: new.ground, year: None, document: None, found, words, line: None })
}

fn of_breach(breach: subjects::Breached) -> (Found, String) {
    let subjects::Breached { contract, due, state } = breach;
    let words = format!("出让合同 {contract} 于 {due} 到期的义务违约，违约案卷{state}");
    (Found::Breach { contract, due, state: state.code().to_owned() }, words)
}

fn of_review(review: subjects::FailedReview) -> (Found, String) {
    let subjects::FailedReview { contract, reviewed_on, receipt } = review;
    let words = format!("出让合同 {contract} 的项目达产复核（{reviewed_on}）未通过");
    (Found::Review { contract, reviewed_on, receipt }, words)
}

/// Only what departments took up, and what is not put right.
fn of_enforcement(findings: Vec<Finding>) -> Option<(Found, String)> {
    let stands = |finding: &&Finding| matches!(finding.state, enforcement::State::Filed | enforcement::State::Ordered);
    let found = |finding: &Finding| EnforcementFound {
        no: finding.number().to_string(),
        department: finding.department.code().to_owned(),
        found_on: finding.found_on,
        state: finding.state.code().to_owned(),
        words: finding.words.clone(),
    };
    let named = |finding: &Finding| format!("{}（{}，{}）", finding.words, finding.department, finding.number());
    let standing: Vec<&Finding> = findings.iter().filter(stands).collect();
    let words = standing.iter().map(|it| named(it)).collect::<Vec<_>>().join("；");
    let findings: Vec<EnforcementFound> = standing.into_iter().map(found).collect();
    let words = format!("联合执法查处、尚未整改的问题 {} 件：{words}", findings.len());
    (!findings.is_empty()).then_some((Found::Enforcement { findings }, words))
}

/// Only what the directory gives up as a whole industry; where it depends on product or process, a person says it on a document.
fn of_directory(catalogue: &Catalogue, industry: IndustryCode, today: NaiveDate) -> Option<(Found, String)> {
    let entry = prohibited(catalogue, &industry, today)?;
    let words = format!("行业（{}）属于{}“{}”", industry.code, entry.class, entry.wording);
    let (document, article) = (entry.document.clone(), entry.article.clone());
    let IndustryCode { code, edition } = industry;
    Some((Found::Directory { entry: entry.id.clone(), document, article, edition, industry: code }, words))
}

fn stated(new: &NewEntry, department: Option<Department>) -> Result<Borne, RemediationError> {
    let document = new.document.clone();
    let words = new.words.clone();
    let mut faults = Vec::new();
    if document.is_none() {
        faults.push(wording::missing("document", "请填写列入所依据的文件（文号）"));
    }
    if words.is_none() {
        faults.push(wording::missing("words", "请填写列入的事实：何时、由谁发现了什么"));
    }
    let (Some(document), Some(words)) = (document, words) else { return Err(RemediationError::Refused(faults)) };
    let department = department.map(|department| department.code().to_owned());
    let found = Found::Stated { department, document: document.clone(), words: words.clone() };
    Ok(Borne { ground: new.ground, year: None, document: Some(document), found, words, line: None })
}

fn year_of(new: &NewEntry) -> Result<i32, RemediationError> {
    if new.subject_kind == SubjectKind::Parcel {
        return Err(wording::wrong("subject_kind", format!("“{}”是企业的事由，请以企业列入", new.ground)).into());
    }
    Ok(new.year.ok_or_else(|| wording::missing("year", "请填写所属年度"))?)
}
