//! The types of values: what each accepts, and how an accepted value is written down.

mod number;
mod response;
mod text;
pub(super) mod time;

use std::borrow::Cow;

pub(super) use number::{is_decimal_12, leading_number, parse_real};

use super::error::Reason;
use super::launch::Settings;

/// Type of an element.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// Given by the LMS: no SCO sets it, nothing to check.
    Given,
    /// A characterstring. Counted in Unicode characters.
    Text(Length),
    /// localized_string_type: an optional `{lang=…}`, then so many characters (RTE 4.1.1.3).
    Localized(u32),
    /// language_type (RTE 4.1.1.4).
    Language,
    /// CMIIdentifier.
    Identifier12,
    /// long_identifier_type (RTE 4.1.1.5).
    LongIdentifier,
    /// CMIDecimal within a range; written down as the plainest number.
    Decimal12(f64, f64),
    /// CMISInteger within a range.
    Integer(i64, i64),
    /// real(10,7), kept as it was given (RTE 4.1.1.7).
    Real,
    /// real(10,7) within a range; written down as the plainest number.
    RealWithin(f64, f64),
    /// CMITime.
    Time12,
    /// CMITimespan.
    Timespan12,
    /// time(second,10,0) (RTE 4.1.1.8).
    Timestamp,
    /// timeinterval(second,10,2) (RTE 4.1.1.9).
    Duration,
    /// One of these words.
    Vocabulary(&'static [&'static str]),
    /// One of these words, or a CMIDecimal.
    Result12(&'static [&'static str]),
    /// One of these words, or real(10,7).
    Result2004(&'static [&'static str]),
    /// `learner_response`, by the type of the interaction (RTE 4.2.9.1).
    Response,
    /// `correct_responses.n.pattern`, by the type of the interaction (RTE 4.2.9.1).
    Pattern,
    /// `adl.nav.request` (*Sequencing and Navigation*, 5.6).
    Navigation,
}

/// How many characters fit.
#[derive(Debug, Clone, Copy)]
pub(super) enum Length {
    Fixed(u32),
    /// CMIString255, or 64,000 where the site is not in SCORM standards mode.
    Short12,
    /// CMIString4096, or 64,000 where the site is not in SCORM standards mode.
    Long12,
}

/// What mod_scorm allows outside its SCORM standards mode.
const RELAXED: u32 = 64_000;

impl Length {
    pub(super) fn characters(self, settings: &Settings) -> u32 {
        match self {
            Self::Fixed(characters) => characters,
            Self::Short12 if settings.scormstandard => 255,
            Self::Long12 if settings.scormstandard => 4_096,
            Self::Short12 | Self::Long12 => RELAXED,
        }
    }
}

impl Kind {
    /// Checks a value and returns it as it is written down: mod_scorm stores a number with a range as
    /// JavaScript prints it (`"85.0"` becomes `"85"`).
    ///
    /// `interaction` is the type of the interaction the value belongs to.
    ///
    /// # Errors
    /// [`Reason::Type`], [`Reason::Range`], [`Reason::TooManyParts`] or [`Reason::Dependency`].
    pub(super) fn check<'a>(
        self,
        value: &'a str,
        settings: &Settings,
        interaction: Option<&str>,
    ) -> Result<Cow<'a, str>, Reason> {
        let fits = match self {
            Self::Given => true,
            Self::Text(length) => text::fits(value, length.characters(settings)),
            Self::Localized(characters) => text::is_localized(value, characters),
            Self::Language => value.is_empty() || text::is_language(value),
            Self::Identifier12 => text::is_identifier_12(value),
            Self::LongIdentifier => text::is_long_identifier(value),
            Self::Decimal12(min, max) => {
                return number::decimal_12_within(value, min, max).map(Cow::Owned);
            }
            Self::Integer(min, max) => {
                return number::integer_within(value, min, max).map(Cow::Owned);
            }
            Self::Real => number::is_real(value),
            Self::RealWithin(min, max) => {
                return number::real_within(value, min, max).map(Cow::Owned);
            }
            Self::Time12 => time::is_time_12(value),
            Self::Timespan12 => time::Timespan::parse(value).is_some(),
            Self::Timestamp => time::is_timestamp(value),
            Self::Duration => time::Duration::parse(value).is_some(),
            Self::Vocabulary(words) => words.contains(&value),
            Self::Result12(words) => words.contains(&value) || number::is_decimal_12(value),
            Self::Result2004(words) => words.contains(&value) || number::is_real(value),
            Self::Response => {
                response::check_response(interaction.ok_or(Reason::Dependency)?, value)?;
                true
            }
            Self::Pattern => {
                response::check_pattern(interaction.ok_or(Reason::Dependency)?, value)?;
                true
            }
            Self::Navigation => text::is_navigation(value),
        };
        if fits {
            Ok(Cow::Borrowed(value))
        } else {
            Err(Reason::Type)
        }
    }

    /// Characters that fit, for text without a form.
    pub(super) fn characters(self, settings: &Settings) -> Option<u32> {
        match self {
            Self::Text(length) => Some(length.characters(settings)),
            _ => None,
        }
    }
}

/// How many correct-response patterns an interaction of this type may have, where that is limited, and
/// whether the same pattern may come twice.
pub(super) use response::{patterns_are_unique, patterns_at_most};
