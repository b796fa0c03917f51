//! Questions and the rules of the bots.

use futures_util::FutureExt as _;
use nodechat_domain::error::Error;
use nodechat_domain::limits;
use nodechat_domain::model::{
    AuditLine, BotRules, CompanyId, LanguageModel, Name, Question, QuestionId, QuestionItem, Text,
};
use nodechat_domain::port::{Answer, Questions, revised};

use super::revisions::revise;
use super::{Books, Row, Stop, Tx, audit};
use crate::stored;
use crate::value::Value;

impl Questions for Books {
    fn all(&self, company: &CompanyId) -> Answer<'_, Vec<Question>> {
        let company = company.clone();
        self.read(move |tx| {
            let company = Value::from(&company);
            async move { gathered(tx.rows(ALL, &[company]).await?) }.boxed()
        })
    }

    fn page(
        &self,
        company: &CompanyId,
        after: Option<(i64, QuestionId)>,
        limit: usize,
    ) -> Answer<'_, Vec<Question>> {
        let company = company.clone();
        let (rank, id) = after.map_or((i64::MIN, Value::Bytes([].into())), |(rank, id)| (rank, bytes(id)));
        self.read(move |tx| {
            let params = [Value::from(&company), rank.into(), id.clone(), (limit as i64).into()];
            async move { gathered(tx.rows(PAGE, &params).await?) }.boxed()
        })
    }

    fn find(&self, company: &CompanyId, id: QuestionId) -> Answer<'_, Option<Question>> {
        let company = company.clone();
        self.read(move |tx| {
            let params = [Value::from(&company), bytes(id)];
            async move { Ok(gathered(tx.rows(FIND, &params).await?)?.pop()) }.boxed()
        })
    }

    fn items(&self, company: &CompanyId, ids: &[QuestionId]) -> Answer<'_, Vec<QuestionItem>> {
        let (company, ids) = (company.clone(), ids.to_vec());
        self.read(move |tx| {
            let (company, ids) = (Value::from(&company), ids.clone());
            async move {
                let mut items = Vec::with_capacity(ids.len());
                for id in ids {
                    if let Some(row) = tx.row(ITEM, &[company.clone(), bytes(id)]).await? {
                        items.push(item(&row, 0)?);
                    }
                }
                Ok(items)
            }
            .boxed()
        })
    }

    fn put(&self, company: &CompanyId, question: Question, line: AuditLine) -> Answer<'_, ()> {
        let company = company.clone();
        self.write(move |tx| {
            let (company, question, line) = (company.clone(), question.clone(), line.clone());
            async move {
                tx.change(FORGET_ITEMS, &[(&company).into(), bytes(question.id)]).await?;
                must_fit(tx, &company, question.items.len()).await?;
                add(tx, &company, &question).await?;
                audit::note(tx, &line).await?;
                revise(tx, &company, revised::QUESTIONS).await
            }
            .boxed()
        })
    }

    fn replace(&self, company: &CompanyId, questions: Vec<Question>, line: AuditLine) -> Answer<'_, ()> {
        let company = company.clone();
        self.write(move |tx| {
            let (company, questions, line) = (company.clone(), questions.clone(), line.clone());
            async move {
                tx.change(FORGET_ALL_ITEMS, &[(&company).into()]).await?;
                tx.change(FORGET_ALL, &[(&company).into()]).await?;
                must_fit(tx, &company, questions.iter().map(|question| question.items.len()).sum()).await?;
                for question in &questions {
                    add(tx, &company, question).await?;
                }
                audit::note(tx, &line).await?;
                revise(tx, &company, revised::QUESTIONS).await
            }
            .boxed()
        })
    }

    fn remove(&self, company: &CompanyId, id: QuestionId, line: AuditLine) -> Answer<'_, bool> {
        let company = company.clone();
        self.write(move |tx| {
            let (company, line) = (company.clone(), line.clone());
            async move {
                let key = [Value::from(&company), bytes(id)];
                tx.change(FORGET_ITEMS, &key).await?;
                if tx.change(FORGET, &key).await? == 0 {
                    return Ok(false);
                }
                audit::note(tx, &line).await?;
                revise(tx, &company, revised::QUESTIONS).await?;
                Ok(true)
            }
            .boxed()
        })
    }

    fn rules(&self, company: &CompanyId) -> Answer<'_, BotRules> {
        let company = company.clone();
        self.read(move |tx| {
            let company = Value::from(&company);
            async move {
                let row = tx.row(RULES, &[company]).await?;
                row.map_or(Ok(BotRules::default()), |row| rules(&row))
            }
            .boxed()
        })
    }

    fn set_rules(&self, company: &CompanyId, rules: BotRules, line: AuditLine) -> Answer<'_, ()> {
        let company = company.clone();
        self.write(move |tx| {
            let (company, rules, line) = (company.clone(), rules.clone(), line.clone());
            async move {
                tx.change(SET_RULES, &rules_columns(&company, &rules)).await?;
                audit::note(tx, &line).await?;
                revise(tx, &company, revised::QUESTIONS).await
            }
            .boxed()
        })
    }

    fn companies(&self) -> Answer<'_, Vec<CompanyId>> {
        self.read(|tx| {
            async move { tx.rows(COMPANIES, &[]).await?.iter().map(|row| row.company(0)).collect() }.boxed()
        })
    }

    fn has_any(&self, company: &CompanyId) -> Answer<'_, bool> {
        let company = company.clone();
        self.read(move |tx| {
            let company = Value::from(&company);
            async move { Ok(tx.row(HAS_ANY, &[company]).await?.is_some()) }.boxed()
        })
    }
}

