//! A bucket that is away, and a server that dies while it writes: nobody waits for long, nothing is half
//! done, nothing stays behind.
//!
//! The clock stands still and jumps to the next deadline when everybody waits.

use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt;
use nodechat_domain::model::{AccountId, Realm, Upload, UploadKind};
use nodechat_domain::port::{Answer, Uploads};
use nodechat_domain::{Code, Result};
use nodechat_files::{Files, Key, Limits};
use tokio::time::Instant;

use crate::weather::{Fault, Weather};
use crate::world::{Dice, TIME_LIMIT, World, chunks, read};

/// Sent as one, and sent in three parts.
const SIZES: [usize; 2] = [1_000, 11_000_000];
const LOOK: Duration = Duration::from_secs(10);
/// Twice fifteen minutes: looks become rare.
const LATEST: Duration = Duration::from_secs(30 * 60);
const FAULTS: [Fault; 3] = [Fault::Silence, Fault::AnswerLost, Fault::Refusal];

/// The entries that were stored.
#[derive(Default)]
pub struct Entries(Vec<Upload>);

impl Uploads for Entries {
    fn add(&self, _: Upload) -> Answer<'_, ()> {
        unreachable!("nothing is recorded here")
    }

    fn find(&self, key: &str) -> Answer<'_, Option<Upload>> {
        let found = self.0.iter().find(|upload| Key::from(&upload.kind).name() == key).cloned();
        Box::pin(async { Ok(found) })
    }
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_the_bucket_fails_is_put_off_and_swept_away() {
    for (size_bytes, fault) in SIZES.into_iter().flat_map(|size| FAULTS.map(|fault| (size, fault))) {
        for at_call in 0..calls_of_an_upload(size_bytes).await {
            let weather = Weather::fair();
            let world = World::under(&weather, Limits::default());
            weather.turns_bad(at_call, fault);
            let from = Instant::now();
            let error = world.take_file("a.txt", &vec![b'x'; size_bytes]).await.unwrap_err();
            assert_eq!(error.code(), Code::Unavailable, "{fault:?} at {at_call}");
            assert!(error.retry_after_ms().is_some());
            assert!(from.elapsed() < 2 * TIME_LIMIT, "{fault:?} at {at_call}");
            assert!(!world.files.health().unwrap().is_well());

            weather.clears_up();
            world.files.look_after(&Entries::default()).await.unwrap();
            nothing_is_left(&world, &weather, fault, at_call).await;
            assert!(world.files.health().unwrap().is_well());
            world.take_file("a.txt", b"hello").await.unwrap();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_killed_at_any_moment_of_an_upload_leaves_nothing_to_the_next_start() {
    for (size_bytes, fault) in
        SIZES.into_iter().flat_map(|size| [(size, Fault::AnswerLost), (size, Fault::Silence)])
    {
        let calls = calls_of_an_upload(size_bytes).await;
        for at_call in 0..calls {
            let weather = Weather::fair();
            let world = Arc::new(World::under(&weather, Limits::default()));
            weather.turns_bad(at_call, fault);
            let uploading = tokio::spawn({
                let world = world.clone();
                async move { world.take_file("a.txt", &vec![b'x'; size_bytes]).await }
            });
            while weather.calls() <= at_call {
                tokio::task::yield_now().await;
            }
            uploading.abort();
            assert!(uploading.await.unwrap_err().is_cancelled());

            weather.clears_up();
            let world = Arc::into_inner(world).expect("the upload is gone").restarted(&weather);
            world.files.sweep(&Entries::default()).await.unwrap();
            nothing_is_left(&world, &weather, fault, at_call).await;
        }
    }
}

#[tokio::test]
async fn a_server_killed_before_it_has_recorded_an_upload_removes_it_at_its_next_start() {
    let weather = Weather::fair();
    let world = World::under(&weather, Limits::default());
    let forgotten = world.take_file("a.txt", b"forgotten").await.unwrap();
    let recorded = world.take_file("b.txt", b"recorded, and killed at once").await.unwrap();
    let finished = world.take_file("c.txt", b"recorded, and told so").await.unwrap();
    world.files.recorded(Key::File(&finished.id)).await;

    let world = world.restarted(&weather);
    let files = &world.files;
    let entries = Entries(vec![Upload {
        kind: UploadKind::File { id: recorded.id.clone() },
        realm: Realm::Platform,
        by: AccountId::parse("u1").unwrap(),
        name: recorded.name.as_str().into(),
        size_bytes: recorded.size_bytes,
        media_type: recorded.media_type.into(),
        time: 0,
    }]);
    assert_eq!(files.sweep(&entries).await.unwrap(), 1);
    assert_eq!(files.sweep(&entries).await.unwrap(), 0);
    let gone = files.open(Key::File(&forgotten.id), None).await.err().expect("it is removed");
    assert_eq!(gone.code(), Code::NotFound);
    assert_eq!(
        read(files.open(Key::File(&recorded.id), None).await.unwrap()).await,
        b"recorded, and killed at once"
    );
    assert!(files.open(Key::File(&finished.id), None).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_comes_out_of_the_network_after_all_is_removed_as_well() {
    let weather = Weather::fair();
    let world = World::under(&weather, Limits::default());
    weather.turns_bad(0, Fault::Silence);
    world.take_file("a.txt", b"hello").await.unwrap_err();
    weather.clears_up();
    world.files.look_after(&Entries::default()).await.unwrap();
    assert_eq!(weather.kept().await, Vec::<String>::new());

    weather.delivers_late().await;
    assert_eq!(weather.kept().await.len(), 1);
    tokio::time::sleep(LOOK).await;
    world.files.look_after(&Entries::default()).await.unwrap();
    assert_eq!(weather.kept().await, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_download_ends_when_the_bucket_falls_silent_at_any_chunk() {
    let weather = Weather::fair();
    let world = World::under(&weather, Limits::default());
    let taken = world.take_file("a.txt", &[b'x'; 300_000]).await.unwrap();
    for at_call in 0..6 {
        weather.turns_bad(at_call, Fault::Silence);
        let from = Instant::now();
        let outcome: Result<Vec<_>> = match world.files.open(Key::File(&taken.id), None).await {
            Ok(opened) => opened.bytes.try_collect().await,
            Err(error) => Err(error),
        };
        assert_eq!(outcome.unwrap_err().code(), Code::Unavailable, "at {at_call}");
        assert!(from.elapsed() < 2 * TIME_LIMIT, "at {at_call}");
        weather.clears_up();
    }
    let opened = world.files.open(Key::File(&taken.id), None).await.unwrap();
    assert_eq!(read(opened).await.len(), 300_000);
}

#[tokio::test(start_paused = true)]
async fn a_reader_who_takes_its_time_is_not_cut_off() {
    let world = World::remote(Limits::default());
    let taken = world.take_file("a.txt", &[b'x'; 300_000]).await.unwrap();
    let mut opened = world.files.open(Key::File(&taken.id), None).await.unwrap();
    let mut read_bytes = 0;
    while let Some(chunk) = opened.bytes.try_next().await.unwrap() {
        read_bytes += chunk.len();
        tokio::time::sleep(10 * TIME_LIMIT).await;
    }
    assert_eq!(read_bytes, 300_000);
}

#[tokio::test(start_paused = true)]
async fn a_crowd_of_uploads_waits_no_longer_than_one() {
    let weather = Weather::fair();
    let world = Arc::new(World::under(&weather, Limits::default()));
    weather.turns_bad(0, Fault::Silence);
    let from = Instant::now();
    let uploads: Vec<_> = (0..100)
        .map(|_| {
            let world = world.clone();
            tokio::spawn(async move { world.files.take_file("a.txt", chunks(b"hello", 5), &Dice).await })
        })
        .collect();
    for upload in uploads {
        assert_eq!(upload.await.unwrap().unwrap_err().code(), Code::Unavailable);
    }
    assert!(from.elapsed() < 2 * TIME_LIMIT);
}

#[tokio::test(start_paused = true)]
async fn a_bucket_that_is_away_at_the_start_is_told_as_such() {
    let weather = Weather::fair();
    let world = World::under(&weather, Limits::default());
    world.files.check(&Dice).await.unwrap();
    assert_eq!(weather.kept().await, Vec::<String>::new(), "a check leaves nothing");
    for fault in FAULTS {
        weather.turns_bad(0, fault);
        let unusable = world.files.check(&Dice).await.unwrap_err();
        assert!(unusable.is_away, "{unusable}");
        assert!(unusable.to_string().starts_with("cannot write in the bucket s3://test: "), "{unusable}");
        weather.clears_up();
    }
}

#[tokio::test]
async fn a_bucket_that_nobody_has_made_is_told_as_such_and_one_that_is_there_passes() {
    let Some(world) = World::s3(Limits::default()) else { return };
    world.files.check(&Dice).await.unwrap();
    assert_eq!(world.kept_anywhere().await, Vec::<String>::new());

    let mut options = world.bucket.as_ref().expect("it is one with a bucket").options();
    options.url = "s3://nobody-has-made-it".to_owned();
    let folder = tempfile::tempdir().unwrap();
    let files = Files::bucket(&options, folder.path(), Limits::default()).unwrap();
    let unusable = files.check(&Dice).await.unwrap_err();
    assert!(!unusable.is_away && unusable.to_string().contains("make the bucket first"), "{unusable}");
}

async fn nothing_is_left(world: &World, weather: &Weather, fault: Fault, at_call: usize) {
    let kept = weather.kept().await;
    if fault == Fault::AnswerLost && at_call == 0 && kept.len() == 1 {
        // The one thing that only the bucket knows: an upload in parts whose number never came. No part
        // of it was sent, and the bucket's rule for incomplete uploads removes it.
        assert!(kept[0].ends_with("(parts)"), "{kept:?}");
    } else {
        assert_eq!(kept, Vec::<String>::new(), "{fault:?} at {at_call}");
    }
    // Not even a note of it, once no request of the upload can come late any more.
    let from = Instant::now();
    while from.elapsed() < LATEST {
        tokio::time::sleep(LOOK).await;
        world.files.look_after(&Entries::default()).await.unwrap();
    }
    assert_eq!(world.kept(), Vec::<String>::new(), "{fault:?} at {at_call}");
}

async fn calls_of_an_upload(size_bytes: usize) -> usize {
    let weather = Weather::fair();
    let world = World::under(&weather, Limits::default());
    world.take_file("a.txt", &vec![b'x'; size_bytes]).await.unwrap();
    weather.calls()
}
