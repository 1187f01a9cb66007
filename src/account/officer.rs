//! A person who is signed in.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use uuid::Uuid;

use super::access::Access;
use super::act::Act;
use super::audit::Actor;
use super::role::{Department, Role};
use crate::db::Scope;
use crate::web::shell::{NavigationEntry, NavigationItem};
use crate::web::{AppState, Error, Shell};

/// Who is behind a request, by session or by API token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Officer {
    pub account: Uuid,
    pub login: String,
    pub name: String,
    pub roles: Vec<Role>,
    pub department: Option<Department>,
    pub scope: Scope,
    pub must_change_password: bool,
    /// A program with a token, not a person at a browser.
    pub by_token: bool,
}

/// Words of the main menu under which several pages stand.
const JUDGED: &str = "评价与措施";
const REGISTERS: &str = "台账";
const ON_THE_GROUND: &str = "整治与检查";
const KEPT_TO: &str = "履约";
const RULES: &str = "政策";
const HOUSE: &str = "管理";

/// The main menu, in the order people work: the word it stands under, none where it stands alone; the page; who may see it.
const NAVIGATION: [(&str, NavigationItem, Access); 21] = [
    ("", NavigationItem { href: "/", label: "工作台" }, Access::SignedIn),
    ("", NavigationItem { href: "/map", label: "地图" }, Access::ReadRegisters),
    (JUDGED, NavigationItem { href: "/evaluation", label: "综合评价" }, Access::ReadRegisters),
    (JUDGED, NavigationItem { href: "/measures", label: "差别化措施" }, Access::ReadRegisters),
    (JUDGED, NavigationItem { href: "/low-efficiency", label: "低效清单" }, Access::ReadRegisters),
    ("", NavigationItem { href: "/admission/cases", label: "准入" }, Access::ReadCases),
    (REGISTERS, NavigationItem { href: "/parcels", label: "宗地" }, Access::ReadRegisters),
    (REGISTERS, NavigationItem { href: "/enterprises", label: "企业" }, Access::ReadRegisters),
    (REGISTERS, NavigationItem { href: "/planning", label: "规划图层" }, Access::ReadRegisters),
    (REGISTERS, NavigationItem { href: "/imports", label: "导入" }, Access::ImportFiles),
    (KEPT_TO, NavigationItem { href: "/contracts", label: "合同" }, Access::ReadRegisters),
    (KEPT_TO, NavigationItem { href: "/notices", label: "通知" }, Access::ReadRegisters),
    (KEPT_TO, NavigationItem { href: "/breaches", label: "履约清理" }, Access::ReadRegisters),
    (ON_THE_GROUND, NavigationItem { href: "/remediation", label: "整治" }, Access::ReadRegisters),
    (ON_THE_GROUND, NavigationItem { href: "/enforcement", label: "联合执法" }, Access::ReadRegisters),
    (ON_THE_GROUND, NavigationItem { href: "/survey", label: "摸底调查" }, Access::ReadRegisters),
    (ON_THE_GROUND, NavigationItem { href: "/inspections", label: "检查" }, Access::ReadInspections),
    (RULES, NavigationItem { href: "/policy", label: "政策条文" }, Access::SignedIn),
    (RULES, NavigationItem { href: "/leading-group", label: "领导小组" }, Access::KeepLeadingGroup),
    (HOUSE, NavigationItem { href: "/accounts", label: "账号" }, Access::ManageAccounts),
    (HOUSE, NavigationItem { href: "/audit", label: "审计" }, Access::ReadAudit),
];

impl Officer {
    pub fn may(&self, access: Access) -> bool {
        self.roles.iter().any(|role| role.may(access))
    }

    pub fn actor(&self) -> Actor {
        Actor::person(self.account, &self.name, &self.login)
    }

    /// This person, about to change something now.
    pub fn act(&self, state: &AppState) -> Act {
        Act { pool: state.pool.clone(), scope: self.scope.clone(), actor: self.actor(), now: state.clock.now() }
    }

    /// The frame of a page, for this person.
    pub fn shell(&self, state: &AppState, title: impl Into<String>) -> Shell {
        let bare = Shell {
            district_name: state.settings.district_name.clone(),
            synthetic: state.settings.synthetic,
            ..Shell::default()
        };
        self.shell_on(&bare).titled(title)
    }

    pub(super) fn shell_on(&self, bare: &Shell) -> Shell {
        Shell {
            person: self.name.clone(),
            roles: self.roles.iter().map(|role| role.label()).collect::<Vec<_>>().join("、"),
            navigation: self.menu(),
            ..bare.clone()
        }
    }

    /// What the person may see; pages that follow one another under a word stand there together.
    fn menu(&self) -> Vec<NavigationEntry> {
        let mut entries: Vec<NavigationEntry> = Vec::new();
        for (label, item, _) in NAVIGATION.iter().filter(|(.., access)| self.may(*access)) {
            match entries.last_mut().filter(|last| !label.is_empty() && last.label == *label) {
                Some(last) => last.items.push(*item),
                None => entries.push(NavigationEntry { label, items: vec![*item] }),
            }
        }
        entries
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Officer {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        parts.extensions.get::<Officer>().cloned().ok_or(Error::NotSignedIn)
    }
}
