//! The kinds of files that may be uploaded, each known by its content.
//!
//! Whatever is not on this list is refused: programs, scripts, HTML, SVG, XML. A kind is believed
//! only when the name's extension and the content agree.

mod compound;
mod media;
mod text;
mod zip;

use nodechat_domain::{Error, Result};

use crate::keep::Pieces;
use crate::limits::Limits;
use crate::name;
use crate::picture::{self, Format};
use crate::source::Source;

/// What is said of everything that is not on a list of ours.
const UNKNOWN: &str = "application/octet-stream";

#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Picture(Format),
    Other {
        extension: &'static str,
        media_type: &'static str,
        is_it: IsIt,
    },
    /// The media type tells the character set, which has to be found out.
    Text {
        extension: &'static str,
        utf8: &'static str,
        gb18030: &'static str,
        acts: Acts,
    },
}

/// Whether a file is what its extension says.
type IsIt = fn(&mut Source) -> Result<bool>;

/// Whether some program might act upon a text that begins so, instead of showing it.
type Acts = fn(&[u8]) -> bool;

const fn other(extension: &'static str, media_type: &'static str, is_it: IsIt) -> Kind {
    Kind::Other { extension, media_type, is_it }
}

const fn plain(extension: &'static str, acts: Acts) -> Kind {
    Kind::Text { extension, utf8: "text/plain; charset=utf-8", gb18030: "text/plain; charset=gb18030", acts }
}

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const PPTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
const ODT: &str = "application/vnd.oasis.opendocument.text";
const ODS: &str = "application/vnd.oasis.opendocument.spreadsheet";
const ODP: &str = "application/vnd.oasis.opendocument.presentation";

/// The list, pictures aside (they are [`Format`]'s).
const KINDS: &[Kind] = &[
    other("pdf", "application/pdf", media::is_pdf),
    other("docx", DOCX, |s| Ok(zip::is_office(s, b"word/")? || compound::is_encrypted_office(s)?)),
    other("xlsx", XLSX, |s| Ok(zip::is_office(s, b"xl/")? || compound::is_encrypted_office(s)?)),
    other("pptx", PPTX, |s| Ok(zip::is_office(s, b"ppt/")? || compound::is_encrypted_office(s)?)),
    other("doc", "application/msword", compound::is_word),
    other("xls", "application/vnd.ms-excel", compound::is_excel),
    other("ppt", "application/vnd.ms-powerpoint", compound::is_powerpoint),
    other("odt", ODT, |s| zip::is_open_document(s, ODT)),
    other("ods", ODS, |s| zip::is_open_document(s, ODS)),
    other("odp", ODP, |s| zip::is_open_document(s, ODP)),
    plain("txt", text::acts_when_opened),
    plain("log", text::acts_when_opened),
    // Markdown may begin with a tag or a comment; it still may not be a page.
    plain("md", text::is_page_or_script),
    Kind::Text {
        extension: "csv",
        utf8: "text/csv; charset=utf-8",
        gb18030: "text/csv; charset=gb18030",
        acts: text::acts_when_opened,
    },
    other("zip", "application/zip", zip::is_plain),
    other("rar", "application/vnd.rar", media::is_rar),
    other("7z", "application/x-7z-compressed", media::is_7z),
    other("gz", "application/gzip", media::is_gzip),
    other("tgz", "application/gzip", media::is_gzip),
    other("tar", "application/x-tar", media::is_tar),
    other("mp3", "audio/mpeg", media::is_mp3),
    other("m4a", "audio/mp4", media::is_mp4),
    other("ogg", "audio/ogg", media::is_ogg),
    other("opus", "audio/ogg", media::is_opus),
    other("wav", "audio/wav", media::is_wav),
    other("amr", "audio/amr", media::is_amr),
    other("mp4", "video/mp4", media::is_mp4),
    other("mov", "video/quicktime", media::is_quicktime),
    other("webm", "video/webm", media::is_webm),
];

/// The kind that a cleaned name claims to be.
pub(crate) fn claimed_by(name: &str) -> Result<Kind> {
    let extension = name::extension(name).ok_or(Error::FileKind)?;
    if let Some(format) = Format::of_extension(&extension) {
        return Ok(Kind::Picture(format));
    }
    KINDS.iter().find(|kind| kind.has_extension(&extension)).copied().ok_or(Error::FileKind)
}

/// The media type to serve for one that was stored: itself when it is on the list, else one that
/// no program acts upon. Never `text/html`, never `image/svg+xml`.
pub fn media_type_given_out(stored: &str) -> &'static str {
    let of_pictures = Format::ALL.iter().map(|format| format.media_type());
    of_pictures
        .chain(KINDS.iter().flat_map(Kind::media_types))
        .find(|known| *known == stored)
        .unwrap_or(UNKNOWN)
}

impl Kind {
    /// Checks the content; answers its media type and what is to be kept of it.
    pub(crate) fn inspect(self, source: &mut Source, limits: &Limits) -> Result<(&'static str, Pieces)> {
        let media_type = match self {
            Kind::Picture(format) => {
                let found = picture::inspect(source, Some(format), limits)?;
                return Ok((format.media_type(), found.pieces));
            }
            Kind::Other { media_type, is_it, .. } if is_it(source)? => media_type,
            Kind::Other { .. } => return Err(Error::FileKind),
            Kind::Text { acts, .. } if text::begins(source, acts)? => return Err(Error::FileKind),
            Kind::Text { utf8, gb18030, .. } => match text::charset(source)? {
                text::Charset::Utf8 => utf8,
                text::Charset::Gb18030 => gb18030,
            },
        };
        Ok((media_type, Pieces::whole(source.len())))
    }

    fn has_extension(&self, asked: &str) -> bool {
        match self {
            Kind::Picture(_) => false,
            Kind::Other { extension, .. } | Kind::Text { extension, .. } => *extension == asked,
        }
    }

    fn media_types(&self) -> Vec<&'static str> {
        match *self {
            Kind::Picture(format) => vec![format.media_type()],
            Kind::Other { media_type, .. } => vec![media_type],
            Kind::Text { utf8, gb18030, .. } => vec![utf8, gb18030],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_program_script_or_markup_is_on_the_list() {
        for extension in [
            "exe", "dll", "com", "msi", "scr", "bat", "cmd", "ps1", "vbs", "sh", "js", "mjs", "html", "htm",
            "xhtml", "svg", "svgz", "xml", "xsl", "php", "jsp", "jar", "apk", "swf", "hta", "docm", "xlsm",
            "lnk", "mht", "wasm", "",
        ] {
            assert!(claimed_by(&format!("a.{extension}")).is_err(), "{extension}");
        }
    }

    #[test]
    fn only_media_types_of_the_list_are_given_out() {
        for known in ["image/png", "application/pdf", "text/csv; charset=utf-8", "audio/mpeg"] {
            assert_eq!(media_type_given_out(known), known);
        }
        for unknown in ["text/html", "image/svg+xml", "text/plain", "application/javascript", "", "IMAGE/PNG"]
        {
            assert_eq!(media_type_given_out(unknown), UNKNOWN);
        }
    }

    #[test]
    fn every_media_type_of_the_list_is_harmless_in_a_browser() {
        for media_type in KINDS.iter().flat_map(Kind::media_types) {
            assert!(
                !media_type.contains("html") && !media_type.contains("svg") && !media_type.contains("script")
            );
            assert!(!media_type.contains("xml") || media_type.contains("openxmlformats"), "{media_type}");
        }
    }
}
