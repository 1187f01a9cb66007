//! Why something cannot be decided.

/// What has to be known before something can be decided, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap(pub String);
