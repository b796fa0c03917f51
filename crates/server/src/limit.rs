//! How often one address may try.

use std::future::Future;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use nodechat_domain::{Code, Error, Result};

/// Limits by client address; an IPv6 client is its /64, which is what one customer has.
pub struct Limits {
    visitors: Option<DefaultKeyedRateLimiter<IpAddr>>,
    failures: Option<DefaultKeyedRateLimiter<IpAddr>>,
}

impl Limits {
    /// Zero is without limit.
    pub fn new(visitors_per_minute: u32, failures_per_minute: u32) -> Self {
        let limiter =
            |per_minute| NonZeroU32::new(per_minute).map(|n| RateLimiter::keyed(Quota::per_minute(n)));
        Self { visitors: limiter(visitors_per_minute), failures: limiter(failures_per_minute) }
    }

    /// One more anonymous visitor from this address.
    pub fn visitor(&self, ip: IpAddr) -> Result<()> {
        spend(self.visitors.as_ref(), ip)
    }

    /// Runs an authentication; each one that is refused counts against the address.
    pub async fn guarded<T>(&self, ip: IpAddr, authenticate: impl Future<Output = Result<T>>) -> Result<T> {
        let answer = authenticate.await;
        match &answer {
            Err(error) if error.code() == Code::NotAllowed => {
                spend(self.failures.as_ref(), ip)?;
                answer
            }
            _ => answer,
        }
    }

    /// Forgets addresses that have not been seen for long, so that memory stays bounded.
    pub fn forget_idle(&self) {
        for limiter in [&self.visitors, &self.failures].into_iter().flatten() {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

fn spend(limiter: Option<&DefaultKeyedRateLimiter<IpAddr>>, ip: IpAddr) -> Result<()> {
    let Some(limiter) = limiter else { return Ok(()) };
    limiter.check_key(&network(ip)).map_err(|until| {
        let wait = until.wait_time_from(DefaultClock::default().now());
        Error::TooMany { retry_after_ms: u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1) }
    })
}

fn network(ip: IpAddr) -> IpAddr {
    // On a listener for both families an IPv4 client is `::ffff:a.b.c.d`: all of them in one /64.
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.into(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_its_share_and_others_theirs() {
        let limits = Limits::new(2, 0);
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        assert!(limits.visitor(ip("10.0.0.1")).is_ok());
        assert!(limits.visitor(ip("10.0.0.1")).is_ok());
        let refused = limits.visitor(ip("10.0.0.1")).unwrap_err();
        assert_eq!(refused.code(), Code::TooMany);
        assert!(refused.retry_after_ms().unwrap() > 0);
        assert!(limits.visitor(ip("10.0.0.2")).is_ok());
    }

    #[test]
    fn ipv4_customers_stay_apart_on_a_listener_for_both_families() {
        let limits = Limits::new(1, 0);
        assert!(limits.visitor("::ffff:192.0.2.1".parse().unwrap()).is_ok());
        assert!(limits.visitor("::ffff:192.0.2.2".parse().unwrap()).is_ok());
        assert!(limits.visitor("192.0.2.1".parse().unwrap()).is_err());
    }

    #[test]
    fn an_ipv6_customer_is_one_address() {
        let limits = Limits::new(1, 0);
        assert!(limits.visitor("2001:db8::1".parse().unwrap()).is_ok());
        assert!(limits.visitor("2001:db8::2".parse().unwrap()).is_err());
        assert!(limits.visitor("2001:db8:0:1::1".parse().unwrap()).is_ok());
    }
}
