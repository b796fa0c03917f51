//! One page that can be read anywhere: no script, nothing from elsewhere.

use super::{COLUMNS, Sheet};

pub struct Html;

impl Sheet for Html {
    fn begin(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(HEAD.as_bytes());
        line("th", COLUMNS.iter().copied(), out);
    }

    fn row(&mut self, cells: &[String; COLUMNS.len()], out: &mut Vec<u8>) {
        line("td", cells.iter().map(String::as_str), out);
    }

    fn end(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"</table>\n</html>\n");
    }
}

const HEAD: &str = "<!doctype html>
<html lang=\"zh-CN\">
<meta charset=\"utf-8\">
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">
<title>Messages</title>
<style>
body { font: 14px/1.5 system-ui, sans-serif; margin: 24px }
table { border-collapse: collapse }
th, td { border-bottom: 1px solid #ddd; padding: 4px 8px; text-align: left; vertical-align: top }
td { white-space: pre-wrap; overflow-wrap: anywhere }
</style>
<table>
";

fn line<'a>(tag: &str, cells: impl Iterator<Item = &'a str>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"<tr>");
    for text in cells {
        out.extend_from_slice(format!("<{tag}>").as_bytes());
        escape(text, out);
        out.extend_from_slice(format!("</{tag}>").as_bytes());
    }
    out.extend_from_slice(b"</tr>\n");
}

fn escape(text: &str, out: &mut Vec<u8>) {
    for byte in text.bytes() {
        match byte {
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            b'"' => out.extend_from_slice(b"&quot;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            _ => out.push(byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_text_and_never_markup() {
        let mut out = Vec::new();
        let cells = std::array::from_fn(|at| {
            if at == 7 { "<script>alert('1')</script> &".to_owned() } else { String::new() }
        });
        Html.row(&cells, &mut out);
        let row = String::from_utf8(out).unwrap();
        assert!(row.contains("<td>&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp;</td>"), "{row}");
    }
}
