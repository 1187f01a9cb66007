//! What ARCHITECTURE.md and the pages beside it name is there: files and folders, and names of the code.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Made when building or running, and no part of the repository.
const NOT_OURS: [&str; 5] = [".git", "target", "node_modules", "dist", ".muheng"];
const ENDINGS: [&str; 8] = [".rs", ".toml", ".sql", ".py", ".css", ".ts", ".html", ".md"];
const DECLARED_BY: [&str; 9] =
    ["fn ", "struct ", "enum ", "const ", "static ", "trait ", "mod ", "type ", "macro_rules! "];

/// Every file by its path from the repository on, and the text of those of the program.
struct Tree {
    files: BTreeSet<String>,
    sources: Vec<(String, String)>,
}

impl Tree {
    fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut tree = Tree { files: BTreeSet::new(), sources: Vec::new() };
        tree.walk(root, root);
        assert!(tree.files.len() > 1000 && tree.sources.len() > 500, "{} {}", tree.files.len(), tree.sources.len());
        tree
    }

    fn walk(&mut self, root: &Path, folder: &Path) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if NOT_OURS.contains(&entry.file_name().to_str().unwrap_or_default()) {
                continue;
            }
            if entry.file_type().unwrap().is_dir() {
                self.walk(root, &path);
                continue;
            }
            let file = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            let of_program = ["src/", "crates/", "migrations/"].iter().any(|place| file.starts_with(place));
            if of_program && (file.ends_with(".rs") || file.ends_with(".sql")) {
                self.sources.push((file.clone(), fs::read_to_string(&path).unwrap()));
            }
            self.files.insert(file);
        }
    }

    fn is_there(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        self.files.contains(path)
            || self.files.contains(&format!("{path}.rs"))
            || self.files.iter().any(|file| file.starts_with(&folder))
    }

    /// From the repository on, or from where rooms and templates stand; a name without a folder is that of some file.
    fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        let of_crate = format!("crates/{first}/src/{rest}");
        let some_file = rest.is_empty() && self.files.iter().any(|file| file.ends_with(&format!("/{path}")));
        some_file
            || ["", "src/", "templates/"].iter().any(|place| self.is_there(&format!("{place}{path}")))
            || self.is_there(of_crate.trim_end_matches('/'))
    }

    /// Where a room's files begin; none when it is no room.
    fn room(&self, name: &str) -> Option<String> {
        let places = [format!("src/{name}"), format!("crates/{name}/src")];
        places.into_iter().find(|place| self.is_there(place))
    }

    /// Whether every part of `a::b::c` is a module or declared: in the room `a`, or anywhere when `a` is no room.
    fn declares(&self, name: &str) -> bool {
        let (first, rest) = name.split_once("::").unwrap_or((name, ""));
        let (place, parts) = match self.room(first) {
            Some(place) => (place, rest),
            None => (String::new(), name),
        };
        parts.split("::").filter(|part| !part.is_empty()).all(|part| {
            let inside = |file: &str| file.starts_with(&place);
            let module = |file: &str| file.ends_with(&format!("/{part}.rs")) || file.contains(&format!("/{part}/"));
            self.sources.iter().any(|(file, text)| inside(file) && (module(file) || is_declared(text, part)))
        })
    }

    /// What is quoted in a text and is not there.
    fn missing<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let wrong = |word: &&str| {
            if self.is_path(word) {
                !self.has(word)
            } else {
                is_name(word) && !self.declares(word.trim_start_matches("crate::"))
            }
        };
        quoted(text).into_iter().filter(wrong).collect()
    }

    /// By its ending, or because it begins with a folder of ours; what has a place left open (`policy/*.toml`) is none.
    fn is_path(&self, word: &str) -> bool {
        let plain = word.chars().all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c)) && !word.starts_with('/');
        let begins_here =
            || word.split_once('/').is_some_and(|(first, _)| self.has(first) || self.room(first).is_some());
        plain && (ENDINGS.iter().any(|ending| word.ends_with(ending)) || begins_here())
    }
}

/// `a::b`, with nothing around it.
fn is_name(word: &str) -> bool {
    word.contains("::") && word.chars().all(|c| c.is_ascii_alphanumeric() || "_:".contains(c))
}

fn ends_a_word(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// By a keyword, or as a variant at the beginning of its line.
fn is_declared(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = &text[..at];
        let by_keyword = DECLARED_BY.iter().any(|keyword| before.ends_with(keyword));
        let begins_its_line = before.rsplit('\n').next().is_some_and(|begun| begun.trim().is_empty());
        let variant = begins_its_line && name.starts_with(|c: char| c.is_ascii_uppercase());
        (by_keyword || variant) && ends_a_word(&text[at + name.len()..])
    })
}

/// Everything between backticks outside of blocks.
fn quoted(text: &str) -> Vec<&str> {
    let outside = text.split("```").step_by(2);
    outside.flat_map(|part| part.split('`').skip(1).step_by(2)).collect()
}

fn page(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn what_the_pages_name_is_there() {
    let tree = Tree::read();
    let decisions = tree.files.iter().filter(|file| file.starts_with("docs/decisions/")).map(String::as_str);
    let pages: Vec<&str> = ["ARCHITECTURE.md", "docs/add-a-room.md", "docs/api.md", "docs/LOGGING.md"]
        .into_iter()
        .chain(decisions)
        .collect();
    assert!(pages.len() > 30, "{pages:?}");
    let mut faults = Vec::new();
    for path in pages {
        let text = page(path);
        assert!(text.matches('`').count().is_multiple_of(2), "a backtick of {path} stands alone");
        faults.extend(tree.missing(&text).iter().map(|word| format!("{path}: {word}")));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_words_of_the_glossary_are_those_of_the_code() {
    let tree = Tree::read();
    let text = page("ARCHITECTURE.md");
    let glossary = text.split("\n## Glossary\n").nth(1).and_then(|after| after.split("\n## ").next()).unwrap();
    let words: Vec<&str> = quoted(glossary).into_iter().filter(|word| is_one_word(word)).collect();
    assert!(words.len() > 40, "{words:?}");
    let is_used = |word: &str| {
        let whole = |text: &str| text.match_indices(word).any(|(at, _)| ends_a_word(&text[at + word.len()..]));
        tree.sources.iter().any(|(_, text)| whole(text))
    };
    let unknown: Vec<&str> = words.into_iter().filter(|word| !is_used(word)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

/// One word of the code: letters, digits and underscores.
fn is_one_word(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[test]
fn every_decision_is_in_the_index_once_in_its_order() {
    let tree = Tree::read();
    let names = tree.files.iter().filter_map(|file| file.strip_prefix("docs/decisions/"));
    let files: Vec<&str> = names.filter(|name| *name != "README.md").collect();
    let index = page("docs/decisions/README.md");
    let linked: Vec<&str> = index.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    assert_eq!(files, linked);
}

#[test]
fn what_is_not_there_is_noticed() {
    let tree = Tree::read();
    let stale = "`exchange/unit.rs` `exchange/no_such` `src/no_such_room` `migrations/no_such.sql` `contract::no_such_thing` `app::NoSuchThing`";
    assert_eq!(tree.missing(stale), quoted(stale));
    let there = "`base/unit.rs` `exchange/validity` `mod.rs` `tests/it/floors` `migrations/README.md` `print/paper.css` \
                 `Access::ReadRegisters` `account::gate::admit` `crate::made` `policy/*.toml` `GB/T` `a.b` `NOT NULL`";
    assert_eq!(tree.missing(there), [""; 0]);
}
