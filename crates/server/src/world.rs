//! Time and randomness of the real world, for those who take them as arguments.

use std::time::{SystemTime, UNIX_EPOCH};

use nodechat_domain::model::Time;
use nodechat_domain::port::{Clock, Entropy};

pub struct SystemClock;

pub struct SystemEntropy;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else is given")]
    fn now(&self) -> Time {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |since| Time::try_from(since.as_millis()).unwrap_or(Time::MAX))
    }
}

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("a machine without random bytes cannot keep secrets");
    }
}
