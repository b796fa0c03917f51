//! CSV (RFC 4180), with the mark by which Excel knows UTF-8, and without anything that a spreadsheet would run.

use super::{COLUMNS, Sheet};

pub struct Csv;

impl Sheet for Csv {
    fn begin(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice("\u{feff}".as_bytes());
        line(COLUMNS.iter().copied(), out);
    }

    fn row(&mut self, cells: &[String; COLUMNS.len()], out: &mut Vec<u8>) {
        line(cells.iter().map(String::as_str), out);
    }

    fn end(&mut self, _out: &mut Vec<u8>) {}
}

fn line<'a>(cells: impl Iterator<Item = &'a str>, out: &mut Vec<u8>) {
    for (at, text) in cells.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        cell(text, out);
    }
    out.extend_from_slice(b"\r\n");
}

fn cell(text: &str, out: &mut Vec<u8>) {
    let harmless = if is_formula(text) { "'" } else { "" };
    if harmless.is_empty() && !text.contains(['"', ',', '\r', '\n']) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    out.extend_from_slice(harmless.as_bytes());
    out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}

/// Whether a spreadsheet would take this for something to calculate; some look behind blanks.
fn is_formula(text: &str) -> bool {
    let first = text.trim_start_matches([' ', '\u{a0}', '\u{3000}']).chars().next();
    first.is_some_and(|first| {
        matches!(first, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell_of(text: &str) -> String {
        let mut out = Vec::new();
        cell(text, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn nothing_that_was_said_is_calculated() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "\u{3000}=1"] {
            assert_eq!(cell_of(text), format!("\"'{text}\""), "{text:?}");
        }
        assert_eq!(cell_of("=\"a\",b"), "\"'=\"\"a\"\",b\"");
    }

    #[test]
    fn cells_are_quoted_where_they_have_to_be() {
        assert_eq!(cell_of("你好"), "你好");
        assert_eq!(cell_of("a,b"), "\"a,b\"");
        assert_eq!(cell_of("a\n\"b\""), "\"a\n\"\"b\"\"\"");
    }

    #[test]
    fn it_begins_with_the_mark() {
        let mut out = Vec::new();
        Csv.begin(&mut out);
        assert!(out.starts_with(b"\xef\xbb\xbftime,room,"));
        assert!(out.ends_with(b"\r\n"));
    }
}
