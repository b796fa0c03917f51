//! What a database suffers: a server of the test's own that can be stopped, and a cable that can be held.

use std::net::{SocketAddr, TcpListener as StdListener};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_postgres::error::SqlState;

/// A PostgreSQL server in a temporary folder; gone with this.
pub struct Server {
    folder: tempfile::TempDir,
    programs: PathBuf,
    port: u16,
    running: Option<Child>,
}

impl Server {
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// `settings`: lines of its `postgresql.conf`.
    pub async fn start_with(settings: &[&str]) -> Self {
        Self::start_with_files(settings, &[]).await
    }

    /// `files`: those that are put into its folder.
    pub async fn start_with_files(settings: &[&str], files: &[(&str, Vec<u8>)]) -> Self {
        let folder =
            tempfile::Builder::new().permissions(std::fs::Permissions::from_mode(0o755)).tempdir().unwrap();
        let port = StdListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = Self { folder, programs: programs(), port, running: None };
        std::fs::create_dir(server.data()).unwrap();
        if is_root() {
            let owned = Command::new("chown").arg("postgres").arg(server.data()).status().unwrap();
            assert!(owned.success(), "the folder cannot be given to the user `postgres`");
        }
        let mut initdb = server.program("initdb");
        initdb.arg("--pgdata").arg(server.data());
        initdb.args(["--username=nodechat", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]);
        let made = initdb.output().unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let mut lines = vec![
            "listen_addresses = '127.0.0.1'".to_owned(),
            format!("port = {port}"),
            "unix_socket_directories = ''".to_owned(),
        ];
        lines.extend(settings.iter().map(|line| (*line).to_owned()));
        let path = server.data().join("postgresql.auto.conf");
        std::fs::write(path, lines.join("\n") + "\n").unwrap();
        for (name, content) in files {
            server.put(name, content);
        }
        server.go_on().await;
        server
    }

    pub fn url(&self) -> String {
        self.url_at(self.port)
    }

    /// The same server behind another port.
    pub fn url_at(&self, port: u16) -> String {
        format!("postgres://nodechat@127.0.0.1:{port}/postgres")
    }

    pub fn address(&self) -> SocketAddr {
        ([127, 0, 0, 1], self.port).into()
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Ends it as `pg_ctl stop -m immediate` does: no goodbye, nothing written.
    pub fn stop_at_once(&mut self) {
        let Some(mut running) = self.running.take() else { return };
        let told = Command::new("kill").arg("-QUIT").arg(running.id().to_string()).status().unwrap();
        assert!(told.success());
        running.wait().unwrap();
    }

    /// Starts it, and waits until it takes connections.
    pub async fn go_on(&mut self) {
        let mut postgres = self.program("postgres");
        postgres.arg("-D").arg(self.data()).stdout(Stdio::null()).stderr(Stdio::null());
        self.running = Some(postgres.spawn().unwrap());
        let deadline = Instant::now() + Duration::from_secs(60);
        // Refused by a server that takes nothing unencrypted is an answer, too.
        while matches!(
            tokio_postgres::connect(&self.url(), tokio_postgres::NoTls).await,
            Err(error) if error.code() != Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION)
        ) {
            assert!(Instant::now() < deadline, "the server does not start");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// A file that only the server can read.
    fn put(&self, name: &str, content: &[u8]) {
        let path = self.data().join(name);
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        if is_root() {
            let owned = Command::new("chown").arg("postgres").arg(&path).status().unwrap();
            assert!(owned.success(), "a file cannot be given to the user `postgres`");
        }
    }

    /// A program of PostgreSQL, which refuses to run as root. It ends with this process.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "QUIT"]);
        if is_root() {
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
        }
        command.arg(self.programs.join(name)).current_dir(self.folder.path());
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop_at_once();
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

/// Where Debian puts them, the newest; elsewhere, where `pg_config` says.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut folders: Vec<_> = versions.filter_map(|entry| Some(entry.ok()?.path().join("bin"))).collect();
    folders.sort();
    folders.into_iter().rfind(|folder| folder.join("postgres").exists()).unwrap_or_else(|| {
        let said = Command::new("pg_config").arg("--bindir").output();
        let said = said.expect("these tests need the programs of PostgreSQL: run script/setup");
        Path::new(String::from_utf8(said.stdout).unwrap().trim()).to_owned()
    })
}

/// What happens to the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cable {
    Whole,
    /// Nothing goes either way, and nothing is closed.
    Held,
    /// What is sent arrives, and no answer comes back.
    OneWay,
}

/// A TCP proxy in front of a server.
pub struct Proxy {
    pub port: u16,
    state: watch::Sender<Cable>,
}

impl Proxy {
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (state, seen) = watch::channel(Cable::Whole);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(join(client, server, seen.clone()));
            }
        });
        Self { port, state }
    }

    pub fn set(&self, cable: Cable) {
        self.state.send_replace(cable);
    }
}

async fn join(client: TcpStream, server: SocketAddr, state: watch::Receiver<Cable>) {
    let Ok(server) = TcpStream::connect(server).await else { return };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let forth = tokio::spawn(pass(from_client, to_server, state.clone(), |cable| cable != Cable::Held));
    pass(from_server, to_client, state, |cable| cable == Cable::Whole).await;
    forth.abort();
}

async fn pass(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut state: watch::Receiver<Cable>,
    open: impl Fn(Cable) -> bool,
) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(count) = from.read(&mut buffer).await {
        // Ended with the test.
        if count == 0 || state.wait_for(|cable| open(*cable)).await.is_err() {
            return;
        }
        if to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}
