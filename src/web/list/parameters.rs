//! The query parameters of a list, as one struct of texts: addresses are made by serialising it, so that none is forgotten.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{non_empty, read};
use crate::db::keyset::Position;
use crate::web::{Error, Result, cursor};

/// Leads a cursor from which the list is read back. No cursor begins so.
const BACK: char = '.';

/// Lines a page, 50 unless said.
///
/// # Errors
/// Outside 1 to 500.
pub fn page_size(text: &str) -> Result<u16> {
    const WRONG: &str = "每页行数应为1至500";
    match read(text, WRONG)? {
        None => Ok(50),
        Some(size @ 1..=500) => Ok(size),
        Some(_) => Err(Error::BadRequest(WRONG.into())),
    }
}

/// What another page of the list gave out.
///
/// # Errors
/// When none did.
pub fn position<Key: DeserializeOwned>(text: &str) -> Result<Position<Key>> {
    match non_empty(text) {
        None => Ok(Position::Start),
        Some(text) => match text.strip_prefix(BACK) {
            Some(first) => cursor::decode(first).map(Position::Before),
            None => cursor::decode(text).map(Position::After),
        },
    }
}

/// The query parameters of a list: a flat struct of texts. `sort`, `order`, `size_of_page` and `after` mean the same in each that
/// has them; what is not said is empty.
pub trait Parameters: Serialize {
    /// The key of a list that does not say how it is sorted; none where it cannot be sorted.
    const SORTED_BY: &'static str = "";
    /// The order of a list that says neither key nor order.
    const ORDERED: &'static str = "asc";

    /// What is said, in the order of the struct.
    fn pairs(&self) -> Vec<(String, String)> {
        let text = serde_urlencoded::to_string(self).expect("parameters are plain texts");
        form_urlencoded::parse(text.as_bytes()).into_owned().filter(|(_, value)| !value.is_empty()).collect()
    }

    fn value(&self, name: &str) -> String {
        self.pairs().into_iter().find(|(other, _)| other == name).map(|(_, value)| value).unwrap_or_default()
    }

    /// # Errors
    /// When another page did not give it out.
    fn position<Key: DeserializeOwned>(&self) -> Result<Position<Key>> {
        position(&self.value("after"))
    }

    /// # Errors
    /// Outside 1 to 500.
    fn page_size(&self) -> Result<u16> {
        page_size(&self.value("size_of_page"))
    }

    /// `?…` with some parameters changed. Any change but of the page starts again at the first page.
    fn address(&self, changes: &[(&str, &str)]) -> String {
        let text = serde_urlencoded::to_string(self).expect("parameters are plain texts");
        let said: Vec<_> = form_urlencoded::parse(text.as_bytes()).filter(|(name, _)| name != "after").collect();
        let said: Vec<(&str, &str)> = said.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
        changed(&said, changes)
    }

    /// The address of the page that begins after a row.
    fn page_after(&self, key: &impl Serialize) -> String {
        self.address(&[("after", &cursor::encode(key))])
    }

    /// The address of the page that ends before a row.
    fn page_before(&self, key: &impl Serialize) -> String {
        self.address(&[("after", &format!("{BACK}{}", cursor::encode(key)))])
    }

    /// The key by which the list is sorted, and its order.
    fn sorting(&self) -> (String, String) {
        let unsaid = |text: String, default: &str| if text.is_empty() { default.to_owned() } else { text };
        let (sort, order) = (self.value("sort"), self.value("order"));
        let default = if sort.is_empty() { Self::ORDERED } else { "asc" };
        (unsaid(sort, Self::SORTED_BY), unsaid(order, default))
    }

    /// The address that sorts by `key`, the other way round when the list is sorted by it already.
    fn sorted(&self, key: &str) -> String {
        let (sort, order) = self.sorting();
        let turned = if sort == key && order != "desc" { "desc" } else { "asc" };
        self.address(&[("sort", key), ("order", turned)])
    }

    /// For `aria-sort`.
    fn direction(&self, key: &str) -> &'static str {
        let (sort, order) = self.sorting();
        match (sort == key, order.as_str()) {
            (false, _) => "none",
            (true, "desc") => "descending",
            (true, _) => "ascending",
        }
    }
}

/// `?…` of these pairs with some of them changed.
fn changed(pairs: &[(&str, &str)], changes: &[(&str, &str)]) -> String {
    let changed_to = |name: &str| changes.iter().find(|(changed, _)| *changed == name).map(|(_, value)| *value);
    let mut query = form_urlencoded::Serializer::new(String::new());
    let kept = pairs.iter().map(|(name, own)| (*name, changed_to(name).unwrap_or(own)));
    for (name, text) in kept.chain(changed_to("after").map(|after| ("after", after))) {
        if !text.is_empty() {
            query.append_pair(name, text);
        }
    }
    match query.finish() {
        text if text.is_empty() => text,
        text => format!("?{text}"),
    }
}

/// `?…` of these pairs with one changed.
pub fn address(pairs: &[(&str, &str)], name: &str, value: &str) -> String {
    changed(pairs, &[(name, value)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default, Serialize)]
    struct Said {
        q: &'static str,
        sort: &'static str,
        order: &'static str,
        after: &'static str,
    }

    impl Parameters for Said {
        const SORTED_BY: &'static str = "code";
    }

    #[test]
    fn a_page_has_one_to_five_hundred_lines() {
        assert_eq!((page_size("").unwrap(), page_size("1").unwrap(), page_size("500").unwrap()), (50, 1, 500));
        assert!(page_size("0").is_err() && page_size("501").is_err() && page_size("x").is_err());
    }

    #[test]
    fn an_address_keeps_its_filters_and_starts_again() {
        let said = Said { q: "=a&b", order: "desc", after: "x", ..Said::default() };
        assert_eq!(said.address(&[("sort", "area")]), "?q=%3Da%26b&sort=area&order=desc");
        assert_eq!(said.address(&[("after", "y")]), "?q=%3Da%26b&order=desc&after=y");
        assert_eq!(Said { q: "x", ..Said::default() }.address(&[("q", "")]), "");
    }

    #[test]
    fn a_page_is_found_again_forward_and_back() {
        let of = |address: String| position::<i32>(address.strip_prefix("?after=").unwrap()).unwrap();
        assert_eq!(of(Said::default().page_after(&7)), Position::After(7));
        assert_eq!(of(Said::default().page_before(&7)), Position::Before(7));
        assert_eq!(position::<i32>("").unwrap(), Position::Start);
        assert!(position::<i32>(".").is_err() && position::<i32>("..Nw").is_err() && position::<i32>("%").is_err());
    }

    #[test]
    fn a_column_turns_when_it_is_clicked_again() {
        let unsaid = Said::default();
        assert_eq!((unsaid.direction("code"), unsaid.sorted("code").as_str()), ("ascending", "?sort=code&order=desc"));
        assert_eq!((unsaid.direction("area"), unsaid.sorted("area").as_str()), ("none", "?sort=area&order=asc"));
        let down = Said { q: "x", sort: "code", order: "desc", ..Said::default() };
        assert_eq!((down.direction("code"), down.sorted("code").as_str()), ("descending", "?q=x&sort=code&order=asc"));
    }
}
