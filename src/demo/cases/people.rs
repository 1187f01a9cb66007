//! Who carries the cases.

use chrono::{DateTime, Days, NaiveDate, TimeZone, Utc};

use crate::account::{self, Account, Act};
use crate::admission::case::Opinion;
use crate::db::{PgPool, Scope};

/// The people of the demonstration, by login.
pub struct People {
    pub accounts: Vec<Account>,
}

impl People {
    pub fn act(&self, pool: &PgPool, scope: &Scope, login: &str, now: DateTime<Utc>) -> anyhow::Result<Act> {
        let found = self.accounts.iter().find(|account| account.login == login);
        let found = found.ok_or_else(|| anyhow::anyhow!("there is no demonstration account {login}"))?;
        Ok(Act { pool: pool.clone(), scope: scope.clone(), actor: found.actor(), now })
    }

    /// Who gives opinions for a department.
    pub fn steward(&self, opinion: &Opinion) -> anyhow::Result<&str> {
        let of_department = |account: &&Account| {
            account.department == Some(opinion.department) && account.roles.contains(&account::Role::DataSteward)
        };
        let found = self.accounts.iter().find(of_department).map(|account| account.login.as_str());
        found.ok_or_else(|| anyhow::anyhow!("{} has no demonstration account", opinion.department))
    }
}

/// Nine o'clock in China, so many days after.
pub fn morning(of: NaiveDate, days: u64) -> DateTime<Utc> {
    Utc.from_utc_datetime(&(of + Days::new(days)).and_hms_opt(1, 0, 0).expect("one o'clock exists"))
}
