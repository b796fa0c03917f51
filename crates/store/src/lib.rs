//! The domain's ports made durable.
//!
//! `sqlite` is the engine that is built in, `postgres` the one that several nodes share. `sql` and `stored` are what every engine shares: the
//! statements, and how a value looks in a column. `conformance` holds engines to their promises.

#[cfg(feature = "conformance")]
pub mod conformance;
pub mod copy;
mod epoch;
mod history;
mod panicked;
pub mod postgres;
mod schema;
mod sql;
pub mod sqlite;
mod stored;

pub use schema::Misfit;
