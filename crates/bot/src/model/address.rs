//! Where a language model may be: nowhere inside our own network, unless that was allowed.

use std::net::{IpAddr, SocketAddr};

use nodechat_domain::decide;
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::Failure;

/// The address to post to. An IP address is looked at here, a name when it is resolved.
pub fn checked(base: &str, private: bool) -> Result<Url, Failure> {
    let whole = format!("{}/chat/completions", base.trim_end_matches('/'));
    let url = Url::parse(&whole).map_err(|_| Failure::Address("it is not a URL"))?;
    let host = url.host_str().ok_or(Failure::Address("it names no host"))?;
    let ip = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    match ip {
        Ok(ip) if !private && !decide::is_public(ip) => {
            Err(Failure::Address("it is in a private network, which `private_addresses` has to allow"))
        }
        _ => Ok(url),
    }
}

/// Resolves names to addresses that may be called. The connection goes to one of these and nowhere else, so that a name
/// cannot mean another address a moment later.
pub struct Resolver {
    pub private: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let private = self.private;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> =
                found.filter(|address| private || decide::is_public(address.ip())).collect();
            if allowed.is_empty() {
                return Err("the name has no address that may be called".into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::checked;

    #[test]
    fn an_address_of_our_own_network_has_to_be_allowed() {
        for url in [
            "http://127.0.0.1:1",
            "http://10.1.2.3/v1",
            "http://[::1]/",
            "http://169.254.169.254",
            "http://2130706433/",
        ] {
            assert!(checked(url, false).is_err(), "{url}");
            assert!(checked(url, true).is_ok(), "{url}");
        }
        assert_eq!(checked("https://llm.example/v1/", false).unwrap().path(), "/v1/chat/completions");
    }
}
