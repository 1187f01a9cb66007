//! What people type, as patterns for `LIKE` in which it stands for itself.

/// The text with everything `LIKE` finds special taken literally.
pub fn literal(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// Anything that contains the text.
pub fn containing(text: &str) -> String {
    format!("%{}%", literal(text))
}

/// The first code of digits and capital letters that comes after all that begin with `prefix`: an index in their plain order
/// holds them between the two. `None` when there is none, or when the prefix is no beginning of a code.
pub fn beyond(prefix: &str) -> Option<String> {
    let of_a_code = prefix.bytes().all(|sign| sign.is_ascii_digit() || sign.is_ascii_uppercase());
    let kept = prefix.trim_end_matches('Z');
    let last = kept.chars().last().filter(|_| of_a_code)?;
    let next = if last == '9' { 'A' } else { char::from_u32(u32::from(last) + 1)? };
    Some(format!("{}{next}", &kept[..kept.len() - 1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_themselves() {
        assert_eq!(containing(r"50%_a\b"), r"%50\%\_a\\b%");
        assert_eq!(literal("330105"), "330105");
    }

    #[test]
    fn a_prefix_ends_where_the_next_begins() {
        assert_eq!(beyond("3301").as_deref(), Some("3302"));
        assert_eq!(beyond("3309").as_deref(), Some("330A"));
        assert_eq!(beyond("330105001GBZ").as_deref(), Some("330105001GC"));
        assert_eq!((beyond("ZZ"), beyond(""), beyond("33%"), beyond("机械")), (None, None, None, None));
    }
}
