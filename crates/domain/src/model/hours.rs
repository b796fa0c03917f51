//! When a company is open: hours of each day of the week, and days that are otherwise. Pure: the time and the zone come
//! as arguments.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time as Clock, Weekday};
use jiff::tz::TimeZone;

use super::Time;
use crate::error::{Error, Result};

/// How far ahead a change is looked for: whatever a week and a year of holidays can hide.
const LOOK_AHEAD_DAYS: i32 = 400;
const DAY: u16 = 24 * 60;
const SPANS_A_DAY: usize = 8;
const SPECIAL_DAYS: usize = 500;
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// As text, a line for each day: `mon 09:00-12:00 13:00-18:00`, `2026-10-01 closed`, `2026-10-10 10:00-16:00`. Days of
/// the week that have no line are closed; no line for any of them at all: always open, but for the days named.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hours {
    /// From Monday on; none: open at any time.
    week: Option<[Vec<Span>; 7]>,
    special: BTreeMap<Date, Vec<Span>>,
}

/// Minutes of a day, by the clock on the wall: from the first up to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    from: u16,
    to: u16,
}

impl Hours {
    pub fn parse(text: &str) -> Result<Self> {
        let mut hours = Self::default();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let mut words = line.split_whitespace();
            let day = words.next().unwrap_or_default();
            let spans = spans(words).ok_or_else(|| unreadable(line))?;
            if let Some(weekday) = WEEKDAYS.iter().position(|name| *name == day) {
                hours.week.get_or_insert_default()[weekday] = spans;
            } else {
                let date: Date = day.parse().map_err(|_| unreadable(line))?;
                hours.special.insert(date, spans);
            }
        }
        if hours.special.len() > SPECIAL_DAYS {
            return Err(Error::invalid("hours", format!("at most {SPECIAL_DAYS} special days")));
        }
        Ok(hours)
    }

    /// Whether the company is open at this moment.
    pub fn open_at(&self, time: Time, zone: &TimeZone) -> bool {
        self.is_open(instant(time), zone)
    }

    /// When it opens or closes next; none when it stays as it is for the next year.
    pub fn next_change(&self, time: Time, zone: &TimeZone) -> Option<Time> {
        let now = instant(time);
        let open = self.is_open(now, zone);
        // Of yesterday, too: its last minute may be today's first by the time of the clock that was set back.
        let mut day = now.to_zoned(zone.clone()).date().yesterday().ok()?;
        let mut clock_is_set = zone.following(now).map(|set| set.timestamp()).peekable();
        for _ in 0..LOOK_AHEAD_DAYS {
            let mut edges = self.edges(day, zone);
            let last = edges.iter().max().copied().unwrap_or(now);
            while let Some(set) = clock_is_set.next_if(|set| *set <= last) {
                edges.push(set);
            }
            edges.retain(|edge| *edge > now);
            edges.sort_unstable();
            if let Some(edge) = edges.into_iter().find(|edge| self.is_open(*edge, zone) != open) {
                return Some(edge.as_millisecond());
            }
            day = day.tomorrow().ok()?;
        }
        None
    }

    fn is_open(&self, instant: Timestamp, zone: &TimeZone) -> bool {
        let local = zone.to_datetime(instant);
        let minute = u16::from(local.hour().unsigned_abs()) * 60 + u16::from(local.minute().unsigned_abs());
        self.spans_of(local.date()).iter().any(|span| span.from <= minute && minute < span.to)
    }

    fn spans_of(&self, date: Date) -> &[Span] {
        const ALWAYS: &[Span] = &[Span { from: 0, to: DAY }];
        if let Some(spans) = self.special.get(&date) {
            return spans;
        }
        match &self.week {
            Some(week) => &week[weekday(date.weekday())],
            None => ALWAYS,
        }
    }

    /// The moments of a day at which something may change, besides those at which the clock is set. Where it is set
    /// back, a time comes twice.
    fn edges(&self, date: Date, zone: &TimeZone) -> Vec<Timestamp> {
        let minutes = self.spans_of(date).iter().flat_map(|span| [span.from, span.to]);
        let locals = minutes.chain([0, DAY]).filter_map(|minute| at(date, minute));
        let instants = locals.flat_map(|local| {
            let ambiguous = zone.to_ambiguous_timestamp(local);
            [ambiguous.earlier(), ambiguous.later()]
        });
        instants.filter_map(std::result::Result::ok).collect()
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let week = self.week.iter().flat_map(|week| week.iter().zip(WEEKDAYS));
        let mut lines: Vec<String> = week
            // A week that is closed throughout is not one that is always open.
            .filter(|(spans, name)| !spans.is_empty() || *name == "mon")
            .map(|(spans, name)| line(name, spans))
            .collect();
        lines.extend(self.special.iter().map(|(date, spans)| line(&date.to_string(), spans)));
        f.write_str(&lines.join("\n"))
    }
}

