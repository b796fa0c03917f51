//! What should happen. Pure: plain values in, plain values out, no clock, no store.

mod access;
mod address;
pub mod admin;
pub mod bot;
pub mod desk;
mod enter;
mod grant;
pub mod hook;
mod identify;
mod note;
pub mod notice;
pub mod order;
pub mod pace;
mod read;
mod recall;
mod screen;
mod send;
pub mod stats;

pub use access::{may_enter, may_name};
pub use address::is_public;
pub use enter::enter;
pub use grant::{GrantRequest, grant, vouches};
pub use identify::identify;
pub use note::note;
pub use read::mark_read;
pub use recall::recall;
pub use screen::{Found, screen};
pub use send::{send, send_quoting};
