//! A form that was refused at the gate, given back with all that was typed.

use axum::http::request::Parts;

use super::field::field_fault;
use crate::base::text::{is_invisible, is_stray};

/// Names of fields that are never shown again.
const SECRETS: [&str; 4] = ["password", "current", "new", "again"];

/// One field as it comes back: without the characters that cannot be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnedField {
    pub name: String,
    pub value: String,
    /// Why it has to be looked at again; the others are sent along unseen.
    pub fault: Option<String>,
}

/// What to send again, and where to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    pub action: String,
    pub fields: Vec<ReturnedField>,
}

impl Returned {
    /// None for a form with a password, which is typed anew.
    pub(super) fn of(parts: &Parts, body: &[u8]) -> Option<Self> {
        let action = parts.uri.path_and_query().map_or("/", |it| it.as_str()).to_owned();
        let mut fields = Vec::new();
        for (name, value) in form_urlencoded::parse(body) {
            if SECRETS.contains(&&*name) {
                return None;
            }
            if name.chars().any(is_stray) {
                continue;
            }
            let fault = field_fault(&name, &value).map(|fault| fault.message);
            let kept = |c: &char| !is_stray(*c) && (fault.is_none() || !is_invisible(*c));
            let value = value.chars().filter(kept).collect();
            fields.push(ReturnedField { name: name.into_owned(), value, fault });
        }
        Some(Returned { action, fields })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn returned(body: &str) -> Option<Returned> {
        let request = axum::http::Request::post("/occupancies/new?parcel=1").body(()).unwrap();
        Returned::of(&request.into_parts().0, body.as_bytes())
    }

    #[test]
    fn nothing_typed_is_lost_but_what_cannot_be_kept() {
        let form = returned("name=%E7%94%B2%00&reason=a%0D%0Ab&kind=owned&kind=leased&%00=x").unwrap();
        assert_eq!(form.action, "/occupancies/new?parcel=1");
        let turned = returned("name=%E7%94%B2%E2%80%AE%E4%B9%99&reason=%E2%80%8B").unwrap();
        let shown: Vec<(&str, bool)> = turned.fields.iter().map(|it| (&*it.value, it.fault.is_some())).collect();
        assert_eq!(shown, [("甲乙", true), ("", true)], "what nobody sees is taken out where it was refused");
        let shown: Vec<(&str, &str, bool)> =
            form.fields.iter().map(|field| (&*field.name, &*field.value, field.fault.is_some())).collect();
        let kept =
            [("name", "甲", true), ("reason", "a\r\nb", false), ("kind", "owned", false), ("kind", "leased", false)];
        assert_eq!(shown, kept);
    }

    #[test]
    fn a_password_is_never_written_into_a_page() {
        assert_eq!(returned("login=a%00&password=secret"), None);
    }
}
