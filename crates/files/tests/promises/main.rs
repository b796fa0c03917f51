//! What the crate promises to its callers, as stories with tiny files made on the spot.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bad_weather;
mod forge;
mod giving_out;
mod hostile;
mod kinds;
mod left_behind;
mod privacy;
mod s3;
mod weather;
mod world;
