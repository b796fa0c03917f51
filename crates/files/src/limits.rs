//! How large an upload may be.

/// Limits of what is taken in. All of them hold before anything is decoded or kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub image_bytes: u64,
    pub file_bytes: u64,
    /// Width times height; whoever shows the picture needs four bytes for each.
    pub image_pixels: u64,
    /// Width or height alone.
    pub image_side: u32,
    /// Frames of an animation, and passes over a progressive JPEG: both are work for the viewer
    /// that costs the sender a few bytes.
    pub image_frames: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            image_bytes: 10_000_000,
            file_bytes: 50_000_000,
            image_pixels: 50_000_000,
            image_side: 16_384,
            image_frames: 2_000,
        }
    }
}
