//! Accounts, sessions, tokens and sign-in attempts: their SQL.

use chrono::{DateTime, Duration, Utc};
use sqlx::types::Uuid;

use super::officer::Officer;
use super::role::{Department, Role};
use super::session::{Credential, SESSION_LENGTH, TokenHash};
use super::{Account, ApiToken, NewAccount};
use crate::base::code::CountyCode;
use crate::db::{PgConnection, PgPool, Scope};

struct OfficerRow {
    id: Uuid,
    login: String,
    name: String,
    roles: Vec<String>,
    department: Option<String>,
    subdistrict: Option<String>,
    must_change_password: bool,
}

impl OfficerRow {
    /// A clerk of a sub-district that is not named, or not a code, is nobody: never a clerk of the whole district.
    fn into_officer(self, district: &CountyCode, by_token: bool) -> Option<Officer> {
        let roles: Vec<Role> = self.roles.iter().filter_map(|code| Role::parse(code)).collect();
        let subdistrict = self.subdistrict.map(|code| code.parse()).transpose().ok()?;
        if roles.contains(&Role::SubdistrictClerk) && subdistrict.is_none() {
            return None;
        }
        Some(Officer {
            account: self.id,
            login: self.login,
            name: self.name,
            roles,
            department: self.department.as_deref().and_then(Department::parse),
            scope: Scope { district: district.clone(), subdistrict },
            must_change_password: self.must_change_password,
            by_token,
        })
    }
}

/// The person behind a session or token that is still good. A token acts with its own role, not all of its maker's.
pub(super) async fn find_officer(
    pool: &PgPool,
    district: &CountyCode,
    credential: &Credential,
    now: DateTime<Utc>,
) -> Result<Option<Officer>, sqlx::Error> {
    let hash = credential.hash();
    let row = match credential {
        Credential::Session(_) => {
            sqlx::query_as!(
                OfficerRow,
                "SELECT a.id, a.login, a.name, a.roles, a.department, a.subdistrict, a.must_change_password
                 FROM session s JOIN account a ON a.district = s.district AND a.id = s.account
                 WHERE s.district = $1 AND s.token_hash = $2 AND s.expires_at > $3 AND a.active",
                district.as_str(),
                &hash[..],
                now
            )
            .fetch_optional(pool)
            .await?
        }
        Credential::Token(_) => {
            sqlx::query_as!(
                OfficerRow,
                r#"SELECT a.id, a.login, t.name, ARRAY[t.role] AS "roles!", a.department, coalesce(t.subdistrict, a.subdistrict) AS subdistrict,
                          false AS "must_change_password!"
                   FROM api_token t JOIN account a ON a.district = t.district AND a.id = t.created_by
                   WHERE t.district = $1 AND t.token_hash = $2 AND t.expires_at > $3 AND t.revoked_at IS NULL AND a.active
                     AND t.role = ANY(a.roles)"#,
                district.as_str(),
                &hash[..],
                now
            )
            .fetch_optional(pool)
            .await?
        }
    };
    let by_token = matches!(credential, Credential::Token(_));
    Ok(row.and_then(|row| row.into_officer(district, by_token)))
}

pub(super) struct Login {
    pub account: Uuid,
    pub password_hash: String,
}

pub(super) async fn find_login(
    pool: &PgPool,
    district: &CountyCode,
    login: &str,
) -> Result<Option<Login>, sqlx::Error> {
    sqlx::query_as!(
        Login,
        "SELECT id AS account, password_hash FROM account WHERE district = $1 AND login = $2 AND active",
        district.as_str(),
        login
    )
    .fetch_optional(pool)
    .await
}

