//! A company's bot at work: which of its questions somebody means, and an answer in words where a language model may
//! give one.
//!
//! [`Bots`] knows which companies have a bot; for all others a message costs one look at a table. What a bot knows is
//! read when it is first asked and forgotten when nobody asks for a while ([`Knowledge`]). Beside the store it talks to
//! nobody but the service that the company itself has named ([`model`]), and tells what that says through [`Listeners`].

mod answering;
mod bots;
mod knowledge;
pub mod model;
mod trial;

pub use answering::{Listeners, Piece};
pub use bots::{Bots, Options, Ports, Reply};
pub use knowledge::{Group, Item, Knowledge};
pub use trial::{Draft, Trial, Tried};
