//! Given a desk, when somebody does something, then this happens.

mod due;
mod floor;
mod groups;
mod presence;
mod properties;
mod queue;
mod transfer;
mod visitor;
