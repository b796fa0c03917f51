//! `Uploads`.

use nodechat_domain::model::{FileId, ImagePath, Upload, UploadKind};
use nodechat_domain::port::{Answer, Uploads};
use rusqlite::{Row, params};

use super::failure::Stop;
use super::writer::Written;
use super::{Store, row};
use crate::stored::{broken, unreadable};
use crate::{sql, stored};

const IMAGE: i64 = 0;
const FILE: i64 = 1;

impl Uploads for Store {
    fn add(&self, upload: Upload) -> Answer<'_, ()> {
        self.writer.write(move |db| {
            let (kind, width, height) = match upload.kind {
                UploadKind::Image { width, height, .. } => (IMAGE, Some(width), Some(height)),
                UploadKind::File { .. } => (FILE, None, None),
            };
            let params = params![
                upload.key(),
                kind,
                stored::realm_text(&upload.realm),
                upload.by.as_str(),
                upload.name,
                // No file has 2^63 bytes.
                upload.size_bytes as i64,
                upload.media_type,
                width,
                height,
                upload.time
            ];
            row::change(db, sql::ADD_UPLOAD, params)?;
            Ok(Written::quietly(()))
        })
    }

    fn find(&self, key: &str) -> Answer<'_, Option<Upload>> {
        let key: Box<str> = key.into();
        self.readers.read(move |db| row::one(db, sql::UPLOAD, [&key], upload))
    }
}

fn upload(row: &Row<'_>) -> Result<Upload, Stop> {
    let key = row::text(row, 0)?;
    let kind = match row.get(1)? {
        IMAGE => UploadKind::Image {
            path: ImagePath::parse(key).map_err(unreadable)?,
            width: row.get(7)?,
            height: row.get(8)?,
        },
        FILE => UploadKind::File { id: FileId::parse(key).map_err(unreadable)? },
        _ => return Err(broken("a kind of upload in the database is unknown").into()),
    };
    Ok(Upload {
        kind,
        realm: stored::realm(row::text(row, 2)?)?,
        by: stored::aid(row::text(row, 3)?)?,
        name: row::text(row, 4)?.into(),
        size_bytes: row.get::<_, i64>(5)? as u64,
        media_type: row::text(row, 6)?.into(),
        time: row.get(9)?,
    })
}
