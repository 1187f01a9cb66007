//! Accounts with power, water and gas: the number under which whoever carries a measure out knows an enterprise. An enterprise may
//! have several; a meter that several share says so, with the share of each.

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::store::accounts;
use super::utility::{NewAccount, Shared, too_much};
use crate::account::Act;
use crate::account::audit::Deed;
use crate::base::code::Uscc;
use crate::enterprise;
use crate::kept::dated::Dated;

pub const ACCOUNTS: Dated =
    Dated { table: accounts::TABLE, action: "measures.account_withdrawn", subject_kind: "utility_account" };

#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error("没有信用代码为 {0} 的企业，或不在您的辖区内")]
    NoSuchEnterprise(Uscc),
    #[error("该企业在这一期间已登记这一户号")]
    Twice,
    #[error(
        "这一户号在这一期间已登记给另一企业；几家共用一表的，每家都须填写分摊比例，请先终止或撤销原登记再按共用登记"
    )]
    OfAnother,
    #[error("这一户号各企业的分摊比例在{0}合计超过100%")]
    TooMuch(NaiveDate),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// # Errors
/// There is no such enterprise, or the account is of another and nobody says that it is shared.
pub async fn enter(act: &Act, new: &NewAccount) -> Result<Uuid, AccountError> {
    let id = Uuid::now_v7();
    if !enterprise::store::is_visible(&act.pool, &act.scope, new.uscc.as_str()).await? {
        return Err(AccountError::NoSuchEnterprise(new.uscc.clone()));
    }
    let mut transaction = act.begin().await?;
    accounts::take_turns(&mut transaction, &act.scope).await?;
    if let Some(share) = new.share {
        let others = accounts::shares(&mut transaction, &act.scope, new).await?;
        let own = Shared { share, valid: new.valid };
        if let Some(day) = too_much(&own, &others) {
            return Err(AccountError::TooMuch(day));
        }
    }
    accounts::insert(&mut transaction, act, id, new).await.map_err(refused)?;
    let detail = json!({
        "account": id, "body": new.utility.code(), "uscc": new.uscc.as_str(), "share": new.share, "document": new.document,
    });
    let subject = new.customer.as_str();
    let deed = Deed { action: "measures.account", subject_kind: ACCOUNTS.subject_kind, subject, detail };
    act.record(&mut transaction, deed).await?;
    transaction.commit().await?;
    Ok(id)
}

fn refused(error: sqlx::Error) -> AccountError {
    let constraint = match &error {
        sqlx::Error::Database(error) => error.constraint(),
        _ => None,
    };
    match constraint {
        Some("utility_account_once") => AccountError::Twice,
        Some("utility_account_alone" | "utility_account_mixed") => AccountError::OfAnother,
        _ => error.into(),
    }
}
