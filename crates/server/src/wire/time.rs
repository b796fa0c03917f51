//! Times in HTTP answers: `yyyy-MM-dd HH:mm:ss` in the server's time zone.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use nodechat_domain::model::Time;
use nodechat_domain::{Error, Result};

/// The time zone that HTTP texts are written in.
#[derive(Debug, Clone)]
pub struct WireZone(pub TimeZone);

impl WireZone {
    /// `yyyy-MM-dd HH:mm:ss`.
    pub fn text(&self, time: Time) -> String {
        self.zoned(time).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// `yyyy-MM-dd`.
    pub fn day(&self, time: Time) -> String {
        self.zoned(time).strftime("%Y-%m-%d").to_string()
    }

    /// The first moment of a day written `yyyy-MM-dd`.
    pub fn day_start(&self, field: &'static str, text: &str) -> Result<Time> {
        self.midnight(field, parse_day(field, text)?)
    }

    /// The first moment of the day after a day written `yyyy-MM-dd`.
    pub fn day_end(&self, field: &'static str, text: &str) -> Result<Time> {
        let day = parse_day(field, text)?;
        let next = day.checked_add(1.day()).map_err(|_| not_a_day(field))?;
        self.midnight(field, next)
    }

    /// `yyyy-MM-dd HH:mm:ss`, without the seconds, or a day: then its first moment.
    pub fn moment(&self, field: &'static str, text: &str) -> Result<Time> {
        match parse_moment(text) {
            Some(moment) => self.instant(field, moment),
            None => self.day_start(field, text),
        }
    }

    /// The first moment that does not belong to the second, or the day, any more.
    pub fn moment_end(&self, field: &'static str, text: &str) -> Result<Time> {
        match parse_moment(text) {
            Some(moment) => Ok(self.instant(field, moment)? + 1000),
            None => self.day_end(field, text),
        }
    }

    fn instant(&self, field: &'static str, moment: DateTime) -> Result<Time> {
        let zoned = moment.to_zoned(self.0.clone()).map_err(|_| not_a_day(field))?;
        Ok(zoned.timestamp().as_millisecond())
    }

    fn midnight(&self, field: &'static str, day: Date) -> Result<Time> {
        let zoned = day.to_zoned(self.0.clone()).map_err(|_| not_a_day(field))?;
        Ok(zoned.timestamp().as_millisecond())
    }

    fn zoned(&self, time: Time) -> jiff::Zoned {
        let timestamp = Timestamp::from_millisecond(time).unwrap_or(Timestamp::UNIX_EPOCH);
        timestamp.to_zoned(self.0.clone())
    }
}

fn parse_moment(text: &str) -> Option<DateTime> {
    ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"].iter().find_map(|form| DateTime::strptime(form, text).ok())
}

fn parse_day(field: &'static str, text: &str) -> Result<Date> {
    Date::strptime("%Y-%m-%d", text).map_err(|_| not_a_day(field))
}

fn not_a_day(field: &'static str) -> Error {
    Error::invalid(field, "a day is written yyyy-MM-dd")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_days_of_a_period_are_included() {
        let zone = WireZone(TimeZone::get("Asia/Shanghai").unwrap());
        let start = zone.day_start("fTimeStr", "2018-11-08").unwrap();
        let end = zone.day_end("tTimeStr", "2018-11-08").unwrap();
        assert_eq!(zone.text(start), "2018-11-08 00:00:00");
        assert_eq!(end - start, 86_400_000);
        assert_eq!(zone.text(end - 1), "2018-11-08 23:59:59");
        assert_eq!(zone.moment("createtimestart", "2018-11-08").unwrap(), start);
        assert_eq!(zone.moment("createtimestart", "2018-11-08 00:00").unwrap(), start);
        assert_eq!(zone.moment("createtimestart", "2018-11-08 00:00:09").unwrap(), start + 9000);
        assert_eq!(zone.moment_end("createtimeend", "2018-11-08").unwrap(), end);
        assert_eq!(zone.moment_end("createtimeend", "2018-11-08 00:00:09").unwrap(), start + 10_000);
        assert!(zone.moment("createtimestart", "2018-11-08 25:00").is_err());
        assert!(zone.day_start("fTimeStr", "2018-13-08").is_err());
        assert!(zone.day_start("fTimeStr", "8.11.2018").is_err());
    }
}
