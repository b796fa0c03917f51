//! Keys, tokens, tickets and visitors' secrets.

use nodechat_domain::model::{Person, Realm};

use super::stage::{Stage, agent, hash, name, visitor, visitor_of};

pub async fn a_token_is_redeemed_once_among_sixty_four(stage: &Stage) {
    let ann = visitor("ann");
    stage.store().add_token(hash(1), ann.clone(), 100).await.unwrap();
    let redeeming: Vec<_> = (0..64)
        .map(|number| {
            let store = stage.store();
            tokio::spawn(async move { store.redeem_token(hash(1), hash(100 + number), 1000, 50).await })
        })
        .collect();
    let mut winners = Vec::new();
    for (task, ticket) in redeeming.into_iter().zip(100..) {
        if let Some(person) = task.await.unwrap().unwrap() {
            assert_eq!(person, ann);
            winners.push(ticket);
        }
    }
    assert_eq!(winners.len(), 1);
    for ticket in 100..164 {
        let owner = stage.store().ticket_owner(hash(ticket), 60).await.unwrap();
        assert_eq!(owner.is_some(), winners.contains(&ticket));
    }
    assert_eq!(stage.store().redeem_token(hash(1), hash(99), 1000, 50).await.unwrap(), None);
}

pub async fn an_expired_or_unknown_token_opens_nothing(stage: &Stage) {
    let store = stage.store();
    store.add_token(hash(1), visitor("ann"), 100).await.unwrap();
    assert_eq!(store.redeem_token(hash(1), hash(2), 1000, 100).await.unwrap(), None);
    assert_eq!(store.redeem_token(hash(9), hash(2), 1000, 0).await.unwrap(), None);
    assert_eq!(store.ticket_owner(hash(2), 0).await.unwrap(), None);
    // A ticket is no token.
    store.add_ticket(hash(3), visitor("ann"), 1000).await.unwrap();
    assert_eq!(store.redeem_token(hash(3), hash(4), 1000, 0).await.unwrap(), None);
}

