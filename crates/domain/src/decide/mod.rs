//! What should happen. Pure: plain values in, plain values out, no clock, no store.

mod access;
mod enter;
mod grant;
mod read;
mod send;

pub use access::{may_enter, may_name};
pub use enter::enter;
pub use grant::{GrantRequest, grant, vouches};
pub use read::mark_read;
pub use send::send;
