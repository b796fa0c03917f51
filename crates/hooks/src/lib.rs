//! Webhooks on their way: what is due is taken from the store, signed, carried, and its end is written down.
//!
//! `dispatch` is the job, of which every node runs one; `courier` makes the requests. What is to be told, and when it is
//! told again, is decided in the domain.

mod courier;
mod dispatch;

pub use courier::{CourierOptions, Unusable, WebCourier};
pub use dispatch::{Dispatcher, Wake, Wording};
