//! Which addresses belong to the public internet. Everything else is refused unless an operator names its network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why an address is none of a public store's, or `None` if it may be one.
pub(crate) fn reserved(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(v4) => reserved_v4(v4),
        IpAddr::V6(v6) => reserved_v6(v6),
    }
}

fn reserved_v4(address: Ipv4Addr) -> Option<&'static str> {
    let [a, b, c, _] = address.octets();
    Some(match (a, b, c) {
        (0, ..) => "this network",
        (10, ..) | (172, 16..=31, _) | (192, 168, _) => "private network",
        (100, 64..=127, _) => "carrier network",
        (127, ..) => "loopback",
        (169, 254, _) => "link-local",
        (192, 0, 0) => "protocol assignments",
        (192, 0, 2) | (198, 51, 100) | (203, 0, 113) => "documentation",
        (192, 88, 99) => "relay anycast",
        (198, 18 | 19, _) => "benchmarking",
        (224..=239, ..) => "multicast",
        (240..=255, ..) => "reserved",
        _ => return None,
    })
}

/// Only 2000::/3 is given out to anyone; of that, every range that carries an IPv4 address inside is refused as a whole,
/// because a translator on the way may unpack it to a private one.
fn reserved_v6(address: Ipv6Addr) -> Option<&'static str> {
    let [a, b, ..] = address.segments();
    Some(match (a, b) {
        _ if address.is_loopback() => "loopback",
        _ if address.is_unspecified() => "unspecified",
        _ if address.to_ipv4_mapped().is_some() => "IPv4-mapped",
        (0x64, 0xff9b) => "NAT64",
        (0x2001, 0) => "Teredo",
        (0x2001, 1..=0x1ff) => "protocol assignments",
        (0x2001, 0xdb8) | (0x3fff, 0..=0x0fff) => "documentation",
        (0x2002, _) => "6to4",
        (0x2000..=0x3fff, _) => return None,
        (0x5f00, _) => "segment routing",
        (0xfc00..=0xfdff, _) => "private network",
        (0xfe80..=0xfebf, _) => "link-local",
        (0xff00..=0xffff, _) => "multicast",
        _ => "reserved",
    })
}
