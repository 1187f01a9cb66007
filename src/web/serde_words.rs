//! What the reader of JSON finds wrong, in Chinese. Names and codes of the request stay as they are; nothing of the reader's
//! own English is shown.

/// Kinds of values as the reader calls them.
const KINDS: [(&str, &str); 24] = [
    ("null", "空值（null）"),
    ("unit", "空值（null）"),
    ("boolean", "真假值（true 或 false）"),
    ("bool", "真假值（true 或 false）"),
    ("integer", "整数"),
    ("floating point", "小数"),
    ("number", "数"),
    ("string", "文字"),
    ("str", "文字"),
    ("character", "一个字符"),
    ("sequence", "列表"),
    ("array", "列表"),
    ("map", "对象"),
    ("struct", "对象"),
    ("tuple", "列表"),
    ("enum", "规定的代码之一"),
    ("variant identifier", "规定的代码之一"),
    ("option", "值或空值"),
    ("UUID", "UUID"),
    ("Decimal", "数"),
    ("i", "整数"),
    ("u", "整数"),
    ("f", "数"),
    ("formatted date", "日期（YYYY-MM-DD）"),
];

/// What the framework puts before it.
const FRAMEWORK: [&str; 6] = [
    "Failed to deserialize the JSON body into the target type: ",
    "Failed to parse the request body as JSON: ",
    "Failed to deserialize query string: ",
    "Failed to deserialize form body: ",
    "Failed to deserialize form: ",
    "Invalid URL: ",
];

/// A sentence about what `said` says, a message of serde with or without the path before it and the place behind it.
pub fn in_chinese(said: &str) -> String {
    let (said, place) = without_place(said);
    let said = FRAMEWORK.iter().find_map(|words| said.strip_prefix(words)).unwrap_or(said);
    let (path, said) = match said.split_once(": ") {
        // A path has no blanks; what serde itself says before a colon has.
        Some((path, rest)) if !path.contains(' ') && !rest.is_empty() => (format!("“{path}”"), rest),
        _ => (String::new(), said),
    };
    let what =
        kernel(said).unwrap_or_else(|| if path.is_empty() { "有一项的写法不对" } else { "的写法不对" }.to_owned());
    format!("{path}{what}{place}")
}

/// ` at line 1 column 2` behind a message.
fn without_place(said: &str) -> (&str, String) {
    let nothing = (said, String::new());
    let Some((before, after)) = said.rsplit_once(" at line ") else { return nothing };
    match after.split_once(" column ") {
        Some((line, column)) => (before, format!("（第 {line} 行第 {column} 列）")),
        None => nothing,
    }
}

fn kernel(said: &str) -> Option<String> {
    let named = |rest: &str| rest.split('`').nth(1).unwrap_or_default().to_owned();
    if let Some(rest) = said.strip_prefix("unknown variant ") {
        return Some(format!("不认识代码“{}”，{}", named(rest), allowed(rest, "可用的代码")));
    }
    if let Some(rest) = said.strip_prefix("unknown field ") {
        return Some(format!("没有“{}”这一项，{}", named(rest), allowed(rest, "可用的项目")));
    }
    if let Some(rest) = said.strip_prefix("missing field ") {
        return Some(format!("缺少“{}”这一项", named(rest)));
    }
    if let Some(rest) = said.strip_prefix("duplicate field ") {
        return Some(format!("“{}”这一项出现了两次", named(rest)));
    }
    let wrong = ["invalid type: ", "invalid value: ", "invalid length "].iter().find_map(|it| said.strip_prefix(it));
    if let Some((given, expected)) = wrong.and_then(|rest| rest.rsplit_once(", expected ")) {
        let expected = kind(expected).map_or(String::new(), |kind| format!("，应为{kind}"));
        return Some(format!("填的是{}{expected}", given_value(given)));
    }
    if said.starts_with("EOF while parsing") {
        return Some("内容没有写完".to_owned());
    }
    // What a type of ours says is Chinese already.
    (!said.is_ascii()).then(|| said.to_owned())
}

