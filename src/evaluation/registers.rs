//! The registers beside the facts: entered on a document, withdrawn with a reason, never deleted. A run counts what stands when it is
//! computed, and keeps it.

pub mod change;
pub mod entering;
pub mod entry;
pub mod form;
pub mod listed;
pub mod lists;
pub mod platforms;

use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::account::Act;
use crate::account::audit::Deed;
use crate::base::code::Uscc;
use crate::db::withdrawal::Withdrawable;
use crate::db::{PgPool, Scope, layer};
use crate::enterprise::store::is_visible;
use crate::evaluation::store::registers::entries;
use crate::kept::store::withdraw as withdraw_row;
use crate::policy;
use crate::policy::store::PublishError;
use crate::policy::veto::VetoKind;
use crate::scoring::Scheme;
use crate::scoring::scheme::Category;
use entry::{ItemUnclear, NewClaim, NewCoefficient, NewExemption, NewVeto};

pub use entry::Register;

#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    #[error("没有信用代码为 {0} 的企业，或不在您的辖区内")]
    NoSuchEnterprise(Uscc),
    #[error("{}", .0.twice())]
    Twice(Register),
    #[error("没有这条{0}登记，或已撤销")]
    NotFound(Register),
    #[error("请写明撤销的理由")]
    NoReason,
    #[error("{year}年度没有{category}的评价方案")]
    NoScheme { category: Category, year: i32 },
    #[error(transparent)]
    Item(#[from] ItemUnclear),
    #[error("方案“{scheme}”没有“{asked}”档；可用：{}", known.join("、"))]
    Grade { scheme: String, asked: String, known: Vec<String> },
    #[error(transparent)]
    Published(#[from] PublishError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl Register {
    fn twice(self) -> &'static str {
        match self {
            Register::Vetoes => "同一企业、同一事由、同一日期、同一文件的否决已登记",
            Register::Exemptions => "同一企业、同一期间、同一文件的免评或保护期已登记",
            Register::Claims => "同一企业、同一年度、同一加减分项、同一文件已登记；次数有误的，请撤销后重新登记",
            Register::Coefficients => "该企业在该类别、年度已有修正系数；须更改的，请先撤销原登记",
        }
    }

    /// What the audit log calls an entry, and its withdrawal.
    pub fn actions(self) -> (&'static str, &'static str) {
        match self {
            Register::Vetoes => ("evaluation.veto", "evaluation.veto_withdrawn"),
            Register::Exemptions => ("evaluation.exemption", "evaluation.exemption_withdrawn"),
            Register::Claims => ("evaluation.claim", "evaluation.claim_withdrawn"),
            Register::Coefficients => ("evaluation.coefficient", "evaluation.coefficient_withdrawn"),
        }
    }

    /// Under which key an audit entry names the row.
    fn key(self) -> &'static str {
        match self {
            Register::Vetoes => "veto",
            Register::Exemptions => "exemption",
            Register::Claims => "claim",
            Register::Coefficients => "coefficient",
        }
    }
}

/// What may be entered.
pub trait NewEntry: Sync {
    const REGISTER: Register;

    fn uscc(&self) -> &Uscc;

    /// For the audit log.
    fn detail(&self) -> Value;

    /// Whether it was new.
    fn insert(
        &self,
        connection: &mut PgConnection,
        act: &Act,
        id: Uuid,
    ) -> impl Future<Output = Result<bool, sqlx::Error>> + Send;
}

/// Enters one.
///
/// # Errors
/// The enterprise is not on record, or the entry is.
pub async fn enter<E: NewEntry>(act: &Act, new: &E) -> Result<Uuid, RegisterError> {
    let uscc = new.uscc();
    if !is_visible(&act.pool, &act.scope, uscc.as_str()).await? {
        return Err(RegisterError::NoSuchEnterprise(uscc.clone()));
    }
    let mut transaction = act.begin().await?;
    let id = enter_within(&mut transaction, act, new).await?;
    transaction.commit().await?;
    Ok(id)
}

/// Enters one of an enterprise that is on record, in the transaction of what it follows from.
///
/// # Errors
/// The entry is on record.
pub async fn enter_within<E: NewEntry>(
    connection: &mut PgConnection,
    act: &Act,
    new: &E,
) -> Result<Uuid, RegisterError> {
    let id = Uuid::now_v7();
    // Beside an import of a list, as for every register.
    layer::take_turns(connection, &act.scope, E::REGISTER.code()).await?;
    if !new.insert(connection, act, id).await? {
        return Err(RegisterError::Twice(E::REGISTER));
    }
    let mut detail = new.detail();
    detail[E::REGISTER.key()] = json!(id);
    let (action, _) = E::REGISTER.actions();
    act.record(connection, deed(action, new.uscc().as_str(), detail)).await?;
    Ok(id)
}

