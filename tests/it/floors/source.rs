//! The modules of the program as they stand in files, and what each names of the others. Code that is there only for tests
//! is left out: a test may look up.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

/// The names from the root of the crate on: `["supervision", "notice", "store"]`; the root itself is empty.
pub type Name = Vec<String>;

/// One file.
pub struct Module {
    /// What its imports and paths name, from the root on; macros and crates of others are not among them.
    pub names: BTreeSet<Name>,
    /// What it hands on by `pub use`: the name here, and where it comes from.
    exports: BTreeMap<String, Name>,
}

/// Rooms that are crates of their own.
pub const CRATES: [&str; 4] = ["base", "entitlement", "exchange", "scoring"];

pub struct Program {
    pub modules: BTreeMap<Name, Module>,
}

impl Program {
    /// The program's own sources, and the crates under `crates/`, each a room by its own name.
    pub fn read(root: &Path) -> Self {
        let mut modules = BTreeMap::new();
        let sources = root.join("src");
        read_file(&sources.join("lib.rs"), sources, &Vec::new(), Vec::new(), &mut modules);
        for name in CRATES {
            let sources = root.join("crates").join(name).join("src");
            let own = vec![name.to_owned()];
            read_file(&sources.join("lib.rs"), sources, &own, own.clone(), &mut modules);
        }
        Program { modules }
    }

    /// The module that a name leads to in the end, through whatever is handed on.
    pub fn home(&self, name: &[String]) -> Option<Name> {
        self.follow(name, 0)
    }

    fn follow(&self, name: &[String], steps: usize) -> Option<Name> {
        let depth = (0..=name.len()).rev().find(|depth| self.modules.contains_key(&name[..*depth]))?;
        let (module, rest) = name.split_at(depth);
        let handed_on = rest.first().and_then(|first| self.modules[module].exports.get(first));
        match handed_on {
            Some(origin) if steps < 8 => {
                let whole: Name = origin.iter().chain(&rest[1..]).cloned().collect();
                self.follow(&whole, steps + 1)
            }
            _ => Some(module.to_owned()),
        }
    }

    /// For each module, the modules it needs beside those it is made of: a folder's own file puts its children together, and
    /// they use what it defines.
    pub fn needs(&self) -> BTreeMap<&Name, BTreeSet<Name>> {
        let needed = |(own, module): (&'_ Name, &Module)| -> BTreeSet<Name> {
            module
                .names
                .iter()
                .filter_map(|name| self.home(name))
                .filter(|home| !home.starts_with(own) && !home.is_empty())
                .collect()
        };
        self.modules.iter().map(|(own, module)| (own, needed((own, module)))).collect()
    }
}

fn read_file(file: &Path, folder: PathBuf, root: &Name, own: Name, modules: &mut BTreeMap<Name, Module>) {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let items = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display())).items;
    for item in items.iter().filter(|item| !is_for_tests(item)) {
        let syn::Item::Mod(child) = item else { continue };
        if child.content.is_none() {
            let name = child.ident.to_string();
            let beside = folder.join(format!("{name}.rs"));
            let file = if beside.exists() { beside } else { folder.join(&name).join("mod.rs") };
            let own = own.iter().cloned().chain([name.clone()]).collect();
            read_file(&file, folder.join(&name), root, own, modules);
        }
    }
    let mut reader = Reader { root: root.clone(), own: own.clone(), ..Reader::default() };
    // Twice, because a name may be used above the line that brings it.
    for _ in 0..2 {
        items.iter().filter(|item| !is_for_tests(item)).for_each(|item| reader.visit_item(item));
    }
    modules.insert(own, Module { names: reader.names, exports: reader.exports });
}

