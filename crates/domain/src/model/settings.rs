//! What a company decides about its service: one documented line for each setting. Help, the store and the differences
//! that the audit tells are made from this table; a setting that stands nowhere has its usual value.

use std::fmt::{self, Display};

use jiff::tz::TimeZone;

use super::desk::DeskSettings;
use super::{Hours, Time};
use crate::error::{Error, Result};

macro_rules! settings {
    ($($(#[doc = $about:literal])+ $name:ident: $kind:ty = $usual:expr, $check:expr;)*) => {
        /// A company's own; each field has its usual value at first.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Settings {
            $($(#[doc = $about])+ pub $name: $kind,)*
        }

        impl Default for Settings {
            fn default() -> Self {
                Self { $($name: $usual,)* }
            }
        }

        impl Settings {
            /// Name and meaning of each setting.
            pub const TABLE: &[(&str, &str)] = &[$((stringify!($name), concat!($($about),+)),)*];

            /// Sets one from its text; whether there is one of this name.
            pub fn set(&mut self, name: &str, text: &str) -> Result<bool> {
                match name {
                    $(stringify!($name) => {
                        let value = <$kind as Setting>::read(stringify!($name), text)?;
                        check(stringify!($name), &value, $check)?;
                        self.$name = value;
                    })*
                    _ => return Ok(false),
                }
                Ok(true)
            }

            /// Each as text, in the order of the table.
            pub fn texts(&self) -> Vec<(&'static str, String)> {
                vec![$((stringify!($name), self.$name.text()),)*]
            }

            /// Whether every value is one that may be set; whoever sets fields by themselves asks this.
            pub fn check(&self) -> Result<()> {
                $(check(stringify!($name), &self.$name, $check)?;)*
                Ok(())
            }
        }
    };
}

settings! {
    /// Path of an uploaded image, or an address of this service; pictures on other sites are not shown to visitors.
    logo: Box<str> = "".into(), chars(500);
    /// Colour of what visitors are shown, such as `#2563eb`. Empty: the usual one.
    accent: Box<str> = "".into(), colour;
    /// On which side of a page the button stands that opens the chat: `right` or `left`.
    launcher_side: Box<str> = "right".into(), side;
    /// What that button says, at most 40 characters. Empty: nothing, it is a picture alone.
    launcher_text: Box<str> = "".into(), chars(40);
    /// Pixels between that button and the edges of the page.
    launcher_gap: u64 = 24, range(0, 200);
    /// Language of what visitors are shown, such as `zh-CN` or `en`.
    locale: Box<str> = "zh-CN".into(), language;
    /// Time zone of the business hours and of the days in numbers, such as `Asia/Shanghai`.
    zone: Zone = Zone::usual(), any;
    /// When agents are there: `mon 09:00-12:00 13:00-18:00`, `2026-10-01 closed`, a line for each day. Empty: always.
    hours: Hours = Hours::default(), any;
    /// What visitors are greeted with.
    welcome: Box<str> = "".into(), chars(2_000);
    /// What visitors read when nobody is there.
    offline: Box<str> = "".into(), chars(2_000);
    /// Kinds of files that may be uploaded, such as `pdf`, one on each line. Empty: all that the server knows.
    upload_kinds: Lines = Lines::default(), kinds;
    /// Bytes of an image at most. 0: the server's own limit.
    image_max_bytes: u64 = 0, any;
    /// Bytes of a file at most. 0: the server's own limit.
    file_max_bytes: u64 = 0, any;
    /// Whether agents see what a visitor is typing.
    typing_preview: bool = false, any;
    /// How many consultations an agent may have at once who has no number of its own.
    agent_cap: u64 = 10, range(1, 1_000);
    /// How long an agent may be away before others get what it had, in seconds.
    grace_seconds: u64 = 60, range(0, 86_400);
    /// After how long somebody who waits is offered to leave a message, in seconds. 0: never.
    wait_limit_seconds: u64 = 600, range(0, 86_400);
    /// Within which an agent has to answer what it was given, in seconds. 0: no limit.
    answer_limit_seconds: u64 = 0, range(0, 86_400);
    /// Within which a transfer has to be accepted, in seconds.
    transfer_limit_seconds: u64 = 60, range(1, 3_600);
    /// After how long without a word the end is announced, in seconds. 0: never.
    idle_seconds: u64 = 1_800, range(0, 604_800);
    /// How long after that announcement a consultation ends, in seconds.
    idle_notice_seconds: u64 = 120, range(0, 86_400);
    /// How long after its end a consultation can be reopened, in seconds.
    reopen_seconds: u64 = 86_400, range(0, 31_536_000);
    /// Whether visitors are asked for a rating when a consultation ends.
    ask_rating: bool = true, any;
    /// For how many days messages are kept. 0: for ever.
    keep_days: u64 = 0, range(0, 36_500);
}

impl Settings {
    /// Whether it is within business hours.
    pub fn open_at(&self, time: Time) -> bool {
        self.hours.open_at(time, &self.zone.0)
    }

    /// When business hours begin or end next.
    pub fn next_change(&self, time: Time) -> Option<Time> {
        self.hours.next_change(time, &self.zone.0)
    }

    /// What routing goes by.
    pub fn desk(&self) -> DeskSettings {
        let ms = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000);
        DeskSettings {
            cap: u32::try_from(self.agent_cap).unwrap_or(u32::MAX),
            grace_ms: ms(self.grace_seconds),
            wait_limit_ms: ms(self.wait_limit_seconds),
            answer_limit_ms: ms(self.answer_limit_seconds),
            transfer_limit_ms: ms(self.transfer_limit_seconds),
            idle_ms: ms(self.idle_seconds),
            idle_notice_ms: ms(self.idle_notice_seconds),
            reopen_ms: ms(self.reopen_seconds),
            ask_rating: self.ask_rating,
        }
    }

    /// Those that are not as usual, as they are stored.
    pub fn unusual(&self) -> Vec<(&'static str, String)> {
        let usual = Self::default().texts();
        self.texts().into_iter().zip(usual).filter(|(own, usual)| own != usual).map(|(own, _)| own).collect()
    }

    /// The names of those that differ.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let pairs = self.texts().into_iter().zip(other.texts());
        pairs.filter(|(one, other)| one != other).map(|((name, _), _)| name).collect()
    }
}

/// A time zone that is known by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(pub TimeZone);

impl Zone {
    pub fn parse(name: &str) -> Result<Self> {
        let zone = TimeZone::get(name).ok().filter(|zone| zone.iana_name().is_some());
        zone.map(Self)
            .ok_or_else(|| Error::invalid("zone", "no such time zone; one like Asia/Shanghai is meant"))
    }

    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// Where a machine knows no time zones, the time of the world.
    fn usual() -> Self {
        Self(TimeZone::get("Asia/Shanghai").unwrap_or(TimeZone::UTC))
    }
}

/// Words, each on a line of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lines(pub Vec<Box<str>>);

/// A kind of value, and how it looks as text.
trait Setting: Sized {
    fn read(name: &'static str, text: &str) -> Result<Self>;
    fn text(&self) -> String;
}

impl Setting for Box<str> {
    fn read(_: &'static str, text: &str) -> Result<Self> {
        Ok(text.into())
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

impl Setting for u64 {
    fn read(name: &'static str, text: &str) -> Result<Self> {
        text.trim().parse().map_err(|_| Error::invalid(name, "a number is expected"))
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

impl Setting for bool {
    fn read(name: &'static str, text: &str) -> Result<Self> {
        match text.trim() {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err(Error::invalid(name, "`true` or `false` is expected")),
        }
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

impl Setting for Zone {
    fn read(_: &'static str, text: &str) -> Result<Self> {
        Zone::parse(text.trim())
    }

    fn text(&self) -> String {
        self.name().to_owned()
    }
}

impl Setting for Hours {
    fn read(_: &'static str, text: &str) -> Result<Self> {
        Hours::parse(text)
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

impl Setting for Lines {
    fn read(_: &'static str, text: &str) -> Result<Self> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        Ok(Self(lines.map(Into::into).collect()))
    }

    fn text(&self) -> String {
        self.0.join("\n")
    }
}

/// What is wrong with a value, if anything is.
type Wrong = Option<String>;

fn check<T>(name: &'static str, value: &T, wrong: impl Fn(&T) -> Wrong) -> Result<()> {
    match wrong(value) {
        Some(why) => Err(Error::invalid(name, why)),
        None => Ok(()),
    }
}

fn any<T>(_: &T) -> Wrong {
    None
}

fn chars(most: usize) -> impl Fn(&Box<str>) -> Wrong {
    move |text| {
        let fits = text.chars().count() <= most && !text.contains('\0');
        (!fits).then(|| format!("at most {most} characters"))
    }
}

fn range<T: PartialOrd + Display + Copy>(least: T, most: T) -> impl Fn(&T) -> Wrong {
    move |number| (*number < least || *number > most).then(|| format!("from {least} to {most}"))
}

#[expect(clippy::borrowed_box, reason = "what is checked is the value as it is kept")]
fn language(text: &Box<str>) -> Wrong {
    let fits = (2..=35).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (!fits).then(|| "a language such as `zh-CN` or `en` is expected".into())
}

#[expect(clippy::borrowed_box, reason = "what is checked is the value as it is kept")]
fn colour(text: &Box<str>) -> Wrong {
    let digits = text.strip_prefix('#').unwrap_or_default();
    let fits = text.is_empty() || (digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()));
    (!fits).then(|| "a colour such as `#2563eb` is expected, or nothing".into())
}

#[expect(clippy::borrowed_box, reason = "what is checked is the value as it is kept")]
fn side(text: &Box<str>) -> Wrong {
    (!["right", "left"].contains(&&**text)).then(|| "`right` or `left` is expected".into())
}

fn kinds(lines: &Lines) -> Wrong {
    let fits = |kind: &str| {
        !kind.is_empty()
            && kind.len() <= 16
            && kind.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    let all = lines.0.len() <= 100 && lines.0.iter().all(|kind| fits(kind));
    (!all).then(|| "at most 100 endings of file names, such as `pdf`, in small letters".into())
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_setting_comes_back_from_its_text() {
        let mut settings = Settings::default();
        for (name, text) in [
            ("logo", "https://shop.example/logo.png"),
            ("accent", "#25A3eb"),
            ("launcher_side", "left"),
            ("launcher_text", "聊一聊"),
            ("launcher_gap", "0"),
            ("locale", "en"),
            ("zone", "Europe/Berlin"),
            ("hours", "mon 09:00-18:00\n2026-10-01 closed"),
            ("welcome", "你好 👋\n第二行"),
            ("upload_kinds", "pdf\nzip"),
            ("image_max_bytes", "1000000"),
            ("typing_preview", "true"),
            ("agent_cap", "5"),
            ("ask_rating", "false"),
        ] {
            assert!(settings.set(name, text).unwrap(), "{name}");
        }
        let mut again = Settings::default();
        let stored = settings.unusual();
        assert_eq!(stored.len(), 14);
        for (name, text) in &stored {
            assert!(again.set(name, text).unwrap());
        }
        assert_eq!(again, settings);
        assert_eq!(again.differences(&Settings::default()).len(), 14);
        assert!(Settings::default().unusual().is_empty());
        assert!(!again.set("from_a_later_version", "1").unwrap());
    }

    #[rstest::rstest]
    #[case("agent_cap", "0")]
    #[case("agent_cap", "1001")]
    #[case("agent_cap", "-1")]
    #[case("transfer_limit_seconds", "0")]
    #[case("accent", "#fff")]
    #[case("accent", "2563eb")]
    #[case("accent", "#2563eg")]
    #[case("accent", "red;}")]
    #[case("launcher_side", "")]
    #[case("launcher_side", "top")]
    #[case("launcher_text", "12345678901234567890123456789012345678901")]
    #[case("launcher_gap", "201")]
    #[case("locale", "")]
    #[case("locale", "zh_CN")]
    #[case("zone", "Nowhere/Land")]
    #[case("typing_preview", "yes")]
    #[case("upload_kinds", "PDF")]
    #[case("hours", "always")]
    #[case("welcome", "\0")]
    fn what_may_not_be_set_is_refused(#[case] name: &str, #[case] text: &str) {
        let mut settings = Settings::default();
        assert!(settings.set(name, text).is_err());
        assert_eq!(settings, Settings::default());
    }

    #[test]
    fn what_is_usual_may_be_set_and_is_what_routing_takes_for_usual() {
        Settings::default().check().unwrap();
        assert_eq!(Settings::default().desk(), DeskSettings::default());
        let odd = Settings { agent_cap: 0, ..Settings::default() };
        assert!(odd.check().is_err());
    }
}