async fn must_fit(tx: &Tx<'_>, company: &CompanyId, more: usize) -> Result<(), Stop> {
    let count = tx.row(COUNT, &[company.into()]).await?;
    let count = count.map_or(Ok(0), |row| row.number(0))?;
    if count + more as i64 > limits::QUESTIONS as i64 {
        return Err(Error::conflict("a company has at most 10,000 questions").into());
    }
    Ok(())
}

async fn add(tx: &Tx<'_>, company: &CompanyId, question: &Question) -> Result<(), Stop> {
    let Question { id, title, items, default, enabled, rank, changed } = question;
    let columns = [
        company.into(),
        bytes(*id),
        title.into(),
        (*default).into(),
        (*enabled).into(),
        (*rank).into(),
        (*changed).into(),
    ];
    tx.change(PUT, &columns).await?;
    for (number, item) in (0i64..).zip(items) {
        let QuestionItem { id: item_id, title, answer } = item;
        let columns = [
            company.into(),
            bytes(*id),
            number.into(),
            bytes(*item_id),
            title.into(),
            answer.as_str().into(),
        ];
        if tx.change(ADD_ITEM, &columns).await? == 0 {
            return Err(Error::conflict("another question has an item with this id").into());
        }
    }
    Ok(())
}

/// Rows of one question stand together, in the order of its items.
fn gathered(rows: Vec<Row>) -> Result<Vec<Question>, Stop> {
    let mut questions: Vec<Question> = Vec::new();
    for row in rows {
        let id = QuestionId(row.uuid(0)?);
        if questions.last().is_none_or(|last| last.id != id) {
            questions.push(Question {
                id,
                title: row.name(1)?,
                items: Vec::new(),
                default: row.flag(2)?,
                enabled: row.flag(3)?,
                rank: row.number(4)?,
                changed: row.time(5)?,
            });
        }
        if let Some(last) = questions.last_mut() {
            last.items.push(item(&row, 6)?);
        }
    }
    Ok(questions)
}

fn item(row: &Row, first: usize) -> Result<QuestionItem, Stop> {
    Ok(QuestionItem {
        id: QuestionId(row.uuid(first)?),
        title: row.name(first + 1)?,
        answer: Text::parse(row.text(first + 2)?).map_err(stored::unreadable)?,
    })
}

fn rules(row: &Row) -> Result<BotRules, Stop> {
    let words = |text: &str, divider: char| -> Result<Vec<Name>, Stop> {
        text.split(divider).filter(|word| !word.is_empty()).map(|word| Ok(stored::name(word)?)).collect()
    };
    let model = |url: &str| -> Result<LanguageModel, Stop> {
        Ok(LanguageModel {
            enabled: row.flag(6)?,
            url: url.into(),
            name: row.name(8)?,
            key: row.maybe_text(9)?.map(Into::into),
            timeout_ms: row.count(10)?,
            prompt: row.text(11)?.into(),
        })
    };
    Ok(BotRules {
        threshold: row.count(0)?,
        most: row.count(1)?,
        synonyms: row.text(2)?.lines().map(|line| words(line, '\t')).collect::<Result<_, _>>()?,
        human: words(row.text(3)?, '\n')?,
        human_button: row.name(4)?,
        nothing_found: row.name(5)?,
        model: row.maybe_text(7)?.map(model).transpose()?,
    })
}

