//! Words that a company does not want to see.

use super::CompanyId;
use crate::error::{Error, Result};
use crate::limits;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SensitiveWord {
    pub company: CompanyId,
    pub word: Word,
    pub treatment: Treatment,
}

/// 1 to 64 characters, none of them a control character, no blanks around them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Word(Box<str>);

/// What becomes of a text that has such a word in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    /// It is not said at all.
    Refuse,
    /// It is said with a `*` for each character of the word.
    Mask,
}

impl Word {
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Error::Missing("word"));
        }
        if text.chars().count() > limits::SENSITIVE_WORD_CHARS || text.chars().any(char::is_control) {
            return Err(Error::invalid("word", "at most 64 characters, no control characters"));
        }
        Ok(Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Treatment {
    pub fn name(self) -> &'static str {
        match self {
            Treatment::Refuse => "refuse",
            Treatment::Mask => "mask",
        }
    }

    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "refuse" => Ok(Treatment::Refuse),
            "mask" => Ok(Treatment::Mask),
            _ => Err(Error::invalid("treatment", "refuse or mask")),
        }
    }
}
