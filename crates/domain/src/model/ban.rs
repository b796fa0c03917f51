//! The blacklist of a company: whom it does not want to hear, and until when.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use uuid::Uuid;

use super::{AccountId, CompanyId, Name, Time};
use crate::error::{Error, Result};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ban {
    pub id: BanId,
    pub company: CompanyId,
    pub whom: Banned,
    /// For the company's own people; whoever is banned is not told.
    pub reason: Name,
    pub since: Time,
    /// From then on it does not count any more; none: never.
    pub expires: Option<Time>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BanId(pub Uuid);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Banned {
    Visitor(AccountId),
    Network(Network),
}

/// One address, or all that begin alike: `203.0.113.7`, `203.0.113.0/24`, `2001:db8::/32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network {
    /// All bits behind `prefix` are 0.
    first: IpAddr,
    prefix: u8,
}

/// A shorter prefix would be a whole country.
const PREFIX_MIN: u8 = 8;

impl Ban {
    /// Whether it keeps out the visitor `aid`, none for somebody of another realm who is meant by address only, who comes
    /// from `ip`.
    pub fn covers(&self, aid: Option<&AccountId>, ip: IpAddr, now: Time) -> bool {
        let meant = match &self.whom {
            Banned::Visitor(banned) => aid == Some(banned),
            Banned::Network(network) => network.contains(ip),
        };
        meant && self.expires.is_none_or(|expires| now < expires)
    }
}

impl BanId {
    /// What is no uuid is the id of nothing.
    pub fn parse(text: &str) -> Result<Self> {
        Uuid::parse_str(text).map(Self).map_err(|_| Error::NotFound("blacklist entry"))
    }
}

impl Network {
    pub fn parse(text: &str) -> Result<Self> {
        let wrong =
            || Error::invalid("ip", "an address, or a network such as 203.0.113.0/24, with at least 8 bits");
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address = address.parse::<IpAddr>().map_err(|_| wrong())?;
        // An IPv4 address in IPv6's clothes is compared as what it is; its prefix would mean something else.
        let canonical = address.to_canonical();
        if canonical != address && prefix.is_some() {
            return Err(wrong());
        }
        let bits = if canonical.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(bits), |prefix| prefix.parse::<u8>().map_err(|_| wrong()))?;
        if !(PREFIX_MIN..=bits).contains(&prefix) {
            return Err(wrong());
        }
        Ok(Self { first: cut(canonical, prefix), prefix })
    }

    pub fn contains(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        ip.is_ipv4() == self.first.is_ipv4() && cut(ip, self.prefix) == self.first
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = if self.first.is_ipv4() { 32 } else { 128 };
        match self.prefix == whole {
            true => self.first.fmt(f),
            false => write!(f, "{}/{}", self.first, self.prefix),
        }
    }
}

/// The address with nothing behind its first `prefix` bits, which are at least 8.
fn cut(ip: IpAddr, prefix: u8) -> IpAddr {
    match ip {
        IpAddr::V4(ip) => Ipv4Addr::from_bits(ip.to_bits() & (u32::MAX << (32 - prefix.min(32)))).into(),
        IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << (128 - prefix.min(128)))).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("203.0.113.7", "203.0.113.7", true)]
    #[case("203.0.113.7", "203.0.113.8", false)]
    #[case("203.0.113.7", "::ffff:203.0.113.7", true)]
    #[case("::ffff:203.0.113.7", "203.0.113.7", true)]
    #[case("203.0.113.99/24", "203.0.113.1", true)]
    #[case("203.0.113.0/24", "203.0.114.1", false)]
    #[case("10.0.0.0/8", "10.255.0.1", true)]
    #[case("2001:db8::/32", "2001:db8:1::2", true)]
    #[case("2001:db8::/32", "2001:db9::", false)]
    #[case("2001:db8::1", "2001:db8::1", true)]
    #[case("2001:db8::/32", "203.0.113.7", false)]
    fn a_network_has_those_that_begin_alike(#[case] network: &str, #[case] ip: &str, #[case] inside: bool) {
        let network = Network::parse(network).unwrap();
        assert_eq!(network.contains(ip.parse().unwrap()), inside);
        assert_eq!(Network::parse(&network.to_string()).unwrap(), network);
    }

    #[test]
    fn what_is_no_network_or_nearly_everybody_is_refused() {
        for text in [
            "",
            "x",
            "203.0.113.7/33",
            "203.0.113.7/",
            "0.0.0.0/0",
            "10.0.0.0/7",
            "::/0",
            "::ffff:1.2.3.4/96",
        ] {
            assert!(Network::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_entry_ends_by_itself() {
        let whom = Banned::Visitor(AccountId::parse("ann").unwrap());
        let company = CompanyId::parse("c1").unwrap();
        let id = BanId(Uuid::nil());
        let ban = Ban { id, company, whom, reason: Name::default(), since: 0, expires: Some(10) };
        let (ann, bob) = (AccountId::parse("ann").unwrap(), AccountId::parse("bob").unwrap());
        let ip = IpAddr::from([127, 0, 0, 1]);
        assert!(ban.covers(Some(&ann), ip, 9));
        assert!(!ban.covers(Some(&ann), ip, 10));
        assert!(!ban.covers(Some(&bob), ip, 9));
        assert!(!ban.covers(None, ip, 9));
    }
}
