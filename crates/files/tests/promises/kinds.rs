//! What a file is, its content decides; what it may be, a list.

use nodechat_domain::Code;
use nodechat_files::Limits;

use crate::forge;
use crate::world::World;

const GBK: &[u8] = b"\xC4\xE3\xBA\xC3\xA3\xAC\xCA\xC0\xBD\xE7";
const DOCX_PARTS: &[&str] = &["[Content_Types].xml", "_rels/.rels", "word/document.xml"];

#[tokio::test]
async fn files_of_the_list_are_taken_with_their_media_type() {
    let world = World::new();
    let tar = [vec![b'a'; 257], b"ustar\0".to_vec(), vec![0; 1000]].concat();
    let opus = [b"OggS\0".to_vec(), vec![0; 23], b"OpusHead".to_vec()].concat();
    let odt = b"PK\x03\x04--------------------------mimetypeapplication/vnd.oasis.opendocument.textPK";
    for (name, content, media_type) in [
        ("a.pdf", b"%PDF-1.7\n%\xE2\xE3\xCF\xD3".to_vec(), "application/pdf"),
        ("a.txt", "你好，世界\r\n".into(), "text/plain; charset=utf-8"),
        ("a.txt", GBK.to_vec(), "text/plain; charset=gb18030"),
        ("a.csv", "\u{FEFF}name;size\n".into(), "text/csv; charset=utf-8"),
        ("README.md", b"# a < b\n".to_vec(), "text/plain; charset=utf-8"),
        ("b.md", b"<!-- badges --><p align=center>\n# b\n".to_vec(), "text/plain; charset=utf-8"),
        ("a.zip", forge::zip(&["a.txt"]), "application/zip"),
        ("damaged.zip", b"PK\x03\x04 and nothing else".to_vec(), "application/zip"),
        (
            "a.docx",
            forge::zip(DOCX_PARTS),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            "a.xlsx",
            forge::compound("EncryptedPackage"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ("a.doc", forge::compound("WordDocument"), "application/msword"),
        ("a.xls", forge::compound("Workbook"), "application/vnd.ms-excel"),
        ("a.ppt", forge::compound("PowerPoint Document"), "application/vnd.ms-powerpoint"),
        ("a.odt", odt.to_vec(), "application/vnd.oasis.opendocument.text"),
        ("a.rar", b"Rar!\x1A\x07\x01\0 and so on".to_vec(), "application/vnd.rar"),
        ("a.7z", b"7z\xBC\xAF\x27\x1C and so on".to_vec(), "application/x-7z-compressed"),
        ("a.tar.gz", b"\x1F\x8B\x08\0 and so on".to_vec(), "application/gzip"),
        ("a.tar", tar, "application/x-tar"),
        ("a.MP3", b"ID3\x04\0\0\0\0\0\0".to_vec(), "audio/mpeg"),
        ("a.mp3", b"\xFF\xFB\x90\x64 and so on".to_vec(), "audio/mpeg"),
        ("a.m4a", b"\0\0\0\x1CftypM4A \0\0".to_vec(), "audio/mp4"),
        ("a.ogg", b"OggS\0\x02".to_vec(), "audio/ogg"),
        ("a.opus", opus, "audio/ogg"),
        ("a.wav", b"RIFF\x24\0\0\0WAVEfmt ".to_vec(), "audio/wav"),
        ("a.amr", b"#!AMR\n\x04".to_vec(), "audio/amr"),
        ("a.webm", b"\x1A\x45\xDF\xA3\x9F\x42\x86\x81\x01\x42\x82\x84webm".to_vec(), "video/webm"),
        ("a.mp4", b"\0\0\0\x20ftypisom\0\0\x02\0".to_vec(), "video/mp4"),
        ("a.mov", b"\0\0\0\x14ftypqt  \0\0\0\0".to_vec(), "video/quicktime"),
        ("a.png", forge::png(), "image/png"),
        ("a.gif", forge::gif(1), "image/gif"),
    ] {
        let taken = world.take_file(name, &content).await.unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!((taken.name.as_str(), taken.media_type), (name, media_type));
        assert_eq!(taken.size_bytes, content.len() as u64);
        assert_eq!(nodechat_files::media_type_given_out(taken.media_type), media_type);
    }
}

#[tokio::test]
async fn programs_scripts_and_pages_are_refused_whatever_they_are_called() {
    let world = World::new();
    let late = [b" ".repeat(900), b"<SCRIPT>alert(1)</SCRIPT>".to_vec()].concat();
    let program = [b"MZ\x90\0\x03".to_vec(), vec![0; 100]].concat();
    let harmful: &[(&str, Vec<u8>)] = &[
        ("a program of Windows", program),
        ("a program of Linux", b"\x7FELF\x02\x01\x01\0\0\0\0\0".to_vec()),
        ("a shell script", b"#!/bin/sh\nrm -rf ~\n".to_vec()),
        ("a batch file", b"@ECHO OFF\r\ndel *\r\n".to_vec()),
        ("a page", b"<!DOCTYPE html><script>alert(1)</script>".to_vec()),
        ("a page behind a mark and blanks", b"\xEF\xBB\xBF \n\t<html>".to_vec()),
        ("a page behind a comment", b"<!-- hello --><body onload=alert(1)>".to_vec()),
        ("a page behind some words", b"hello <iframe src=//evil>".to_vec()),
        ("a page behind many blanks", late),
        ("a drawing", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec()),
        ("XML", b"<?xml version='1.0'?><a/>".to_vec()),
        ("a page in UTF-16", "\u{FEFF}<html>".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("PHP", b"<?php system($_GET['c']);".to_vec()),
        ("a page that says it is a PDF", b"%PDF-1.7 <html><script>alert(1)</script>".to_vec()),
        ("an app", forge::zip(&["AndroidManifest.xml", "classes.dex"])),
        ("a Java program", forge::zip(&["META-INF/MANIFEST.MF", "Main.class"])),
        ("an installer", forge::compound("SummaryInformation")),
        ("an archive behind a program", [b"MZ\0\0".to_vec(), forge::zip(&["a.txt"])].concat()),
    ];
    for name in [
        "a.txt", "a.log", "a.csv", "a.png", "a.jpg", "a.pdf", "a.zip", "a.docx", "a.doc", "a.mp3", "a.mp4",
        "a.exe", "a.html", "a.svg", "a.js", "a",
    ] {
        for (what, content) in harmful {
            let error = world.take_file(name, content).await.expect_err(what);
            assert_eq!(error.code(), Code::FileKind, "{what} as {name}");
        }
    }
    for name in ["a.png", "a.jpg", "a.gif", "a.webp", "a.svg", "a.html", "a"] {
        for (what, content) in harmful {
            let error = world.take_image(name, content).await.expect_err(what);
            assert_eq!(error.code(), Code::FileKind, "{what} as {name}");
        }
    }
    for harmful in [&b"# Hello\n<script>alert(1)</script>"[..], b"#!/bin/sh", b"<?php", b"\0"] {
        assert_eq!(world.take_file("a.md", harmful).await.unwrap_err().code(), Code::FileKind);
    }
    assert_eq!(world.kept(), Vec::<String>::new());
}

#[tokio::test]
async fn a_name_with_the_wrong_extension_for_its_content_is_refused() {
    let world = World::new();
    for (name, content) in [
        ("a.jpg", forge::png()),
        ("a.png", forge::jpeg()),
        ("a.gif", forge::webp()),
        ("a.webp", forge::gif(1)),
        ("a.pdf", forge::png()),
        ("a.txt", forge::png()),
        ("a.docx", forge::zip(&["a.txt"])),
        ("a.xlsx", forge::zip(DOCX_PARTS)),
        ("a.docx", forge::zip(&["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"])),
        ("a.doc", forge::compound("Workbook")),
        ("a.zip", b"7z\xBC\xAF\x27\x1C and so on".to_vec()),
        ("a.docx", b"PK\x03\x04 and nothing else".to_vec()),
        ("a.mp4", b"\0\0\0\x18ftypheic\0\0\0\0".to_vec()),
        ("a.png.exe", forge::png()),
        ("a.png.", b"%PDF-1.7".to_vec()),
    ] {
        assert_eq!(world.take_file(name, &content).await.unwrap_err().code(), Code::FileKind, "{name}");
        assert_eq!(world.take_image(name, &content).await.unwrap_err().code(), Code::FileKind, "{name}");
    }
    assert_eq!(world.kept(), Vec::<String>::new());
}

#[tokio::test]
async fn a_pasted_picture_without_an_extension_is_taken_by_its_content() {
    let world = World::new();
    for (content, extension, media_type) in [
        (forge::png(), "png", "image/png"),
        (forge::jpeg(), "jpg", "image/jpeg"),
        (forge::gif(2), "gif", "image/gif"),
        (forge::webp(), "webp", "image/webp"),
    ] {
        let taken = world.take_image("blob", &content).await.unwrap();
        assert!(taken.path.as_str().starts_with("2018-11-08/onlinechat_"));
        assert_eq!(taken.path.as_str().rsplit_once('.').unwrap().1, extension);
        assert_eq!((taken.width, taken.height, taken.media_type), (5, 3, media_type));
    }
}

#[tokio::test]
async fn what_is_too_large_is_refused_at_the_first_byte_over_the_limit() {
    let limits = Limits { image_bytes: 200, file_bytes: 100, ..Limits::default() };
    let world = World::with(limits);
    assert!(world.take_file("a.txt", &[b'a'; 100]).await.is_ok());
    let error = world.take_file("a.txt", &[b'a'; 101]).await.unwrap_err();
    assert_eq!(error.code(), Code::FileTooLarge);
    assert!(error.to_string().contains("100"), "{error}");
    // Whatever it is: its size is looked at first.
    assert_eq!(world.take_image("a.png", &[0; 201]).await.unwrap_err().code(), Code::FileTooLarge);
    assert_eq!(world.kept().len(), 1);
}

#[tokio::test]
async fn an_endless_upload_is_read_to_the_limit_and_no_further() {
    use std::sync::atomic::{AtomicU64, Ordering};

    use futures_util::{StreamExt, stream};

    let world = World::with(Limits { file_bytes: 10_000, ..Limits::default() });
    let sent = AtomicU64::new(0);
    let endless = stream::repeat(bytes::Bytes::from_static(&[b'a'; 1000])).map(|chunk| {
        sent.fetch_add(chunk.len() as u64, Ordering::Relaxed);
        Ok(chunk)
    });
    let error = world.files.take_file("a.txt", endless, &crate::world::Dice).await.unwrap_err();
    assert_eq!(error.code(), Code::FileTooLarge);
    assert_eq!(sent.load(Ordering::Relaxed), 11_000);
}

#[tokio::test]
async fn an_empty_upload_is_told_so_whatever_its_name() {
    let world = World::new();
    for name in ["a.png", "a.txt", "a.exe", ""] {
        assert_eq!(world.take_image(name, b"").await.unwrap_err().code(), Code::EmptyFile);
        assert_eq!(world.take_file(name, b"").await.unwrap_err().code(), Code::EmptyFile);
    }
}

#[tokio::test]
async fn a_path_in_a_name_leads_nowhere() {
    let world = World::new();
    for name in ["../../../evil.txt", "..\\..\\evil.txt", "/etc/evil.txt", "a\0/evil.txt"] {
        assert_eq!(world.take_file(name, b"hello").await.unwrap().name, "evil.txt");
    }
    let objects = world.folder.path().join("objects").join("files").display().to_string();
    assert_eq!(world.kept().len(), 4);
    assert!(world.kept().iter().all(|path| path.starts_with(&objects) && !path.contains("evil")));
    assert!(!world.folder.path().parent().unwrap().join("evil.txt").exists());
}
