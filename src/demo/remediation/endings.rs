//! The two ways that rest on another register: land that was taken back, and an enterprise that another one took over.

use chrono::NaiveDate;

use super::{HANDLES, LISTED, Office, after, plan};
use crate::base::unit::Mu;
use crate::contract::event::EventKind;
use crate::contract::known::Contract;
use crate::contract::store as contracts;
use crate::demo::cases::people::morning;
use crate::demo::contracts::last_day;
use crate::demo::register::day;
use crate::enterprise::{Facts, change, store as enterprises};
use crate::parcel::SupplyStatus;
use crate::parcel::change::Grounds;
use crate::remediation::opening::{self, NewEntry};
use crate::remediation::plan::Plan;
use crate::remediation::store::subjects;
use crate::remediation::{Ground, SubjectKind, Way};
use crate::workflow::Number;

/// Land is entered so many days before its contract ends, and accepted so many after.
const ENTERED_BEFORE: u64 = 60;
const ACCEPTED_AFTER: u64 = 20;

impl Office<'_> {
    /// Idle land whose contract ended when it was taken back. Whether there was any.
    pub(super) async fn take_back(&self) -> anyhow::Result<bool> {
        let Some(Ended { contract, parcel, area, on }) = self.taken_back().await? else { return Ok(false) };
        let began = on - chrono::Days::new(ENTERED_BEFORE);
        let new = NewEntry {
            subject_kind: SubjectKind::Parcel,
            subject: parcel,
            ground: Ground::IdleLand,
            year: None,
            document: None,
            words: None,
        };
        let number = opening::open(&self.act(HANDLES, began, 0)?, &new, None).await?;
        let plan = Plan {
            contract: Some(contract),
            measures: "收回闲置土地使用权，重新供应（示例）".into(),
            ..plan(Way::TakeBack, began)
        };
        self.until_carried_out(number, plan, began).await?;
        self.accepted(number, after(on, ACCEPTED_AFTER)).await?;
        self.struck_off_freeing(number, after(on, 2 * ACCEPTED_AFTER), Some(area)).await?;
        Ok(true)
    }

    /// The first contract that ended so on land that is registered as idle.
    async fn taken_back(&self) -> anyhow::Result<Option<Ended>> {
        let known_at = morning(last_day(), 1);
        let mut batches = contracts::stream(self.pool.clone(), self.scope.clone(), known_at);
        while let Some(batch) = batches.recv().await {
            for contract in batch? {
                let Some(ended) = Ended::of(&contract) else { continue };
                let mut connection = self.pool.acquire().await?;
                let land = subjects::parcel(&mut connection, self.scope, &ended.parcel, ended.on).await?;
                if land.is_some_and(|land| land.supply_status == SupplyStatus::Idle.code()) {
                    return Ok(Some(ended));
                }
            }
        }
        Ok(None)
    }

    /// One of the list that another enterprise takes over: its entry in the register is changed on the way.
    pub(super) async fn merge(&self, number: Number) -> anyhow::Result<()> {
        let began = day(LISTED + 1, 7, 1);
        let plan = Plan {
            measures: "由同行业优势企业吸收合并，盘活用地（示例）".into(), ..plan(Way::Merge, began)
        };
        self.until_carried_out(number, plan, began).await?;
        self.take_over(number, after(began, 60)).await?;
        self.accepted(number, after(began, 90)).await?;
        self.struck_off(number, after(began, 100)).await
    }

    /// The enterprise goes on under another name.
    async fn take_over(&self, number: Number, on: NaiveDate) -> anyhow::Result<()> {
        let uscc = self.file(number).await?.subject;
        let versions = enterprises::versions(self.pool, self.scope, &uscc).await?;
        let now = versions.iter().find(|version| version.superseded_at.is_none() && version.valid.until.is_none());
        let now = now.ok_or_else(|| anyhow::anyhow!("{uscc} is not on record any more"))?;
        let facts = Facts { name: format!("{}（兼并重组）", now.name), ..Facts::of(now) };
        let grounds = Grounds {
            effective_on: on,
            reason: "兼并重组，企业登记变更（示例）".into(),
            source: "企业变更登记通知书（示例）".into(),
        };
        change::change(&self.act("tax", on, 0)?, &uscc, now.id, &facts, &grounds).await?;
        Ok(())
    }
}

/// A contract that ended when its land was taken back.
struct Ended {
    contract: String,
    parcel: String,
    area: Mu,
    on: NaiveDate,
}

impl Ended {
    fn of(contract: &Contract) -> Option<Self> {
        let event = contract.events.iter().find(|event| event.happening.kind() == EventKind::TakenBack)?;
        let terms = contract.terms_on(event.on)?;
        let parcel = terms.parcels.first()?.clone();
        Some(Ended { contract: contract.number.clone(), parcel, area: terms.granted_area, on: event.on })
    }
}
