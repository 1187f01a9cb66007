//! The frame around every page: district, navigation, who is signed in.

/// What the page template needs besides its own content.
#[derive(Clone, Debug, Default)]
pub struct Shell {
    pub title: String,
    pub district_name: String,
    pub synthetic: bool,
    /// Empty when nobody is signed in.
    pub person: String,
    pub roles: String,
    pub navigation: Vec<NavigationEntry>,
    /// Shown once at the top: what the last action did.
    pub notice: Option<String>,
}

/// A word of the menu, with the pages under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavigationEntry {
    /// Not shown of a page that stands alone.
    pub label: &'static str,
    pub items: Vec<NavigationItem>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NavigationItem {
    pub href: &'static str,
    pub label: &'static str,
}

impl Shell {
    /// For pages that are shown before anybody is known.
    pub fn bare() -> Self {
        Shell { district_name: "亩衡".into(), ..Shell::default() }
    }

    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    pub fn noticing(mut self, notice: impl Into<String>) -> Self {
        self.notice = Some(notice.into());
        self
    }
}
