//! The one table of settings. Flags, environment variables, `nodechat.toml`, the help and
//! `config.example.toml` are all made from it.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::node::NodeName;
use super::secret::Hidden;
use super::sources::List;

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// As in the file: `data_dir`; the flag is `--data-dir`, the variable `NODECHAT_DATA_DIR`.
    pub key: &'static str,
    pub default: &'static str,
    pub help: &'static str,
    pub example: Example,
}

/// How a value looks in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Example {
    Text,
    Number,
    Switch,
    List,
}

macro_rules! settings {
    ($($(#[doc = $help:literal])+ $key:ident: $type:ty = $default:literal, $example:ident;)+) => {
        /// Everything that can be set.
        #[derive(Debug, Clone)]
        pub struct Config {
            $($(#[doc = $help])+ pub $key: $type,)+
            /// `AWS_*`, the variables in which tools for S3 look for keys and whatever else a bucket needs.
            pub aws: std::collections::BTreeMap<String, Hidden>,
        }

        pub const SETTINGS: &[Setting] = &[
            $(Setting {
                key: stringify!($key),
                default: $default,
                help: concat!($($help),+),
                example: Example::$example,
            },)+
        ];

        impl Config {
            /// `value` gives the text of a key and where it came from.
            pub(super) fn read(
                value: impl Fn(&Setting) -> (String, super::sources::Origin),
            ) -> Result<Self, super::ConfigError> {
                let mut settings = SETTINGS.iter();
                $(
                    let setting = settings.next().expect("struct and table are one list");
                    let (text, origin) = value(setting);
                    let $key = text
                        .parse::<$type>()
                        .map_err(|error| super::ConfigError::value(setting, &text, origin, &error))?;
                )+
                Ok(Self { $($key,)+ aws: Default::default() })
            }
        }
    };
}

settings! {
    /// Address and port to serve on; port 0 takes a free one.
    listen: SocketAddr = "127.0.0.1:3100", Text;
    /// Folder of the database and the uploaded files; made when it is not there.
    data_dir: PathBuf = "./data", Text;
    /// Where messages are kept: `postgres://user:password@host/database`, also read from the variable `DATABASE_URL`; empty: SQLite in the data folder.
    database_url: Hidden = "", Text;
    /// File that holds the `database_url` and nothing else, in place of the value.
    database_url_file: PathBuf = "", Text;
    /// Connections that this node holds to PostgreSQL.
    database_connections: usize = "16", Number;
    /// Milliseconds within which PostgreSQL has to answer; after that a request is put off with 5003.
    database_timeout_ms: u64 = "3000", Number;
    /// What several nodes over one PostgreSQL share: `redis://host`, `rediss://host`, `redis+sentinel://host:port,host:port/master`, `redis+cluster://host:port,host:port`; empty: this is the only node.
    redis_url: Hidden = "", Text;
    /// File that holds the `redis_url` and nothing else, in place of the value.
    redis_url_file: PathBuf = "", Text;
    /// Milliseconds after which nobody waits for Redis any more.
    redis_timeout_ms: u64 = "500", Number;
    /// Short name of this node, in session ids and log lines: letters and digits, at most 16; empty: none.
    node: NodeName = "", Text;
    /// Where uploaded files are kept: a bucket of S3 or of what is compatible, such as `s3://bucket/prefix`, with its keys in `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`; empty: in the data folder.
    files: String = "", Text;
    /// Address of a bucket that is not Amazon's, such as `https://minio.example:9000`, also read from `AWS_ENDPOINT_URL`.
    files_endpoint: String = "", Text;
    /// Region of the bucket, also read from `AWS_REGION`; empty there too: us-east-1.
    files_region: String = "", Text;
    /// Allow an endpoint that begins with `http://`: files and their keys can be read on the way.
    files_allow_http: bool = "false", Switch;
    /// Name the bucket in front of the endpoint's host, as Aliyun OSS demands; otherwise in the path, as MinIO and Ceph expect.
    files_virtual_host: bool = "false", Switch;
    /// Milliseconds within which the bucket has to answer, or take a part of a file; after that a request is put off with 5003.
    files_timeout_ms: u64 = "10000", Number;
    /// Make a demo company that everybody may enter, and show it on the start page.
    demo: bool = "false", Switch;
    /// Prefix in front of `/socket.io` and of every other address, such as `/chat`; normally empty. A proxy may take it off.
    path: String = "", Text;
    /// Address under which browsers reach this server, such as `https://chat.example`; empty: as each request says.
    public_url: String = "", Text;
    /// Take the visitor's address from `X-Forwarded-For` and the scheme from `X-Forwarded-Proto`: only behind a proxy that sets them.
    trust_proxy: bool = "false", Switch;
    /// Origins of pages that may connect and call; empty: any. Tickets authorise, never cookies.
    origins: List = "", List;
    /// Time zone of times in HTTP answers.
    time_zone: String = "Asia/Shanghai", Text;
    /// How long a ticket opens sockets, in hours.
    ticket_hours: u32 = "24", Number;
    /// How long a token can be exchanged for a ticket, in seconds.
    token_seconds: u32 = "300", Number;
    /// Language models that answer visitors at the same time, for all companies together.
    answers_at_once: usize = "32", Number;
    /// Allow language models at addresses of this machine and of private nets; otherwise only the public internet is called.
    model_private_addresses: bool = "false", Switch;
    /// How often one address may ask for a ticket without being logged in, each minute; 0: without limit.
    visitor_per_minute: u32 = "60", Number;
    /// How often one address may show a wrong token, ticket or key, each minute; 0: without limit.
    failures_per_minute: u32 = "120", Number;
    /// How often one address may ask what anybody may know, such as how a company looks, each minute; 0: without limit.
    public_per_minute: u32 = "600", Number;
    /// Milliseconds between heartbeats of a connection.
    ping_interval_ms: u64 = "25000", Number;
    /// Milliseconds after which a missing heartbeat ends a connection.
    ping_timeout_ms: u64 = "20000", Number;
    /// Milliseconds within which a connection has to show its ticket.
    connect_timeout_ms: u64 = "10000", Number;
    /// Milliseconds within which a request is answered, or put off with 5003.
    request_timeout_ms: u64 = "10000", Number;
    /// Milliseconds after which a stop waits no longer for what is under way.
    stop_timeout_ms: u64 = "10000", Number;
    /// Milliseconds of these that a balancer is given to notice at `/readyz`, before connections are closed; none where nobody asks there.
    stop_notice_ms: u64 = "2000", Number;
    /// Milliseconds of these over which the closing of connections is spread at most; some hundred take no time at all.
    stop_spread_ms: u64 = "5000", Number;
    /// Size of one packet from a client, in bytes.
    packet_max_bytes: usize = "1000000", Number;
    /// What may wait for one client that reads slowly, in bytes.
    queue_max_bytes: usize = "4194304", Number;
    /// Connections at the same time.
    connections_max: usize = "1000000", Number;
    /// Size of an uploaded image, in bytes.
    image_max_bytes: u64 = "10485760", Number;
    /// Size of an uploaded file, in bytes.
    file_max_bytes: u64 = "52428800", Number;
    /// Allow webhooks to addresses of this machine and of private nets; otherwise only the public internet is called.
    webhook_private_addresses: bool = "false", Switch;
    /// Milliseconds within which the receiver of a webhook has to answer.
    webhook_timeout_ms: u64 = "10000", Number;
    /// What is logged: error, warn, info, debug or trace, also by part (`info,nodechat_sio=debug`).
    log: String = "info", Text;
    /// Write the log as JSON lines.
    log_json: bool = "false", Switch;
}

impl Config {
    /// `path` as it stands in front of an address: empty, or with a slash before it and none behind.
    pub fn prefix(&self) -> String {
        match self.path.trim_matches('/') {
            "" => String::new(),
            path => format!("/{path}"),
        }
    }
}