/// Withdraws one, which stays on record with the reason. Runs that counted it keep it.
///
/// # Errors
/// No reason, or somebody withdrew it before.
pub async fn withdraw(act: &Act, register: Register, id: Uuid, reason: &str) -> Result<(), RegisterError> {
    if reason.is_empty() {
        return Err(RegisterError::NoReason);
    }
    let mut transaction = act.begin().await?;
    let of = (Withdrawable(register.table()), "uscc");
    let uscc = withdraw_row(&mut transaction, act, of, id, reason).await?;
    let uscc = uscc.ok_or(RegisterError::NotFound(register))?;
    if !is_visible(&act.pool, &act.scope, &uscc).await? {
        return Err(RegisterError::NotFound(register));
    }
    let mut detail = json!({ "reason": reason });
    detail[register.key()] = json!(id);
    let (_, action) = register.actions();
    act.record(&mut transaction, deed(action, &uscc, detail)).await?;
    Ok(transaction.commit().await?)
}

fn deed<'a>(action: &'a str, subject: &'a str, detail: Value) -> Deed<'a> {
    Deed { action, subject_kind: "enterprise", subject, detail }
}

/// The kinds of veto that the district goes by.
///
/// # Errors
/// When the database does not answer.
pub async fn veto_kinds(pool: &PgPool, scope: &Scope) -> Result<Vec<VetoKind>, PublishError> {
    Ok(policy::store::current(pool, &scope.district).await?.veto_kinds.clone())
}

/// The scheme by which a category is evaluated in a year, an example where there is no other.
///
/// # Errors
/// There is none.
pub async fn scheme_of(pool: &PgPool, scope: &Scope, category: Category, year: i32) -> Result<Scheme, RegisterError> {
    let catalogue = policy::store::current(pool, &scope.district).await?;
    let found = catalogue.schemes.holding_or_example(category, year);
    found.map(|(_, scheme)| scheme.clone()).ok_or(RegisterError::NoScheme { category, year })
}

impl NewEntry for NewVeto {
    const REGISTER: Register = Register::Vetoes;

    fn uscc(&self) -> &Uscc {
        &self.uscc
    }

    fn detail(&self) -> Value {
        json!({ "kind": self.kind, "happened_on": self.happened_on, "document": self.document })
    }

    async fn insert(&self, connection: &mut PgConnection, act: &Act, id: Uuid) -> Result<bool, sqlx::Error> {
        entries::insert_veto(connection, act, id, self).await
    }
}

impl NewEntry for NewExemption {
    const REGISTER: Register = Register::Exemptions;

    fn uscc(&self) -> &Uscc {
        &self.uscc
    }

    fn detail(&self) -> Value {
        let to = self.valid.until.and_then(|day| day.pred_opt());
        json!({ "kind": self.kind.code(), "from": self.valid.from, "to": to, "document": self.document })
    }

    async fn insert(&self, connection: &mut PgConnection, act: &Act, id: Uuid) -> Result<bool, sqlx::Error> {
        entries::insert_exemption(connection, act, id, self).await
    }
}

impl NewEntry for NewClaim {
    const REGISTER: Register = Register::Claims;

    fn uscc(&self) -> &Uscc {
        &self.uscc
    }

    fn detail(&self) -> Value {
        json!({
            "category": self.category.code(), "year": self.year, "side": self.side.code(), "item": self.item,
            "times": self.times.normalize().to_string(), "document": self.document,
        })
    }

    async fn insert(&self, connection: &mut PgConnection, act: &Act, id: Uuid) -> Result<bool, sqlx::Error> {
        entries::insert_claim(connection, act, id, self).await
    }
}

impl NewEntry for NewCoefficient {
    const REGISTER: Register = Register::Coefficients;

    fn uscc(&self) -> &Uscc {
        &self.uscc
    }

    fn detail(&self) -> Value {
        json!({
            "category": self.category.code(), "year": self.year, "value": self.value.normalize().to_string(),
            "document": self.document,
        })
    }

    async fn insert(&self, connection: &mut PgConnection, act: &Act, id: Uuid) -> Result<bool, sqlx::Error> {
        entries::insert_coefficient(connection, act, id, self).await
    }
}
