//! The words that companies do not want to see.

use futures_util::FutureExt as _;
use nodechat_domain::model::{AuditLine, CompanyId, SensitiveWord, Treatment, Word};
use nodechat_domain::port::{Answer, SensitiveWords, revised};
use nodechat_domain::{Error, limits};

use super::revisions::revise;
use super::{Books, Row, Stop, Tx, audit};
use crate::stored;

impl SensitiveWords for Books {
    fn page(&self, company: &CompanyId, after: Option<Word>, limit: usize) -> Answer<'_, Vec<SensitiveWord>> {
        let after = after.as_ref().map_or("", Word::as_str);
        let asked = [company.into(), after.into(), (limit as i64).into()];
        self.read(move |tx| {
            let asked = asked.clone();
            async move { tx.rows(PAGE, &asked).await?.iter().map(word).collect() }.boxed()
        })
    }

    fn all(&self, company: &CompanyId) -> Answer<'_, Vec<SensitiveWord>> {
        let asked = [company.into()];
        self.read(move |tx| {
            let asked = asked.clone();
            async move { tx.rows(ALL, &asked).await?.iter().map(word).collect() }.boxed()
        })
    }

    fn find(&self, company: &CompanyId, wanted: &Word) -> Answer<'_, Option<SensitiveWord>> {
        let asked = [company.into(), wanted.as_str().into()];
        self.read(move |tx| {
            let asked = asked.clone();
            async move { tx.row(FIND, &asked).await?.as_ref().map(word).transpose() }.boxed()
        })
    }

    fn put(&self, company: &CompanyId, mut words: Vec<SensitiveWord>, line: AuditLine) -> Answer<'_, ()> {
        // Two calls with the same words do not wait for each other in a circle.
        words.sort_by(|one, other| one.word.cmp(&other.word));
        let company = company.clone();
        self.write(move |tx| {
            let (company, words, line) = (company.clone(), words.clone(), line.clone());
            async move {
                put(tx, &company, &words).await?;
                noted(tx, &line).await
            }
            .boxed()
        })
    }

    fn remove(&self, company: &CompanyId, word: &Word, line: AuditLine) -> Answer<'_, bool> {
        let asked = [company.into(), word.as_str().into()];
        self.write(move |tx| {
            let (asked, line) = (asked.clone(), line.clone());
            async move {
                if tx.change(REMOVE, &asked).await? == 0 {
                    return Ok(false);
                }
                noted(tx, &line).await?;
                Ok(true)
            }
            .boxed()
        })
    }
}

async fn put(tx: &Tx<'_>, company: &CompanyId, words: &[SensitiveWord]) -> Result<(), Stop> {
    for SensitiveWord { word, treatment, .. } in words {
        let treatment: i64 = match treatment {
            Treatment::Refuse => 0,
            Treatment::Mask => 1,
        };
        tx.change(PUT, &[company.into(), word.as_str().into(), treatment.into()]).await?;
    }
    let count = tx.row(COUNT, &[company.into()]).await?.map_or(Ok(0), |row| row.number(0))?;
    if count > limits::SENSITIVE_WORDS {
        return Err(Error::conflict("there would be more than 10,000 words").into());
    }
    Ok(())
}

async fn noted(tx: &Tx<'_>, line: &AuditLine) -> Result<(), Stop> {
    audit::note(tx, line).await?;
    revise(tx, &line.company, revised::SENSITIVE_WORDS).await
}

fn word(row: &Row) -> Result<SensitiveWord, Stop> {
    Ok(SensitiveWord {
        company: row.company(0)?,
        word: Word::parse(row.text(1)?).map_err(stored::unreadable)?,
        treatment: match row.number(2)? {
            0 => Treatment::Refuse,
            1 => Treatment::Mask,
            _ => return Err(stored::broken("a sensitive word is treated in no known way").into()),
        },
    })
}

const PAGE: &str = "select company, word, treatment from sensitive_word
    where company = $1 and word > $2 order by word limit $3"; // primary key
const ALL: &str = "select company, word, treatment from sensitive_word where company = $1"; // primary key
const FIND: &str = "select company, word, treatment from sensitive_word where company = $1 and word = $2"; // primary key
const PUT: &str = "insert into sensitive_word (company, word, treatment) values ($1, $2, $3)
    on conflict (company, word) do update set treatment = excluded.treatment";
const COUNT: &str = "select count(*) from sensitive_word where company = $1"; // primary key
const REMOVE: &str = "delete from sensitive_word where company = $1 and word = $2"; // primary key
