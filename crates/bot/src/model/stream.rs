//! The pieces of an answer out of server-sent events (HTML standard, section 9.2), or out of one JSON body.

use serde::Deserialize;

use super::{ANSWER_CHARS, Failure};

/// A line that is longer is no piece of an answer.
const LINE_BYTES: usize = 64_000;

pub struct Pieces {
    form: Form,
    /// What came behind the last end of a line.
    rest: Vec<u8>,
    whole: String,
    chars: usize,
    done: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Events,
    Body,
}

#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    /// In an event.
    delta: Option<Part>,
    /// In a body.
    message: Option<Part>,
    finish_reason: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Part {
    content: Option<String>,
}

impl Pieces {
    pub fn of(stream: bool) -> Self {
        let form = if stream { Form::Events } else { Form::Body };
        Self { form, rest: Vec::new(), whole: String::new(), chars: 0, done: false }
    }

    /// What these bytes add to the answer.
    pub fn take(&mut self, bytes: &[u8]) -> Result<String, Failure> {
        let mut fresh = String::new();
        self.rest.extend_from_slice(bytes);
        if self.form == Form::Events {
            let rest = std::mem::take(&mut self.rest);
            let mut lines = rest.split(|byte| *byte == b'\n').peekable();
            while let Some(line) = lines.next() {
                if self.done {
                    break;
                }
                if lines.peek().is_none() {
                    self.rest = line.to_vec();
                } else {
                    self.line(line, &mut fresh)?;
                }
            }
            if self.rest.len() > LINE_BYTES {
                return Err(Failure::Unreadable);
            }
        }
        Ok(fresh)
    }

    /// Nothing more comes; what the last bytes add.
    pub fn end(&mut self) -> Result<String, Failure> {
        let mut fresh = String::new();
        let rest = std::mem::take(&mut self.rest);
        match self.form {
            Form::Body => self.data(&rest, &mut fresh)?,
            Form::Events => self.line(&rest, &mut fresh)?,
        }
        if self.done { Ok(fresh) } else { Err(Failure::BrokenOff) }
    }

    /// Whatever else may come is of no interest.
    pub fn is_done(&self) -> bool {
        self.done
    }

    pub fn whole(self) -> Result<String, Failure> {
        let whole = self.whole.trim();
        if whole.is_empty() { Err(Failure::Empty) } else { Ok(whole.to_owned()) }
    }

    fn line(&mut self, line: &[u8], fresh: &mut String) -> Result<(), Failure> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        // Comments, names of events, ids: no part of an answer.
        let Some(data) = line.strip_prefix(b"data:") else { return Ok(()) };
        let data = data.trim_ascii();
        if data == b"[DONE]" {
            self.done = true;
            return Ok(());
        }
        self.data(data, fresh)
    }

    fn data(&mut self, data: &[u8], fresh: &mut String) -> Result<(), Failure> {
        let chunk: Chunk = serde_json::from_slice(data).map_err(|_| Failure::Unreadable)?;
        let Some(choice) = chunk.choices.into_iter().next() else { return Ok(()) };
        let content = choice.delta.or(choice.message).and_then(|part| part.content).unwrap_or_default();
        for c in content.chars().filter(|c| !c.is_control() || *c == '\n') {
            if self.chars == ANSWER_CHARS {
                self.done = true;
                return Ok(());
            }
            self.chars += 1;
            self.whole.push(c);
            fresh.push(c);
        }
        self.done |= choice.finish_reason.is_some();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All pieces, however the bytes are cut.
    fn read(stream: bool, text: &str, cut: usize) -> Result<String, Failure> {
        let mut pieces = Pieces::of(stream);
        let mut told = String::new();
        for bytes in text.as_bytes().chunks(cut) {
            told += &pieces.take(bytes)?;
            if pieces.is_done() {
                break;
            }
        }
        if !pieces.is_done() {
            told += &pieces.end()?;
        }
        let whole = pieces.whole()?;
        assert_eq!(told.trim(), whole, "what is told is what is kept");
        Ok(whole)
    }

    fn event(text: &str) -> String {
        format!("data: {}\n\n", serde_json::json!({"choices": [{"delta": {"content": text}}]}))
    }

    #[test]
    fn an_answer_is_whole_however_its_bytes_are_cut() {
        let first = r#"{"choices":[{"delta":{"role":"assistant","content":null},"finish_reason":null}]}"#;
        let stream = format!(
            ": hello\r\nevent: x\ndata: {first}\n\n{}{}data: [DONE]\n\n",
            event("您好，"),
            event("可以退款。\u{7}")
        );
        for cut in 1..stream.len() {
            assert_eq!(read(true, &stream, cut).unwrap(), "您好，可以退款。");
        }
        let body = r#"{"choices":[{"message":{"content":"您好"},"finish_reason":"stop"}]}"#;
        assert_eq!(read(false, body, 7).unwrap(), "您好");
    }

    #[test]
    fn an_end_without_its_sign_is_no_end() {
        assert_eq!(read(true, &event("half"), 5), Err(Failure::BrokenOff));
        let finished = "data: {\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}";
        assert_eq!(read(true, finished, 5).unwrap(), "x");
    }

    #[test]
    fn nonsense_and_excess_end_the_answer() {
        assert_eq!(read(true, "data: {\"choices\":", 5), Err(Failure::Unreadable));
        assert_eq!(read(true, "data: [[[[\n", 5), Err(Failure::Unreadable));
        assert_eq!(read(true, "<html>\n</html>\n", 5), Err(Failure::BrokenOff));
        assert_eq!(read(true, "data: [DONE]\n", 5), Err(Failure::Empty));
        assert_eq!(read(true, &"x".repeat(LINE_BYTES + 2), 1_000), Err(Failure::Unreadable));
        let long = event(&"长".repeat(ANSWER_CHARS + 100));
        assert_eq!(read(true, &long, 1_000).unwrap().chars().count(), ANSWER_CHARS);
    }
}
