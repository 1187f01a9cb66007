//! Why a submission does not move, and how its reader is told.

use super::Submission;
use crate::policy::intake::plan::Obstacle;
use crate::policy::store::PublishError;
use crate::web;

/// Why a submission does not move.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    #[error("there is no such submission")]
    NotFound,
    /// Somebody was faster.
    #[error("it is {} since {}, by {}", .0.state.code(), .0.decided_at.map_or_else(String::new, |at| at.to_string()), .0.decided_by_name.as_deref().unwrap_or("its maker"))]
    Stale(Box<Submission>),
    #[error("only the person who brought it may do that")]
    NotTheMaker,
    #[error("the person who brought it cannot decide on it")]
    SamePerson,
    #[error("it has faults")]
    Faulty,
    #[error("a reason is needed")]
    NoReason,
    #[error("something stands in its way")]
    Obstacles(Vec<Obstacle>),
    #[error(transparent)]
    Publish(#[from] PublishError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl From<MoveError> for web::Error {
    fn from(error: MoveError) -> Self {
        match error {
            MoveError::NotFound => web::Error::NotFound("没有这次提交".into()),
            MoveError::Stale(now) => web::Error::Conflict(stale(&now)),
            MoveError::NotTheMaker => web::Error::BadRequest("只有提交人本人可以这样做".into()),
            MoveError::SamePerson => {
                web::Error::BadRequest("提交人不能批准或退回自己提交的内容，须由另一人办理".into())
            }
            MoveError::Faulty => web::Error::BadRequest("文件中还有错误，请改正后重新上传".into()),
            MoveError::NoReason => web::Error::BadRequest("退回须写明理由".into()),
            MoveError::Obstacles(obstacles) => {
                let messages: Vec<String> = obstacles.into_iter().map(|obstacle| obstacle.message).collect();
                web::Error::Conflict(format!("不能发布：{}", messages.join("；")))
            }
            MoveError::Publish(PublishError::Overlap { name, .. }) => {
                web::Error::Conflict(format!("不能发布：“{name}”与已发布的指标有效期重叠"))
            }
            MoveError::Publish(PublishError::YearsTaken { scheme }) => {
                web::Error::Conflict(format!("不能发布：“{scheme}”与同类别的已发布方案适用年度重叠"))
            }
            MoveError::Publish(error) => error.into(),
            MoveError::Database(error) => error.into(),
            MoveError::Other(error) => web::Error::Internal(error),
        }
    }
}

pub(super) fn stale(now: &Submission) -> String {
    let who = now.decided_by_name.as_deref().unwrap_or(&now.created_by_name);
    let when = now.decided_at.map(|at| crate::base::clock::china_time(at).format("于 %Y-%m-%d %H:%M ").to_string());
    format!("此提交已由{who}{}改为“{}”，请刷新页面", when.unwrap_or_default(), now.state)
}
