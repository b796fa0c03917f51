//! Pictures made to harm whoever shows them, or us.

use nodechat_domain::Code;
use nodechat_files::{Key, Limits};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::forge::{self, jpeg_segment, png_chunk, png_header, png_of, riff_chunk, webp_header, webp_of};
use crate::world::{World, read};

async fn refused(world: &World, name: &str, why: &str, content: &[u8]) {
    let error = world.take_image(name, content).await.expect_err(why);
    assert_eq!(error.code(), Code::FileKind, "{why}");
    assert_eq!(world.kept(), Vec::<String>::new(), "{why}");
}

#[tokio::test]
async fn a_png_of_impossible_size_or_structure_is_refused() {
    let world = World::new();
    let data = || png_chunk(b"IDAT", b"x");
    let end = || png_chunk(b"IEND", b"");
    let with_size = |w, h| png_of(&[png_header(w, h), data(), end()]);
    assert!(world.take_image("a.png", &with_size(16_384, 3_000)).await.is_ok());

    let world = World::new();
    let broken_sum = {
        let mut bytes = with_size(5, 3);
        bytes[8 + 8] ^= 1;
        bytes
    };
    let odd_depth = png_chunk(b"IHDR", &[0, 0, 0, 5, 0, 0, 0, 3, 3, 2, 0, 0, 0]);
    for (why, content) in [
        ("30,000 by 30,000", with_size(30_000, 30_000)),
        ("the header alone", png_of(&[png_header(30_000, 30_000)])),
        ("no width", with_size(0, 3)),
        ("no height", with_size(5, 0)),
        ("too wide", with_size(16_385, 1)),
        ("as large as can be said", with_size(u32::MAX, u32::MAX)),
        ("wrong check sum", broken_sum),
        ("no such depth", png_of(&[odd_depth, data(), end()])),
        ("header not first", png_of(&[data(), png_header(5, 3), end()])),
        ("two headers", png_of(&[png_header(5, 3), png_header(5, 3), data(), end()])),
        ("no data", png_of(&[png_header(5, 3), end()])),
        ("no end", png_of(&[png_header(5, 3), data()])),
        (
            "a critical chunk nobody knows",
            png_of(&[png_header(5, 3), png_chunk(b"CgBI", b""), data(), end()]),
        ),
        ("a chunk longer than the file", png_of(&[png_header(5, 3), b"\x7F\xFF\xFF\xFFIDAT".to_vec()])),
        ("a chunk longer than allowed", png_of(&[png_header(5, 3), b"\xFF\xFF\xFF\xFFIDAT".to_vec()])),
        ("a signature alone", png_of(&[])),
    ] {
        refused(&world, "a.png", why, &content).await;
    }
}

#[tokio::test]
async fn a_jpeg_of_impossible_size_or_structure_is_refused() {
    let world = World::new();
    let of = |segments: &[Vec<u8>]| [&[0xFF, 0xD8][..], &segments.concat(), &[0xFF, 0xD9]].concat();
    let frame = |h: u16, w: u16| {
        let [h, w] = [h.to_be_bytes(), w.to_be_bytes()];
        jpeg_segment(0xC0, &[8, h[0], h[1], w[0], w[1], 1, 1, 0x11, 0])
    };
    let scan = || [jpeg_segment(0xDA, &[1, 1, 0, 0, 63, 0]), vec![1, 2, 0xFF, 0, 3]].concat();
    assert!(world.take_image("a.jpg", &of(&[frame(3, 5), scan()])).await.is_ok());

    let world = World::new();
    for (why, content) in [
        ("65,535 by 65,535", of(&[frame(65_535, 65_535), scan()])),
        ("no height", of(&[frame(0, 5), scan()])),
        ("no width", of(&[frame(3, 0), scan()])),
        ("no frame", of(&[scan()])),
        ("frame behind the scan", of(&[scan(), frame(3, 5)])),
        ("two frames, the second is huge", of(&[frame(3, 5), frame(16_000, 3_000), scan()])),
        ("no scan", of(&[frame(3, 5)])),
        ("a frame cut short", of(&[jpeg_segment(0xC0, &[8, 0, 3]), scan()])),
        ("a segment of length 1", of(&[vec![0xFF, 0xDB, 0, 1], frame(3, 5), scan()])),
        ("bytes between segments", of(&[frame(3, 5), vec![0], scan()])),
        ("hierarchical", of(&[jpeg_segment(0xDE, &[8, 0, 3, 0, 5, 1]), frame(3, 5), scan()])),
        ("a beginning inside", of(&[frame(3, 5), vec![0xFF, 0xD8, 0, 2], scan()])),
        ("a thousand scans", of(&[vec![frame(3, 5)], vec![scan(); 1000]].concat())),
    ] {
        refused(&world, "a.jpg", why, &content).await;
    }
}

