//! Sites: where a company shows itself, the last hundred of them.

use nodechat_domain::limits;
use nodechat_domain::model::{Company, Origin, Site};
use nodechat_domain::port::{Companies, Sites};

use super::stage::{Stage, company_id, name};

fn origin(text: &str) -> Origin {
    Origin::parse(text).unwrap()
}

pub async fn a_site_is_known_since_when_and_until_when_it_was_there(stage: &Stage) {
    let books = stage.books();
    for id in ["c1", "c2"] {
        Companies::add(&books, Company::new(company_id(id), name(id)), 1).await.unwrap();
    }
    let (shop, blog) = (origin("https://shop.example"), origin("https://blog.example:8443"));
    for (company, origin, now) in
        [("c1", &shop, 10), ("c1", &blog, 20), ("c1", &shop, 30), ("c2", &shop, 40), ("c1", &shop, 25)]
    {
        books.saw(&company_id(company), origin, now).await.unwrap();
    }
    let site = |origin: &Origin, first, last| Site { origin: origin.clone(), first, last };
    let of = |company| Sites::of(&books, &company_id(company));
    assert_eq!(of("c1").await.unwrap(), [site(&shop, 10, 30), site(&blog, 20, 20)]);
    assert_eq!(of("c2").await.unwrap(), [site(&shop, 40, 40)]);
    assert_eq!(of("c3").await.unwrap(), []);
}

pub async fn of_too_many_sites_the_last_ones_stay(stage: &Stage) {
    let books = stage.books();
    Companies::add(&books, Company::new(company_id("c1"), name("c1")), 1).await.unwrap();
    let most = usize::try_from(limits::SITES).unwrap();
    let seeing: Vec<_> = (0..most + 8)
        .map(|number| {
            let books = stage.books();
            let one = origin(&format!("https://{number}.example"));
            tokio::spawn(async move { books.saw(&company_id("c1"), &one, number as i64).await })
        })
        .collect();
    for one in seeing {
        one.await.unwrap().unwrap();
    }
    books.saw(&company_id("c1"), &origin("https://last.example"), 1_000).await.unwrap();
    let kept = Sites::of(&books, &company_id("c1")).await.unwrap();
    assert_eq!(kept.len(), most);
    assert_eq!(kept[0].origin, origin("https://last.example"));
    assert!(kept.windows(2).all(|pair| pair[0].last >= pair[1].last));
}