pub(super) async fn start_session(
    connection: &mut PgConnection,
    scope: &Scope,
    account: Uuid,
    hash: TokenHash,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM session WHERE district = $1 AND expires_at <= $2", scope.county(), now)
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "INSERT INTO session (district, token_hash, account, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        scope.county(),
        &hash[..],
        account,
        now,
        now + SESSION_LENGTH
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn end_session(
    connection: &mut PgConnection,
    scope: &Scope,
    hash: TokenHash,
) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM session WHERE district = $1 AND token_hash = $2", scope.county(), &hash[..])
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn end_sessions_of(
    connection: &mut PgConnection,
    scope: &Scope,
    account: Uuid,
) -> Result<(), sqlx::Error> {
    sqlx::query!("DELETE FROM session WHERE district = $1 AND account = $2", scope.county(), account)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn note_attempt(
    pool: &PgPool,
    scope: &Scope,
    login: &str,
    origin: &str,
    succeeded: bool,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO sign_in_attempt (district, login, origin, at, succeeded) VALUES ($1, $2, $3, $4, $5)",
        scope.county(),
        login,
        origin,
        now,
        succeeded
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// What was forgotten of the attempts to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForgottenAttempts {
    pub attempts: i64,
    pub failed: i64,
}

/// Forgets the attempts before a moment.
pub async fn forget_attempts_before(
    connection: &mut PgConnection,
    scope: &Scope,
    before: DateTime<Utc>,
) -> Result<ForgottenAttempts, sqlx::Error> {
    sqlx::query_as!(
        ForgottenAttempts,
        r#"WITH gone AS (DELETE FROM sign_in_attempt WHERE district = $1 AND at < $2 RETURNING succeeded)
           SELECT count(*) AS "attempts!", count(*) FILTER (WHERE NOT succeeded) AS "failed!" FROM gone"#,
        scope.county(),
        before
    )
    .fetch_one(connection)
    .await
}

/// Failures since the last success, within the window: for this login, and from this origin.
pub(super) async fn recent_failures(
    pool: &PgPool,
    scope: &Scope,
    login: &str,
    origin: &str,
    window: Duration,
    now: DateTime<Utc>,
) -> Result<(i64, i64), sqlx::Error> {
    let since = now - window;
    let row = sqlx::query!(
        r#"SELECT
             (SELECT count(*) FROM sign_in_attempt f WHERE f.district = $1 AND f.login = $2 AND f.at > $4 AND NOT f.succeeded
                AND f.id > coalesce((SELECT max(s.id) FROM sign_in_attempt s WHERE s.district = $1 AND s.login = $2 AND s.succeeded AND s.at > $4), 0)) AS "by_login!",
             (SELECT count(*) FROM sign_in_attempt WHERE district = $1 AND origin = $3 AND at > $4 AND NOT succeeded) AS "by_origin!""#,
        scope.county(),
        login,
        origin,
        since
    )
    .fetch_one(pool)
    .await?;
    Ok((row.by_login, row.by_origin))
}

pub async fn list(pool: &PgPool, scope: &Scope) -> Result<Vec<Account>, sqlx::Error> {
    let rows = sqlx::query!(
        "SELECT id, login, name, roles, department, subdistrict, active, demonstration, version FROM account WHERE district = $1 ORDER BY login",
        scope.county()
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Account {
            id: row.id,
            login: row.login,
            name: row.name,
            roles: row.roles.iter().filter_map(|code| Role::parse(code)).collect(),
            department: row.department.as_deref().and_then(Department::parse),
            subdistrict: row.subdistrict,
            active: row.active,
            demonstration: row.demonstration,
            version: row.version,
        })
        .collect())
}

/// # Errors
/// A unique violation when the login is taken.
pub async fn create(
    connection: &mut PgConnection,
    scope: &Scope,
    account: &NewAccount,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<Uuid, sqlx::Error> {
    let id = Uuid::now_v7();
    let roles: Vec<String> = account.roles.iter().map(|role| role.code().to_owned()).collect();
    sqlx::query!(
        "INSERT INTO account (district, id, login, name, password_hash, roles, department, subdistrict, demonstration, must_change_password, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        scope.county(),
        id,
        account.login,
        account.name,
        password_hash,
        &roles,
        account.department.map(Department::code),
        account.subdistrict,
        account.demonstration,
        !account.demonstration,
        now
    )
    .execute(connection)
    .await?;
    Ok(id)
}

/// What an administrator may change of an account.
pub(super) struct Change {
    pub roles: Vec<Role>,
    pub department: Option<Department>,
    pub active: bool,
}

/// Changes what an account may do. Returns false when `version` is stale.
pub(super) async fn change(
    connection: &mut PgConnection,
    scope: &Scope,
    id: Uuid,
    version: i32,
    change: &Change,
) -> Result<bool, sqlx::Error> {
    let roles: Vec<String> = change.roles.iter().map(|role| role.code().to_owned()).collect();
    let changed = sqlx::query!(
        "UPDATE account SET roles = $4, active = $5, department = $6, version = version + 1 WHERE district = $1 AND id = $2 AND version = $3",
        scope.county(),
        id,
        version,
        &roles,
        change.active,
        change.department.map(Department::code)
    )
    .execute(connection)
    .await?;
    Ok(changed.rows_affected() == 1)
}

pub(super) async fn set_password(
    connection: &mut PgConnection,
    scope: &Scope,
    id: Uuid,
    hash: &str,
    must_change: bool,
) -> Result<(), sqlx::Error> {
    let changed = sqlx::query!(
        "UPDATE account SET password_hash = $3, must_change_password = $4, demonstration = false, version = version + 1 WHERE district = $1 AND id = $2",
        scope.county(),
        id,
        hash,
        must_change
    )
    .execute(connection)
    .await?;
    if changed.rows_affected() == 1 { Ok(()) } else { Err(sqlx::Error::RowNotFound) }
}

/// Ends every token of an account: a new password is also the answer to a stolen one.
pub(super) async fn revoke_tokens_of(
    connection: &mut PgConnection,
    scope: &Scope,
    account: Uuid,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "UPDATE api_token SET revoked_at = $3 WHERE district = $1 AND created_by = $2 AND revoked_at IS NULL",
        scope.county(),
        account,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn password_hash(pool: &PgPool, scope: &Scope, id: Uuid) -> Result<String, sqlx::Error> {
    sqlx::query_scalar!("SELECT password_hash FROM account WHERE district = $1 AND id = $2", scope.county(), id)
        .fetch_one(pool)
        .await
}

pub(super) async fn add_token(
    connection: &mut PgConnection,
    scope: &Scope,
    token: &ApiToken,
    hash: TokenHash,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "INSERT INTO api_token (district, id, token_hash, name, role, subdistrict, created_by, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        scope.county(),
        token.id,
        &hash[..],
        token.name,
        token.role.code(),
        scope.subdistrict_code(),
        token.created_by,
        token.created_at,
        token.expires_at
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn tokens_of(pool: &PgPool, scope: &Scope, account: Uuid) -> Result<Vec<ApiToken>, sqlx::Error> {
    sqlx::query_as!(
        ApiToken,
        r#"SELECT id, name, role AS "role: Role", created_by, created_at, expires_at, revoked_at
           FROM api_token WHERE district = $1 AND created_by = $2 ORDER BY created_at DESC"#,
        scope.county(),
        account
    )
    .fetch_all(pool)
    .await
}

pub(super) async fn revoke_token(
    connection: &mut PgConnection,
    scope: &Scope,
    account: Uuid,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let changed = sqlx::query!(
        "UPDATE api_token SET revoked_at = $4 WHERE district = $1 AND id = $2 AND created_by = $3 AND revoked_at IS NULL",
        scope.county(),
        id,
        account,
        now
    )
    .execute(connection)
    .await?;
    Ok(changed.rows_affected() == 1)
}
