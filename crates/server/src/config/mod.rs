//! How a server is set up: flags over environment over file over defaults.

mod settings;
mod sources;

pub use settings::{Config, SETTINGS, Setting};
pub use sources::{ConfigError, example, flags, load};
