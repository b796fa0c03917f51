//! The Nodechat server: wire, sockets, HTTP and configuration around the domain.

mod apikey;
pub mod cli;
mod cluster;
mod company;
pub mod config;
mod copying;
mod drain;
mod guard;
mod http;
mod job;
mod limit;
mod log;
mod metrics;
mod password;
mod proxy;
mod ready;
mod socket;
mod staffing;
mod wire;
mod wiring;
mod world;

use std::future::Future;

use anyhow::{Context, Result};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::Instant;

use crate::config::Config;
use crate::wiring::House;
pub use crate::wiring::{Desk, Greeting};

/// Serves `listener` until `shutdown` resolves, then lets what is under way finish: nobody new is let in, balancers are
/// told and given time to notice, connections are sent away to come back elsewhere, each with its answers. `ready` is
/// called when nothing can go wrong with the data folder any more, with what there is to say.
pub async fn run(
    config: Config,
    listener: TcpListener,
    ready: impl FnOnce(Greeting) -> Result<()>,
    shutdown: impl Future<Output = ()>,
) -> Result<()> {
    let house = House::build(config).await?;
    house.prepare().await?;
    ready(house.greeting(listener.local_addr()?).await?)?;
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
    let begun = Instant::now();
    let drain = house.refuse_new();
    let deadline = begun + drain.timeout;
    tracing::info!(connections = house.io.connections(), ?drain, "stopping: nobody new is let in");
    let finishing = async move {
        // Served as ever until then, and the port stays open: last polls and calls come in over new connections.
        tokio::time::sleep(drain.notice).await;
        let left = house.io.drain(drain.spread, deadline - Instant::now()).await;
        // Nobody receives this when serving has ended by itself.
        let _ = stop.send(true);
        if let Err(error) = serving.await {
            tracing::error!(%error, "serving has ended early");
        }
        jobs.stop().await;
        house.close().await;
        left
    };
    match tokio::time::timeout_at(deadline, finishing).await {
        Ok(0) => tracing::info!("stopped"),
        Ok(left) => tracing::warn!(left, "stopped; some connections had not said goodbye in time"),
        Err(_) => tracing::warn!("stopped; not everything that was under way has finished in time"),
    }
    Ok(())
}

/// `nodechat serve`: listens, says where, runs until the process is told to stop.
pub fn serve(config: Config) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        let wanted = config.listen;
        let listener =
            TcpListener::bind(wanted).await.with_context(|| format!("cannot listen on {wanted}"))?;
        let mut signals = Signals::listen()?;
        let (stop, stopping) = tokio::sync::oneshot::channel();
        let stopped = async {
            // Never dropped before it is sent.
            let _ = stopping.await;
        };
        let impatience = async {
            signals.next().await;
            // Nobody receives this when the server has ended by itself.
            let _ = stop.send(());
            signals.next().await;
        };
        tokio::select! {
            served = run(config, listener, |greeting| greeting.say(), stopped) => served,
            () = impatience => {
                tracing::warn!("stopped at once, as asked for a second time; what was acknowledged is on disk");
                // Not by returning: nothing may be waited for any more, not even a disk.
                std::process::exit(0)
            }
        }
    });
    // Whatever still runs had its time, or was told to have none.
    runtime.shutdown_background();
    served
}

/// How the process is told to stop: SIGTERM by whoever watches over it, SIGINT from the keyboard.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
