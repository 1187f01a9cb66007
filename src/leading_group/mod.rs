//! The leading group of the reform (五(一) of the governing text): who sits in it by date, its meetings, and what it resolved.
//!
//! Whatever departs from 一般 and 原则上 of the text, and whatever makes a result of the evaluation official, cites one of its
//! resolutions ([`cite`]).

mod cite;
pub mod pages;
mod register;
pub mod store;
#[cfg(test)]
mod tests;

pub use cite::{CiteError, cite};
pub use register::{RegisterError, appoint, hold_meeting, release, resolve, withdraw};

use chrono::NaiveDate;
use uuid::Uuid;

crate::terms! {
    /// 五(一): 区政府主要领导任组长、区政府分管领导任副组长，区级有关部门主要负责人为成员, with an office.
    pub enum Post {
        Leader = "leader" => "组长",
        Deputy = "deputy" => "副组长",
        Member = "member" => "成员",
        Office = "office" => "办公室",
    }
}

crate::terms! {
    /// What a resolution is about.
    pub enum Matter {
        /// 一般 and 原则上 of 二(一)3 and 4 departed from.
        Departure = "departure" => "放宽评价方案",
        Signature = "signature" => "签发评价结果",
        Objection = "objection" => "处理异议",
        Lists = "lists" => "确定评价名单",
        Other = "other" => "其他事项",
    }
}

/// A seat from a day on.
#[derive(Clone, Debug)]
pub struct NewMember {
    pub name: String,
    pub organisation: String,
    pub post: Post,
    pub from: NaiveDate,
    pub document: String,
}

#[derive(Clone, Debug)]
pub struct NewMeeting {
    pub held_on: NaiveDate,
    /// Of the minutes.
    pub number: String,
    pub title: String,
    pub attended: String,
}

/// The paper itself, kept under its hash.
#[derive(Clone, Debug)]
pub struct Scan {
    pub name: String,
    pub media_type: String,
    pub bytes: i64,
    pub sha256: Vec<u8>,
}

#[derive(Clone, Debug)]
pub struct NewResolution {
    pub number: String,
    pub decided_on: NaiveDate,
    pub matter: Matter,
    pub words: String,
    /// The number of the minutes of the meeting, where there was one.
    pub meeting: Option<String>,
    pub scan: Option<Scan>,
}

/// A resolution as it is cited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cited {
    pub id: Uuid,
    pub number: String,
}
