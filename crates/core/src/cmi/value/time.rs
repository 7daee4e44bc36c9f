//! Times and durations: CMITime and CMITimespan of SCORM 1.2, ISO 8601 in SCORM 2004. Hundredths of a second.

/// CMITime (SCORM 1.2 RTE, 3.4.3): `HH:MM:SS` with up to two decimals, 24 hours.
pub(super) fn is_time_12(value: &str) -> bool {
    Timespan::parse(value).is_some_and(|time| {
        value.find(':') == Some(2)
            && time.hours < 24
            && time.minutes < 60
            && time.hundredths < 6_000
    })
}

/// time(second,10,0) (SCORM 2004 4th Ed. RTE, 4.1.1.8): a year, then as much of month, day, hour, minute,
/// second and fraction as is known, a time zone only behind a time. From 1970 on.
pub(super) fn is_timestamp(value: &str) -> bool {
    let (date, time) = match value.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (value, None),
    };
    let mut parts = date.split('-');
    let year = number(parts.next(), 4, 1970..=9999);
    let month = parts.next().map(|part| number(Some(part), 2, 1..=12));
    let day = parts.next().map(|part| number(Some(part), 2, 1..=31));
    let date_fits = year && month != Some(false) && day != Some(false) && parts.next().is_none();
    date_fits && time.is_none_or(|time| day.is_some() && is_time_of_day(time))
}

fn is_time_of_day(value: &str) -> bool {
    let (clock, zone) = match value.find(['Z', '+', '-']) {
        Some(at) => value.split_at(at),
        None => (value, ""),
    };
    let mut parts = clock.split(':');
    let hour = number(parts.next(), 2, 0..=23);
    let minute = parts.next().map(|part| number(Some(part), 2, 0..=59));
    let second = parts.next().map(|part| {
        let (whole, fraction) = part.split_once('.').unwrap_or((part, "0"));
        number(Some(whole), 2, 0..=59) && (1..=6).contains(&fraction.len()) && all_digits(fraction)
    });
    let zone_fits = match zone.as_bytes().first() {
        None => true,
        Some(b'Z') => zone.len() == 1,
        Some(_) => {
            let mut offset = zone.get(1..).unwrap_or("").split(':');
            let hours = number(offset.next(), 2, 0..=23);
            let minutes = offset
                .next()
                .is_none_or(|part| number(Some(part), 2, 0..=59));
            hours && minutes && offset.next().is_none()
        }
    };
    hour && minute != Some(false) && second != Some(false) && parts.next().is_none() && zone_fits
}

fn number(text: Option<&str>, length: usize, range: std::ops::RangeInclusive<u32>) -> bool {
    text.filter(|text| text.len() == length && all_digits(text))
        .and_then(|text| text.parse().ok())
        .is_some_and(|value| range.contains(&value))
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// CMITimespan (SCORM 1.2 RTE, 3.4.3): `HHHH:MM:SS` with up to two decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in super::super) struct Timespan {
    hours: u64,
    minutes: u64,
    hundredths: u64,
}

impl Timespan {
    /// The longest span that can be written down.
    const LONGEST: u64 = ((9_999 * 60 + 59) * 60 + 59) * 100 + 99;

    /// Reads a span; two to four digits of hours, two of minutes and seconds each (any two: that is how
    /// content uses them and how mod_scorm takes them).
    pub(in super::super) fn parse(value: &str) -> Option<Self> {
        let mut parts = value.split(':');
        let hours = parts
            .next()
            .filter(|part| (2..=4).contains(&part.len()) && all_digits(part))?;
        let minutes = parts
            .next()
            .filter(|part| part.len() == 2 && all_digits(part))?;
        let hundredths = hundredths(parts.next()?, 2..=2)?;
        if parts.next().is_some() {
            return None;
        }
        Some(Self {
            hours: hours.parse().ok()?,
            minutes: minutes.parse().ok()?,
            hundredths,
        })
    }

    /// The span in hundredths of a second.
    pub(in super::super) fn total(self) -> u64 {
        (self.hours * 60 + self.minutes) * 6_000 + self.hundredths
    }

