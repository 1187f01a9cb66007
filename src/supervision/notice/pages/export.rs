//! The list of notices as a file: everything the filters leave, on the day of the list.

use axum::extract::{Query, State};
use axum::response::Response;

use super::{Asked, fetch};
use crate::account::Officer;
use crate::base::clock::china_day;
use crate::contract::as_of::AsOf;
use crate::exchange::sheet::Value;
use crate::supervision::notice::store::Notice;
use crate::web::list::{EXPORT_PAGE, Most, whole};
use crate::web::{self, AppState, Export};

const HEADERS: [&str; 13] = [
    "种类",
    "合同编号",
    "受送达人信用代码",
    "受送达人",
    "事项",
    "约定日期",
    "状态",
    "编号",
    "拟制日期",
    "发送日期",
    "送达方式",
    "送达日期",
    "签收人",
];

pub async fn export(
    State(state): State<AppState>,
    officer: Officer,
    Query(asked): Query<Asked>,
    file: Export,
) -> web::Result<Response> {
    let as_of = AsOf::read(&asked.as_of, state.clock)?;
    let (state, officer, asked) = (&state, &officer, &asked);
    let notices =
        whole(Most::MILLION, |after| fetch(state, officer, asked, as_of, (after, EXPORT_PAGE.into()))).await?;
    file.download(&as_of.file_name("notices"), "通知", &HEADERS, notices.into_iter().map(|notice| cells(&notice))).await
}

fn cells(notice: &Notice) -> Vec<Value> {
    vec![
        notice.kind.label().into(),
        notice.contract.as_str().into(),
        notice.addressee.as_str().into(),
        notice.addressee_name.clone().into(),
        notice.duty_label().into(),
        notice.due.into(),
        notice.state.label().into(),
        notice.number().into(),
        china_day(notice.prepared_at).into(),
        notice.sent_on.into(),
        notice.delivery_way.map(|way| way.label()).into(),
        notice.delivered_on.into(),
        notice.delivered_to.clone().into(),
    ]
}
