//! `Uploads`.

use nodechat_domain::model::Upload;
use nodechat_domain::port::{Answer, Uploads};
use rusqlite::{Row, params};

use super::failure::Stop;
use super::writer::Written;
use super::{Store, row};
use crate::sql;
use crate::stored::{self, UploadColumns};

impl Uploads for Store {
    fn add(&self, upload: Upload) -> Answer<'_, ()> {
        self.writer.write(move |db| {
            let columns = stored::upload_columns(&upload);
            let params = params![
                columns.key,
                columns.kind,
                columns.realm,
                columns.uploader,
                columns.name,
                columns.size_bytes,
                columns.media_type,
                columns.width,
                columns.height,
                columns.time
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
    let columns = UploadColumns {
        key: row::text(row, 0)?,
        kind: row.get(1)?,
        realm: row::text(row, 2)?,
        uploader: row::text(row, 3)?,
        name: row::text(row, 4)?,
        size_bytes: row.get(5)?,
        media_type: row::text(row, 6)?,
        width: row.get(7)?,
        height: row.get(8)?,
        time: row.get(9)?,
    };
    Ok(stored::upload(columns)?)
}
