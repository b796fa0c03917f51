//! Where Redis is, in each of the forms in which it is run.

use redis::{ConnectionInfo, IntoConnectionInfo as _, ProtocolVersion};

/// What `redis_url` says. Holds a password: never shown.
#[derive(Clone)]
pub enum Address {
    Single(ConnectionInfo),
    Sentinel {
        sentinels: Vec<ConnectionInfo>,
        /// The name under which the sentinels know what they watch over.
        service: String,
        /// How the one that they name is greeted; its address is theirs to say.
        master: ConnectionInfo,
    },
    /// Some of its nodes, by which the others are found.
    Cluster(Vec<ConnectionInfo>),
}

/// Says what is wrong, never what was given.
#[derive(Debug, thiserror::Error)]
#[error("`redis_url` {0}")]
pub struct AddressError(&'static str);

const FORMS: AddressError = AddressError(
    "has to look like redis://host:port, rediss://host:port, redis+sentinel://host:port,host:port/master \
     or redis+cluster://host:port,host:port, with user:password@ before the first host where one is needed",
);

impl Address {
    pub fn parse(url: &str) -> Result<Self, AddressError> {
        let (scheme, rest) = url.split_once("://").ok_or(FORMS)?;
        let (plain, form) = scheme.split_once('+').unwrap_or((scheme, ""));
        if !matches!(plain, "redis" | "rediss") {
            return Err(FORMS);
        }
        match form {
            "" => Ok(Address::Single(info(url)?)),
            "sentinel" => sentinel(plain, rest),
            "cluster" => {
                let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
                if !path.is_empty() {
                    return Err(AddressError("names a database, but a cluster has only one"));
                }
                Ok(Address::Cluster(hosts(plain, authority)?))
            }
            _ => Err(FORMS),
        }
    }
}

/// `host:port,host:port/service`. User and password are those of the master; sentinels that ask for a password get it
/// from `?sentinel_password=`.
fn sentinel(scheme: &str, rest: &str) -> Result<Address, AddressError> {
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, service) = rest.split_once('/').ok_or(FORMS)?;
    if service.is_empty() || service.contains('/') {
        return Err(AddressError("has to name the master behind the hosts of the sentinels"));
    }
    let masters = hosts(scheme, authority)?;
    let master = masters.first().ok_or(FORMS)?.clone();
    let (_, addresses) = credentials(authority);
    let own = match query.split_once('=') {
        Some(("sentinel_password", password)) => format!(":{password}@"),
        None if query.is_empty() => String::new(),
        _ => return Err(AddressError("has something behind the ? that is not sentinel_password")),
    };
    let sentinels = hosts(scheme, &format!("{own}{addresses}"))?;
    Ok(Address::Sentinel { sentinels, service: service.to_owned(), master })
}

fn hosts(scheme: &str, authority: &str) -> Result<Vec<ConnectionInfo>, AddressError> {
    let (credentials, hosts) = credentials(authority);
    hosts.split(',').map(|host| info(&format!("{scheme}://{credentials}{host}"))).collect()
}

/// What stands before the hosts, with its `@`.
fn credentials(authority: &str) -> (&str, &str) {
    authority.rfind('@').map_or(("", authority), |at| authority.split_at(at + 1))
}

/// The third version of the protocol carries publications and answers over one connection.
fn info(url: &str) -> Result<ConnectionInfo, AddressError> {
    let info = url.into_connection_info().map_err(|_| FORMS)?;
    let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    Ok(info.set_redis_settings(settings))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(url: &str) -> String {
        let text = |info: &ConnectionInfo| {
            let settings = info.redis_settings();
            let user = settings.username().unwrap_or_default();
            let password = settings.password().unwrap_or_default();
            format!("{user}:{password}@{}", info.addr())
        };
        let all = |infos: &[ConnectionInfo]| infos.iter().map(text).collect::<Vec<_>>().join(" ");
        match Address::parse(url) {
            Ok(Address::Single(info)) => format!("single {}", text(&info)),
            Ok(Address::Sentinel { sentinels, service, master }) => {
                let settings = master.redis_settings();
                format!("sentinel {} {service} {}", all(&sentinels), settings.password().unwrap_or_default())
            }
            Ok(Address::Cluster(nodes)) => format!("cluster {}", all(&nodes)),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn each_form_is_understood() {
        assert_eq!(shown("redis://h"), "single :@h:6379");
        assert_eq!(shown("rediss://u:p%40ss@h:7/2"), "single u:p@ss@h:7");
        assert_eq!(shown("redis+cluster://a:1,b:2"), "cluster :@a:1 :@b:2");
        assert_eq!(shown("redis+cluster://:p@a:1,b:2/"), "cluster :p@a:1 :p@b:2");
        assert_eq!(shown("redis+sentinel://:m@a:1,b:2/mymaster"), "sentinel :@a:1 :@b:2 mymaster m");
        assert_eq!(shown("redis+sentinel://a:1/mymaster?sentinel_password=s"), "sentinel :s@a:1 mymaster ");
    }

    #[test]
    fn what_is_wrong_is_said_without_the_password() {
        for url in [
            "",
            "h:1",
            "http://:hush@h",
            "redis+ring://:hush@h",
            "redis+sentinel://:hush@h",
            "redis+sentinel://:hush@h/",
            "redis+sentinel://:hush@h/m?x=1",
            "redis+cluster://:hush@h/3",
            "redis://:hush@h:port",
        ] {
            let error = shown(url);
            assert!(error.starts_with("`redis_url` ") && !error.contains("hush"), "{url}: {error}");
        }
    }
}