    /// Writes a span as mod_scorm adds spans up: always with two decimals. Stops at 9999:59:59.99.
    pub(in super::super) fn write(total: u64) -> String {
        let total = total.min(Self::LONGEST);
        let (seconds, hundredths) = (total / 100, total % 100);
        format!(
            "{:02}:{:02}:{:02}.{hundredths:02}",
            seconds / 3_600,
            seconds / 60 % 60,
            seconds % 60
        )
    }
}

/// More digits than any session has, few enough to add up.
const MOST_DIGITS: usize = 8;

/// timeinterval(second,10,2) (SCORM 2004 4th Ed. RTE, 4.1.1.9): an ISO 8601 duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in super::super) struct Duration {
    years: u64,
    months: u64,
    days: u64,
    /// Hours, minutes and seconds, in hundredths of a second.
    clock: u64,
}

impl Duration {
    /// Reads a duration. At least one part must be there, and one behind a `T`.
    pub(in super::super) fn parse(value: &str) -> Option<Self> {
        let rest = value.strip_prefix('P')?;
        let (date, time) = match rest.split_once('T') {
            Some((date, time)) => (date, Some(time)),
            None => (rest, None),
        };
        if date.is_empty() && time.is_none() || time == Some("") {
            return None;
        }
        let mut date = date;
        let years = take(&mut date, 'Y')?;
        let months = take(&mut date, 'M')?;
        let days = take(&mut date, 'D')?;
        let mut time = time.unwrap_or("");
        let hours = take(&mut time, 'H')?;
        let minutes = take(&mut time, 'M')?;
        let seconds = match time.strip_suffix('S') {
            Some(seconds) => hundredths(seconds, 1..=MOST_DIGITS)?,
            None if time.is_empty() => 0,
            None => return None,
        };
        let clock = (hours * 60 + minutes) * 6_000 + seconds;
        date.is_empty().then_some(Self {
            years,
            months,
            days,
            clock,
        })
    }

    /// From a span without a date.
    pub(in super::super) fn from_hundredths(clock: u64) -> Self {
        Self {
            clock,
            ..Self::default()
        }
    }

    /// The duration in hundredths of a second, a month as 30 and a year as 365 days.
    pub(in super::super) fn total(self) -> u64 {
        let days = self.years * 365 + self.months * 30 + self.days;
        days.saturating_mul(8_640_000).saturating_add(self.clock)
    }

    /// The sum, part by part: days are not made into months, as nobody knows how long a month is.
    pub(in super::super) fn plus(self, other: Self) -> Self {
        Self {
            years: (self.years + other.years).min(99_999_999),
            months: (self.months + other.months).min(99_999_999),
            days: (self.days + other.days).min(9_999_999),
            clock: (self.clock + other.clock).min(99_999_999 * 360_000),
        }
    }

    /// Writes a duration as mod_scorm does: parts that are zero left out, hours beyond a day made into days.
    pub(in super::super) fn write(self) -> String {
        let days = self.days + self.clock / 8_640_000;
        let clock = self.clock % 8_640_000;
        let (hours, minutes, seconds) = (clock / 360_000, clock / 6_000 % 60, clock % 6_000);
        let mut out = String::from("P");
        for (amount, unit) in [(self.years, 'Y'), (self.months, 'M'), (days, 'D')] {
            if amount > 0 {
                out.push_str(&format!("{amount}{unit}"));
            }
        }
        if clock > 0 {
            out.push('T');
        }
        for (amount, unit) in [(hours, 'H'), (minutes, 'M')] {
            if amount > 0 {
                out.push_str(&format!("{amount}{unit}"));
            }
        }
        match (seconds / 100, seconds % 100) {
            (0, 0) => {}
            (whole, 0) => out.push_str(&format!("{whole}S")),
            (whole, rest) if rest % 10 == 0 => out.push_str(&format!("{whole}.{}S", rest / 10)),
            (whole, rest) => out.push_str(&format!("{whole}.{rest:02}S")),
        }
        if out == "P" {
            out.push_str("T0S");
        }
        out
    }
}

