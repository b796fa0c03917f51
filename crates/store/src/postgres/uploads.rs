//! `Uploads`.

use nodechat_domain::error::Result;
use nodechat_domain::model::Upload;
use nodechat_domain::port::{Answer, Uploads};
use tokio_postgres::Row;

use super::failure::Stop;
use super::{Store, row};
use crate::sql;
use crate::stored::{self, UploadColumns};

impl Uploads for Store {
    fn add(&self, upload: Upload) -> Answer<'_, ()> {
        self.pool.answer(async move {
            let columns = stored::upload_columns(&upload);
            let db = self.pool.lend().await?;
            let params: row::Params<'_> = &[
                &columns.key,
                &columns.kind,
                &columns.realm,
                &columns.uploader,
                &columns.name,
                &columns.size_bytes,
                &columns.media_type,
                &columns.width,
                &columns.height,
                &columns.time,
            ];
            let added = row::change(&db, sql::ADD_UPLOAD, params).await;
            db.done(added).map(drop)
        })
    }

    fn find(&self, key: &str) -> Answer<'_, Option<Upload>> {
        let key: Box<str> = key.into();
        self.pool.answer(async move {
            // No text with NUL is in the database, and it would not even be asked for.
            if key.contains('\0') {
                return Ok(None);
            }
            let db = self.pool.lend().await?;
            let found = row::one(&db, sql::UPLOAD, &[&&*key], upload).await;
            db.done(found)
        })
    }
}

fn upload(row: &Row) -> Result<Upload, Stop> {
    let columns = UploadColumns {
        key: row.try_get(0)?,
        kind: row.try_get(1)?,
        realm: row.try_get(2)?,
        uploader: row.try_get(3)?,
        name: row.try_get(4)?,
        size_bytes: row.try_get(5)?,
        media_type: row.try_get(6)?,
        width: row.try_get(7)?,
        height: row.try_get(8)?,
        time: row.try_get(9)?,
    };
    Ok(stored::upload(columns)?)
}
