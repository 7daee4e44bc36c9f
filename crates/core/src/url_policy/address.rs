//! Special-purpose addresses: everything that is not plainly a host on the public Internet.
//!
//! Sources, read as of November 2026:
//! * IANA IPv4 Special-Purpose Address Registry,
//!   <https://www.iana.org/assignments/iana-ipv4-special-registry/>
//! * IANA IPv6 Special-Purpose Address Registry,
//!   <https://www.iana.org/assignments/iana-ipv6-special-registry/>
//! * IANA IPv4 and IPv6 Multicast Address Space registries,
//!   <https://www.iana.org/assignments/multicast-addresses/>,
//!   <https://www.iana.org/assignments/ipv6-multicast-addresses/>
//! * IANA Internet Protocol Version 6 Address Space,
//!   <https://www.iana.org/assignments/ipv6-address-space/>
//!
//! Blocks that the registries call globally reachable (anycast relays, AS112, AMT, ORCHIDv2, NAT64) are
//! refused with the rest: no package lives there, and each one is a way to reach somewhere else. In
//! particular no IPv4 address is ever looked for inside an IPv6 one: a form that embeds one is refused
//! whatever it embeds. A server whose resolver makes up NAT64 addresses
//! (DNS64, RFC 6147) therefore reaches only CDNs that have IPv6 addresses of their own.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// One block of special-purpose addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpecialRange {
    network: IpAddr,
    prefix: u32,
    /// Name in the registry.
    pub name: &'static str,
    /// Document that the registry cites.
    pub source: &'static str,
}

impl SpecialRange {
    /// The block in CIDR notation, such as `10.0.0.0/8`.
    #[must_use]
    pub fn cidr(&self) -> String {
        format!("{}/{}", self.network, self.prefix)
    }

    fn contains(&self, address: IpAddr) -> bool {
        match (self.network, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let differing = network.to_bits() ^ address.to_bits();
                differing.leading_zeros() >= self.prefix
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let differing = network.to_bits() ^ address.to_bits();
                differing.leading_zeros() >= self.prefix
            }
            _ => false,
        }
    }
}

/// The block that holds `address`, or nothing for a public address. The most specific block answers,
/// since the tables list it before the block around it.
#[must_use]
pub fn special_range(address: IpAddr) -> Option<&'static SpecialRange> {
    let table: &[SpecialRange] = match address {
        IpAddr::V4(_) => IPV4,
        IpAddr::V6(address) if !GLOBAL_UNICAST.contains(IpAddr::V6(address)) => IPV6_OUTSIDE,
        IpAddr::V6(_) => IPV6_INSIDE,
    };
    table.iter().find(|range| range.contains(address))
}

const fn v4(
    [a, b, c, d]: [u8; 4],
    prefix: u32,
    name: &'static str,
    source: &'static str,
) -> SpecialRange {
    SpecialRange {
        network: IpAddr::V4(Ipv4Addr::new(a, b, c, d)),
        prefix,
        name,
        source,
    }
}

const fn v6(
    [a, b, c, d]: [u16; 4],
    prefix: u32,
    name: &'static str,
    source: &'static str,
) -> SpecialRange {
    let network = IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0));
    SpecialRange {
        network,
        prefix,
        name,
        source,
    }
}

/// A block below `::/64`, given by its last four groups.
const fn low(
    [e, f, g, h]: [u16; 4],
    prefix: u32,
    name: &'static str,
    source: &'static str,
) -> SpecialRange {
    let network = IpAddr::V6(Ipv6Addr::new(0, 0, 0, 0, e, f, g, h));
    SpecialRange {
        network,
        prefix,
        name,
        source,
    }
}

