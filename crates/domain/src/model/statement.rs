//! A statement of a company's site about one of its users: a JSON Web Token (RFC 7519), taken apart.

use super::{AccountId, Name, Time};

/// Nothing of it is believed before its signature is.
#[derive(Debug, Clone)]
pub struct Statement<'a> {
    /// Header and claims, as they were signed.
    pub signed: &'a [u8],
    /// HMAC with SHA-256; nothing else is taken for a signature.
    pub signature: Box<[u8]>,
    pub claims: Claims,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    pub aid: AccountId,
    pub mid: Name,
    pub account: Name,
    pub nick: Name,
    /// A JSON object, as a token's.
    pub attributes: Option<Box<str>>,
    /// When it ends.
    pub expires: Time,
    /// Before when it means nothing.
    pub not_before: Option<Time>,
    /// For which companies it is meant; none: for whichever can check it.
    pub audience: Option<Vec<Box<str>>>,
}
