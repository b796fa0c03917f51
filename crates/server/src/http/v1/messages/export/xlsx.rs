//! A workbook (ECMA-376) that is written from its first byte to its last without going back: a ZIP archive whose entries
//! are stored as they are and whose sizes follow behind them.

use super::{COLUMNS, Sheet};

/// Excel's limit is 1,048,576.
const ROWS: usize = 1_000_000;
/// Excel's limit for the text of one cell.
const CELL_CHARS: usize = 32_767;

#[derive(Default)]
pub struct Xlsx {
    zip: Zip,
    sheets: usize,
    rows: usize,
}

impl Sheet for Xlsx {
    fn begin(&mut self, out: &mut Vec<u8>) {
        self.next_sheet(out);
    }

    fn row(&mut self, cells: &[String; COLUMNS.len()], out: &mut Vec<u8>) {
        if self.rows == ROWS {
            self.close_sheet(out);
            self.next_sheet(out);
        }
        self.line(cells.iter().map(String::as_str), out);
    }

    fn end(&mut self, out: &mut Vec<u8>) {
        self.close_sheet(out);
        let sheets: Vec<usize> = (1..=self.sheets).collect();
        let all = |each: fn(usize) -> String| sheets.iter().map(|number| each(*number)).collect::<String>();
        let types = all(|number| {
            format!(
                "<Override PartName=\"/xl/worksheets/sheet{number}.xml\" ContentType=\"{MAIN}.worksheet+xml\"/>"
            )
        });
        let listed = all(|number| {
            format!("<sheet name=\"Messages {number}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>")
        });
        let related = all(|number| {
            format!(
                "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
            )
        });
        let parts = [
            (
                "[Content_Types].xml",
                format!(
                    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
                     <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                     <Override PartName=\"/xl/workbook.xml\" ContentType=\"{MAIN}.sheet.main+xml\"/>{types}</Types>"
                ),
            ),
            (
                "_rels/.rels",
                format!(
                    "{RELATIONS}<Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/workbook.xml",
                format!(
                    "<workbook xmlns=\"{SPREADSHEET}\" xmlns:r=\"{OFFICE}\"><sheets>{listed}</sheets></workbook>"
                ),
            ),
            ("xl/_rels/workbook.xml.rels", format!("{RELATIONS}{related}</Relationships>")),
        ];
        for (name, text) in parts {
            self.zip.begin(name, out);
            self.zip.write(DECLARATION.as_bytes(), out);
            self.zip.write(text.as_bytes(), out);
            self.zip.close(out);
        }
        self.zip.end(out);
    }
}

impl Xlsx {
    fn next_sheet(&mut self, out: &mut Vec<u8>) {
        self.sheets += 1;
        self.rows = 0;
        self.zip.begin(&format!("xl/worksheets/sheet{}.xml", self.sheets), out);
        self.zip.write(DECLARATION.as_bytes(), out);
        self.zip.write(format!("<worksheet xmlns=\"{SPREADSHEET}\"><sheetData>").as_bytes(), out);
        self.line(COLUMNS.iter().copied(), out);
    }

    fn close_sheet(&mut self, out: &mut Vec<u8>) {
        self.zip.write(b"</sheetData></worksheet>", out);
        self.zip.close(out);
    }

    /// Every cell is a text: nothing is calculated, whatever it begins with.
    fn line<'a>(&mut self, cells: impl Iterator<Item = &'a str>, out: &mut Vec<u8>) {
        let mut line = String::from("<row>");
        for text in cells {
            line.push_str("<c t=\"inlineStr\"><is><t xml:space=\"preserve\">");
            text.chars().take(CELL_CHARS).for_each(|letter| escape(letter, &mut line));
            line.push_str("</t></is></c>");
        }
        line.push_str("</row>");
        self.zip.write(line.as_bytes(), out);
        self.rows += 1;
    }
}

const MAIN: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const SPREADSHEET: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const RELATIONS: &str =
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// XML 1.0 has no way to write most control characters.
fn escape(letter: char, out: &mut String) {
    match letter {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '\t' | '\n' => out.push(letter),
        '\r' => out.push_str("&#13;"),
        '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
        _ => out.push(letter),
    }
}

/// A ZIP archive (APPNOTE 6.3.10) on its way out.
#[derive(Default)]
struct Zip {
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
    fn begin(&mut self, name: &str, out: &mut Vec<u8>) {
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

    fn write(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        if let Some((entry, crc)) = &mut self.open {
            crc.update(bytes);
            entry.size += bytes.len() as u64;
        }
        self.put(bytes, out);
    }

    fn close(&mut self, out: &mut Vec<u8>) {
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
    fn end(&mut self, out: &mut Vec<u8>) {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Python's own reader of ZIP archives is on every machine that builds this.
    #[test]
    fn a_reader_of_archives_finds_every_part_whole() {
        let mut book = Xlsx::default();
        let mut out = Vec::new();
        book.begin(&mut out);
        let cells =
            std::array::from_fn(
                |at| if at == 7 { "=1+1 <b> & 你好\u{1}".to_owned() } else { at.to_string() },
            );
        book.row(&cells, &mut out);
        book.end(&mut out);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("m.xlsx");
        std::fs::write(&path, out).unwrap();
        let script = "import sys, zipfile, xml.dom.minidom as m
z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None
for n in z.namelist(): m.parseString(z.read(n))
t = [''.join(c.data for c in e.childNodes) for e in m.parseString(z.read('xl/worksheets/sheet1.xml')).getElementsByTagName('t')]
print(len(z.namelist()), t[0], t[9 + 7])";
        let read = std::process::Command::new("python3").arg("-c").arg(script).arg(&path).output().unwrap();
        assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
        assert_eq!(String::from_utf8_lossy(&read.stdout).trim(), "5 time =1+1 <b> & 你好\u{fffd}");
    }
}
