//! A town of any size for measuring.
