//! The register of accounts with power, water and gas, with the form to enter one.

use askama::Template;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::account::list::{EntryBeside, FormBeside, Paths};
use crate::account::{Access, Act, List, Officer};
use crate::base::code::Uscc;
use crate::db::count::Total;
use crate::db::keyset::{Page, Position};
use crate::exchange::{Fault, FaultCode};
use crate::kept::dated::Dated;
use crate::kept::list::{DatedList, KeptList, day_columns, last_columns, marked, read_days};
use crate::measures::accounts::{self, ACCOUNTS, AccountError};
use crate::measures::store::accounts::{self as store, AccountFilter, AccountKey, AccountLine};
use crate::measures::utility::{Customer, NewAccount, Utility};
use crate::web::form::{Reader, Sent, Shown, refused_at};
use crate::web::list::{Cell, Column, Parameters, View, non_empty, read};
use crate::web::{self, AppState, Error, Shell};

/// Every field may be absent or empty, which is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListParameters {
    pub body: String,
    pub on: String,
    pub q: String,
    /// `1`: also those withdrawn.
    pub all: String,
    pub after: String,
    pub size_of_page: String,
}

impl Parameters for ListParameters {}

pub struct AccountList {
    state: AppState,
    officer: Officer,
    filter: AccountFilter,
}

#[derive(Template)]
#[template(path = "measures/accounts.html")]
struct AccountsPage {
    shell: Shell,
    view: View,
    may_enter: bool,
    /// Empty, or as it was typed when it was refused.
    form: Shown,
}

impl List for AccountList {
    type Parameters = ListParameters;
    type Row = AccountLine;
    type Key = AccountKey;

    const PATHS: Paths = crate::list_paths!("/measures/accounts");
    const SHEET: &'static str = "用能用水户号";

    fn columns() -> Vec<Column<Self, AccountLine>> {
        let mut columns = vec![
            Column::both(
                "单位",
                |_, line: &AccountLine| Cell::text(line.body),
                |_, line: &AccountLine| line.body.label().into(),
            ),
            Column::both(
                "户号",
                |_, line: &AccountLine| marked(Cell::text(&line.customer), &line.kept),
                |_, line: &AccountLine| line.customer.as_str().into(),
            ),
            Column::both(
                "统一社会信用代码",
                |_, line: &AccountLine| Cell::code(format!("/enterprises/{}", line.uscc), &line.uscc),
                |_, line: &AccountLine| line.uscc.as_str().into(),
            ),
            Column::both(
                "分摊比例（%）",
                |_, line: &AccountLine| {
                    Cell::text(line.share.map_or_else(|| "独用".to_owned(), |share| share.normalize().to_string()))
                },
                |_, line: &AccountLine| line.share.into(),
            )
            .number(),
        ];
        columns.extend(day_columns());
        columns.extend(last_columns());
        columns
    }

    async fn ask(state: &AppState, officer: Officer, parameters: &ListParameters) -> web::Result<Self> {
        let filter = AccountFilter {
            utility: read(&parameters.body, "没有这种单位")?,
            on: read(&parameters.on, "日期应写作2024-12-31")?,
            text: non_empty(&parameters.q).map(str::to_owned),
            all: non_empty(&parameters.all).is_some(),
        };
        Ok(AccountList { state: state.clone(), officer, filter })
    }

    async fn page(&self, position: Position<AccountKey>, size: u16) -> web::Result<Page<AccountLine, AccountKey>> {
        Ok(store::page(&self.state.pool, &self.officer.scope, &self.filter, &position, size).await?)
    }

    async fn total(&self) -> web::Result<Total> {
        Ok(store::total(&self.state.pool, &self.officer.scope, &self.filter).await?)
    }

    async fn render(&self, state: &AppState, view: View) -> web::Result<String> {
        self.render_with(state, view, Shown::default()).await
    }
}

impl KeptList for AccountList {
    const ENDING: &'static str = "终止或撤销";

    fn may_end(&self) -> bool {
        self.officer.may(Access::KeepAdjustments)
    }
}

impl DatedList for AccountList {
    const REGISTER: Dated = ACCOUNTS;
}

impl FormBeside for AccountList {
    async fn render_with(&self, state: &AppState, view: View, form: Shown) -> web::Result<String> {
        let (shell, may_enter) = (self.officer.shell(state, "用能用水户号登记"), self.may_end());
        Ok(AccountsPage { shell, view, may_enter, form }.render()?)
    }
}

impl EntryBeside for AccountList {
    type New = NewAccount;

    fn read_new(sent: &Sent, _: NaiveDate) -> Result<NewAccount, Vec<Fault>> {
        let mut reader = Reader::default();
        let utility = reader.needs::<Utility>(sent.field("body", "单位"), "供电、供水或燃气企业");
        let customer = reader.needs::<Customer>(sent.field("customer", "户号"), "至多40位字母、数字和连字符");
        let uscc = reader.needs::<Uscc>(sent.field("uscc", "统一社会信用代码"), "18位信用代码");
        let share = reader.positive(sent.field("share", "分摊比例"));
        if share.is_some_and(|share| share >= rust_decimal::Decimal::ONE_HUNDRED || share.normalize().scale() > 6) {
            let words = "分摊比例应大于0、小于100，至多六位小数；独用的留空";
            reader.push(sent.field("share", "分摊比例").fault(FaultCode::FigureOutOfRange, words));
        }
        let valid = read_days(&mut reader, sent);
        let document = reader.text(sent.field("document", "依据文件"));
        let all = utility.zip(customer).zip(uscc.zip(valid)).zip(document);
        let new = all.map(|(((utility, customer), (uscc, valid)), document)| NewAccount {
            utility,
            customer,
            uscc,
            share,
            valid,
            document,
        });
        reader.finish(new)
    }

    async fn enter(act: &Act, new: &NewAccount) -> web::Result<()> {
        accounts::enter(act, new).await?;
        Ok(())
    }
}

impl From<AccountError> for Error {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Database(error) => error.into(),
            AccountError::NoSuchEnterprise(_) => refused_at("uscc", error),
            AccountError::Twice | AccountError::OfAnother => refused_at("customer", error),
            AccountError::TooMuch(_) => refused_at("share", error),
        }
    }
}
