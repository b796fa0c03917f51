//! What a server says when it begins to listen: where it is, and what can be done there first.

use std::io::Write as _;
use std::net::SocketAddr;

use anyhow::{Context, Result};
use nodechat_domain::model::Secret;

use crate::config::Config;

pub struct Greeting {
    address: SocketAddr,
    /// As browsers reach the server from this machine.
    nearby: String,
    /// As they reach it from wherever they are, if that is set.
    public: String,
    demo: bool,
    /// Opens the set-up; none when somebody owns a company already.
    token: Option<Secret>,
}

impl Greeting {
    pub fn new(address: SocketAddr, token: Option<Secret>, config: &Config) -> Self {
        let ip = address.ip();
        let is_here = ip.is_unspecified() || ip.is_loopback();
        let nearby = if is_here {
            format!("http://localhost:{}", address.port())
        } else {
            format!("http://{address}")
        };
        let public = match config.public_url.trim_end_matches('/') {
            "" => format!("{nearby}{}", config.prefix()),
            set => set.to_owned(),
        };
        Self { address, nearby, public, demo: config.demo, token }
    }

    /// On standard output, for people and for scripts. Not in the log: the token is for whoever started the server.
    pub fn say(&self) -> Result<()> {
        let mut out = std::io::stdout().lock();
        for line in self.lines() {
            writeln!(out, "{line}")?;
        }
        out.flush().context("standard output cannot be written")
    }

    fn lines(&self) -> Vec<String> {
        let Self { address, nearby, public, .. } = self;
        let open = match self.demo {
            true => format!("open {nearby}/ : a visitor and an agent of a demo company, side by side"),
            false => format!("open {nearby}/ for what to do next"),
        };
        let set_up =
            self.token.as_ref().map(|token| format!("set up: {public}/console/setup#{}", token.reveal()));
        [format!("listening on http://{address}/"), open].into_iter().chain(set_up).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn greeting(address: &str, token: Option<&str>, flags: &[&str]) -> Vec<String> {
        let command = clap::Command::new("serve").no_binary_name(true).args(crate::config::flags());
        let matches = command.get_matches_from(flags);
        let config = crate::config::load(&matches, &Default::default()).unwrap();
        Greeting::new(address.parse().unwrap(), token.map(Secret::presented), &config).lines()
    }

    #[test]
    fn a_server_says_where_it_is_and_how_it_is_set_up_as_long_as_nobody_owns_it() {
        assert_eq!(
            greeting("0.0.0.0:3100", Some("ncs_1"), &[]),
            [
                "listening on http://0.0.0.0:3100/",
                "open http://localhost:3100/ for what to do next",
                "set up: http://localhost:3100/console/setup#ncs_1",
            ]
        );
        let owned = greeting("192.0.2.1:80", None, &["--demo"]);
        assert_eq!(owned.len(), 2);
        assert_eq!(
            owned[1],
            "open http://192.0.2.1:80/ : a visitor and an agent of a demo company, side by side"
        );
    }

    #[test]
    fn the_set_up_is_at_the_address_that_browsers_know() {
        let last = |flags: &[&str]| greeting("127.0.0.1:1", Some("t"), flags).pop().unwrap();
        assert_eq!(
            last(&["--public-url", "https://chat.example/"]),
            "set up: https://chat.example/console/setup#t"
        );
        assert_eq!(last(&["--path", "/chat"]), "set up: http://localhost:1/chat/console/setup#t");
    }
}
