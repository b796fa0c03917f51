//! Uploaded files: taken in, checked, cleaned, kept and given out.
//!
//! An upload comes as a stream of chunks and goes to an unnamed scratch file while it is counted.
//! What it is, its content decides, from a fixed list ([`Files::take_image`], [`Files::take_file`]);
//! a picture loses everything that tells where and by whom it was taken. Then it is copied, part by
//! part, into a local folder or a bucket under a random name, and it is durable when the caller hears
//! of it.
//!
//! Absent on purpose: no picture is ever decoded, no upload is ever held in memory as a whole, and
//! no word of the client becomes part of a path.

mod bucket;
mod files;
mod folder;
mod keep;
mod kind;
mod limits;
mod name;
mod picture;
mod range;
mod scratch;
mod source;

pub use bucket::{BucketOptions, Health, Objects, Unusable};
pub use files::{Files, Key, Opened, TakenFile, TakenImage};
pub use kind::media_type_given_out;
pub use limits::Limits;
pub use name::{clean, disposition};
pub use range::{Part, parse_range};
