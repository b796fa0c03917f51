//! The bot on the wire (contract B5): what it shows, finds and answers.

use nodechat_bot::{Group, Item, Piece, Reply};
use nodechat_domain::app::{AskCommand, bot_of};
use nodechat_domain::model::{Company, Message as Said, MessageId, QuestionId, RoomId, Time};
use nodechat_domain::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Message;
use super::request::room;
use super::room::Receipt;

/// What is said when nothing was found and the company has no words of its own for it.
const NOTHING_FOUND: &str = "没有找到相关的问题";
/// What is said when it could not be looked for.
const NOT_LOOKED_FOR: &str = "暂时无法查询，请稍后再试";

/// `query`.
#[derive(Debug, Deserialize)]
pub struct Query {
    roomid: Option<String>,
    #[serde(rename = "queryId")]
    query_id: Option<String>,
    id: Option<String>,
}

impl Query {
    /// `queryTitle` is what the page showed; the history gets the question as the company wrote it.
    pub fn command(&self) -> Result<AskCommand> {
        let room = room(self.roomid.as_deref())?;
        let question = self.query_id.as_deref().ok_or(Error::Missing("queryId"))?;
        let id = self.id.as_deref().map(MessageId::parse).transpose()?;
        Ok(AskCommand { room, question: QuestionId::parse("queryId", question)?, id })
    }
}

/// Answer to `query`.
#[derive(Serialize)]
pub struct QueryAnswer<'a> {
    roomid: &'a str,
    data: Message<'a>,
}

impl<'a> QueryAnswer<'a> {
    pub fn new(room: &'a RoomId, answer: &'a Said) -> Self {
        Self { roomid: room.as_str(), data: Message(answer) }
    }
}

/// The message behind the newest ones that everybody is shown who comes; stored nowhere.
#[derive(Serialize)]
pub struct Welcome {
    id: String,
    r#type: &'static str,
    mtype: &'static str,
    aid: String,
    mid: String,
    nick: String,
    time: Time,
    msg: DefaultQuestions,
}

#[derive(Serialize)]
struct DefaultQuestions {
    #[serde(rename = "subType")]
    sub_type: &'static str,
    items: Vec<GroupBody>,
    /// What the button for a human says, where there is one.
    #[serde(skip_serializing_if = "str::is_empty")]
    human: String,
}

impl Welcome {
    pub fn new(id: MessageId, company: &Company, groups: &[Group], human: &str, time: Time) -> Self {
        let bot = bot_of(company);
        Self {
            id: id.to_string(),
            r#type: "csrmsg",
            mtype: "custom",
            aid: bot.aid.to_string(),
            mid: bot.mid.to_string(),
            nick: bot.nick.to_string(),
            time,
            msg: DefaultQuestions {
                sub_type: "defFQA",
                items: groups.iter().map(GroupBody::from).collect(),
                human: human.to_owned(),
            },
        }
    }
}

#[derive(Serialize)]
struct GroupBody {
    title: String,
    /// As it is spelt in the contract.
    #[serde(rename = "subItmes")]
    items: Vec<ItemBody>,
}

#[derive(Serialize)]
struct ItemBody {
    id: String,
    #[serde(rename = "subTitle")]
    title: String,
}

impl From<&Group> for GroupBody {
    fn from(Group { title, items }: &Group) -> Self {
        let item = |Item { id, title }: &Item| ItemBody { id: id.to_string(), title: title.to_string() };
        Self { title: title.to_string(), items: items.iter().map(item).collect() }
    }
}

/// Answer to a `chat` that the bot has something to say to: the receipt, and that.
#[derive(Serialize)]
pub struct BotReceipt<'a> {
    #[serde(flatten)]
    receipt: Receipt,
    roomid: &'a str,
    #[serde(flatten)]
    said: BotSaid<'a>,
}

#[derive(Serialize)]
#[serde(tag = "result", rename_all = "UPPERCASE")]
enum BotSaid<'a> {
    Found {
        items: Vec<GroupBody>,
        /// Id of the message in which a language model answers.
        #[serde(skip_serializing_if = "Option::is_none")]
        answer: Option<String>,
    },
    Empty {
        msg: String,
    },
    Error {
        msg: &'static str,
    },
    /// The visitor has asked for a human: how that stands, as the answer to `applycs` says it.
    Human {
        service: &'a RawValue,
    },
}

impl<'a> BotReceipt<'a> {
    /// `reply`: none when it could not be looked for.
    pub fn new(
        receipt: Receipt,
        room: &'a RoomId,
        reply: Option<&Reply>,
        service: Option<&'a RawValue>,
    ) -> Self {
        let said = match (reply, service) {
            (_, Some(service)) => BotSaid::Human { service },
            (Some(Reply::Found(groups, answer)), _) => BotSaid::Found {
                items: groups.iter().map(GroupBody::from).collect(),
                answer: answer.map(|id| id.to_string()),
            },
            (Some(Reply::Empty(text)), _) => {
                let text = text.as_str();
                BotSaid::Empty { msg: if text.is_empty() { NOTHING_FOUND } else { text }.to_owned() }
            }
            (Some(Reply::Human) | None, None) => BotSaid::Error { msg: NOT_LOOKED_FOR },
        };
        Self { receipt, roomid: room.as_str(), said }
    }
}

