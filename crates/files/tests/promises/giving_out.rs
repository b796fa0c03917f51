//! What was taken comes out again, whole or in part, under its name alone.

use std::collections::HashSet;

use nodechat_domain::Code;
use nodechat_domain::model::{FileId, ImagePath};
use nodechat_files::{Key, Limits, Part, parse_range};

use crate::forge;
use crate::world::{Dice, World, read};

#[tokio::test]
async fn a_file_comes_out_as_it_went_in_whole_and_in_part() {
    let content: Vec<u8> = (0..300_000u32).map(|i| b'a' + (i % 23) as u8).collect();
    for world in [World::new(), World::remote(Limits::default())] {
        let taken = world.take_file("a.txt", &content).await.unwrap();
        let key = Key::File(&taken.id);

        let opened = world.files.open(key, None).await.unwrap();
        assert_eq!((opened.total_bytes, opened.range.clone()), (300_000, 0..300_000));
        assert_eq!(read(opened).await, content);

        for header in ["bytes=0-0", "bytes=65535-65536", "bytes=299999-", "bytes=-131073", "bytes=1-299998"] {
            let Part::Bytes(range) = parse_range(header, taken.size_bytes) else { panic!("{header}") };
            let opened = world.files.open(key, Some(range.clone())).await.unwrap();
            assert_eq!((opened.total_bytes, opened.range.clone()), (300_000, range.clone()));
            assert_eq!(read(opened).await, content[range.start as usize..range.end as usize]);
        }
    }
}

#[tokio::test]
async fn an_acked_file_is_there_after_a_restart() {
    let world = World::new();
    let image = world.take_image("a.png", &forge::png()).await.unwrap();
    let file = world.take_file("a.txt", b"hello").await.unwrap();
    let restarted = nodechat_files::Files::local(world.folder.path(), Limits::default()).unwrap();
    assert_eq!(read(restarted.open(Key::Image(&image.path), None).await.unwrap()).await, forge::png());
    assert_eq!(read(restarted.open(Key::File(&file.id), None).await.unwrap()).await, b"hello");
}

#[tokio::test]
async fn a_name_that_was_never_given_out_opens_nothing() {
    let world = World::new();
    world.take_image("a.png", &forge::png()).await.unwrap();
    let path = ImagePath::new("2018-11-08", "png", &Dice);
    let id = FileId::new(&Dice);
    for key in [Key::Image(&path), Key::File(&id)] {
        assert_eq!(world.files.open(key, None).await.err().unwrap().code(), Code::NotFound);
    }
}

#[tokio::test]
async fn every_upload_has_a_name_of_its_own() {
    let world = World::remote(Limits::default());
    let mut names = HashSet::new();
    for _ in 0..50 {
        assert!(names.insert(world.take_file("a.txt", b"the same").await.unwrap().id));
    }
    let id = FileId::parse("0123456789abcdef0123456789abcdef").unwrap();
    assert_eq!(Key::File(&id).etag(), "\"0123456789abcdef0123456789abcdef\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_uploads_at_once_all_arrive() {
    let world = std::sync::Arc::new(World::new());
    let uploads: Vec<_> = (0..40)
        .map(|i| {
            let world = world.clone();
            tokio::spawn(async move { world.take_file("a.txt", format!("number {i}").as_bytes()).await })
        })
        .collect();
    for (i, upload) in uploads.into_iter().enumerate() {
        let taken = upload.await.unwrap().unwrap();
        let opened = world.files.open(Key::File(&taken.id), None).await.unwrap();
        assert_eq!(read(opened).await, format!("number {i}").into_bytes());
    }
}
