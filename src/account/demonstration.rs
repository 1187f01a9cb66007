//! Accounts of the demonstration district: each role, and each department that reviews; all with the same published password.

use chrono::{DateTime, Utc};

use super::{Department, NewAccount, Role, password, store};
use crate::db::{PgPool, Scope};

/// Published in the README; `muheng doctor` complains while an account still has it.
pub const DEMONSTRATION_PASSWORD: &str = "muheng-demo-2026";

/// Login, name, role, department, sub-district.
type Demonstrator = (&'static str, &'static str, Role, Option<Department>, Option<&'static str>);

const ACCOUNTS: [Demonstrator; 19] = [
    ("admission", "示例准入审查员", Role::AdmissionOfficer, Some(Department::Land), None),
    ("approver", "示例审批人", Role::Approver, Some(Department::Land), None),
    ("inspector", "示例巡查员", Role::Inspector, Some(Department::Land), None),
    ("contract", "示例合同管理员", Role::ContractClerk, Some(Department::Land), None),
    ("evaluator", "示例综合评价员", Role::Evaluator, Some(Department::EconomyAndTourism), None),
    ("evaluator-services", "示例服务业评价员", Role::Evaluator, Some(Department::DevelopmentAndReform), None),
    ("evaluator-science", "示例平台与高企评价员", Role::Evaluator, Some(Department::Science), None),
    ("evaluator-land", "示例低效用地评价员", Role::Evaluator, Some(Department::Land), None),
    ("office", "示例领导小组办公室", Role::GroupOffice, Some(Department::EconomyAndTourism), None),
    ("tax", "示例税务数据管理员", Role::DataSteward, Some(Department::Tax), None),
    ("statistics", "示例统计数据管理员", Role::DataSteward, Some(Department::Statistics), None),
    ("land", "示例国土意见经办人", Role::DataSteward, Some(Department::Land), None),
    ("industry", "示例经旅意见经办人", Role::DataSteward, Some(Department::EconomyAndTourism), None),
    ("reform", "示例发改意见经办人", Role::DataSteward, Some(Department::DevelopmentAndReform), None),
    ("environment", "示例环保意见经办人", Role::DataSteward, Some(Department::Environment), None),
    ("safety", "示例安监意见经办人", Role::DataSteward, Some(Department::Safety), None),
    ("changqing", "示例长庆街道经办人", Role::SubdistrictClerk, None, Some("330105014")),
    ("auditor", "示例审计员", Role::Auditor, None, None),
    ("admin", "示例系统管理员", Role::Administrator, None, None),
];

/// Creates the accounts that are not there yet.
pub async fn create_demonstration_accounts(pool: &PgPool, scope: &Scope, now: DateTime<Utc>) -> anyhow::Result<()> {
    let existing: Vec<String> = store::list(pool, scope).await?.into_iter().map(|account| account.login).collect();
    let hash = password::hash(DEMONSTRATION_PASSWORD.to_owned()).await?;
    let mut transaction = pool.begin().await?;
    for (login, name, role, department, subdistrict) in ACCOUNTS {
        if existing.iter().any(|known| known == login) {
            continue;
        }
        let account = NewAccount {
            login: login.to_owned(),
            name: name.to_owned(),
            roles: vec![role],
            department,
            subdistrict: subdistrict.map(str::to_owned),
            demonstration: true,
        };
        store::create(&mut transaction, scope, &account, &hash, now).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Login and name of each.
pub fn demonstration_accounts() -> impl Iterator<Item = (&'static str, &'static str)> {
    ACCOUNTS.iter().map(|(login, name, ..)| (*login, *name))
}
