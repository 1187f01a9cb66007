//! Coordinate system definitions (WKT 1 as in .prj, WKT 2 as in GeoPackage), read by their parameters and never by their titles.

use std::collections::BTreeMap;

const MAX_BYTES: usize = 64 * 1024;
const MAX_DEPTH: usize = 24;

#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    Text(String),
    Number(f64),
    Node(Node),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// In capitals.
    pub keyword: String,
    pub items: Vec<Item>,
}

/// What matters of a coordinate system.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    pub name: String,
    pub datum: String,
    /// Metres.
    pub semi_major: f64,
    pub inverse_flattening: f64,
    pub prime_meridian: f64,
    pub projection: Option<Projection>,
    /// The authority's code at the root, when the authority is EPSG.
    pub epsg: Option<i32>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Projection {
    /// Small letters and digits only.
    pub method: String,
    /// By name in small letters and digits only.
    pub parameters: BTreeMap<String, f64>,
    /// Metres per unit.
    pub unit: f64,
}

impl Projection {
    /// The first of several names a parameter goes by.
    pub fn parameter(&self, names: &[&str]) -> Option<f64> {
        names.iter().find_map(|name| self.parameters.get(*name).copied())
    }
}

pub fn parse(text: &str) -> Option<Definition> {
    let root = parse_tree(text)?;
    let root = without_wrapping(root)?;
    let epsg = root.child(&["AUTHORITY", "ID"]).and_then(epsg_of);
    let name = root.first_text()?.to_owned();
    let projected = matches!(root.keyword.as_str(), "PROJCS" | "PROJCRS" | "PROJECTEDCRS");
    let geographic = if projected {
        root.child(&["GEOGCS", "BASEGEOGCRS", "BASEGEODCRS"])?
    } else if matches!(root.keyword.as_str(), "GEOGCS" | "GEOGCRS" | "GEODCRS" | "GEOGRAPHICCRS" | "GEODETICCRS") {
        &root
    } else {
        return None;
    };
    let datum = geographic.child(&["DATUM", "GEODETICDATUM", "TRF", "ENSEMBLE"])?;
    let ellipsoid = datum.child(&["SPHEROID", "ELLIPSOID"])?;
    let figures = ellipsoid.numbers();
    let prime_meridian = geographic.child(&["PRIMEM", "PRIMEMERIDIAN"]).and_then(|p| p.numbers().first().copied());
    let projection = if projected { Some(projection_of(&root)?) } else { None };
    Some(Definition {
        name,
        datum: datum.first_text()?.to_owned(),
        semi_major: *figures.first()?,
        inverse_flattening: *figures.get(1)?,
        prime_meridian: prime_meridian.unwrap_or(0.0),
        projection,
        epsg,
    })
}

/// A compound or bound system counts as its horizontal part.
fn without_wrapping(mut root: Node) -> Option<Node> {
    for _ in 0..MAX_DEPTH {
        if !matches!(root.keyword.as_str(), "COMPD_CS" | "COMPOUNDCRS" | "BOUNDCRS" | "SOURCECRS") {
            return Some(root);
        }
        root = root.items.into_iter().find_map(|item| match item {
            Item::Node(node) => Some(node),
            _ => None,
        })?;
    }
    None
}

fn projection_of(root: &Node) -> Option<Projection> {
    let holder = root.child(&["CONVERSION"]).unwrap_or(root);
    let method = holder.child(&["PROJECTION", "METHOD"])?.first_text()?;
    let mut parameters = BTreeMap::new();
    let mut unit = root.child(&["UNIT", "LENGTHUNIT"]).and_then(|u| u.numbers().first().copied());
    for item in &holder.items {
        if let Item::Node(node) = item
            && node.keyword == "PARAMETER"
        {
            parameters.insert(plain(node.first_text()?), *node.numbers().first()?);
        }
    }
    if unit.is_none() {
        let axis = root.child(&["AXIS"]).and_then(|axis| axis.child(&["LENGTHUNIT", "UNIT"]));
        unit = axis.and_then(|u| u.numbers().first().copied());
    }
    Some(Projection { method: plain(method), parameters, unit: unit? })
}

fn epsg_of(node: &Node) -> Option<i32> {
    let authority = node.first_text()?;
    if !authority.eq_ignore_ascii_case("EPSG") {
        return None;
    }
    node.items.iter().skip(1).find_map(|item| match item {
        Item::Text(text) => text.parse().ok(),
        Item::Number(number) => Some(*number as i32),
        Item::Node(_) => None,
    })
}

/// Small letters and digits only, so that `False_Easting` and `False easting` are one.
pub fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Node {
    pub fn child(&self, keywords: &[&str]) -> Option<&Node> {
        self.items.iter().find_map(|item| match item {
            Item::Node(node) if keywords.contains(&node.keyword.as_str()) => Some(node),
            _ => None,
        })
    }

    pub fn first_text(&self) -> Option<&str> {
        self.items.iter().find_map(|item| match item {
            Item::Text(text) => Some(text.as_str()),
            _ => None,
        })
    }

    pub fn numbers(&self) -> Vec<f64> {
        let number = |item: &Item| if let Item::Number(number) = item { Some(*number) } else { None };
        self.items.iter().filter_map(number).collect()
    }
}

fn parse_tree(text: &str) -> Option<Node> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.len() > MAX_BYTES {
        return None;
    }
    let mut reader = Reader { rest: text };
    let node = reader.node(0)?;
    reader.skip_space();
    reader.rest.is_empty().then_some(node)
}

struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn eat(&mut self, wanted: &[char]) -> Option<char> {
        self.skip_space();
        let first = self.rest.chars().next().filter(|c| wanted.contains(c))?;
        self.rest = &self.rest[first.len_utf8()..];
        Some(first)
    }

    fn word(&mut self) -> &'t str {
        self.skip_space();
        let end =
            self.rest.find(|c: char| !(c.is_ascii_alphanumeric() || "_+-.".contains(c))).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn node(&mut self, depth: usize) -> Option<Node> {
        let keyword = self.word().to_ascii_uppercase();
        if keyword.is_empty() || depth > MAX_DEPTH {
            return None;
        }
        self.eat(&['[', '('])?;
        self.items(keyword, depth)
    }

    fn items(&mut self, keyword: String, depth: usize) -> Option<Node> {
        let mut items = Vec::new();
        loop {
            items.push(self.item(depth)?);
            if self.eat(&[',']).is_some() {
                continue;
            }
            self.eat(&[']', ')'])?;
            return Some(Node { keyword, items });
        }
    }

    fn item(&mut self, depth: usize) -> Option<Item> {
        if self.eat(&['"']).is_some() {
            let end = self.rest.find('"')?;
            let text = self.rest[..end].to_owned();
            self.rest = &self.rest[end + 1..];
            return Some(Item::Text(text));
        }
        let word = self.word();
        if word.is_empty() {
            return None;
        }
        if let Ok(number) = word.parse::<f64>()
            && number.is_finite()
        {
            return Some(Item::Number(number));
        }
        match self.eat(&['[', '(']) {
            Some(_) if depth < MAX_DEPTH => Some(Item::Node(self.items(word.to_ascii_uppercase(), depth + 1)?)),
            Some(_) => None,
            None => Some(Item::Text(word.to_owned())),
        }
    }
}
