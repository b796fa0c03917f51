//! Work orders, and what tells people and companies' own systems of them.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use nodechat_domain::app::{Channel, Hooks, WorkOrders};
use nodechat_domain::port::{Clock, Entropy};
use nodechat_hooks::{CourierOptions, Dispatcher, Wake, WebCourier};

use super::store::Store;
use crate::config::Config;
use crate::job::{HookBell, Jobs, OrderBell, OrderTelling, tidy};
use crate::socket::{ChatIo, Wallboards, tell_of_order};
use crate::wire::HookWording;

pub struct Outside {
    pub orders: Arc<WorkOrders>,
    pub hooks: Arc<Hooks>,
    dispatcher: Arc<Dispatcher>,
    bell: OrderBell,
    wallboards: Arc<Wallboards>,
}

pub fn build(
    config: &Config,
    store: &Store,
    channel: &Channel,
    wallboards: Arc<Wallboards>,
    clock: &Arc<dyn Clock>,
    entropy: &Arc<dyn Entropy>,
) -> Result<Outside> {
    let options = CourierOptions {
        private_addresses: config.webhook_private_addresses,
        time_limit: Duration::from_millis(config.webhook_timeout_ms),
    };
    let courier = Arc::new(WebCourier::new(options).context("webhooks cannot be called")?);
    let (wake, bell) = (Wake::default(), OrderBell::default());
    let orders = Arc::new(WorkOrders {
        orders: store.books.clone(),
        kinds: store.books.clone(),
        companies: store.companies.clone(),
        agents: store.books.clone(),
        rooms: store.rooms.clone(),
        uploads: channel.uploads.clone(),
        clock: clock.clone(),
        entropy: entropy.clone(),
        bell: Arc::new(HookBell { wake: wake.clone(), next: Some(Arc::new(bell.clone())) }),
    });
    let hooks = Arc::new(Hooks {
        webhooks: store.books.clone(),
        courier: courier.clone(),
        clock: clock.clone(),
        entropy: entropy.clone(),
        bell: Arc::new(HookBell { wake: wake.clone(), next: None }),
    });
    let dispatcher = Arc::new(Dispatcher {
        webhooks: store.books.clone(),
        rooms: store.rooms.clone(),
        courier,
        wording: Arc::new(HookWording),
        clock: clock.clone(),
        entropy: entropy.clone(),
        wake,
    });
    Ok(Outside { orders, hooks, dispatcher, bell, wallboards })
}

impl Outside {
    /// `shared`: other nodes write into the same store.
    pub fn start(&self, jobs: &mut Jobs, io: &ChatIo, shared: bool) {
        let io = io.clone();
        let telling = OrderTelling {
            orders: self.orders.orders.clone(),
            clock: self.orders.clock.clone(),
            bell: self.bell.clone(),
            shared,
            tell: Box::new(move |order| tell_of_order(&io, order)),
        };
        jobs.keep(self.wallboards.clone().run());
        jobs.keep(telling.run());
        jobs.keep(tidy(self.dispatcher.webhooks.clone(), self.dispatcher.clock.clone()));
        jobs.keep(self.dispatcher.clone().run());
    }
}
