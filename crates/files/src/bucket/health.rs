//! Whether the bucket is well: for the log, which hears of changes alone, and for a gauge.

use std::sync::atomic::{AtomicBool, Ordering};

use super::failure::Failure;

/// What the last call told about the bucket.
pub struct Health {
    name: String,
    well: AtomicBool,
}

impl Health {
    pub(crate) fn new(name: String) -> Self {
        Self { name, well: AtomicBool::new(true) }
    }

    /// `s3://bucket/prefix`.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub fn is_well(&self) -> bool {
        self.well.load(Ordering::Relaxed)
    }

    /// A file that is not there is an answer like any other.
    pub(crate) fn note(&self, failure: Option<&Failure>) {
        let bucket = &self.name;
        match failure.filter(|failure| !failure.is_not_there()) {
            Some(failure) => {
                if self.well.swap(false, Ordering::Relaxed) {
                    tracing::warn!(%bucket, %failure, "the bucket fails: uploads and downloads are put off");
                }
            }
            None => {
                if !self.well.swap(true, Ordering::Relaxed) {
                    tracing::info!(%bucket, "the bucket answers again");
                }
            }
        }
    }
}
