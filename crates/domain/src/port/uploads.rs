//! What was uploaded; the bytes themselves are elsewhere.

use super::Answer;
use crate::model::Upload;

pub trait Uploads: Send + Sync {
    /// Durable when answered.
    fn add(&self, upload: Upload) -> Answer<'_, ()>;

    /// By an image's path or a file's id.
    fn find(&self, key: &str) -> Answer<'_, Option<Upload>>;
}