fn line(day: &str, spans: &[Span]) -> String {
    let mut line = day.to_owned();
    if spans.is_empty() {
        line.push_str(" closed");
    }
    for Span { from, to } in spans {
        // Writing to a string cannot fail.
        let _ = write!(line, " {:02}:{:02}-{:02}:{:02}", from / 60, from % 60, to / 60, to % 60);
    }
    line
}

/// Apart from each other and in their order; none where they are not, or cannot be read.
fn spans<'a>(words: impl Iterator<Item = &'a str>) -> Option<Vec<Span>> {
    let words: Vec<_> = words.collect();
    if words == ["closed"] {
        return Some(Vec::new());
    }
    let spans = words.iter().map(|word| span(word)).collect::<Option<Vec<_>>>()?;
    let in_order = spans.windows(2).all(|pair| pair[0].to <= pair[1].from);
    (in_order && !spans.is_empty() && spans.len() <= SPANS_A_DAY).then_some(spans)
}

fn span(word: &str) -> Option<Span> {
    let (from, to) = word.split_once('-')?;
    let span = Span { from: minute(from)?, to: minute(to)? };
    (span.from < span.to).then_some(span)
}

/// `24:00` is the end of the day.
fn minute(word: &str) -> Option<u16> {
    let (hours, minutes) = word.split_once(':')?;
    let two = |digits: &str| {
        let fits = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
        fits.then(|| digits.parse::<u16>().ok()).flatten()
    };
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    let minute = hours * 60 + minutes;
    (minutes < 60 && minute <= DAY).then_some(minute)
}

fn at(date: Date, minute: u16) -> Option<DateTime> {
    if minute == DAY {
        return date.tomorrow().ok().map(|next| next.to_datetime(Clock::midnight()));
    }
    Some(date.at((minute / 60) as i8, (minute % 60) as i8, 0, 0))
}

fn weekday(day: Weekday) -> usize {
    day.to_monday_zero_offset().unsigned_abs().into()
}