/// Event `stream`: a part of an answer that is being given. What was missed of it is in the message with this id.
#[derive(Serialize)]
pub struct StreamEvent<'a> {
    roomid: &'a str,
    id: String,
    text: &'a str,
    done: bool,
    /// There is no such message and will be none: what was shown of it is to be taken away.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    failed: bool,
}

impl<'a> StreamEvent<'a> {
    pub fn new(room: &'a RoomId, piece: &Piece<'a>) -> Self {
        let (id, text, done, failed) = match piece {
            Piece::More(id, text) => (id, *text, false, false),
            Piece::Done(id) => (id, "", true, false),
            Piece::Failed(id) => (id, "", true, true),
        };
        Self { roomid: room.as_str(), id: id.to_string(), text, done, failed }
    }
}

#[cfg(test)]
mod tests {
    use nodechat_domain::model::{CompanyId, Name, Receipt as Stored};
    use serde_json::{json, to_value};

    use super::*;

    fn id(number: u8) -> MessageId {
        MessageId::at(0, [number; 10])
    }

    fn room() -> RoomId {
        RoomId::parse("/U2S_u1#c1").unwrap()
    }

    fn groups() -> Vec<Group> {
        let name = |text| Name::parse("title", text).unwrap();
        let items = vec![Item { id: QuestionId(id(7).0), title: name("如何申请退款") }];
        vec![Group { title: name("退换货"), items }]
    }

    fn items() -> serde_json::Value {
        json!([{"title": "退换货", "subItmes": [{"id": id(7).to_string(), "subTitle": "如何申请退款"}]}])
    }

    fn receipt() -> Receipt {
        Stored { id: id(1), pos: 3, time: 5, dup: false, consultation: None, answers: false }.into()
    }

    #[test]
    fn default_questions_are_shown_as_documented() {
        let company = Company::new(CompanyId::parse("c1").unwrap(), Name::parse("name", "岭上户外").unwrap());
        let welcome = to_value(Welcome::new(id(1), &company, &groups(), "", 9)).unwrap();
        let expected = json!({
            "id": id(1).to_string(), "type": "csrmsg", "mtype": "custom", "aid": "c1", "mid": "Sc1", "nick": "岭上户外",
            "time": 9, "msg": {"subType": "defFQA", "items": items()},
        });
        assert_eq!(welcome, expected);
    }

    #[test]
    fn what_was_found_stands_beside_the_receipt() {
        let json = |reply: Option<&Reply>, service| {
            to_value(BotReceipt::new(receipt(), &room(), reply, service)).unwrap()
        };
        let with = |rest: serde_json::Value| {
            let mut whole = json!({"success": true, "id": id(1).to_string(), "pos": 3, "time": 5, "roomid": "/U2S_u1#c1"});
            whole.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
            whole
        };
        let found = Reply::Found(groups(), None);
        assert_eq!(json(Some(&found), None), with(json!({"result": "FOUND", "items": items()})));
        let streamed = Reply::Found(groups(), Some(id(2)));
        assert_eq!(json(Some(&streamed), None)["answer"], id(2).to_string());
        let empty = Reply::Empty(Name::default());
        assert_eq!(json(Some(&empty), None), with(json!({"result": "EMPTY", "msg": NOTHING_FOUND})));
        assert_eq!(json(None, None), with(json!({"result": "ERROR", "msg": NOT_LOOKED_FOR})));
        let service = RawValue::from_string(r#"{"status":"offline"}"#.to_owned()).unwrap();
        let human = json(Some(&Reply::Human), Some(&service));
        assert_eq!(human, with(json!({"result": "HUMAN", "service": {"status": "offline"}})));
    }

    #[test]
    fn an_answer_grows_and_ends() {
        let json = |piece| to_value(StreamEvent::new(&room(), &piece)).unwrap();
        let id = id(2);
        let base = json!({"roomid": "/U2S_u1#c1", "id": id.to_string(), "text": "您", "done": false});
        assert_eq!(json(Piece::More(id, "您")), base);
        let ended = json!({"roomid": "/U2S_u1#c1", "id": id.to_string(), "text": "", "done": true});
        assert_eq!(json(Piece::Done(id)), ended);
        let failed =
            json!({"roomid": "/U2S_u1#c1", "id": id.to_string(), "text": "", "done": true, "failed": true});
        assert_eq!(json(Piece::Failed(id)), failed);
    }

    #[test]
    fn a_query_names_a_room_and_a_question() {
        let read = |text: &str| {
            let query: Query = serde_json::from_str(text).unwrap();
            query.command().map(|command| command.question.to_string()).map_err(|error| error.code() as u16)
        };
        let question = id(7).to_string();
        let good = format!(r#"{{"roomid":"/U2S_u1#c1","queryId":"{question}","queryTitle":"x"}}"#);
        assert_eq!(read(&good), Ok(question));
        assert_eq!(read(r#"{"roomid":"/U2S_u1#c1"}"#), Err(4001));
        assert_eq!(read(r#"{"roomid":"/U2S_u1#c1","queryId":"7"}"#), Err(4002));
        assert_eq!(read(r#"{"queryId":"7"}"#), Err(4001));
    }
}
