//! How often one address may try.

use std::future::Future;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use nodechat_domain::{Code, Error, Result};

use crate::cluster::Redis;

/// Limits by client address; an IPv6 client is its /64, which is what one customer has.
///
/// Nodes count together while Redis is there, and each for itself while it is not.
pub struct Limits {
    visitors: Option<Limit>,
    failures: Option<Limit>,
    public: Option<Limit>,
    shared: Option<Arc<Redis>>,
}

/// How often one address may, each minute. Zero is without limit.
#[derive(Debug, Clone, Copy, Default)]
pub struct PerMinute {
    pub visitors: u32,
    pub failures: u32,
    pub public: u32,
}

struct Limit {
    name: &'static str,
    per_minute: NonZeroU32,
    local: DefaultKeyedRateLimiter<IpAddr>,
}

impl Limits {
    pub fn new(often: PerMinute, shared: Option<Arc<Redis>>) -> Self {
        let limit = |name, per_minute| {
            let per_minute = NonZeroU32::new(per_minute)?;
            Some(Limit { name, per_minute, local: RateLimiter::keyed(Quota::per_minute(per_minute)) })
        };
        Self {
            visitors: limit("visitors", often.visitors),
            failures: limit("failures", often.failures),
            public: limit("public", often.public),
            shared,
        }
    }

    /// One more anonymous visitor from this address.
    pub async fn visitor(&self, ip: IpAddr) -> Result<()> {
        self.spend(self.visitors.as_ref(), ip).await
    }

    /// One more question from this address that anybody may ask.
    pub async fn public(&self, ip: IpAddr) -> Result<()> {
        self.spend(self.public.as_ref(), ip).await
    }

    /// Runs an authentication; each one that is refused counts against the address.
    pub async fn guarded<T>(&self, ip: IpAddr, authenticate: impl Future<Output = Result<T>>) -> Result<T> {
        let answer = authenticate.await;
        match &answer {
            Err(error) if error.code() == Code::NotAllowed => {
                self.spend(self.failures.as_ref(), ip).await?;
                answer
            }
            _ => answer,
        }
    }

    async fn spend(&self, limit: Option<&Limit>, ip: IpAddr) -> Result<()> {
        let Some(limit) = limit else { return Ok(()) };
        let network = network(ip);
        let shared = match &self.shared {
            Some(redis) => redis.spend(limit.name, &network.to_string(), limit.per_minute).await,
            None => None,
        };
        let verdict = shared.unwrap_or_else(|| limit.spend_here(network));
        verdict.map_err(|wait_ms| Error::TooMany { retry_after_ms: wait_ms.max(1) })
    }

    /// Forgets addresses that have not been seen for long, so that memory stays bounded.
    pub fn forget_idle(&self) {
        for limit in [&self.visitors, &self.failures, &self.public].into_iter().flatten() {
            limit.local.retain_recent();
            limit.local.shrink_to_fit();
        }
    }
}

impl Limit {
    fn spend_here(&self, network: IpAddr) -> Result<(), u64> {
        self.local.check_key(&network).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)
        })
    }
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

    fn of_visitors(visitors: u32) -> Limits {
        Limits::new(PerMinute { visitors, ..PerMinute::default() }, None)
    }

    #[tokio::test]
    async fn one_address_has_its_share_and_others_theirs() {
        let limits = of_visitors(2);
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        assert!(limits.visitor(ip("10.0.0.1")).await.is_ok());
        assert!(limits.visitor(ip("10.0.0.1")).await.is_ok());
        let refused = limits.visitor(ip("10.0.0.1")).await.unwrap_err();
        assert_eq!(refused.code(), Code::TooMany);
        assert!(refused.retry_after_ms().unwrap() > 0);
        assert!(limits.visitor(ip("10.0.0.2")).await.is_ok());
    }

    #[tokio::test]
    async fn ipv4_customers_stay_apart_on_a_listener_for_both_families() {
        let limits = of_visitors(1);
        assert!(limits.visitor("::ffff:192.0.2.1".parse().unwrap()).await.is_ok());
        assert!(limits.visitor("::ffff:192.0.2.2".parse().unwrap()).await.is_ok());
        assert!(limits.visitor("192.0.2.1".parse().unwrap()).await.is_err());
    }

    #[tokio::test]
    async fn an_ipv6_customer_is_one_address() {
        let limits = of_visitors(1);
        assert!(limits.visitor("2001:db8::1".parse().unwrap()).await.is_ok());
        assert!(limits.visitor("2001:db8::2".parse().unwrap()).await.is_err());
        assert!(limits.visitor("2001:db8:0:1::1".parse().unwrap()).await.is_ok());
    }
}