/// IPv4 Special-Purpose Address Registry, and multicast.
#[rustfmt::skip]
const IPV4: &[SpecialRange] = &[
    v4([0, 0, 0, 0],         32, "This host on this network",              "RFC 1122, section 3.2.1.3"),
    v4([0, 0, 0, 0],          8, "This network",                           "RFC 791, section 3.2"),
    v4([10, 0, 0, 0],         8, "Private-Use",                            "RFC 1918"),
    v4([100, 64, 0, 0],      10, "Shared Address Space",                   "RFC 6598"),
    v4([127, 0, 0, 0],        8, "Loopback",                               "RFC 1122, section 3.2.1.3"),
    v4([169, 254, 0, 0],     16, "Link Local",                             "RFC 3927"),
    v4([172, 16, 0, 0],      12, "Private-Use",                            "RFC 1918"),
    v4([192, 0, 0, 0],       29, "IPv4 Service Continuity Prefix",         "RFC 7335"),
    v4([192, 0, 0, 8],       32, "IPv4 dummy address",                     "RFC 7600"),
    v4([192, 0, 0, 9],       32, "Port Control Protocol Anycast",          "RFC 7723"),
    v4([192, 0, 0, 10],      32, "Traversal Using Relays around NAT Anycast", "RFC 8155"),
    v4([192, 0, 0, 170],     31, "NAT64/DNS64 Discovery",                  "RFC 8880, RFC 7050, section 2.2"),
    v4([192, 0, 0, 0],       24, "IETF Protocol Assignments",              "RFC 6890, section 2.1"),
    v4([192, 0, 2, 0],       24, "Documentation (TEST-NET-1)",             "RFC 5737"),
    v4([192, 31, 196, 0],    24, "AS112-v4",                               "RFC 7535"),
    v4([192, 52, 193, 0],    24, "AMT",                                    "RFC 7450"),
    v4([192, 88, 99, 0],     24, "Deprecated (6to4 Relay Anycast)",        "RFC 7526"),
    v4([192, 168, 0, 0],     16, "Private-Use",                            "RFC 1918"),
    v4([192, 175, 48, 0],    24, "Direct Delegation AS112 Service",        "RFC 7534"),
    v4([198, 18, 0, 0],      15, "Benchmarking",                           "RFC 2544"),
    v4([198, 51, 100, 0],    24, "Documentation (TEST-NET-2)",             "RFC 5737"),
    v4([203, 0, 113, 0],     24, "Documentation (TEST-NET-3)",             "RFC 5737"),
    v4([224, 0, 0, 0],        4, "Multicast",                              "RFC 5771"),
    v4([255, 255, 255, 255], 32, "Limited Broadcast",                      "RFC 8190, RFC 919, section 7"),
    v4([240, 0, 0, 0],        4, "Reserved",                               "RFC 1112, section 4"),
];

/// The only part of the IPv6 space that IANA assigns to hosts from: Global Unicast, RFC 4291.
const GLOBAL_UNICAST: SpecialRange = v6(
    [0x2000, 0, 0, 0],
    3,
    "Global Unicast",
    "RFC 4291, section 2.4",
);

/// IPv6 Special-Purpose Address Registry, inside [`GLOBAL_UNICAST`].
#[rustfmt::skip]
const IPV6_INSIDE: &[SpecialRange] = &[
    v6([0x2001, 0, 0, 0],           32, "TEREDO",                          "RFC 4380, RFC 8190"),
    v6([0x2001, 1, 0, 0],           32, "Anycast services",                "RFC 7723, RFC 8155, RFC 9665"),
    v6([0x2001, 2, 0, 0],           48, "Benchmarking",                    "RFC 5180"),
    v6([0x2001, 3, 0, 0],           32, "AMT",                             "RFC 7450"),
    v6([0x2001, 4, 0x112, 0],       48, "AS112-v6",                        "RFC 7535"),
    v6([0x2001, 0x10, 0, 0],        28, "Deprecated (previously ORCHID)",  "RFC 4843"),
    v6([0x2001, 0x20, 0, 0],        28, "ORCHIDv2",                        "RFC 7343"),
    v6([0x2001, 0x30, 0, 0],        28, "Drone Remote ID Protocol Entity Tags (DETs) Prefix", "RFC 9374"),
    v6([0x2001, 0, 0, 0],           23, "IETF Protocol Assignments",       "RFC 2928"),
    v6([0x2001, 0xdb8, 0, 0],       32, "Documentation",                   "RFC 3849"),
    v6([0x2002, 0, 0, 0],           16, "6to4",                            "RFC 3056"),
    v6([0x2620, 0x4f, 0x8000, 0],   48, "Direct Delegation AS112 Service", "RFC 7534"),
    v6([0x3fff, 0, 0, 0],           20, "Documentation",                   "RFC 9637"),
];