/// A time beyond what calendars reach is their end.
fn instant(time: Time) -> Timestamp {
    Timestamp::from_millisecond(time).unwrap_or(if time < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

fn unreadable(line: &str) -> Error {
    Error::invalid(
        "hours",
        format!("`{line}` is not like `mon 09:00-12:00 13:00-18:00` or `2026-10-01 closed`"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    fn time(text: &str, zone: &TimeZone) -> Time {
        let local: DateTime = text.parse().unwrap();
        local.to_zoned(zone.clone()).unwrap().timestamp().as_millisecond()
    }

    fn shown(time: Time, zone: &TimeZone) -> String {
        zone.to_datetime(instant(time)).to_string()
    }

    const SHOP: &str = "mon 09:00-12:00 13:00-18:00\ntue 09:00-18:00\nfri 22:00-24:00\nsat 00:00-02:00\n\
                        2026-10-05 closed\n2026-10-04 10:00-16:00";

    #[rstest::rstest]
    #[case::monday("2026-09-28T09:00", true, Some("2026-09-28T12:00:00"))]
    #[case::lunch("2026-09-28T12:30", false, Some("2026-09-28T13:00:00"))]
    #[case::evening("2026-09-28T18:00", false, Some("2026-09-29T09:00:00"))]
    #[case::through_midnight("2026-10-02T23:00", true, Some("2026-10-03T02:00:00"))]
    #[case::special_day("2026-10-03T02:00", false, Some("2026-10-04T10:00:00"))]
    #[case::closed_monday("2026-10-04T16:00", false, Some("2026-10-06T09:00:00"))]
    #[case::on_the_closed_day("2026-10-05T10:00", false, Some("2026-10-06T09:00:00"))]
    fn the_wall_clock_says_whether_it_is_open(
        #[case] now: &str,
        #[case] open: bool,
        #[case] change: Option<&str>,
    ) {
        let (zone, hours) = (zone("Asia/Shanghai"), Hours::parse(SHOP).unwrap());
        let now = time(now, &zone);
        assert_eq!(hours.open_at(now, &zone), open);
        let next = hours.next_change(now, &zone).map(|next| shown(next, &zone));
        assert_eq!(next.as_deref(), change);
    }

    #[test]
    fn without_a_week_it_is_always_open_but_for_the_days_named() {
        let zone = zone("Asia/Shanghai");
        let always = Hours::parse("").unwrap();
        assert!(
            always.open_at(0, &zone) && always.open_at(i64::MAX, &zone) && always.open_at(i64::MIN, &zone)
        );
        assert_eq!(always.next_change(0, &zone), None);
        let holiday = Hours::parse("2026-10-01 closed").unwrap();
        let before = time("2026-09-30T12:00", &zone);
        assert!(holiday.open_at(before, &zone));
        let closes = holiday.next_change(before, &zone).unwrap();
        assert_eq!(shown(closes, &zone), "2026-10-01T00:00:00");
        assert_eq!(shown(holiday.next_change(closes, &zone).unwrap(), &zone), "2026-10-02T00:00:00");
        let never = Hours::parse("mon closed").unwrap();
        assert!(!never.open_at(before, &zone));
        assert_eq!(never.next_change(before, &zone), None);
        assert_eq!(Hours::parse(&never.to_string()).unwrap(), never);
    }

    #[test]
    fn a_clock_that_is_set_says_the_same_as_the_one_on_the_wall() {
        let zone = zone("Europe/Berlin");
        // 02:30 is left out on 2026-03-29, and comes twice on 2026-10-25.
        let hours = Hours::parse("sun 02:30-03:30").unwrap();
        let spring = time("2026-03-29T00:00", &zone);
        let opens = hours.next_change(spring, &zone).unwrap();
        assert_eq!(shown(opens, &zone), "2026-03-29T03:00:00");
        assert_eq!(shown(hours.next_change(opens, &zone).unwrap(), &zone), "2026-03-29T03:30:00");
        let autumn = time("2026-10-25T00:00", &zone);
        let mut changes = Vec::new();
        let mut now = autumn;
        for _ in 0..4 {
            now = hours.next_change(now, &zone).unwrap();
            changes.push((shown(now, &zone), hours.open_at(now, &zone)));
        }
        let expected = [
            ("2026-10-25T02:30:00", true),
            ("2026-10-25T02:00:00", false),
            ("2026-10-25T02:30:00", true),
            ("2026-10-25T03:30:00", false),
        ];
        assert_eq!(changes, expected.map(|(when, open)| (when.to_owned(), open)));
    }

    #[test]
    fn the_text_comes_back_and_nonsense_is_refused() {
        let hours = Hours::parse(SHOP).unwrap();
        assert_eq!(Hours::parse(&hours.to_string()).unwrap(), hours);
        for text in [
            "mon",
            "mon 9:00-12:00",
            "mon 09:00-09:00",
            "mon 09:00-25:00",
            "mon 23:59-24:01",
            "mon 10:00-12:00 11:00-13:00",
            "mon closed 10:00-11:00",
            "someday 10:00-11:00",
            "2026-02-30 closed",
        ] {
            assert!(Hours::parse(text).is_err(), "{text}");
        }
    }
}
