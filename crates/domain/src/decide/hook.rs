//! What becomes of a delivery: done, tried again later, given up; and when its webhook is switched off.

use crate::model::{Time, Webhook};

/// How long something is tried.
pub const PATIENCE_MS: i64 = 24 * 3_600_000;
/// A webhook to which nothing could be delivered for so long is switched off.
pub const HOPELESS_MS: i64 = 3 * PATIENCE_MS;
/// The first wait; each one is three times as long as the one before, up to [`LONGEST_WAIT_MS`].
pub const FIRST_WAIT_MS: i64 = 5_000;
pub const LONGEST_WAIT_MS: i64 = 2 * 3_600_000;
/// How long a former secret still signs.
pub const CHANGE_OVER_MS: i64 = PATIENCE_MS;

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The receiver has answered with this status. `retry_after_ms`: when it asks to be left alone for a while.
    Answered { status: u16, retry_after_ms: Option<i64> },
    /// It could not be reached, or not in time.
    Unreached(Box<str>),
    /// It must not be called at all: its address is not a public one.
    Barred(Box<str>),
    /// What it would have been told is gone: erased, or never there.
    Pointless,
}

/// What is to be written down after an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub next: Next,
    /// The webhook's `failing_since` from now on.
    pub failing_since: Option<Time>,
    /// Why the webhook is switched off, if it is.
    pub switch_off: Option<Box<str>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    Delivered,
    Again { due: Time },
    GivenUp,
}

/// `attempts`: with this one. `first_due`: since when it could have been delivered. `jitter`: from 0 up to but not
/// including 1.
pub fn after_attempt(
    webhook: &Webhook,
    outcome: &Outcome,
    attempts: u32,
    first_due: Time,
    now: Time,
    jitter: f64,
) -> Verdict {
    if let Outcome::Answered { status: 200..=299, .. } = outcome {
        return Verdict { next: Next::Delivered, failing_since: None, switch_off: None };
    }
    if *outcome == Outcome::Pointless {
        return Verdict { next: Next::GivenUp, failing_since: webhook.failing_since, switch_off: None };
    }
    let failing_since = webhook.failing_since.unwrap_or(now);
    let gone = matches!(outcome, Outcome::Answered { status: 410, .. });
    let switch_off = if gone {
        Some("the receiver answered 410: it wants no more".into())
    } else if now - failing_since >= HOPELESS_MS {
        Some("nothing could be delivered for three days".into())
    } else {
        None
    };
    let asked = match outcome {
        Outcome::Answered { retry_after_ms: Some(wait), .. } => (*wait).clamp(0, LONGEST_WAIT_MS),
        _ => 0,
    };
    let due = now + wait_ms(attempts, jitter).max(asked);
    let next = if gone || due - first_due > PATIENCE_MS { Next::GivenUp } else { Next::Again { due } };
    Verdict { next, failing_since: Some(failing_since), switch_off }
}

/// The wait after so many attempts: growing, and spread between three quarters and five quarters of itself, so that
/// what failed together does not come back together.
pub fn wait_ms(attempts: u32, jitter: f64) -> i64 {
    let grown = FIRST_WAIT_MS.saturating_mul(3_i64.saturating_pow(attempts.saturating_sub(1)));
    let wait = grown.min(LONGEST_WAIT_MS);
    wait * 3 / 4 + (wait as f64 * 0.5 * jitter.clamp(0.0, 1.0)) as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CompanyId, SigningSecret, Topics, WebhookId, WebhookUrl};

    fn webhook(failing_since: Option<Time>) -> Webhook {
        Webhook {
            id: WebhookId::at(1, [0; 10]),
            company: CompanyId::parse("c1").unwrap(),
            url: WebhookUrl::parse("https://shop.example/").unwrap(),
            topics: Topics::default(),
            secret: SigningSecret::from_bytes(&[1]),
            former: None,
            on: true,
            off_because: None,
            failing_since,
            created: 0,
        }
    }

    fn answered(status: u16) -> Outcome {
        Outcome::Answered { status, retry_after_ms: None }
    }

    fn unreached() -> Outcome {
        Outcome::Unreached("connection refused".into())
    }

    #[test]
    fn only_an_answer_of_success_is_a_delivery() {
        for (status, delivered) in
            [(200, true), (204, true), (299, true), (302, false), (199, false), (404, false), (500, false)]
        {
            let verdict = after_attempt(&webhook(Some(1)), &answered(status), 1, 0, 10, 0.5);
            assert_eq!(verdict.next == Next::Delivered, delivered, "{status}");
            assert_eq!(verdict.failing_since, if delivered { None } else { Some(1) });
        }
    }

    #[test]
    fn waits_grow_up_to_two_hours_and_are_spread() {
        let waits: Vec<_> = (1..=10).map(|attempts| wait_ms(attempts, 0.5)).collect();
        assert_eq!(waits[..4], [5_000, 15_000, 45_000, 135_000]);
        assert!(waits.windows(2).all(|pair| pair[0] <= pair[1]));
        assert_eq!(waits[9], LONGEST_WAIT_MS);
        assert_eq!((wait_ms(1, 0.0), wait_ms(1, 1.0)), (3_750, 6_250));
        assert_eq!(wait_ms(u32::MAX, 0.0), LONGEST_WAIT_MS * 3 / 4);
    }

    #[test]
    fn it_is_tried_for_a_day_and_then_given_up() {
        let (mut now, mut attempts) = (0, 0);
        loop {
            attempts += 1;
            match after_attempt(&webhook(None), &unreached(), attempts, 0, now, 0.9).next {
                Next::Again { due } => {
                    assert!(due > now);
                    now = due;
                }
                Next::GivenUp => break,
                Next::Delivered => panic!("it was not reached"),
            }
        }
        assert!(now > PATIENCE_MS - 3 * LONGEST_WAIT_MS && now <= PATIENCE_MS, "given up at {now}");
        assert!((10..30).contains(&attempts), "{attempts} attempts");
    }

    #[test]
    fn a_receiver_that_asks_for_time_gets_it_within_reason() {
        let busy = |wait| Outcome::Answered { status: 429, retry_after_ms: Some(wait) };
        let due = |outcome| match after_attempt(&webhook(None), &outcome, 1, 0, 100, 0.5).next {
            Next::Again { due } => due,
            other => panic!("{other:?}"),
        };
        assert_eq!(due(busy(60_000)), 60_100);
        assert_eq!(due(busy(1)), 5_100);
        assert_eq!(due(busy(i64::MAX)), 100 + LONGEST_WAIT_MS);
    }

    #[test]
    fn a_webhook_is_switched_off_when_it_is_gone_or_hopeless() {
        let gone = after_attempt(&webhook(None), &answered(410), 1, 0, 10, 0.5);
        assert_eq!(gone.next, Next::GivenUp);
        assert!(gone.switch_off.is_some());
        let young = after_attempt(&webhook(Some(0)), &unreached(), 1, 0, HOPELESS_MS - 1, 0.5);
        assert!(young.switch_off.is_none());
        let old = after_attempt(&webhook(Some(0)), &unreached(), 1, HOPELESS_MS, HOPELESS_MS, 0.5);
        assert!(old.switch_off.is_some());
    }

    #[test]
    fn what_is_gone_is_given_up_and_is_nobodys_fault() {
        let verdict = after_attempt(&webhook(None), &Outcome::Pointless, 1, 0, 10, 0.5);
        assert_eq!(verdict, Verdict { next: Next::GivenUp, failing_since: None, switch_off: None });
    }
}
