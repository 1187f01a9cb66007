//! The evaluation of the invented district: a leading group, a scheme of its own, what is entered beside the figures, official
//! results of two years and a trial of the third, carried there by the same functions that officers' pages call.

mod choice;
mod group;
mod own_scheme;

use chrono::{DateTime, NaiveDate, Utc};

use super::cases::people::{People, morning};
use super::register::day;
use crate::account::{self, Act};
use crate::base::code::Uscc;
use crate::base::period::Period;
use crate::db::{PgPool, Scope};
use crate::evaluation::entry::{ClaimSide, ExemptionKind, NewChange, NewClaim, NewExemption, NewVeto};
use crate::evaluation::{case, change, commands, register};
use crate::scoring::Scheme;
use crate::scoring::scheme::Category;
use choice::{Chosen, choose};

/// Years with an official result.
const OFFICIAL: [i32; 2] = [2022, 2023];
const TRIED: i32 = 2024;
/// The categories that the text rules itself, and who leads each.
const CATEGORIES: [(Category, &str); 3] = [
    (Category::IndustryAbove, "evaluator"),
    (Category::IndustryBelow, "evaluator"),
    (Category::ServicesAbove, "evaluator-services"),
];

/// What a load has made, in rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    pub official: usize,
    pub trials: usize,
}

/// Loads them into the demonstration district, whose accounts must be there.
///
/// # Errors
/// When the database refuses, or a step that the plan takes is not allowed.
pub async fn load(pool: &PgPool, scope: &Scope) -> anyhow::Result<Counts> {
    let office = Office { pool, scope, people: People { accounts: account::store::list(pool, scope).await? } };
    group::convene(&office).await?;
    own_scheme::publish(&office).await?;
    for year in OFFICIAL {
        office.enter(year).await?;
        for (category, lead) in CATEGORIES {
            office.make_official(category, lead, year).await?;
        }
    }
    office.enter(TRIED).await?;
    for (category, lead) in CATEGORIES {
        let scheme = office.scheme(category, TRIED).await?;
        let act = office.act(lead, day(TRIED + 1, 6, 20), 1)?;
        commands::compute(&act, &scheme, TRIED, true).await?;
    }
    own_scheme::hand_in(&office).await?;
    Ok(Counts { official: OFFICIAL.len() * CATEGORIES.len(), trials: CATEGORIES.len() })
}

struct Office<'a> {
    pool: &'a PgPool,
    scope: &'a Scope,
    people: People,
}

impl Office<'_> {
    /// Somebody acting so many hours into a working day.
    fn act(&self, login: &str, on: NaiveDate, hours: i64) -> anyhow::Result<Act> {
        let at: DateTime<Utc> = morning(on, 0) + chrono::Duration::hours(hours);
        self.people.act(self.pool, self.scope, login, at)
    }

    async fn scheme(&self, category: Category, year: i32) -> anyhow::Result<Scheme> {
        let schemes = commands::schemes(self.pool, &self.scope.district).await?;
        let found = schemes.meant(category.code(), year).map(|(_, scheme)| scheme.clone());
        found.ok_or_else(|| anyhow::anyhow!("no scheme evaluates {category} in {year}"))
    }

    /// What the departments find of the enterprises of a year, before it is computed.
    async fn enter(&self, year: i32) -> anyhow::Result<()> {
        let scheme = self.scheme(Category::IndustryAbove, year).await?;
        let chosen = choose(self, &scheme, year).await?;
        let on = day(year + 1, 5, 10);
        self.veto(&chosen.among_the_best, year).await?;
        self.veto(&chosen.in_the_middle, year).await?;
        self.exempt(&chosen.exempted, year, on).await?;
        self.prove(&chosen.just_missed, year, on).await?;
        if year != TRIED {
            self.change(&chosen, year, on).await?;
        }
        Ok(())
    }

    /// One kind a year, each by the department that finds it.
    async fn veto(&self, uscc: &Uscc, year: i32) -> anyhow::Result<()> {
        use crate::account::Department::{Environment, Safety, Tax};
        let (kind, login, department) = match year % 3 {
            0 => ("safety_accident", "safety", Safety),
            1 => ("tax_offence", "tax", Tax),
            _ => ("environmental_indicators", "environment", Environment),
        };
        let happened_on = day(year, 9, 12);
        let new = NewVeto {
            uscc: uscc.clone(),
            kind: kind.to_owned(),
            happened_on,
            valid: Period { from: Some(happened_on), until: Some(day(year + 1, 1, 1)) },
            department,
            document: format!("示例认定书〔{year}〕{}号", &uscc.as_str()[9..17]),
        };
        register::enter(&self.act(login, day(year + 1, 2, 20), 0)?, &new).await?;
        Ok(())
    }

    async fn exempt(&self, uscc: &Uscc, year: i32, on: NaiveDate) -> anyhow::Result<()> {
        let valid = Period { from: Some(day(year, 7, 1)), until: Some(day(year + 1, 7, 1)) };
        let document = format!("示例名单〔{}〕2号", year + 1);
        let new = NewExemption { uscc: uscc.clone(), kind: ExemptionKind::Protection, valid, document };
        register::enter(&self.act("evaluator", on, 1)?, &new).await?;
        Ok(())
    }

    async fn prove(&self, uscc: &Uscc, year: i32, on: NaiveDate) -> anyhow::Result<()> {
        let new = NewClaim {
            uscc: uscc.clone(),
            category: Category::IndustryAbove,
            year,
            side: ClaimSide::Bonus,
            item: own_scheme::LEADS_INNOVATION.to_owned(),
            times: 1.into(),
            document: format!("示例证书〔{year}〕7号"),
        };
        register::enter(&self.act("evaluator", on, 2)?, &new).await?;
        Ok(())
    }

    /// By a document, proposed by one person and approved by another.
    async fn change(&self, chosen: &Chosen, year: i32, on: NaiveDate) -> anyhow::Result<()> {
        let new = NewChange {
            uscc: chosen.lifted.clone(),
            category: Category::IndustryAbove,
            year,
            grade: "B".to_owned(),
            document: format!("示例会议纪要〔{}〕4号", year + 1),
            why: "重大技改项目投产初期，经核实（示例）".to_owned(),
        };
        let id = change::propose(&self.act("evaluator", on, 3)?, &new).await?;
        change::approve(&self.act("office", on, 4)?, change::Seen { change: id, version: 1 }).await?;
        Ok(())
    }

    async fn make_official(&self, category: Category, lead: &str, year: i32) -> anyhow::Result<()> {
        let scheme = self.scheme(category, year).await?;
        let act = self.act(lead, day(year + 1, 6, 20), 0)?;
        let run = commands::compute(&act, &scheme, year, false).await?.id;
        case::propose(&self.act(lead, day(year + 1, 6, 21), 0)?, case::Seen { run, version: 1 }).await?;
        let signs = self.act("office", day(year + 1, 7, 12), 0)?;
        case::sign(&signs, case::Seen { run, version: 2 }, &group::signature_of(year)).await?;
        Ok(())
    }
}
