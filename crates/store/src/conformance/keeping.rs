//! What stays: over reopening, over restoring; companies, uploads, the epoch.

use nodechat_domain::error::Code;
use nodechat_domain::model::{
    ApiKey, Company, FileId, ImagePath, KeyId, Realm, Scopes, Upload, UploadKind, Users,
};
use nodechat_domain::port::{Companies, Keys, Uploads};

use super::stage::{Stage, agent, all_words, company_id, hash, is_dense, name, send, text, visitor};

pub async fn everything_is_there_after_reopening(stage: &Stage) {
    let (ann, cleo) = (visitor("ann"), agent("cleo"));
    let store = stage.store();
    Companies::add(&stage.books(), company("c1"), 1).await.unwrap();
    Uploads::add(&*store, file()).await.unwrap();
    let key = platform_key();
    Keys::add(&stage.books(), key.clone(), None).await.unwrap();
    store.add_token(hash(2), ann.clone(), 100).await.unwrap();
    store.add_ticket(hash(3), cleo.clone(), 100).await.unwrap();
    store.add_visitor(hash(4), visitor("v-1")).await.unwrap();
    let id = stage.room_of(&ann).await;
    stage.enters(&cleo, &id).await;
    for number in 0..30 {
        stage.says(&ann, &id, &number.to_string()).await;
    }
    stage.reads(&cleo, &id, Some(7)).await;
    let (view, messages) = (stage.view(&id).await, stage.messages(&id).await);
    drop(store);
    stage.reopen().await;
    assert_eq!(stage.view(&id).await, view);
    assert_eq!(stage.messages(&id).await, messages);
    let store = stage.store();
    assert_eq!(Companies::find(&stage.books(), &company_id("c1")).await.unwrap(), Some(company("c1")));
    assert_eq!(Uploads::find(&*store, file().key()).await.unwrap(), Some(file()));
    assert_eq!(Keys::find(&stage.books(), hash(1)).await.unwrap(), Some(key));
    assert_eq!(store.redeem_token(hash(2), hash(5), 100, 0).await.unwrap(), Some(ann));
    assert_eq!(store.ticket_owner(hash(3), 0).await.unwrap(), Some(cleo));
    assert_eq!(store.visitor(hash(4)).await.unwrap(), Some(visitor("v-1")));
}

pub async fn a_retry_after_reopening_gets_the_first_receipt(stage: &Stage) {
    let ann = visitor("ann");
    let id = stage.room_of(&ann).await;
    let message = stage.new_id();
    let first = stage.sends(&ann, &id, message, text("hi")).await.unwrap();
    stage.reopen().await;
    let again = stage.sends(&ann, &id, message, text("hi")).await.unwrap();
    assert_eq!((again.id, again.pos, again.time, again.dup), (first.id, first.pos, first.time, true));
    assert_eq!(stage.says(&ann, &id, "next").await.pos, 1);
}

pub async fn a_company_id_is_taken_once(stage: &Stage) {
    let adding: Vec<_> = (0..16)
        .map(|number| {
            let books = stage.books();
            let company = Company { name: name(&format!("Shop {number}")), ..company("c1") };
            tokio::spawn(async move { Companies::add(&books, company, 1).await })
        })
        .collect();
    let mut winners = Vec::new();
    for (task, number) in adding.into_iter().zip(0..) {
        match task.await.unwrap() {
            Ok(()) => winners.push(format!("Shop {number}")),
            Err(error) => assert_eq!(error.code(), Code::Conflict),
        }
    }
    let kept = Companies::find(&stage.books(), &company_id("c1")).await.unwrap().unwrap();
    assert_eq!(winners, [kept.name.as_str()]);
}

pub async fn companies_come_back_whole_and_in_order(stage: &Stage) {
    let books = stage.books();
    let companies = [
        Company {
            users: Users::Platform,
            anonymous: true,
            private_files: true,
            demo: true,
            origins: vec!["https://a.example".into(), "https://b.example:8443".into()],
            ..company("a-1")
        },
        Company { origins: vec!["https://a.example".into()], ..company("b") },
        company("c_9"),
    ];
    for company in companies.iter().rev() {
        Companies::add(&books, company.clone(), 1).await.unwrap();
    }
    assert_eq!(Companies::all(&books).await.unwrap(), companies);
    assert_eq!(Companies::find(&books, &company_id("a-1")).await.unwrap().as_ref(), Some(&companies[0]));
    assert_eq!(Companies::find(&books, &company_id("A-1")).await.unwrap(), None);
}

