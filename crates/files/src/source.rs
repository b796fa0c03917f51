//! Reading the structure of an untrusted file, with a small buffer and no trust in its lengths.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;

use nodechat_domain::{Error, Result};

const BUFFER_BYTES: usize = 64 * 1024;

/// A file under inspection. Whatever reaches beyond its end is [`Error::FileKind`]: a file that is
/// not whole is of no kind.
pub(crate) struct Source {
    reader: BufReader<File>,
    position: u64,
    len: u64,
}

impl Source {
    pub(crate) fn new(mut file: File) -> Result<Self> {
        let len = file.seek(SeekFrom::End(0)).map_err(Error::unavailable)?;
        file.rewind().map_err(Error::unavailable)?;
        Ok(Self { reader: BufReader::with_capacity(BUFFER_BYTES, file), position: 0, len })
    }

    pub(crate) fn into_file(self) -> File {
        self.reader.into_inner()
    }

    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.reader.read_exact(&mut bytes).map_err(unreadable)?;
        self.position += N as u64;
        Ok(bytes)
    }

    pub(crate) fn byte(&mut self) -> Result<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// `count` bytes; the caller bounds the count.
    pub(crate) fn bytes(&mut self, count: usize) -> Result<Vec<u8>> {
        if count as u64 > self.len - self.position {
            return Err(Error::FileKind);
        }
        let mut bytes = vec![0; count];
        self.reader.read_exact(&mut bytes).map_err(unreadable)?;
        self.position += count as u64;
        Ok(bytes)
    }

    /// The first bytes of the file, `count` of them or as many as there are.
    pub(crate) fn head(&mut self, count: usize) -> Result<Vec<u8>> {
        self.go_to(0)?;
        self.bytes(count.min(usize::try_from(self.len).unwrap_or(usize::MAX)))
    }

    pub(crate) fn skip(&mut self, count: u64) -> Result<()> {
        if count > self.len - self.position {
            return Err(Error::FileKind);
        }
        self.go_to(self.position + count)
    }

    /// What is buffered stays so for as long as it is of use: a file of a million small parts costs
    /// no more to walk than one of a few large ones.
    pub(crate) fn go_to(&mut self, position: u64) -> Result<()> {
        if position > self.len {
            return Err(Error::FileKind);
        }
        let distance = position.cast_signed() - self.position.cast_signed();
        self.reader.seek_relative(distance).map_err(Error::unavailable)?;
        self.position = position;
        Ok(())
    }

    /// Skips to just behind the next `byte`.
    pub(crate) fn skip_past(&mut self, byte: u8) -> Result<()> {
        loop {
            let buffer = self.reader.fill_buf().map_err(Error::unavailable)?;
            if buffer.is_empty() {
                return Err(Error::FileKind);
            }
            let found = buffer.iter().position(|b| *b == byte);
            let used = found.map_or(buffer.len(), |at| at + 1);
            self.reader.consume(used);
            self.position += used as u64;
            if found.is_some() {
                return Ok(());
            }
        }
    }

    /// Hands the bytes of `range` to `see`, in pieces of any length.
    pub(crate) fn each(&mut self, range: Range<u64>, mut see: impl FnMut(&[u8])) -> Result<()> {
        if range.end > self.len {
            return Err(Error::FileKind);
        }
        self.go_to(range.start)?;
        while self.position < range.end {
            let buffer = self.reader.fill_buf().map_err(Error::unavailable)?;
            if buffer.is_empty() {
                return Err(Error::FileKind);
            }
            let left = usize::try_from(range.end - self.position).unwrap_or(usize::MAX);
            let used = buffer.len().min(left);
            see(&buffer[..used]);
            self.reader.consume(used);
            self.position += used as u64;
        }
        Ok(())
    }
}

fn unreadable(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Error::FileKind,
        _ => Error::unavailable(error),
    }
}