/// Everything outside [`GLOBAL_UNICAST`]: the registries' blocks by name, then the rest of the space.
#[rustfmt::skip]
const IPV6_OUTSIDE: &[SpecialRange] = &[
    low([0, 0, 0, 1],              128, "Loopback Address",                "RFC 4291, section 2.5.3"),
    low([0, 0, 0, 0],              128, "Unspecified Address",             "RFC 4291, section 2.5.2"),
    low([0, 0xffff, 0, 0],          96, "IPv4-mapped Address",             "RFC 4291, section 2.5.5.2"),
    low([0xffff, 0, 0, 0],          96, "IPv4-translated Address",         "RFC 2765, section 2.1"),
    low([0, 0, 0, 0],               96, "IPv4-Compatible Address",         "RFC 4291, section 2.5.5.1"),
    v6([0x64, 0xff9b, 0, 0],        96, "IPv4-IPv6 Translation",           "RFC 6052"),
    v6([0x64, 0xff9b, 1, 0],        48, "IPv4-IPv6 Translation",           "RFC 8215"),
    v6([0x100, 0, 0, 0],            64, "Discard-Only Address Block",      "RFC 6666"),
    v6([0x100, 0, 0, 1],            64, "Dummy IPv6 Prefix",               "RFC 9780"),
    v6([0x5f00, 0, 0, 0],           16, "Segment Routing (SRv6) SIDs",     "RFC 9602"),
    v6([0xfc00, 0, 0, 0],            7, "Unique-Local",                    "RFC 4193, RFC 8190"),
    v6([0xfe80, 0, 0, 0],           10, "Link-Local Unicast",              "RFC 4291, section 2.5.6"),
    v6([0xfec0, 0, 0, 0],           10, "Deprecated (Site-Local Unicast)", "RFC 3879"),
    v6([0xff00, 0, 0, 0],            8, "Multicast",                       "RFC 4291, section 2.7"),
    v6([0, 0, 0, 0],                 0, "Reserved by IETF",                "RFC 4291, section 2.4"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_tables_list_exactly_the_blocks_of_the_golden_file() {
        let golden = include_str!("../../../../tests/golden/addresses.json");
        let golden: serde_json::Value = serde_json::from_str(golden).unwrap();
        let block = |block: &serde_json::Value| {
            let (network, prefix) = block["range"].as_str().unwrap().split_once('/').unwrap();
            (
                network.parse::<IpAddr>().unwrap(),
                prefix.parse::<u32>().unwrap(),
            )
        };
        let mut expected: BTreeSet<_> = golden["ranges"]
            .as_array()
            .unwrap()
            .iter()
            .map(block)
            .collect();
        // The rest of the IPv6 space, which no registry entry names.
        expected.insert((IpAddr::V6(Ipv6Addr::UNSPECIFIED), 0));
        let found: BTreeSet<_> = [IPV4, IPV6_INSIDE, IPV6_OUTSIDE]
            .concat()
            .iter()
            .map(|r| (r.network, r.prefix))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn no_block_hides_a_more_specific_one_behind_it() {
        for table in [IPV4, IPV6_INSIDE, IPV6_OUTSIDE] {
            for (at, later) in table.iter().enumerate() {
                let hidden = table[..at]
                    .iter()
                    .find(|earlier| earlier.contains(later.network));
                assert!(
                    hidden.is_none_or(|h| h.prefix > later.prefix),
                    "{later:?} behind {hidden:?}"
                );
            }
        }
    }

    #[test]
    fn every_block_stands_in_the_table_that_is_asked_about_it() {
        for range in IPV6_INSIDE {
            assert!(GLOBAL_UNICAST.contains(range.network), "{range:?}");
        }
        for range in IPV6_OUTSIDE {
            assert!(!GLOBAL_UNICAST.contains(range.network), "{range:?}");
        }
    }

    #[test]
    fn no_block_has_bits_set_below_its_prefix() {
        for range in [IPV4, IPV6_INSIDE, IPV6_OUTSIDE].concat() {
            let trailing = match range.network {
                IpAddr::V4(network) => {
                    network.to_bits().trailing_zeros().min(32) + range.prefix >= 32
                }
                IpAddr::V6(network) => {
                    network.to_bits().trailing_zeros().min(128) + range.prefix >= 128
                }
            };
            assert!(trailing, "{range:?}");
        }
    }
}
