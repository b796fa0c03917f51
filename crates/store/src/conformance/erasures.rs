//! Erasing: bodies, names, files and notes go; positions stay.

use nodechat_domain::decide;
use nodechat_domain::model::{
    AccountId, Actor, AuditLine, Body, FileId, Message, Person, Realm, RoomId, Sender, Text, Upload,
    UploadKind,
};
use nodechat_domain::port::{Erasures, Rooms, Scope, commit};

use super::Stage;
use super::stage::{agent, company_id, hash, is_dense, visitor, visitor_of};

pub async fn everything_of_a_person_goes_and_positions_stay(stage: &Stage) {
    let (ann, eve, bob) = (visitor("ann"), visitor("eve"), agent("bob"));
    let ann = Person { attributes: Some("{\"vip\":true}".into()), ..ann };
    let (anns, eves) = (stage.room_of(&ann).await, stage.room_of(&eve).await);
    stage.store().add_ticket(hash(3), ann.clone(), i64::MAX).await.unwrap();
    let file = uploads(stage, &ann, "0123456789abcdef0123456789abcdef").await;
    let agents = uploads(stage, &bob, "fedcba9876543210fedcba9876543210").await;
    for number in 0..900 {
        stage.says(&ann, &anns, &format!("words {number}")).await;
    }
    stage.sends(&ann, &anns, stage.new_id(), file.clone()).await.unwrap();
    stage.sends(&bob, &anns, stage.new_id(), agents).await.unwrap();
    stage.says(&eve, &eves, "mine").await;
    notes(stage, &bob, &anns, "she is nice").await;

    let asked = stage.books().ask(ann.aid.clone(), line("c1")).await.unwrap();
    let again = stage.books().ask(ann.aid.clone(), line("c1")).await.unwrap();
    assert_eq!((asked.number, asked.finished), (again.number, None));
    assert!(stage.books().erase_some(stage.now()).await.unwrap());
    stage.reopen().await;
    erase(stage).await;

    let messages = stage.messages(&anns).await;
    assert!(is_dense(&messages) && messages.len() == 902);
    assert!(messages.iter().all(|message| message.body == Body::Recalled));
    let named = |message: &&Message| !message.sender.nick.as_str().is_empty();
    assert_eq!(messages.iter().filter(named).count(), 1, "the agent's name is the company's");
    let view = stage.view(&anns).await;
    assert_eq!(view.head.visitor_nick.as_str(), "");
    assert!(
        view.members
            .iter()
            .filter(|member| member.aid == ann.aid)
            .all(|member| { member.nick.as_str().is_empty() && member.account.as_str().is_empty() })
    );
    assert!(stage.store().notes(&anns, 0, 10).await.unwrap().is_empty());
    assert_eq!(stage.store().ticket_owner(hash(3), 0).await.unwrap(), None);
    let doomed = stage.books().doomed(10).await.unwrap();
    assert_eq!(
        doomed.iter().map(|file| file.key()).collect::<Vec<_>>(),
        ["0123456789abcdef0123456789abcdef"]
    );
    assert_eq!(
        nodechat_domain::port::Uploads::find(&*stage.store(), "0123456789abcdef0123456789abcdef")
            .await
            .unwrap(),
        None
    );
    assert!(
        nodechat_domain::port::Uploads::find(&*stage.store(), "fedcba9876543210fedcba9876543210")
            .await
            .unwrap()
            .is_some()
    );
    stage.books().removed(doomed).await.unwrap();
    assert!(stage.books().doomed(10).await.unwrap().is_empty());
    let done = Erasures::find(&stage.books(), &company_id("c1"), asked.number).await.unwrap().unwrap();
    assert!(done.finished.is_some());
    assert_eq!((done.messages, done.files), (902, 1));
    assert_eq!(Erasures::find(&stage.books(), &company_id("c2"), asked.number).await.unwrap(), None);
    assert_eq!(super::stage::words(&stage.messages(&eves).await[0]), "mine");
    // Whoever comes back begins anew, behind what was.
    assert_eq!(stage.says(&ann, &anns, "hello again").await.pos, 902);
}

