//! The name a file had where it came from: made harmless, and told to the one who downloads it.

use nodechat_domain::limits::FILE_NAME_CHARS;

/// Longer than any extension on the list of allowed ones.
const EXTENSION_CHARS: usize = 16;

/// The last component of `name` without what could mislead: control characters, characters that
/// turn the direction of writing or show nothing, and dots or blanks at the end, which Windows
/// drops. At most 255 characters, of which the extension is kept; `file` when nothing is left.
pub fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = last.chars().filter(|c| !misleads(*c)).collect();
    let trimmed = visible.trim_start().trim_end_matches(ends_in_nothing);
    let short = shorten(trimmed);
    if short.is_empty() { "file".to_owned() } else { short }
}

/// The extension of a cleaned name in lower case; `None` when it has none.
pub(crate) fn extension(name: &str) -> Option<String> {
    split(name).map(|(_, extension)| extension.to_ascii_lowercase())
}

/// `Content-Disposition` for a download (RFC 6266): a plain name for old programs, and the real one
/// in UTF-8 (RFC 8187) where they differ. The value is pure ASCII whatever the name is.
pub fn disposition(name: &str) -> String {
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    if plain == name {
        return format!("attachment; filename=\"{plain}\"");
    }
    let mut value = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''");
    for byte in name.bytes() {
        if is_attr_char(byte) {
            value.push(byte as char);
        } else {
            value.push_str(&format!("%{byte:02X}"));
        }
    }
    value
}

fn split(name: &str) -> Option<(&str, &str)> {
    let (stem, extension) = name.rsplit_once('.')?;
    let fits = !stem.is_empty()
        && !extension.is_empty()
        && extension.len() <= EXTENSION_CHARS
        && extension.bytes().all(|b| b.is_ascii_alphanumeric());
    fits.then_some((stem, extension))
}

fn shorten(name: &str) -> String {
    if name.chars().count() <= FILE_NAME_CHARS {
        return name.to_owned();
    }
    match split(name) {
        Some((stem, extension)) => {
            let room = FILE_NAME_CHARS - extension.len() - 1;
            let stem: String = stem.chars().take(room).collect();
            format!("{stem}.{extension}")
        }
        None => {
            let cut: String = name.chars().take(FILE_NAME_CHARS).collect();
            cut.trim_end_matches(ends_in_nothing).to_owned()
        }
    }
}

fn ends_in_nothing(c: char) -> bool {
    c == '.' || c.is_whitespace()
}

fn misleads(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' // direction
            | '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{2028}' | '\u{2029}') // nothing to see
}

/// A percent sign is left out because some programs decode it even here (RFC 6266, appendix D).
fn is_plain(c: char) -> bool {
    (c == ' ' || c.is_ascii_graphic()) && !matches!(c, '"' | '\\' | '%' | '/')
}

/// `attr-char` of RFC 8187, section 3.2.1.
fn is_attr_char(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_the_last_component_counts() {
        for (given, kept) in [
            ("../../etc/passwd", "passwd"),
            ("..\\..\\boot.ini", "boot.ini"),
            ("C:\\photos\\cat.png", "cat.png"),
            ("发票 2018.pdf", "发票 2018.pdf"),
            ("..", "file"),
            ("", "file"),
            ("a/", "file"),
            (" . . ", "file"),
            ("evil.exe. . .", "evil.exe"),
            ("a\r\nb\0c.txt", "abc.txt"),
            ("cod\u{202E}gnp.exe", "codgnp.exe"),
            (".htaccess", ".htaccess"),
        ] {
            assert_eq!(clean(given), kept, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let cleaned = clean(&format!("{}.PDF", "长".repeat(400)));
        assert_eq!(cleaned.chars().count(), FILE_NAME_CHARS);
        assert!(cleaned.ends_with("长.PDF"));
        assert_eq!(extension(&cleaned).as_deref(), Some("pdf"));
        assert_eq!(clean(&"x".repeat(400)).len(), FILE_NAME_CHARS);
    }

    #[test]
    fn a_download_tells_the_name_in_both_ways() {
        assert_eq!(disposition("cat 1.png"), "attachment; filename=\"cat 1.png\"");
        assert_eq!(
            disposition("发票.pdf"),
            "attachment; filename=\"__.pdf\"; filename*=UTF-8''%E5%8F%91%E7%A5%A8.pdf"
        );
        assert_eq!(
            disposition("a\"b\r\n%41.txt"),
            "attachment; filename=\"a_b___41.txt\"; filename*=UTF-8''a%22b%0D%0A%2541.txt"
        );
    }

    proptest! {
        #[test]
        fn a_cleaned_name_is_harmless_and_stays_as_it_is(name in "\\PC{0,300}|.{0,40}|[./\\\\ a\u{202e}]{0,20}") {
            let cleaned = clean(&name);
            prop_assert!(!cleaned.is_empty() && cleaned.chars().count() <= FILE_NAME_CHARS);
            prop_assert!(!cleaned.contains(['/', '\\']) && !cleaned.chars().any(misleads));
            prop_assert!(cleaned != "." && cleaned != "..");
            prop_assert_eq!(clean(&cleaned), cleaned);
        }

        #[test]
        fn a_header_value_cannot_be_broken_out_of(name in "\\PC{0,40}|.{0,40}|[\"\\\\\r\n;%a]{0,20}") {
            let value = disposition(&name);
            prop_assert!(value.bytes().all(|b| b == b' ' || b.is_ascii_graphic()));
            prop_assert_eq!(value.matches('"').count(), 2);
            prop_assert!(!value.contains('\\'));
        }
    }
}