/// Takes `12Y` off the front if it is there. `None` if there is something else that cannot be.
fn take(text: &mut &str, unit: char) -> Option<u64> {
    let Some((digits, rest)) = text.split_once(unit) else {
        return Some(0);
    };
    if !(1..=MOST_DIGITS).contains(&digits.len()) || !all_digits(digits) {
        // The unit belongs to a later part, or nowhere: then the caller finds the rest not empty.
        return Some(0);
    }
    *text = rest;
    digits.parse().ok()
}

/// Seconds with up to two decimals, as hundredths.
fn hundredths(text: &str, whole_length: std::ops::RangeInclusive<usize>) -> Option<u64> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) if (1..=2).contains(&fraction.len()) && all_digits(fraction) => {
            (whole, fraction)
        }
        Some(_) => return None,
        None => (text, "0"),
    };
    if !whole_length.contains(&whole.len()) || !all_digits(whole) {
        return None;
    }
    let fraction: u64 = fraction.parse::<u64>().ok()? * if fraction.len() == 1 { 10 } else { 1 };
    Some(whole.parse::<u64>().ok()? * 100 + fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_time_has_24_hours() {
        for good in ["00:00:00", "23:59:59", "12:00:00.5", "12:00:00.50"] {
            assert!(is_time_12(good), "{good}");
        }
        for bad in [
            "24:00:00",
            "1:00:00",
            "012:00:00",
            "12:60:00",
            "12:00:60",
            "12:00",
            "12:00:00.",
            "12:00:00.123",
            "",
        ] {
            assert!(!is_time_12(bad), "{bad}");
        }
    }

    #[test]
    fn a_timestamp_may_stop_anywhere() {
        for good in [
            "2026",
            "2026-02",
            "2026-02-28",
            "2026-02-28T10",
            "2026-02-28T10:11",
            "2026-02-28T10:11:12",
            "2026-02-28T10:11:12.5",
            "2026-02-28T10:11:12.55Z",
            "2026-02-28T10:11:12.5+02",
            "2026-02-28T10:11:12-02:30",
        ] {
            assert!(is_timestamp(good), "{good}");
        }
        for bad in [
            "",
            "26",
            "1969",
            "2026-13",
            "2026-00",
            "2026-02-32",
            "2026T10",
            "2026-02-28T",
            "2026-02-28T24",
            "2026-02-28T10:60",
            "2026-02-28T10:11:12.",
            "2026-02-28T10:11:12.5+2",
            "2026-02-28 10:11",
            "2026-02-28T10:11:12Zx",
        ] {
            assert!(!is_timestamp(bad), "{bad}");
        }
    }

    #[test]
    fn a_timespan_is_added_up_as_mod_scorm_writes_it() {
        let total = |text| Timespan::parse(text).map(Timespan::total);
        assert_eq!(total("0001:02:03.5"), Some(372_350));
        assert_eq!(total("00:75:00"), Some(450_000));
        assert_eq!(Timespan::write(372_350), "01:02:03.50");
        assert_eq!(Timespan::write(u64::MAX), "9999:59:59.99");
        for bad in [
            "1:00:00",
            "00001:00:00",
            "00:0:00",
            "00:00:0",
            "00:00:00.123",
            "00:00",
            "PT1S",
            "00:00:00:00",
        ] {
            assert_eq!(total(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_duration_keeps_its_parts() {
        let write = |text| Duration::parse(text).map(Duration::write);
        for (given, written) in [
            ("PT0H0M0S", "PT0S"),
            ("PT90S", "PT1M30S"),
            ("P1Y2M3DT4H5M6.7S", "P1Y2M3DT4H5M6.7S"),
            ("PT25H", "P1DT1H"),
            ("P1M", "P1M"),
            ("PT1M", "PT1M"),
            ("PT0.05S", "PT0.05S"),
            ("P0D", "PT0S"),
        ] {
            assert_eq!(write(given).as_deref(), Some(written), "{given}");
        }
        for bad in [
            "",
            "P",
            "PT",
            "P1",
            "1D",
            "PT1",
            "PT1.5H",
            "PT1.234S",
            "P1D1Y",
            "PT1S1M",
            "P1H",
            "P1DT",
            "P-1D",
            "PT123456789S",
        ] {
            assert_eq!(write(bad), None, "{bad}");
        }
    }
}
