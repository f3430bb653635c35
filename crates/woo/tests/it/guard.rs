//! What the first gate refuses and lets through. The second, at connect time, is tested beside the resolver and the
//! client.

use std::{
    net::{IpAddr, Ipv6Addr},
    sync::LazyLock,
};

use proptest::prelude::*;
use storewire_woo::{Outbound, OutboundConfig, normalise_plain_store_url, normalise_store_url};
use url::Url;

/// Every reserved IPv4 range, at its edges.
const RESERVED_V4: &str = "
    0.0.0.0 0.255.255.255 10.0.0.0 10.0.0.1 10.255.255.255 100.64.0.0 100.64.0.1 100.127.255.255
    127.0.0.0 127.0.0.1 127.1.2.3 127.255.255.255 169.254.0.1 169.254.169.254 169.254.255.255
    172.16.0.0 172.16.0.1 172.31.255.255 192.0.0.0 192.0.0.1 192.0.0.192 192.0.0.255 192.0.2.1
    192.88.99.1 192.168.0.0 192.168.1.1 192.168.255.255 198.18.0.1 198.19.255.255 198.51.100.7
    203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 254.1.1.1 255.255.255.255
";

/// The same addresses in other spellings.
const OTHER_SPELLINGS: &str = "
    127.1 127.0.1 0 0x0 1 2130706433 0x7f000001 0x7f.0.0.1 0x7F.0x0.0x0.0x1 0177.0.0.1
    0177.0.0.01 017700000001 127.0.0.1. 10.1 0xa.0.0.1 167772161 0xA9FEA9FE 2852039166
    0251.0376.0251.0376 169.254.43518 3232235777 0xc0a80101 192.168.257 %31%32%37.0.0.1 127%2e0%2e0%2e1
    １２７.0.0.1 ①②⑦.⓪.⓪.① 127。0。0。1 127．0．0．1 ⑩.0.0.1
";

/// IPv6: nothing but global unicast, and nothing that carries an IPv4 address.
const RESERVED_V6: &str = "
    [::] [::1] [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001] [::2] [::ffff:127.0.0.1]
    [::ffff:7f00:1] [::ffff:10.0.0.1] [::ffff:169.254.169.254] [::ffff:8.8.8.8] [::ffff:0:127.0.0.1]
    [::127.0.0.1] [::10.0.0.1] [64:ff9b::] [64:ff9b::7f00:1] [64:ff9b::10.0.0.1] [64:ff9b::8.8.8.8]
    [64:ff9b:1::1] [100::1] [100:0:0:1::1] [2001::1] [2001:0:7f00:1::] [2001:2::1] [2001:10::1]
    [2001:20::1] [2001:1ff::1] [2001:db8::1] [2001:db8:ffff::1] [2002::] [2002:7f00:1::]
    [2002:a00:1::1] [2002:c0a8:101::1] [3fff::1] [3fff:fff::1] [4000::1] [5f00::1] [8000::1]
    [fc00::1] [fd00::1] [fd12:3456:789a::1] [fdff:ffff::1] [fe80::1] [fe80::a00:1] [febf::1]
    [fec0::1] [ff00::1] [ff02::1] [ff0e::1] [FD00::1]
";

/// Names of this machine.
const OWN_NAMES: &str = "
    localhost LOCALHOST LocalHost foo.localhost localhost.localdomain ip6-localhost ip6-loopback
    ｌｏｃａｌｈｏｓｔ %6cocalhost
";

fn private() -> Vec<&'static str> {
    [RESERVED_V4, OTHER_SPELLINGS, RESERVED_V6, OWN_NAMES].into_iter().flat_map(str::split_whitespace).collect()
}

