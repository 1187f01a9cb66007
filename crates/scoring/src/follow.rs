//! Who is not ranked and takes the grade of another: a tenant of the owner of the parcel it occupies, and those who are judged as
//! one with somebody. They take no place in a quota; a veto bars them all the same.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::result::{Change, Outcome};

base::terms! {
    pub enum FollowReason {
        Owner = "owner" => "随土地使用权人评级",
        Merged = "merged" => "同一宗地合并评价",
        Group = "group" => "集团合并评价",
    }
}

impl FollowReason {
    /// Whether the two are judged as one, and share the score too.
    pub fn shares_score(self) -> bool {
        matches!(self, FollowReason::Merged | FollowReason::Group)
    }
}

/// Whose grade a subject takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follow {
    pub key: String,
    pub reason: FollowReason,
    /// Where the other is judged elsewhere: the grade it has there, and by which decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<Elsewhere>,
}

/// A grade from another run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    pub grade: String,
    /// The category in which the other was judged, and the run.
    pub category: String,
    pub run: String,
}

impl Follow {
    pub fn step(&self) -> Change {
        match self.reason {
            FollowReason::Owner => Change::Owner,
            FollowReason::Merged => Change::Merged,
            FollowReason::Group => Change::Group,
        }
    }

    pub fn why(&self) -> String {
        match &self.elsewhere {
            Some(it) => format!("{}：{}（{}，核算{}）", self.reason, self.key, it.category, it.run),
            None => format!("{}：{}", self.reason, self.key),
        }
    }

    /// The final grade of the other.
    pub fn grade<'a>(&'a self, outcomes: &BTreeMap<&str, &'a Outcome>) -> Option<&'a str> {
        let here = || outcomes.get(self.key.as_str()).map(|outcome| outcome.grade.as_str());
        self.elsewhere.as_ref().map(|it| it.grade.as_str()).or_else(here)
    }
}
