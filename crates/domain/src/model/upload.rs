//! Something that was uploaded and may be named in a message.

use super::{AccountId, ImagePath, Realm, Time};
use crate::error::{Error, Result};
use crate::model::secret::hex;
use crate::port::Entropy;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    pub kind: UploadKind,
    /// Whose: a message may name it only in a room of this realm, or by the one who brought it.
    pub realm: Realm,
    pub by: AccountId,
    /// The name it had where it came from, for people to read; never a path of ours.
    pub name: Box<str>,
    pub size_bytes: u64,
    /// Found out from the content, from a list of allowed ones.
    pub media_type: Box<str>,
    pub time: Time,
}

/// How an upload is asked for; both are capabilities of at least 128 random bits (contract B4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UploadKind {
    Image { path: ImagePath, width: u32, height: u32 },
    File { id: FileId },
}

/// Name of an uploaded file: 32 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileId(Box<str>);

impl FileId {
    pub fn new(entropy: &dyn Entropy) -> Self {
        let mut random = [0; 16];
        entropy.fill(&mut random);
        Self(hex(&random).into())
    }

    pub fn parse(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Err(Error::Missing("fileid"));
        }
        if text.len() != 32 || !text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            return Err(Error::invalid("fileid", "no such file was uploaded"));
        }
        Ok(Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Upload {
    /// What the store finds it by: an image's path or a file's id.
    pub fn key(&self) -> &str {
        match &self.kind {
            UploadKind::Image { path, .. } => path.as_str(),
            UploadKind::File { id } => id.as_str(),
        }
    }
}
