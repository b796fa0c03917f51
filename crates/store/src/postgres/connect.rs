//! Connections: how the database is reached, and what each session is told before it is used.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use deadpool_postgres::{ClientWrapper, Connect};
use tokio::task::JoinHandle;
use tokio_postgres::config::{SslMode, TargetSessionAttrs};
use tokio_postgres::{Client, Config};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::OpenError;
use super::tls::{self, Trust};

/// A connection, with its statements.
pub type Db = ClientWrapper;

/// Everything needed to open a connection, and to open it anew after a failure.
#[derive(Clone)]
pub struct Door {
    pub config: Config,
    tls: MakeRustlsConnect,
    settings: String,
    pub time_limit: Duration,
}

impl Door {
    pub fn new(url: &str, time_limit: Duration) -> Result<Self, OpenError> {
        let Address { url, mode, trust, authorities } = Address::read(url)?;
        let mut config: Config = url.parse().map_err(unreadable)?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(OpenError::Address("it names no host".into()));
        }
        let hosts = config.get_hosts().len().max(config.get_hostaddrs().len()).max(1);
        config
            .ssl_mode(mode)
            // One host that does not answer leaves time for the others.
            .connect_timeout(time_limit / u32::try_from(hosts).unwrap_or(u32::MAX))
            .tcp_user_timeout(time_limit)
            .keepalives(true)
            .keepalives_idle(Duration::from_secs(10))
            .keepalives_interval(Duration::from_secs(3))
            .keepalives_retries(3)
            // Of several hosts, the one that can be written to; a former primary is left behind.
            .target_session_attrs(TargetSessionAttrs::ReadWrite);
        if config.get_application_name().is_none() {
            config.application_name("nodechat");
        }
        let tls = tls::connector(trust, authorities.as_deref())?;
        Ok(Self { config, tls, settings: settings(time_limit), time_limit })
    }

    /// A connection as the server makes them, to look at what it promises.
    pub async fn plain(&self) -> Result<Db, tokio_postgres::Error> {
        let (client, task) = self.dial().await?;
        Ok(ClientWrapper::new(client, task))
    }

    /// A connection to work with.
    pub async fn session(&self) -> Result<Db, tokio_postgres::Error> {
        let db = self.plain().await?;
        db.batch_execute(&self.settings).await?;
        Ok(db)
    }

    async fn dial(&self) -> Result<(Client, JoinHandle<()>), tokio_postgres::Error> {
        let (client, connection) = self.config.connect(self.tls.clone()).await?;
        let task = tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection to the database ended");
            }
        });
        Ok((client, task))
    }
}

/// For the pool.
impl Connect for Door {
    fn connect(
        &self,
        _config: &Config,
    ) -> Pin<Box<dyn Future<Output = Result<(Client, JoinHandle<()>), tokio_postgres::Error>> + Send + '_>>
    {
        Box::pin(async {
            let (client, task) = self.dial().await?;
            client.batch_execute(&self.settings).await?;
            Ok((client, task))
        })
    }
}

/// What each session is told. A node that stops in the middle of a transaction holds its rooms no longer than the
/// server waits for it; whoever waits for a room meanwhile has a little longer. No statement is cut short while its
/// caller still waits: cutting short a commit that waits for a standby would let it look done. What a lock has waited
/// for is seen behind it, whatever isolation the database has for others.
fn settings(time_limit: Duration) -> String {
    let limit = time_limit.as_millis().max(30);
    let (idle, lock, statement) = ((limit / 2).min(2000), limit * 5 / 6, limit * 2);
    format!(
        "set statement_timeout = {statement};
         set lock_timeout = {lock};
         set idle_in_transaction_session_timeout = {idle};
         set default_transaction_isolation = 'read committed';
         select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off';
         select set_config(known.name, wanted.value, false)
         from (values
             -- Every statement has its index, in the order in which it answers. A plan made while a table is small
             -- must not read all of it later, nor a whole room in order to sort it.
             ('enable_seqscan', 'off'), ('enable_bitmapscan', 'off'),
             ('enable_hashjoin', 'off'), ('enable_mergejoin', 'off'),
             ('plan_cache_mode', 'force_generic_plan'), ('jit', 'off'),
             -- A caller that went away while its statement waits is noticed.
             ('client_connection_check_interval', '{lock}'),
             ('tcp_user_timeout', '{limit}'), ('tcp_keepalives_idle', '10'), ('tcp_keepalives_interval', '3')
         ) as wanted (name, value) join pg_settings known on known.name = wanted.name;"
    )
}

