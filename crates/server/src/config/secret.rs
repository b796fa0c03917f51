//! Values that are nobody's business: not shown by `Debug`, and readable from a file of their own.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use super::ConfigError;

/// A text with a password in it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Hidden(String);

impl Hidden {
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value, or what stands in `file` where that is set. Both at once is a mistake that nobody should have to guess about.
    pub(super) fn or_from(self, key: &'static str, file: &Path) -> Result<Self, ConfigError> {
        if file.as_os_str().is_empty() {
            return Ok(self);
        }
        if !self.is_empty() {
            return Err(ConfigError::Twice { key, path: file.into() });
        }
        let text = std::fs::read_to_string(file)
            .map_err(|error| ConfigError::File { path: file.into(), why: error.to_string() })?;
        let text = text.trim();
        if text.is_empty() {
            return Err(ConfigError::File {
                path: file.into(),
                why: format!("it is empty; `{key}` should stand in it"),
            });
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "Hidden()" } else { "Hidden(…)" })
    }
}

impl From<String> for Hidden {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl FromStr for Hidden {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.trim().to_owned()))
    }
}
