//! How a server is set up: flags over environment over file over defaults.

mod node;
mod secret;
mod settings;
mod sources;

pub use node::NodeName;
pub use secret::Hidden;
pub use settings::{Config, SETTINGS, Setting};
pub use sources::{AWS, CUSTOMARY, ConfigError, example, flags, load};
