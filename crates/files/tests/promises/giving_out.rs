//! What was taken comes out again, whole or in part, under its name alone.

use std::collections::HashSet;

use nodechat_domain::Code;
use nodechat_domain::model::{FileId, ImagePath};
use nodechat_files::{Key, Limits, Part, parse_range};

use crate::forge;
use crate::world::{Dice, World, read};

#[tokio::test]
async fn a_file_comes_out_as_it_went_in_whole_and_in_part() {
    let content = text(300_000);
    for world in World::everywhere() {
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
    for world in World::everywhere() {
        world.take_image("a.png", &forge::png()).await.unwrap();
        let path = ImagePath::new("2018-11-08", "png", &Dice);
        let id = FileId::new(&Dice);
        for key in [Key::Image(&path), Key::File(&id)] {
            assert_eq!(world.files.open(key, None).await.err().unwrap().code(), Code::NotFound);
            assert_eq!(world.files.size_of(key).await.err().unwrap().code(), Code::NotFound);
        }
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
    for world in World::everywhere() {
        many_uploads_at_once_arrive(std::sync::Arc::new(world)).await;
    }
}

async fn many_uploads_at_once_arrive(world: std::sync::Arc<World>) {
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

#[tokio::test]
async fn a_file_of_several_parts_comes_out_as_it_went_in() {
    let content = text(11_000_001);
    for world in World::everywhere() {
        let taken = world.take_file("a.txt", &content).await.unwrap();
        let key = Key::File(&taken.id);
        assert_eq!(world.files.size_of(key).await.unwrap(), 11_000_001);
        assert!(read(world.files.open(key, None).await.unwrap()).await == content);
        let across = 5_242_870..5_242_890;
        let opened = world.files.open(key, Some(across.clone())).await.unwrap();
        assert_eq!(read(opened).await, content[across.start as usize..across.end as usize]);
    }
}

#[tokio::test]
async fn what_one_node_has_taken_the_others_give_out() {
    let Some(one) = World::s3(Limits::default()) else { return };
    let other_folder = tempfile::tempdir().unwrap();
    let options = one.bucket.as_ref().expect("it is one with a bucket").options();
    let other = nodechat_files::Files::bucket(&options, other_folder.path(), Limits::default()).unwrap();
    let taken = one.take_image("a.png", &forge::png()).await.unwrap();
    assert_eq!(read(other.open(Key::Image(&taken.path), None).await.unwrap()).await, forge::png());
}

#[tokio::test]
async fn a_file_that_is_taken_over_is_the_same_under_the_same_name() {
    for from in World::everywhere() {
        let taken = from.take_file("a.txt", &text(70_000)).await.unwrap();
        let key = Key::File(&taken.id);
        for to in World::everywhere() {
            for _ in 0..2 {
                let opened = from.files.open(key, None).await.unwrap();
                to.files.take_over(key, opened.bytes, opened.total_bytes).await.unwrap();
                assert_eq!(read(to.files.open(key, None).await.unwrap()).await, text(70_000));
            }
            let opened = from.files.open(key, None).await.unwrap();
            let error = to.files.take_over(key, opened.bytes, 70_001).await.unwrap_err();
            assert_eq!(error.code(), Code::Unavailable, "a byte is missing");
        }
    }
}

fn text(size_bytes: u32) -> Vec<u8> {
    (0..size_bytes).map(|i| b'a' + (i % 23) as u8).collect()
}
