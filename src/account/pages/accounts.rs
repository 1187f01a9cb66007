//! The administrator's page: who may do what.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, RawForm, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde_json::json;
use uuid::Uuid;

use crate::account::audit::Deed;
use crate::account::{Account, Department, Gate, NewAccount, Officer, Role, password, session, store};
use crate::base::code::SubdistrictCode;
use crate::base::text::Seen;
use crate::codelist::{self, Choice};
use crate::web::{AppState, Error, Result, Shell};

#[derive(Template)]
#[template(path = "account/accounts.html")]
struct AccountsPage {
    shell: Shell,
    accounts: Vec<Account>,
    roles: &'static [Role],
    departments: &'static [Department],
    subdistricts: Vec<Choice>,
    /// Login and first password of the account just made; shown once.
    created: Option<(String, String)>,
}

impl AccountsPage {
    fn is_of(&self, account: &Account, department: &Department) -> bool {
        account.department == Some(*department)
    }

    /// Name and code of a clerk's sub-district; the code alone when it is none of the district's today.
    fn place(&self, code: &str) -> String {
        match self.subdistricts.iter().find(|choice| choice.stands_for(code)) {
            Some(choice) => format!("{}（{code}）", choice.name),
            None => code.to_owned(),
        }
    }
}

pub async fn list(State(state): State<AppState>, officer: Officer) -> Result<Html<String>> {
    page(&state, &officer, None).await
}

/// Makes an account with a random first password that its owner has to change.
pub async fn create(State(state): State<AppState>, officer: Officer, RawForm(body): RawForm) -> Result<Response> {
    let form = Form::parse(&body);
    let account = NewAccount {
        login: form.text("login").to_lowercase(),
        name: form.text("name"),
        roles: form.roles()?,
        department: Department::parse(&form.text("department")),
        subdistrict: form.subdistrict()?,
        demonstration: false,
    };
    if account.name.is_empty() {
        return Err(Error::BadRequest("请填写姓名".into()));
    }
    if account.roles.contains(&Role::SubdistrictClerk) && account.subdistrict.is_none() {
        return Err(Error::BadRequest("街道经办人须选择所属街道；没有可选的街道时，请先导入街道界线".into()));
    }
    if let Some(code) = &account.subdistrict
        && !subdistricts(&state, &officer).await?.iter().any(|choice| choice.code == *code)
    {
        return Err(Error::BadRequest("所选街道不在本区，请从列表中选择".into()));
    }
    let first_password = session::new_secret()[..16].to_owned();
    let hash = password::hash(first_password.clone()).await?;
    let act = officer.act(&state);
    let mut transaction = act.begin().await?;
    store::create(&mut transaction, &act.scope, &account, &hash, act.now).await.map_err(login_taken)?;
    let detail = json!({ "name": account.name, "roles": account.roles, "subdistrict": account.subdistrict });
    let deed = Deed { action: "account.create", subject_kind: "account", subject: &account.login, detail };
    act.record(&mut transaction, deed).await?;
    transaction.commit().await?;
    Ok(page(&state, &officer, Some((account.login, first_password))).await?.into_response())
}

pub async fn change(
    State(state): State<AppState>,
    gate: Gate,
    officer: Officer,
    Path(id): Path<Uuid>,
    RawForm(body): RawForm,
) -> Result<Redirect> {
    let form = Form::parse(&body);
    let department = Department::parse(&form.text("department"));
    let change = store::Change { roles: form.roles()?, department, active: form.text("active") == "1" };
    if id == officer.account && (!change.active || !change.roles.contains(&Role::Administrator)) {
        return Err(Error::BadRequest("不能停用自己或取消自己的管理员角色，请由另一位管理员操作".into()));
    }
    if change.roles.contains(&Role::SubdistrictClerk) && !has_subdistrict(&state, &officer, id).await? {
        return Err(Error::BadRequest("此账号没有所属街道，不能设为街道经办人；请为其新建选定街道的账号".into()));
    }
    let version = form.text("version").parse().map_err(|_| Error::BadRequest("表单缺少版本号，请刷新页面".into()))?;
    let mut transaction = state.pool.begin().await?;
    if !store::change(&mut transaction, &officer.scope, id, version, &change).await? {
        return Err(Error::Conflict("此账号刚被他人修改，请刷新页面后再改".into()));
    }
    if !change.active {
        store::end_sessions_of(&mut transaction, &officer.scope, id).await?;
    }
    let detail = json!({ "roles": change.roles, "department": change.department, "active": change.active });
    let deed = Deed { action: "account.change", subject_kind: "account", subject: &id.to_string(), detail };
    officer.act(&state).record(&mut transaction, deed).await?;
    transaction.commit().await?;
    gate.forget_all();
    Ok(Redirect::to("/accounts"))
}

async fn page(state: &AppState, officer: &Officer, created: Option<(String, String)>) -> Result<Html<String>> {
    let accounts = store::list(&state.pool, &officer.scope).await?;
    let shell = officer.shell(state, "账号");
    let (roles, departments) = (Role::ALL, Department::ALL);
    let subdistricts = subdistricts(state, officer).await?;
    let page = AccountsPage { shell, accounts, roles, departments, subdistricts, created };
    Ok(Html(page.render()?))
}

async fn subdistricts(state: &AppState, officer: &Officer) -> Result<Vec<Choice>> {
    Ok(codelist::subdistricts(&state.pool, &officer.scope, state.clock.today()).await?)
}

async fn has_subdistrict(state: &AppState, officer: &Officer, id: Uuid) -> Result<bool> {
    let accounts = store::list(&state.pool, &officer.scope).await?;
    Ok(accounts.iter().any(|account| account.id == id && account.subdistrict.is_some()))
}

fn login_taken(error: sqlx::Error) -> Error {
    match error.as_database_error() {
        Some(database) if database.is_unique_violation() => Error::Conflict("此登录名已被使用，请换一个".into()),
        Some(database) if database.is_check_violation() => {
            Error::BadRequest("登录名为 2 至 40 个小写字母、数字、点、下划线或连字符".into())
        }
        _ => error.into(),
    }
}

/// A form in which `role` may occur several times.
struct Form(HashMap<String, Vec<String>>);

impl Form {
    fn parse(body: &[u8]) -> Self {
        let mut fields: HashMap<String, Vec<String>> = HashMap::new();
        for (name, value) in form_urlencoded::parse(body) {
            fields.entry(name.into_owned()).or_default().push(value.seen().to_owned());
        }
        Form(fields)
    }

    fn text(&self, name: &str) -> String {
        self.0.get(name).and_then(|values| values.first()).cloned().unwrap_or_default()
    }

    fn roles(&self) -> Result<Vec<Role>> {
        let roles: Vec<Role> = self.0.get("role").into_iter().flatten().filter_map(|code| Role::parse(code)).collect();
        if roles.is_empty() { Err(Error::BadRequest("请至少选择一个角色".into())) } else { Ok(roles) }
    }

    fn subdistrict(&self) -> Result<Option<String>> {
        match self.text("subdistrict").as_str() {
            "" => Ok(None),
            text => match text.parse::<SubdistrictCode>() {
                Ok(code) => Ok(Some(code.into())),
                Err(_) => Err(Error::BadRequest("街道代码为九位数字".into())),
            },
        }
    }
}
