//! Measures a Nodechat server beside its yardsticks: a bare-epoll floor and Node socket.io.
//!
//! Linux only: CPU time and memory of a server are read from `/proc`.
//!
//! - [`client`] speaks Engine.IO 4 and Socket.IO 5 over WebSocket for thousands of connections on one thread;
//! - [`ledger`] checks that what came is what was sent;
//! - [`service`] runs a PostgreSQL and a Redis for it;
//! - [`form`] says how Nodechat runs on each store, on one node and on two;
//! - [`target`] says how each server is started and how one gets into it;
//! - [`history`] gives a room a long past;
//! - [`scenario`] drives the load and returns figures;
//! - [`floor`] is the yardstick of what the kernel allows;
//! - [`report`] turns figures into the table, with the budgets.

pub mod cli;
pub mod client;
pub mod error;
pub mod floor;
pub mod form;
pub mod frame;
pub mod history;
pub mod http;
pub mod ledger;
pub mod machine;
pub mod report;
pub mod run;
pub mod scenario;
pub mod server;
pub mod service;
pub mod target;
