//! What all connections of one server share: the application and the namespaces.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, RwLock};

use tokio::runtime::Handle;

use super::client::Client;
use super::handler::Handler;
use super::namespace::{Namespace, read, write};
use super::socket::Socket;
use crate::config::Config;
use crate::engine::{Layer, Link};

pub(crate) struct Hub<H: Handler> {
    handler: H,
    config: Config,
    /// Those with sockets in them, and the default one.
    namespaces: RwLock<HashMap<Box<str>, Arc<Namespace<H>>>>,
    keys: AtomicU64,
    sockets: AtomicUsize,
    /// Where connections live; known with the first one.
    runtime: OnceLock<Handle>,
}

impl<H: Handler> Hub<H> {
    pub fn new(config: Config, handler: H) -> Self {
        let default = HashMap::from([("/".into(), Arc::new(Namespace::new("/")))]);
        let (keys, sockets) = (AtomicU64::new(0), AtomicUsize::new(0));
        let runtime = OnceLock::new();
        Self { handler, config, namespaces: RwLock::new(default), keys, sockets, runtime }
    }

    pub fn handler(&self) -> &H {
        &self.handler
    }

    pub fn config(&self) -> &Config {
        &self.config
    }

    pub fn namespace(&self, name: &str) -> Option<Arc<Namespace<H>>> {
        read(&self.namespaces).get(name).cloned()
    }

    pub fn runtime(&self) -> Option<&Handle> {
        self.runtime.get()
    }

    pub fn next_key(&self) -> u64 {
        self.keys.fetch_add(1, Ordering::Relaxed)
    }

    pub fn sockets(&self) -> usize {
        self.sockets.load(Ordering::Relaxed)
    }

    /// Makes a socket and lets it in. The namespace cannot be taken away in between.
    pub fn enter(&self, name: &str, make: impl FnOnce(Arc<Namespace<H>>) -> Socket<H>) -> Socket<H> {
        self.sockets.fetch_add(1, Ordering::Relaxed);
        {
            let namespaces = read(&self.namespaces);
            if let Some(namespace) = namespaces.get(name) {
                let socket = make(Arc::clone(namespace));
                namespace.everybody().add(&socket);
                return socket;
            }
        }
        let mut namespaces = write(&self.namespaces);
        let namespace = namespaces.entry(name.into()).or_insert_with(|| Arc::new(Namespace::new(name)));
        let socket = make(Arc::clone(namespace));
        namespace.everybody().add(&socket);
        socket
    }

    /// The other way; the last one takes the namespace with it.
    pub fn exit(&self, socket: &Socket<H>) {
        self.sockets.fetch_sub(1, Ordering::Relaxed);
        let namespace = &socket.0.namespace;
        if namespace.everybody().remove(socket.0.key) == 0 && namespace.name() != "/" {
            let mut namespaces = write(&self.namespaces);
            if namespace.everybody().len() == 0 {
                namespaces.remove(namespace.name());
            }
        }
    }
}

impl<H: Handler> Layer for Hub<H> {
    type Session = Client<H>;
    const JSON: bool = true;

    fn open(self: &Arc<Self>, link: Arc<Link>) -> Client<H> {
        self.runtime.get_or_init(Handle::current);
        Client::new(Arc::clone(self), link)
    }
}