const ODD: &[(&str, &str)] = &[
    ("https://user@shop.example/", "url_userinfo"),
    ("https://user:pass@shop.example/", "url_userinfo"),
    ("https://:pass@shop.example/", "url_userinfo"),
    ("https://shop.example@127.0.0.1/", "url_userinfo"),
    ("https://127.0.0.1@shop.example/", "url_userinfo"),
    ("https://shop.example%00@evil.example/", "url_userinfo"),
    ("https://shop.example./", "url_trailing_dot"),
    ("https://localhost./", "url_trailing_dot"),
    ("ftp://shop.example/", "url_scheme"),
    ("file:///etc/passwd", "url_scheme"),
    ("gopher://shop.example/", "url_scheme"),
    ("ws://shop.example/", "url_scheme"),
    ("data:text/plain,x", "url_scheme"),
    ("https://shop.example:22/", "url_port"),
    ("https://shop.example:25/", "url_port"),
    ("https://shop.example:0/", "url_port"),
    ("https://shop.example:1/", "url_port"),
    ("https://shop.example:445/", "url_port"),
    ("https://shop.example:1023/", "url_port"),
    ("https://shop.example:5432/", "url_port"),
    ("https://shop.example:6379/", "url_port"),
    ("https://93.184.216.34:22/", "url_port"),
    ("https://[2606:4700::1111]:9200/", "url_port"),
];

const PUBLIC: &str = "
    https://shop.example/ https://www.shop.example/butik http://shop.example/ https://shop.example:8443/
    https://shop.example:80/ https://shop.example:1024/ https://93.184.216.34/ https://1.1.1.1/
    https://9.255.255.255/ https://11.0.0.0/ https://100.63.255.255/ https://100.128.0.0/
    https://126.255.255.255/ https://128.0.0.0/ https://169.253.255.255/ https://172.15.255.255/
    https://172.32.0.0/ https://192.167.255.255/ https://192.169.0.0/ https://198.17.255.255/
    https://198.20.0.0/ https://223.255.255.255/ https://[2606:4700:4700::1111]/ https://[2a00:1450::1]/
    https://[2001:4860:4860::8888]/ https://[2003::1]/ https://[3ffe::1]/ https://xn--mller-kva.example/
    https://localhostel.example/ https://10.shop.example/ https://127.0.0.1.nip.example/
";

fn gate(allowed: &[&str]) -> Outbound {
    let allow_networks = allowed.iter().map(|net| net.parse().unwrap()).collect();
    Outbound::new(OutboundConfig { allow_networks, ..OutboundConfig::default() }).unwrap()
}

#[test]
fn b8_nothing_private_is_reached_in_any_spelling() {
    assert!(private().len() + ODD.len() >= 120, "{}", private().len() + ODD.len());
    let gate = gate(&[]);
    for host in private() {
        for url in [format!("https://{host}/"), format!("http://{host}:8443/x?y")] {
            // What the URL standard cannot read at all is refused by that.
            let Ok(url) = Url::parse(&url) else { continue };
            let refused = gate.check(&url).expect_err(host);
            assert_eq!(refused.code(), "url_private", "{host}");
        }
    }
}

#[test]
fn b8_every_private_vector_but_the_unreadable_is_really_judged() {
    let read = private().into_iter().filter(|host| Url::parse(&format!("https://{host}/")).is_ok()).count();
    assert_eq!(read, private().len());
}

#[test]
fn b8_odd_urls_are_refused_with_their_reason() {
    let gate = gate(&[]);
    for (url, code) in ODD {
        assert_eq!(gate.check(&url.parse().expect(url)).expect_err(url).code(), *code, "{url}");
    }
}

#[test]
fn b8_public_addresses_are_let_through() {
    let gate = gate(&[]);
    for url in PUBLIC.split_whitespace() {
        assert_eq!(gate.check(&url.parse().unwrap()), Ok(()), "{url}");
    }
}

#[test]
fn b8_an_operators_word_opens_exactly_the_networks_it_names_on_any_port() {
    let gate = gate(&["127.0.0.0/8", "192.168.7.0/24", "fd00:7::/32"]);
    for url in [
        "https://127.0.0.1/",
        "https://127.9.9.9:22/",
        "https://localhost:5432/",
        "https://[::ffff:127.0.0.1]:9/",
        "https://192.168.7.30:8443/",
        "https://[fd00:7::5]/",
        "https://0x7f000001/",
    ] {
        assert_eq!(gate.check(&url.parse().unwrap()), Ok(()), "{url}");
    }
    for url in [
        "https://192.168.8.1/",
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://[fd00:8::5]/",
        "https://169.254.169.254/",
        "https://user@127.0.0.1/",
        "ftp://127.0.0.1/",
        "https://shop.example:22/",
    ] {
        assert!(gate.check(&url.parse().unwrap()).is_err(), "{url}");
    }
}

