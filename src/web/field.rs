//! What a field of a form may hold, by its name.

use crate::base::text::{self, LINE, PROSE, Unfit};
use crate::exchange::Fault;

/// Fields of several lines.
const OF_LINES: [&str; 8] = ["reason", "comment", "summary", "purpose", "note", "remark", "after", "next"];
/// Fields that hold a shape, a table or a list; the bound of the whole form is theirs.
const OF_ANY_LENGTH: [&str; 15] = [
    "shape",
    "shapes",
    "site",
    "geometry",
    "kept",
    "trial",
    "question",
    "successors",
    "parcels",
    "instalments",
    "commitments",
    "floors",
    "codes",
    "parcel",
    "scheme_json",
];

/// How many characters a field of this name may have.
pub fn most_of(name: &str) -> usize {
    if OF_ANY_LENGTH.contains(&name) {
        usize::MAX
    } else if OF_LINES.contains(&name) {
        PROSE
    } else {
        LINE
    }
}

/// What is wrong with a text of this name: names, codes and the like have one line, and what was sent is to be seen.
pub fn unfit_for(name: &str, value: &str) -> Option<Unfit> {
    let wrong = match most_of(name) {
        LINE => text::unfit_line(value, LINE),
        most => text::unfit(value, most),
    };
    wrong.or_else(|| text::unseen_alone(value))
}

/// What is wrong with one field of a form, its name included.
pub fn field_fault(name: &str, value: &str) -> Option<Fault> {
    if let Some(wrong) = text::unfit(name, LINE) {
        return Some(Fault::error(wrong.into(), format!("字段名称不能使用：{wrong}")));
    }
    let wrong = unfit_for(name, value)?;
    Some(Fault::error(wrong.into(), format!("“{name}”{wrong}")).at_field(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_as_long_as_what_it_is_for() {
        let long = "亩".repeat(LINE + 1);
        assert_eq!(field_fault("name", &long).unwrap().code.code(), "text_too_long");
        assert_eq!(field_fault("reason", &long), None);
        assert_eq!(field_fault("reason", &"亩".repeat(PROSE + 1)).unwrap().place, "reason");
        assert_eq!(field_fault("shape", &"1,2\n".repeat(PROSE)), None);
        assert!(field_fault("shape", "1,2\0").is_some());
        assert!(field_fault("a\0", "").is_some());
    }

    #[test]
    fn a_field_that_nobody_sees_is_told_and_a_name_reads_as_it_is_kept() {
        let code = |name: &str, text: &str| field_fault(name, text).map(|fault| fault.code.code());
        for name in ["name", "reason", "beside", "shape"] {
            assert_eq!(code(name, "\u{200b}"), Some("text_invisible"), "{name}");
            assert_eq!(code(name, " \u{feff}\u{3000}"), Some("text_invisible"), "{name}");
            assert_eq!(code(name, "  "), None, "{name}: whether it may be left out is for whoever asks for it");
            assert_eq!(code(name, "二期\u{200b}"), None, "{name}");
        }
        assert_eq!(code("name", "甲\u{202e}乙"), Some("text_direction_character"));
        assert_eq!(code("reason", "甲\u{202e}乙"), None);
    }
}
