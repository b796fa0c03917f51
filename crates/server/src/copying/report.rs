//! What a copy says at its end, for people and for programs.

use std::fmt::Write as _;

use nodechat_store::copy::{Beside, Counted, Sum};
use serde_json::json;

use super::files::Copied;

pub struct Report {
    pub from: String,
    pub to: String,
    pub counted: Vec<(&'static str, Counted)>,
    pub sums: Vec<Sum>,
    pub files: Copied,
    pub beside: Beside,
    pub seconds: f64,
}

impl Report {
    pub fn words(&self) -> String {
        let mut text = format!("copied {} to {} in {:.1} s\n\n", self.from, self.to, self.seconds);
        let _ = writeln!(text, "{:>10} {:>12} {:>12} {:>12} {:>12}", "", "rows", "new", "changed", "gone");
        for (table, counted) in &self.counted {
            let rows = self.sum(table).map_or("as before".to_owned(), |sum| sum.rows.to_string());
            let Counted { added, changed, dropped } = counted;
            let _ = writeln!(text, "{table:>10} {rows:>12} {added:>12} {changed:>12} {dropped:>12}");
        }
        let files = &self.files;
        let _ = writeln!(text, "{:>10} {:>12} {:>12}", "files", files.all, files.copied);
        text.push('\n');
        text.push_str(match self.sum("message") {
            Some(_) => "verified: every table, and every room's messages, have the same sums on both sides",
            None => {
                "verified: every table has the same sum on both sides, and so has every message that this run copied"
            }
        });
        text.push('\n');
        if files.all > 0 && files.stay {
            text.push_str("the uploaded files stay where they are; all of them are there\n");
        }
        if !files.missing.is_empty() {
            let _ = writeln!(text, "{} uploaded files are missing, as they were before", files.missing.len());
        }
        text.push('\n');
        text.push_str(&self.next());
        text
    }

    pub fn json(&self) -> String {
        let tables = self.counted.iter().map(|(table, counted)| {
            let sum = self.sum(table);
            json!({
                "table": table,
                "rows": sum.map(|sum| sum.rows),
                "sha256": sum.map(|sum| &sum.sha256),
                "new": counted.added,
                "changed": counted.changed,
                "gone": counted.dropped,
            })
        });
        json!({
            "from": self.from,
            "to": self.to,
            "tables": tables.collect::<Vec<_>>(),
            "files": {
                "all": self.files.all,
                "copied": self.files.copied,
                "copied_bytes": self.files.copied_bytes,
                "missing": self.files.missing,
            },
            "source_served": self.beside.served,
            "source_written": self.beside.written,
            "newer_messages": self.beside.newer_messages,
            "complete": !self.beside.written && !self.beside.served,
            "seconds": self.seconds,
        })
        .to_string()
    }

    fn next(&self) -> String {
        let to = match self.to.starts_with("postgres") {
            true => "start the server with `database_url` set to the new database",
            false => "start the server with `data_dir` set to the new folder",
        };
        let Beside { served, written, newer_messages } = self.beside;
        let meanwhile = match (served, written) {
            (_, true) if newer_messages > 0 => {
                format!("the source was written meanwhile: {newer_messages} more messages")
            }
            (_, true) => "the source was written meanwhile".to_owned(),
            (true, false) => "the source was being served meanwhile".to_owned(),
            (false, false) => {
                return format!(
                    "nobody was using the source: this copy is complete\n\
                     next: {to}, and do not start the old one again"
                );
            }
        };
        format!(
            "{meanwhile}\n\
             next: stop the server of the source, run the same command once more, which copies only what is new; then {to}"
        )
    }

    fn sum(&self, table: &str) -> Option<&Sum> {
        self.sums.iter().find(|sum| sum.table == table)
    }
}
