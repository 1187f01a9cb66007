//! The words of the field: each term has a stable code for files and the database, and its Chinese name.

/// Declares an enum of terms. Every term is stored and exchanged by its code and shown by its Chinese name;
/// parsing takes either. An unknown word is `None`, never a default.
// The code is a token tree: the derive of the schema reads no `rename` that comes as a literal fragment, and would show the
// names of the variants.
#[macro_export]
macro_rules! terms {
    ($(#[$($doc:tt)*])* $vis:vis enum $name:ident { $($(#[$term_doc:meta])* $variant:ident = $code:tt => $label:literal),+ $(,)? }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        $(#[$($doc)*])*
        $vis enum $name { $($(#[$term_doc])* #[serde(rename = $code)] $variant),+ }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The code in the database, in files and in the API.
            pub fn code(self) -> &'static str { match self { $($name::$variant => $code),+ } }

            /// The Chinese name shown to people.
            pub fn label(self) -> &'static str { match self { $($name::$variant => $label),+ } }

            /// Reads a code or a Chinese name.
            pub fn parse(text: &str) -> Option<Self> {
                let text = text.trim();
                $name::ALL.iter().copied().find(|term| term.code() == text || term.label() == text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.label()) }
        }

        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                $name::parse(text).ok_or_else(|| format!("“{text}” is not one of: {}", $name::ALL.iter().map(|t| t.code()).collect::<Vec<_>>().join(", ")))
            }
        }

        impl $crate::sqlx::Type<$crate::sqlx::Postgres> for $name {
            fn type_info() -> $crate::sqlx::postgres::PgTypeInfo { <str as $crate::sqlx::Type<$crate::sqlx::Postgres>>::type_info() }
            fn compatible(ty: &$crate::sqlx::postgres::PgTypeInfo) -> bool { <str as $crate::sqlx::Type<$crate::sqlx::Postgres>>::compatible(ty) }
        }

        impl<'q> $crate::sqlx::Encode<'q, $crate::sqlx::Postgres> for $name {
            fn encode_by_ref(&self, buffer: &mut $crate::sqlx::postgres::PgArgumentBuffer) -> Result<$crate::sqlx::encode::IsNull, $crate::sqlx::error::BoxDynError> {
                <&str as $crate::sqlx::Encode<'q, $crate::sqlx::Postgres>>::encode_by_ref(&self.code(), buffer)
            }
        }

        impl<'r> $crate::sqlx::Decode<'r, $crate::sqlx::Postgres> for $name {
            fn decode(value: $crate::sqlx::postgres::PgValueRef<'r>) -> Result<Self, $crate::sqlx::error::BoxDynError> {
                let text = <&str as $crate::sqlx::Decode<'r, $crate::sqlx::Postgres>>::decode(value)?;
                Ok(text.parse::<$name>()?)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    terms! {
        /// A sample.
        pub enum Sample { Own = "own" => "自有", Leased = "leased" => "租赁" }
    }

    #[test]
    fn the_schema_shows_the_codes() {
        let schema = serde_json::to_value(<Sample as utoipa::PartialSchema>::schema()).unwrap();
        assert_eq!(schema["enum"], serde_json::json!(["own", "leased"]), "{schema}");
    }

    #[test]
    fn a_term_is_read_by_code_or_name_and_never_guessed() {
        assert_eq!(Sample::parse(" 租赁 "), Some(Sample::Leased));
        assert_eq!(Sample::parse("own"), Some(Sample::Own));
        assert_eq!(Sample::parse("OWN"), None);
        assert!("x".parse::<Sample>().unwrap_err().contains("own, leased"));
    }
}
