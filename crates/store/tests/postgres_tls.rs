//! TLS towards the database, in the modes of libpq.

#![allow(clippy::unwrap_used, reason = "these are tests")]

#[allow(dead_code, reason = "this file stops no server")]
mod faults;
mod people;
mod server;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use faults::Server;
use nodechat_store::postgres::{OpenError, Options, Store};
use people::{opens, visitor};
use server::{Deaf, Random};

/// The certificate is for `localhost`, by an authority of the test's own; the server takes nothing unencrypted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_is_asked_who_it_is_as_much_as_the_mode_says() {
    let keys = tempfile::tempdir().unwrap();
    certificates(keys.path());
    let server = encrypted(keys.path()).await;
    let authority = keys.path().join("authority.pem");
    let (by_name, by_number) = (server.url().replace("127.0.0.1", "localhost"), server.url());
    let known = format!("sslrootcert={}", authority.display());
    for (url, query) in [
        (&by_number, "sslmode=prefer".to_owned()),
        (&by_number, "sslmode=require".to_owned()),
        (&by_number, format!("sslmode=require&{known}")),
        (&by_number, format!("sslmode=verify-ca&{known}")),
        (&by_name, format!("sslmode=verify-full&{known}")),
    ] {
        let store = open(&format!("{url}?{query}")).await.unwrap_or_else(|error| panic!("{query}: {error}"));
        opens(&store, &visitor("ann")).await;
        store.close().await;
    }
    for (url, query) in [
        (&by_number, "sslmode=disable".to_owned()),
        // Another name than in the certificate.
        (&by_number, format!("sslmode=verify-full&{known}")),
        // An authority that the system does not know.
        (&by_name, "sslmode=verify-full".to_owned()),
        (&by_name, "sslmode=verify-ca".to_owned()),
    ] {
        let refused = open(&format!("{url}?{query}")).await;
        assert!(
            matches!(refused, Err(OpenError::Postgres(_) | OpenError::Address(_))),
            "{query}: {refused:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_tls_is_refused_where_tls_is_required() {
    let server = Server::start().await;
    open(&format!("{}?sslmode=prefer", server.url())).await.unwrap().close().await;
    let refused = open(&format!("{}?sslmode=require", server.url())).await.unwrap_err();
    assert!(matches!(refused, OpenError::Postgres(_)), "{refused}");
}

async fn open(url: &str) -> Result<Store, OpenError> {
    let options =
        Options { connections: 3, lanes: 1, time_limit: Duration::from_secs(20), ..Options::new(url) };
    Store::open(options, Arc::new(Deaf), &Random).await
}

async fn encrypted(keys: &Path) -> Server {
    let read = |name: &str| std::fs::read(keys.join(name)).unwrap();
    let files = [("server.crt", read("server.crt")), ("server.key", read("server.key"))];
    let access = ("pg_hba.conf", b"hostssl all all all trust\n".to_vec());
    Server::start_with_files(&["ssl = on"], &[files[0].clone(), files[1].clone(), access]).await
}

fn certificates(folder: &Path) {
    std::fs::write(folder.join("names"), "subjectAltName=DNS:localhost\n").unwrap();
    let new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    let openssl = |args: &[&str]| {
        let output = Command::new("openssl").args(args).current_dir(folder).output().unwrap();
        assert!(output.status.success(), "openssl: {}", String::from_utf8_lossy(&output.stderr));
    };
    let authority = ["req", "-x509", "-days", "2", "-subj", "/CN=authority"];
    openssl(&[&authority[..], &new_key, &["-keyout", "authority.key", "-out", "authority.pem"]].concat());
    let request = ["req", "-subj", "/CN=localhost"];
    openssl(&[&request[..], &new_key, &["-keyout", "server.key", "-out", "server.csr"]].concat());
    openssl(&[
        "x509",
        "-req",
        "-days",
        "2",
        "-in",
        "server.csr",
        "-CA",
        "authority.pem",
        "-CAkey",
        "authority.key",
        "-CAcreateserial",
        "-extfile",
        "names",
        "-out",
        "server.crt",
    ]);
}
