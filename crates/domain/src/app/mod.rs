//! What people ask for, one function each: load, decide, commit. Who called, by which transport,
//! is not known here.

mod access;
mod admin;
mod archive;
mod aside;
mod bot;
mod cards;
mod channel;
mod consultations;
mod desk;
mod faces;
mod hooks;
mod known;
mod left;
mod lists;
mod orders;
mod platform;
mod questions;
mod set_up;
mod support;

pub use access::{Access, Admitted, Granted, NewPerson, Settings};
pub use admin::{Admin, NewAgent};
pub use archive::{Archive, ExportPart, ExportRequest};
pub use aside::NoteCommand;
pub use bot::{AskCommand, Bot, bot_of};
pub use cards::{FullCard, VisitorCards};
pub use channel::{Channel, Joined, Reference, SendCommand, Want};
pub use consultations::{ConsultationQuery, KnownConsultation};
pub use desk::{Desk, Place, Served};
pub use faces::{Face, Faces};
pub use hooks::{Doer, Hooks, WebhookPatch};
pub use known::KnownCompanies;
pub use left::{LeaveCommand, LeftMessages};
pub use lists::{ListQuery, Listed, ListedChat, Lists, Page, Stage, View};
pub use orders::{NewOrder, OrderFromRoom, OrderPatch, WorkOrders};
pub use platform::Platform;
pub use questions::{ItemDraft, QuestionBook, QuestionDraft};
pub use set_up::SetUp;
pub use support::{ReplyText, Support};
