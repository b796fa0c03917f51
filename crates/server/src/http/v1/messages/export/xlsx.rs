//! A workbook (ECMA-376) that is written from its first byte to its last without going back: a ZIP archive whose entries
//! are stored as they are and whose sizes follow behind them.

use super::{COLUMNS, Sheet};
use crate::http::v1::zip::Zip;

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
