//! A consultation, a room, or a period of a whole company, as CSV, XLSX or HTML, streamed: a page of messages is in memory, no more.

mod csv;
mod html;
mod xlsx;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use nodechat_domain::app::{ExportPart, ExportRequest};
use nodechat_domain::model::{Body as Said, ChatId, Message, Note, RoomId, Side};
use nodechat_domain::port::{ExportPlace, ExportQuery, Exported};
use nodechat_domain::{Error, Result};
use serde::Deserialize;
use utoipa::IntoParams;

pub use self::csv::Csv;
use super::super::frame::{Caller, Query, Reply};
use crate::http::Api;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// One consultation: what was said in its room from its application to its end.
    chatid: Option<String>,
    /// One room; without it all rooms of the company.
    roomid: Option<String>,
    /// Sent at or after, in milliseconds.
    from: Option<i64>,
    /// Sent before, in milliseconds.
    to: Option<i64>,
    /// With what agents have noted down, as rows of the kind `note`.
    notes: Option<bool>,
    /// `csv`, which is usual, `xlsx` or `html`.
    format: Option<String>,
}

/// What a document is made of, piece by piece.
pub trait Sheet: Send {
    /// What comes before the first row, the names of the columns included.
    fn begin(&mut self, out: &mut Vec<u8>);
    fn row(&mut self, cells: &[String; COLUMNS.len()], out: &mut Vec<u8>);
    fn end(&mut self, out: &mut Vec<u8>);
}

const COLUMNS: [&str; 9] = ["time", "room", "pos", "side", "aid", "nick", "kind", "text", "file"];

/// Hand out a consultation, a room, or a period
///
/// One consultation takes an agent, a room or a period a supervisor. Notes are for agents, and for keys with
/// `consultations:read`.
#[utoipa::path(get, path = "/messages/export", tag = "messages", params(Wanted), responses(
    (status = 200, description = "The document", content(
        (String = "text/csv; charset=utf-8"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "text/html; charset=utf-8"),
    ))
))]
pub async fn export(
    State(api): State<Arc<Api>>,
    caller: Caller,
    Query(wanted): Query<Wanted>,
) -> Reply<Response> {
    let (sheet, media_type, ending) = sheet(wanted.format.as_deref())?;
    let request = wanted.parse()?;
    let name = match &request.part {
        ExportPart::Consultation(chat) => format!("consultation-{chat}"),
        ExportPart::All | ExportPart::Room(_) => format!("messages-{}", caller.company),
    };
    let query = api.archive.begin_export(&caller, request).await?;
    let run = Run { rows: Rows::of(api.clone()), api, query, sheet, state: Progress::Begins };
    let pieces = stream::unfold(Some(run), |run| async move {
        let mut run = run?;
        match run.piece().await {
            Ok(Some(piece)) => Some((Ok(Bytes::from(piece)), Some(run))),
            Ok(None) => None,
            // The connection breaks: half a document must not look like a whole one.
            Err(error) => Some((Err(error), None)),
        }
    });
    let disposition = format!("attachment; filename=\"{name}.{ending}\"");
    let headers = [(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

impl Wanted {
    fn parse(self) -> Result<ExportRequest> {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        let part = match (given(self.chatid), given(self.roomid)) {
            (Some(_), Some(_)) => return Err(Error::invalid("roomid", "a consultation has its room")),
            // What has not the form of an id is the id of nothing.
            (Some(chat), None) => {
                let chat = ChatId::parse(&chat).map_err(|_| Error::NotFound("consultation"))?;
                ExportPart::Consultation(chat)
            }
            (None, Some(room)) => ExportPart::Room(RoomId::parse(&room)?),
            (None, None) => ExportPart::All,
        };
        Ok(ExportRequest { part, from: self.from, to: self.to, notes: self.notes.unwrap_or(false) })
    }
}

fn sheet(format: Option<&str>) -> Result<(Box<dyn Sheet>, &'static str, &'static str)> {
    match format {
        None | Some("" | "csv") => Ok((Box::new(csv::Csv), "text/csv; charset=utf-8", "csv")),
        Some("xlsx") => {
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            Ok((Box::<xlsx::Xlsx>::default(), kind, "xlsx"))
        }
        Some("html") => Ok((Box::new(html::Html), "text/html; charset=utf-8", "html")),
        Some(_) => Err(Error::invalid("format", "csv, xlsx or html")),
    }
}

/// An export under way.
struct Run {
    rows: Rows,
    api: Arc<Api>,
    query: ExportQuery,
    sheet: Box<dyn Sheet>,
    state: Progress,
}

enum Progress {
    Begins,
    At(ExportPlace),
    Over,
}

impl Run {
    async fn piece(&mut self) -> Result<Option<Vec<u8>>> {
        let mut out = Vec::new();
        // Nothing fits in some pages: then on to the next.
        while out.is_empty() {
            match self.state {
                Progress::Begins => {
                    self.sheet.begin(&mut out);
                    self.state = Progress::At(ExportPlace::default());
                }
                Progress::At(place) => {
                    let page = self.api.archive.export(&self.query, place).await?;
                    for (room, row) in &page.rows {
                        self.rows.row(&mut *self.sheet, room, row, &mut out);
                    }
                    self.state = page.next.map_or(Progress::Over, Progress::At);
                    if page.next.is_none() {
                        self.sheet.end(&mut out);
                    }
                }
                Progress::Over => return Ok(None),
            }
        }
        Ok(Some(out))
    }
}

/// How rows of an export look in any document.
pub struct Rows {
    api: Arc<Api>,
}

impl Rows {
    pub fn of(api: Arc<Api>) -> Self {
        Self { api }
    }

    pub fn row(&self, sheet: &mut dyn Sheet, room: &RoomId, row: &Exported, out: &mut Vec<u8>) {
        let cells = match row {
            Exported::Said(message) => self.said(room, message),
            Exported::Noted(note) => self.noted(room, note),
        };
        sheet.row(&cells, out);
    }

    fn said(&self, room: &RoomId, message: &Message) -> [String; COLUMNS.len()] {
        let sender = &message.sender;
        let side = match sender.side {
            Side::Visitor => "user",
            Side::Agent => "cs",
        };
        [
            self.api.zone.text(message.time),
            room.as_str().to_owned(),
            message.pos.to_string(),
            side.to_owned(),
            sender.aid.as_str().to_owned(),
            sender.nick.as_str().to_owned(),
            message.body.kind().name().to_owned(),
            words(&message.body).to_owned(),
            file(&message.body).to_owned(),
        ]
    }

    /// It has no place among the messages.
    fn noted(&self, room: &RoomId, note: &Note) -> [String; COLUMNS.len()] {
        [
            self.api.zone.text(note.time),
            room.as_str().to_owned(),
            String::new(),
            "cs".to_owned(),
            note.author.aid.as_str().to_owned(),
            note.author.nick.as_str().to_owned(),
            "note".to_owned(),
            note.text.as_str().to_owned(),
            String::new(),
        ]
    }
}

/// What people read of a message.
pub fn words(body: &Said) -> &str {
    match body {
        Said::Text(text) => text.as_str(),
        Said::File { name, .. } => name,
        Said::Voice { text, .. } => text,
        Said::Custom(json) => json.as_str(),
        Said::Image(_) | Said::Video { .. } | Said::Recalled => "",
    }
}

fn file(body: &Said) -> &str {
    match body {
        Said::Image(path) => path.as_str(),
        Said::File { id, .. } => id.as_str(),
        Said::Voice { url, .. } | Said::Video { url, .. } => url.as_str(),
        Said::Text(_) | Said::Custom(_) | Said::Recalled => "",
    }
}