fn is_for_tests(item: &syn::Item) -> bool {
    let attributes = match item {
        syn::Item::Mod(it) => &it.attrs,
        syn::Item::Fn(it) => &it.attrs,
        syn::Item::Use(it) => &it.attrs,
        syn::Item::Impl(it) => &it.attrs,
        syn::Item::Const(it) => &it.attrs,
        syn::Item::Static(it) => &it.attrs,
        syn::Item::Struct(it) => &it.attrs,
        _ => return false,
    };
    let is_test = |attribute: &syn::Attribute| match &attribute.meta {
        syn::Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
        _ => false,
    };
    attributes.iter().any(is_test)
}

#[derive(Default)]
struct Reader {
    /// What `crate` stands for.
    root: Name,
    own: Name,
    names: BTreeSet<Name>,
    exports: BTreeMap<String, Name>,
    /// Modules and other things by the names they have in this file.
    known: BTreeMap<String, Name>,
}

impl Reader {
    /// The name from the root on, when it begins with `crate`, `self`, `super` or something known here.
    fn absolute(&self, path: &[String]) -> Option<Name> {
        let mut start = match path.first()?.as_str() {
            "crate" => return Some(self.root.iter().chain(&path[1..]).cloned().collect()),
            first if CRATES.contains(&first) && !self.known.contains_key(first) => return Some(path.to_vec()),
            "self" | "super" => self.own.clone(),
            first => return self.known.get(first).map(|known| known.iter().chain(&path[1..]).cloned().collect()),
        };
        let mut rest = path;
        while let Some((first, others)) = rest.split_first() {
            match first.as_str() {
                "self" => {}
                "super" => drop(start.pop()),
                _ => break,
            }
            rest = others;
        }
        Some(start.into_iter().chain(rest.iter().cloned()).collect())
    }

    fn note(&mut self, path: &[String]) -> Option<Name> {
        let name = self.absolute(path)?;
        self.names.insert(name.clone());
        Some(name)
    }

    fn imports(&mut self, before: &[String], tree: &syn::UseTree, hands_on: bool) {
        let with = |name: String| before.iter().cloned().chain([name]).collect::<Name>();
        match tree {
            syn::UseTree::Path(path) => self.imports(&with(path.ident.to_string()), &path.tree, hands_on),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.imports(before, tree, hands_on)),
            syn::UseTree::Name(name) if name.ident == "self" => self.import(before, before.last(), hands_on),
            syn::UseTree::Name(name) => {
                let name = name.ident.to_string();
                self.import(&with(name.clone()), Some(&name), hands_on);
            }
            syn::UseTree::Rename(rename) => {
                self.import(&with(rename.ident.to_string()), Some(&rename.rename.to_string()), hands_on);
            }
            syn::UseTree::Glob(_) => self.import(before, None, false),
        }
    }

    fn import(&mut self, path: &[String], known_as: Option<&String>, hands_on: bool) {
        // Of a child: `pub use rules::judge`.
        let name = self.absolute(path).unwrap_or_else(|| self.own.iter().chain(path).cloned().collect());
        if let Some(known_as) = known_as {
            self.known.insert(known_as.clone(), name.clone());
        }
        match (hands_on, known_as) {
            (true, Some(known_as)) => drop(self.exports.insert(known_as.clone(), name)),
            _ => drop(self.note(path)),
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !is_for_tests(item) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let name = item.ident.to_string();
        self.known.insert(name.clone(), self.own.iter().cloned().chain([name]).collect());
        visit::visit_item_mod(self, item);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let hands_on = !matches!(item.vis, syn::Visibility::Inherited);
        self.imports(&[], &item.tree, hands_on);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Name = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        // One word may be a variable; what is brought in was noted where it is.
        if segments.len() > 1 {
            self.note(&segments);
        }
        visit::visit_path(self, path);
    }

    /// Inside a macro only words can be read.
    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        let text = called.tokens.to_string();
        for (place, _) in text.match_indices("crate :: ") {
            let words =
                text[place..].split(" :: ").map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '_'));
            let path: Name = words
                .take_while(|word| word.chars().all(|c| c.is_alphanumeric() || c == '_'))
                .map(str::to_owned)
                .collect();
            self.note(&path);
        }
        visit::visit_macro(self, called);
    }
}
