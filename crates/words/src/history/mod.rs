//! The terms under which a message is found again.
//!
//! Chinese, Japanese and Korean are written without blanks, and the tokenizers of the databases find no two-letter
//! word in them. So a run of such characters becomes its pairs: `退款流程` → `退款 款流 流程 程`. The last character stands
//! alone, so that every character of the run begins exactly one term: a query of one character is a query for
//! beginnings. All other letters and digits make words, folded; digits beside letters are words of their own
//! (`iPhone15` → `iphone 15`), and so `15` finds it.
//!
//! What comes out suits both engines as it is: each term consists of letters, digits and marks alone, in lower case, is
//! at most 64 characters long, and needs neither escaping nor another analyzer.
//!
//! * SQLite: [`line`] into a column of an FTS5 table with `tokenize = 'ascii'`, which divides at blanks and takes
//!   everything beyond ASCII as a letter.
//! * PostgreSQL: [`terms`] as `text[]` into `array_to_tsvector`, or one by one as lexemes with positions.
//! * A query: [`wanted`]. `Word` is a term; `Beginning` is `"退"*` in FTS5 and `'退':*` in a `tsquery`.

mod terms;
mod wanted;

pub use terms::{each_term, line, terms};
pub use wanted::{Wanted, wanted};

/// A term is cut here. Nobody looks for more, and PostgreSQL takes at most 2,046 bytes.
pub const TERM_CHARS: usize = 64;
