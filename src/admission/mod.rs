//! Admission (准入): may this project take this land? 四(一) of the governing text.

pub mod case;
