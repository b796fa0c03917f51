//! Words in what people write, in Chinese and in everything else.
//!
//! | module | for |
//! | --- | --- |
//! | [`history`] | terms under which a message is found again, the same for SQLite and PostgreSQL |
//! | [`questions`] | which of a company's questions somebody means |
//! | [`unwanted`] | words that a company refuses or masks |
//!
//! Knows no chat, no store and no network: text in, words out.

mod fold;
pub mod history;
pub mod questions;
pub mod unwanted;