#[tokio::test]
async fn a_gif_of_impossible_size_or_structure_is_refused() {
    let world = World::with(Limits { image_frames: 3, ..Limits::default() });
    assert!(world.take_image("a.gif", &forge::gif(3)).await.is_ok());

    let world = World::with(Limits { image_frames: 3, ..Limits::default() });
    let screen = |w: u16, h: u16| [b"GIF89a", &w.to_le_bytes()[..], &h.to_le_bytes()[..], &[0; 3]].concat();
    let frame = |w: u16, h: u16| {
        [&[0x2C, 0, 0, 0, 0], &w.to_le_bytes()[..], &h.to_le_bytes()[..], &[0, 2, 1, 0x44, 0]].concat()
    };
    let of = |parts: &[Vec<u8>]| [parts.concat(), vec![0x3B]].concat();
    for (why, content) in [
        ("too many frames", forge::gif(4)),
        ("no frame", of(&[screen(5, 3)])),
        ("no screen", of(&[screen(0, 0), frame(5, 3)])),
        ("a huge screen", of(&[screen(65_535, 65_535), frame(5, 3)])),
        ("a huge frame on a small screen", of(&[screen(5, 3), frame(65_535, 65_535)])),
        ("an empty frame", of(&[screen(5, 3), frame(0, 0)])),
        ("the end inside a frame", screen(5, 3).into_iter().chain(frame(5, 3)).take(20).collect()),
        ("a block nobody knows", of(&[screen(5, 3), vec![0x2D], frame(5, 3)])),
        ("a block longer than the file", of(&[screen(5, 3), vec![0x21, 0xFE, 200, 1]])),
    ] {
        refused(&world, "a.gif", why, &content).await;
    }
}

#[tokio::test]
async fn a_webp_of_impossible_size_or_structure_is_refused() {
    let world = World::with(Limits { image_frames: 3, ..Limits::default() });
    let image = forge::webp_bitstream;
    let film_header = riff_chunk(b"VP8 ", b"\x30\x01\0\x9D\x01\x2A\x05\0\x03\0 and so on");
    assert!(world.take_image("a.webp", &webp_of(&[film_header])).await.is_ok());

    let world = World::with(Limits { image_frames: 3, ..Limits::default() });
    let huge_film = riff_chunk(b"VP8 ", b"\x30\x01\0\x9D\x01\x2A\xFF\x3F\xFF\x3F and so on");
    let huge_lossless = riff_chunk(b"VP8L", b"\x2F\xFF\xFF\xFF\x0F and so on");
    let longer_than_the_file = {
        let mut bytes = forge::webp();
        bytes[4] += 2;
        bytes
    };
    for (why, content) in [
        ("16,383 by 16,383", webp_of(&[huge_film])),
        ("16,384 by 16,384", webp_of(&[huge_lossless])),
        ("a canvas of 16,777,216", webp_of(&[webp_header(0, 1 << 24, 1 << 24), image()])),
        ("a canvas unlike its picture", webp_of(&[webp_header(0, 500, 300), image()])),
        ("no picture", webp_of(&[webp_header(0, 5, 3)])),
        ("two pictures", webp_of(&[webp_header(0, 5, 3), image(), image()])),
        ("two headers", webp_of(&[webp_header(0, 5, 3), webp_header(0, 5, 3), image()])),
        ("a header behind the picture", webp_of(&[image(), webp_header(0, 5, 3)])),
        ("too many frames", forge::webp_animation(4, 5)),
        ("a frame unlike its picture", forge::webp_animation(1, 4)),
        ("a chunk longer than the file", webp_of(&[b"VP8L\xFF\xFF\xFF\xFF".to_vec()])),
        ("longer than the file", longer_than_the_file),
        ("nothing inside", webp_of(&[])),
    ] {
        refused(&world, "a.webp", why, &content).await;
    }
}

#[tokio::test]
async fn a_picture_that_is_not_whole_is_refused_wherever_it_ends() {
    let world = World::new();
    for (name, content) in [
        ("a.png", forge::png_from_a_telephone(6)),
        ("a.webp", forge::webp_from_a_telephone(6)),
        ("a.jpg", forge::jpeg_from_a_telephone(6)),
    ] {
        let whole = world.through(name, &content).await.unwrap();
        let kept = world.kept();
        for length in 1..whole.len() {
            let error = world.take_image(name, &whole[..length]).await.expect_err("it is not whole");
            assert_eq!(error.code(), Code::FileKind, "{name} cut at {length}");
        }
        assert_eq!(world.kept(), kept, "{name}");
    }
}

#[tokio::test]
async fn a_gif_whose_maker_forgot_the_trailer_gets_one_and_is_refused_cut_anywhere_else() {
    let world = World::remote(Limits::default());
    let content = forge::gif(1);
    let (last, rest) = content.split_last().unwrap();
    assert_eq!(*last, 0x3B);
    assert_eq!(world.through("a.gif", rest).await.unwrap(), content);
    for length in 1..rest.len() {
        let error = world.take_image("a.gif", &rest[..length]).await.expect_err("it is not whole");
        assert_eq!(error.code(), Code::FileKind, "cut at {length}");
    }
}

/// Whatever is accepted can be taken again and is the same then: what we write, we understand.
#[test]
fn no_damaged_picture_does_harm() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let world = World::remote(Limits::default());
    let pictures = [
        forge::png_from_a_telephone(6),
        forge::jpeg_from_a_telephone(6),
        forge::webp_from_a_telephone(6),
        forge::webp_animation(2, 5),
        forge::gif_from_a_telephone(),
    ];
    let damage = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4);
    let mut runner = TestRunner::new(Config { cases: 1500, failure_persistence: None, ..Config::default() });
    runner
        .run(&(prop::sample::select(pictures.to_vec()), damage), |(mut content, damage)| {
            for (place, value) in damage {
                let place = place.index(content.len());
                content[place] = value;
            }
            runtime.block_on(async {
                let Ok(taken) = world.take_image("blob", &content).await else { return Ok(()) };
                let once = read(world.files.open(Key::Image(&taken.path), None).await.unwrap()).await;
                let twice = world.through("blob", &once).await.expect("it was taken before");
                prop_assert_eq!(once, twice);
                Ok(())
            })
        })
        .unwrap();
}
