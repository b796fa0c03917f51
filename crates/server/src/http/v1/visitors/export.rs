//! Everything of one visitor as a ZIP archive, streamed: what is known of it, its consultations, its work orders, what was
//! said in its room, its files.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use nodechat_domain::model::{AccountId, Body as Said, FileId, ImagePath, OrderId, Side, Time};
use nodechat_domain::port::{ExportPlace, ExportQuery, Exported, OrderQuery};
use nodechat_domain::{Code, Error, Result};
use nodechat_files::Key;
use serde::Serialize;

use super::super::consultations::Consultation;
use super::super::frame::{Caller, Path, Reply};
use super::super::messages::{Csv, Rows, Sheet as _};
use super::super::orders::{Line, WorkOrder};
use super::super::zip::Zip;
use crate::http::Api;
use crate::wire::VisitorCard;

/// Work orders that are read at once; lines of one of them.
const ORDERS: usize = 50;
const LINES: usize = 1_000;

/// Everything of one visitor
///
/// A ZIP archive: `person.json`, `consultations.json`, `orders.json`, `messages.csv`, and `files/` with what it sent and
/// what was uploaded is still there. It leaves a line in the audit.
#[utoipa::path(get, path = "/visitors/{aid}/export", tag = "visitors", params(("aid" = String, Path)), responses(
    (status = 200, description = "The archive", content_type = "application/zip", body = String)))]
