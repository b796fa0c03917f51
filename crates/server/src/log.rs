//! Where log lines go and which are written.

use std::io::IsTerminal as _;

use anyhow::{Context, Result};
use tracing_subscriber::EnvFilter;

use crate::config::Config;

/// Log lines go to standard error; standard output is for answers.
pub fn start(config: &Config) -> Result<()> {
    let mut filter =
        EnvFilter::try_new(&config.log).with_context(|| format!("`log` cannot be {:?}", config.log))?;
    if !config.log.contains("object_store") {
        // It tells of every attempt; what came of them is told by ourselves.
        filter = filter.add_directive("object_store=warn".parse().expect("it is a directive"));
    }
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    if config.log_json {
        lines.json().init()
    } else {
        lines.with_target(false).init()
    }
    Ok(())
}
