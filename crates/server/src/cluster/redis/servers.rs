//! Redis servers of a test's own, on ports of their own; gone with the test.

use std::fs::File;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use redis::{Client, Cmd, FromRedisValue, cmd};
use tempfile::TempDir;

use super::super::stage::until;

/// One server, in memory only.
pub struct Server {
    pub port: u16,
    child: Child,
    settings: Vec<String>,
    _folder: TempDir,
}

impl Server {
    pub async fn start(settings: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let settings: Vec<String> = settings.iter().map(|setting| (*setting).to_owned()).collect();
        let child = launch(folder.path(), port, &settings);
        let server = Self { port, child, settings, _folder: folder };
        server.answers().await;
        server
    }

    /// A server that watches over `master` and takes its replica when it is gone.
    pub async fn sentinel(master: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sentinel.conf");
        let text = format!(
            "sentinel monitor main 127.0.0.1 {master} 1\nsentinel down-after-milliseconds main 500\n\
             sentinel failover-timeout main 3000\n"
        );
        std::fs::write(&file, text).unwrap();
        let port = free_port();
        let settings = vec![file.to_str().unwrap().to_owned(), "--sentinel".to_owned()];
        let child = launch(folder.path(), port, &settings);
        let server = Self { port, child, settings, _folder: folder };
        server.answers().await;
        server
    }

    /// Three masters that share all slots.
    pub async fn cluster() -> Vec<Self> {
        let mut servers = Vec::new();
        for _ in 0..3 {
            let bus = free_port().to_string();
            servers.push(Self::start(&["--cluster-enabled", "yes", "--cluster-port", &bus]).await);
        }
        let buses: Vec<String> = servers.iter().map(|server| server.settings[3].clone()).collect();
        for (number, server) in servers.iter().enumerate() {
            let slots = [(0, 5460), (5461, 10922), (10923, 16383)][number];
            server.run::<()>(cmd("CLUSTER").arg("ADDSLOTSRANGE").arg(slots.0).arg(slots.1)).await;
            let meet =
                cmd("CLUSTER").arg("MEET").arg("127.0.0.1").arg(servers[0].port).arg(&buses[0]).clone();
            servers[number].run::<()>(&meet).await;
        }
        for server in &servers {
            until("the cluster is whole", async || {
                let info = server.run::<String>(cmd("CLUSTER").arg("INFO")).await;
                info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:3")
            })
            .await;
        }
        servers
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub async fn run<T: FromRedisValue>(&self, command: &Cmd) -> T {
        self.ask(command).await.unwrap()
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Again, on the same port, with nothing of what it knew.
    pub async fn restart(&mut self) {
        self.child = launch(self._folder.path(), self.port, &self.settings);
        self.answers().await;
    }

    /// It is there, and answers nothing.
    pub fn freeze(&self) {
        self.signal("-STOP");
    }

    pub fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    async fn answers(&self) {
        until("Redis answers", async || self.ask::<String>(&cmd("PING")).await.is_ok()).await;
    }

    async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> redis::RedisResult<T> {
        let mut connection = Client::open(self.url())?.get_multiplexed_async_connection().await?;
        command.query_async(&mut connection).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be gone already, which is as good.
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

fn launch(folder: &Path, port: u16, settings: &[String]) -> Child {
    let log = File::create(folder.join("log")).unwrap();
    // A configuration file comes before everything else.
    let (file, rest) =
        settings.split_at(settings.iter().take_while(|setting| !setting.starts_with('-')).count());
    Command::new("redis-server")
        .args(file)
        .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--daemonize", "no", "--dir"])
        .arg(folder)
        .args(rest)
        .args(if file.is_empty() { &["--save", "", "--appendonly", "no"][..] } else { &[] })
        .stdout(log)
        .stderr(Stdio::null())
        .spawn()
        .expect("these tests need the program redis-server: script/setup installs it")
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
