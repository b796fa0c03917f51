//! A person of the platform, company by company, and at last the person itself.

use nodechat_domain::model::{AuditLine, CompanyId, Realm, Side, Time};

use super::files::{PlatformFiles, doom_uploaded};
use super::visitor::{Piece, erase_at};
use super::{Stop, Tx, Work, audit, forget_person, stored};

/// Companies of one transaction that the person was never at.
const COMPANIES: i64 = 25;

pub async fn erase(tx: &Tx<'_>, work: &Work, now: Time) -> Result<(), Stop> {
    let rows = tx.rows(NEXT, &[(*work.at_company).into(), COMPANIES.into()]).await?;
    let mut done = None;
    for row in &rows {
        let company = row.company(0)?;
        match erase_at(tx, work, &company, PlatformFiles::All).await? {
            Piece::Some => break,
            Piece::Last { was_known } => {
                if was_known {
                    audit::note(tx, &line(work, &company, now)?).await?;
                }
                done = Some(company);
                if was_known {
                    break;
                }
            }
        }
    }
    if let Some(company) = done {
        tx.change(DONE, &[company.as_str().into(), work.erasure.number.into()]).await?;
    }
    if rows.is_empty() { erase_person(tx, work, now).await } else { Ok(()) }
}

async fn erase_person(tx: &Tx<'_>, work: &Work, now: Time) -> Result<(), Stop> {
    let nobody = stored::realm_text(&Realm::Platform);
    let files = doom_uploaded(tx, nobody, Side::Visitor, work.aid()).await?;
    if files > 0 {
        return work.count(tx, 0, files).await;
    }
    forget_person(tx, &Realm::Platform, Side::Visitor, work.aid()).await?;
    tx.change(FORGET_ARRIVAL, &[nobody.into(), work.aid().into()]).await?;
    work.finish(tx, now).await
}

/// For the company's audit: who has asked, and when it was done here.
fn line(work: &Work, company: &CompanyId, now: Time) -> Result<AuditLine, Stop> {
    let address = work.address.as_deref().map(str::parse).transpose();
    Ok(AuditLine {
        company: company.clone(),
        time: now,
        actor: nodechat_domain::model::Actor::Platform(work.actor.clone()),
        act: "person.erase",
        subject: work.aid().as_str().into(),
        note: "everywhere".into(),
        address: address.map_err(|_| stored::broken("an address in the database is none"))?,
    })
}

/// Whose users are the platform's.
const NEXT: &str = "select id from company where users = 1 and id > $1 order by id limit $2"; // primary key
const DONE: &str = "update erasure set at_company = $1 where number = $2"; // primary key
const FORGET_ARRIVAL: &str = "delete from arrival where realm = $1 and aid = $2"; // primary key
