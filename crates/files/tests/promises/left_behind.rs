//! What was refused, cut off or given up leaves nothing behind.

use std::fs::File;
use std::path::Path;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, SystemTime};

use futures_util::{StreamExt, poll, stream};
use nodechat_domain::Code;
use nodechat_files::{Files, Key, Limits};

use crate::bad_weather::Entries;
use crate::forge;
use crate::world::{DAY, Dice, World, chunks, cut_off};

#[tokio::test]
async fn an_upload_cut_off_anywhere_leaves_nothing_behind() {
    let content = forge::png_from_a_telephone(6);
    for world in World::everywhere() {
        for length in 0..=content.len() {
            let cut = &content[..length];
            let error = world.files.take_image("a.png", cut_off(cut, 11), DAY, &Dice).await.unwrap_err();
            assert_eq!(error.code(), Code::Invalid, "the error of the connection is what comes out");
            let error = world.files.take_file("a.png", cut_off(cut, 11), &Dice).await.unwrap_err();
            assert_eq!(error.code(), Code::Invalid);
            assert_eq!(world.kept(), Vec::<String>::new(), "cut at {length}");
        }
        assert_eq!(world.kept_anywhere().await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn an_upload_given_up_while_it_comes_in_leaves_nothing_behind() {
    let world = World::new();
    {
        let stalled = chunks(b"hello", 1).chain(stream::pending());
        let mut upload = pin!(world.files.take_file("a.txt", stalled, &Dice));
        for _ in 0..100 {
            assert!(matches!(poll!(upload.as_mut()), Poll::Pending));
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(world.kept(), Vec::<String>::new());
}

#[tokio::test]
async fn half_written_objects_of_a_killed_server_are_swept_away() {
    let folder = tempfile::tempdir().unwrap();
    let kept = {
        let files = Files::local(folder.path(), Limits::default()).unwrap();
        files.take_image("a.png", chunks(&forge::png(), 9), DAY, &Dice).await.unwrap()
    };
    let day = folder.path().join("objects/images").join(DAY);
    left_by_a_killed_server(&day.join("onlinechat_0123456789abcdef0123456789abcdef.png#1"));
    left_by_a_killed_server(&folder.path().join("objects/half#2"));

    let files = Files::local(folder.path(), Limits::default()).unwrap();
    let under_way = day.join("onlinechat_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.png#1");
    std::fs::write(&under_way, "an upload of this process").unwrap();
    assert_eq!(files.sweep(&Entries::default()).await.unwrap(), 2);
    assert_eq!(files.sweep(&Entries::default()).await.unwrap(), 0);
    assert!(under_way.exists());
    assert!(files.open(Key::Image(&kept.path), None).await.is_ok());
}

#[tokio::test]
async fn what_is_removed_is_gone_and_may_be_removed_again() {
    for world in World::everywhere() {
        let taken = world.take_file("a.txt", b"hello").await.unwrap();
        world.files.remove(Key::File(&taken.id)).await.unwrap();
        world.files.remove(Key::File(&taken.id)).await.unwrap();
        assert_eq!(world.kept_anywhere().await, Vec::<String>::new());
        let error = world.files.open(Key::File(&taken.id), None).await.err().expect("it is gone");
        assert_eq!(error.code(), Code::NotFound);
    }
}

#[tokio::test]
async fn a_disk_that_takes_nothing_is_told_as_such_and_nothing_is_acked() {
    let world = World::new();
    std::fs::remove_dir_all(world.folder.path().join("scratch")).unwrap();
    let error = world.take_file("a.txt", b"hello").await.unwrap_err();
    assert_eq!(error.code(), Code::Unavailable);
    assert!(error.retry_after_ms().is_some());

    let world = World::new();
    let objects = world.folder.path().join("objects");
    std::fs::remove_dir(&objects).unwrap();
    std::fs::write(&objects, "no folder").unwrap();
    let error = world.take_file("a.txt", b"hello").await.unwrap_err();
    assert_eq!(error.code(), Code::Unavailable);
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_on_the_machine_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;

    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("data/files");
    Files::local(&folder, Limits::default()).unwrap();
    for private in [folder.join("scratch"), folder.join("objects"), folder] {
        assert_eq!(private.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    }
}

fn left_by_a_killed_server(path: &Path) {
    let file = File::create(path).unwrap();
    #[allow(clippy::disallowed_methods, reason = "the file system's clock is what is tested")]
    let an_hour_ago = SystemTime::now() - Duration::from_secs(3600);
    file.set_modified(an_hour_ago).unwrap();
}
