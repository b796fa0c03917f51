//! The name of a history (contract C2): the same for all who see the same rooms, another one after a backup was
//! restored.

use nodechat_domain::port::Entropy;

/// Where it stands in `meta`.
pub const EPOCH: &str = "epoch";

/// A name that was never used before.
pub fn new_name(entropy: &dyn Entropy) -> String {
    let mut random = [0; 16];
    entropy.fill(&mut random);
    uuid::Builder::from_random_bytes(random).into_uuid().simple().to_string()
}
