//! Whatever is to be true together with what happened at a desk: numbers, and notices for webhooks.

use nodechat_domain::decide::notice;
use nodechat_domain::model::CompanyId;
use nodechat_domain::model::desk::Happening;

use super::{Stop, Tx, companies, outbox, stats};

/// Whoever calls holds the company's desk.
pub(crate) async fn write(tx: &Tx<'_>, company: &CompanyId, happenings: &[Happening]) -> Result<(), Stop> {
    if happenings.is_empty() {
        return Ok(());
    }
    let zone = companies::settings(tx, company).await?.zone;
    stats::count(tx, company, &zone, happenings).await?;
    if !outbox::is_heard(tx, company).await? {
        return Ok(());
    }
    for happening in happenings {
        if let Some(notice) = notice::of_happening(company, happening) {
            outbox::tell(tx, &notice).await?;
        }
    }
    Ok(())
}
