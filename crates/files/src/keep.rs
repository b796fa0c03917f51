//! Copying what is kept of an upload into the object store, one part at a time.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use nodechat_domain::{Error, Result};
use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt};

use crate::scratch::blocking;

/// More than any sane file comes apart into; a file of a million crumbs must not become a list of
/// a million entries.
const PIECES_MAX: usize = 10_000;

/// What a kept file consists of, in order.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    list: VecDeque<Piece>,
}

#[derive(Debug)]
enum Piece {
    /// Bytes of the upload, as they came.
    Kept(Range<u64>),
    /// A few bytes of ours.
    Made(Vec<u8>),
}

impl Pieces {
    pub(crate) fn whole(len: u64) -> Self {
        Self { list: VecDeque::from([Piece::Kept(0..len)]) }
    }

    pub(crate) fn keep(&mut self, range: Range<u64>) -> Result<()> {
        if let Some(Piece::Kept(last)) = self.list.back_mut()
            && last.end == range.start
        {
            last.end = range.end;
            return Ok(());
        }
        self.push(Piece::Kept(range))
    }

    pub(crate) fn make(&mut self, bytes: Vec<u8>) -> Result<()> {
        self.push(Piece::Made(bytes))
    }

    pub(crate) fn append(&mut self, mut other: Pieces) -> Result<()> {
        self.list.append(&mut other.list);
        if self.list.len() > PIECES_MAX { Err(Error::FileKind) } else { Ok(()) }
    }

    pub(crate) fn size_bytes(&self) -> u64 {
        self.list.iter().map(Piece::len).sum()
    }

    fn push(&mut self, piece: Piece) -> Result<()> {
        if self.list.len() >= PIECES_MAX {
            return Err(Error::FileKind);
        }
        self.list.push_back(piece);
        Ok(())
    }
}

impl Piece {
    fn len(&self) -> u64 {
        match self {
            Piece::Kept(range) => range.end - range.start,
            Piece::Made(bytes) => bytes.len() as u64,
        }
    }
}

/// Puts `pieces` of `file` under `key`. All of it is there when this returns, or nothing: both a
/// local folder and S3 show an object only when it is complete.
pub(crate) async fn keep(
    store: &Arc<dyn ObjectStore>,
    key: &Path,
    file: File,
    pieces: Pieces,
    part_bytes: usize,
) -> Result<()> {
    let mut upload = store.put_multipart(key).await.map_err(Error::unavailable)?;
    match fill(upload.as_mut(), Reader { file, pieces: pieces.list }, part_bytes).await {
        Ok(()) => Ok(()),
        Err(error) => {
            // The parts that are there cost space and nothing else; `sweep` finds what is left of
            // them, and the first error is the one worth telling.
            let _ = upload.abort().await;
            Err(error)
        }
    }
}

async fn fill(upload: &mut dyn MultipartUpload, mut reader: Reader, part_bytes: usize) -> Result<()> {
    loop {
        let part;
        (reader, part) = blocking(move || {
            let part = reader.next_part(part_bytes).map_err(Error::unavailable)?;
            Ok((reader, part))
        })
        .await?;
        if part.is_empty() {
            break;
        }
        upload.put_part(part.into()).await.map_err(Error::unavailable)?;
    }
    upload.complete().await.map_err(Error::unavailable)?;
    Ok(())
}

struct Reader {
    file: File,
    pieces: VecDeque<Piece>,
}

impl Reader {
    /// The next `part_bytes` bytes, fewer at the end, none behind it.
    fn next_part(&mut self, part_bytes: usize) -> io::Result<Bytes> {
        let left: u64 = self.pieces.iter().map(Piece::len).sum();
        let size = part_bytes.min(usize::try_from(left).unwrap_or(usize::MAX));
        let mut part = Vec::with_capacity(size);
        while part.len() < size {
            let Some(piece) = self.pieces.pop_front() else { break };
            let room = (size - part.len()) as u64;
            match piece {
                Piece::Made(bytes) if bytes.len() as u64 <= room => part.extend_from_slice(&bytes),
                Piece::Made(mut bytes) => {
                    let rest = bytes.split_off(room as usize);
                    part.extend_from_slice(&bytes);
                    self.pieces.push_front(Piece::Made(rest));
                }
                Piece::Kept(range) => {
                    let taken = (range.end - range.start).min(room);
                    self.file.seek(SeekFrom::Start(range.start))?;
                    let read = (&self.file).take(taken).read_to_end(&mut part)?;
                    if read as u64 != taken {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                    if range.start + taken < range.end {
                        self.pieces.push_front(Piece::Kept(range.start + taken..range.end));
                    }
                }
            }
        }
        Ok(part.into())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_same_bytes_come_whatever_the_size_of_a_part(
            ranges in prop::collection::vec((0u64..100, 0u64..30, prop::collection::vec(any::<u8>(), 0..9)), 0..6),
            part_bytes in 1usize..50,
        ) {
            let content: Vec<u8> = (0..130).collect();
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(&content).unwrap();
            let (mut pieces, mut expected) = (Pieces::default(), Vec::new());
            for (start, length, made) in ranges {
                pieces.keep(start..start + length).unwrap();
                expected.extend_from_slice(&content[start as usize..(start + length) as usize]);
                expected.extend_from_slice(&made);
                pieces.make(made).unwrap();
            }
            prop_assert_eq!(pieces.size_bytes(), expected.len() as u64);

            let (mut reader, mut came) = (Reader { file, pieces: pieces.list }, Vec::new());
            loop {
                let part = reader.next_part(part_bytes).unwrap();
                if part.is_empty() {
                    break;
                }
                prop_assert!(part.len() == part_bytes || came.len() + part.len() == expected.len());
                came.extend_from_slice(&part);
            }
            prop_assert_eq!(came, expected);
        }
    }

    #[test]
    fn neighbours_are_one_piece_and_crumbs_have_a_limit() {
        let mut pieces = Pieces::default();
        for start in 0..100_000 {
            pieces.keep(start..start + 1).unwrap();
        }
        assert_eq!((pieces.list.len(), pieces.size_bytes()), (1, 100_000));

        let mut crumbs = Pieces::default();
        let refused = (0..100_000).map(|i| crumbs.keep(2 * i..2 * i + 1)).find(Result::is_err);
        assert!(matches!(refused, Some(Err(Error::FileKind))));
    }
}
