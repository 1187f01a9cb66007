//! What waits here for a person.

use super::draft_store;
use crate::account::{Access, Officer, WorkItem};
use crate::web::{AppState, Result};

pub async fn open_imports(state: &AppState, officer: &Officer) -> Result<Vec<WorkItem>> {
    if !officer.may(Access::ImportFiles) {
        return Ok(Vec::new());
    }
    Ok(vec![WorkItem {
        title: "未完成的导入",
        count: draft_store::open_imports(&state.pool, &officer.scope, officer.account).await?,
        unit: "个",
        href: "/imports",
        explanation: "已上传、尚未提交的文件；有疑问的文件须先回答坐标系或编码。",
    }])
}
