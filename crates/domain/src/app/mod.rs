//! What people ask for, one function each: load, decide, commit. Who called, by which transport,
//! is not known here.

mod access;
mod channel;
mod desk;

pub use access::{Access, Admitted, Granted, NewPerson, Settings};
pub use channel::{Channel, Joined, Reference, SendCommand, Want};
pub use desk::{Desk, Place, Served};