pub async fn nobody_of_another_company_goes_with_it(stage: &Stage) {
    let (ann, foreign) = (visitor("ann"), visitor_of("c2", "ann"));
    let (here, there) = (stage.room_of(&ann).await, stage.room_of(&foreign).await);
    stage.says(&ann, &here, "here").await;
    stage.says(&foreign, &there, "there").await;
    stage.books().ask(ann.aid.clone(), line("c1")).await.unwrap();
    erase(stage).await;
    assert_eq!(stage.messages(&here).await[0].body, Body::Recalled);
    assert_eq!(super::stage::words(&stage.messages(&there).await[0]), "there");
    // A person who never came leaves nothing to do.
    stage.books().ask(AccountId::parse("nobody").unwrap(), line("c1")).await.unwrap();
    erase(stage).await;
}

pub async fn what_is_old_goes_in_pieces_and_what_is_not_stays(stage: &Stage) {
    let (ann, eve, foreign) = (visitor("ann"), visitor("eve"), visitor_of("c2", "ann"));
    let mut rooms = Vec::new();
    for person in [&ann, &eve, &foreign] {
        let room = stage.room_of(person).await;
        for number in 0..500 {
            stage.says(person, &room, &number.to_string()).await;
        }
        rooms.push(room);
    }
    uploads(stage, &ann, "0123456789abcdef0123456789abcdef").await;
    let before = stage.now();
    for (person, room) in [&ann, &eve].into_iter().zip(&rooms) {
        stage.says(person, room, "new").await;
    }
    let kept = uploads(stage, &ann, "fedcba9876543210fedcba9876543210").await;
    let (mut from, mut pieces) = (Some(0), 0);
    while let Some(room) = from {
        from = stage.books().expire_some(&company_id("c1"), before, room).await.unwrap();
        pieces += 1;
        assert!(pieces < 20, "it comes to an end");
    }
    assert!(pieces > 2, "one piece is not all");
    for room in &rooms[..2] {
        let messages = stage.messages(room).await;
        assert!(is_dense(&messages) && messages.len() == 501);
        assert!(messages[..500].iter().all(|message| message.body == Body::Recalled));
        assert_eq!(super::stage::words(&messages[500]), "new");
    }
    assert!(stage.messages(&rooms[2]).await.iter().all(|message| message.body != Body::Recalled));
    assert_eq!(stage.books().doomed(10).await.unwrap().len(), 1);
    assert!(matches!(kept, Body::File { .. }));
    assert!(
        nodechat_domain::port::Uploads::find(&*stage.store(), "fedcba9876543210fedcba9876543210")
            .await
            .unwrap()
            .is_some()
    );
}

async fn erase(stage: &Stage) {
    while stage.books().erase_some(stage.now()).await.unwrap() {}
}

fn line(company: &str) -> AuditLine {
    AuditLine {
        company: company_id(company),
        time: 5,
        actor: Actor::Operator,
        act: "person.erase",
        subject: "ann".into(),
        note: "".into(),
        address: None,
    }
}

async fn uploads(stage: &Stage, person: &Person, id: &str) -> Body {
    let id = FileId::parse(id).unwrap();
    let upload = Upload {
        kind: UploadKind::File { id: id.clone() },
        realm: Realm::Company(company_id("c1")),
        by: person.aid.clone(),
        name: "a.pdf".into(),
        size_bytes: 9,
        media_type: "application/pdf".into(),
        time: stage.now(),
    };
    nodechat_domain::port::Uploads::add(&*stage.store(), upload).await.unwrap();
    Body::File { id, name: "a.pdf".into(), size_bytes: 9 }
}

async fn notes(stage: &Stage, person: &Person, room: &RoomId, words: &str) {
    let (author, now, of, id) = (Sender::from(person), stage.now(), room.clone(), stage.new_id());
    let text = Text::parse(words).unwrap();
    let scope = Scope { note: Some(id), ..Scope::room(room.clone()) };
    let store = stage.store();
    let decide = move |snapshot: &_| decide::note(snapshot, &of, &author, id, &text, now);
    commit(&*store as &dyn Rooms, scope, decide).await.unwrap();
}
