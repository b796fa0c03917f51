//! The things there are, valid by construction.

mod agent;
mod aside;
mod audit;
mod ban;
mod body;
mod caller;
mod canned;
mod card;
mod company;
pub mod desk;
mod erasure;
mod hours;
mod id;
mod key;
mod message;
mod notice;
mod order;
mod order_kind;
mod person;
mod platform;
mod question;
mod role;
mod room;
mod search;
mod secret;
mod sensitive;
mod settings;
mod site;
mod statement;
mod stats;
mod upload;
mod webhook;

pub use agent::{Agent, Group, Login, Password, PasswordHash};
pub use aside::{Note, NoteReceipt, Recall};
pub use audit::{Actor, AuditEntry, AuditLine};
pub use ban::{Ban, BanId, Banned, Network};
pub use body::{Body, Custom, ImagePath, Kind, Text, Url, no_nul};
pub use caller::{Caller, Power};
pub use canned::{CannedId, CannedReply, Shortcut, Template, Variable};
pub use card::{Arrival, Arrived, Card, Tag};
pub use company::{Company, Users};
pub use erasure::{AgentsWords, Doomed, Erasure};
pub use hours::{Hours, Span};
pub use id::{AccountId, ChatId, CompanyId, GroupId, MessageId, Name, RoomId};
pub use key::{ApiKey, KeyId, NOUNS, Scopes};
pub use message::{Message, Position, Receipt, Sender, Time};
pub use notice::{Facts, Notice, NoticeId, Topic, Topics};
pub use order::{
    Author, Changed, Comment, Details, Order, OrderChange, OrderEvent, OrderField, OrderId, OrderKind,
    OrderLine, OrderState, Words,
};
pub use order_kind::NamedOrderKind;
pub use person::{Atype, Person, Realm, Side};
pub use platform::PlatformCaller;
pub use question::{BotRules, LanguageModel, Question, QuestionId, QuestionItem};
pub use role::Role;
pub use room::{Member, Reads, RoomHead, RoomView};
pub use search::{Found, Hit, Indexed, SearchOrder, SearchQuery};
pub use secret::{Hash, Secret};
pub use sensitive::{SensitiveWord, Treatment, Word};
pub use settings::{Lines, Settings, Zone};
pub use site::{Origin, Site};
pub use statement::{Claims, Statement};
pub use stats::{Day, Figures, StatsRow};
pub use upload::{FileId, Upload, UploadKind};
pub use webhook::{Delivery, DeliveryState, SigningSecret, Subject, Webhook, WebhookId, WebhookUrl};