pub async fn export(State(api): State<Arc<Api>>, caller: Caller, Path(aid): Path<String>) -> Reply<Response> {
    let aid = AccountId::parse(&aid)?;
    api.archive.may_export_person(&caller)?;
    let card = api.cards.find(&caller.company, &aid).await?;
    let query = api.archive.begin_person_export(&caller, &aid).await?;
    let run = Run {
        card: Some(card.into()),
        rows: Rows::of(api.clone()),
        api,
        caller,
        aid,
        query,
        zip: Zip::default(),
        files: BTreeSet::new(),
        next: Next::Card,
    };
    let pieces = stream::unfold(Some(run), |run| async move {
        let mut run = run?;
        match run.piece().await {
            Ok(Some(piece)) => Some((Ok(Bytes::from(piece)), Some(run))),
            Ok(None) => None,
            // The connection breaks: half an archive must not look like a whole one.
            Err(error) => Some((Err(error), None)),
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"person.zip\""),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// An export under way.
struct Run {
    api: Arc<Api>,
    caller: Caller,
    aid: AccountId,
    card: Option<VisitorCard>,
    query: ExportQuery,
    rows: Rows,
    zip: Zip,
    /// What the visitor has sent, by name.
    files: BTreeSet<FileName>,
    next: Next,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum FileName {
    Image(Box<str>),
    File(Box<str>),
}

/// What comes next.
enum Next {
    Card,
    Consultations,
    /// Behind this one; none: from the first on.
    Orders(Option<(Time, OrderId)>),
    Messages(Option<ExportPlace>),
    /// The next file by name.
    File,
    Bytes(BoxStream<'static, Result<Bytes>>),
    Over,
}

#[derive(Serialize)]
struct OrderWithHistory {
    #[serde(flatten)]
    order: WorkOrder,
    history: Vec<Line>,
}

impl Run {
    async fn piece(&mut self) -> Result<Option<Vec<u8>>> {
        let mut out = Vec::new();
        while out.is_empty() {
            self.next = match std::mem::replace(&mut self.next, Next::Over) {
                Next::Card => {
                    let card = self.card.take();
                    self.document("person.json", &card, &mut out)?;
                    Next::Consultations
                }
                Next::Consultations => {
                    let all = self.api.archive.consultations_of(&self.caller, &self.aid).await?;
                    let all: Vec<Consultation> = all.into_iter().map(Consultation::from).collect();
                    self.document("consultations.json", &all, &mut out)?;
                    self.zip.begin("orders.json", &mut out);
                    self.zip.write(b"[", &mut out);
                    Next::Orders(None)
                }
                Next::Orders(after) => self.orders(after, &mut out).await?,
                Next::Messages(place) => self.messages(place, &mut out).await?,
                Next::File => match self.files.pop_first() {
                    Some(name) => self.open(name, &mut out).await?,
                    None => {
                        self.zip.end(&mut out);
                        Next::Over
                    }
                },
                Next::Bytes(mut bytes) => match bytes.next().await {
                    Some(chunk) => {
                        self.zip.write(&chunk?, &mut out);
                        Next::Bytes(bytes)
                    }
                    None => {
                        self.zip.close(&mut out);
                        Next::File
                    }
                },
                Next::Over => return Ok(None),
            };
        }
        Ok(Some(out))
    }

    async fn orders(&mut self, after: Option<(Time, OrderId)>, out: &mut Vec<u8>) -> Result<Next> {
        let company = &self.caller.company;
        let query = OrderQuery {
            submitter: Some(self.aid.clone()),
            after,
            ..OrderQuery::of(company.clone(), ORDERS)
        };
        let page = self.api.orders.list(query).await?;
        let last = page.last().map(|order| (order.created, order.id));
        let full = page.len() == ORDERS;
        for (at, order) in page.into_iter().enumerate() {
            if after.is_some() || at > 0 {
                self.zip.write(b",\n", out);
            }
            let lines = self.api.orders.lines(company, order.id, 0, LINES).await?;
            let history = lines.into_iter().map(Line::from).collect();
            let order = OrderWithHistory { order: order.into(), history };
            self.zip.write(&serde_json::to_vec(&order).map_err(Error::internal)?, out);
        }
        if full {
            return Ok(Next::Orders(last));
        }
        self.zip.write(b"]", out);
        self.zip.close(out);
        Ok(Next::Messages(None))
    }

    async fn messages(&mut self, place: Option<ExportPlace>, out: &mut Vec<u8>) -> Result<Next> {
        let mut text = Vec::new();
        let Some(place) = place else {
            self.zip.begin("messages.csv", out);
            Csv.begin(&mut text);
            self.zip.write(&text, out);
            return Ok(Next::Messages(Some(ExportPlace::default())));
        };
        let page = self.api.archive.export(&self.query, place).await?;
        for (room, row) in &page.rows {
            self.rows.row(&mut Csv, room, row, &mut text);
            if let Exported::Said(message) = row {
                let name = match &message.body {
                    Said::Image(path) => Some(FileName::Image(path.as_str().into())),
                    Said::File { id, .. } => Some(FileName::File(id.as_str().into())),
                    _ => None,
                };
                self.files.extend(name.filter(|_| message.sender.side == Side::Visitor));
            }
        }
        self.zip.write(&text, out);
        if page.next.is_some() {
            return Ok(Next::Messages(page.next));
        }
        self.zip.close(out);
        Ok(Next::File)
    }

    /// Under the name by which messages know it; whatever the visitor has called it is no path.
    async fn open(&mut self, name: FileName, out: &mut Vec<u8>) -> Result<Next> {
        let (path, id);
        let key = match &name {
            FileName::Image(name) => {
                path = ImagePath::parse(name)?;
                Key::Image(&path)
            }
            FileName::File(name) => {
                id = FileId::parse(name)?;
                Key::File(&id)
            }
        };
        match self.api.files.open(key, None).await {
            Ok(opened) => {
                self.zip.begin(&format!("files/{}", key.name()), out);
                Ok(Next::Bytes(opened.bytes))
            }
            // Erased meanwhile, or older than the company keeps it.
            Err(error) if error.code() == Code::NotFound => Ok(Next::File),
            Err(error) => Err(error),
        }
    }

    fn document(&mut self, name: &str, value: &impl Serialize, out: &mut Vec<u8>) -> Result<()> {
        let json = serde_json::to_vec_pretty(value).map_err(Error::internal)?;
        self.zip.begin(name, out);
        self.zip.write(&json, out);
        self.zip.close(out);
        Ok(())
    }
}
