//! Erasing: bodies, names, files and notes go; positions stay.

use std::sync::Arc;

use nodechat_domain::decide;
use nodechat_domain::error::{Code, Error};
use nodechat_domain::model::{
    AccountId, Actor, Agent, AgentsWords, AuditLine, Body, CannedId, CannedReply, Company, FileId, KeyId,
    Login, Message, PasswordHash, Person, PlatformCaller, Realm, Role, RoomId, Scopes, Sender, Settings,
    Shortcut, Side, Template, Text, Upload, UploadKind, Users,
};
use nodechat_domain::port::{
    Agents, Audit, AuditQuery, CannedReplies, Companies, Erasures, Rooms, Scope, commit,
};

use super::Stage;
use super::stage::{agent, company_id, hash, is_dense, name, visitor, visitor_of};

pub async fn everything_of_a_person_goes_and_positions_stay(stage: &Stage) {
    let (ann, eve, bob) = (visitor("ann"), visitor("eve"), agent("bob"));
    let ann = Person { attributes: Some("{\"vip\":true}".into()), ..ann };
    let (anns, eves) = (stage.room_of(&ann).await, stage.room_of(&eve).await);
    stage.store().add_ticket(hash(3), ann.clone(), i64::MAX).await.unwrap();
    stage.store().add_visitor(hash(4), ann.clone()).await.unwrap();
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
    assert_eq!(stage.store().visitor(hash(4)).await.unwrap(), None);
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
    let done = Erasures::find(&stage.books(), &of_company("c1"), asked.number).await.unwrap().unwrap();
    assert!(done.finished.is_some());
    assert_eq!((done.messages, done.files), (902, 1));
    assert_eq!(Erasures::find(&stage.books(), &of_company("c2"), asked.number).await.unwrap(), None);
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

pub async fn an_erased_agent_leaves_places_and_the_companys_name(stage: &Stage) {
    let (ann, eve, bob, kim) = (visitor("ann"), visitor("eve"), agent("bob"), agent("kim"));
    company(stage, "c1", Users::Own).await;
    let (anns, eves) = (stage.room_of(&ann).await, stage.room_of(&eve).await);
    hire(stage, &bob, Role::Agent).await;
    hire(stage, &kim, Role::Owner).await;
    stage.store().add_ticket(hash(3), bob.clone(), i64::MAX).await.unwrap();
    stage.store().add_ticket(hash(4), kim.clone(), i64::MAX).await.unwrap();
    for room in [&anns, &eves] {
        stage.enters(&bob, room).await;
        stage.enters(&kim, room).await;
    }
    for number in 0..450 {
        stage.says(&bob, &anns, &format!("answer {number}")).await;
    }
    stage.says(&ann, &anns, "thanks").await;
    stage.says(&kim, &anns, "mine").await;
    let file = uploads(stage, &bob, "0123456789abcdef0123456789abcdef").await;
    stage.sends(&bob, &eves, stage.new_id(), file).await.unwrap();
    notes(stage, &bob, &anns, "bob's note").await;
    notes(stage, &kim, &anns, "kim's note").await;
    let own = replies(stage, Some("bob"), 1).await;
    let shared = replies(stage, None, 2).await;

    let refuse = Box::new(|_: &Agent, _| Err(Error::conflict("stays")));
    let books = stage.books();
    let ask = |decide| Erasures::ask_of_agent(&books, aid("bob"), AgentsWords::Erase, decide, line("c1"));
    assert_eq!(ask(refuse).await.unwrap_err().code(), Code::Conflict);
    assert!(!stage.books().erase_some(stage.now()).await.unwrap(), "what was refused has not begun");
    let one_other = Box::new(|agent: &Agent, others| {
        assert_eq!((agent.nick.as_str(), others), ("bob", 1));
        Ok(())
    });
    let asked = ask(one_other.clone()).await.unwrap();
    assert_eq!((asked.side, asked.finished), (Side::Agent, None));
    assert_eq!(ask(one_other).await.unwrap().number, asked.number);
    drop(books);
    let dismissed = Agents::find(&stage.books(), &company_id("c1"), &aid("bob")).await.unwrap().unwrap();
    assert!(!dismissed.active && dismissed.login.is_none(), "at once");
    assert!(stage.books().erase_some(stage.now()).await.unwrap());
    stage.reopen().await;
    erase(stage).await;

    let messages = stage.messages(&anns).await;
    assert!(is_dense(&messages) && messages.len() == 452);
    for message in &messages[..450] {
        let seen = (&message.body, message.sender.nick.as_str(), message.sender.mid.as_str());
        assert_eq!(seen, (&Body::Recalled, "The shop c1", ""));
    }
    let told: Vec<_> = messages[450..].iter().map(super::stage::words).collect();
    assert_eq!(told, ["thanks", "mine"]);
    assert_eq!(messages[451].sender.nick.as_str(), "kim");
    assert_eq!(stage.messages(&eves).await[0].body, Body::Recalled);
    let members = stage.view(&anns).await.members;
    let bobs = members.iter().find(|member| member.aid == bob.aid).unwrap();
    assert_eq!((bobs.nick.as_str(), bobs.account.as_str()), ("The shop c1", ""));
    let noted = stage.store().notes(&anns, 0, 10).await.unwrap();
    let noted: Vec<_> = noted.iter().map(|note| (note.text.as_str(), note.author.nick.as_str())).collect();
    assert_eq!(noted, [("-", "The shop c1"), ("kim's note", "kim")]);
    assert_eq!(stage.store().ticket_owner(hash(3), 0).await.unwrap(), None);
    assert!(stage.store().ticket_owner(hash(4), 0).await.unwrap().is_some());
    assert_eq!(Agents::find(&stage.books(), &company_id("c1"), &aid("bob")).await.unwrap(), None);
    assert!(Agents::find(&stage.books(), &company_id("c1"), &aid("kim")).await.unwrap().is_some());
    assert_eq!(CannedReplies::find(&stage.books(), &company_id("c1"), own).await.unwrap(), None);
    assert!(CannedReplies::find(&stage.books(), &company_id("c1"), shared).await.unwrap().is_some());
    assert_eq!(stage.books().doomed(10).await.unwrap().len(), 1);
    let done = Erasures::find(&stage.books(), &of_company("c1"), asked.number).await.unwrap().unwrap();
    assert!(done.finished.is_some());
    assert_eq!((done.messages, done.files), (451, 1));
    // Whoever comes with a token of the host site again is somebody new.
    let again = Agents::enter(&stage.books(), Agent::seen(company_id("c1"), &bob, 9)).await.unwrap();
    assert!(again.active);
}

pub async fn an_agents_words_may_stay_without_its_name(stage: &Stage) {
    let (ann, bob) = (visitor("ann"), agent("bob"));
    company(stage, "c1", Users::Own).await;
    let room = stage.room_of(&ann).await;
    stage.enters(&bob, &room).await;
    stage.says(&bob, &room, "an answer").await;
    let file = uploads(stage, &bob, "0123456789abcdef0123456789abcdef").await;
    stage.sends(&bob, &room, stage.new_id(), file).await.unwrap();
    notes(stage, &bob, &room, "a note").await;
    let decide = Box::new(|_: &Agent, _| panic!("there is no such account"));
    let books = stage.books();
    let asked = books.ask_of_agent(aid("bob"), AgentsWords::Keep, decide, line("c1")).await.unwrap();
    erase(stage).await;
    let messages = stage.messages(&room).await;
    assert_eq!(super::stage::words(&messages[0]), "an answer");
    assert!(messages.iter().all(|message| message.sender.nick.as_str() == "The shop c1"));
    let noted = stage.store().notes(&room, 0, 10).await.unwrap();
    assert_eq!((noted[0].text.as_str(), noted[0].author.nick.as_str()), ("a note", "The shop c1"));
    assert!(stage.books().doomed(10).await.unwrap().is_empty());
    let done = Erasures::find(&stage.books(), &of_company("c1"), asked.number).await.unwrap().unwrap();
    assert_eq!((done.messages, done.files), (2, 0));
}

pub async fn of_a_visitor_and_an_agent_of_one_id_one_goes(stage: &Stage) {
    let (ann, namesake) = (visitor("ann"), agent("ann"));
    company(stage, "c1", Users::Own).await;
    let room = stage.room_of(&ann).await;
    stage.enters(&namesake, &room).await;
    stage.store().add_ticket(hash(3), ann.clone(), i64::MAX).await.unwrap();
    stage.store().add_ticket(hash(4), namesake.clone(), i64::MAX).await.unwrap();
    let file = uploads(stage, &ann, "0123456789abcdef0123456789abcdef").await;
    let other = uploads(stage, &namesake, "fedcba9876543210fedcba9876543210").await;
    stage.sends(&ann, &room, stage.new_id(), file.clone()).await.unwrap();
    stage.sends(&namesake, &room, stage.new_id(), other).await.unwrap();
    Erasures::ask_of_agent(
        &stage.books(),
        aid("ann"),
        AgentsWords::Erase,
        Box::new(|_, _| Ok(())),
        line("c1"),
    )
    .await
    .unwrap();
    erase(stage).await;
    let messages = stage.messages(&room).await;
    assert_eq!((&messages[0].body, &messages[1].body), (&file, &Body::Recalled));
    assert!(stage.store().ticket_owner(hash(3), 0).await.unwrap().is_some());
    assert_eq!(stage.store().ticket_owner(hash(4), 0).await.unwrap(), None);
    let doomed = stage.books().doomed(10).await.unwrap();
    let doomed: Vec<_> = doomed.iter().map(|file| file.key()).collect();
    assert_eq!(doomed, ["fedcba9876543210fedcba9876543210"]);
}

pub async fn a_person_of_the_platform_goes_at_one_company_or_at_all(stage: &Stage) {
    for (id, users) in [("c1", Users::Platform), ("c2", Users::Platform), ("c3", Users::Own)] {
        company(stage, id, users).await;
    }
    for number in 0..60 {
        company(stage, &format!("m{number}"), Users::Platform).await;
    }
    let everywhere = |id: &str| Person { realm: Realm::Platform, ..visitor_of(id, "ann") };
    let room_of = |id: &str| RoomId::between(&aid("ann"), &company_id(id));
    let ann = everywhere("c1");
    stage.store().add_ticket(hash(3), ann.clone(), i64::MAX).await.unwrap();
    let foreign = visitor_of("c3", "ann");
    stage.store().add_ticket(hash(4), foreign.clone(), i64::MAX).await.unwrap();
    let theirs = stage.room_of(&foreign).await;
    stage.says(&foreign, &theirs, "another ann").await;
    let (once, twice) = ("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210");
    let [once, twice] = [once, twice].map(|id| uploads_in(stage, Realm::Platform, &ann, id));
    let (once, twice) = (once.await, twice.await);
    for id in ["c1", "c2", "m7"] {
        stage.enters(&ann, &room_of(id)).await;
        stage.says(&ann, &room_of(id), "hello").await;
        stage.sends(&ann, &room_of(id), stage.new_id(), twice.clone()).await.unwrap();
    }
    stage.sends(&ann, &room_of("c1"), stage.new_id(), once).await.unwrap();

    let asked = stage.books().ask(aid("ann"), line("c1")).await.unwrap();
    erase(stage).await;
    let done = Erasures::find(&stage.books(), &of_company("c1"), asked.number).await.unwrap().unwrap();
    assert_eq!((done.messages, done.files), (3, 1), "what another company was shown stays");
    assert_eq!(super::stage::words(&stage.messages(&room_of("c2")).await[0]), "hello");
    assert!(stage.store().ticket_owner(hash(3), 0).await.unwrap().is_some(), "the platform's");

    let by = PlatformCaller { key: KeyId([7; 8]), scopes: Scopes::ALL, address: None };
    let asked = stage.books().ask_everywhere(aid("ann"), &by, 5).await.unwrap();
    assert_eq!(stage.books().ask_everywhere(aid("ann"), &by, 6).await.unwrap().number, asked.number);
    assert!(stage.books().erase_some(stage.now()).await.unwrap());
    stage.reopen().await;
    erase(stage).await;
    for id in ["c1", "c2", "m7"] {
        let messages = stage.messages(&room_of(id)).await;
        assert!(messages.iter().all(|message| message.body == Body::Recalled), "{id}");
        let lines = Audit::page(&stage.books(), AuditQuery::of(company_id(id), 10)).await.unwrap();
        let last = &lines[0];
        assert_eq!((&*last.act, &*last.subject, &last.actor), ("person.erase", "ann", &by.actor()));
    }
    assert_eq!(super::stage::words(&stage.messages(&theirs).await[0]), "another ann");
    assert_eq!(stage.store().ticket_owner(hash(3), 0).await.unwrap(), None);
    assert!(stage.store().ticket_owner(hash(4), 0).await.unwrap().is_some());
    let quiet = Audit::page(&stage.books(), AuditQuery::of(company_id("m8"), 10)).await.unwrap();
    assert_eq!(quiet.len(), 1, "where nobody knew the person, nothing was done");
    let find = |realm: Realm| {
        let (books, number) = (stage.books(), asked.number);
        async move { Erasures::find(&books, &realm, number).await.unwrap() }
    };
    let done = find(Realm::Platform).await.unwrap();
    assert!(done.finished.is_some());
    assert_eq!((done.messages, done.files), (4, 1), "c1 was empty already");
    assert_eq!(find(of_company("c1")).await, None);
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
    uploads(stage, &eve, "00000000000000000000000000000001").await;
    has_logo(stage, "00000000000000000000000000000001").await;
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

/// The company `c1` with this upload for its face.
async fn has_logo(stage: &Stage, key: &str) {
    company(stage, "c1", Users::Own).await;
    let logo: Box<str> = key.into();
    let decide = move |before: &Company| {
        let settings = Settings { logo: logo.clone(), ..(*before.settings).clone() };
        Ok(Company { settings: Arc::new(settings), ..before.clone() })
    };
    Companies::change(&stage.books(), &company_id("c1"), Box::new(decide), line("c1")).await.unwrap();
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

fn of_company(id: &str) -> Realm {
    Realm::Company(company_id(id))
}

fn aid(text: &str) -> AccountId {
    AccountId::parse(text).unwrap()
}

async fn company(stage: &Stage, id: &str, users: Users) {
    let company = Company::new(company_id(id), name(&format!("The shop {id}")));
    Companies::add(&stage.books(), Company { users, ..company }, 1).await.unwrap();
}

async fn hire(stage: &Stage, person: &Person, role: Role) {
    let login = Some(Login::parse(person.aid.as_str()).unwrap());
    let agent = Agent { role, login, ..Agent::seen(company_id("c1"), person, 5) };
    let hash = Some(PasswordHash("$hash".into()));
    Agents::add(&stage.books(), agent, hash, line("c1")).await.unwrap();
}

async fn replies(stage: &Stage, owner: Option<&str>, number: u8) -> CannedId {
    let id = CannedId(uuid::Uuid::from_bytes([number; 16]));
    let reply = CannedReply {
        id,
        company: company_id("c1"),
        owner: owner.map(aid),
        shortcut: Shortcut::parse(&format!("s{number}")).unwrap(),
        title: name("t"),
        text: Template::parse("words").unwrap(),
        updated: 1,
    };
    CannedReplies::put(&stage.books(), reply, line("c1")).await.unwrap();
    id
}

async fn uploads(stage: &Stage, person: &Person, id: &str) -> Body {
    uploads_in(stage, of_company("c1"), person, id).await
}

async fn uploads_in(stage: &Stage, realm: Realm, person: &Person, id: &str) -> Body {
    let id = FileId::parse(id).unwrap();
    let upload = Upload {
        kind: UploadKind::File { id: id.clone() },
        realm,
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
