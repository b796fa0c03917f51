//! The Nodechat server: wire, sockets, HTTP and configuration around the domain.

pub mod cli;
pub mod config;
mod http;
mod job;
mod limit;
mod log;
mod metrics;
mod proxy;
mod socket;
mod wire;
mod wiring;
mod world;

use std::future::Future;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::net::TcpListener;

use crate::config::Config;
pub use crate::wiring::Desk;
use crate::wiring::House;

/// Serves `listener` until `shutdown` resolves, then lets what is under way finish. `ready` is called
/// when nothing can go wrong with the data folder any more.
pub async fn run(
    config: Config,
    listener: TcpListener,
    ready: impl FnOnce() -> Result<()>,
    shutdown: impl Future<Output = ()>,
) -> Result<()> {
    let stop_timeout = Duration::from_millis(config.stop_timeout_ms);
    let house = House::build(config).await?;
    house.prepare().await?;
    ready()?;
    let jobs = house.start_jobs();
    let options = house.serve_options();
    let (stop, stopping) = tokio::sync::watch::channel(false);
    let stopped = async move {
        let mut stopping = stopping;
        // An error means that the sender is gone, which is a stop as well.
        let _ = stopping.wait_for(|stop| *stop).await;
    };
    let serving = tokio::spawn(nodechat_sio::serve(listener, house.service(), options, stopped));
    shutdown.await;
    tracing::info!("stopping: no new connections, finishing what is under way");
    house.refuse_new();
    house.io.shutdown(stop_timeout).await;
    // Nobody receives this when serving has ended by itself.
    let _ = stop.send(true);
    if tokio::time::timeout(stop_timeout, serving).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
    jobs.stop().await;
    house.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// `nodechat serve`: listens, says where, runs until the process is told to stop.
pub fn serve(config: Config) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let wanted = config.listen;
        let listener =
            TcpListener::bind(wanted).await.with_context(|| format!("cannot listen on {wanted}"))?;
        let stop = stop_signal()?;
        let address = listener.local_addr()?;
        let demo = config.demo;
        run(config, listener, || wiring::announce(address, demo), stop).await
    })
}

/// Resolves at SIGTERM or SIGINT.
fn stop_signal() -> Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