#[test]
fn b8_pasted_private_addresses_pass_no_gate_either() {
    let gate = gate(&[]);
    for host in private() {
        if let Ok(url) = normalise_store_url(host) {
            assert!(gate.check(&url).is_err(), "{host}");
        }
    }
}

static CLOSED: LazyLock<Outbound> = LazyLock::new(|| gate(&[]));

/// Pieces of addresses, whole and broken.
const PIECES: &[&str] = &[
    "http",
    "https",
    "://",
    ":",
    "/",
    "//",
    "@",
    "?",
    "#",
    "[",
    "]",
    ".",
    "..",
    "%",
    "%00",
    "%2e",
    "\\",
    " ",
    "\t",
    "\n",
    "\0",
    "127",
    "0x7f",
    "0177",
    "1",
    "0",
    "255",
    "256",
    "2130706433",
    "10",
    "192.168",
    "169.254.169.254",
    "localhost",
    "shop",
    "example",
    "xn--",
    "xn--mller-kva",
    "\u{ff11}",
    "\u{3002}",
    "\u{ad}",
    "\u{202e}",
    "::1",
    "::ffff:",
    "fe80::1%25eth0",
    "64:ff9b::",
    "8443",
    "99999",
    "22",
    "wp-admin",
    "me:pw",
    "\u{1f600}",
];

/// What a name or number leads to that passed the gate: nothing but the internet.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            !(v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_multicast() || v4.is_documentation())
                && !(a == 0 || a >= 240 || (a == 100 && (64..128).contains(&b)) || (a == 198 && (18..20).contains(&b)))
        }
        IpAddr::V6(v6) => {
            v6.segments()[0] & 0xe000 == 0x2000 && v6.to_ipv4_mapped().is_none() && v6 != Ipv6Addr::LOCALHOST
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn k1_whatever_is_pasted_leads_to_no_private_address_and_harms_nobody(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..12),
        any in ".{0,6}",
        at in 0..12_usize,
    ) {
        let mut pasted: Vec<&str> = pieces;
        pasted.insert(at.min(pasted.len()), &any);
        let pasted = pasted.concat();
        for read in [normalise_store_url(&pasted), normalise_plain_store_url(&pasted)].into_iter().flatten() {
            prop_assert!(read.username().is_empty() && read.password().is_none(), "{pasted:?} became {read}");
            prop_assert!(read.query().is_none() && read.fragment().is_none(), "{pasted:?} became {read}");
            if CLOSED.check(&read).is_ok() {
                let address = match read.host() {
                    Some(url::Host::Ipv4(v4)) => Some(IpAddr::V4(v4)),
                    Some(url::Host::Ipv6(v6)) => Some(IpAddr::V6(v6)),
                    _ => None,
                };
                prop_assert!(address.is_none_or(is_public), "{pasted:?} leads to {read}");
            }
        }
    }

    #[test]
    fn k1_no_private_address_passes_in_any_notation(bytes: [u8; 4], notation in 0..4_u8) {
        let address = IpAddr::from(bytes);
        let number = u32::from_be_bytes(bytes);
        let host = match notation {
            0 => address.to_string(),
            1 => number.to_string(),
            2 => format!("{number:#x}"),
            _ => format!("{:#o}", bytes[0]).replace("0o", "0") + &format!(".{}.{}", bytes[1], u16::from_be_bytes([bytes[2], bytes[3]])),
        };
        let url: Url = format!("https://{host}/").parse().unwrap();
        prop_assert!(CLOSED.check(&url).is_err() || is_public(address), "{host}");
    }
}
