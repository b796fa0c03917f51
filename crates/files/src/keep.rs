//! What is kept of an upload, on its way out of the scratch file: in parts, never as a whole.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use bytes::Bytes;
use memmap2::MmapMut;
use nodechat_domain::{Error, Result};

use crate::scratch::blocking;

/// More than any sane file comes apart into; a file of a million crumbs must not become a list of
/// a million entries.
const PIECES_MAX: usize = 10_000;

/// From this size on the memory of a part is the system's own and goes back to it at once. The allocator
/// would keep some for each thread that ever had a part, which adds up to a multiple.
const MAPPED_BYTES: usize = 1024 * 1024;

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

/// What is kept of an upload, read one part at a time.
pub(crate) struct Parts {
    file: File,
    pieces: VecDeque<Piece>,
}

impl Parts {
    pub(crate) fn new(file: File, pieces: Pieces) -> Self {
        Self { file, pieces: pieces.list }
    }

    /// How many bytes there are still to read.
    pub(crate) fn left_bytes(&self) -> u64 {
        self.pieces.iter().map(Piece::len).sum()
    }

    /// The next `part_bytes` bytes, fewer at the end, none behind it.
    pub(crate) async fn next(mut self, part_bytes: usize) -> Result<(Self, Bytes)> {
        blocking(move || {
            let part = self.next_part(part_bytes).map_err(Error::unavailable)?;
            Ok((self, part))
        })
        .await
    }

    fn next_part(&mut self, part_bytes: usize) -> io::Result<Bytes> {
        let size = part_bytes.min(usize::try_from(self.left_bytes()).unwrap_or(usize::MAX));
        if size < MAPPED_BYTES {
            let mut part = vec![0; size];
            self.fill(&mut part)?;
            return Ok(part.into());
        }
        let mut part = MmapMut::map_anon(size)?;
        self.fill(&mut part)?;
        Ok(Bytes::from_owner(part))
    }

    fn fill(&mut self, mut part: &mut [u8]) -> io::Result<()> {
        while !part.is_empty() {
            let Some(piece) = self.pieces.pop_front() else {
                return Err(io::ErrorKind::UnexpectedEof.into());
            };
            let taken = part.len().min(usize::try_from(piece.len()).unwrap_or(usize::MAX));
            let (begin, rest) = part.split_at_mut(taken);
            part = rest;
            match piece {
                Piece::Made(mut bytes) => {
                    begin.copy_from_slice(&bytes[..taken]);
                    if taken < bytes.len() {
                        self.pieces.push_front(Piece::Made(bytes.split_off(taken)));
                    }
                }
                Piece::Kept(range) => {
                    self.file.seek(SeekFrom::Start(range.start))?;
                    self.file.read_exact(begin)?;
                    let rest = range.start + taken as u64..range.end;
                    if !rest.is_empty() {
                        self.pieces.push_front(Piece::Kept(rest));
                    }
                }
            }
        }
        Ok(())
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

            let (mut parts, mut came) = (Parts::new(file, pieces), Vec::new());
            loop {
                let part = parts.next_part(part_bytes).unwrap();
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
