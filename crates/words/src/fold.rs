//! What makes two spellings the same word: case, width, accents, and characters that show nothing.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_compatible;

/// `text` in the form in which it is compared. What is composed in one text and decomposed in
/// another comes out equal.
pub(crate) fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkc() {
        each_folded(c, |c| folded.push(c));
    }
    folded
}

/// The characters that stand for `c` when it is compared: none for one that shows nothing, several
/// for one that is a whole word (`㎏`).
pub(crate) fn each_folded(c: char, mut take: impl FnMut(char)) {
    if c.is_ascii() {
        return take(c.to_ascii_lowercase());
    }
    if is_whole(c) {
        return take(c);
    }
    // Lower case twice: some capitals appear only in the decomposed form (`℡`), and some small
    // letters are two characters (`İ`).
    for c in c.to_lowercase() {
        decompose_compatible(c, |c| {
            if !is_silent(c) {
                c.to_lowercase().filter(|c| !is_silent(*c)).for_each(&mut take);
            }
        });
    }
}

/// Chinese, Japanese or Korean: written without blanks, or with blanks that do not divide words.
pub(crate) fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3031}'..='\u{3035}' | '\u{303B}' // marks that repeat
        | '\u{3041}'..='\u{3096}' | '\u{309D}'..='\u{309F}' // hiragana
        | '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' // katakana
        | '\u{3105}'..='\u{312F}' | '\u{31A0}'..='\u{31BF}' // bopomofo
        | '\u{1100}'..='\u{11FF}' | '\u{3131}'..='\u{318E}' | '\u{AC00}'..='\u{D7A3}' // hangul
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' // han
        | '\u{20000}'..='\u{323AF}')
}

/// Taking these apart would give pieces that mean nothing alone.
fn is_whole(c: char) -> bool {
    matches!(c,
        '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{AC00}'..='\u{D7A3}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
}

/// Accents that are written as characters of their own, and characters that show nothing.
fn is_silent(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036F}' | '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Refund", "refund")]
    #[case("ＲＥＦＵＮＤ１２", "refund12")]
    #[case("Café", "cafe")]
    #[case("Cafe\u{301}", "cafe")]
    #[case("退\u{200B}款", "退款")]
    #[case("ﾄﾞﾘﾝｸ", "ドリンク")]
    #[case("ド", "ド")]
    #[case("\u{30C8}\u{3099}", "ド")]
    #[case("한국", "한국")]
    #[case("\u{1112}\u{1161}\u{11AB}", "한")]
    #[case("İstanbul", "istanbul")]
    #[case("STRASSE ß", "strasse ß")]
    #[case("℡ ㎏", "tel kg")]
    #[case("ΆΡΗΣ", "αρησ")]
    fn spellings_of_one_word_are_one(#[case] written: &str, #[case] compared: &str) {
        assert_eq!(folded(written), compared);
    }
}
