//! What a room is and what may happen in it.
//!
//! This crate knows no word of sockets, HTTP, JSON or SQL. Commands come in already parsed,
//! `decide` turns them into changes without touching anything, `port` says what a store must
//! promise, and `app` joins the two.

pub mod app;
pub mod decide;
pub mod error;
pub mod limits;
pub mod model;
pub mod port;

pub use error::{Code, Error, Result};