/// The parts of an address that are ours to understand, and the rest.
#[derive(Debug, PartialEq, Eq)]
struct Address {
    url: String,
    mode: SslMode,
    trust: Trust,
    authorities: Option<String>,
}

impl Address {
    fn read(url: &str) -> Result<Self, OpenError> {
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(OpenError::Address("it begins with `postgres://`".into()));
        }
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut mode, mut authorities, mut rest) = ("prefer".to_owned(), None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", value)) => mode = value.to_owned(),
                Some(("sslrootcert", value)) => authorities = Some(decoded(value)?),
                _ => rest.push(pair),
            }
        }
        let (mode, trust) = match (mode.as_str(), &authorities) {
            ("disable", _) => (SslMode::Disable, Trust::Anybody),
            ("prefer", _) => (SslMode::Prefer, Trust::Anybody),
            ("require", None) => (SslMode::Require, Trust::Anybody),
            ("require" | "verify-ca", _) => (SslMode::Require, Trust::Authority),
            ("verify-full", _) => (SslMode::Require, Trust::Name),
            _ => {
                return Err(OpenError::Address(
                    "`sslmode` is one of disable, prefer, require, verify-ca and verify-full".into(),
                ));
            }
        };
        let url = if rest.is_empty() { base.to_owned() } else { format!("{base}?{}", rest.join("&")) };
        Ok(Self { url, mode, trust, authorities })
    }
}

/// A value of the query, its `%` pairs resolved.
fn decoded(text: &str) -> Result<String, OpenError> {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let code = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(
            code.ok_or_else(|| OpenError::Address("a `%` in it is not followed by two digits".into()))?,
        );
        bytes.extend(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).map_err(|_| OpenError::Address("it is not Unicode".into()))
}

/// The address itself is never part of the sentence: it holds a password.
fn unreadable(error: tokio_postgres::Error) -> OpenError {
    let cause = std::error::Error::source(&error).map(ToString::to_string);
    OpenError::Address(cause.unwrap_or_else(|| error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_modes_of_tls_are_those_of_libpq() {
        let read = |query: &str| Address::read(&format!("postgres://u:p@h/d{query}")).unwrap();
        let cases = [
            ("", SslMode::Prefer, Trust::Anybody),
            ("?sslmode=disable", SslMode::Disable, Trust::Anybody),
            ("?sslmode=require", SslMode::Require, Trust::Anybody),
            ("?sslmode=require&sslrootcert=a.pem", SslMode::Require, Trust::Authority),
            ("?sslmode=verify-ca", SslMode::Require, Trust::Authority),
            ("?sslmode=verify-full", SslMode::Require, Trust::Name),
        ];
        for (query, mode, trust) in cases {
            let address = read(query);
            assert_eq!((address.mode, address.trust), (mode, trust), "{query}");
            assert_eq!(address.url, "postgres://u:p@h/d");
        }
        let address = read("?connect_timeout=5&sslrootcert=%2Fetc%2Fours.pem&application_name=a");
        assert_eq!(address.authorities.as_deref(), Some("/etc/ours.pem"));
        assert_eq!(address.url, "postgres://u:p@h/d?connect_timeout=5&application_name=a");
    }

    #[test]
    fn an_address_that_cannot_be_read_is_not_repeated() {
        for url in [
            "mysql://u:hunter2@h/d",
            "postgres://u:hunter2@h/d?sslmode=maybe",
            "postgres://u:hunter2@h:port/d",
            "postgres://u:hunter2@h/d?nonsense=hunter2",
            "postgres://u:hunter2@h/d?sslmode=verify-full&sslrootcert=nowhere.pem",
        ] {
            let Err(error) = Door::new(url, Duration::from_secs(1)) else { panic!("{url} was accepted") };
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }
}
