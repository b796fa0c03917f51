//! A picture tells what it shows, and nothing of where and by whom it was taken.

use std::io::Cursor;

use image::codecs::gif::GifDecoder;
use image::{AnimationDecoder, DynamicImage, ImageDecoder, ImageFormat, ImageReader};

use crate::forge::{self, PROFILE, SECRET};
use crate::world::World;

/// Name, content with all the metadata there is, and the same again upright.
fn from_telephones(orientation: u16) -> [(&'static str, ImageFormat, Vec<u8>); 3] {
    [
        ("a.jpg", ImageFormat::Jpeg, forge::jpeg_from_a_telephone(orientation)),
        ("a.png", ImageFormat::Png, forge::png_from_a_telephone(orientation)),
        ("a.webp", ImageFormat::WebP, forge::webp_from_a_telephone(orientation)),
    ]
}

#[tokio::test]
async fn the_position_is_removed_and_the_picture_stays_the_same() {
    let world = World::new();
    for (name, format, content) in from_telephones(6) {
        assert!(contains(&content, SECRET), "{name}: the test would prove nothing");
        let kept = world.through(name, &content).await.unwrap();
        assert!(!contains(&kept, SECRET), "{name}: the position is still there");
        assert!(!contains(&kept, b"xmpmeta"), "{name}");
        assert_eq!(pixels(&kept, format), pixels(&content, format), "{name}");
    }
}

#[tokio::test]
async fn a_picture_does_not_turn_when_it_is_cleaned() {
    let world = World::new();
    for orientation in 1..=8 {
        for (name, format, content) in from_telephones(orientation) {
            let kept = world.through(name, &content).await.unwrap();
            let turned = decoder(&kept, format).orientation().unwrap();
            assert_eq!(turned.to_exif(), orientation as u8, "{name}");
        }
    }
}

#[tokio::test]
async fn a_colour_profile_stays() {
    let world = World::new();
    for (name, format, content) in from_telephones(3) {
        assert_eq!(
            decoder(&content, format).icc_profile().unwrap().as_deref(),
            Some(PROFILE),
            "{name}: forged wrongly"
        );
        let kept = world.through(name, &content).await.unwrap();
        assert_eq!(decoder(&kept, format).icc_profile().unwrap().as_deref(), Some(PROFILE), "{name}");
    }
}

#[tokio::test]
async fn an_animation_keeps_its_frames_and_loses_its_comments() {
    let world = World::new();
    let content = forge::gif_from_a_telephone();
    let kept = world.through("a.gif", &content).await.unwrap();
    assert!(contains(&content, SECRET) && !contains(&kept, SECRET));
    assert!(contains(&kept, b"NETSCAPE2.0"));
    let frames = |content: &[u8]| {
        let decoder = GifDecoder::new(Cursor::new(content.to_vec())).unwrap();
        decoder.into_frames().map(|frame| frame.unwrap().into_buffer().into_raw()).collect::<Vec<_>>()
    };
    assert_eq!(frames(&kept).len(), 2);
    assert_eq!(frames(&kept), frames(&content));

    let content = forge::webp_animation(3, 5);
    let kept = world.through("a.webp", &content).await.unwrap();
    assert_eq!(kept, content);
    assert_eq!(pixels(&kept, ImageFormat::WebP), forge::picture().into_rgba8().into_raw());
}

#[tokio::test]
async fn a_picture_without_metadata_is_kept_as_it_is() {
    let world = World::new();
    for (name, content) in [
        ("a.jpg", forge::jpeg()),
        ("a.png", forge::png()),
        ("a.webp", forge::webp()),
        ("a.gif", forge::gif(3)),
    ] {
        assert_eq!(world.through(name, &content).await.unwrap(), content, "{name}");
    }
}

#[tokio::test]
async fn what_is_clean_stays_as_it_is() {
    let world = World::new();
    for (name, _, content) in from_telephones(8) {
        let once = world.through(name, &content).await.unwrap();
        assert_eq!(world.through(name, &once).await.unwrap(), once, "{name}");
    }
}

#[tokio::test]
async fn a_picture_sent_as_a_file_is_cleaned_too() {
    let world = World::new();
    let content = forge::jpeg_from_a_telephone(6);
    let taken = world.take_file("IMG_0001.JPG", &content).await.unwrap();
    let kept = std::fs::read(&world.kept()[0]).unwrap();
    assert_eq!(taken.media_type, "image/jpeg");
    assert_eq!(kept.len() as u64, taken.size_bytes);
    assert!(!contains(&kept, SECRET));
}

fn decoder(content: &[u8], format: ImageFormat) -> impl ImageDecoder + use<> {
    ImageReader::with_format(Cursor::new(content.to_vec()), format).into_decoder().unwrap()
}

fn pixels(content: &[u8], format: ImageFormat) -> Vec<u8> {
    DynamicImage::from_decoder(decoder(content, format)).unwrap().into_rgba8().into_raw()
}

fn contains(content: &[u8], part: &[u8]) -> bool {
    content.windows(part.len()).any(|window| window == part)
}
