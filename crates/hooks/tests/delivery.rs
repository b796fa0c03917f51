//! What happens is delivered: signed, again after a failure, to every kind of receiver that is there to make trouble.

#![allow(clippy::unwrap_used, reason = "these are tests")]

mod stand_in;
mod world;

use nodechat_domain::model::DeliveryState;
use stand_in::{Answer, StandIn};
use world::World;

#[tokio::test]
async fn what_happens_arrives_signed_and_once() {
    let receiver = StandIn::start(Answer::Status(204)).await;
    let world = World::open().await;
    let webhook = world.subscribes(&receiver.url("/hook?a=1")).await;
    world.happens("one").await;
    let got = receiver.next().await;
    assert_eq!(got.line, "POST /hook?a=1 HTTP/1.1");
    assert_eq!(got.body, "one");
    assert_eq!(got.header("content-type"), "application/json");
    let (id, seconds) = (got.header("webhook-id"), got.header("webhook-timestamp").parse::<i64>().unwrap());
    assert_eq!(got.header("webhook-signature"), webhook.signatures(id, seconds * 1000, got.body.as_bytes()));
    let log = world.settled(&webhook, 1).await;
    assert_eq!((log[0].state, log[0].attempts, log[0].status), (DeliveryState::Delivered, 1, Some(204)));
    assert_eq!(log[0].notice.0.to_string(), id);
    assert_eq!(receiver.count(), 1);
}

#[tokio::test]
async fn what_fails_comes_again_with_the_same_id_and_in_order() {
    let receiver = StandIn::start(Answer::Status(500)).await;
    let world = World::open().await;
    let webhook = world.subscribes(&receiver.url("/")).await;
    world.happens("one").await;
    let first = receiver.next().await;
    world.happens("two").await;
    let log = world.until(&webhook, |log| log.iter().any(|one| one.attempts == 1)).await;
    assert_eq!(log.last().unwrap().status, Some(500));
    receiver.answers(Answer::Status(200));
    // Not before its time, and nothing overtakes it.
    world.later(60_000);
    let again = receiver.next().await;
    assert_eq!((again.body.as_str(), again.header("webhook-id")), ("one", first.header("webhook-id")));
    assert_eq!(receiver.next().await.body, "two");
    let log = world.settled(&webhook, 2).await;
    assert!(log.iter().all(|one| one.state == DeliveryState::Delivered));
}

#[tokio::test]
async fn a_slow_receiver_is_not_waited_for_and_harms_no_other() {
    let (slow, quick) = (StandIn::start(Answer::Never).await, StandIn::start(Answer::Status(200)).await);
    let world = World::open().await;
    let waits = world.subscribes(&slow.url("/")).await;
    let works = world.subscribes(&quick.url("/")).await;
    for number in 0..20 {
        world.happens_in(&format!("thread {number}"), "x").await;
    }
    world.settled(&works, 20).await;
    let log = world.until(&waits, |log| log.iter().any(|one| one.attempts > 0)).await;
    let tried = log.iter().find(|one| one.attempts > 0).unwrap();
    assert_eq!(tried.failure.as_deref(), Some("it did not answer in time"));
    assert_eq!(tried.state, DeliveryState::Waiting);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (secret, receiver) = (StandIn::start(Answer::Status(200)).await, StandIn::start(Answer::Never).await);
    receiver.answers(Answer::Redirect(secret.url("/admin")));
    let world = World::open().await;
    let webhook = world.subscribes(&receiver.url("/")).await;
    world.happens("one").await;
    let log = world.until(&webhook, |log| log.iter().any(|one| one.attempts > 0)).await;
    assert_eq!((log[0].status, log[0].state), (Some(307), DeliveryState::Waiting));
    assert_eq!(secret.count(), 0);
}

#[tokio::test]
async fn endless_answers_end() {
    for answer in [Answer::EndlessBody, Answer::EndlessHeaders] {
        let receiver = StandIn::start(answer).await;
        let world = World::open().await;
        let webhook = world.subscribes(&receiver.url("/")).await;
        world.happens("one").await;
        let log = world.until(&webhook, |log| log.iter().any(|one| one.attempts > 0)).await;
        match answer_kind(&receiver) {
            // The status has been said.
            "body" => assert_eq!(log[0].state, DeliveryState::Delivered),
            _ => assert!(log[0].failure.is_some()),
        }
    }
}

fn answer_kind(receiver: &StandIn) -> &'static str {
    match receiver.answer() {
        Answer::EndlessBody => "body",
        _ => "headers",
    }
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_switched_off() {
    let receiver = StandIn::start(Answer::Status(410)).await;
    let world = World::open().await;
    let webhook = world.subscribes(&receiver.url("/")).await;
    world.happens("one").await;
    let log = world.settled(&webhook, 1).await;
    assert_eq!(log[0].state, DeliveryState::GivenUp);
    let after = world.look(&webhook).await;
    assert!(!after.on && after.off_because.is_some());
}

#[tokio::test]
async fn no_private_address_is_called_whatever_leads_there() {
    let receiver = StandIn::start(Answer::Status(200)).await;
    let world = World::open_to_the_public_only().await;
    let port = receiver.port();
    for host in ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "2130706433", "0x7f.1"] {
        let url = format!("http://{host}:{port}/");
        let webhook = world.subscribes(&url).await;
        world.happens("one").await;
        let log = world.until(&webhook, |log| log.iter().any(|one| one.attempts > 0)).await;
        let failure = log[0].failure.as_deref().unwrap_or_default();
        assert!(failure.contains("public internet"), "{url}: {failure}");
        world.unsubscribes(&webhook).await;
    }
    assert_eq!(receiver.count(), 0);
}

#[tokio::test]
async fn nobody_there_is_said_in_the_log() {
    let port = StandIn::start(Answer::Never).await.into_port();
    let world = World::open().await;
    let webhook = world.subscribes(&format!("http://127.0.0.1:{port}/")).await;
    world.happens("one").await;
    let log = world.until(&webhook, |log| log.iter().any(|one| one.attempts > 0)).await;
    assert!(log[0].failure.as_deref().unwrap().to_lowercase().contains("refused"));
}

#[tokio::test]
async fn two_nodes_share_the_work_and_tell_everything_once() {
    let receiver = StandIn::start(Answer::Status(200)).await;
    let world = World::open().await;
    world.one_more_node();
    let webhook = world.subscribes(&receiver.url("/")).await;
    for number in 0..40 {
        world.happens_in(&format!("thread {}", number % 7), &number.to_string()).await;
    }
    world.settled(&webhook, 40).await;
    let mut bodies: Vec<u32> = receiver.all().iter().map(|got| got.body.parse().unwrap()).collect();
    for thread in 0..7 {
        let of_thread: Vec<_> = bodies.iter().filter(|number| *number % 7 == thread).collect();
        assert!(of_thread.is_sorted(), "{of_thread:?}");
    }
    bodies.sort_unstable();
    assert_eq!(bodies, (0..40).collect::<Vec<_>>());
}