pub async fn uploads_come_back_whole(stage: &Stage) {
    let store = stage.store();
    let path = ImagePath::parse("2018-11-08/onlinechat_0123456789abcdef0123456789abcdef.png").unwrap();
    let image = Upload {
        kind: UploadKind::Image { path, width: 640, height: u32::MAX },
        realm: Realm::Platform,
        media_type: "image/png".into(),
        ..file()
    };
    Uploads::add(&*store, image.clone()).await.unwrap();
    Uploads::add(&*store, file()).await.unwrap();
    assert_eq!(Uploads::find(&*store, image.key()).await.unwrap(), Some(image));
    assert_eq!(Uploads::find(&*store, file().key()).await.unwrap(), Some(file()));
    assert_eq!(Uploads::find(&*store, "").await.unwrap(), None);
}

pub async fn the_epoch_stays_over_reopening(stage: &Stage) {
    let epoch = stage.store().epoch().to_owned();
    assert!(epoch.len() >= 16);
    stage.reopen().await;
    assert_eq!(stage.store().epoch(), epoch);
}

pub async fn a_restored_backup_is_another_epoch(stage: &Stage) {
    let ann = visitor("ann");
    let id = stage.room_of(&ann).await;
    stage.says(&ann, &id, "kept").await;
    stage.backup().await;
    stage.says(&ann, &id, "after the backup").await;
    let epoch = stage.store().epoch().to_owned();
    stage.reopen().await;
    assert_eq!(stage.store().epoch(), epoch, "taking a backup is not restoring it");
    stage.restore().await;
    let restored = stage.store().epoch().to_owned();
    assert_ne!(restored, epoch);
    assert_eq!(all_words(&stage.messages(&id).await), ["kept"]);
    assert_eq!(stage.says(&ann, &id, "goes on").await.pos, 1);
    stage.reopen().await;
    assert_eq!(stage.store().epoch(), restored);
}

pub async fn a_backup_is_one_moment_and_disturbs_nobody(stage: &Stage) {
    let ann = visitor("ann");
    let id = stage.room_of(&ann).await;
    stage.says(&ann, &id, "before").await;
    let ids: Vec<_> = (0..300).map(|_| (stage.new_id(), stage.now())).collect();
    let talking = {
        let (store, ann, id) = (stage.store(), ann.clone(), id.clone());
        tokio::spawn(async move {
            for (message, now) in ids {
                send(&*store, &ann, &id, message, text("meanwhile"), now).await.unwrap();
            }
        })
    };
    stage.backup().await;
    talking.await.unwrap();
    let whole = stage.messages(&id).await;
    assert_eq!(whole.len(), 301);
    stage.restore().await;
    let restored = stage.messages(&id).await;
    assert!(is_dense(&restored) && !restored.is_empty());
    assert_eq!(restored, whole[..restored.len()]);
    assert_eq!(stage.view(&id).await.head.next_pos, restored.len() as i64);
}

pub async fn an_idle_store_says_that_it_could_write(stage: &Stage) {
    stage.store().check().await.unwrap();
}

fn company(id: &str) -> Company {
    Company::new(company_id(id), name(&format!("The shop {id}")))
}

fn platform_key() -> ApiKey {
    ApiKey {
        id: KeyId::of(&hash(1)),
        hash: hash(1),
        owner: Realm::Platform,
        name: name("the market"),
        scopes: Scopes::ALL,
        created: 1,
        last_used: None,
    }
}

fn file() -> Upload {
    Upload {
        kind: UploadKind::File { id: FileId::parse("0123456789abcdef0123456789abcdef").unwrap() },
        realm: Realm::Company(company_id("c1")),
        by: visitor("ann").aid,
        name: "合同 'final'.pdf".into(),
        size_bytes: 1 << 40,
        media_type: "application/pdf".into(),
        time: 12345,
    }
}
