//! Given a desk, when somebody does something, then this happens.

mod due;
mod floor;
mod presence;
mod queue;
mod transfer;
mod visitor;
