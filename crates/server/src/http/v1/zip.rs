//! A ZIP archive (APPNOTE 6.3.10) that is written from its first byte to its last without going back: entries are stored as
//! they are, and their sizes follow behind them.

/// An archive on its way out.
#[derive(Default)]
pub struct Zip {
    /// Bytes that have left.
    written: u64,
    entries: Vec<Entry>,
    open: Option<(Entry, crc32fast::Hasher)>,
}

struct Entry {
    name: String,
    at: u64,
    size: u64,
    crc: u32,
}

/// Sizes follow behind (bit 3), names are UTF-8 (bit 11).
const FLAGS: u16 = 1 << 3 | 1 << 11;
/// 1980-01-01, the first day that can be told.
const DAY: u16 = 1 << 5 | 1;
const VERSION: u16 = 45;
const ALL: u32 = u32::MAX;

impl Zip {
    pub fn begin(&mut self, name: &str, out: &mut Vec<u8>) {
        let entry = Entry { name: name.to_owned(), at: self.written, size: 0, crc: 0 };
        let mut head = Vec::new();
        number(&mut head, 0x0403_4b50);
        short(&mut head, &[VERSION, FLAGS, 0, 0, DAY]);
        [0, 0, 0].iter().for_each(|zero| number(&mut head, *zero));
        short(&mut head, &[name.len() as u16, 0]);
        head.extend_from_slice(name.as_bytes());
        self.put(&head, out);
        self.open = Some((entry, crc32fast::Hasher::new()));
    }

    pub fn write(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        if let Some((entry, crc)) = &mut self.open {
            crc.update(bytes);
            entry.size += bytes.len() as u64;
        }
        self.put(bytes, out);
    }

    pub fn close(&mut self, out: &mut Vec<u8>) {
        let Some((mut entry, crc)) = self.open.take() else { return };
        entry.crc = crc.finalize();
        let mut tail = Vec::new();
        number(&mut tail, 0x0807_4b50);
        number(&mut tail, entry.crc);
        // Without the extra field of large entries, sizes here have 32 bits; the list at the end has them all.
        number(&mut tail, entry.size as u32);
        number(&mut tail, entry.size as u32);
        self.put(&tail, out);
        self.entries.push(entry);
    }

    /// The list of entries, in the form for large archives.
    pub fn end(&mut self, out: &mut Vec<u8>) {
        let begin = self.written;
        for entry in std::mem::take(&mut self.entries) {
            let mut head = Vec::new();
            number(&mut head, 0x0201_4b50);
            short(&mut head, &[VERSION, VERSION, FLAGS, 0, 0, DAY]);
            number(&mut head, entry.crc);
            number(&mut head, ALL);
            number(&mut head, ALL);
            short(&mut head, &[entry.name.len() as u16, 28, 0, 0, 0]);
            number(&mut head, 0);
            number(&mut head, ALL);
            head.extend_from_slice(entry.name.as_bytes());
            short(&mut head, &[1, 24]);
            [entry.size, entry.size, entry.at]
                .iter()
                .for_each(|size| head.extend_from_slice(&size.to_le_bytes()));
            self.put(&head, out);
            self.entries.push(entry);
        }
        let (size, at, count) = (self.written - begin, self.written, self.entries.len() as u64);
        let mut tail = Vec::new();
        number(&mut tail, 0x0606_4b50);
        tail.extend_from_slice(&44u64.to_le_bytes());
        short(&mut tail, &[VERSION, VERSION]);
        number(&mut tail, 0);
        number(&mut tail, 0);
        [count, count, size, begin].iter().for_each(|part| tail.extend_from_slice(&part.to_le_bytes()));
        number(&mut tail, 0x0706_4b50);
        number(&mut tail, 0);
        tail.extend_from_slice(&at.to_le_bytes());
        number(&mut tail, 1);
        number(&mut tail, 0x0605_4b50);
        short(&mut tail, &[0, 0, u16::MAX, u16::MAX]);
        number(&mut tail, ALL);
        number(&mut tail, ALL);
        short(&mut tail, &[0]);
        self.put(&tail, out);
    }

    fn put(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        self.written += bytes.len() as u64;
        out.extend_from_slice(bytes);
    }
}

fn number(out: &mut Vec<u8>, number: u32) {
    out.extend_from_slice(&number.to_le_bytes());
}

fn short(out: &mut Vec<u8>, numbers: &[u16]) {
    numbers.iter().for_each(|number| out.extend_from_slice(&number.to_le_bytes()));
}
