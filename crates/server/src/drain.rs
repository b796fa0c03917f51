//! How a node stops: how long for what, so that neither its users nor the nodes that stay feel it.

use std::time::Duration;

use crate::config::Config;

/// Connections that may come back to the others in a second without anybody noticing: each of them costs a handshake,
/// a look at a ticket and the view of a room.
const COMING_BACK_PER_SECOND: f64 = 1000.0;

/// The times of one stop; together they fit into `stop_timeout_ms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drain {
    /// For balancers that ask `/readyz`: nothing is closed before they have noticed.
    pub notice: Duration,
    /// Over which sockets are sent away, each at a moment of its own.
    pub spread: Duration,
    /// For everything, counted from the signal.
    pub timeout: Duration,
}

impl Drain {
    /// At most so long, as configured.
    pub fn at_most(config: &Config) -> Self {
        Self {
            notice: Duration::from_millis(config.stop_notice_ms),
            spread: Duration::from_millis(config.stop_spread_ms),
            timeout: Duration::from_millis(config.stop_timeout_ms),
        }
    }

    /// Not longer than this crowd needs. `watched`: whether somebody asks `/readyz`.
    pub fn fitted(self, connections: usize, watched: bool) -> Self {
        let notice = if watched { self.notice.min(self.timeout / 3) } else { Duration::ZERO };
        // The last ones to be sent away need some of the time, too: for their answers, and for their last poll.
        let most = self.spread.min((self.timeout - notice) * 2 / 3);
        let needed = Duration::from_secs_f64(connections as f64 / COMING_BACK_PER_SECOND);
        Self { notice, spread: needed.min(most), ..self }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::few_go_at_once(10_000, 2_000, 5_000, 3, false, (0, 3))]
    #[case::nobody_waits_for_a_balancer_that_is_not_there(10_000, 2_000, 5_000, 1_000, false, (0, 1_000))]
    #[case::a_balancer_is_given_its_time(10_000, 2_000, 5_000, 1_000, true, (2_000, 1_000))]
    #[case::a_crowd_takes_all_of_the_time(10_000, 2_000, 5_000, 100_000, true, (2_000, 5_000))]
    #[case::what_does_not_fit_is_cut(3_000, 2_000, 5_000, 100_000, true, (1_000, 1_333))]
    #[case::a_stop_without_time_spreads_nothing(0, 2_000, 5_000, 100_000, true, (0, 0))]
    fn times_fit_the_crowd_and_the_limit(
        #[case] timeout: u64,
        #[case] notice: u64,
        #[case] spread: u64,
        #[case] connections: usize,
        #[case] watched: bool,
        #[case] expected: (u128, u128),
    ) {
        let ms = Duration::from_millis;
        let drain = Drain { notice: ms(notice), spread: ms(spread), timeout: ms(timeout) };
        let drain = drain.fitted(connections, watched);
        assert_eq!((drain.notice.as_millis(), drain.spread.as_millis()), expected);
        assert!(drain.notice + drain.spread <= drain.timeout);
    }
}
