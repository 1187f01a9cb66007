//! The pages as a server answers them.
