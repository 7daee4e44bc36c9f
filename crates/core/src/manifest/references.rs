//! References: the five entities of XML, characters by number, and ampersands that should have been escaped.
//!
//! Must never look an entity up anywhere else: what a DOCTYPE declares does not exist here.

use super::decode::is_xml_char;

/// What a reference stands for.
pub(super) enum Reference {
    /// One character.
    Char(char),
    /// Not a reference: an ampersand that should have been escaped.
    Bare,
    /// An entity that XML does not have.
    Unknown,
    /// A character reference to no character that XML allows.
    BadCharacter,
}

/// Understands what stands between `&` and `;`.
pub(super) fn resolve(name: &str) -> Reference {
    match name {
        "amp" => return Reference::Char('&'),
        "lt" => return Reference::Char('<'),
        "gt" => return Reference::Char('>'),
        "quot" => return Reference::Char('"'),
        "apos" => return Reference::Char('\''),
        _ => {}
    }
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix('x') {
            Some(hex) => parse_digits(hex, 16),
            None => parse_digits(number, 10),
        };
        return match code.and_then(char::from_u32).filter(|&c| is_xml_char(c)) {
            Some(c) => Reference::Char(c),
            None => Reference::BadCharacter,
        };
    }
    // XML 1.0 production 5; the characters that names of entities have in practice.
    let is_name = name.len() <= 64
        && name.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == ':')
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.'));
    if is_name {
        Reference::Unknown
    } else {
        Reference::Bare
    }
}

fn parse_digits(digits: &str, radix: u32) -> Option<u32> {
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    u32::from_str_radix(digits, radix).ok()
}
