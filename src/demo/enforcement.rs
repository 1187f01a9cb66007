//! Joint enforcement in the invented town: one campaign of three departments among those below the line, with visits, findings in each
//! state and a veto that waits, by the same functions that officers' pages call. All of it is synthetic.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use uuid::Uuid;

use super::cases::people::{People, morning};
use super::register::day;
use crate::account::{self, Act, Department};
use crate::db::keyset::Position;
use crate::db::{PgPool, Scope};
use crate::enforcement::handing_over::{self, Seen};
use crate::enforcement::steps::{self, Told};
use crate::enforcement::store::campaigns::{Campaign, NewCampaign};
use crate::enforcement::store::findings::{Finding, of_target};
use crate::enforcement::store::targets::{Present, Target, TargetFilter, page};
use crate::enforcement::store::vetoes::NewProposal;
use crate::enforcement::{Step, campaigns, listing, vetoes};
use crate::inspection::checklist::{Checklists, Item};
use crate::inspection::store::{record, task as inspection_of};
use crate::inspection::{self, Answer, ItemAnswer};

const TOGETHER: [Department; 3] = [Department::Tax, Department::Environment, Department::Safety];
/// Whose list is gone through.
const YEAR: i32 = 2024;
const LISTED: usize = 9;
const OPENS: &str = "evaluator";
const GOES_THERE: &str = "inspector";

/// What a load has made, in rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    pub targets: usize,
    pub visited: usize,
    pub findings: usize,
}

/// Loads it into the demonstration district, whose accounts must be there.
///
/// # Errors
/// When the database refuses, or a step is not allowed.
pub async fn load(pool: &PgPool, scope: &Scope) -> anyhow::Result<Counts> {
    let people = People { accounts: account::store::list(pool, scope).await? };
    let office = Office { pool, scope, people };
    let opened = day(2026, 11, 2);
    let campaign = office.open(opened).await?;
    let mut codes = listing::below_line(&office.act(OPENS, opened, 0)?, YEAR).await?;
    codes.sort_unstable();
    codes.truncate(LISTED);
    listing::add(&office.act(OPENS, opened, 10)?, &campaign, &codes).await?;
    let filter = TargetFilter { campaign: Some(campaign.number()), ..TargetFilter::default() };
    let listed = page(pool, scope, &filter, &Position::Start, 100).await?.rows;
    let mut counts = Counts { targets: listed.len(), visited: 0, findings: 0 };
    for (place, target) in listed.iter().enumerate().take(listed.len().saturating_sub(2)) {
        counts.visited += 1;
        counts.findings += office.visit(place, target).await?;
    }
    Ok(counts)
}

struct Office<'a> {
    pool: &'a PgPool,
    scope: &'a Scope,
    people: People,
}

impl Office<'_> {
    fn act(&self, login: &str, on: NaiveDate, minutes: i64) -> anyhow::Result<Act> {
        let at: DateTime<Utc> = morning(on, 0) + Duration::minutes(minutes);
        self.people.act(self.pool, self.scope, login, at)
    }

    async fn open(&self, on: NaiveDate) -> anyhow::Result<Campaign> {
        let act = self.act(OPENS, on, 0)?;
        let inspector = self.act(GOES_THERE, on, 0)?.person()?;
        let new = NewCampaign {
            name: "2026年低效企业联合执法（示例）".into(),
            document: "示例联执〔2026〕1号".into(),
            lead: Department::Environment,
            departments: TOGETHER.to_vec(),
            due: day(2026, 12, 15),
            inspector,
        };
        let number = campaigns::open(&act, &new).await?;
        Ok(campaigns::of_number(&act, &number.to_string()).await?)
    }

    /// The last one visited waits to be handed over; one was handed over late, one could not be seen by a department, one was in order.
    async fn visit(&self, place: usize, target: &Target) -> anyhow::Result<usize> {
        let on = day(2026, 11, 3) + chrono::Days::new(place as u64);
        self.report(place, target, on).await?;
        if place == LISTED - 3 {
            return Ok(0);
        }
        let handed = if place == 2 { on + chrono::Days::new(2) } else { on };
        let present: Present =
            TOGETHER.iter().map(|it| (it.code().to_owned(), "合成执法员甲、合成执法员乙".to_owned())).collect();
        let seen = Seen { id: target.id, version: target.version };
        handing_over::hand_over(&self.act(OPENS, handed, 300)?, seen, &present).await?;
        let findings = of_target(self.pool, self.scope, target.id).await?;
        for finding in &findings {
            self.carry(place, finding, handed).await?;
        }
        Ok(findings.len())
    }

    async fn report(&self, place: usize, target: &Target, on: NaiveDate) -> anyhow::Result<()> {
        let act = self.act(GOES_THERE, on, 60)?;
        let task = inspection_of(self.pool, self.scope, target.task).await?;
        let task = task.ok_or_else(|| anyhow::anyhow!("the visit of {} is gone", target.uscc))?;
        let checklist = Checklists::embedded().edition(&task.checklist);
        let checklist = checklist.ok_or_else(|| anyhow::anyhow!("no checklist {}", task.checklist))?;
        let item = |(index, item): (usize, &Item)| {
            let answer = match (place, item.department) {
                (1, Some(Department::Tax)) => Answer::NotSeen,
                (3, _) => Answer::Pass,
                _ if (index + place) % 4 == 1 => Answer::Fail,
                _ => Answer::Pass,
            };
            let comment = (answer == Answer::Fail).then(|| format!("现场与要求不符：{}（示例）", item.text));
            ItemAnswer { item: item.code.clone(), answer, figure: None, comment }
        };
        let finding = inspection::Finding {
            answers: checklist.items.iter().enumerate().map(item).collect(),
            note: Some("示例，虚构数据".into()),
            device_at: act.now,
            position: None,
            photos: Vec::new(),
        };
        let mut transaction = self.pool.begin().await?;
        record(&mut transaction, &act, (target.task, Uuid::now_v7()), &finding).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// As far as the place on the list says: filed, ordered, fined; one proposes a veto.
    async fn carry(&self, place: usize, finding: &Finding, handed: NaiveDate) -> anyhow::Result<()> {
        let login = match finding.department {
            Department::Environment => "environment",
            Department::Safety => "safety",
            _ => "tax",
        };
        let on = handed + chrono::Days::new(2);
        let act = self.act(login, on, 0)?;
        let told = |step, document: &str| Told {
            step,
            on,
            words: format!("{step}（示例）"),
            document: Some(document.to_owned()),
            due: Some(day(2026, 12, 31)),
            fine_yuan: None,
        };
        let seen = |version| steps::Seen { id: finding.id, version, department: Some(finding.department) };
        if place % 3 == 1 {
            return Ok(());
        }
        steps::take(&act, seen(1), &told(Step::File, "示例立〔2026〕3号")).await?;
        if place.is_multiple_of(3) {
            steps::take(&act, seen(2), &told(Step::Order, "示例责改〔2026〕5号")).await?;
            let fine = Told { fine_yuan: Some(20_000.into()), ..told(Step::Fine, "示例罚〔2026〕2号") };
            steps::take(&act, seen(3), &fine).await?;
        }
        if place == 2 && finding.department == Department::Safety {
            let new = NewProposal {
                kind: "safety_accident".into(),
                happened_on: finding.found_on,
                document: "示例认〔2026〕1号".into(),
                words: "经认定为重大安全生产事故，建议登记否决（示例）".into(),
            };
            vetoes::propose(&act, (finding, Some(finding.department)), &new).await?;
        }
        Ok(())
    }
}
