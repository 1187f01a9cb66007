//! Why a submission does not move, and how its reader is told.

use crate::policy::intake::plan::Obstacle;
use crate::policy::store::PublishError;
use crate::web;
use crate::workflow::{Refused, SamePerson};

/// Why a submission does not move.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    #[error(transparent)]
    Case(#[from] Refused),
    #[error("only the person who brought it may do that")]
    NotTheMaker,
    #[error("the person who brought it cannot decide on it")]
    SamePerson(#[from] SamePerson),
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
            MoveError::Case(refused) => refused.into(),
            MoveError::NotTheMaker => web::Error::BadRequest("只有提交人本人可以这样做".into()),
            MoveError::SamePerson(_) => {
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
            MoveError::Publish(error) => error.into(),
            MoveError::Database(error) => error.into(),
            MoveError::Other(error) => web::Error::Internal(error),
        }
    }
}
