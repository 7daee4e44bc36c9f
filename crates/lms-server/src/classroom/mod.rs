//! The API of courses and who is in them.

pub mod paging;