pub async fn a_person_is_told_anew_with_each_ticket(stage: &Stage) {
    let store = stage.store();
    let ann = visitor("ann");
    let anna = Person {
        nick: name("Anna"),
        mid: name("m2"),
        account: name("anna@host"),
        attributes: Some(r#"{"level":3}"#.into()),
        ..ann.clone()
    };
    store.add_ticket(hash(1), ann.clone(), 1000).await.unwrap();
    store.add_token(hash(2), anna.clone(), 1000).await.unwrap();
    assert_eq!(store.ticket_owner(hash(1), 0).await.unwrap(), Some(ann.clone()), "only told by a token");
    assert_eq!(store.redeem_token(hash(2), hash(3), 1000, 0).await.unwrap(), Some(anna.clone()));
    assert_eq!(store.ticket_owner(hash(1), 0).await.unwrap(), Some(anna.clone()));
    assert_eq!(store.ticket_owner(hash(3), 0).await.unwrap(), Some(anna));
    store.add_ticket(hash(4), ann.clone(), 1000).await.unwrap();
    assert_eq!(store.ticket_owner(hash(3), 0).await.unwrap(), Some(ann));
}

pub async fn a_ticket_ends_at_its_time(stage: &Stage) {
    let store = stage.store();
    store.add_ticket(hash(1), visitor("ann"), 100).await.unwrap();
    assert!(store.ticket_owner(hash(1), 99).await.unwrap().is_some());
    assert!(store.ticket_owner(hash(1), 100).await.unwrap().is_none());
    assert!(store.ticket_owner(hash(2), 0).await.unwrap().is_none());
}

pub async fn a_ticket_is_revoked_alone(stage: &Stage) {
    let store = stage.store();
    let ann = visitor("ann");
    store.add_ticket(hash(1), ann.clone(), 100).await.unwrap();
    store.add_ticket(hash(2), ann.clone(), 100).await.unwrap();
    assert_eq!(store.revoke_ticket(hash(1)).await.unwrap(), Some(ann.clone()));
    assert_eq!(store.revoke_ticket(hash(1)).await.unwrap(), None);
    assert_eq!(store.ticket_owner(hash(1), 0).await.unwrap(), None);
    assert_eq!(store.ticket_owner(hash(2), 0).await.unwrap(), Some(ann));
}

pub async fn revoking_a_person_ends_its_tickets_and_tokens_only(stage: &Stage) {
    let store = stage.store();
    let ann = visitor("ann");
    let others = [visitor("bob"), agent("ann"), visitor_of("c2", "ann")];
    store.add_ticket(hash(1), ann.clone(), 100).await.unwrap();
    store.add_ticket(hash(2), ann.clone(), 100).await.unwrap();
    store.add_token(hash(3), ann.clone(), 100).await.unwrap();
    for (other, number) in others.iter().zip(10..) {
        store.add_ticket(hash(number), other.clone(), 100).await.unwrap();
        store.add_token(hash(number + 10), other.clone(), 100).await.unwrap();
    }
    assert_eq!(store.revoke_person(&ann).await.unwrap(), 2);
    assert_eq!(store.revoke_person(&ann).await.unwrap(), 0);
    assert_eq!(store.revoke_person(&visitor("nobody")).await.unwrap(), 0);
    assert_eq!(store.ticket_owner(hash(1), 0).await.unwrap(), None);
    assert_eq!(store.ticket_owner(hash(2), 0).await.unwrap(), None);
    assert_eq!(store.redeem_token(hash(3), hash(4), 100, 0).await.unwrap(), None);
    for (other, number) in others.iter().zip(10..) {
        assert_eq!(store.ticket_owner(hash(number), 0).await.unwrap().as_ref(), Some(other));
        let redeemed = store.redeem_token(hash(number + 10), hash(number + 20), 100, 0).await.unwrap();
        assert_eq!(redeemed.as_ref(), Some(other));
    }
}

pub async fn of_a_persons_tickets_one_may_stay(stage: &Stage) {
    let store = stage.store();
    let boss = agent("boss");
    for (number, owner) in [(1, "boss"), (2, "boss"), (3, "boss"), (4, "bob")] {
        store.add_ticket(hash(number), agent(owner), 100).await.unwrap();
    }
    store.add_token(hash(5), boss.clone(), 100).await.unwrap();
    assert_eq!(store.revoke_others(&boss, hash(2)).await.unwrap(), 2);
    assert_eq!(store.revoke_others(&boss, hash(2)).await.unwrap(), 0);
    for (number, stays) in [(1, false), (2, true), (3, false), (4, true)] {
        assert_eq!(store.ticket_owner(hash(number), 0).await.unwrap().is_some(), stays, "{number}");
    }
    assert_eq!(store.redeem_token(hash(5), hash(6), 100, 0).await.unwrap(), None);
    assert_eq!(store.revoke_others(&boss, hash(4)).await.unwrap(), 1, "another's ticket is none to keep");
    assert!(store.ticket_owner(hash(4), 0).await.unwrap().is_some());
    assert_eq!(store.revoke_others(&agent("nobody"), hash(1)).await.unwrap(), 0);
}

pub async fn the_same_aid_in_two_realms_is_two_people(stage: &Stage) {
    let store = stage.store();
    let people = [
        visitor("x"),
        agent("x"),
        visitor_of("c2", "x"),
        Person { realm: Realm::Platform, nick: name("market"), ..visitor("x") },
    ];
    for (person, number) in people.iter().zip(1..) {
        store.add_ticket(hash(number), person.clone(), 100).await.unwrap();
    }
    for (person, number) in people.iter().zip(1..) {
        assert_eq!(store.ticket_owner(hash(number), 0).await.unwrap().as_ref(), Some(person));
    }
}

pub async fn only_what_expired_is_forgotten(stage: &Stage) {
    let store = stage.store();
    for number in 0..40 {
        let expires = 100 + i64::from(number);
        store.add_ticket(hash(number), visitor("ann"), expires).await.unwrap();
        store.add_token(hash(100 + number), visitor("bob"), expires).await.unwrap();
    }
    assert_eq!(store.forget_expired(100).await.unwrap(), 0);
    assert_eq!(store.forget_expired(120).await.unwrap(), 40);
    assert_eq!(store.forget_expired(120).await.unwrap(), 0);
    for number in 0..40 {
        assert_eq!(store.ticket_owner(hash(number), 0).await.unwrap().is_some(), number >= 20);
        let redeemed = store.redeem_token(hash(100 + number), hash(200 + number), 1000, 0).await.unwrap();
        assert_eq!(redeemed.is_some(), number >= 20);
    }
}

pub async fn an_anonymous_visitor_is_known_again(stage: &Stage) {
    let store = stage.store();
    let nobody = visitor("v-1");
    store.add_visitor(hash(1), nobody.clone()).await.unwrap();
    assert_eq!(store.visitor(hash(1)).await.unwrap(), Some(nobody.clone()));
    assert_eq!(store.visitor(hash(2)).await.unwrap(), None);
    // A secret is no ticket, and a ticket no secret.
    assert_eq!(store.ticket_owner(hash(1), 0).await.unwrap(), None);
    store.add_ticket(hash(3), nobody, 100).await.unwrap();
    assert_eq!(store.visitor(hash(3)).await.unwrap(), None);
}