/// A name has no control characters, hence neither tab nor end of line.
fn rules_columns(company: &CompanyId, rules: &BotRules) -> [Value; 13] {
    let joined = |words: &[Name], divider: &str| -> String {
        words.iter().map(Name::as_str).collect::<Vec<_>>().join(divider)
    };
    let synonyms: Vec<String> = rules.synonyms.iter().map(|group| joined(group, "\t")).collect();
    let model = rules.model.as_ref();
    [
        company.into(),
        rules.threshold.into(),
        rules.most.into(),
        synonyms.join("\n").into(),
        joined(&rules.human, "\n").into(),
        (&rules.human_button).into(),
        (&rules.nothing_found).into(),
        model.is_some_and(|model| model.enabled).into(),
        model.map(|model| model.url.clone()).into(),
        model.map_or("", |model| model.name.as_str()).into(),
        model.and_then(|model| model.key.clone()).into(),
        model.map_or(0, |model| model.timeout_ms).into(),
        model.map_or("", |model| &*model.prompt).into(),
    ]
}

fn bytes(id: QuestionId) -> Value {
    id.0.as_bytes().as_slice().into()
}

/// By `question_rank`, and the key of `question_item`.
const ALL: &str = "select q.id, q.title, q.is_default, q.enabled, q.rank, q.changed, i.id, i.title, i.answer
    from question q join question_item i on i.company = q.company and i.question = q.id
    where q.company = $1 order by q.rank, q.id, i.number";

const PAGE: &str = "select q.id, q.title, q.is_default, q.enabled, q.rank, q.changed, i.id, i.title, i.answer
    from (select company, id, title, is_default, enabled, rank, changed from question
        where company = $1 and (rank, id) > ($2, $3) order by rank, id limit $4) q
    join question_item i on i.company = q.company and i.question = q.id
    where i.company = $1 order by q.rank, q.id, i.number";

const FIND: &str = "select q.id, q.title, q.is_default, q.enabled, q.rank, q.changed, i.id, i.title, i.answer
    from question q join question_item i on i.company = q.company and i.question = q.id
    where q.company = $1 and q.id = $2 order by i.number";

/// By `question_item_id`.
const ITEM: &str = "select i.id, i.title, i.answer
    from question_item i join question q on q.company = i.company and q.id = i.question
    where i.company = $1 and i.id = $2 and q.enabled = 1";

const COUNT: &str = "select count(*) from question_item where company = $1";

const PUT: &str = "insert into question (company, id, title, is_default, enabled, rank, changed)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (company, id) do update set title = excluded.title, is_default = excluded.is_default,
        enabled = excluded.enabled, rank = excluded.rank, changed = excluded.changed";

const ADD_ITEM: &str = "insert into question_item (company, question, number, id, title, answer)
    values ($1, $2, $3, $4, $5, $6) on conflict (company, id) do nothing";

const FORGET: &str = "delete from question where company = $1 and id = $2";

const FORGET_ITEMS: &str = "delete from question_item where company = $1 and question = $2";

const FORGET_ALL: &str = "delete from question where company = $1";

const FORGET_ALL_ITEMS: &str = "delete from question_item where company = $1";

const RULES: &str =
    "select threshold, most, synonyms, human, human_button, nothing_found, model_enabled, model_url,
        model_name, model_key, model_timeout_ms, model_prompt
    from bot where company = $1";

const SET_RULES: &str =
    "insert into bot (company, threshold, most, synonyms, human, human_button, nothing_found,
        model_enabled, model_url, model_name, model_key, model_timeout_ms, model_prompt)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    on conflict (company) do update set threshold = excluded.threshold, most = excluded.most,
        synonyms = excluded.synonyms, human = excluded.human, human_button = excluded.human_button,
        nothing_found = excluded.nothing_found, model_enabled = excluded.model_enabled,
        model_url = excluded.model_url, model_name = excluded.model_name, model_key = excluded.model_key,
        model_timeout_ms = excluded.model_timeout_ms, model_prompt = excluded.model_prompt";

/// Of every company, for the one who has to know which of them has a bot; by the key of `question`.
const COMPANIES: &str = "select distinct company from question order by company";

const HAS_ANY: &str = "select 1 from question where company = $1 limit 1";
