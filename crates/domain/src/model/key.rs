//! API keys and what each may be used for.

use std::fmt;

use super::secret::hex;
use super::{Hash, Name, Realm, Time};
use crate::error::{Error, Result};

/// A key that is there; the key itself is only known to whoever was shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    pub id: KeyId,
    pub hash: Hash,
    pub owner: Realm,
    /// What its owner calls it.
    pub name: Name,
    pub scopes: Scopes,
    pub created: Time,
    /// Within the last ten minutes of its use, or never.
    pub last_used: Option<Time>,
}

/// How a key is called where it must not be shown: 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(pub [u8; 8]);

/// What a key opens: looking at things of a kind, changing them. One bit for each, as it is stored; all bits for a key
/// that opens everything, whatever comes later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scopes(i64);

/// The kinds of things. A place in this list is never given to another one: keys remember it.
pub const NOUNS: &[&str] = &[
    "tokens",
    "company",
    "agents",
    "groups",
    "keys",
    "audit",
    "rooms",
    "messages",
    "consultations",
    "visitors",
    "persons",
    "questions",
    "replies",
    "words",
    "blacklist",
    "kinds",
    "orders",
    "webhooks",
    "stats",
    "exports",
    "bot",
    "companies",
];

impl KeyId {
    /// Enough of a key's hash to tell it from the others of its owner; tells nothing about the key.
    pub fn of(hash: &Hash) -> Self {
        let (begin, _) = hash.0.split_first_chunk().expect("a hash is longer");
        Self(*begin)
    }

    pub fn parse(text: &str) -> Result<Self> {
        let wrong = || Error::invalid("key", "16 hexadecimal digits");
        if text.len() != 16 || !text.is_ascii() {
            return Err(wrong());
        }
        let mut bytes = [0; 8];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).map_err(|_| wrong())?;
        }
        Ok(Self(bytes))
    }
}

impl Scopes {
    pub const ALL: Self = Self(-1);
    pub const NONE: Self = Self(0);

    pub fn from_stored(number: i64) -> Self {
        Self(number)
    }

    pub fn stored(self) -> i64 {
        self.0
    }

    /// From words such as `agents:read`, `messages:write` (which includes reading), or `all`.
    pub fn parse<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let mut scopes = Self::NONE;
        for word in words {
            scopes.0 |= match word.split_once(':') {
                None if word == "all" => Self::ALL.0,
                Some((noun, "read")) => bits(noun, false)?,
                Some((noun, "write")) => bits(noun, true)?,
                _ => return Err(unknown(word)),
            };
        }
        Ok(scopes)
    }

    /// As words that [`Scopes::parse`] reads.
    pub fn words(self) -> Vec<String> {
        if self == Self::ALL {
            return vec!["all".to_owned()];
        }
        let named = NOUNS.iter().filter_map(|noun| match (self.may_write(noun), self.may_read(noun)) {
            (true, _) => Some(format!("{noun}:write")),
            (false, true) => Some(format!("{noun}:read")),
            (false, false) => None,
        });
        named.collect()
    }

    pub fn may_read(self, noun: &str) -> bool {
        self.has(noun, false)
    }

    pub fn may_write(self, noun: &str) -> bool {
        self.has(noun, true)
    }

    /// Whether everything the other opens is opened by this one, too.
    pub fn includes(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// A kind that is not in the list is opened only by a key that opens everything.
    fn has(self, noun: &str, write: bool) -> bool {
        let bits = bits(noun, write).unwrap_or(Self::ALL.0);
        self.0 & bits == bits
    }
}

/// Writing includes reading.
fn bits(noun: &str, write: bool) -> Result<i64> {
    let place = NOUNS.iter().position(|known| *known == noun).ok_or_else(|| unknown(noun))?;
    Ok((if write { 0b11 } else { 0b01 }) << (2 * place))
}

fn unknown(word: &str) -> Error {
    Error::invalid("scopes", format!("`{word}` is not like `agents:read`, `messages:write` or `all`"))
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_opens_what_it_names_and_nothing_else() {
        let scopes = Scopes::parse(["agents:read", "messages:write"]).unwrap();
        assert!(scopes.may_read("agents") && !scopes.may_write("agents"));
        assert!(scopes.may_read("messages") && scopes.may_write("messages"));
        assert!(!scopes.may_read("audit") && !scopes.may_read("no such thing"));
        assert_eq!(scopes.words(), ["agents:read", "messages:write"]);
        assert_eq!(Scopes::from_stored(scopes.stored()), scopes);
        assert!(Scopes::ALL.includes(scopes) && !scopes.includes(Scopes::ALL));
    }

    #[test]
    fn a_key_of_before_opens_what_comes_later() {
        let all = Scopes::parse(["all"]).unwrap();
        assert_eq!(all, Scopes::ALL);
        assert!(all.may_write("something new") && all.may_write("tokens"));
        assert!(
            Scopes::parse(
                NOUNS
                    .iter()
                    .map(|noun| format!("{noun}:write"))
                    .collect::<Vec<_>>()
                    .iter()
                    .map(String::as_str)
            )
            .unwrap()
                != all
        );
    }

    #[test]
    fn nonsense_is_refused() {
        for word in ["", "agents", "agents:delete", "nobody:read", "all:read"] {
            assert!(Scopes::parse([word]).is_err(), "{word}");
        }
        assert!(NOUNS.len() <= 31, "two bits for each, and the sign");
        let id = KeyId([0, 1, 2, 3, 0xab, 0xcd, 0xef, 255]);
        assert_eq!(KeyId::parse(&id.to_string()).unwrap(), id);
        assert!(KeyId::parse("00010203abcdef").is_err() && KeyId::parse("zz010203abcdefff").is_err());
    }
}
