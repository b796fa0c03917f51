//! Which addresses the server may call for a company: those of the public internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address belongs to the public internet, by the special-purpose registries of IANA (RFC 6890): not this
/// machine, not a private net, nothing that is not one receiver. IPv6 addresses that carry one of IPv4 are judged by that.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match carried(address) {
            Some(carried) => is_public_v4(carried),
            None => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = match a {
        // "This" network; private; loopback; multicast and what is reserved, broadcast included.
        0 | 10 | 127 | 224..=255 => true,
        100 => (64..=127).contains(&b), // shared between a provider's customers (RFC 6598)
        169 => b == 254,                // link-local, where clouds keep their secrets
        172 => (16..=31).contains(&b),
        192 => b == 168 || (b == 0 && (c == 0 || c == 2)) || (b == 88 && c == 99) || (b == 31 && c == 196),
        198 => b == 18 || b == 19 || (b == 51 && c == 100), // benchmarks, documentation
        203 => b == 0 && c == 113,
        _ => false,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, third, ..] = address.segments();
    // Only 2000::/3 is given out; loopback, link-local, unique local and multicast lie outside.
    let global = first & 0xe000 == 0x2000;
    // 2001::/23 is for protocols (Teredo, ORCHID …), the others are documentation and one that is discarded.
    let special = match (first, second) {
        (0x2001, 0..0x0200 | 0x0db8) => true,
        (0x3fff, 0..0x1000) => true,
        (0x2620, 0x004f) => third == 0x8000,
        _ => false,
    };
    global && !special
}

/// The IPv4 address inside: mapped, compatible, 6to4, and what translators make (RFC 6052, RFC 8215).
fn carried(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let octets = address.octets();
    let last = || Ipv4Addr::new(octets[12], octets[13], octets[14], octets[15]);
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, _, _] | [0, 0, 0, 0, 0xffff, 0, _, _] => Some(last()),
        // `::` and `::1` are none.
        [0, 0, 0, 0, 0, 0, high, low] if (high, low) > (0, 1) => Some(last()),
        [0x64, 0xff9b, 0, 0, 0, 0, _, _] | [0x64, 0xff9b, 1, ..] => Some(last()),
        [0x2002, ..] => Some(Ipv4Addr::new(octets[2], octets[3], octets[4], octets[5])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case::public("93.184.216.34", true)]
    #[case::public_v6("2606:2800:220:1:248:1893:25c8:1946", true)]
    #[case::public_mapped("::ffff:93.184.216.34", true)]
    #[case::public_6to4("2002:5db8:d822::1", true)]
    #[case::loopback("127.0.0.1", false)]
    #[case::all_of_loopback("127.255.255.254", false)]
    #[case::loopback_v6("::1", false)]
    #[case::unspecified("0.0.0.0", false)]
    #[case::unspecified_v6("::", false)]
    #[case::this_network("0.1.2.3", false)]
    #[case::private_10("10.0.0.1", false)]
    #[case::private_172("172.31.255.255", false)]
    #[case::beside_private_172("172.32.0.1", true)]
    #[case::private_192("192.168.1.1", false)]
    #[case::link_local("169.254.169.254", false)]
    #[case::shared("100.64.0.1", false)]
    #[case::beside_shared("100.128.0.1", true)]
    #[case::documentation("203.0.113.9", false)]
    #[case::benchmark("198.19.0.1", false)]
    #[case::multicast("224.0.0.1", false)]
    #[case::broadcast("255.255.255.255", false)]
    #[case::link_local_v6("fe80::1", false)]
    #[case::unique_local("fd00::1", false)]
    #[case::multicast_v6("ff02::1", false)]
    #[case::documentation_v6("2001:db8::1", false)]
    #[case::teredo("2001:0:53aa:64c::1", false)]
    #[case::mapped_loopback("::ffff:127.0.0.1", false)]
    #[case::mapped_metadata("::ffff:169.254.169.254", false)]
    #[case::compatible_private("::10.0.0.1", false)]
    #[case::translated_private("64:ff9b::10.0.0.1", false)]
    #[case::translated_locally("64:ff9b:1::10.0.0.1", false)]
    #[case::six_to_four_private("2002:0a00:0001::1", false)]
    #[case::outside_of_what_is_given_out("4000::1", false)]
    fn only_the_public_internet_is_called(#[case] address: &str, #[case] public: bool) {
        assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
    }
}