/// What may stand there: everything in backquotes behind `expected`.
fn allowed(rest: &str, what: &str) -> String {
    let expected = rest.split_once("expected").map_or("", |(_, after)| after);
    let names: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    if names.is_empty() { "此处不应再有内容".to_owned() } else { format!("{what}：{}", names.join("、")) }
}

/// `string "abc"`: the kind and, where there is one, the value.
fn given_value(given: &str) -> String {
    let value = given.split(['"', '`']).nth(1).map(|value| value.chars().take(40).collect::<String>());
    match (kind(given), value) {
        (Some(kind), Some(value)) => format!("{kind}“{value}”"),
        (Some(kind), None) => kind.to_owned(),
        (None, Some(value)) => format!("“{value}”"),
        (None, None) => "别的内容".to_owned(),
    }
}

fn kind(said: &str) -> Option<&'static str> {
    let bare = said.trim_start_matches("a ").trim_start_matches("an ");
    let begins = |name: &str| {
        let rest = bare.strip_prefix(name)?;
        let whole = match name.len() {
            // `i32`, `u64`, `f64`.
            1 => !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()),
            _ => !rest.starts_with(|c: char| c.is_ascii_alphanumeric()),
        };
        whole.then_some(())
    };
    KINDS.iter().find(|(name, _)| begins(name).is_some()).map(|(_, words)| *words)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Own,
        Leased,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only read")]
    struct Sent {
        kind: Kind,
        count: Option<i32>,
        name: Option<String>,
        on: Option<chrono::NaiveDate>,
        flag: Option<bool>,
        parts: Option<Vec<String>>,
    }

    fn told(text: &str) -> String {
        in_chinese(&serde_json::from_str::<Sent>(text).unwrap_err().to_string())
    }

    #[test]
    fn a_code_that_is_not_known_is_told_with_those_that_are() {
        let said = told(r#"{"kind":"rented"}"#);
        assert!(said.starts_with("不认识代码“rented”，可用的代码：own、leased"), "{said}");
        assert!(said.ends_with("（第 1 行第 16 列）"), "{said}");
        let said = told(r#"{"kind":"own","sort":1}"#);
        assert!(said.contains("没有“sort”这一项，可用的项目：kind、count、name、on、flag、parts"), "{said}");
        assert!(told("{}").contains("缺少“kind”这一项"));
        assert!(told(r#"{"kind":"own","kind":"own"}"#).contains("“kind”这一项出现了两次"));
    }

    #[test]
    fn what_stands_there_and_what_should_is_said() {
        let of = |field: &str| told(&format!(r#"{{"kind":"own",{field}}}"#));
        assert!(of(r#""count":"x""#).contains("填的是文字“x”，应为整数"), "{}", of(r#""count":"x""#));
        assert!(of(r#""count":1.5"#).contains("填的是小数“1.5”，应为整数"), "{}", of(r#""count":1.5"#));
        assert!(of(r#""name":[]"#).contains("填的是列表，应为文字"), "{}", of(r#""name":[]"#));
        assert!(of(r#""name":true"#).contains("填的是真假值"), "{}", of(r#""name":true"#));
        assert!(of(r#""parts":{}"#).contains("填的是对象，应为列表"), "{}", of(r#""parts":{}"#));
    }

    #[test]
    fn nothing_of_it_is_english() {
        for text in [
            r#"{"kind":"own","on":"2024-13-01"}"#,
            r#"{"kind":"own","on":5}"#,
            r#"{"kind":5}"#,
            r#"{"kind":"own","count":99999999999}"#,
            r#"{"kind":"#,
            r#"[1]"#,
            "5",
        ] {
            let said = told(text);
            for word in ["expected", "invalid", "unknown", "type", "line", "column", "while", "input"] {
                assert!(!said.contains(word), "{text}: {said}");
            }
        }
        let with_path = "Failed to deserialize the JSON body into the target type: a.b[0].kind: unknown variant `x`, expected `own` or `leased` at line 3 column 9";
        assert_eq!(
            in_chinese("Failed to deserialize query string: size: invalid digit found in string"),
            "“size”的写法不对"
        );
        assert_eq!(in_chinese(with_path), "“a.b[0].kind”不认识代码“x”，可用的代码：own、leased（第 3 行第 9 列）");
    }
}
